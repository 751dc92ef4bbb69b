import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { fieldsOf, RESULT_KINDS, type ResultKind, type UnitId } from '@clearance/contracts';
import { compileNegativeList, type CompiledList } from '../compile/compile-list.ts';
import { decideDisclosure } from '../decide/decide-disclosure.ts';
import { CONSUMERS, NOW } from '../example-results.fixture.ts';
import { fieldTree, type FieldNode } from '../language/catalogue.ts';
import type { Entry } from '../language/negative-list.ts';
import { PURPOSES } from '../language/purposes.ts';
import { parseNegativeList } from '../parse/parse-negative-list.ts';
import { entryAbout, listOf, PURPOSES_ASKED } from '../random-lists.fixture.ts';
import { judgeAccessRequest } from './judge-request.ts';

const parsed = parseNegativeList(readFileSync(new URL('../../../../negative-list.yaml', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
const defaultList = compileNegativeList(parsed.list, CONSUMERS);

interface Asked {
  requester?: UnitId;
  issuer?: UnitId;
  kinds: ResultKind[];
  purpose: string;
  paths: string[];
}

/** What is wrong, as `pointer code what-is-told`, of the English message. */
function judged(list: CompiledList, asked: Asked, at = NOW): string[] {
  const { requester = 'hl.customs', kinds, paths, purpose } = asked;
  const issuer: UnitId = asked.issuer ?? `ln.${kinds[0]?.split('.')[0] as 'border'}`;
  return judgeAccessRequest(list, { issuer, kinds, requester }, { paths, purpose }, at).map(
    ({ pointer, code, message }) => {
      const told = /\(([^)]*)\)|admits ([a-z, -]+)/.exec(message.en);
      return [pointer, code, told?.[1] ?? told?.[2]].filter(Boolean).join(' ');
    },
  );
}

const DOCUMENT = '/border/persons/*/documentNumber';

describe('默认负面清单下的申请 requests under the default list', () => {
  it.each<[string, Asked, string[]]>([
    ['船员证件号码', { kinds: ['border.crew'], purpose: 'counter-smuggling', paths: [DOCUMENT] }, []],
    [
      '船员证件号码，某一人的',
      { kinds: ['border.crew'], purpose: 'counter-smuggling', paths: ['/border/persons/0/documentNumber'] },
      [],
    ],
    [
      '船员证件号码：反恐，出境的结果可以（NL-002），故可申请',
      { kinds: ['border.crew'], purpose: 'counter-terrorism', paths: [DOCUMENT] },
      [],
    ],
    [
      '船员证件号码：联合查验不在所列用途之中',
      { kinds: ['border.crew'], purpose: 'joint-inspection', paths: [DOCUMENT] },
      ['/paths/0 purpose-not-admitted counter-smuggling, counter-terrorism'],
    ],
    [
      '整个人员：只要其中有可申请的（签证）',
      { kinds: ['border.crew'], purpose: 'joint-inspection', paths: ['/border/persons'] },
      [],
    ],
    [
      '生物识别：不予共享',
      { kinds: ['border.crew'], purpose: 'counter-smuggling', paths: ['/border/persons/*/biometrics'] },
      ['/paths/0 not-shared NL-004'],
    ],
    [
      '旅客的生物识别：虽在 NL-006 之内，另有 NL-004',
      { kinds: ['border.passengers'], purpose: 'counter-smuggling', paths: ['/border/persons/*/biometrics'] },
      ['/paths/0 not-shared NL-004'],
    ],
    [
      '旅客的健康申报：须两条均接受的用途，只有疫情防控',
      { kinds: ['border.passengers'], purpose: 'counter-smuggling', paths: ['/border/persons/*/healthDeclaration'] },
      ['/paths/0 purpose-not-admitted epidemic-control'],
    ],
    [
      '检验检疫本来可见健康申报；旅客的仍在 NL-006 之内',
      {
        requester: 'hl.inspection',
        kinds: ['border.crew', 'border.passengers'],
        purpose: 'counter-smuggling',
        paths: ['/border/persons/*/healthDeclaration'],
      },
      [],
    ],
    [
      '检验检疫申请船员的健康申报：无从申请',
      {
        requester: 'hl.inspection',
        kinds: ['border.crew'],
        purpose: 'epidemic-control',
        paths: ['/border/persons/*/healthDeclaration'],
      },
      ['/paths/0 not-withheld'],
    ],
    [
      '结论：从不受限（军品等整份不共享的结果除外，那也无从申请）',
      { kinds: ['customs.examination'], requester: 'ln.border', purpose: 'risk-assessment', paths: ['/conclusion'] },
      ['/paths/0 not-withheld'],
    ],
    [
      '边检申请船员证件：本来可见',
      { requester: 'hl.border', kinds: ['border.crew'], purpose: 'counter-smuggling', paths: [DOCUMENT] },
      ['/paths/0 not-withheld'],
    ],
    [
      '查验发现：涉案时不予共享（NL-022），不涉案时可申请',
      {
        kinds: ['customs.examination'],
        requester: 'ln.border',
        purpose: 'audit-supervision',
        paths: ['/customs/findings'],
      },
      [],
    ],
    [
      '案件编号：NL-023 不予共享',
      {
        kinds: ['customs.examination'],
        requester: 'ln.border',
        purpose: 'audit-supervision',
        paths: ['/customs/findings/*/caseNumber'],
      },
      ['/paths/0 not-shared NL-023'],
    ],
    [
      '海关的整个部分：含布控指令（不予共享），也含可申请的查验发现',
      { kinds: ['customs.examination'], requester: 'ln.border', purpose: 'audit-supervision', paths: ['/customs'] },
      [],
    ],
    [
      '整份结果：其中有可申请的',
      { kinds: ['customs.release'], requester: 'ln.tax', purpose: 'export-tax-refund', paths: [''] },
      [],
    ],
    [
      '税务申请税款金额与货价：出口退税',
      {
        kinds: ['customs.release'],
        requester: 'ln.tax',
        purpose: 'export-tax-refund',
        paths: ['/customs/duties/amount', '/goods/*/value', '/consignee'],
      },
      [],
    ],
    [
      '边检申请货价：对边检不予共享',
      { kinds: ['customs.release'], requester: 'ln.border', purpose: 'revenue-collection', paths: ['/goods/*/value'] },
      ['/paths/0 not-shared NL-010'],
    ],
    [
      '没有这样的路径',
      {
        kinds: ['border.crew'],
        purpose: 'counter-smuggling',
        paths: ['/border/persons/documentNumber', '/border/*/name', 'border', '/customs', DOCUMENT],
      },
      [0, 1, 2, 3].map((index) => `/paths/${index} bad-format`),
    ],
    [
      '几个种类之一有该路径即可',
      {
        kinds: ['border.conveyance', 'border.crew'],
        purpose: 'counter-smuggling',
        paths: [DOCUMENT, '/border/suspicion'],
      },
      [],
    ],
    [
      '几个种类各有其故：全部说明',
      {
        requester: 'ln.inspection',
        kinds: ['border.passengers', 'border.crew'],
        purpose: 'joint-inspection',
        paths: ['/border/persons/*/name'],
      },
      ['/paths/0 purpose-not-admitted counter-smuggling, counter-terrorism, epidemic-control', '/paths/0 not-withheld'],
    ],
    [
      '几个种类同一缘故：说明一次',
      {
        kinds: ['border.passengers', 'border.crew'],
        purpose: 'counter-smuggling',
        paths: ['/border/persons/*/biometrics'],
      },
      ['/paths/0 not-shared NL-004'],
    ],
    [
      '用途不在表内：说明一次；路径另有不妥的一并说明',
      {
        kinds: ['border.crew'],
        purpose: 'curiosity',
        paths: [DOCUMENT, '/nowhere', '/border/persons/*/biometrics', '/conclusion'],
      },
      ['/purpose not-in-list', '/paths/1 bad-format', '/paths/2 not-shared NL-004', '/paths/3 not-withheld'],
    ],
    [
      '网外单位：对其一概不提供，亦不可申请',
      { requester: 'sh.customs', kinds: ['border.crew'], purpose: 'counter-smuggling', paths: [DOCUMENT] },
      ['/paths/0 not-shared FC-unknown-consumer'],
    ],
    [
      '种类未知',
      { kinds: ['border.rumour' as 'border.crew'], purpose: 'counter-smuggling', paths: [DOCUMENT] },
      ['/paths/0 bad-format'],
    ],
  ])('%s', (_, asked, expected) => {
    expect(judged(defaultList, asked)).toEqual(expected);
  });
});

describe('条目 entries', () => {
  const entry = (id: string, changes: Partial<Entry>): Entry => ({
    id,
    title: { zh: id, en: id },
    class: 'conditional',
    legalBasis: `《法》${id}`,
    owner: 'customs',
    match: { kinds: ['customs.release'] },
    ...changes,
  });
  const duties = '/customs/duties';
  const amount = '/customs/duties/amount';
  const audit = { purposes: ['audit-supervision'] };
  const risk = { purposes: ['risk-assessment'] };

  it.each<[string, Entry[], string, string[]]>([
    ['没有条目', [], amount, ['/paths/0 not-withheld']],
    ['未列用途：任何用途', [entry('A', { fields: [amount] })], amount, []],
    ['整份结果有条件', [entry('A', {})], amount, []],
    [
      '上级不予共享',
      [entry('A', { fields: [amount], ...audit }), entry('B', { class: 'withheld', fields: [duties] })],
      amount,
      ['/paths/0 not-shared B'],
    ],
    [
      '上级在某些结果中不予共享：其余仍可申请',
      [
        entry('A', { fields: [amount], ...audit }),
        entry('B', { class: 'withheld', fields: [duties], when: 'content.direction == "import"' }),
      ],
      amount,
      [],
    ],
    [
      '只在某些结果中不予共享',
      [entry('B', { class: 'withheld', fields: [duties], when: 'content.direction == "import"' })],
      amount,
      ['/paths/0 not-withheld'],
    ],
    [
      '不予共享的只是下级一项：其余可申请',
      [entry('A', { fields: [duties], ...audit }), entry('B', { class: 'withheld', fields: [amount] })],
      duties,
      [],
    ],
    [
      '下级一项不予共享，无可申请',
      [entry('B', { class: 'withheld', fields: [amount] })],
      duties,
      ['/paths/0 not-shared B'],
    ],
    [
      '两条同一字段，用途不相交：无可申请',
      [entry('A', { fields: [amount], ...audit }), entry('B', { fields: [amount], ...risk })],
      amount,
      ['/paths/0 not-shared A, B'],
    ],
    [
      '可申请的下级在用途不合的上级之内：须两条均接受',
      [
        entry('A', { fields: [amount], purposes: ['audit-supervision', 'risk-assessment'] }),
        entry('B', { fields: [duties], ...risk }),
      ],
      '/customs',
      ['/paths/0 purpose-not-admitted risk-assessment'],
    ],
    [
      '用途不合的条目只及于某些结果：其余可申请',
      [
        entry('A', { fields: [amount], ...audit }),
        entry('B', { fields: [amount], ...risk, when: 'content.direction == "import"' }),
      ],
      amount,
      [],
    ],
    ['已失效', [entry('A', { fields: [amount], validUntil: '2026-11-20' })], amount, ['/paths/0 not-withheld']],
    ['尚未生效', [entry('A', { fields: [amount], validFrom: '2026-12-01' })], amount, ['/paths/0 not-withheld']],
    ['别的签发单位', [entry('A', { match: { kinds: ['*'], issuers: ['jl.*'] } })], amount, ['/paths/0 not-withheld']],
    [
      '条件读不懂：一概命中',
      [entry('A', { class: 'withheld', when: 'nonsense ==' })],
      amount,
      ['/paths/0 not-shared A'],
    ],
  ])('%s', (_, entries, path, expected) => {
    const list = compileNegativeList({ version: '1', effectiveFrom: '2026-11-01', entries }, CONSUMERS);
    const asked: Asked = { kinds: ['customs.release'], purpose: 'audit-supervision', paths: [path] };
    expect(judged(list, asked)).toEqual(expected);
  });
});

/** A content that has every node that its kind may have, with two elements in every array. */
function everything(node: FieldNode): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(Array.from(node.members, ([name, member]) => [name, everything(member)]));
    case 'array':
      return node.element === undefined ? [] : [everything(node.element), everything(node.element)];
    case 'string':
      return 'x';
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
  }
}

describe('性质 properties', () => {
  const requestArb = fc.constantFrom(...RESULT_KINDS).chain((kind) => {
    const general = [...fieldsOf(kind).keys()];
    // Fields that many have in common: what is about everything would leave little else to see.
    const near = fc.constantFrom(...general.filter((path) => path.startsWith('/goods') || path === ''));
    const unconditional = entryAbout(kind).map(({ when: _when, ...entry }): Entry => entry);
    return fc.record({
      kind: fc.constant(kind),
      entries: fc.array(
        fc
          .tuple(unconditional, fc.array(near, { minLength: 1, maxLength: 2 }), fc.nat(9))
          .map(([entry, fields, die]): Entry => {
            if (die < 3) return entry;
            const { id, title, legalBasis, owner, purposes } = entry;
            const sharing = die < 8 ? ('conditional' as const) : ('withheld' as const);
            const plain = { id, title, legalBasis, owner, class: sharing, match: { kinds: [kind] }, fields };
            return { ...plain, ...(purposes === undefined ? {} : { purposes }) };
          }),
        { maxLength: 5 },
      ),
      path: fc.oneof(near, fc.constantFrom(...general)),
      place: fc.constantFrom('*', '0', '1'),
      purpose: fc.constantFrom(...PURPOSES_ASKED),
      requester: fc.constantFrom(...CONSUMERS),
    });
  });

  it('无条件的条目：可以申请的，恰为某一内容中授权会有所放开的 without conditions, what may be asked for is what may be given', () => {
    const seen = { admitted: 0, refused: 0 };
    fc.assert(
      fc.property(requestArb, ({ kind, entries, path, place, purpose, requester }) => {
        const issuer: UnitId = `jl.${kind.split('.')[0] as 'border'}`;
        fc.pre(requester !== issuer);
        const list = compileNegativeList(listOf(entries), CONSUMERS);
        const written = path.replaceAll('*', place);
        const content = everything(fieldTree(kind)) as object;
        const giving = (purposeAsked: string): boolean => {
          const lifts = new Map([[requester, [{ grant: 'G', paths: [written], purpose: purposeAsked }]]]);
          const [view] = decideDisclosure(list, { kind, issuer, content }, [requester], NOW, lifts);
          return view?.grants !== undefined;
        };
        const asked = { paths: [written], purpose };
        const found = judgeAccessRequest(list, { issuer, kinds: [kind], requester }, asked, NOW);
        expect(found.length === 0).toBe(giving(purpose));
        seen[found.length === 0 ? 'admitted' : 'refused'] += 1;
        // The purposes that are told are those for which it could be given, and nothing is told where there is none.
        const others = Object.keys(PURPOSES).filter(giving);
        const [refusal] = found;
        if (refusal !== undefined) {
          expect(refusal.code === 'purpose-not-admitted').toBe(others.length > 0);
          if (others.length > 0) expect(refusal.message.en).toContain(`admits ${others.join(', ')}`);
        }
      }),
      { numRuns: 300 },
    );
    expect(Math.min(seen.admitted, seen.refused)).toBeGreaterThan(30);
  });
});
