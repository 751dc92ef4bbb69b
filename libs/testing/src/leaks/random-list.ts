import { fieldsOf, RESULT_KINDS, type ResultKind, type UnitId } from '@clearance/contracts';
import type { Entry, NegativeList } from '@clearance/negative-list';
import type { Chance } from './chance.ts';

/** A list made by chance, with its own opinion, formed in the plainest way, of what it withholds. */
export interface RandomList {
  list: NegativeList;
  /**
   * Whether a leaf of a content is withheld from a unit.
   *
   * @param pointer JSON Pointer of the leaf
   * @param at milliseconds since the epoch
   */
  withholds(
    result: { kind: string; issuer: UnitId; content: Readonly<Record<string, unknown>> },
    pointer: string,
    unit: UnitId,
    at: number,
  ): boolean;
}

type Content = Readonly<Record<string, unknown>>;
type Selector = NonNullable<Entry['consumers']>;

/** What a condition says of a content; undefined when it cannot be decided, and then the data is withheld. */
type Opinion = (content: Content, issuer: UnitId) => boolean | undefined;

const equals =
  (name: string, value: string): Opinion =>
  (content) =>
    content[name] === undefined ? undefined : content[name] === value;

const issuedIn =
  (province: string): Opinion =>
  (_content, issuer) =>
    issuer.startsWith(`${province}.`);

const CONDITIONS: readonly [string, Opinion][] = [
  ['content.direction == "import"', equals('direction', 'import')],
  ['content.direction != "import"', (...result) => negated(equals('direction', 'import')(...result))],
  ['content.conclusion == "examination-required"', equals('conclusion', 'examination-required')],
  ['has(content.handling) && content.handling == "dual-use"', ({ handling }) => handling === 'dual-use'],
  ['has(content.goods)', ({ goods }) => goods !== undefined],
  ['province == "ln"', issuedIn('ln')],
  ['province == "hl"', issuedIn('hl')],
];

const DAY = 86_400_000;
const ZONE = '+08:00';

/** What a list is made for. */
export interface ListCase {
  /** Milliseconds since the epoch: days of validity lie around it. */
  now: number;
  consumers: readonly UnitId[];
  kinds?: readonly ResultKind[];
  entries: number;
  /** Share of the entries that withhold the whole result. */
  whole?: number;
}

/** Makes a list by chance. */
export function randomList(chance: Chance, options: ListCase): RandomList {
  const made = Array.from({ length: options.entries }, (_, index) => randomEntry(chance, options, `NL-${700 + index}`));
  return {
    list: { version: '1', effectiveFrom: '2026-01-01', entries: made.map(({ entry }) => entry) },
    withholds: (result, pointer, unit, at) => made.some((each) => hits(each, result, pointer, unit, at)),
  };
}

interface MadeEntry {
  entry: Entry;
  opinion: Opinion;
}

function randomEntry(chance: Chance, options: ListCase, id: string): MadeEntry {
  const { kinds = RESULT_KINDS, now } = options;
  const kind = chance.pick(kinds);
  const paths = [...fieldsOf(kind).keys()].filter((path) => path !== '');
  const whole = chance.happens(options.whole ?? 0.08);
  const [when, opinion] = chance.happens(0.35) ? chance.pick(CONDITIONS) : [undefined, () => true];
  // Mostly close to now: what is wrong about a validity is wrong at its edges.
  const day = (around: number): string =>
    new Date(now + (around + chance.pick([-40, -1, 0, 0, 1, 40])) * DAY).toISOString().slice(0, 10);
  const entry: Entry = {
    id,
    title: { zh: '条', en: 'x' },
    class: chance.pick(['conditional', 'withheld']),
    legalBasis: '《法》第一条',
    owner: kind.split('.')[0] as Entry['owner'],
    match: {
      kinds: whole || chance.happens(0.8) ? [kind] : [`${kind.split('.')[0]}.*`],
      ...(chance.happens(0.3) ? { issuers: randomSelector(chance, options.consumers) } : {}),
    },
    ...(whole ? {} : { fields: Array.from({ length: 1 + chance.below(4) }, () => chance.pick(paths)) }),
    ...(chance.happens(0.7) ? { consumers: randomSelector(chance, options.consumers) } : {}),
    ...(when === undefined ? {} : { when }),
    ...(chance.happens(0.3) ? { validFrom: day(-1) } : {}),
    ...(chance.happens(0.3) ? { validUntil: day(1) } : {}),
  };
  return { entry, opinion };
}

function randomSelector(chance: Chance, units: readonly UnitId[]): Selector {
  const term = (): string => {
    const unit = chance.pick(units);
    const [province = '', role = ''] = unit.split('.');
    return chance.pick([unit, unit, `${province}.*`, `*.${role}`, `*.${role}`]);
  };
  const terms = [...new Set(Array.from({ length: 1 + chance.below(3) }, term))];
  return (chance.happens(0.5) ? { only: terms } : { except: terms }) as Selector;
}

function hits(
  { entry, opinion }: MadeEntry,
  { kind, issuer, content }: { kind: string; issuer: UnitId; content: Content },
  pointer: string,
  unit: UnitId,
  at: number,
): boolean {
  if (!entry.match.kinds.some((each) => each === kind || each === `${kind.split('.')[0]}.*`)) return false;
  if (entry.match.issuers !== undefined && !selected(entry.match.issuers, issuer)) return false;
  if (entry.consumers !== undefined && !selected(entry.consumers, unit)) return false;
  if (entry.validFrom !== undefined && at < Date.parse(`${entry.validFrom}T00:00:00${ZONE}`)) return false;
  if (entry.validUntil !== undefined && at >= Date.parse(`${entry.validUntil}T00:00:00${ZONE}`) + DAY) return false;
  if (opinion(content, issuer) === false) return false;
  return entry.fields === undefined || entry.fields.some((path) => covers(path, pointer));
}

/** Whether a path with `*` for elements names the node or one above it. */
function covers(path: string, pointer: string): boolean {
  const [steps, place] = [path.split('/'), pointer.split('/')];
  return steps.length <= place.length && steps.every((step, index) => step === '*' || step === place[index]);
}

function selected(selector: Selector, unit: UnitId): boolean {
  if (typeof selector !== 'object' || Array.isArray(selector)) throw new Error('lists of chance use only and except');
  const [terms, chosen] =
    'only' in selector ? [selector.only, true] : [(selector as { except: string[] }).except, false];
  const [province, role] = unit.split('.');
  const named = terms.some((term) => [unit, '*', `${province}.*`, `*.${role}`].includes(term));
  return named === chosen;
}

function negated(opinion: boolean | undefined): boolean | undefined {
  return opinion === undefined ? undefined : !opinion;
}
