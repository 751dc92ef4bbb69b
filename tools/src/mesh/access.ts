import type { Command } from 'commander';
import {
  type AccessDetails,
  type AccessRequest,
  type AccessRequests,
  type AccessScope,
  type AccessState,
} from '@clearance/contracts';
import { answer } from './answer.ts';
import { asking, type GatewayOptions, reading, tell } from './gateway-calls.ts';

/** Requests that the API gives on one page, at most. */
const PAGE = 200;

/** `mesh access list|show|remind`: who asks whom for conditional data, and who has not answered. */
export function addAccess(program: Command): void {
  const access = program
    .command('access')
    .description(
      '有条件共享申请 requests for conditional data: who asks whom, what became of it, who has not answered',
    );
  reading(
    access
      .command('list')
      .description('申请，新的在前 requests, the newest first')
      .option('--state <state>', '状态 only in this state: open, granted, granted-in-part, refused, revoked, expired')
      .option('--requester <unit>', '申请单位 only of this unit')
      .option('--owner <unit>', '提供单位 only those that this unit is to answer')
      .option('--overdue', '逾期未答复的 only those that were not answered in time')
      .option('--limit <n>', '最多列出 listed at most', '50'),
  ).action(listRequests);
  reading(
    access
      .command('show <request>')
      .description('一份申请：所求、答复、催办 one request: what for, answers, reminders'),
  ).action(async (requestId: string, options: GatewayOptions) => {
    const ask = await asking('coordinator', options);
    tell(options, await ask<AccessDetails>('GET', pathOf(requestId)), detailLines);
  });
  reading(
    access.command('remind <request>').description('催办：再次提醒提供单位 remind the owner of an open request, now'),
  ).action(async (requestId: string, options: GatewayOptions) => {
    const ask = await asking('coordinator', options);
    const reply = await ask<AccessDetails>('POST', `${pathOf(requestId)}/reminders`, { body: {} });
    tell(options, reply, (request) => [requestLine(request), ...reminderLines(request)]);
  });
}

const pathOf = (requestId: string): string => `/api/v1/access-requests/${encodeURIComponent(requestId)}`;

interface ListOptions extends GatewayOptions {
  state?: string;
  requester?: string;
  owner?: string;
  overdue?: boolean;
  limit: string;
}

/** Asks page by page, up to the limit, and tells it as one answer. */
async function listRequests(options: ListOptions): Promise<void> {
  const { state, requester, owner, overdue, limit, json } = options;
  const most = Number(limit);
  if (!Number.isInteger(most) || most < 1)
    throw new Error(`--limit ${limit}: 应为正整数 must be a whole number from 1`);
  const conditions = Object.entries({ state, requester, owner, overdue: overdue ? 'true' : undefined });
  const ask = await asking('coordinator', options);
  const requests: AccessRequest[] = [];
  let cursor: string | undefined;
  do {
    const asked = [...conditions, ['limit', String(Math.min(PAGE, most - requests.length))], ['cursor', cursor]];
    const query = new URLSearchParams(asked.filter((each): each is [string, string] => each[1] !== undefined));
    const reply = await ask<AccessRequests>('GET', `/api/v1/access-requests?${query}`);
    if (!reply.ok) return tell(options, reply, () => []);
    requests.push(...reply.body.requests);
    ({ cursor } = reply.body);
  } while (cursor !== undefined && requests.length < most);
  answer(json, { ok: true, requests, more: cursor !== undefined }, [
    ...(requests.length === 0 ? ['没有 none'] : requests.map(requestLine)),
    ...(cursor === undefined ? [] : ['… 更多 more: --limit']),
  ]);
}

const STATES: Record<AccessState, string> = {
  submitted: '在途 submitted',
  open: '待答复 open',
  granted: '已授权 granted',
  'granted-in-part': '部分授权 granted-in-part',
  refused: '已拒绝 refused',
  rejected: '不符合清单 rejected',
  revoked: '已撤销 revoked',
  expired: '已到期 expired',
};

function requestLine(request: AccessRequest): string {
  const { requestId, state, requester, owner, purpose } = request;
  return [requestId, STATES[state], `${requester} → ${owner}`, purpose, ...timesOf(request)].join('  ');
}

/** The time that matters in the state which a request is in. */
function timesOf({ state, dueAt, escalatedAt, decision, revoked }: AccessRequest): string[] {
  switch (state) {
    case 'submitted':
    case 'open':
      return [
        ...(dueAt === undefined ? [] : [`答复期限 due ${dueAt}`]),
        ...(escalatedAt === undefined ? [] : ['逾期未答复 not answered in time']),
      ];
    case 'granted':
    case 'granted-in-part':
    case 'expired':
      return decision?.until === undefined ? [] : [`至 until ${decision.until}`];
    case 'refused':
    case 'rejected':
      return decision === undefined ? [] : [decision.decidedAt];
    case 'revoked':
      // Without the owner's word it was the gateway: the key of the decision has been revoked.
      return revoked === undefined ? ['密钥已撤销 its key was revoked'] : [revoked.at];
    default:
      return state satisfies never;
  }
}

function detailLines(request: AccessDetails): string[] {
  const { reference, about, paths, legalReference, until, requestedAt, decision, revoked } = request;
  return [
    requestLine(request),
    `  文号 reference ${reference}; 申请于 requested ${requestedAt}; 用至 until ${until}`,
    `  结果 results ${scopeText(about)}`,
    ...paths.map((path) => `  申请 asked for ${path}`),
    `  依据 legal basis ${legalReference}`,
    ...reminderLines(request),
    ...(decision === undefined ? [] : decisionLines(decision)),
    ...(revoked === undefined ? [] : [`  撤销 revoked ${revoked.at}: ${revoked.reason}`]),
  ];
}

function reminderLines({ owner, remindedAt, escalatedAt }: AccessRequest): string[] {
  return [
    ...(escalatedAt === undefined ? [] : [`  逾期已通报 escalated ${escalatedAt}`]),
    ...(remindedAt === undefined ? [] : [`  已催办 reminded ${owner} ${remindedAt}`]),
  ];
}

function scopeText(about: AccessScope): string {
  if ('resultId' in about) {
    const { issuer, resultId, version } = about;
    return `${issuer} ${resultId}${version === undefined ? '' : ` v${version}`}`;
  }
  const { issuer, kinds, since, container, declarationNumber, transportDocument } = about;
  const terms = [container, declarationNumber, transportDocument].filter((each) => each !== undefined);
  return [issuer, kinds.join(', '), ...terms, `自 since ${since}`].join(' ');
}

function decisionLines({ by, rule, reason, paths = [], decidedAt }: NonNullable<AccessRequest['decision']>): string[] {
  const who = by === 'rule' ? `常设规则 by rule ${rule}` : '提供单位 by the owner';
  return [
    `  答复 answered ${decidedAt} ${who}${reason === undefined ? '' : `: ${reason}`}`,
    ...paths.map((path) => `  授权 granted ${path}`),
  ];
}
