import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { type Answer, calls } from '../../api/client.ts';
import { RefusedCall } from '../../api/refused-call.ts';

/** A draft as the gateway answers it, with what lint says of its text. */
export type Draft = Answer<'/api/v1/drafts/{draftId}'>;

/** Where the text on the page stands to the one that is kept. */
export type Keeping =
  | { state: 'kept' }
  /** Typing goes on, or the reason is still missing. */
  | { state: 'waiting' }
  | { state: 'keeping' }
  /** Somebody else has changed the draft meanwhile: theirs. */
  | { state: 'conflict'; theirs: Draft }
  | { state: 'failed'; error: RefusedCall };

/** The text of a draft being written. */
export interface DraftText {
  text: string;
  write: (text: string) => void;
  /** As it was kept last. */
  kept: Draft;
  keeping: Keeping;
  /** Goes on from theirs, without one's own text. */
  takeTheirs: () => void;
  /** Goes on with one's own text, in the place of theirs, which has been seen. */
  keepMine: () => void;
  retry: () => void;
}

/** How long typing has to pause before the text is kept and linted. */
const PAUSE_MS = 1_200;

/** The ETag of a draft's revision. */
export function etagOf({ revision }: Pick<Draft, 'revision'>): string {
  return `"${revision}"`;
}

/**
 * Keeps a draft's text as it is written, and has it linted: each time upon the revision that was seen, so that nobody is
 * overwritten unseen.
 *
 * @param draft as it was read last
 * @param reason with which changes are kept; without one they wait
 */
export function useDraftText(draft: Draft, reason: string): DraftText {
  const client = useQueryClient();
  const [kept, setKept] = useState(draft);
  const [text, setText] = useState(draft.document);
  const [problem, setProblem] = useState<Keeping>();
  const [sending, setSending] = useState(false);
  const unsaved = text !== kept.document;
  if (draft.revision > kept.revision && !sending && problem === undefined) {
    // Read anew: somebody has done something with it. What is written here is not thrown away for it.
    if (unsaved && draft.document !== kept.document && draft.document !== text) {
      setProblem({ state: 'conflict', theirs: draft });
    } else {
      setKept(draft);
      if (!unsaved) setText(draft.document);
    }
  }

  useEffect(() => {
    if (!unsaved || sending || problem !== undefined || reason.trim() === '') return undefined;
    const timer = setTimeout(() => {
      setSending(true);
      void keep(kept, text, reason.trim()).then((outcome) => {
        if ('draft' in outcome) {
          setKept(outcome.draft);
          client.setQueryData(
            ['get', '/api/v1/drafts/{draftId}', { params: { path: { draftId: kept.draftId } } }],
            outcome.draft,
          );
        } else setProblem(outcome);
        setSending(false);
      });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [unsaved, sending, problem, reason, kept, text, client]);

  const settle = (next: string): void => {
    if (problem?.state !== 'conflict') return;
    setKept(problem.theirs);
    setText(next);
    setProblem(undefined);
  };
  const keeping = problem ?? (sending ? { state: 'keeping' } : { state: unsaved ? 'waiting' : 'kept' });
  return {
    text,
    write: setText,
    kept,
    keeping,
    takeTheirs: () => settle(problem?.state === 'conflict' ? problem.theirs.document : text),
    keepMine: () => settle(text),
    retry: () => setProblem(undefined),
  };
}

async function keep(before: Draft, document: string, reason: string): Promise<{ draft: Draft } | Keeping> {
  const path = { draftId: before.draftId };
  try {
    const { data } = await calls.PUT('/api/v1/drafts/{draftId}', {
      params: { path, header: { 'If-Match': etagOf(before) } },
      body: { document, reason },
    });
    return { draft: data! };
  } catch (error) {
    const refused = asRefused(error);
    if (refused.code !== 'precondition-failed' && refused.code !== 'conflict')
      return { state: 'failed', error: refused };
    return calls.GET('/api/v1/drafts/{draftId}', { params: { path } }).then(
      // An answer that was lost on its way: it is our own text that is there.
      ({ data }) => (data!.document === document ? { draft: data! } : { state: 'conflict', theirs: data! }),
      (failure: unknown) => ({ state: 'failed', error: asRefused(failure) }),
    );
  }
}

function asRefused(error: unknown): RefusedCall {
  if (error instanceof RefusedCall) return error;
  throw error;
}
