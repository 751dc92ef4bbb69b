import { readFileSync } from 'node:fs';
import { entriesWith, readEntries } from './read-entries.ts';

const DEFAULT_LIST = readFileSync('negative-list.yaml', 'utf8');

it('reads every entry of the default list', () => {
  const list = readEntries(DEFAULT_LIST)!;
  expect(list.version).toBe('2026.11-1');
  expect(list.entries).toHaveLength(DEFAULT_LIST.match(/^ {2}- id: /gm)!.length);
  expect(list.entries[0]).toEqual({
    id: 'NL-001',
    title: { zh: '船员身份证件', en: 'Crew identity documents' },
    class: 'conditional',
    legalBasis: '《出境入境管理法》第八十五条第（三）项；《个人信息保护法》第二十八条、第三十四条',
    owner: 'border',
    kinds: ['border.crew'],
    issuers: { only: ['*'] },
    fields: ['/border/persons/*/documentNumber', '/border/persons/*/birthDate'],
    consumers: { except: ['*.border'] },
    when: 'content.direction == "import"',
    purposes: ['counter-smuggling'],
    validFrom: '2026-11-01',
    validUntil: '2036-10-31',
  });
});

it.each([
  ['nothing', '', undefined],
  ['what is no YAML', 'entries: [', undefined],
  ['a list without entries', 'version: "1"', undefined],
  ['aliases, which the language has not', 'a: &x [1]\nentries: *x', undefined],
])('of %s it reads no list', (_what, document, list) => {
  expect(readEntries(document)).toBe(list);
});

it('shows an unfinished entry with what it has', () => {
  const { entries } = readEntries('version: 7\nentries:\n  - id: NL-9\n    consumers: ln.customs\n  - 3\n')!;
  expect(entries.map(({ id, consumers, fields }) => [id, consumers, fields])).toEqual([
    ['NL-9', { only: ['ln.customs'] }, []],
    ['', { except: [] }, []],
  ]);
});

it.each([
  ['', 2],
  ['  nl-002 ', 1],
  ['身份证件', 2],
  ['birthdate', 2],
  ['登陆', 0],
])('finds %j in %i of the first two entries', (sought, found) => {
  expect(entriesWith(readEntries(DEFAULT_LIST)!.entries.slice(0, 2), sought)).toHaveLength(found);
});
