import { exampleContent } from '../examples/examples.ts';
import type { Checked } from '../problem/violation.ts';
import { EVENT_TYPES, STREAMS, SUBJECTS, cloudEventType, copiesSubject, eventSubject, unitSource } from './subjects.ts';
import {
  validateCopiesMessage,
  validateOfferMessage,
  validateReceiptsMessage,
  validateSettlementsMessage,
} from './validate-messages.ts';
import {
  validateAmend,
  validateFindRecognitions,
  validateFindResults,
  validateRevoke,
  validateSubmitBatch,
} from './validate-requests.ts';

const resultId = '019aa3f2-7c41-7e0b-9d55-3f1c2a7b6e10';
const tokenDigest = 'A'.repeat(43);
const content = exampleContent('customs.examination');
const token = 'eyJh.eyJp.c2ln~WyJz~';
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const withheld = { path: '/border', entry: 'NL-001', legalBasis: '《…》', access: 'none' };

const found = (checked: Checked<unknown>): string[] =>
  checked.ok ? [] : checked.violations.map(({ pointer, code }) => `${pointer} ${code}`);

describe('subjects', () => {
  it('of the streams are the ones that are published', () => {
    const matches = (pattern: string, subject: string) =>
      new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replaceAll('>', '.+')}$`).test(subject);
    const into = (subject: string) =>
      Object.values(STREAMS)
        .filter(({ subjects }) => subjects.some((pattern) => matches(pattern, subject)))
        .map(({ name }) => name);
    expect(into(SUBJECTS.offers)).toEqual(['OFFERS']);
    expect(into(copiesSubject('ln.customs'))).toEqual(['COPIES']);
    expect(into(SUBJECTS.receipts)).toEqual(['RECEIPTS']);
    expect(into(SUBJECTS.settlements)).toEqual(['SETTLEMENTS']);
    expect(into(SUBJECTS.heads)).toEqual(['HEADS']);
    for (const type of EVENT_TYPES) expect(into(eventSubject(type))).toEqual(['EVENTS']);
  });

  it('carry ids and kinds only', () => {
    expect(copiesSubject('ln.customs')).toBe('copies.ln.customs');
    expect(eventSubject('result.received')).toBe('events.result.received');
    expect(cloudEventType('result.received')).toBe('cn.clearance.result.received.v1');
    expect(unitSource('ln.customs')).toBe('/units/ln.customs');
  });
});

const cases: readonly [
  title: string,
  validate: (input: unknown) => Checked<unknown>,
  input: unknown,
  expected: readonly string[],
][] = [
  ['offer', validateOfferMessage, { results: [{ token, traceparent }, { token }] }, []],
  ['offer without results', validateOfferMessage, { results: [] }, ['/results too-few']],
  [
    'offer with an unknown member',
    validateOfferMessage,
    { results: [{ token, hint: 1 }] },
    ['/results/0/hint unknown-member'],
  ],
  [
    'offer whose token is no SD-JWT',
    validateOfferMessage,
    { results: [{ token: 'a b' }] },
    ['/results/0/token bad-format'],
  ],
  [
    'offer with a broken trace context',
    validateOfferMessage,
    { results: [{ token, traceparent: '00-x' }] },
    ['/results/0/traceparent bad-format'],
  ],
  ['copies', validateCopiesMessage, { listVersion: '2026.11-1', copies: [{ token, withheld: [withheld] }] }, []],
  [
    'copies without a list version',
    validateCopiesMessage,
    { copies: [{ token, withheld: [] }] },
    ['/listVersion missing'],
  ],
  [
    'copies that do not say what is withheld',
    validateCopiesMessage,
    { listVersion: '1', copies: [{ token }] },
    ['/copies/0/withheld missing'],
  ],
  ['receipts', validateReceiptsMessage, { receipts: [{ resultId, version: 1, tokenDigest }] }, []],
  [
    'receipts within a trace that is recorded',
    validateReceiptsMessage,
    { receipts: [{ resultId, version: 1, tokenDigest, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }] },
    [],
  ],
  [
    'receipts within what is no trace',
    validateReceiptsMessage,
    { receipts: [{ resultId, version: 1, tokenDigest, traceparent: 'E12345678' }] },
    ['/receipts/0/traceparent bad-format'],
  ],
  [
    'receipts that do not say which view is held',
    validateReceiptsMessage,
    { receipts: [{ resultId, version: 1 }] },
    ['/receipts/0/tokenDigest missing'],
  ],
  [
    'receipts of version 0',
    validateReceiptsMessage,
    { receipts: [{ resultId, version: 0, tokenDigest }] },
    ['/receipts/0/version out-of-range'],
  ],
  [
    'receipts with another id',
    validateReceiptsMessage,
    { receipts: [{ resultId: 'x', version: 1, tokenDigest }] },
    ['/receipts/0/resultId bad-format'],
  ],
  [
    'settlements',
    validateSettlementsMessage,
    { settlements: [{ resultId, version: 2, settledAt: '2026-11-21T03:10:00Z' }] },
    [],
  ],
  [
    'settlements without a time',
    validateSettlementsMessage,
    { settlements: [{ resultId, version: 2 }] },
    ['/settlements/0/settledAt missing'],
  ],
  ['batch', validateSubmitBatch, { results: [content, 'whatever: validated one by one'] }, []],
  ['batch of none', validateSubmitBatch, { results: [] }, ['/results too-few']],
  ['batch of 501', validateSubmitBatch, { results: Array(501).fill(1) }, ['/results too-many']],
  ['batch with an unknown member', validateSubmitBatch, { results: [1], atomic: true }, ['/atomic unknown-member']],
  ['amendment', validateAmend, { resultId, content }, []],
  [
    'amendment with two mistakes',
    validateAmend,
    { resultId: 'x', content: { ...content, conclusion: 'ok' } },
    ['/resultId bad-format', '/content/conclusion not-in-list'],
  ],
  ['amendment without content', validateAmend, { resultId }, ['/content missing']],
  ['amendment by a text', validateAmend, { resultId, content: 'text' }, ['/content wrong-type']],
  ['revocation', validateRevoke, { resultId, reason: '录入错误' }, []],
  ['revocation without a reason', validateRevoke, { resultId }, ['/reason missing']],
  ['search for everything', validateFindResults, {}, []],
  [
    'search by container',
    validateFindResults,
    { container: 'CSQU3054383', since: '2026-11-21T00:00:00+08:00', limit: 10 },
    [],
  ],
  ['search by a wrong container', validateFindResults, { container: 'CSQU3054384' }, ['/container bad-check-digit']],
  ['search with a limit beyond bounds', validateFindResults, { limit: 501 }, ['/limit out-of-range']],
  ['search by an unknown member', validateFindResults, { consignee: 'x' }, ['/consignee unknown-member']],
  ['search for recognitions', validateFindRecognitions, { state: 'reopened', resultId }, []],
  ['search for recognitions in no state', validateFindRecognitions, { state: 'open' }, ['/state not-in-list']],
];

describe('messages and requests', () => {
  it.each(cases)('%s', (_, validate, input, expected) => {
    expect(found(validate(input))).toEqual(expected);
  });

  it.each([validateOfferMessage, validateSubmitBatch, validateAmend, validateRevoke, validateFindResults])(
    'anything that is no object is refused',
    (validate) => {
      for (const input of [null, undefined, 1, 'x', [], true]) expect(validate(input).ok).toBe(false);
    },
  );
});
