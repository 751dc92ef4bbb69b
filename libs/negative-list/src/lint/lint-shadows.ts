import { fieldsOf, RESULT_KINDS } from '@clearance/contracts';
import type { UnitId } from '@clearance/contracts';
import { covers, pathsByKind } from '../compile/plan-fields.ts';
import { implies, shapeOf } from '../condition/compare-conditions.ts';
import type { ConditionShape } from '../condition/compare-conditions.ts';
import { parseCondition } from '../condition/parse-condition.ts';
import type { Remark } from '../language/finding.ts';
import type { Entry } from '../language/negative-list.ts';
import { mayIssue, takesIn } from '../language/selectors.ts';
import { unitsToCome, writtenTerms } from '../language/unit-sets.ts';
import { intervalOf, spanOf } from '../language/validity.ts';

/** An entry and its pointer in the list. */
export interface PlacedEntry {
  entry: Entry;
  pointer: string;
}

/** What an entry reaches, as sets that are compared at once: bits of a number as long as need be. */
interface Reach extends PlacedEntry {
  /** Fields of its kinds that it takes out, with all that lies below. */
  fields: bigint;
  issuers: bigint;
  consumers: bigint;
  from: number;
  until: number;
  /** Absent: whatever the result. */
  condition: ConditionShape | undefined;
}

/**
 * Entries that change no decision, because another one takes out at least the same from at least the same consumers,
 * whenever they would, at least as firmly. Of two that say the same the later one is named. An entry that only several
 * others together make needless is not found.
 * @param entries those that lint finds no error in
 */
export function lintShadows(
  entries: readonly PlacedEntry[],
  units: readonly UnitId[],
  effectiveFrom: string | undefined,
): Remark[] {
  const reaches = reachOfAll(entries, units, effectiveFrom);
  return reaches.flatMap((reach, index): Remark[] => {
    // What reaches nothing is told of by itself.
    const { fields, issuers, consumers, from, until } = reach;
    if ([fields, issuers, consumers].includes(0n) || until <= from) return [];
    const by = reaches.find((other, place) => {
      if (place === index || !shadows(other, reach)) return false;
      return place < index || !shadows(reach, other);
    });
    return by === undefined
      ? []
      : [{ code: 'shadowed-entry', pointer: reach.pointer, params: { id: reach.entry.id, by: by.entry.id } }];
  });
}

function shadows(other: Reach, reach: Reach): boolean {
  return (
    contains(other.fields, reach.fields) &&
    contains(other.consumers, reach.consumers) &&
    contains(other.issuers, reach.issuers) &&
    other.from <= reach.from &&
    other.until >= reach.until &&
    isAsFirm(other.entry, reach.entry) &&
    hitsWhenever(other, reach)
  );
}

/** Whether what one entry takes out can be asked for no more easily than what another does. */
function isAsFirm(other: Entry, entry: Entry): boolean {
  if (other.class === 'withheld') return true;
  if (entry.class === 'withheld' || other.owner !== entry.owner) return false;
  if (entry.purposes === undefined) return true;
  return other.purposes?.every((purpose) => entry.purposes?.includes(purpose)) ?? false;
}

function hitsWhenever({ condition: other }: Reach, { condition }: Reach): boolean {
  return other === undefined || (condition !== undefined && implies(condition, other));
}

function contains(all: bigint, some: bigint): boolean {
  return (some & ~all) === 0n;
}

function reachOfAll(
  entries: readonly PlacedEntry[],
  units: readonly UnitId[],
  effectiveFrom: string | undefined,
): Reach[] {
  const terms = entries.flatMap(({ entry }) => [entry.match.issuers, entry.consumers].flatMap(writtenTerms));
  // Who may yet join counts as well: what shadows an entry today only is not the same.
  const everyone = [...units, ...unitsToCome(units, [...new Set(terms)])];
  const unitBits = remember((selector: string) => {
    const parsed = selector === '' ? undefined : (JSON.parse(selector) as Entry['consumers']);
    return bitsOf(everyone.map((unit) => takesIn(parsed, unit)));
  });
  const issuing = remember((kind: string) => bitsOf(everyone.map((unit) => mayIssue(unit, kind))));
  const fieldBits = remember(fieldsBelow);
  const shapeOfText = remember((when: string) => {
    const parsed = parseCondition(when);
    return parsed.ok ? shapeOf(parsed.root) : NOTHING_LIKE_IT;
  });
  const start = (effectiveFrom === undefined ? undefined : spanOf(effectiveFrom)?.from) ?? -Infinity;
  return entries.map((placed): Reach => {
    const { entry } = placed;
    const paths = pathsByKind(entry);
    let fields = 0n;
    for (const [kind, taken] of paths) for (const path of taken) fields |= fieldBits(`${kind} ${path}`);
    const mayBe = [...paths.keys()].reduce((bits, kind) => bits | issuing(kind), 0n);
    const { from, until } = intervalOf(entry);
    return {
      ...placed,
      fields,
      issuers: unitBits(JSON.stringify(entry.match.issuers) ?? '') & mayBe,
      consumers: unitBits(JSON.stringify(entry.consumers) ?? ''),
      // Before the list takes effect nothing at all is shared.
      from: Math.max(from, start),
      until,
      condition: entry.when === undefined ? undefined : shapeOfText(entry.when),
    };
  });
}

/** Stands for what cannot be compared: it demands what nothing else does. */
const NOTHING_LIKE_IT: ConditionShape = { demands: new Set(['?']), alternatives: new Set(['?']) };

const FIELDS: readonly string[] = RESULT_KINDS.flatMap((kind) =>
  [...fieldsOf(kind).keys()].map((path) => `${kind} ${path}`),
);

/** The fields of a kind at a path and below it, `kind path`. */
function fieldsBelow(field: string): bigint {
  return bitsOf(FIELDS.map((other) => covers(field, other)));
}

function bitsOf(flags: readonly boolean[]): bigint {
  return flags.length === 0 ? 0n : BigInt(`0b${flags.map(Number).join('')}`);
}

function remember<Value>(answer: (key: string) => Value): (key: string) => Value {
  const answers = new Map<string, Value>();
  return (key) => {
    let known = answers.get(key);
    if (known === undefined) answers.set(key, (known = answer(key)));
    return known;
  };
}
