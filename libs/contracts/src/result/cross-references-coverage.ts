import type { LocalizedText } from '../codes/localized-text.ts';
import { compareDecimals } from '../identifiers/decimal.ts';
import { NAMED_LISTS } from '../problem/named-lists.ts';
import { violation, type Violation } from '../problem/violation.ts';
import type { Named } from './cross-references.ts';
import { integerAt, listAt, objectAt, textAt, type Loose } from './loose.ts';

const decimalForm = /^(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$/;

/** The declared amount of a line in a unit: its quantity, or its net weight. */
function declaredIn(unit: string, line: unknown): string | undefined {
  const amount = [objectAt(line, 'quantity'), objectAt(line, 'netWeight')].find(
    (each) => textAt(each, 'unit') === unit,
  );
  return textAt(amount, 'value');
}

function quantityViolations(quantity: unknown, at: string, goods: readonly unknown[]): Violation[] {
  const item = integerAt(quantity, 'item');
  const unit = textAt(quantity, 'unit');
  const value = textAt(quantity, 'value');
  const line = goods.find((each) => integerAt(each, 'item') === item);
  if (item === undefined || unit === undefined || value === undefined || !decimalForm.test(value)) return [];
  if (line === undefined) return [violation(`${at}/item`, 'unknown-reference', { expected: NAMED_LISTS.goods })];
  if (objectAt(line, 'quantity') === undefined && objectAt(line, 'netWeight') === undefined) return [];
  const declared = declaredIn(unit, line);
  if (declared === undefined) return [violation(`${at}/unit`, 'contradiction', { expected: NAMED_LISTS.goods })];
  if (decimalForm.test(declared) && compareDecimals(value, declared) > 0) {
    return [violation(`${at}/value`, 'exceeds', { expected: NAMED_LISTS.goods })];
  }
  return [];
}

/**
 * Reports members of `containers`, `items` and `quantities` that name nothing in the content, are named twice, or
 * are more than the goods declare.
 */
export function coverageViolations(
  covers: Loose | unknown,
  at: string,
  named: Named,
  goods: readonly unknown[] = [],
): Violation[] {
  const found: Violation[] = [];
  const once = (member: string, known: ReadonlySet<unknown>, expected: LocalizedText): void => {
    const seen = new Set<unknown>();
    listAt(covers, member).forEach((each, index) => {
      if (typeof each !== 'string' && typeof each !== 'number') return;
      if (seen.has(each)) found.push(violation(`${at}/${member}/${index}`, 'duplicate'));
      else if (!known.has(each)) found.push(violation(`${at}/${member}/${index}`, 'unknown-reference', { expected }));
      seen.add(each);
    });
  };
  once('containers', named.containers, NAMED_LISTS.containers);
  once('items', named.items, NAMED_LISTS.goods);
  listAt(covers, 'quantities').forEach((quantity, index) =>
    found.push(...quantityViolations(quantity, `${at}/quantities/${index}`, goods)),
  );
  return found;
}
