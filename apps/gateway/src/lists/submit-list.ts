import { type Outcome, problem } from '@clearance/contracts';
import { compileNegativeList, type Finding, lintNegativeList, parseNegativeList } from '@clearance/negative-list';
import { listRecordOf, POLICY_OWNER, verifyDetached } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { appendLedger } from '../ledger/append-ledger.ts';

/** A signed list, as it is handed in. */
export interface SubmittedList {
  /** The file as it is, YAML or JSON. */
  document: string;
  /** Detached JWS of the policy key over the file's bytes. */
  signature: string;
}

/** What became of a list that was accepted. */
export interface AcceptedList {
  version: string;
  /** RFC 3339. */
  effectiveFrom: string;
  state: 'in-force' | 'scheduled';
  /** Lint's warnings. */
  warnings: Finding[];
}

/** A list that was refused by lint: what is wrong, and where in the file. */
export interface RefusedList {
  ok: false;
  findings: Finding[];
}

/**
 * Takes a signed list into the schedule: read, linted, its signature verified; nothing of a refused list is kept.
 * The same file again is the same list. A list begins after the ones that there are, so that no decision already made
 * would have been another.
 */
export async function submitList(
  gateway: Gateway,
  submitted: SubmittedList,
): Promise<Outcome<AcceptedList> | RefusedList> {
  const findings = lintNegativeList(submitted.document, { units: gateway.consumers, at: gateway.now() });
  const parsed = parseNegativeList(submitted.document);
  if (!parsed.ok || findings.some(({ severity }) => severity === 'error')) {
    return { ok: false, findings };
  }
  const at = gateway.now();
  const bytes = new TextEncoder().encode(submitted.document);
  const signature = verifyDetached(bytes, submitted.signature, gateway.keyRing(), { owner: POLICY_OWNER, at });
  if (!signature.ok) {
    const detail = {
      zh: `负面清单的签名不被接受（${signature.code}）：须由政策密钥签署`,
      en: `The list's signature is not accepted (${signature.code}); it must be signed by the policy key`,
    };
    return { ok: false, problem: problem('forbidden', { detail }) };
  }
  const { version, effectiveFrom: begins } = compileNegativeList(parsed.list, gateway.consumers);
  const refusal = await gateway.database.transaction(async (transaction) => {
    await transaction.query('lock table negative_list in share row exclusive mode');
    const rows: { version: string; document: string; effective_from: Date }[] = await transaction.query(
      'select version, document, effective_from from negative_list where version = $1 or effective_from >= $2',
      [version, new Date(begins)],
    );
    const same = rows.find((row) => row.version === version);
    if (same) return same.document === submitted.document ? undefined : taken(version);
    if (rows[0]) return tooEarly(rows[0].version);
    await transaction.query(
      `insert into negative_list (version, document, signature, effective_from, received_at) values ($1, $2, $3, $4, $5)`,
      [version, submitted.document, submitted.signature, new Date(begins), new Date(at)],
    );
    // That there is this list stands in the ledger: taking it away, or another's place, is found.
    const list = { ...submitted, version, effectiveFrom: begins, receivedAt: at };
    await appendLedger(transaction, [listRecordOf(list)]);
    return undefined;
  });
  if (refusal) return refusal;
  const state = begins <= gateway.now() ? 'in-force' : 'scheduled';
  return { ok: true, value: { version, effectiveFrom: new Date(begins).toISOString(), state, warnings: findings } };
}

function taken(version: string): Outcome<never> {
  const detail = {
    zh: `版本 ${version} 已有内容不同的清单`,
    en: `There is a list of version ${version} with other content`,
  };
  return { ok: false, problem: problem('conflict', { detail }) };
}

function tooEarly(version: string): Outcome<never> {
  const detail = {
    zh: `生效时间须晚于已有清单 ${version} 的生效时间`,
    en: `It must come into force later than list ${version}`,
  };
  return { ok: false, problem: problem('conflict', { detail }) };
}
