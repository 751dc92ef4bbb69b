import { accessBodyExample, accessRuleExample } from '../examples/access.ts';
import type { Checked } from '../problem/violation.ts';
import { MAX_ACCESS_PATHS } from './codes.ts';
import { validateAccessRule, validateFindAccessRules, validateRemoveAccessRule } from './access-rule.ts';
import { validateDecideAccess, validateFindAccess, validateRequestAccess, validateRevokeAccess } from './bodies.ts';
import { namesPlaces } from './scope.ts';

const requestId = '019aa3fb-4c00-7d21-9a3e-5b8f0c6d1e42';

const found = (checked: Checked<unknown>): string[] =>
  checked.ok ? [] : checked.violations.map(({ pointer, code }) => `${pointer} ${code}`);

/** A body with some members changed; `undefined` leaves one out. */
const changed = (body: object, changes: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries({ ...body, ...changes }).filter(([, value]) => value !== undefined));

const request = (changes: Readonly<Record<string, unknown>> = {}): object => changed(accessBodyExample, changes);
const query = { issuer: 'ln.border', kinds: ['border.crew'] };
const standing = (results: object = query, changes: object = {}): object =>
  request({ resultId: undefined, results, ...changes });
const decision = (changes: Readonly<Record<string, unknown>> = {}): object =>
  changed({ requestId, decision: 'grant' }, changes);
const rule = (changes: Readonly<Record<string, unknown>> = {}): object => changed(accessRuleExample, changes);

type Case = [title: string, body: unknown, expected: string[]];

/** Pointers for paths, wherever they stand. */
const pathCases = (made: (paths: unknown) => unknown): Case[] => [
  ['no path', made([]), ['/paths too-few']],
  ['too many paths', made(Array.from({ length: MAX_ACCESS_PATHS + 1 }, (_, n) => `/a${n}`)), ['/paths too-many']],
  ['as many paths as may be', made(Array.from({ length: MAX_ACCESS_PATHS }, (_, n) => `/a${n}`)), []],
  ['a path twice', made(['/a', '/b', '/a']), ['/paths/0 duplicate']],
  [
    'a path that is no pointer',
    made(['a', '/a~', '/a~2', '/a~1b~0c', '']),
    [0, 1, 2].map((at) => `/paths/${at} bad-format`),
  ],
  ['a path that is too long', made([`/${'a'.repeat(512)}`]), ['/paths/0 too-long']],
  ['a path that is no text', made([7]), ['/paths/0 wrong-type']],
  ['paths that are no list', made('/a'), ['/paths wrong-type']],
];

describe('access.request', () => {
  it.each<Case>([
    ['the example', request(), []],
    ['one version of a result', request({ version: 2 }), []],
    ['one person, of a result', request({ paths: ['/border/persons/0/documentNumber'] }), []],
    ['a standing query', standing(), []],
    [
      'a standing query with all that it may name',
      standing({
        ...query,
        since: '2026-11-01T00:00:00+08:00',
        container: 'CSQU3054383',
        declarationNumber: '090220261000000123',
        transportDocument: 'COSU6123456780',
      }),
      [],
    ],

    ['neither a result nor a query', request({ resultId: undefined }), ['/resultId missing']],
    ['a version of nothing', request({ resultId: undefined, version: 2 }), ['/resultId missing']],
    ['a result and a query', request({ results: query }), ['/results contradiction']],
    ['a version of a query', standing(query, { version: 2 }), ['/version contradiction']],
    [
      'places in a standing query: in the next result another person stands there',
      standing(query, { paths: ['/border/persons/0/documentNumber', '/border/persons/*/birthDate', '/goods/10'] }),
      ['/paths/0 bad-format', '/paths/2 bad-format'],
    ],
    [
      'everything of that at once',
      request({ results: query, version: 1, paths: ['/goods/0'] }),
      ['/results contradiction', '/paths/0 bad-format'],
    ],

    ...['reference', 'paths', 'purpose', 'legalReference', 'until'].map((name): Case => [
      `without ${name}`,
      request({ [name]: undefined }),
      [`/${name} missing`],
    ]),
    ['an unknown member', request({ urgent: true }), ['/urgent unknown-member']],
    ['a reference with a space', request({ reference: 'HL 1' }), ['/reference bad-format']],
    ['a reference that is too long', request({ reference: 'H'.repeat(65) }), ['/reference too-long']],
    ['a result that is no id', request({ resultId: 'DLHG-1' }), ['/resultId bad-format']],
    ['version 0', request({ version: 0 }), ['/version out-of-range']],
    ['version 1.5', request({ version: 1.5 }), ['/version wrong-type']],
    ['a purpose in words', request({ purpose: '打击走私' }), ['/purpose bad-format']],
    ['a purpose that is too long', request({ purpose: 'a'.repeat(65) }), ['/purpose too-long', '/purpose bad-format']],
    ['a legal reference of spaces', request({ legalReference: '  ' }), ['/legalReference bad-format']],
    ['a legal reference that is too long', request({ legalReference: '法'.repeat(501) }), ['/legalReference too-long']],
    ['until a day', request({ until: '2026-12-20' }), ['/until bad-format']],
    ['until a time without offset', request({ until: '2026-12-20T00:00:00' }), ['/until bad-format']],
    ['results of no issuer', standing({ kinds: ['border.crew'] }), ['/results/issuer missing']],
    ['results of no kind', standing({ ...query, kinds: [] }), ['/results/kinds too-few']],
    ['results of an unknown kind', standing({ ...query, kinds: ['border.cats'] }), ['/results/kinds/0 not-in-list']],
    [
      'results of a kind twice',
      standing({ ...query, kinds: ['border.crew', 'border.crew'] }),
      ['/results/kinds/1 duplicate'],
    ],
    ['results of whoever', standing({ ...query, issuer: '*.border' }), ['/results/issuer bad-format']],
    ['results since whenever', standing({ ...query, since: 'yesterday' }), ['/results/since bad-format']],
    [
      'a container with a wrong check digit',
      standing({ ...query, container: 'CSQU3054384' }),
      ['/results/container bad-check-digit'],
    ],
    [
      'a declaration number that is none',
      standing({ ...query, declarationNumber: '1' }),
      ['/results/declarationNumber bad-format'],
    ],
    [
      'a transport document with spaces',
      standing({ ...query, transportDocument: 'COSU 1' }),
      ['/results/transportDocument bad-format'],
    ],
    ['a query with an unknown member', standing({ ...query, until: 'x' }), ['/results/until unknown-member']],
    ['no object', 'please', [' wrong-type']],
    ...pathCases((paths) => request({ paths })),
  ])('%s', (_, body, expected) => {
    expect(found(validateRequestAccess(body)).toSorted()).toEqual(expected.toSorted());
  });
});

describe('access.decide', () => {
  it.each<Case>([
    ['a grant of all that is asked for', decision(), []],
    ['a grant of less', decision({ paths: ['/consignee'], until: '2026-12-01T00:00:00Z', reason: '仅限收货人' }), []],
    ['a refusal', decision({ decision: 'refuse', reason: '用途不明' }), []],
    ['a refusal without a reason', decision({ decision: 'refuse' }), ['/reason missing']],
    [
      'a refusal that grants',
      decision({ decision: 'refuse', reason: '用途不明', paths: ['/consignee'], until: '2026-12-01T00:00:00Z' }),
      ['/paths contradiction', '/until contradiction'],
    ],
    [
      'a refusal without a reason that grants',
      decision({ decision: 'refuse', paths: ['/consignee'] }),
      ['/reason missing', '/paths contradiction'],
    ],
    ['without a request', decision({ requestId: undefined }), ['/requestId missing']],
    ['a request that is no id', decision({ requestId: 'HL-1' }), ['/requestId bad-format']],
    ['without a decision', decision({ decision: undefined }), ['/decision missing']],
    ['a decision that is none', decision({ decision: 'granted-in-part' }), ['/decision not-in-list']],
    ['until tomorrow', decision({ until: 'tomorrow' }), ['/until bad-format']],
    ['an empty reason', decision({ reason: '' }), ['/reason too-short', '/reason bad-format']],
    ['a reason that is too long', decision({ reason: '法'.repeat(1_001) }), ['/reason too-long']],
    ['an unknown member', decision({ purpose: 'x' }), ['/purpose unknown-member']],
    ...pathCases((paths) => decision({ paths, reason: '部分' })),
  ])('%s', (_, body, expected) => {
    expect(found(validateDecideAccess(body)).toSorted()).toEqual(expected.toSorted());
  });
});

describe('access.revoke', () => {
  it.each<Case>([
    ['with its reason', { requestId, reason: '案件已结' }, []],
    ['without a reason', { requestId }, ['/reason missing']],
    ['of nothing', { reason: '案件已结' }, ['/requestId missing']],
    ['with an unknown member', { requestId, reason: '案件已结', at: 'now' }, ['/at unknown-member']],
  ])('%s', (_, body, expected) => {
    expect(found(validateRevokeAccess(body))).toEqual(expected);
  });
});

describe('access.find', () => {
  it.each<Case>([
    ['everything', {}, []],
    [
      'all that it may name',
      { requestId, reference: 'HL-1', state: 'granted-in-part', as: 'owner', limit: 500, cursor: 'a_-Z' },
      [],
    ],
    ['a request that is no id', { requestId: 'x' }, ['/requestId bad-format']],
    ['a reference with a space', { reference: 'a b' }, ['/reference bad-format']],
    ['an unknown state', { state: 'waiting' }, ['/state not-in-list']],
    ['as somebody else', { as: 'coordinator' }, ['/as not-in-list']],
    ['too many', { limit: 501 }, ['/limit out-of-range']],
    ['none', { limit: 0 }, ['/limit out-of-range']],
    ['a cursor that is none', { cursor: 'a b' }, ['/cursor bad-format']],
    ['an unknown member', { requester: 'hl.customs' }, ['/requester unknown-member']],
  ])('%s', (_, body, expected) => {
    expect(found(validateFindAccess(body))).toEqual(expected);
  });
});

describe('access.put-rule, access.remove-rule, access.rules', () => {
  it.each<Case>([
    ['the example', rule(), []],
    ['a refusal of everything', rule({ answer: 'refuse', paths: [''], requesters: ['*'], longest: undefined }), []],
    ['for a time', rule({ validUntil: '2027-01-01T00:00:00+08:00' }), []],
    ...['rule', 'answer', 'requesters', 'kinds', 'paths', 'purposes', 'standing', 'reason'].map((name): Case => [
      `without ${name}`,
      rule({ [name]: undefined }),
      [`/${name} missing`],
    ]),
    ['a name with a space', rule({ rule: 'crew papers' }), ['/rule bad-format']],
    ['an answer that is none', rule({ answer: 'perhaps' }), ['/answer not-in-list']],
    ['nobody', rule({ requesters: [] }), ['/requesters too-few']],
    ['somebody who is none', rule({ requesters: ['customs'] }), ['/requesters/0 bad-format']],
    ['somebody twice', rule({ requesters: ['*', '*'] }), ['/requesters/0 duplicate']],
    ['no kind', rule({ kinds: [] }), ['/kinds too-few']],
    ['an unknown kind', rule({ kinds: ['customs.*'] }), ['/kinds/0 not-in-list']],
    ['no purpose', rule({ purposes: [] }), ['/purposes too-few']],
    ['a purpose in words', rule({ purposes: ['任何用途'] }), ['/purposes/0 bad-format']],
    ['standing, perhaps', rule({ standing: 'yes' }), ['/standing wrong-type']],
    ['a length of months', rule({ longest: 'P1M' }), ['/longest bad-format']],
    ['a length of nothing', rule({ longest: 'PT0S' }), ['/longest out-of-range']],
    ['an end that is no time', rule({ validUntil: '2027' }), ['/validUntil bad-format']],
    ['a reason of spaces', rule({ reason: ' ' }), ['/reason bad-format']],
    ['an unknown member', rule({ priority: 1 }), ['/priority unknown-member']],
    ['a refusal for so long', rule({ answer: 'refuse' }), ['/longest contradiction']],
    [
      'a place: the rule would answer nobody',
      rule({ paths: ['/border/persons/*/name', '/border/persons/0'] }),
      ['/paths/1 bad-format'],
    ],
    [
      'a place, and a length of nothing',
      rule({ paths: ['/goods/0/value'], longest: 'P0D' }),
      ['/paths/0 bad-format', '/longest out-of-range'],
    ],
    ...pathCases((paths) => rule({ paths })),
  ])('%s', (_, body, expected) => {
    expect(found(validateAccessRule(body)).toSorted()).toEqual(expected.toSorted());
  });

  it('a rule is removed by its name alone, and all are asked for by nothing', () => {
    expect(found(validateRemoveAccessRule({ rule: accessRuleExample.rule }))).toEqual([]);
    expect(found(validateRemoveAccessRule({}))).toEqual(['/rule missing']);
    expect(found(validateRemoveAccessRule({ rule: 'a', reason: 'x' }))).toEqual(['/reason unknown-member']);
    expect(found(validateFindAccessRules({}))).toEqual([]);
    expect(found(validateFindAccessRules({ rule: 'a' }))).toEqual(['/rule unknown-member']);
  });
});

it.each([
  ['/border/persons/0', true],
  ['/border/persons/10/name', true],
  ['/border/persons/*/name', false],
  ['/border/persons/01', false],
  ['/x1/2y', false],
  ['', false],
])('%s names places: %s', (path, expected) => {
  expect(namesPlaces(path)).toBe(expected);
});
