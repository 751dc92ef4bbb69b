import { Type, type Static } from 'typebox';
import { closed, unitId, uuid7 } from '../result/scalars.ts';
import { instant, ledgerSequence } from './ledger-record.ts';

/** The form of an entry's id: of a list (`NL-001`), or what stands there when nothing could be decided (`FC-unknown-kind`). */
export const ENTRY_ID_PATTERN = '^[A-Z]{2,8}(-[0-9A-Za-z]{1,16}){1,3}$';

export const LedgerSelectionSchema = Type.Object(
  {
    /** Disclosures to this unit. */
    consumer: Type.Optional(unitId()),
    /** Disclosures in which something was withheld under this entry. */
    entry: Type.Optional(Type.String({ pattern: ENTRY_ID_PATTERN, maxLength: 64 })),
    /** Disclosures in which something was shown under this grant. */
    grant: Type.Optional(uuid7()),
    issuer: Type.Optional(unitId()),
    kind: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** Decided by this version of the negative list. */
    listVersion: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** Decided then or later. */
    from: Type.Optional(instant()),
    /** Decided before. */
    to: Type.Optional(instant()),
    /** First row of a range. */
    first: Type.Optional(ledgerSequence()),
    /** Last row of a range. */
    last: Type.Optional(ledgerSequence()),
  },
  closed,
);
/** Which rows of the ledger are asked for: all that fulfil every condition that is there. */
export type LedgerSelection = Static<typeof LedgerSelectionSchema>;
