// Verifies a result's token without any help from the mesh: an SD-JWT (RFC 9901) signed with Ed25519, alone or with others.
import { createHash, createPublicKey, verify } from 'node:crypto';

// #region verify-token
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** The claims and the disclosed content of a token, by the keys of `trust.json`; throws if it is not genuine. */
export function verifyToken(token, trust) {
  const [jwt, ...disclosures] = token.split('~');
  if (disclosures.pop() !== '') throw new Error('the token is cut off');
  const [header, payload, signature] = jwt.split('.');
  const { alg, kid, typ } = json(header);
  const key = trust.keys.find((candidate) => candidate.kid === kid);
  if (typ !== 'clearance-result+sd-jwt') throw new Error('not the token of a result');
  if (!key) throw new Error(`unknown key ${kid}`);

  const publicKey = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  const value = Buffer.from(signature, 'base64url');
  if (!isSigned(alg, signed, value, publicKey)) throw new Error('the signature is wrong');

  const { iss, jti, ver, status, issuedAt, content } = json(payload);
  const signedAt = Date.parse(issuedAt);
  if (key.owner !== iss) throw new Error(`${kid} is not a key of ${iss}`);
  if (!(signedAt >= key.notBefore && signedAt < (key.notAfter ?? Infinity)))
    throw new Error(`${kid} was not valid then`);

  const byDigest = new Map(disclosures.map((one) => [createHash('sha256').update(one).digest('base64url'), json(one)]));
  if (byDigest.size < disclosures.length) throw new Error('a disclosure is given twice');
  const disclosed = unfold(content, byDigest);
  if (byDigest.size > 0) throw new Error('a disclosure was not signed');
  return { resultId: jti, version: ver, status, issuer: iss, issuedAt, keyId: kid, content: disclosed };
}

/** Whether the key has signed this: alone, or as a leaf of a Merkle tree (RFC 9162) whose root is signed for all its leaves. */
function isSigned(alg, signed, value, publicKey) {
  if (alg === 'EdDSA') return verify(null, signed, publicKey, value);
  if (alg !== 'EdDSA-MTH-SHA256') return false;
  const [index, size] = value; // then the hashes beside the way to the root, 32 bytes each, then the signature, 64
  const signature = value.subarray(-64);
  let root = sha256(Buffer.of(0), signed);
  let [place, last] = [index, size - 1];
  for (let at = 2; at < value.length - 64; at += 32, place >>= 1, last >>= 1) {
    const beside = value.subarray(at, at + 32);
    const onTheRight = place % 2 === 1 || place === last;
    root = onTheRight ? sha256(Buffer.of(1), beside, root) : sha256(Buffer.of(1), root, beside);
    if (onTheRight) for (; place % 2 === 0 && place > 0; place >>= 1) last >>= 1;
  }
  const statement = Buffer.concat([Buffer.from('clearance/batch-root/v1\n'), Buffer.of(size), root]);
  return index < size && last === 0 && verify(null, statement, publicKey, signature);
}

/** Puts each disclosure where its digest stands, and uses it up. A digest without one was withheld. */
function unfold(value, byDigest) {
  const take = (digest) => {
    const disclosure = byDigest.get(digest);
    byDigest.delete(digest);
    return disclosure; // [salt, name, value] of a member, [salt, value] of an array element
  };
  if (Array.isArray(value)) {
    const elements = value.map((element) => take(element['...'])).filter(Boolean);
    return elements.map((element) => unfold(element[1], byDigest));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = (value._sd ?? []).map(take).filter(Boolean);
  return Object.fromEntries(members.map(([, name, member]) => [name, unfold(member, byDigest)]));
}
// #endregion verify-token
