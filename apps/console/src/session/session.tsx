import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import type { UserManager } from 'oidc-client-ts';
import type { RefusedCall } from '../api/refused-call.ts';
import { LANGUAGE_TAGS } from '../words/languages.ts';
import { useLanguage } from '../words/text.tsx';
import { bear, onBearerRefused } from './bearer.ts';
import { type Person, personOf } from './person.ts';
import { asRefusal, readSignInTerms, type SignInTerms } from './sign-in-terms.ts';
import { arrive, createUserManager, keepRenewing, leaveToSignIn } from './signing-in.ts';

/** Whether somebody is signed in, and if not, what can be done about it. */
export type Session =
  | { state: 'starting' }
  /** The gateway or the issuer cannot be asked. */
  | { state: 'unavailable'; fault: RefusedCall; retry: () => void }
  /** Nobody is set up to sign people in. */
  | { state: 'closed' }
  | { state: 'signed-out'; refused: boolean; signIn: () => void }
  | SignedIn;

/** Somebody is signed in, or was until a moment ago. */
export interface SignedIn {
  state: 'signed-in';
  person: Person;
  terms: SignInTerms;
  /** The token is good no longer; what is on the page stays until they sign in again. */
  ended: boolean;
  signIn: () => void;
  signOut: () => void;
}

const SessionContext = createContext<Session>({ state: 'starting' });

/** What is known; the manager is the sign-in library's, of the issuer that the gateway names. */
type Known =
  | Extract<Session, { state: 'starting' | 'closed' }>
  | { state: 'unavailable'; fault: RefusedCall }
  | { state: 'signed-out'; refused: boolean; manager: UserManager }
  | { state: 'signed-in'; person: Person; terms: SignInTerms; ended: boolean; manager: UserManager };

/** Finds out who is signed in, and keeps to it. */
export function SessionProvider({ children }: { children: ReactNode }): ReactNode {
  const [known, setKnown] = useState<Known>({ state: 'starting' });
  const [attempt, setAttempt] = useState(0);
  const { language } = useLanguage();
  const manager = known.state === 'signed-in' || known.state === 'signed-out' ? known.manager : undefined;

  useEffect(() => {
    let stale = false;
    const learn = (next: Known): void => {
      if (!stale) setKnown(next);
    };
    void begin().then(learn, (error: unknown) => learn({ state: 'unavailable', fault: asRefusal(error) }));
    return () => {
      stale = true;
    };
  }, [attempt]);

  useEffect(() => {
    const end = (): void => setKnown((before) => (before.state === 'signed-in' ? { ...before, ended: true } : before));
    const stopListening = onBearerRefused(end);
    const stopWaiting = manager?.events.addAccessTokenExpired(end);
    const stopRenewing = manager && keepRenewing(manager, ({ access_token: token }) => bear(token));
    return () => {
      stopListening();
      stopWaiting?.();
      stopRenewing?.();
    };
  }, [manager]);

  const signIn = (): void => {
    if (manager === undefined) return;
    leaveToSignIn(manager, LANGUAGE_TAGS[language]).catch((error: unknown) =>
      setKnown({ state: 'unavailable', fault: asRefusal(error) }),
    );
  };
  const signOut = (): void => {
    if (manager === undefined) return;
    bear(undefined);
    // An issuer that has no way out is left behind all the same.
    manager.signoutRedirect().catch(async () => {
      await manager.removeUser();
      setKnown({ state: 'signed-out', refused: false, manager });
    });
  };
  const retry = (): void => {
    setKnown({ state: 'starting' });
    setAttempt((before) => before + 1);
  };
  return <SessionContext value={offer(known, { signIn, signOut, retry })}>{children}</SessionContext>;
}

function offer(known: Known, { signIn, signOut, retry }: Record<'signIn' | 'signOut' | 'retry', () => void>): Session {
  switch (known.state) {
    case 'starting':
    case 'closed':
      return known;
    case 'unavailable':
      return { ...known, retry };
    case 'signed-out':
      return { state: 'signed-out', refused: known.refused, signIn };
    case 'signed-in': {
      const { person, terms, ended } = known;
      return { state: 'signed-in', person, terms, ended, signIn, signOut };
    }
    default:
      return known satisfies never;
  }
}

let beginning: Promise<Known> | undefined;

/** Who is signed in. The issuer's answer is good once: whoever asks again meanwhile has the same. */
function begin(): Promise<Known> {
  beginning ??= readAndArrive().finally(() => {
    beginning = undefined;
  });
  return beginning;
}

/** @throws RefusedCall, or whatever the sign-in library throws when the issuer cannot be asked */
async function readAndArrive(): Promise<Known> {
  const terms = await readSignInTerms();
  const { issuer } = terms;
  if (issuer === null) return { state: 'closed' };
  const manager = createUserManager({ ...terms, issuer });
  const { user, refused } = await arrive(manager);
  bear(user?.access_token);
  if (user === undefined) return { state: 'signed-out', refused, manager };
  const person = personOf(user.access_token, user.profile.name);
  return { state: 'signed-in', person, terms, ended: false, manager };
}

/** Whether somebody is signed in. */
export function useSession(): Session {
  return use(SessionContext);
}

/** Who is signed in; for what is shown to them only. */
export function useSignedIn(): SignedIn {
  const session = useSession();
  if (session.state !== 'signed-in') throw new Error('nobody is signed in');
  return session;
}
