import { type Static, type TSchema, Type } from 'typebox';
import { LedgerRecordSchema, RESULT_STATUSES } from '@clearance/contracts';
import { closed, count, digest, ordinal, orNull, time, unit, uuid } from '../../http/answers.ts';
import { grantsOfView, ledgerPlace, withheldItem } from '../disclosures-schema.ts';

// The answers of `GET /api/v1/ledger/…`.

const verdict = (description?: string) =>
  Type.Enum(['shown', 'in-part', 'withheld'], description === undefined ? {} : { description });
const status = () => Type.Enum([...RESULT_STATUSES]);
const upTo = () => count('The last row of the ledger when the question was first asked: it is answered as it was then');

const FieldViewSchema = Type.Object(
  {
    verdict: verdict(),
    withheld: Type.Array(
      Type.Object(
        {
          ...withheldItem,
          relation: Type.Enum(['at', 'above', 'below'], { description: 'Of the path to the field' }),
          place: Type.String({ description: 'Where the field was missing; `*` is every element' }),
        },
        closed,
      ),
    ),
    grants: grantsOfView(),
    listVersion: Type.String(),
    decidedAt: time('When the gateway decided, and wrote it down'),
    receiptAt: orNull(
      time('When the unit confirmed that it holds this view; null while it has not, or if it holds another one now'),
    ),
    tokenDigest: digest(),
    ledger: ledgerPlace(),
  },
  closed,
);
/** One view that a unit was given, and what it showed of the field. */
export type FieldView = Static<typeof FieldViewSchema>;

const FieldAnswerSchema = Type.Object(
  {
    version: ordinal(),
    status: status(),
    consumer: unit(),
    ever: verdict('The most that any of the views showed: what was shown once was seen'),
    views: Type.Array(FieldViewSchema),
  },
  closed,
);
/** What one unit was shown of a field in one version of a result, in every view that it was given, the earliest first. */
export type FieldAnswer = Static<typeof FieldAnswerSchema>;

export const WhoSawSchema = Type.Object(
  {
    resultId: uuid(),
    issuer: unit(),
    kind: Type.String(),
    path: Type.String(),
    answers: Type.Array(FieldAnswerSchema),
  },
  closed,
);
/** Who was shown a field of a result. The issuer has it, and is no consumer of its own result. */
export type WhoSaw = Static<typeof WhoSawSchema>;

const shownRow = {
  resultId: uuid(),
  version: ordinal(),
  status: status(),
  issuer: unit(),
  kind: Type.String(),
  listVersion: Type.String(),
  decidedAt: time(),
  withheld: Type.Array(Type.Object(withheldItem, closed), {
    description: 'What the view did not show; a path of "" is the whole result',
  }),
  grants: grantsOfView(),
  tokenDigest: digest(),
  ledger: ledgerPlace(),
};

const ShownRowSchema = Type.Object(shownRow, closed);
/** That a unit was given one view of one version of a result. */
export type ShownRow = Static<typeof ShownRowSchema>;

const WithheldRowSchema = Type.Object(
  {
    ...shownRow,
    consumers: Type.Array(unit(), { description: 'Everyone who was given this view; or the unit that is asked about' }),
  },
  closed,
);
/** That something of a version of a result was withheld under the entry that is asked about. */
export type WithheldRow = Static<typeof WithheldRowSchema>;

const WithheldCountSchema = Type.Object(
  {
    consumer: unit(),
    issuer: unit(),
    kind: Type.String(),
    path: Type.String({ description: 'What was withheld, with `*` for every element of an array' }),
    views: count('Views of versions from which it was withheld'),
    places: count('Places in those views: as many as there were elements'),
  },
  closed,
);
/** How often something was withheld from one unit under an entry. */
export type WithheldCount = Static<typeof WithheldCountSchema>;

export const WithheldSummarySchema = Type.Object(
  {
    rows: count('Rows of the ledger, each one view of one version of a result'),
    views: count('Views that a unit was given: a row counts as often as there are units who saw exactly that'),
    counts: Type.Array(WithheldCountSchema),
    upTo: count('The last row of the ledger when this was counted'),
  },
  closed,
);
/** What was withheld under an entry, counted. */
export type WithheldSummary = Static<typeof WithheldSummarySchema>;

/** A page of an answer: `cursor` is there when there is more, or when not all rows of the period were looked through yet. */
const pageOf = <Row extends TSchema>(row: Row) =>
  Type.Object(
    {
      upTo: upTo(),
      rows: Type.Array(row),
      cursor: Type.Optional(
        Type.String({ description: 'There when there may be more; a page may be short, or empty, and have one' }),
      ),
    },
    closed,
  );

export const ShownPageSchema = pageOf(ShownRowSchema);
export const WithheldPageSchema = pageOf(WithheldRowSchema);
/** Rows as they are. */
export const LedgerPageSchema = pageOf(Type.Object({ ...ledgerPlace().properties, entry: LedgerRecordSchema }, closed));

const HASH = '6b3a2f0c9d6c1d0a8f4a5c27e0f5b6d1c3e2a9b80f7d6e5c4b3a29181706f5e4';
const DIGEST = 'mF3K1cO0b0b2s1q3J3v9h8Yw2dYcYb6l0mZk9J7p0Qk';
const LEGAL_BASIS = '《出境入境管理法》第八十五条第（三）项；《个人信息保护法》第二十八条、第三十四条';
const item: ShownRow['withheld'][number] = {
  path: '/border/persons/0/birthDate',
  entry: 'NL-001',
  legalBasis: LEGAL_BASIS,
  access: 'on-request',
};
const view: ShownRow = {
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
const consumers: WithheldRow['consumers'] = ['hl.customs', 'jl.customs'];

interface Examples {
  whoSaw: WhoSaw;
  shown: Static<typeof ShownPageSchema>;
  withheld: Static<typeof WithheldPageSchema>;
  summary: WithheldSummary;
  rows: Static<typeof LedgerPageSchema>;
  csv: string;
  jsonl: string;
}

/** An answer to each question. */
export const EXAMPLES: Examples = {
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
  withheld: { upTo: 4711, rows: [{ ...view, consumers }] },
  summary: {
    rows: 1,
    views: 2,
    counts: consumers.map((consumer) => ({
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
          ...{ consumers, listVersion, listRecord: HASH },
          ...{ withheld: [item], tokenDigest, decidedAt },
        },
      },
    ],
  },
  csv: 'sequence,decidedAt,consumer,resultId,version,…\r\n12,2026-11-21T08:00:00.000Z,hl.customs,019aa5a1-…,1,…\r\n',
  jsonl: '{"type":"export",…}\n{"type":"row","sequence":12,"hash":"6b3a…","entry":{…}}\n{"type":"head",…}\n',
};
