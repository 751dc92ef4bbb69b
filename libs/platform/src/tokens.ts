/** Who calls, as access tokens say, by a way of its own: whoever takes no tokens need not load the verifier. */
export { isConfidential, isElsewhere, type KeyWaits } from './tokens/issuer-keys.ts';
export { requireConfidential, SIGN_IN_VARIABLES, signInIssuer, type SignInVariables } from './tokens/sign-in-issuer.ts';
export { type ClaimNames, DEFAULT_ROLES_CLAIM, type Identity, type Role, ROLES } from './tokens/token-claims.ts';
export { isProven, PROOF_ALGORITHMS, type ProvenCall } from './tokens/verify-proof.ts';
export { type TokenIssuer, type TokenTrust, type TokenVerifier, tokenVerifier } from './tokens/verify-token.ts';
