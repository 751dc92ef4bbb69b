import { createHash } from 'node:crypto';
import {
  isResultKind,
  isUnitId,
  RESULT_STATUSES,
  type ResultKind,
  type ResultStatus,
  type StreamName,
  type UnitId,
  validateCopiesMessage,
  validateHeadsMessage,
  validateOfferMessage,
  validateReceiptsMessage,
  validateSettlementsMessage,
} from '@clearance/contracts';
import { type KeyRing, type TokenRefusal, verifyToken } from '@clearance/provenance';

/** What may be told of one item in a message: which version it is of, never what it says. */
export interface ItemDescription {
  resultId?: string;
  version?: number;
  status?: ResultStatus;
  issuer?: UnitId;
  kind?: ResultKind;
  /** Characters of its token. */
  characters?: number;
  /** Fields that its receiver is not shown (copies only). */
  withheld?: number;
  /** `verified`, or why the token does not hold: then what is told of it is only its own claim. */
  signature?: 'verified' | TokenRefusal;
}

/** What may be told of a message to whoever has no right to its content. */
export interface BodyDescription {
  bytes: number;
  /** SHA-256 of the body, hexadecimal: whether two letters are the same. */
  sha256: string;
  /** Absent when the body is not a message of its stream: then nothing of it is told but size and digest. */
  form?: 'offers' | 'copies' | 'receipts' | 'settlements' | 'heads';
  /** Of the negative list by which copies were made. */
  listVersion?: string;
  items: ItemDescription[];
}

/** Describes the body of a dead letter without its content. */
export function describeBody(stream: string, body: Uint8Array, ring: KeyRing): BodyDescription {
  const bytes = body.length;
  const sha256 = createHash('sha256').update(body).digest('hex');
  const described = describeJson(stream as StreamName, parse(body), ring);
  return { bytes, sha256, ...(described ?? { items: [] }) };
}

function describeJson(
  stream: StreamName,
  json: unknown,
  ring: KeyRing,
): Omit<BodyDescription, 'bytes' | 'sha256'> | undefined {
  switch (stream) {
    case 'OFFERS': {
      const checked = validateOfferMessage(json);
      if (!checked.ok) return undefined;
      return { form: 'offers', items: checked.value.results.map(({ token }) => describeToken(token, ring)) };
    }
    case 'COPIES': {
      const checked = validateCopiesMessage(json);
      if (!checked.ok) return undefined;
      const { listVersion, copies } = checked.value;
      const items = copies.map(({ token, withheld }) => ({ ...describeToken(token, ring), withheld: withheld.length }));
      return { form: 'copies', listVersion, items };
    }
    case 'RECEIPTS': {
      const checked = validateReceiptsMessage(json);
      if (!checked.ok) return undefined;
      return {
        form: 'receipts',
        items: checked.value.receipts.map(({ resultId, version }) => ({ resultId, version })),
      };
    }
    case 'SETTLEMENTS': {
      const checked = validateSettlementsMessage(json);
      if (!checked.ok) return undefined;
      const { settlements } = checked.value;
      return { form: 'settlements', items: settlements.map(({ resultId, version }) => ({ resultId, version })) };
    }
    case 'HEADS':
      return validateHeadsMessage(json).ok ? { form: 'heads', items: [] } : undefined;
    default:
      return undefined;
  }
}

function describeToken(token: string, ring: KeyRing): ItemDescription {
  const characters = token.length;
  const verification = verifyToken(token, ring);
  if (!verification.ok) return { ...claimsOf(token), characters, signature: verification.code };
  const { claims, content } = verification.result;
  const { resultId, version, status, issuer } = claims;
  const { kind } = content;
  return {
    resultId,
    version,
    status,
    issuer,
    ...(isResultKind(kind) ? { kind } : {}),
    characters,
    signature: 'verified',
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a token that nobody vouches for says of itself, as far as it has the form of an id, a unit, a version, a status. */
function claimsOf(token: string): ItemDescription {
  const payload = parse(Buffer.from(token.split('.', 2)[1] ?? '', 'base64url')) as Record<string, unknown> | null;
  if (typeof payload !== 'object' || payload === null) return {};
  const { jti, ver, iss } = payload;
  const status = RESULT_STATUSES.find((known) => known === payload['status']);
  return {
    ...(typeof jti === 'string' && UUID.test(jti) ? { resultId: jti } : {}),
    ...(Number.isSafeInteger(ver) ? { version: ver as number } : {}),
    ...(status === undefined ? {} : { status }),
    ...(typeof iss === 'string' && isUnitId(iss) ? { issuer: iss } : {}),
  };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}
