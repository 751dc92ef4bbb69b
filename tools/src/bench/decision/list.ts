import {
  agencyOfKind,
  COUNTRIES,
  exampleContent,
  PLACES,
  PROVINCES,
  RESULT_KINDS,
  type ResultKind,
  type Selector,
} from '@clearance/contracts';
import type { Entry, NegativeList } from '@clearance/negative-list';
import { celOf, type Condition, factsOf } from './condition.ts';

/** One entry, in a form that can be told to every engine. */
export interface Exception {
  readonly id: string;
  readonly kinds: readonly ResultKind[];
  /** Absent: the whole result. */
  readonly fields?: readonly string[];
  readonly issuers?: Selector;
  readonly consumers?: Selector;
  /** Must all hold for it to hit. */
  readonly conditions: readonly Condition[];
}

/** The days on which all entries are in force, as in the default list; only ours looks at them again at each decision. */
const IN_FORCE = { validFrom: '2026-11-01', validUntil: '2036-10-31' };

type Rule = Omit<Exception, 'id' | 'conditions'> & { conditions?: readonly Condition[] };

const kindsOf = (agency: string): ResultKind[] => RESULT_KINDS.filter((kind) => agencyOfKind(kind) === agency);
const CUSTOMS = kindsOf('customs');
const INSPECTION = kindsOf('inspection');
const BORDER = kindsOf('border');
const except = (...agencies: string[]): Selector => ({ except: agencies.map((agency) => `*.${agency}`) });
const is = (path: string, ...values: string[]): Condition => ({ path, values });
const PARTIES = ['/consignee', '/consignor', '/declarant', '/goods/*/manufacturer'];
const FINDING = '/customs/findings/*/code';

/** The default list (negative-list.yaml), as far as it is about the twelve units: what a list begins with. */
const RULES: readonly Rule[] = [
  {
    kinds: ['border.crew'],
    fields: ['/border/persons/*/documentNumber', '/border/persons/*/birthDate'],
    consumers: except('border'),
    conditions: [is('/direction', 'import')],
  },
  {
    kinds: ['border.crew'],
    fields: ['/border/persons/*/documentNumber', '/border/persons/*/birthDate'],
    consumers: except('border'),
    conditions: [is('/direction', 'export', 'transit')],
  },
  {
    kinds: ['border.crew'],
    fields: ['/border/persons/*/permit', '/border/persons/*/documentValidUntil'],
    consumers: except('border'),
  },
  {
    kinds: ['border.crew', 'border.passengers'],
    fields: ['/border/persons/*/biometrics'],
    consumers: except('border'),
  },
  {
    kinds: ['border.crew', 'border.passengers'],
    fields: ['/border/persons/*/healthDeclaration'],
    consumers: except('border', 'inspection'),
  },
  { kinds: ['border.passengers'], fields: ['/border/persons'], consumers: except('border') },
  {
    kinds: ['border.crew', 'border.passengers'],
    fields: ['/border/alerts', '/border/persons/*/alerts', '/border/persons/*/reason'],
    consumers: except('border'),
  },
  {
    kinds: ['border.conveyance'],
    fields: ['/border/suspicious', '/border/suspicion', '/border/alerts'],
    consumers: except('border'),
  },
  {
    kinds: ['border.passengers'],
    fields: ['/border/byNationality', '/border/refusals'],
    consumers: except('customs', 'inspection', 'border'),
  },
  { kinds: CUSTOMS, fields: ['/goods/*/value'], consumers: { only: ['*.inspection', '*.border'] } },
  { kinds: INSPECTION, fields: ['/goods/*/value'], consumers: except('inspection', 'customs') },
  { kinds: BORDER, fields: ['/goods/*/value'], consumers: except('border', 'customs') },
  {
    kinds: ['customs.release'],
    fields: ['/customs/duties/amount', '/customs/duties/guaranteeNumber'],
    consumers: except('customs'),
  },
  { kinds: CUSTOMS, fields: PARTIES, consumers: except('customs', 'inspection', 'border') },
  { kinds: INSPECTION, fields: PARTIES, consumers: except('customs', 'inspection', 'border') },
  { kinds: ['customs.examination'], fields: ['/customs/controlInstruction'], consumers: except('customs') },
  {
    kinds: CUSTOMS,
    fields: ['/customs/riskLevel'],
    consumers: except('customs', 'inspection', 'border'),
  },
  {
    kinds: ['customs.examination'],
    fields: ['/customs/findings', '/remarks', '/checks/*/remarks'],
    consumers: except('customs'),
    conditions: [is(FINDING, 'concealment', 'smuggling-suspected', 'transferred-to-investigation')],
  },
  { kinds: ['customs.examination'], fields: ['/customs/findings/*/caseNumber'], consumers: except('customs') },
  {
    kinds: ['customs.examination'],
    fields: ['/customs/findings'],
    consumers: except('customs'),
    conditions: [is(FINDING, 'misdeclared-value', 'misdeclared-origin')],
  },
  {
    kinds: ['customs.examination'],
    fields: ['/customs/findings/*/text', '/goods/*/manufacturer'],
    consumers: except('customs'),
    conditions: [is(FINDING, 'ipr-infringement')],
  },
  { kinds: ['customs.scan'], fields: ['/customs/scans/*/anomalies'], consumers: except('customs', 'inspection') },
  {
    kinds: ['customs.scan'],
    fields: ['/customs/scans/*/reading/analyst', '/customs/scans/*/reading/algorithm'],
    consumers: except('customs'),
  },
  {
    kinds: ['inspection.laboratory'],
    fields: ['/inspection/analyses/*/method', '/inspection/analyses/*/detectionLimit'],
    consumers: except('inspection'),
    conditions: [is('/inspection/analyses/*/method', 'IN-HOUSE-7', 'GB 5009.12-2023')],
  },
  {
    kinds: ['inspection.laboratory'],
    fields: ['/inspection/analyses'],
    consumers: except('inspection'),
    conditions: [is('/conclusion', 'examination-required')],
  },
  {
    kinds: ['inspection.quarantine'],
    fields: ['/inspection/pests'],
    consumers: except('customs', 'inspection', 'border'),
    conditions: [is('/inspection/pests/*/group', 'animal-disease')],
  },
  { kinds: RESULT_KINDS, conditions: [is('/handling', 'military')] },
  { kinds: RESULT_KINDS, conditions: [is('/handling', 'nuclear')] },
  { kinds: RESULT_KINDS, consumers: except('customs', 'border'), conditions: [is('/handling', 'diplomatic')] },
  {
    kinds: CUSTOMS,
    fields: ['/goods/*/description', ...PARTIES],
    consumers: except('customs'),
    conditions: [is('/handling', 'dual-use')],
  },
];

/** A number that no two variants share and no example has, in the form of what stands at a path. */
const numbered: Readonly<Record<string, (variant: number) => string>> = {
  '/consignee/creditCode': (variant) => `9199${String(variant).padStart(14, '0')}`,
  '/goods/*/commodityCode': (variant) => `99${String(variant).padStart(11, '0')}`,
  '/conveyance/imoNumber': (variant) => String(1_000_000 + variant),
  '/location': (variant) => nth(Object.keys(PLACES), variant),
  '/goods/*/origin': (variant) => nth(Object.keys(COUNTRIES), variant),
};

/** What an exception of an agency's is about: a firm, a commodity, a ship, some of them at one place or of one origin. */
const SUBJECTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  customs: [
    ['/consignee/creditCode'],
    ['/goods/*/commodityCode'],
    ['/location', '/goods/*/commodityCode'],
    ['/goods/*/origin', '/goods/*/commodityCode'],
    ['/conveyance/imoNumber'],
  ],
  inspection: [
    ['/goods/*/commodityCode'],
    ['/consignee/creditCode'],
    ['/goods/*/origin', '/goods/*/commodityCode'],
    ['/location', '/consignee/creditCode'],
  ],
  border: [['/conveyance/imoNumber'], ['/location', '/conveyance/imoNumber']],
};

/** What such exceptions take out. */
const TAKEN: Readonly<Record<string, readonly (readonly string[])[]>> = {
  customs: [['/consignee', '/declarant'], ['/goods/*/value'], ['/goods/*/description'], ['/remarks', '/containers']],
  inspection: [['/goods/*/quantity'], ['/consignee', '/consignor'], ['/goods/*/description'], ['/remarks']],
  border: [['/conveyance/name', '/conveyance/journey'], ['/conveyance'], ['/remarks'], ['/border']],
};

const SEEN_BY: readonly (Selector | undefined)[] = [
  { except: ['*.customs', '*.inspection'] },
  undefined,
  { only: ['*.border'] },
  { except: ['ln.*', 'jl.*'] },
  { only: ['hl.inspection', 'nm.border'] },
];

/**
 * A list of so many entries, the same each time. It begins as the default list does, and grows as lists grow: by single
 * firms, commodities, ships and places of one kind of result each, a third of them an agency's in one province. What
 * hits the example of a kind is among the first 50 entries, so that lists of all sizes take the same out of it.
 */
export function exceptions(count: number): Exception[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `NL-${String(index + 1).padStart(4, '0')}`;
    const rule = RULES[index];
    return rule === undefined ? special(id, index - RULES.length) : { conditions: [], ...rule, id };
  });
}

/** The same entries in the language of the negative list. */
export function listOf(entries: readonly Exception[]): NegativeList {
  return {
    version: `bench-${entries.length}`,
    effectiveFrom: '2026-11-01T00:00:00+08:00',
    entries: entries.map(entryOf),
  };
}

function special(id: string, index: number): Exception {
  const kind = nth(RESULT_KINDS, index);
  const agency = agencyOfKind(kind);
  const variant = Math.floor(index / RESULT_KINDS.length);
  const conditions = nth(SUBJECTS[agency]!, variant).map((path) => {
    const [atHand] = variant === 0 ? factsOf(exampleContent(kind), [path])[path]! : [];
    return is(path, atHand ?? numbered[path]!(variant));
  });
  const consumers = nth(SEEN_BY, variant);
  return {
    id,
    kinds: [kind],
    fields: nth(TAKEN[agency]!, variant),
    ...(consumers === undefined ? {} : { consumers }),
    ...(variant % 3 === 2 ? { issuers: [`${nth(PROVINCES, variant).code}.${agency}`] } : {}),
    conditions,
  };
}

function entryOf({ id, kinds, fields, issuers, consumers, conditions }: Exception, index: number): Entry {
  return {
    id,
    title: { zh: `基准条目 ${id}`, en: `Benchmark entry ${id}` },
    legalBasis: '《数据安全法》第三十八条；《海关法》第七十二条第（五）项',
    owner: agencyOfKind(kinds[0]!),
    match: { kinds: [...kinds], ...(issuers === undefined ? {} : { issuers }) },
    ...(fields === undefined ? {} : { fields: [...fields] }),
    ...(consumers === undefined ? {} : { consumers }),
    ...(conditions.length === 0 ? {} : { when: celOf(conditions) }),
    ...(index % 2 === 0 ? { class: 'conditional', purposes: ['counter-smuggling'] } : { class: 'withheld' }),
    ...IN_FORCE,
  };
}

function nth<Value>(values: readonly Value[], index: number): Value {
  return values[index % values.length]!;
}
