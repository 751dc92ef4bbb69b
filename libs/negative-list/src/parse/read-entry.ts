import { AGENCIES, isAgency, isSelectorTerm } from '@clearance/contracts';
import type { Agency, Selector } from '@clearance/contracts';
import { LIST_BOUNDS } from '../language/negative-list.ts';
import type { Entry, EntryClass } from '../language/negative-list.ts';
import type { Remark } from '../language/finding.ts';
import { spanOf } from '../language/validity.ts';
import { missing, readArray, readObject, readString, readWord, readWords, wrongType } from './shapes.ts';
import type { WordForm } from './shapes.ts';

const REQUIRED = ['id', 'title', 'class', 'legalBasis', 'owner', 'match'] as const;
const OPTIONAL = ['fields', 'consumers', 'when', 'purposes', 'validFrom', 'validUntil'] as const;

const fits =
  (pattern: RegExp) =>
  (word: string): boolean =>
    pattern.test(word);

const FORMS = {
  id: { fits: fits(/^[A-Z]{2,8}(-[0-9A-Za-z]{1,16}){1,3}$/), zh: '条目编号，如 NL-001', en: 'an id such as NL-001' },
  class: {
    fits: fits(/^(conditional|withheld)$/),
    zh: 'conditional（有条件共享）或 withheld（不予共享）',
    en: '"conditional" or "withheld"',
  },
  owner: {
    fits: isAgency,
    zh: `部门代码 ${AGENCIES.join('、')}`,
    en: `an agency: ${AGENCIES.join(', ')}`,
  },
  kind: {
    fits: fits(/^(\*|[a-z]{1,32}\.(\*|[a-z]{1,32}))$/),
    zh: '结果种类，如 border.crew、customs.* 或 *',
    en: 'a kind such as border.crew, customs.* or *',
  },
  selector: { fits: isSelectorTerm, zh: 'ln.customs、ln.*、*.border 或 *', en: 'ln.customs, ln.*, *.border or *' },
  purpose: { fits: fits(/^[a-z][a-z-]{0,63}$/), zh: '用途代码', en: 'the code of a purpose' },
} as const satisfies Record<string, WordForm>;

/** Reads the shape of one entry. `undefined` if a required member is missing or unreadable; all of it is remarked. */
export function readEntry(value: unknown, at: string, remarks: Remark[]): Entry | undefined {
  const entry = readObject(value, at, [...REQUIRED, ...OPTIONAL], remarks);
  if (entry === undefined) return undefined;
  for (const name of ['id', 'title', 'class', 'match']) if (!(name in entry)) missing(name, at, remarks);

  const read = <T>(name: string, how: (member: unknown, at: string) => T | undefined): T | undefined =>
    name in entry ? how(entry[name], `${at}/${name}`) : undefined;
  const word = (name: 'id' | 'class' | 'owner'): string | undefined =>
    read(name, (member, here) => readWord(member, here, FORMS[name], remarks));

  const id = word('id');
  if (id?.startsWith('FC-')) remarks.push({ code: 'reserved-id', pointer: `${at}/id`, params: { id } });
  const required = {
    id,
    title: read('title', (member, here) => readTitle(member, here, remarks)),
    class: word('class') as EntryClass | undefined,
    legalBasis: isBlank(entry.legalBasis)
      ? lacks('missing-legal-basis', at, remarks)
      : readString(entry.legalBasis, `${at}/legalBasis`, LIST_BOUNDS.textLength, remarks),
    owner: isBlank(entry.owner) ? lacks('missing-owner', at, remarks) : (word('owner') as Agency | undefined),
    match: read('match', (member, here) => readMatch(member, here, remarks)),
  };
  const optional = {
    fields: read('fields', (member, here) => readFields(member, here, remarks)),
    consumers: read('consumers', (member, here) => readSelector(member, here, remarks)),
    when: read('when', (member, here) => readString(member, here, LIST_BOUNDS.conditionLength, remarks)),
    purposes: read('purposes', (member, here) =>
      readWords(member, here, LIST_BOUNDS.selectorsPerEntry, FORMS.purpose, remarks),
    ),
    validFrom: read('validFrom', (member, here) => readDate(member, here, remarks)),
    validUntil: read('validUntil', (member, here) => readDate(member, here, remarks)),
  };
  if (Object.values(required).includes(undefined)) return undefined;
  const present = Object.entries(optional).filter(([, member]) => member !== undefined);
  return { ...(required as Entry), ...Object.fromEntries(present) };
}

/** A day in Asia/Shanghai or an instant with offset, kept as it is written. */
export function readDate(value: unknown, at: string, remarks: Remark[]): string | undefined {
  const text = readString(value, at, 40, remarks);
  if (text === undefined || spanOf(text) !== undefined) return text;
  remarks.push({ code: 'bad-date', pointer: at, params: { value: text } });
  return undefined;
}

function readTitle(value: unknown, at: string, remarks: Remark[]): Entry['title'] | undefined {
  const title = readObject(value, at, ['zh', 'en'], remarks);
  if (title === undefined) return undefined;
  const [zh, en] = ['zh', 'en'].map((language) =>
    language in title
      ? readString(title[language], `${at}/${language}`, LIST_BOUNDS.textLength, remarks)
      : missing(language, at, remarks),
  );
  return zh === undefined || en === undefined ? undefined : { zh, en };
}

function readMatch(value: unknown, at: string, remarks: Remark[]): Entry['match'] | undefined {
  const match = readObject(value, at, ['kinds', 'issuers'], remarks);
  if (match === undefined) return undefined;
  if (!('kinds' in match)) return missing('kinds', at, remarks);
  const kinds = readWords(match.kinds, `${at}/kinds`, LIST_BOUNDS.selectorsPerEntry, FORMS.kind, remarks);
  if (kinds === undefined) return undefined;
  const issuers = 'issuers' in match ? readSelector(match.issuers, `${at}/issuers`, remarks) : undefined;
  return issuers === undefined ? { kinds } : { kinds, issuers };
}

function readSelector(value: unknown, at: string, remarks: Remark[]): Selector | undefined {
  if (typeof value === 'string') return readWord(value, at, FORMS.selector, remarks);
  const words = (list: unknown, here: string): string[] | undefined =>
    readWords(list, here, LIST_BOUNDS.selectorsPerEntry, FORMS.selector, remarks);
  if (Array.isArray(value)) {
    const only = words(value, at);
    return only === undefined ? undefined : { only };
  }
  const selector = readObject(value, at, ['only', 'except'], remarks);
  if (selector === undefined) return undefined;
  const { only, except } = selector;
  if ((only === undefined) === (except === undefined)) {
    return wrongType(at, 'only 或 except 之一', 'either "only" or "except"', remarks);
  }
  const list = only === undefined ? words(except, `${at}/except`) : words(only, `${at}/only`);
  if (list === undefined) return undefined;
  return only === undefined ? { except: list } : { only: list };
}

function readFields(value: unknown, at: string, remarks: Remark[]): string[] | undefined {
  const items = readArray(value, at, LIST_BOUNDS.fieldsPerEntry, remarks);
  if (items?.length === 0)
    return wrongType(
      at,
      '至少一项（整份结果则不写 fields）',
      'at least one path (none at all for the whole result)',
      remarks,
    );
  return items
    ?.map((item, index) => readString(item, `${at}/${index}`, LIST_BOUNDS.textLength, remarks, 'allowed'))
    .filter((item) => item !== undefined);
}

function lacks(code: 'missing-legal-basis' | 'missing-owner', at: string, remarks: Remark[]): undefined {
  remarks.push({ code, pointer: at, params: {} });
  return undefined;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
