import type { LocalizedText } from '@clearance/contracts';
import type { UnitTerms } from './unit-sets.ts';

/** Items that one message names, at most. */
const ITEMS_NAMED = 12;

/** Items in a row; of many only the first, and how many there are. */
export function listed(items: readonly string[]): LocalizedText {
  const shown = items.slice(0, ITEMS_NAMED);
  const rest = items.length - shown.length;
  const [zh, en] = [shown.join('、'), shown.join(', ')];
  return rest === 0 ? { zh, en } : { zh: `${zh} 等 ${items.length} 项`, en: `${en} and ${rest} more` };
}

/** Paths in a row; '' is the whole result. */
export function pathsNamed(paths: readonly string[]): LocalizedText {
  return paths.includes('') ? { zh: '整份结果', en: 'the whole result' } : listed(paths);
}

/** Units as a sentence names them. */
export function unitsNamed(terms: UnitTerms): LocalizedText {
  if ('only' in terms) return terms.only.includes('*') ? { zh: '所有单位', en: 'every unit' } : listed(terms.only);
  const { zh, en } = listed(terms.except);
  return { zh: `除 ${zh} 以外的单位`, en: `every unit except ${en}` };
}
