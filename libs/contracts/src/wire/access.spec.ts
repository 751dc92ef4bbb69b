import { accessBodyExample } from '../examples/access.ts';
import type { Checked } from '../problem/violation.ts';
import {
  MAX_GIVEN,
  validateGiveNotices,
  validateGiveStatements,
  validateNoticesTaken,
  validateStatementsTaken,
} from './access.ts';

const requestId = '019aa3fb-4c00-7d21-9a3e-5b8f0c6d1e42';
const noticeId = '019aa3fb-4c01-7d21-9a3e-5b8f0c6d1e43';
const digest = 'A'.repeat(43);
const signature = 'eyJh..c2ln';
const at = '2026-11-21T03:20:00.000Z';
const { reference, paths, purpose, legalReference, until, resultId } = accessBodyExample;
const about = { issuer: 'ln.border', resultId };

const requested = {
  type: 'access-request',
  ...{ requestId, reference, requester: 'hl.customs', about, paths, purpose, legalReference, until, requestedAt: at },
};
const parties = { requestId, owner: 'ln.border', requester: 'hl.customs' };
const decided = {
  type: 'access-decision',
  ...parties,
  request: digest,
  decision: 'granted',
  by: 'rule',
  rule: 'crew-papers',
  reason: '按约定',
  grant: { about, paths, purpose, until },
  decidedAt: at,
};
const revoked = { type: 'access-revocation', ...parties, decision: digest, reason: '案件已结', revokedAt: at };
const standing = { ...requested, about: { issuer: 'ln.border', kinds: ['border.crew'], since: at } };

const SIGNED = {
  request: { statement: requested, signature },
  decision: { statement: decided, signature },
  revocation: { statement: revoked, signature },
  standing: { statement: standing, signature },
};
const notice = { noticeId, requestId, at };
const NOTICES = {
  requested: { notice: 'requested', ...notice, signed: SIGNED.request, dueAt: at },
  decided: { notice: 'decided', ...notice, signed: SIGNED.decision },
  revoked: { notice: 'revoked', ...notice, signed: SIGNED.revocation },
  void: { notice: 'void', ...notice },
  expired: { notice: 'expired', ...notice },
  reminded: { notice: 'reminded', ...notice },
  escalated: { notice: 'escalated', ...notice },
};

const accepts = (checked: Checked<unknown>): boolean => checked.ok;

/** Members that may be left out, by their pointers with `*` for places. */
const OPTIONAL = new Set([
  '/statements/*/statement/rule',
  '/statements/*/statement/reason',
  '/statements/*/statement/grant',
  '/notices/*/signed/statement/rule',
  '/notices/*/signed/statement/reason',
  '/notices/*/signed/statement/grant',
  '/outcomes/*/dueAt',
]);
// What a revocation must say, a decision need not.
const required = (pointer: string, body: object): boolean =>
  !OPTIONAL.has(pointer.replaceAll(/\/\d+/g, '/*')) ||
  (pointer.endsWith('/reason') && JSON.stringify(body).includes('access-revocation'));

/** Every node below a value, with its JSON Pointer. */
function nodesIn(value: unknown, pointer = ''): { pointer: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ pointer, value }];
  return [
    { pointer, value },
    ...Object.entries(value).flatMap(([name, member]) => nodesIn(member, `${pointer}/${name}`)),
  ];
}

/** A copy in which one node is another, or is left out. */
function changed(body: object, pointer: string, value: unknown): unknown {
  const copy = structuredClone({ body });
  const names = `/body${pointer}`.split('/').slice(1);
  const last = names.pop() as string;
  const parent = names.reduce<Record<string, unknown>>((node, name) => node[name] as Record<string, unknown>, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy.body;
}

const messages: [title: string, validate: (input: unknown) => Checked<unknown>, body: object][] = [
  ...Object.entries(SIGNED).map(([title, signed]): (typeof messages)[number] => [
    `statement: ${title}`,
    validateGiveStatements,
    { statements: [signed] },
  ]),
  ...Object.entries(NOTICES).map(([title, each]): (typeof messages)[number] => [
    `notice: ${title}`,
    validateGiveNotices,
    { notices: [each] },
  ]),
  ['statements taken', validateStatementsTaken, { outcomes: [{ taken: true, dueAt: at }] }],
  [
    'statements refused',
    validateStatementsTaken,
    {
      outcomes: [
        { taken: false, errors: [{ pointer: '/paths/0', code: 'not-shared', message: { zh: '否', en: 'no' } }] },
      ],
    },
  ],
  ['notices taken', validateNoticesTaken, { taken: [noticeId] }],
];

describe.each(messages)('%s', (_, validate, body) => {
  const nodes = nodesIn(body).filter(({ pointer }) => pointer !== '');

  it('is accepted', () => {
    expect(accepts(validate(body))).toBe(true);
  });

  it('no member may be another kind of thing', () => {
    for (const { pointer, value } of nodes) {
      for (const wrong of [null, 7.5, '', typeof value === 'object' ? 'x' : {}, []]) {
        // An empty list is as good as any other, where a list may be empty.
        if (Array.isArray(wrong) && Array.isArray(value) && /errors$|outcomes$|taken$/.test(pointer)) continue;
        // As a path, an empty text is the whole result; and what explains a mistake is any text.
        if (wrong === '' && /paths\/\d+$|pointer$|code$|zh$|en$/.test(pointer)) continue;
        expect([pointer, wrong, accepts(validate(changed(body, pointer, wrong)))]).toEqual([pointer, wrong, false]);
      }
    }
  });

  it('nothing that is needed may be left out', () => {
    for (const { pointer } of nodes.filter((each) => !/\/\d+$/.test(each.pointer))) {
      expect([pointer, accepts(validate(changed(body, pointer, undefined)))]).toEqual([
        pointer,
        !required(pointer, body),
      ]);
    }
  });

  it('is closed: nothing may be added, anywhere', () => {
    for (const { pointer, value } of [{ pointer: '', value: body }, ...nodes]) {
      if (typeof value !== 'object' || Array.isArray(value)) continue;
      expect([pointer, accepts(validate(changed(body, `${pointer}/smuggled`, 1)))]).toEqual([pointer, false]);
    }
  });
});

describe('what does not go together', () => {
  it.each<[string, (input: unknown) => Checked<unknown>, object]>([
    ['no statement', validateGiveStatements, { statements: [] }],
    ['too many statements', validateGiveStatements, { statements: Array(MAX_GIVEN + 1).fill(SIGNED.request) }],
    ['no notice', validateGiveNotices, { notices: [] }],
    ['too many notices', validateGiveNotices, { notices: Array(MAX_GIVEN + 1).fill(NOTICES.expired) }],
    [
      'a result and a query',
      validateGiveStatements,
      { statements: [{ ...SIGNED.request, statement: { ...requested, about: { ...standing.about, ...about } } }] },
    ],
    [
      'an unknown type of statement',
      validateGiveStatements,
      { statements: [{ signature, statement: { ...requested, type: 'access-wish' } }] },
    ],
    [
      'a notice of a request with a decision',
      validateGiveNotices,
      { notices: [{ ...NOTICES.requested, signed: SIGNED.decision }] },
    ],
    [
      'a notice of a decision with a request',
      validateGiveNotices,
      { notices: [{ ...NOTICES.decided, signed: SIGNED.request }] },
    ],
    [
      'a notice of an end with a statement',
      validateGiveNotices,
      { notices: [{ ...NOTICES.expired, signed: SIGNED.request }] },
    ],
    ['taken, with errors', validateStatementsTaken, { outcomes: [{ taken: true, errors: [] }] }],
    ['not taken, and due', validateStatementsTaken, { outcomes: [{ taken: false, errors: [], dueAt: at }] }],
    [
      'a digest that is too short',
      validateGiveStatements,
      { statements: [{ signature, statement: { ...decided, request: 'A' } }] },
    ],
    [
      'a signature over a payload of its own',
      validateGiveStatements,
      { statements: [{ ...SIGNED.request, signature: 'eyJh.eyJi.c2ln' }] },
    ],
  ])('%s', (_, validate, body) => {
    expect(accepts(validate(body))).toBe(false);
  });

  it('as many as may be', () => {
    expect(accepts(validateGiveStatements({ statements: Array(MAX_GIVEN).fill(SIGNED.request) }))).toBe(true);
    expect(accepts(validateGiveNotices({ notices: Array(MAX_GIVEN).fill(NOTICES.expired) }))).toBe(true);
    expect(accepts(validateNoticesTaken({ taken: [] }))).toBe(true);
  });
});
