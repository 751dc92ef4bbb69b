/** How the owner answered: all that was asked for, less of it or for less long, nothing. */
export const ACCESS_DECISIONS = ['granted', 'granted-in-part', 'refused'] as const;
export type AccessDecision = (typeof ACCESS_DECISIONS)[number];

/**
 * Where a request stands. `submitted` — on its way to the gateway; `open` — the owner is asked; then what the owner decided, or
 * `rejected`, which the gateway says where the list in force does not admit it; `revoked` and `expired` end what was granted.
 */
export const ACCESS_STATES = ['submitted', 'open', ...ACCESS_DECISIONS, 'rejected', 'revoked', 'expired'] as const;
export type AccessState = (typeof ACCESS_STATES)[number];

/** Who decided in the owner's name: a person at its backend, or a rule that the owner has laid down. */
export const ACCESS_DECIDERS = ['owner', 'rule'] as const;

/** Paths that one request may ask for, at most. */
export const MAX_ACCESS_PATHS = 100;
