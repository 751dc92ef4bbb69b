import { Type, type Static } from 'typebox';
import { detachedSignature } from '../ledger/ledger-record.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed } from '../result/scalars.ts';

/** Characters of a draft's text, at most: those of a list. */
export const MAX_LIST_TEXT = 512 * 1024;

/** Why it is done, for those who read the history. */
const reason = () => Type.String({ minLength: 1, maxLength: 2_000 });
const listVersion = () => Type.String({ minLength: 1, maxLength: 64 });
const document = () => Type.String({ minLength: 1, maxLength: MAX_LIST_TEXT });

export const WriteDraftSchema = Type.Object({ document: document(), reason: reason() }, closed);
/** A draft's whole text, YAML or JSON, finished or not. */
export type WriteDraft = Static<typeof WriteDraftSchema>;

export const RestoreListSchema = Type.Object(
  {
    /** The version whose entries are to be in force again. */
    restore: listVersion(),
    /** What the new list is to be called. */
    version: listVersion(),
    /** RFC 3339 or a day: when it is to come into force. */
    effectiveFrom: Type.String({ minLength: 1, maxLength: 64 }),
    reason: reason(),
  },
  closed,
);
/** A former list as a new draft. */
export type RestoreList = Static<typeof RestoreListSchema>;

export const ActOnDraftSchema = Type.Object({ reason: reason() }, closed);
/** Submits, returns or withdraws a draft. */
export type ActOnDraft = Static<typeof ActOnDraftSchema>;

export const ApproveDraftSchema = Type.Object({ signature: detachedSignature(), reason: reason() }, closed);
/** Approves a draft: with the policy key's detached JWS over the bytes of its text. */
export type ApproveDraft = Static<typeof ApproveDraftSchema>;

/** Validators of what is done with drafts over HTTP. */
export const validateWriteDraft: (input: unknown) => Checked<WriteDraft> = validatorOf(WriteDraftSchema);
export const validateRestoreList: (input: unknown) => Checked<RestoreList> = validatorOf(RestoreListSchema);
export const validateActOnDraft: (input: unknown) => Checked<ActOnDraft> = validatorOf(ActOnDraftSchema);
export const validateApproveDraft: (input: unknown) => Checked<ApproveDraft> = validatorOf(ApproveDraftSchema);
