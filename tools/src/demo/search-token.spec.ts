import { mentions } from './search-token.ts';

/** A token as issuers write it: a JWS and disclosures `[salt, name, value]`. */
function tokenOf(...disclosures: unknown[][]): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [`${encode({ alg: 'EdDSA' })}.${encode({ iss: 'ln.border' })}.c2ln`, ...disclosures.map(encode), ''].join('~');
}

describe('searching a token for what it must not say', () => {
  it.each(['E12345678', '1987-03-04', '船长', 'RU'])('finds %s in a disclosure', (word) => {
    expect(mentions(tokenOf(['salt', 'documentNumber', word]), word)).toBe(true);
  });

  it.each([0, 1, 2, 3, 4, 5])('finds a number at every alignment, %i bytes from the beginning', (before) => {
    const hidden = Buffer.from(`${'x'.repeat(before)}712345678yyyy`).toString('base64url');
    expect(mentions(`"${hidden}"`, '712345678')).toBe(true);
  });

  it('does not find what was taken out', () => {
    expect(mentions(tokenOf(['salt', 'nationality', 'RU']), '712345678')).toBe(false);
  });
});
