import {
  type DisclosureRecord,
  fieldsOf,
  type Outcome,
  problem,
  RESULT_KINDS,
  type UnitId,
  violation,
} from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import { everShown, judgeField } from '@clearance/provenance';
import type { FieldAnswer, FieldView, WhoSaw } from './questions-schema.ts';
import type { FieldQuestion } from './read-questions.ts';

/** Of a row of the ledger about a result what the question needs. */
export interface DisclosureRow {
  sequence: number;
  hash: string;
  entry: DisclosureRecord;
}

/** When a unit confirmed that it holds a view of a version, RFC 3339. */
export type ReceiptOf = (version: number, consumer: string, tokenDigest: string) => string | null;

/** Rows about one result that are looked at, at most. */
const MAX_ROWS = 10_000;

/** Says who was shown a field, in which version, when, and under which entry not, from the rows about a result. */
export function whoSaw(rows: readonly DisclosureRow[], path: string, receiptOf: ReceiptOf): FieldAnswer[] {
  const views = rows.flatMap(({ sequence, hash, entry }) => {
    const { version, status, consumers, grants, listVersion, decidedAt, tokenDigest } = entry;
    const { verdict, withheld } = judgeField(path, entry.withheld);
    return consumers.map((consumer) => {
      const receiptAt = receiptOf(version, consumer, tokenDigest);
      const ledger = { sequence, hash };
      const under = grants === undefined ? {} : { grants };
      const view: FieldView = { verdict, withheld, ...under, listVersion, decidedAt, receiptAt, tokenDigest, ledger };
      return { version, status, consumer: consumer as UnitId, view };
    });
  });
  const answers = [...Map.groupBy(views, ({ version, consumer }) => `${version} ${consumer}`).values()].map((given) => {
    const { version, consumer } = given[0]!;
    const ordered = given.map(({ view }) => view).sort((one, other) => one.ledger.sequence - other.ledger.sequence);
    const ever = everShown(ordered.map(({ verdict }) => verdict));
    return { version, status: given[0]!.status, consumer, ever, views: ordered };
  });
  return answers.sort((one, other) => one.version - other.version || (one.consumer < other.consumer ? -1 : 1));
}

/**
 * Reads from the ledger who was shown a field of a result.
 *
 * @returns the answer; `unknown` when no unit was ever shown that result; `invalid` for a path that its kind does not
 *   have, which would otherwise seem to have been shown to everybody
 */
export async function findWhoSaw(
  database: DataSource,
  { resultId, path, consumer, version }: FieldQuestion,
): Promise<Outcome<WhoSaw>> {
  const stored: { sequence: string; hash: string; entry: string }[] = await database.query(
    `select sequence, hash, entry from ledger where result_id = $1 and version = coalesce($2::integer, version)
     order by sequence limit ${MAX_ROWS + 1}`,
    [resultId, version ?? null],
  );
  if (stored.length > MAX_ROWS) return { ok: false, problem: problem('too-large', { detail: NAME_A_VERSION }) };
  const rows = stored.map((row): DisclosureRow => ({
    sequence: Number(row.sequence),
    hash: row.hash,
    entry: JSON.parse(row.entry) as DisclosureRecord,
  }));
  const [first] = rows;
  if (first === undefined) return { ok: false, problem: problem('unknown') };
  const { issuer, kind } = first.entry;
  const all = whoSaw(rows, path, await receiptsOf(database, resultId));
  const named = all.some(({ views }) => views.some(({ withheld }) => withheld.some(({ path: at }) => at !== '')));
  if (!named && !isFieldOf(kind, path)) {
    const errors = [
      violation('/path', 'unknown-reference', { expected: { zh: `${kind} 字段`, en: `fields of ${kind}` } }),
    ];
    return { ok: false, problem: problem('invalid', { errors }) };
  }
  const answers = all.filter((answer) => answer.consumer === (consumer ?? answer.consumer));
  return { ok: true, value: { resultId, issuer: issuer as UnitId, kind, path, answers } };
}

async function receiptsOf(database: DataSource, resultId: string): Promise<ReceiptOf> {
  const settlements: { version: number; receipts: string; held: string }[] = await database.query(
    'select version, receipts, held from settlement where result_id = $1',
    [resultId],
  );
  const byVersion = new Map(
    settlements.map(({ version, receipts, held }) => [
      version,
      { at: JSON.parse(receipts) as Record<string, string>, held: JSON.parse(held) as Record<string, string> },
    ]),
  );
  return (version, consumer, tokenDigest) => {
    const { at = {}, held = {} } = byVersion.get(version) ?? {};
    return (held[consumer] ?? tokenDigest) === tokenDigest ? (at[consumer] ?? null) : null;
  };
}

/** Whether contents of a kind have a place for a field; of a kind that is not known everything may be. */
export function isFieldOf(kind: string, path: string): boolean {
  const known = RESULT_KINDS.find((each) => each === kind);
  if (known === undefined) return true;
  const fields = fieldsOf(known);
  let pattern = '';
  for (const segment of path.split('/').slice(1)) {
    const isArray = fields.get(pattern) === 'array';
    if (isArray && segment !== '*' && !/^(?:0|[1-9]\d*)$/.test(segment)) return false;
    pattern += isArray ? '/*' : `/${segment}`;
    if (!fields.has(pattern)) return false;
  }
  return true;
}

const NAME_A_VERSION = {
  zh: '该结果的披露记录过多，请指定版本',
  en: 'There are too many rows about this result; name a version',
};
