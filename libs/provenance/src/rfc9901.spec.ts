import { createPublicKey, verify } from 'node:crypto';
import { encodeText } from './base64url.ts';
import { digestOf } from './fold-content.ts';
import type { JsonObject } from './json.ts';
import { asIssued, COMPLEX, DIGESTS, EXAMPLES, ISSUER_KEY, RECURSIVE, SIMPLE } from './rfc9901.fixture.ts';
import { unfoldContent } from './unfold-content.ts';

describe("RFC 9901's own examples", () => {
  it.each(DIGESTS)('section %s: the digest of %s', (_section, text, digest) => {
    expect(digestOf(encodeText(text))).toBe(digest);
  });

  it('section 4.2.1: the disclosure of a member', () => {
    const text = '["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]';
    expect(encodeText(text)).toBe('WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0');
  });

  it.each([
    ['an escaped umlaut', 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd'],
    ['no white space', 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd'],
    ['line breaks', 'WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ'],
  ])('section 4.2.1: the same disclosure, written with %s', (_variation, encoded) => {
    const unfolded = unfoldContent({ _sd: [digestOf(encoded)] }, [encoded], 'refused');
    expect(unfolded).toMatchObject({ ok: true, value: { family_name: 'Möbius' } });
  });

  it.each(EXAMPLES.map((example) => [example.section, example] as const))(
    'section %s: the signature holds, so that the fixture says what the RFC says',
    (_section, { header, payload, signature }) => {
      const key = createPublicKey({ key: ISSUER_KEY, format: 'jwk' });
      const input = Buffer.from(`${asIssued(header)}.${asIssued(payload)}`);
      const options = { key, dsaEncoding: 'ieee-p1363' } as const;
      expect(verify('sha256', input, options, Buffer.from(signature, 'base64url'))).toBe(true);
    },
  );

  it.each(EXAMPLES.map((example) => [example.section, example] as const))(
    'section %s: payload and disclosures give the processed payload',
    (_section, { payload, disclosures, processed }) => {
      const unfolded = unfoldContent(withoutAlgorithm(payload), disclosures.map(asIssued), 'allowed');
      expect(unfolded).toMatchObject({ ok: true });
      expect(unfolded.ok && unfolded.value).toEqual(processed);
    },
  );

  it('section 5.2: four of ten disclosures, and the other nationality is gone', () => {
    const shown = SIMPLE.disclosures.map(asIssued).filter((_, position) => [0, 1, 5, 8].includes(position));
    const unfolded = unfoldContent(withoutAlgorithm(SIMPLE.payload), shown, 'allowed');
    const { given_name, family_name, address, iss, iat, exp, sub, cnf } = SIMPLE.processed;
    expect(unfolded.ok && unfolded.value).toEqual({
      ...{ given_name, family_name, address, iss, iat, exp, sub, cnf },
      nationalities: ['US'],
    });
  });

  it('section 6.3: a member can be shown only with the address that it lies in', () => {
    const address = asIssued(RECURSIVE.address);
    const [street, , , country] = RECURSIVE.members.map(asIssued) as [string, string, string, string];
    expect(unfoldContent(RECURSIVE.payload, [address, street, country], 'refused')).toMatchObject({
      ok: true,
      value: { address: { street_address: 'Schulstr. 12', country: 'DE' } },
    });
    expect(unfoldContent(RECURSIVE.payload, [street, country], 'refused')).toMatchObject({ ok: false });
  });

  it('section 7.1: what stands in the clear is allowed by the RFC, and refused below the content of a result', () => {
    const disclosures = COMPLEX.disclosures.map(asIssued);
    expect(unfoldContent(withoutAlgorithm(COMPLEX.payload), disclosures, 'refused')).toMatchObject({ ok: false });
  });
});

/** Step 3.6 of section 7.1. */
function withoutAlgorithm(payload: JsonObject): JsonObject {
  const { _sd_alg, ...rest } = payload;
  expect(_sd_alg).toBe('sha-256');
  return rest;
}
