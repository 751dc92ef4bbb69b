const base64url = (bytes: string): string => `translate(rtrim(encode(${bytes}, 'base64'), '='), '+/', '-_')`;

/**
 * SQL of the digest of what its issuer signed of a token, the text before the first `~`: SHA-256, base64url.
 * It reads the token itself: a digest stored beside it would not tell of a token that was changed.
 *
 * @param token SQL of the token's text
 */
export function signedDigestOf(token: string): string {
  return base64url(`sha256(convert_to(split_part(${token}, '~', 1), 'UTF8'))`);
}

/**
 * SQL of two aggregates, `count` and `digest`, over rows with the columns `issued_at`, `result_id`, `version` and
 * `signed_digest`: how many, and the digest of which (see `Tally` in the contracts). `digest` is null over no rows.
 *
 * @param of only of the rows for which this SQL condition holds; both names then begin with `prefix`
 */
export function tallyOf(of?: { prefix: string; condition: string }): string {
  const filter = of === undefined ? '' : ` filter (where ${of.condition})`;
  const prefix = of?.prefix ?? '';
  const lines = `string_agg(result_id::text || ' ' || version || ' ' || signed_digest, E'\\n'
    order by issued_at, result_id, version)${filter}`;
  return `(count(*)${filter})::integer as ${prefix}count, ${base64url(`sha256(convert_to(${lines}, 'UTF8'))`)} as ${prefix}digest`;
}
