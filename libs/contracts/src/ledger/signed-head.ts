import { Type, type Static } from 'typebox';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed } from '../result/scalars.ts';
import { detachedSignature, hexDigest, instant, ledgerSequence } from './ledger-record.ts';

export const SignedHeadSchema = Type.Object(
  {
    /** Of the ledger's last row when this was signed. */
    sequence: ledgerSequence(),
    /** That row's place in the chain, which stands for all rows up to it. */
    hash: hexDigest(),
    /** Later with every head that is signed. */
    at: instant(),
    /** The gateway key's, over the canonical JSON of the other members. */
    signature: detachedSignature(),
  },
  closed,
);
/** The gateway's word, kept by every unit, that its ledger had come to this row. */
export type SignedHead = Static<typeof SignedHeadSchema>;

/** Heads in one message, at most. */
export const MAX_HEADS = 64;

/** HEADS: heads of the ledger, for a unit to keep. */
export const HeadsMessageSchema = Type.Object(
  { heads: Type.Array(SignedHeadSchema, { minItems: 1, maxItems: MAX_HEADS }) },
  closed,
);
export type HeadsMessage = Static<typeof HeadsMessageSchema>;

/** Checks one head's form; whether its signature holds is not judged. */
export const validateSignedHead: (input: unknown) => Checked<SignedHead> = validatorOf(SignedHeadSchema);
/** Checks a message on HEADS. */
export const validateHeadsMessage: (input: unknown) => Checked<HeadsMessage> = validatorOf(HeadsMessageSchema);
