import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import {
  CopiesMessageSchema,
  OfferMessageSchema,
  ReceiptsMessageSchema,
  SettlementsMessageSchema,
  type CopiesMessage,
  type OfferMessage,
  type ReceiptsMessage,
  type SettlementsMessage,
} from './internal-messages.ts';

/** Validators of the messages between unit services and the gateway. */
export const validateOfferMessage: (input: unknown) => Checked<OfferMessage> = validatorOf(OfferMessageSchema, 'units');
export const validateCopiesMessage: (input: unknown) => Checked<CopiesMessage> = validatorOf(
  CopiesMessageSchema,
  'units',
);
export const validateReceiptsMessage: (input: unknown) => Checked<ReceiptsMessage> = validatorOf(ReceiptsMessageSchema);
export const validateSettlementsMessage: (input: unknown) => Checked<SettlementsMessage> =
  validatorOf(SettlementsMessageSchema);
