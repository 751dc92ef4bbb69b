import type { ReactNode } from 'react';
import { ROLE_NAMES, type Role } from '../session/roles.ts';
import { useSession } from '../session/session.tsx';
import { useText } from '../words/text.tsx';
import { State } from './state.tsx';

/** Stands where the reader may not look, and says who may. Without `needed` only the gateway knows. */
export function NoPermission({ needed = [] }: { needed?: readonly Role[] }): ReactNode {
  const say = useText();
  const session = useSession();
  const own = session.state === 'signed-in' ? (session.person.roles ?? []) : [];
  const names = (roles: readonly Role[]): string =>
    roles.map((role) => say(ROLE_NAMES[role])).join(say({ zh: '、', en: ', ' }));
  return (
    <State
      icon="closed"
      tone="attention"
      title={say({ zh: '您的角色不能查看此内容', en: 'Your role may not see this' })}
    >
      {needed.length > 0 && (
        <p>
          {say({
            zh: `需要以下角色之一：${names(needed)}。`,
            en: `One of these roles is needed: ${names(needed)}.`,
          })}
        </p>
      )}
      {own.length > 0 && <p>{say({ zh: `您的角色：${names(own)}。`, en: `Yours: ${names(own)}.` })}</p>}
      <p>
        {say({
          zh: '角色由登录服务的管理员授予。',
          en: 'Roles are given by whoever administers the sign-in service.',
        })}
      </p>
    </State>
  );
}
