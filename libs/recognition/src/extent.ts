import { bearsDocument, documentPath, type RequestedConsignment, type Target } from './consignment.ts';
import { compareDecimals } from './decimal.ts';
import { WITHHELD } from './disclosed.ts';
import type { Examination, ResultRecord } from './read-result.ts';

/** How much of a target a check examined. */
export type Extent =
  | { of: 'none' }
  /** It cannot be told: this field was taken out of the copy. */
  | { of: 'withheld'; path: string }
  | { of: 'whole' }
  /** Only this quantity of the item. */
  | { of: 'part'; value: string; unit: string };

const NONE: Extent = { of: 'none' };
const WHOLE: Extent = { of: 'whole' };

/**
 * Whether a check looked at any of a target, or for all that it says may have: then what it found stands against every
 * reliance for that target, however little it examined. A check covers what it names and nothing else, but a finding
 * that names no container may be about any of its result, and one that names no item about any item.
 */
export function mayConcern(
  target: Target,
  record: ResultRecord,
  check: Examination,
  consignment: RequestedConsignment,
): boolean {
  const { containers, items, coversWithheld } = check;
  switch (target.kind) {
    case 'container':
      if (containers.has(target.container) || coversWithheld) return true;
      return containers.size === 0 && (record.containers.has(target.container) || record.containersWithheld);
    case 'item':
      if (bearsDocument(record, consignment) === false) return false;
      return items.has(target.item) || coversWithheld || items.size === 0;
    case 'document':
      return bearsDocument(record, consignment) !== false;
    default:
      return target satisfies never;
  }
}

/**
 * How much of a target a check examined, by what it names and by nothing else.
 *
 * Quantities: what the check states for the item counts; where it states none, the declared quantity or net weight of
 * the goods line in the same result. Units must be equal: nothing is converted. Several statements are never added up,
 * the largest counts, because two examinations may have looked at the same sacks.
 */
export function extentOf(
  target: Target,
  record: ResultRecord,
  check: Examination,
  consignment: RequestedConsignment,
): Extent {
  switch (target.kind) {
    case 'container':
      if (check.containers.has(target.container)) return WHOLE;
      return check.coversWithheld ? { of: 'withheld', path: '/checks/*/covers' } : NONE;
    case 'item':
      return extentOfItem(target, record, check, consignment);
    case 'document':
      return extentOfDocument(target, record, check, consignment);
    default:
      return target satisfies never;
  }
}

function extentOfItem(
  target: Extract<Target, { kind: 'item' }>,
  record: ResultRecord,
  check: Examination,
  consignment: RequestedConsignment,
): Extent {
  const bears = bearsDocument(record, consignment);
  if (bears === false) return NONE;
  if (check.coversWithheld) return { of: 'withheld', path: '/checks/*/covers' };
  if (!check.items.has(target.item)) return NONE;
  if (bears === WITHHELD) return { of: 'withheld', path: documentPath(consignment) };
  const stated = check.quantities.filter(({ item }) => item === target.item);
  const line = record.goods.get(target.item);
  const declared = line?.amounts ?? [];
  if (!target.quantity && stated.length === 0) return WHOLE;
  const examined = stated.length > 0 ? stated : declared;
  // Without a requested quantity the whole line must have been examined, in whichever unit both are stated.
  const needed = target.quantity ? [target.quantity] : declared;
  if (examined.some((each) => needed.some((amount) => reaches(each, amount)))) return WHOLE;
  if (!(target.quantity && stated.length > 0)) {
    if (line?.amountsWithheld) return { of: 'withheld', path: '/goods/*/quantity' };
    if (!line && record.goodsWithheld) return { of: 'withheld', path: '/goods' };
  }
  const most = largest(examined, target.quantity?.unit);
  return most === undefined || compareDecimals(most.value, '0') === 0 ? NONE : { of: 'part', ...most };
}

interface Amount {
  value: string;
  unit: string;
}

function reaches(examined: Amount, needed: Amount): boolean {
  return examined.unit === needed.unit && (compareDecimals(examined.value, needed.value) ?? -1) >= 0;
}

/** The largest of some amounts, in one unit if that is given, else in the unit of the first. */
function largest(amounts: readonly Amount[], unit: string | undefined): Amount | undefined {
  const [first, ...others] = amounts.filter(
    (amount) => (unit === undefined || amount.unit === unit) && compareDecimals(amount.value, '0') !== undefined,
  );
  if (!first) return undefined;
  const { value } = others.reduce((most, next) => (reaches(next, most) ? next : most), first);
  return { value, unit: first.unit };
}

/** A check covers a document as a whole unless it names only some of the containers and items that belong to it. */
function extentOfDocument(
  target: Extract<Target, { kind: 'document' }>,
  record: ResultRecord,
  check: Examination,
  consignment: RequestedConsignment,
): Extent {
  const bears = bearsDocument(record, consignment);
  if (bears !== true) return NONE;
  if (check.coversWithheld) return { of: 'withheld', path: '/checks/*/covers' };
  const namesNothing = check.containers.size === 0 && check.items.size === 0;
  const namesAll =
    target.containers.every((container) => check.containers.has(container)) &&
    target.items.every((item) => check.items.has(item)) &&
    check.quantities.length === 0;
  return namesNothing || namesAll ? WHOLE : NONE;
}
