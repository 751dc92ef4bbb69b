import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { agencyOfKind, exampleContent, type ResultKind } from '@clearance/contracts';
import { type CompiledList, compileNegativeList } from '@clearance/negative-list';
import { issueToken, type KeyRing, type ResultClaims, type VerifiedToken, verifyToken } from '@clearance/provenance';
import { casl } from './casl.ts';
import { cedar } from './cedar.ts';
import { benchResult, type BenchResult, type Contender, UNITS } from './contender.ts';
import { jsonRulesEngine } from './json-rules-engine.ts';
import { exceptions, listOf } from './list.ts';
import { checkSameFields } from './same-fields.ts';

/** One list in the form of every engine, and results to decide about. */
export interface Prepared {
  readonly entries: number;
  readonly list: CompiledList;
  /** What it took to make the list ready, in milliseconds. */
  readonly compileMs: number;
  readonly contenders: readonly Contender[];
  readonly results: readonly BenchResult[];
}

/** One result of each agency. */
const KINDS: readonly ResultKind[] = ['customs.examination', 'inspection.laboratory', 'border.crew'];

/**
 * Makes a list of so many entries ready for all engines, outside any timing, and checks that all take the same away.
 *
 * @throws Error when they do not
 */
export async function prepare(count: number): Promise<Prepared> {
  const entries = exceptions(count);
  const written = listOf(entries);
  const since = performance.now();
  const list = compileNegativeList(written, UNITS);
  const compileMs = performance.now() - since;
  const contenders = [casl(entries), cedar(entries), jsonRulesEngine(entries)];
  const results = exampleResults();
  for (const contender of contenders) await checkSameFields(list, contender, results);
  return { entries: count, list, compileMs, contenders, results };
}

/** The examples of three kinds, signed and verified as the gateway would. */
export function exampleResults(): BenchResult[] {
  return KINDS.map((kind) => benchResult(verifiedExample(kind)));
}

function verifiedExample(kind: ResultKind): VerifiedToken {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const claims: ResultClaims = {
    issuer: `ln.${agencyOfKind(kind)}`,
    resultId: '019aa5a1-7c5b-7000-8000-000000000001',
    version: 1,
    status: 'issued',
    issuedAt: '2026-11-21T03:12:00.123Z',
  };
  const ring: KeyRing = new Map([
    ['bench', { kid: 'bench', owner: claims.issuer, suite: 'EdDSA', publicKey, notBefore: 0 }],
  ]);
  const key = { kid: 'bench', suite: 'EdDSA', privateKey } as const;
  const verification = verifyToken(issueToken(claims, exampleContent(kind), key, randomBytes), ring);
  if (!verification.ok) throw new Error(`the token of ${kind} does not verify: ${verification.detail}`);
  return verification.result;
}
