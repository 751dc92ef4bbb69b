import {
  type DecisionStatement,
  type RevocationStatement,
  SignedDecisionSchema,
  SignedRevocationSchema,
  type SignedStatement,
} from '../access/statements.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';

/** Checks the form of an owner's signed answer to a request, as the gateway keeps it. Whether its signature holds is not judged. */
export const validateSignedDecision: (input: unknown) => Checked<SignedStatement<DecisionStatement>> =
  validatorOf(SignedDecisionSchema);
/** Checks the form of an owner's signed revocation of what it granted. Whether its signature holds is not judged. */
export const validateSignedRevocation: (input: unknown) => Checked<SignedStatement<RevocationStatement>> =
  validatorOf(SignedRevocationSchema);
