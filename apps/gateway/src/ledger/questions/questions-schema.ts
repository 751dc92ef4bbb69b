import type { ApiResponseSchemaHost } from '@nestjs/swagger';

type Schema = ApiResponseSchemaHost['schema'];

const time = { type: 'string', format: 'date-time' } as const;
const text = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const uuid = { type: 'string', format: 'uuid' } as const;
const verdict = { type: 'string', enum: ['shown', 'in-part', 'withheld'] };
const place = object({ sequence: integer, hash: { type: 'string', pattern: '^[0-9a-f]{64}$' } });

const withheldItem = {
  path: { type: 'string', description: 'JSON Pointer into the result as it was issued; empty: the whole' },
  entry: text,
  legalBasis: text,
  access: { type: 'string', enum: ['on-request', 'none'] },
};

const shownRow = {
  resultId: uuid,
  version: integer,
  status: text,
  issuer: text,
  kind: text,
  listVersion: text,
  decidedAt: time,
  withheld: list(object(withheldItem)),
  tokenDigest: text,
  ledger: place,
};

/** The answers of `GET /api/v1/ledger/…`, for OpenAPI. */
export const SCHEMAS = {
  whoSaw: object({
    resultId: uuid,
    issuer: text,
    kind: text,
    path: text,
    answers: list(
      object({
        version: integer,
        status: text,
        consumer: text,
        ever: { ...verdict, description: 'The most that any of the views showed' },
        views: list(
          object({
            verdict,
            withheld: list(
              object({
                ...withheldItem,
                relation: { type: 'string', enum: ['at', 'above', 'below'], description: 'Of the path to the field' },
                place: { type: 'string', description: 'Where the field was missing; `*` is every element' },
              }),
            ),
            listVersion: text,
            decidedAt: time,
            receiptAt: { oneOf: [time, { type: 'null' }] },
            tokenDigest: text,
            ledger: place,
          }),
        ),
      }),
    ),
  }),
  shown: pageOf(object(shownRow)),
  withheld: pageOf(object({ ...shownRow, consumers: list(text) })),
  summary: object({
    rows: { ...integer, description: 'Rows of the ledger' },
    views: { ...integer, description: 'Views that a unit was given' },
    counts: list(object({ consumer: text, issuer: text, kind: text, path: text, views: integer, places: integer })),
    upTo: integer,
  }),
  rows: pageOf(
    object({
      sequence: integer,
      hash: text,
      entry: { type: 'object', description: 'A disclosure, or a negative list' },
    }),
  ),
} satisfies Record<string, Schema>;

function object(properties: Record<string, object>): {
  type: 'object';
  required: string[];
  properties: typeof properties;
} {
  return { type: 'object', required: Object.keys(properties), properties };
}

function list(items: object): { type: 'array'; items: object } {
  return { type: 'array', items };
}

function pageOf(row: object): Schema {
  const { properties, required, type } = object({
    upTo: { ...integer, description: 'The last row of the ledger when the question was first asked' },
    rows: list(row),
  });
  const cursor = { ...text, description: 'There when there may be more; a page may be short, or empty, and have one' };
  return { type, required, properties: { ...properties, cursor } } as Schema;
}

const HASH = '6b3a2f0c9d6c1d0a8f4a5c27e0f5b6d1c3e2a9b80f7d6e5c4b3a29181706f5e4';
const DIGEST = 'mF3K1cO0b0b2s1q3J3v9h8Yw2dYcYb6l0mZk9J7p0Qk';
const LEGAL_BASIS = '《出境入境管理法》第八十五条第（三）项；《个人信息保护法》第二十八条、第三十四条';
const item = { path: '/border/persons/0/birthDate', entry: 'NL-001', legalBasis: LEGAL_BASIS, access: 'on-request' };
const view = {
  resultId: '019aa5a1-7c5b-7000-8000-000000000001',
  version: 1,
  status: 'issued',
  issuer: 'ln.border',
  kind: 'border.crew',
  listVersion: '2026.11-1',
  decidedAt: '2026-11-21T08:00:00.000Z',
  withheld: [item],
  tokenDigest: DIGEST,
  ledger: { sequence: 12, hash: HASH },
};
const { ledger, withheld: _withheld, decidedAt, listVersion, tokenDigest, ...result } = view;

/** An answer to each question, for OpenAPI. */
export const EXAMPLES = {
  whoSaw: {
    resultId: view.resultId,
    issuer: view.issuer,
    kind: view.kind,
    path: '/border/persons/*/birthDate',
    answers: [
      {
        version: 1,
        status: 'issued',
        consumer: 'hl.customs',
        ever: 'in-part',
        views: [
          {
            verdict: 'in-part',
            withheld: [{ ...item, relation: 'at', place: item.path }],
            ...{ listVersion, decidedAt, receiptAt: '2026-11-21T08:00:00.250Z', tokenDigest, ledger },
          },
        ],
      },
    ],
  },
  shown: { upTo: 4711, rows: [view], cursor: 'MTc2MzcxMTIwMDAwMDAwMCAxMyA0NzExIHFfWjF2d0tYd3hB' },
  withheld: { upTo: 4711, rows: [{ ...view, consumers: ['hl.customs', 'jl.customs'] }] },
  summary: {
    rows: 1,
    views: 2,
    counts: ['hl.customs', 'jl.customs'].map((consumer) => ({
      ...{ consumer, issuer: view.issuer, kind: view.kind },
      ...{ path: '/border/persons/*/birthDate', views: 1, places: 1 },
    })),
    upTo: 4711,
  },
  rows: {
    upTo: 4711,
    rows: [
      {
        ...ledger,
        entry: {
          type: 'disclosure',
          ...result,
          ...{ consumers: ['hl.customs', 'jl.customs'], listVersion, listRecord: HASH },
          ...{ withheld: [item], tokenDigest, decidedAt },
        },
      },
    ],
  },
  csv: 'sequence,decidedAt,consumer,resultId,version,…\r\n12,2026-11-21T08:00:00.000Z,hl.customs,019aa5a1-…,1,…\r\n',
  jsonl: '{"type":"export",…}\n{"type":"row","sequence":12,"hash":"6b3a…","entry":{…}}\n{"type":"head",…}\n',
};
