import { AGENCY_NAMES } from '@clearance/contracts';
import type { LocalizedText, ResultKind } from '@clearance/contracts';
import type { EntryClass } from '../language/negative-list.ts';
import { listed, pathsNamed, unitsNamed } from '../language/words.ts';
import type { BareChange, ChangeCode, ChangeDetails, EntryDetails, EntryScope, UnitDetails } from './list-change.ts';

/** Says a change in one sentence, in both languages. */
export function changeMessage(change: BareChange, entry = ''): LocalizedText {
  const said = (MESSAGES[change.code] as (details: BareChange['details']) => LocalizedText)(change.details);
  return entry === '' ? said : { zh: `${entry} ${said.zh}`, en: `${entry} ${said.en}` };
}

const say = (zh: string, en: string): LocalizedText => ({ zh, en });

const MESSAGES: { readonly [Code in ChangeCode]: (details: ChangeDetails[Code]) => LocalizedText } = {
  'entry-added': (d) => say(`为新增条目“${d.title.zh}”：${summary(d).zh}`, `is new, "${d.title.en}": ${summary(d).en}`),
  'entry-removed': (d) =>
    say(`已删除（“${d.title.zh}”；原规定：${summary(d).zh}）`, `is gone ("${d.title.en}"; it said: ${summary(d).en})`),
  'class-tightened': () =>
    say(
      '由有条件共享改为不予共享：不再可以申请',
      'is now withheld instead of conditional: it can no longer be asked for',
    ),
  'class-loosened': () =>
    say('由不予共享改为有条件共享：可以申请', 'is now conditional instead of withheld: it can be asked for'),
  'kinds-added': ({ kinds, paths, scope }) =>
    say(
      `现在也适用于 ${listed(kinds).zh} 的结果：${takes(scope, paths).zh}${when(scope).zh}`,
      `now also applies to results of ${listed(kinds).en}: it ${takes(scope, paths).en}${when(scope).en}`,
    ),
  'kinds-removed': ({ kinds, paths, scope }) =>
    say(
      `不再适用于 ${listed(kinds).zh} 的结果（原限制 ${pathsNamed(paths).zh}）${when(scope).zh}`,
      `no longer applies to results of ${listed(kinds).en} (where it took out ${pathsNamed(paths).en})${when(scope).en}`,
    ),
  'kinds-reworded': (d) => reworded('结果种类', 'kinds', listed(d.before), listed(d.after)),
  'issuers-added': (d) =>
    say(
      `现在也适用于 ${unitsOf(d).zh} 签发的结果：${takes(d.scope, d.paths).zh}${when(d.scope).zh}`,
      `now also applies to results issued by ${unitsOf(d).en}: it ${takes(d.scope, d.paths).en}${when(d.scope).en}`,
    ),
  'issuers-removed': (d) =>
    say(
      `不再适用于 ${unitsOf(d).zh} 签发的结果（原限制 ${pathsNamed(d.paths).zh}）${when(d.scope).zh}`,
      `no longer applies to results issued by ${unitsOf(d).en} (where it took out ${pathsNamed(d.paths).en})${when(d.scope).en}`,
    ),
  'issuers-reworded': (d) => reworded('签发单位', 'issuers', unitsNamed(d.before), unitsNamed(d.after)),
  'paths-added': ({ paths, kinds, scope }) =>
    say(
      `现在也${takes(scope, paths).zh}${ofKinds(kinds).zh}${when(scope).zh}`,
      `now also ${takes(scope, paths).en}${ofKinds(kinds).en}${when(scope).en}`,
    ),
  'paths-removed': ({ paths, kinds, scope }) =>
    say(
      `不再对 ${unitsNamed(scope.consumers).zh} 限制 ${pathsNamed(paths).zh}${ofKinds(kinds).zh}${when(scope).zh}`,
      `no longer ${VERBS[scope.class].en} ${pathsNamed(paths).en} ${VERBS[scope.class].from} ${unitsNamed(scope.consumers).en}${ofKinds(kinds).en}${when(scope).en}`,
    ),
  'path-broadened': ({ path, parts, kinds, scope }) =>
    say(
      `范围扩大：${takes(scope, [path]).zh}，原仅 ${pathsNamed(parts).zh}${ofKinds(kinds).zh}${when(scope).zh}`,
      `is broader: it now ${takes(scope, [path]).en}, where it was only ${pathsNamed(parts).en}${ofKinds(kinds).en}${when(scope).en}`,
    ),
  'path-narrowed': ({ path, parts, kinds, scope }) =>
    say(
      `范围缩小：对 ${unitsNamed(scope.consumers).zh} 仅限制 ${pathsNamed(parts).zh}，原为 ${pathsNamed([path]).zh}${ofKinds(kinds).zh}${when(scope).zh}`,
      `is narrower: it now ${takes(scope, parts).en} only, where it was ${pathsNamed([path]).en}${ofKinds(kinds).en}${when(scope).en}`,
    ),
  'paths-reworded': (d) => reworded('路径', 'paths', pathsNamed(d.before), pathsNamed(d.after)),
  'consumers-added': (d) =>
    say(
      `现在也对 ${unitsOf(d).zh} ${VERBS[d.scope.class].zh} ${pathsNamed(d.paths).zh}${when(d.scope).zh}`,
      `now also ${VERBS[d.scope.class].en} ${pathsNamed(d.paths).en} ${VERBS[d.scope.class].from} ${unitsOf(d).en}${when(d.scope).en}`,
    ),
  'consumers-removed': (d) =>
    say(
      `不再对 ${unitsOf(d).zh} 限制 ${pathsNamed(d.paths).zh}${when(d.scope).zh}`,
      `no longer ${VERBS[d.scope.class].en} ${pathsNamed(d.paths).en} ${VERBS[d.scope.class].from} ${unitsOf(d).en}${when(d.scope).en}`,
    ),
  'consumers-reworded': (d) => reworded('接收单位', 'consumers', unitsNamed(d.before), unitsNamed(d.after)),
  'condition-added': ({ after }) =>
    say(`现在仅当 ${quoted(after)} 时适用，原不附条件`, `now applies only when ${quoted(after)}; it had no condition`),
  'condition-removed': ({ before }) =>
    say(`现在不附条件，一律适用；原仅当 ${quoted(before)}`, `now applies always; it did only when ${quoted(before)}`),
  'condition-narrowed': ({ before, after }) =>
    say(
      `条件收紧，适用的结果减少：现为 ${quoted(after)}，原为 ${quoted(before)}`,
      `applies to fewer results: when ${quoted(after)}, formerly ${quoted(before)}`,
    ),
  'condition-widened': ({ before, after }) =>
    say(
      `条件放宽，适用的结果增多：现为 ${quoted(after)}，原为 ${quoted(before)}`,
      `applies to more results: when ${quoted(after)}, formerly ${quoted(before)}`,
    ),
  'condition-changed': ({ before, after }) =>
    say(
      `条件改变，有的结果可能更严，有的可能更宽：现为 ${quoted(after)}，原为 ${quoted(before)}`,
      `has another condition, perhaps stricter for some results and looser for others: ${quoted(after)}, formerly ${quoted(before)}`,
    ),
  'condition-reworded': ({ before, after }) => reworded('条件', 'condition', both(quoted(before)), both(quoted(after))),
  'begins-earlier': (d) => validity('开始时间提前', 'begins earlier', d, FROM),
  'begins-later': (d) => validity('开始时间推后', 'begins later', d, FROM),
  'ends-later': (d) => validity('有效期延长', 'ends later', d, UNTIL),
  'ends-earlier': (d) => validity('有效期缩短', 'ends earlier', d, UNTIL),
  'validity-reworded': ({ before, after }) => reworded('有效期', 'validity', both(before ?? '—'), both(after ?? '—')),
  'purposes-removed': ({ purposes, after }) =>
    purposes.length > 0
      ? say(`不再可以为 ${listed(purposes).zh} 申请`, `may no longer be asked for ${listed(purposes).en}`)
      : say(
          `只能为 ${listed(after ?? []).zh} 申请，原不限用途`,
          `may be asked only for ${listed(after ?? []).en}, formerly for any purpose`,
        ),
  'purposes-added': ({ purposes }) =>
    purposes.length > 0
      ? say(`现在也可以为 ${listed(purposes).zh} 申请`, `may now also be asked for ${listed(purposes).en}`)
      : say('现在任何用途均可申请', 'may now be asked for any purpose'),
  'legal-basis-changed': ({ before, after }) =>
    say(`法律依据改为“${after}”，原为“${before}”`, `now rests on "${after}", formerly on "${before}"`),
  'owner-changed': ({ before, after }) =>
    say(
      `责任部门改为${AGENCY_NAMES[after].zh}，原为${AGENCY_NAMES[before].zh}`,
      `is now owned by ${AGENCY_NAMES[after].en}, formerly by ${AGENCY_NAMES[before].en}`,
    ),
  'title-changed': ({ before, after }) =>
    say(`名称改为“${after.zh}”，原为“${before.zh}”`, `is now called "${after.en}", formerly "${before.en}"`),
  'effective-from-changed': ({ before, after }) =>
    say(`清单自 ${after} 起施行，原自 ${before} 起`, `the list takes effect on ${after}, the other one on ${before}`),
};

/** How a class takes something out: `withholds X from Y`, `makes X conditional for Y`. */
const VERBS: Readonly<Record<EntryClass, { zh: string; en: string; from: string }>> = {
  withheld: { zh: '不予共享', en: 'withholds', from: 'from' },
  conditional: { zh: '须经申请方可共享', en: 'makes conditional', from: 'for' },
};

function summary(entry: EntryDetails): LocalizedText {
  const { kinds, paths } = entry;
  const [said, tail] = [takes(entry, paths), when(entry)];
  return say(
    `${said.zh}（${listed(kinds).zh} 的结果）${tail.zh}`,
    `${said.en} (results of ${listed(kinds).en})${tail.en}`,
  );
}

function takes({ class: entryClass, consumers }: EntryScope, paths: readonly string[]): LocalizedText {
  const { zh, en, from } = VERBS[entryClass];
  const [what, whom] = [pathsNamed(paths), unitsNamed(consumers)];
  return say(`对 ${whom.zh} ${zh} ${what.zh}`, `${en} ${what.en} ${from} ${whom.en}`);
}

/** The condition in brackets; the most usual one in words. */
function when({ when: condition, kinds }: EntryScope): LocalizedText {
  if (condition === undefined) return say('', '');
  const direction = /^\s*content\.direction\s*==\s*(["'])(import|export|transit)\1\s*$/.exec(condition)?.[2];
  if (direction === undefined) return say(`（仅当 ${quoted(condition)}）`, ` (only when ${quoted(condition)})`);
  const ofPersons = kinds.every((kind) => kind.startsWith('border.'));
  const names = { import: ['进口', '入境'], export: ['出口', '出境'], transit: ['过境', '过境'] } as const;
  const [goods, persons] = names[direction as keyof typeof names];
  return say(`（仅${ofPersons ? persons : goods}）`, ` (only ${direction})`);
}

function ofKinds(kinds: readonly ResultKind[] | undefined): LocalizedText {
  if (kinds === undefined) return say('', '');
  return say(`（${listed(kinds).zh} 的结果）`, ` (results of ${listed(kinds).en})`);
}

function unitsOf({ units, said }: UnitDetails): LocalizedText {
  return units.length > 0 ? unitsNamed(said) : say('以后可能加入的单位', 'units that may yet join the mesh');
}

const FROM = say('不限', 'no first day');
const UNTIL = say('长期', 'no last day');

function validity(zh: string, en: string, { before, after }: { before?: string; after?: string }, none: LocalizedText) {
  return say(
    `${zh}：现为 ${after ?? none.zh}，原为 ${before ?? none.zh}`,
    `${en}: ${after ?? none.en}, formerly ${before ?? none.en}`,
  );
}

function reworded(zh: string, en: string, before: LocalizedText, after: LocalizedText): LocalizedText {
  return say(
    `${zh}写法改变，含义不变：现为 ${after.zh}，原为 ${before.zh}`,
    `says the same in other words (${en}): ${after.en}, formerly ${before.en}`,
  );
}

function quoted(condition: string): string {
  return `\`${condition.trim().replaceAll(/\s+/g, ' ')}\``;
}

function both(text: string): LocalizedText {
  return say(text, text);
}
