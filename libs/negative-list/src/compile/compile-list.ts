import { fieldsOf, isResultKind, RESULT_KINDS } from '@clearance/contracts';
import type { ResultKind, Selector, UnitId } from '@clearance/contracts';
import { checkCondition } from '../condition/check-condition.ts';
import { neededValues } from '../condition/needed-values.ts';
import type { Needs } from '../condition/needed-values.ts';
import { parseCondition } from '../condition/parse-condition.ts';
import type { ParsedCondition } from '../condition/parse-condition.ts';
import type { Condition } from '../condition/reference-evaluator.ts';
import { planCondition } from '../condition/run-condition.ts';
import { fieldTree } from '../language/catalogue.ts';
import type { FieldNode } from '../language/catalogue.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import { kindMatches, takesIn } from '../language/selectors.ts';
import { intervalOf, spanOf } from '../language/validity.ts';
import { indexByNeeds } from './entry-index.ts';
import type { Indexed } from './entry-index.ts';
import { compilePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import { planFields } from './plan-fields.ts';

/** An entry made ready for results of one kind. */
export interface PlannedEntry extends Indexed {
  entry: Entry;
  /** Whether it is about results of a unit of the mesh, by the unit's number. */
  issuers: readonly boolean[];
  /** Whether a unit of the mesh does not see what it names, by the unit's number. */
  consumers: readonly boolean[];
  /** In force from (inclusive) until (exclusive), ms since the epoch. */
  from: number;
  until: number;
  /** One and the same object for one and the same path. */
  patterns: readonly Pattern[];
  /** Absent: the entry hits whatever the content is. One and the same function for one and the same text. */
  condition: Condition | undefined;
}

/** What there is to decide for results of one kind from one issuer. */
export interface Plan {
  tree: FieldNode;
  /** Every unit that may be asked for, with its number. */
  units: ReadonlyMap<UnitId, number>;
  /** The entries about such results, without those whose conditions a content plainly does not meet; in their order. */
  candidatesIn: (content: unknown) => readonly PlannedEntry[];
  /** All entries about such results, in their order. */
  entries: () => readonly PlannedEntry[];
}

/** A negative list made ready to decide. Immutable; may be used for any number of results at once. */
export interface CompiledList {
  version: string;
  /** Instant from which it is in force, ms since the epoch. */
  effectiveFrom: number;
  entries: readonly Entry[];
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
  const units = new Map(Array.from(new Set(consumers), (unit, number) => [unit, number]));
  const planWhen = conditionPlanner();
  const unitsOf = selectorReader(units);
  const kinds = new Map(
    RESULT_KINDS.map((kind) => {
      const patternOf = patternReader(fieldTree(kind));
      const matching = list.entries.filter((entry) => entry.match.kinds.some((pattern) => kindMatches(pattern, kind)));
      const entries = matching.map((entry, index): PlannedEntry => {
        const when = entry.when === undefined ? undefined : planWhen(entry.when, kind);
        return {
          entry,
          index,
          issuers: unitsOf(entry.match.issuers),
          consumers: unitsOf(entry.consumers),
          ...intervalOf(entry),
          patterns: planFields(entry, kind, patternOf),
          condition: when?.condition,
          needs: when?.needs ?? [],
        };
      });
      const tree = fieldTree(kind);
      const candidatesIn = indexByNeeds(entries);
      const planOf = (concerns: (planned: PlannedEntry) => boolean): Plan => ({
        tree,
        units,
        candidatesIn: (content) => candidatesIn(content).filter(concerns),
        entries: () => entries.filter(concerns),
      });
      const plans = Array.from(units, ([unit, number]): [UnitId, Plan] => [
        unit,
        planOf(({ issuers }) => issuers[number] === true),
      ]);
      return [kind, { planOf, plans: new Map(plans) }];
    }),
  );
  return {
    version: list.version,
    effectiveFrom: spanOf(list.effectiveFrom)?.from ?? Infinity,
    entries: list.entries,
    planFor: (kind, issuer) => {
      const known = isResultKind(kind) ? kinds.get(kind) : undefined;
      // An issuer outside the mesh is decided all the same, but not remembered: its name may be anything.
      return known?.plans.get(issuer) ?? known?.planOf(({ entry }) => takesIn(entry.match.issuers, issuer));
    },
  };
}

/** Which units a selector takes in; one answer for all selectors that are written alike. */
function selectorReader(units: ReadonlyMap<UnitId, number>): (selector: Selector | undefined) => readonly boolean[] {
  const read = new Map<string | undefined, readonly boolean[]>();
  return (selector) => {
    const written = JSON.stringify(selector);
    let known = read.get(written);
    if (known === undefined) read.set(written, (known = Array.from(units.keys(), (unit) => takesIn(selector, unit))));
    return known;
  };
}

function patternReader(tree: FieldNode): (path: string) => Pattern | undefined {
  const read = new Map<string, Pattern | undefined>();
  return (path) => {
    if (!read.has(path)) read.set(path, compilePattern(path, tree));
    return read.get(path);
  };
}

interface PlannedCondition {
  condition: Condition;
  needs: readonly Needs[];
}

/** Plans conditions, each text once; entries with the same condition share it, and its answer. */
function conditionPlanner(): (when: string, kind: ResultKind) => PlannedCondition | undefined {
  const read = new Map<
    string,
    { parsed: ParsedCondition; planned?: PlannedCondition; sound: Map<ResultKind, boolean> }
  >();
  return (when, kind) => {
    let known = read.get(when);
    if (known === undefined) read.set(when, (known = { parsed: parseCondition(when), sound: new Map() }));
    const { parsed } = known;
    if (!parsed.ok) return undefined;
    let sound = known.sound.get(kind);
    if (sound === undefined) {
      sound = checkCondition(parsed.parsed, parsed.root, kind, fieldsOf(kind)).length === 0;
      known.sound.set(kind, sound);
    }
    if (!sound) return undefined;
    known.planned ??= { condition: planCondition(parsed.parsed), needs: neededValues(parsed.root) };
    return known.planned;
  };
}
