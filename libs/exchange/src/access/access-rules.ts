import {
  type AccessRule,
  type AccessRules,
  agencyOfKind,
  fieldsOf,
  MAX_ACCESS_RULES,
  type Outcome,
  parseUnitId,
  problem,
  validateAccessRule,
  validateFindAccessRules,
  validateRemoveAccessRule,
  violation,
  type Violation,
} from '@clearance/contracts';
import { isPurpose, PURPOSES } from '@clearance/negative-list';
import type { EntityManager } from '@clearance/platform';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';

/** The rules by which this unit answers requests at once, by name. */
export async function findAccessRules(unit: Unit, body: unknown): Promise<Outcome<AccessRules>> {
  const checked = validateFindAccessRules(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  return { ok: true, value: { rules: await readAccessRules(unit.database) } };
}

/** Lays down a rule, in the place of one of the same name. What is open already still waits for a person. */
export async function putAccessRule(unit: Unit, body: unknown): Promise<Outcome<AccessRules>> {
  const checked = validateAccessRule(body);
  const errors = checked.ok ? judgeRule(unit, checked.value) : checked.violations;
  if (!checked.ok || errors.length > 0) return { ok: false, problem: problem('invalid', { errors }) };
  return inTransaction(unit.database, async (transaction): Promise<Outcome<AccessRules>> => {
    await transaction.query('lock table access_rule in share row exclusive mode');
    await transaction.query(
      'insert into access_rule (rule, body) values ($1, $2) on conflict (rule) do update set body = excluded.body',
      [checked.value.rule, JSON.stringify(checked.value)],
    );
    const rules = await readAccessRules(transaction);
    if (rules.length > MAX_ACCESS_RULES) throw new TooManyRules();
    return { ok: true, value: { rules } };
  }).catch((error: unknown) => {
    if (!(error instanceof TooManyRules)) throw error;
    const tooMany = violation('', 'too-many', { expected: MAX_ACCESS_RULES });
    return { ok: false, problem: problem('invalid', { errors: [tooMany] }) };
  });
}

class TooManyRules extends Error {}

/** Removes a rule; one that is not there is as good as removed. */
export async function removeAccessRule(unit: Unit, body: unknown): Promise<Outcome<AccessRules>> {
  const checked = validateRemoveAccessRule(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  await unit.database.query('delete from access_rule where rule = $1', [checked.value.rule]);
  return { ok: true, value: { rules: await readAccessRules(unit.database) } };
}

/** Reads the rules, by name. */
export async function readAccessRules(database: Pick<EntityManager, 'query'>): Promise<AccessRule[]> {
  const rows: { body: string }[] = await database.query('select body from access_rule order by rule');
  return rows.map(({ body }) => JSON.parse(body) as AccessRule);
}

/** What is wrong with a rule: it must be about results of this unit, their fields and known purposes. */
function judgeRule(unit: Unit, { kinds, paths, purposes }: AccessRule): Violation[] {
  const { role } = parseUnitId(unit.id);
  return [
    ...kinds.flatMap((kind, index) =>
      agencyOfKind(kind) === role
        ? []
        : [violation(`/kinds/${index}`, 'wrong-agency', { expected: agencyOfKind(kind) })],
    ),
    ...paths.flatMap((path, index) =>
      path === '' || kinds.some((kind) => fieldsOf(kind).has(path))
        ? []
        : [violation(`/paths/${index}`, 'bad-format', { expected: FIELDS })],
    ),
    ...purposes.flatMap((purpose, index) =>
      isPurpose(purpose)
        ? []
        : [violation(`/purposes/${index}`, 'not-in-list', { expected: Object.keys(PURPOSES).join(', ') })],
    ),
  ];
}

const FIELDS = { zh: '所列种类的结果中的路径', en: 'a path that results of the kinds named have' };
