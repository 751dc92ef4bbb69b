import { fieldsOf, isResultKind, RESULT_KINDS } from '@clearance/contracts';
import type { ResultKind, Selector, UnitId } from '@clearance/contracts';
import { checkCondition } from '../condition/check-condition.ts';
import { parseCondition } from '../condition/parse-condition.ts';
import type { ParsedCondition } from '../condition/parse-condition.ts';
import { planCondition } from '../condition/run-condition.ts';
import type { Condition } from '../condition/run-condition.ts';
import { fieldTree } from '../language/catalogue.ts';
import type { FieldNode } from '../language/catalogue.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import { kindMatches, takesIn } from '../language/selectors.ts';
import { intervalOf, spanOf } from '../language/validity.ts';
import { compilePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';

/** An entry made ready for results of one kind. */
export interface PlannedEntry {
  entry: Entry;
  /** Its number among the entries of its kind. */
  index: number;
  /** The units of the mesh that do not see what it names. */
  consumers: ReadonlySet<UnitId>;
  /** In force from (inclusive) until (exclusive), ms since the epoch. */
  from: number;
  until: number;
  patterns: readonly Pattern[];
  /** Absent: the entry hits whatever the content is. */
  condition: Condition | undefined;
}

/** Consumers that the same entries are about. */
export interface ConsumerClass {
  entries: readonly PlannedEntry[];
}

/** What there is to decide for results of one kind from one issuer. */
export interface Plan {
  tree: FieldNode;
  classes: ReadonlyMap<UnitId, ConsumerClass>;
}

/** A negative list made ready to decide. Immutable; may be used for any number of results at once. */
export interface CompiledList {
  version: string;
  /** Instant from which it is in force, ms since the epoch. */
  effectiveFrom: number;
  /** The plan for results of a kind from an issuer; undefined if the kind is unknown. */
  planFor: (kind: string, issuer: UnitId) => Plan | undefined;
}

/**
 * Makes a list ready to decide what each of `consumers` (every unit of the mesh) may see: what can be settled
 * without a result — which entries concern which kind, issuer and consumer — is settled here, once.
 *
 * A list is to be linted before. Should an entry still hold something that cannot be read here, it withholds: a
 * condition that does not check hits always, an unknown path takes the whole result, an unreadable date sets no limit.
 */
export function compileNegativeList(list: NegativeList, consumers: readonly UnitId[]): CompiledList {
  const units = [...new Set(consumers)];
  const planWhen = conditionPlanner();
  const consumersOf = new Map(list.entries.map((entry) => [entry, unitsIn(entry.consumers, units)]));
  const issuersOf = new Map(list.entries.map((entry) => [entry, unitsIn(entry.match.issuers, units)]));

  const planEntry = (entry: Entry, index: number, kind: ResultKind): PlannedEntry => ({
    entry,
    index,
    consumers: consumersOf.get(entry) ?? new Set(units),
    ...intervalOf(entry),
    patterns: planFields(entry, kind),
    condition: entry.when === undefined ? undefined : planWhen(entry.when, kind),
  });
  const kinds = new Map(
    RESULT_KINDS.map((kind) => {
      const matching = list.entries.filter((entry) => entry.match.kinds.some((pattern) => kindMatches(pattern, kind)));
      const entries = matching.map((entry, index) => planEntry(entry, index, kind));
      const plans = units.map((issuer): [UnitId, Plan] => {
        const concerning = entries.filter(({ entry }) => issuersOf.get(entry)?.has(issuer));
        return [issuer, planIssuer(kind, issuer, concerning, units)];
      });
      return [kind, { entries, plans: new Map(plans) }];
    }),
  );
  return {
    version: list.version,
    effectiveFrom: spanOf(list.effectiveFrom)?.from ?? Infinity,
    planFor: (kind, issuer) => {
      const known = isResultKind(kind) ? kinds.get(kind) : undefined;
      if (!isResultKind(kind) || known === undefined) return undefined;
      const plan = known.plans.get(issuer);
      if (plan !== undefined) return plan;
      // An issuer outside the mesh is decided all the same, but not remembered: its name may be anything.
      const concerning = known.entries.filter(({ entry }) => takesIn(entry.match.issuers, issuer));
      return planIssuer(kind, issuer, concerning, units);
    },
  };
}

function unitsIn(selector: Selector | undefined, units: readonly UnitId[]): ReadonlySet<UnitId> {
  return new Set(units.filter((unit) => takesIn(selector, unit)));
}

const WHOLE: Pattern = { path: '', steps: [] };

function planFields(entry: Entry, kind: ResultKind): Pattern[] {
  const { fields } = entry;
  if (fields === undefined) return [WHOLE];
  const patterns = fields.map((path) => compilePattern(path, fieldTree(kind)));
  const known = patterns.filter((pattern) => pattern !== undefined);
  // Through `customs.*` or `*` an entry may name fields that only some of its kinds have; by name it may not.
  const lenient = !entry.match.kinds.includes(kind) && fields.every((path) => knownSomewhere(path, entry));
  return known.length === patterns.length || lenient ? known : [WHOLE];
}

function knownSomewhere(path: string, entry: Entry): boolean {
  return RESULT_KINDS.some(
    (kind) =>
      entry.match.kinds.some((pattern) => kindMatches(pattern, kind)) &&
      compilePattern(path, fieldTree(kind)) !== undefined,
  );
}

/** Plans conditions, each text once; entries with the same condition share it, and its answer. */
function conditionPlanner(): (when: string, kind: ResultKind) => Condition | undefined {
  const planned = new Map<string, { parsed: ParsedCondition; condition: Condition | undefined }>();
  return (when, kind) => {
    let known = planned.get(when);
    if (known === undefined) {
      const parsed = parseCondition(when);
      known = { parsed, condition: parsed.ok ? planCondition(parsed.parsed) : undefined };
      planned.set(when, known);
    }
    const { parsed, condition } = known;
    const sound = parsed.ok && checkCondition(parsed.parsed, parsed.root, kind, fieldsOf(kind)).length === 0;
    return sound ? condition : undefined;
  };
}

function planIssuer(
  kind: ResultKind,
  issuer: UnitId,
  concerning: readonly PlannedEntry[],
  units: readonly UnitId[],
): Plan {
  const bySignature = new Map<string, ConsumerClass>();
  const classes = new Map<UnitId, ConsumerClass>();
  for (const unit of units) {
    if (unit === issuer) continue;
    const entries = concerning.filter(({ consumers }) => consumers.has(unit));
    const signature = entries.map(({ entry }) => entry.id).join(' ');
    const known = bySignature.get(signature) ?? { entries };
    bySignature.set(signature, known);
    classes.set(unit, known);
  }
  return { tree: fieldTree(kind), classes };
}
