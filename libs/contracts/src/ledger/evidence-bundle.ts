import { Type, type Static, type TSchema } from 'typebox';
import { SignedDecisionSchema, SignedRevocationSchema } from '../access/statements.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, unitId } from '../result/scalars.ts';
import { WithheldSchema } from '../wire/internal-messages.ts';
import {
  DisclosureRecordSchema,
  GrantEndRecordSchema,
  GrantRecordSchema,
  hexDigest,
  ledgerSequence,
  ListRecordSchema,
} from './ledger-record.ts';
import { SignedHeadSchema } from './signed-head.ts';

/** Rows between an entry and the signed head after it, at most, that a bundle can carry. */
export const MAX_FOLLOWING = 150_000;

const token = () => Type.String({ minLength: 1, maxLength: 4 * 1024 * 1024, pattern: '^[A-Za-z0-9_.~-]+$' });

const provenRow = <T extends TSchema>(entry: T) =>
  Type.Object(
    {
      /** The entry's place in the ledger. */
      sequence: ledgerSequence(),
      /** Chain hash of the row before. */
      previous: hexDigest(),
      entry,
      /** Hashes of the rows after it, up to the head's: they say nothing of what those rows record. */
      following: Type.Array(hexDigest(), { maxItems: MAX_FOLLOWING }),
      /** The gateway's signature over the chain at or after the entry. */
      head: SignedHeadSchema,
    },
    closed,
  );

export const LedgerEvidenceSchema = provenRow(DisclosureRecordSchema);

export const GrantEvidenceSchema = Type.Object(
  {
    /** The grant's row, which stands before the entry's. */
    ledger: provenRow(GrantRecordSchema),
    /** What the owner has signed. */
    decision: SignedDecisionSchema,
    /** How it ended before its time, if it had when the bundle was made. */
    end: Type.Optional(
      Type.Object(
        { ledger: provenRow(GrantEndRecordSchema), revocation: Type.Optional(SignedRevocationSchema) },
        closed,
      ),
    ),
  },
  closed,
);
/** A grant under which something was shown, with the proof that it stands in the ledger and that its owner gave it. */
export type GrantEvidence = Static<typeof GrantEvidenceSchema>;

/** As the entry names them: in the order of their ids, all of them. */
const grants = () => Type.Optional(Type.Array(GrantEvidenceSchema, { minItems: 1, maxItems: 1_000 }));

export const ListEvidenceSchema = Type.Object(
  { record: ListRecordSchema, document: Type.String({ minLength: 1, maxLength: 512 * 1024 }) },
  closed,
);

export const GatewayEvidenceSchema = Type.Object(
  { ledger: LedgerEvidenceSchema, list: ListEvidenceSchema, grants: grants() },
  closed,
);
/** The gateway's part of a bundle: the entry with the proof that it stands in the ledger, the list and the grants it rests on. */
export type GatewayEvidence = Static<typeof GatewayEvidenceSchema>;

export const EvidenceBundleSchema = Type.Object(
  {
    apiVersion: Type.Literal('clearance/v1'),
    kind: Type.Literal('EvidenceBundle'),
    /** The unit whose view this is about. */
    consumer: unitId(),
    /** What the unit has: the token as it was given, and what it was told is missing. */
    view: Type.Object({ token: token(), withheld: Type.Array(WithheldSchema, { maxItems: 10_000 }) }, closed),
    /** The result as its issuer signed it, with every disclosure; absent when the issuer was not at hand. */
    issued: Type.Optional(Type.Object({ token: token() }, closed)),
    ledger: LedgerEvidenceSchema,
    /** The head of the ledger's row `ledger.head.sequence` as the consumer keeps it in its own database. */
    witness: Type.Optional(SignedHeadSchema),
    list: ListEvidenceSchema,
    grants: grants(),
    /** The keys that the signatures name, as the maker of the bundle knew them. Nothing is trusted because it stands here. */
    keys: Type.Array(
      Type.Object(
        {
          kid: Type.String({ minLength: 1, maxLength: 128 }),
          owner: Type.String({ minLength: 1, maxLength: 64 }),
          x: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43 }),
        },
        closed,
      ),
      { maxItems: 64 },
    ),
    /** `sha-256:` and base64url of SHA-256 over the canonical JSON of all other members: tells a damaged file. */
    digest: Type.String({ pattern: '^sha-256:[A-Za-z0-9_-]{43}$', maxLength: 51 }),
  },
  closed,
);
/** Everything that shows, without asking anybody, what one unit was given of one version of a result, and why. */
export type EvidenceBundle = Static<typeof EvidenceBundleSchema>;

/** Checks a bundle's form. What it claims is checked by `mesh verify bundle`. */
export const validateEvidenceBundle: (input: unknown) => Checked<EvidenceBundle> = validatorOf(EvidenceBundleSchema);
/** Checks the form of the gateway's part. */
export const validateGatewayEvidence: (input: unknown) => Checked<GatewayEvidence> = validatorOf(GatewayEvidenceSchema);
