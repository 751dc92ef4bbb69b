import { Type, type Static } from 'typebox';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed } from '../result/scalars.ts';
import { hexDigest, LedgerRecordSchema, ledgerSequence } from './ledger-record.ts';
import { LedgerSelectionSchema } from './ledger-selection.ts';
import { SignedHeadSchema } from './signed-head.ts';

/** Hashes in one line about rows that are left out, at most. */
export const MAX_SKIPPED = 1_000;

const count = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const ExportHeaderSchema = Type.Object(
  {
    type: Type.Literal('export'),
    apiVersion: Type.Literal('clearance/v1'),
    /** What was asked for. */
    selection: LedgerSelectionSchema,
    /** Whether every row of the range stands here with what it records, so that the reader can select for himself. */
    complete: Type.Boolean(),
    /** The range of the ledger that was selected from; `last` is `first` - 1 when there was nothing in it. */
    first: ledgerSequence(),
    last: count(),
    /** Chain hash of the row before the first. */
    previous: hexDigest(),
  },
  closed,
);

const row = <T extends string>(type: T) =>
  Type.Object(
    {
      type: Type.Literal(type),
      sequence: ledgerSequence(),
      /** Its place in the chain. */
      hash: hexDigest(),
      entry: LedgerRecordSchema,
    },
    closed,
  );
/** A row that was asked for. */
const ExportedRowSchema = row('row');
/** A row that was not, in a complete export. */
const OtherRowSchema = row('other');

const SkippedRowsSchema = Type.Object(
  {
    type: Type.Literal('skipped'),
    /** The first of them. */
    sequence: ledgerSequence(),
    count: Type.Integer({ minimum: 1, maximum: MAX_SKIPPED }),
    /** SHA-256 of each row by itself, 32 bytes each, in order, base64: it says nothing of what those rows record. */
    hashes: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 43_000 }),
  },
  closed,
);

const ExportEndSchema = Type.Object(
  {
    type: Type.Literal('head'),
    /** Rows that were asked for and stand here. */
    rows: count(),
    /** Rows of the range that are left out, since no head was signed after them yet. */
    unsigned: count(),
    /** What the hashes lead to. */
    head: SignedHeadSchema,
  },
  closed,
);

/** First line of an export of the ledger. */
export type ExportHeader = Static<typeof ExportHeaderSchema>;
/** A line with a row of the ledger. */
export type ExportedRow = Static<typeof ExportedRowSchema> | Static<typeof OtherRowSchema>;
/** A line that stands for rows that were not asked for. */
export type SkippedRows = Static<typeof SkippedRowsSchema>;
/** Last line of an export: without it the export is cut off. */
export type ExportEnd = Static<typeof ExportEndSchema>;
/** One line of an export of the ledger as JSON lines. */
export type ExportLine = ExportHeader | ExportedRow | SkippedRows | ExportEnd;

const validators: { [T in ExportLine['type']]: (input: unknown) => Checked<Extract<ExportLine, { type: T }>> } = {
  export: validatorOf(ExportHeaderSchema),
  row: validatorOf(ExportedRowSchema),
  other: validatorOf(OtherRowSchema),
  skipped: validatorOf(SkippedRowsSchema),
  head: validatorOf(ExportEndSchema),
};

const validateType = validatorOf<{ type: ExportLine['type'] }>(
  Type.Object({ type: Type.Enum(Object.keys(validators)) }, { additionalProperties: true }),
);

/** Checks the form of one line of an export. What it claims is checked by `mesh ledger verify`. */
export function validateExportLine(input: unknown): Checked<ExportLine> {
  const checked = validateType(input);
  return checked.ok ? validators[checked.value.type](input) : checked;
}
