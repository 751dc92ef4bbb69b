import {
  exampleContent,
  type Mesh,
  placesOf,
  type ResultContent,
  type ResultKind,
  unitsOf,
  type UnitId,
  validateContent,
  validateIssuer,
} from '@clearance/contracts';
import { containerNumber, creditCode } from '../traffic/identifiers.ts';
import type { Random } from '../traffic/random.ts';

/** A valid content in which every value that can be is one of a kind. */
export interface PlantedResult {
  unit: UnitId;
  content: ResultContent;
  /** The values that were planted. */
  values: string[];
}

/**
 * Makes a valid content of a kind from the contract's example, and the unit that may issue it: each of its texts, numbers
 * and identifiers is replaced by one that nothing else has, where the contract lets it be; codes and times stay.
 *
 * @param reference keeps this reference; a new one when absent
 */
export function plantResult(mesh: Mesh, kind: ResultKind, random: Random, reference?: string): PlantedResult {
  let content = exampleContent(kind) as ResultContent;
  const places = placesOf(mesh);
  const unit = unitsOf(mesh).find((each) => validateIssuer(content, each, places).length === 0);
  if (unit === undefined) throw new Error(`no unit may issue the example of ${kind}`);
  const isValid = (candidate: ResultContent): boolean =>
    validateContent(candidate).ok && validateIssuer(candidate, unit, places).length === 0;
  const values: string[] = [];
  // The same value in several places is a reference from one to the other.
  for (const [value, pointers] of Map.groupBy(textsOf(content), ([, text]) => text)) {
    const fixed = pointers.some(([pointer]) => pointer === '/reference') ? reference : undefined;
    for (const candidate of fixed === undefined ? candidatesFor(value, random) : [fixed]) {
      const changed = replaced(content, value, candidate);
      if (!isValid(changed)) continue;
      content = changed;
      if (fixed === undefined) values.push(candidate);
      break;
    }
  }
  return { unit, content, values };
}

/** Every text of a content, with its JSON Pointer. */
export function textsOf(value: unknown, at = ''): [pointer: string, text: string][] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsOf(member, `${at}/${name}`));
}

const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const ANY = `${UPPER}abcdefghijkmnopqrstuvwxyz`;

function candidatesFor(value: string, random: Random): string[] {
  const text = (length: number): string => random.text(length, ANY);
  if (/^[A-Z]{3}[UJZ]\d{7}$/.test(value)) return [containerNumber(random)];
  if (/^[0-9A-Z]{18}$/.test(value) && /[A-Z]/.test(value)) return [creditCode(random, '210200')];
  if (/^\d{18}$/.test(value)) return [`${value.slice(0, 9)}${random.digits(9)}`];
  return [
    `${text(9)}${random.pick([' ', '"', '冻鳕鱼', '\\', '/', 'é'])}${text(5)}`,
    text(14),
    random.text(12, UPPER),
    random.text(9, UPPER),
    `${random.digits(9)}.${random.digits(3)}`,
    random.digits(10),
  ];
}

function replaced(content: ResultContent, from: string, to: string): ResultContent {
  const walk = (value: unknown): unknown => {
    if (value === from) return to;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(walk);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member)]));
  };
  return walk(content) as ResultContent;
}
