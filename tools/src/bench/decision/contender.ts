import {
  AGENCIES,
  fieldsOf,
  PROVINCES,
  type ResultKind,
  type Selector,
  selects,
  type UnitId,
} from '@clearance/contracts';
import type { VerifiedToken } from '@clearance/provenance';
import type { Exception } from './list.ts';

/** The twelve units. */
export const UNITS: readonly UnitId[] = PROVINCES.flatMap(({ code }) =>
  AGENCIES.map((agency): UnitId => `${code}.${agency}`),
);

/** A result to be decided about, and beside it what the engines would otherwise have to find out first. */
export interface BenchResult {
  readonly kind: ResultKind;
  readonly issuer: UnitId;
  /** As the gateway has verified it: what our projection starts from. */
  readonly verified: VerifiedToken;
  /** The content as plain JSON: what the projection of the others starts from. */
  readonly content: object;
  /** The eleven others. */
  readonly consumers: readonly UnitId[];
  /** Fields of its kind's catalogue that are in the content, `''` (all of it) first, each after what it lies in. */
  readonly fields: readonly string[];
}

/** What one consumer does not see: paths of the catalogue, of which only the topmost matter. */
export type Hidden = readonly string[];

/** Another library, made ready outside the timing to decide by a list. */
export interface Contender {
  readonly name: string;
  /** For each consumer, in their order. */
  decide(result: BenchResult): Hidden[] | Promise<Hidden[]>;
}

/** Makes a result of a verified token. */
export function benchResult(verified: VerifiedToken): BenchResult {
  const content = JSON.parse(JSON.stringify(verified.content)) as { kind: ResultKind };
  const { issuer } = verified.claims;
  const present = patternsIn(content, '', new Set());
  return {
    kind: content.kind,
    issuer,
    verified,
    content,
    consumers: UNITS.filter((unit) => unit !== issuer),
    fields: ['', ...fieldsOf(content.kind).keys()].filter(
      (path, index, all) => present.has(path) && all.indexOf(path) === index,
    ),
  };
}

/** The paths at which the conditions of entries look: what engines that see no content are to be told. */
export function askedBy(entries: readonly Exception[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ conditions }) => conditions.map(({ path }) => path)));
}

/** The units that a selector takes in; all of them if there is none. */
export function unitsIn(selector: Selector | undefined): UnitId[] {
  return selector === undefined ? [...UNITS] : UNITS.filter((unit) => selects(selector, unit));
}

/**
 * What is left of a content without some fields. A copy of plain JSON is less than what our redaction does, which leaves
 * a token that still verifies; so the comparison is in favour of the others.
 */
export function withoutFields(content: object, hidden: Hidden): object {
  let rest: unknown = content;
  for (const path of hidden) rest = without(rest, stepsOf(path), 0);
  return (rest as object | undefined) ?? {};
}

/** Copies only what lies above a field that goes. */
function without(value: unknown, steps: readonly string[], at: number): unknown {
  const step = steps[at];
  if (step === undefined) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (step === '*') {
    const rest = (value as unknown[]).map((element) => without(element, steps, at + 1));
    return rest.filter((element) => element !== undefined);
  }
  const member = (value as Record<string, unknown>)[step];
  if (member === undefined) return value;
  const kept = without(member, steps, at + 1);
  const copy: Record<string, unknown> = { ...value, [step]: kept };
  if (kept === undefined) delete copy[step];
  return copy;
}

const steps = new Map<string, readonly string[]>();

function stepsOf(path: string): readonly string[] {
  let known = steps.get(path);
  if (known === undefined) steps.set(path, (known = path.split('/').slice(1)));
  return known;
}

function patternsIn(value: unknown, at: string, found: Set<string>): Set<string> {
  found.add(at);
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, member] of Object.entries(value)) {
    patternsIn(member, `${at}/${Array.isArray(value) ? '*' : name}`, found);
  }
  return found;
}
