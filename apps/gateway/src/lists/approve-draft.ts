import { type LocalizedText, type Outcome, problem } from '@clearance/contracts';
import { compileNegativeList, type Finding, parseNegativeList } from '@clearance/negative-list';
import type { EntityManager } from '@clearance/platform';
import { listRecordOf, POLICY_OWNER, type SignedList, verifyDetached } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { appendLedger } from '../ledger/append-ledger.ts';
import { type Action, addStep, isRefused, judgeDraft, lintDraft, type RefusedByLint } from './act-on-draft.ts';

/** A draft that was approved: the list that it became. */
export interface ApprovedList {
  version: string;
  /** RFC 3339. */
  effectiveFrom: string;
  state: 'in-force' | 'scheduled';
  /** Lint's warnings. */
  warnings: Finding[];
}

/**
 * A second person puts a draft into the schedule: with the policy key's signature over the bytes of its text. It is linted
 * once more, since units may have left and entries expired; and it begins after the lists that there are, so that no
 * decision already made would have been another. That there is this list, who wrote and who approved it, stands in the
 * ledger from the same transaction on: taking it away, or another's place, is found.
 *
 * @param action.signature detached JWS of the policy key
 */
export async function approveDraft(
  gateway: Gateway,
  draftId: string,
  { signature, ...approval }: Omit<Action, 'act'> & { signature: string },
): Promise<Outcome<ApprovedList> | RefusedByLint> {
  const action = { ...approval, act: 'approved' } as const;
  return gateway.database.transaction(async (transaction): Promise<Outcome<ApprovedList> | RefusedByLint> => {
    // One approval at a time, in all gateways: the next one sees what this one made of draft and schedule.
    await transaction.query('lock table negative_list in share row exclusive mode');
    const judged = await judgeDraft(transaction, draftId, action);
    if (!judged.ok) return judged;
    const { events, draft } = judged.value;
    const { document, authors } = draft;
    const findings = lintDraft(gateway, document);
    const parsed = parseNegativeList(document);
    if (!parsed.ok || isRefused(findings)) return { ok: false, findings };
    const at = gateway.now();
    const signed = verifyDetached(new TextEncoder().encode(document), signature, gateway.keyRing(), {
      owner: POLICY_OWNER,
      at,
    });
    if (!signed.ok) return notSigned(signed.code);
    const { version, effectiveFrom } = compileNegativeList(parsed.list, gateway.consumers);
    const taken = await whyNotScheduled(transaction, { version, effectiveFrom });
    if (taken !== undefined) return { ok: false, problem: problem('conflict', { detail: taken }) };
    const done = await addStep(transaction, events, action, { at, version });
    if (!done.ok) return done;
    const list = { version, document, signature, effectiveFrom, receivedAt: at, authors, approvedBy: action.actor };
    await addToSchedule(transaction, list);
    const state = effectiveFrom <= at ? 'in-force' : 'scheduled';
    const begins = new Date(effectiveFrom).toISOString();
    return { ok: true, value: { version, effectiveFrom: begins, state, warnings: findings } };
  });
}

/** Why a list cannot be taken into the schedule as it is: its version is taken, or it would begin too early. */
async function whyNotScheduled(
  transaction: Pick<EntityManager, 'query'>,
  { version, effectiveFrom }: Pick<SignedList, 'version' | 'effectiveFrom'>,
): Promise<LocalizedText | undefined> {
  const rows: { version: string }[] = await transaction.query(
    'select version from negative_list where version = $1 or effective_from >= $2 order by version <> $1 limit 1',
    [version, new Date(effectiveFrom)],
  );
  const other = rows[0]?.version;
  if (other === undefined) return undefined;
  return other === version
    ? { zh: `版本 ${version} 已有清单`, en: `There is a list of version ${version} already` }
    : { zh: `生效时间须晚于已有清单 ${other} 的生效时间`, en: `It must come into force later than list ${other}` };
}

async function addToSchedule(transaction: EntityManager, list: SignedList): Promise<void> {
  const { version, document, signature, effectiveFrom, receivedAt, authors, approvedBy } = list;
  await transaction.query(
    `insert into negative_list (version, document, signature, effective_from, received_at, authors, approved_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [version, document, signature, new Date(effectiveFrom), new Date(receivedAt), authors, approvedBy],
  );
  await appendLedger(transaction, [listRecordOf(list)]);
}

function notSigned(code: string): Outcome<never> {
  const detail = {
    zh: `负面清单的签名不被接受（${code}）：须由政策密钥签署`,
    en: `The list's signature is not accepted (${code}); it must be signed by the policy key`,
  };
  return { ok: false, problem: problem('forbidden', { detail }) };
}
