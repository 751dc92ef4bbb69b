import type { ResultClaims } from './token-format.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A version's name for logs and dead letters, `<id> v<version>`; none when what stands in the place of the id is something
 * else, as it may in a token that nobody has verified.
 */
export function versionName({ resultId, version }: Pick<ResultClaims, 'resultId' | 'version'>): string[] {
  return UUID.test(resultId) ? [`${resultId} v${version}`] : [];
}
