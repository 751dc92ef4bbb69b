import type { ReactNode } from 'react';
import { Button, List } from '@mantine/core';
import type { LocalizedText, ProblemCode } from '@clearance/contracts/words';
import { type RefusalCode, RefusedCall } from '../api/refused-call.ts';
import { Icon } from '../parts/icon.tsx';
import type { Role } from '../session/roles.ts';
import { useSession } from '../session/session.tsx';
import { useText } from '../words/text.tsx';
import { NoPermission } from './no-permission.tsx';
import { State } from './state.tsx';

const TITLES: Readonly<Record<RefusalCode, LocalizedText>> = {
  invalid: { zh: '查询条件有误', en: 'Something is wrong with what was asked' },
  'malformed-json': { zh: '请求格式有误', en: 'The request is malformed' },
  forbidden: { zh: '无权进行此操作', en: 'This may not be done with your role' },
  unknown: { zh: '没有这样的记录', en: 'There is no such record' },
  'method-not-allowed': { zh: '网关不支持此操作', en: 'The gateway does not do this' },
  conflict: { zh: '与已有记录冲突', en: 'It conflicts with what is recorded' },
  'in-progress': { zh: '同一请求仍在处理', en: 'The same request is still worked on' },
  'precondition-failed': { zh: '记录已被他人更改', en: 'The record has been changed by somebody' },
  'too-large': { zh: '所求内容过大', en: 'Too much was asked for' },
  'unsupported-media-type': { zh: '请求格式不受支持', en: 'The form of the request is not read' },
  'key-reused': { zh: '请求编号已被使用', en: 'The key of the request was used before' },
  'precondition-required': { zh: '请先读取最新记录', en: 'Read the record first' },
  'slow-down': { zh: '请求过快，请稍候', en: 'Too many requests; wait a moment' },
  internal: { zh: '网关内部故障', en: 'A fault of the gateway' },
  'not-ready': { zh: '网关尚未就绪', en: 'The gateway is not ready' },
  unreachable: { zh: '无法连接网关', en: 'The gateway cannot be reached' },
  unauthorised: { zh: '登录已失效', en: 'The session has ended' },
} satisfies Record<ProblemCode | 'unreachable' | 'unauthorised', LocalizedText>;

interface RefusedProps {
  error: unknown;
  retry?: () => void;
  /** Who may, where the page knows. */
  needed?: readonly Role[];
}

/** Stands where a call was refused: what the gateway says of it, in the reader's language, and by which number it is found. */
export function Refused({ error, retry, needed }: RefusedProps): ReactNode {
  const say = useText();
  const session = useSession();
  if (!(error instanceof RefusedCall)) throw error;
  const { code, status, detail, faults, requestId } = error;
  if (status === 403) return <NoPermission {...(needed === undefined ? {} : { needed })} />;
  const signIn = code === 'unauthorised' && session.state === 'signed-in' ? session.signIn : undefined;
  return (
    <State
      icon="fault"
      tone="bad"
      role="alert"
      title={say(TITLES[code])}
      actions={
        signIn !== undefined ? (
          <Button onClick={signIn}>{say({ zh: '重新登录', en: 'Sign in again' })}</Button>
        ) : (
          retry !== undefined && (
            <Button variant="default" leftSection={<Icon name="again" size={16} />} onClick={retry}>
              {say({ zh: '重试', en: 'Try again' })}
            </Button>
          )
        )
      }
    >
      <p>{say(detail)}</p>
      {faults.length > 0 && (
        <List size="sm" mt={4}>
          {faults.map(({ pointer, message }) => (
            <List.Item key={pointer + message.en}>
              <span className="code">{pointer}</span> {say(message)}
            </List.Item>
          ))}
        </List>
      )}
      <p>
        <span className="code">{status === undefined ? code : `${status} ${code}`}</span>
        {requestId !== undefined && (
          <>
            {' · '}
            {say({ zh: '请求编号', en: 'Request-Id' })} <span className="code">{requestId}</span>
          </>
        )}
      </p>
    </State>
  );
}
