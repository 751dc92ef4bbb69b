import type { LocalizedText } from '@clearance/contracts';
import { unmistakable } from './characters.ts';

/** Something to say about a list, located in its file. A list with a finding of severity `error` is refused. */
export interface Finding {
  severity: 'error' | 'warning';
  code: FindingCode;
  /** JSON Pointer into the list, `/entries/0/fields/1`; '' for the document itself. */
  pointer: string;
  /** Id of the entry that it is about, where it has one. */
  entry?: string;
  /** Line and column in the text, from 1. */
  line: number;
  column: number;
  message: LocalizedText;
}

/** A finding before it is given its place in the text. */
export interface Remark {
  code: FindingCode;
  pointer: string;
  params: Params;
  /** Offset of the fault within the text that `pointer` names, for conditions. */
  within?: number;
}

/** What a message tells besides its code; each is quoted in it. */
export type Params = Readonly<Record<string, string | number>>;

type Message = (p: Params) => LocalizedText;

interface Rule {
  severity: Finding['severity'];
  message: Message;
}

const error = (message: Message): Rule => ({ severity: 'error', message });
const warning = (message: Message): Rule => ({ severity: 'warning', message });
const say = (zh: string, en: string): LocalizedText => ({ zh, en });

const rules = {
  // The text
  'too-large': error((p) => say(`超出上限：${p.what} 最多 ${p.limit}`, `over the limit: at most ${p.limit} ${p.what}`)),
  syntax: error((p) => say(`不是合法的 YAML 或 JSON：${p.detail}`, `not YAML or JSON: ${p.detail}`)),
  alias: error(() =>
    say(
      '不得使用锚点、别名或合并键：每一条目须单独写全',
      'anchors, aliases and merge keys are refused: an entry says all it means',
    ),
  ),
  tag: error((p) => say(`不得使用标签 ${p.tag}`, `the tag ${p.tag} is refused`)),
  'hidden-character': error((p) =>
    say(
      `含有看不见或改变显示次序的字符 ${p.character}：所见并非所写`,
      `the character ${p.character} is not seen, or turns the order of others: what is read is not what is written`,
    ),
  ),
  'not-normalised': error((p) =>
    say(
      `“${p.text}”须写作 NFC 形式：外观相同的文本现与结果中的不相等`,
      `"${p.text}" must be written in NFC: as it is, it equals no text of a result that looks the same`,
    ),
  ),
  'too-many-findings': error((p) =>
    say(
      `问题过多，只列出前 ${p.limit} 项；改正后再校验`,
      `too many findings: the first ${p.limit} are told; mend them and lint again`,
    ),
  ),
  'duplicate-key': error((p) => say(`成员“${p.name}”重复`, `the member "${p.name}" is written twice`)),
  // Its shape
  'not-a-list': error(() =>
    say(
      '不是负面清单：须为 apiVersion: clearance/v1、kind: NegativeList',
      'not a negative list: it begins with apiVersion: clearance/v1 and kind: NegativeList',
    ),
  ),
  'unknown-member': error((p) =>
    say(`没有名为“${p.name}”的成员；可用：${p.known}`, `there is no member "${p.name}" here; known: ${p.known}`),
  ),
  missing: error((p) => say(`缺少“${p.name}”`, `"${p.name}" is missing`)),
  'wrong-type': error((p) => say(`应为${p.zh}`, `must be ${p.en}`)),
  'bad-value': error((p) =>
    say(`值“${p.value}”无效；应为${p.zh}`, `"${p.value}" is no valid value; it must be ${p.en}`),
  ),
  'bad-date': error((p) =>
    say(
      `“${p.value}”不是日期：应为 2026-11-01（北京时间）或带时区的 RFC 3339 时刻`,
      `"${p.value}" is no date: write 2026-11-01 (Asia/Shanghai) or an RFC 3339 time with offset`,
    ),
  ),
  'duplicate-id': error((p) => say(`条目编号 ${p.id} 重复`, `the entry id ${p.id} is used twice`)),
  'reserved-id': error((p) =>
    say(`编号 ${p.id} 的前缀 FC- 为系统保留`, `${p.id}: ids beginning with FC- are reserved`),
  ),
  // Its meaning
  'missing-legal-basis': error(() => say('缺少法律依据', 'the legal basis is missing')),
  'missing-owner': error(() => say('缺少责任部门', 'the owner is missing')),
  'unknown-kind': error((p) => say(`没有名为“${p.kind}”的结果种类`, `no kind of result is called "${p.kind}"`)),
  'unknown-unit': error((p) => say(`“${p.selector}”不对应任何单位`, `"${p.selector}" matches no unit`)),
  'no-issuer': error((p) =>
    say(
      `所列单位都不签发 ${p.kinds}：该条目永远不会生效`,
      `none of the issuers issues ${p.kinds}: the entry would never apply`,
    ),
  ),
  'no-consumer': error(() =>
    say('未对任何单位限制：该条目永远不会生效', 'it withholds from nobody: the entry would never apply'),
  ),
  'bad-path': error((p) => say(`“${p.path}”不是路径：${p.zh}`, `"${p.path}" is not a path: ${p.en}`)),
  'unknown-path': error((p) =>
    say(
      `${p.kind} 的结果没有字段“${p.path}”${p.nearest ? `；是否为“${p.nearest}”？` : ''}`,
      `a result of kind ${p.kind} has no field "${p.path}"${p.nearest ? `; did you mean "${p.nearest}"?` : ''}`,
    ),
  ),
  'unknown-purpose': error((p) =>
    say(`没有名为“${p.purpose}”的用途；可用：${p.known}`, `no purpose is called "${p.purpose}"; known: ${p.known}`),
  ),
  'purposes-on-withheld': error(() =>
    say('不予共享的条目不得列出用途：其数据不可申请', 'a withheld entry has no purposes: its data cannot be asked for'),
  ),
  'validity-reversed': error((p) =>
    say(`失效 ${p.until} 早于生效 ${p.from}`, `validity ends (${p.until}) before it begins (${p.from})`),
  ),
  // Conditions
  'condition-too-complex': error((p) =>
    say(`条件过于复杂：${p.zh}（上限 ${p.limit}）`, `the condition is too complex: ${p.en} (limit ${p.limit})`),
  ),
  'condition-syntax': error((p) => say(`条件不是合法的 CEL：${p.detail}`, `the condition is not CEL: ${p.detail}`)),
  'condition-unknown-name': error((p) =>
    say(
      `条件中的“${p.name}”未知；可用：content、kind、issuer、province、agency`,
      `the condition names "${p.name}", which is unknown; known: content, kind, issuer, province, agency`,
    ),
  ),
  'condition-unknown-field': error((p) =>
    say(
      `${p.kind} 的结果没有条件中所说的字段“${p.path}”${p.nearest ? `；是否为“${p.nearest}”？` : ''}`,
      `a result of kind ${p.kind} has no field "${p.path}", which the condition names${p.nearest ? `; did you mean "${p.nearest}"?` : ''}`,
    ),
  ),
  'condition-unknown-function': error((p) =>
    say(`条件语言没有“${p.name}”`, `the language of conditions has no "${p.name}"`),
  ),
  'condition-type': error((p) => say(`条件类型错误：${p.zh}`, `the condition is ill-typed: ${p.en}`)),
  'condition-not-bool': error((p) =>
    say(`条件须得出真或假，而此处得出 ${p.type}`, `a condition must yield true or false; this one yields ${p.type}`),
  ),
  'condition-pattern': error((p) => say(`“${p.pattern}”不是 RE2 正则表达式`, `"${p.pattern}" is not an RE2 pattern`)),
  // Worth a second look
  'optional-field': warning((p) =>
    say(
      `字段“${p.path}”可以缺失，缺失时无法判断，将按不予共享处理；如非本意，请先写 has(${p.expression})`,
      `"${p.path}" may be absent; the condition is then undecidable and the entry withholds. If that is not meant, guard it: has(${p.expression})`,
    ),
  ),
  'constant-condition': warning(() =>
    say('条件与结果无关，恒为同一值', 'the condition does not depend on the result: it is always the same'),
  ),
  'impossible-condition': warning((p) =>
    say(
      `条件不可能成立：${p.zh}。该条目不保护任何有效结果，只在无法判断时（如字段缺失）才限制`,
      `the condition can never be true: ${p.en}. The entry protects no valid result; it withholds only where it cannot be decided, as for a field that is missing`,
    ),
  ),
  'always-true': warning((p) =>
    say(
      `条件不可能不成立：${p.zh}。该条目对任何有效结果都限制，与不写条件相同`,
      `the condition can never be false: ${p.en}. The entry withholds from every valid result, as if it had no condition`,
    ),
  ),
  'breaks-recognition': warning((p) =>
    say(
      `${p.consumersZh} 将不能认可 ${p.kindsZh} 的结果中的${p.checksZh}：互认须见 ${p.pathsZh}`,
      `${p.consumers} could rely on no result of kind ${p.kinds} for ${p.checks}: recognition must see ${p.paths}`,
    ),
  ),
  expired: warning((p) => say(`已于 ${p.until} 失效`, `it expired on ${p.until}`)),
  'never-in-force': warning((p) =>
    say(`失效 ${p.until} 早于清单生效 ${p.from}`, `it ends (${p.until}) before the list takes effect (${p.from})`),
  ),
  'near-expiry': warning((p) =>
    say(
      `将于 ${p.until} 失效，不足 ${p.days} 日；此后其数据即行共享`,
      `it ends on ${p.until}, within ${p.days} days; from then on its data are shared`,
    ),
  ),
  'shadowed-entry': warning((p) =>
    say(
      `${p.id} 不起作用：${p.by} 在同样的情形下对同样的单位已限制同样或更多的内容，且同样严格`,
      `${p.id} changes nothing: whenever it applies, ${p.by} takes out at least as much from the same units, as firmly`,
    ),
  ),
  'owner-not-issuer': warning((p) =>
    say(
      `责任部门 ${p.owner} 不签发 ${p.kinds}：对其的申请无人可批`,
      `the owner ${p.owner} does not issue ${p.kinds}: nobody could decide requests for it`,
    ),
  ),
  'no-purposes': warning(() =>
    say(
      '有条件共享的条目未列用途：任何用途均可申请',
      'a conditional entry without purposes may be asked for any purpose',
    ),
  ),
  'no-article': warning(() =>
    say('法律依据未引用法规名称（《…》）及条款', 'the legal basis quotes no law (《…》) with its article'),
  ),
  'covered-path': warning((p) => say(`“${p.path}”已为“${p.by}”所包含`, `"${p.path}" is already covered by "${p.by}"`)),
} as const satisfies Record<string, Rule>;

/** Stable code of a finding. */
export type FindingCode = keyof typeof rules;

/** Every code, for documentation. */
export const FINDING_CODES = Object.keys(rules) as readonly FindingCode[];

/** Severity of a code: `error` refuses the list. */
export function severityOf(code: FindingCode): Finding['severity'] {
  return rules[code].severity;
}

/** What a code says, in both languages; characters that could be taken for others are written out. */
export function findingMessage(code: FindingCode, params: Params): LocalizedText {
  const rule: Rule = rules[code];
  const told = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'string' && WORDS.has(name) ? unmistakable(value) : value,
  ]);
  return rule.message(Object.fromEntries(told) as Params);
}

/** Params that quote a word of the list's own language, which is written in ASCII. */
const WORDS: ReadonlySet<string> = new Set(['name', 'value', 'kind', 'selector', 'path', 'by', 'purpose', 'tag', 'id']);
