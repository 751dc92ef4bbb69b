import { type FieldType, fieldsOf, type ResultKind } from '@clearance/contracts';
import type { Chance } from './chance.ts';
import type { Canary } from './hunt-leaks.ts';

/** A content of a kind with a canary in every text and number of it. */
export interface PlantedContent {
  kind: ResultKind;
  content: Record<string, unknown>;
  /** `at` is the JSON Pointer into the content. */
  canaries: Canary[];
}

/** Members on whose values conditions of lists are written: they hold these and no canary. */
const KNOWN_VALUES: Readonly<Record<string, readonly string[]>> = {
  '/direction': ['import', 'export'],
  '/handling': ['ordinary', 'dual-use', 'military'],
  '/conclusion': ['released', 'detained', 'examination-required'],
};

/**
 * Makes a content from the catalogue of its kind's fields: each of them is there or not, by chance, arrays have some
 * elements, and every text and number is one of a kind. It need not be valid; the gateway must withhold from it all the
 * same. Now and then it has members that no catalogue knows.
 */
export function plantContent(kind: ResultKind, chance: Chance): PlantedContent {
  const canaries: Canary[] = [];
  const plant = (at: string, value: string): string => {
    canaries.push({ at, value });
    return value;
  };
  const fields = fieldsOf(kind);
  const make = (path: string, pointer: string, type: FieldType): unknown => {
    switch (type) {
      case 'object':
        return makeObject(path, pointer);
      case 'array':
        return Array.from({ length: chance.pick([1, 1, 2]) }, (_, index) =>
          make(`${path}/*`, `${pointer}/${index}`, fields.get(`${path}/*`)!),
        );
      case 'string':
        return chance.pick(KNOWN_VALUES[path] ?? [plant(pointer, strangeText(chance))]);
      case 'integer':
      case 'number':
        return Number(plant(pointer, String(100_000_000_000 + chance.below(899_999_999_999))));
      case 'boolean':
        return chance.happens(0.5);
      default:
        return type satisfies never;
    }
  };
  const makeObject = (path: string, pointer: string): Record<string, unknown> => {
    const members = [...fields].filter(([each]) => parentOf(each) === path && each !== '' && !each.endsWith('/*'));
    const object: Record<string, unknown> = {};
    for (const [each, type] of members) {
      if (each === '/kind') object['kind'] = kind;
      else if (path === '' ? chance.happens(0.8) : chance.happens(0.9)) {
        const name = each.slice(path.length + 1);
        object[name] = make(each, `${pointer}/${name}`, type);
      }
    }
    if (chance.happens(0.05)) {
      object['surprise'] = { deep: [plant(`${pointer}/surprise/deep/0`, strangeText(chance))] };
    }
    return object;
  };
  return { kind, content: makeObject('', ''), canaries };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A text that no other has, with what makes escaping differ: quotes, other scripts, line ends, surrogate pairs. */
function strangeText(chance: Chance): string {
  const [head, tail] = [chance.text(10), chance.text(6)];
  return `${head}${chance.pick(['', '', ' ', '冻鳕鱼', '"', '\\', '\n', '/', '𝔹', 'é', "'", '<b>', '~1', '\u0001'])}${tail}`;
}
