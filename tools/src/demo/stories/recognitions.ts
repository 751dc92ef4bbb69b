import { revoke, findRecognitions } from '../../traffic/backend.ts';
import { boxNumbers, openAndReseal } from '../../traffic/consignment.ts';
import { quarantine } from '../../traffic/inspection-results.ts';
import { PORTS } from '../../traffic/ports.ts';
import { arrival, cargo, chanceOf, cleanScan, decisionOf } from '../cargo.ts';
import { answered, arrived, at, copies, type Day, recognise, referenceOf, submit } from '../day.ts';
import { fact, type Fact, type Story } from '../story.ts';

/** A container is scanned at Manzhouli, then opened for quarantine and sealed anew; Dalian sees it with its seal as given. */
async function throughManzhouli(day: Day, label: string, condition: 'intact' | 'broken'): Promise<Fact[]> {
  const port = PORTS.manzhouliRail;
  const goods = cargo(label, port, at('07:30'));
  const opening = openAndReseal(chanceOf(`${label}/opening`), goods, 'inspection');
  const scanned = await submit(
    day,
    'nm.customs',
    cleanScan(label, referenceOf('MLXHG', `${label}-1`), port, goods, at('08:10')),
  );
  const quarantined = await submit(
    day,
    'nm.inspection',
    quarantine(chanceOf(label), referenceOf('MLXJY', `${label}-2`), port, goods, at('09:40'), {
      verdict: 'clean',
      from: 'RU',
      wood: false,
      sampled: true,
      containers: opening.containers,
    }),
  );
  await Promise.all([scanned, quarantined].map((receipt) => arrived(day, receipt, ['ln.customs'])));
  const request = arrival(
    referenceOf('DLCHR', `${label}-3`),
    PORTS.dalian.location,
    ['x-ray', 'quarantine', 'seal'],
    opening.consignment,
    condition,
  );
  const decided = await recognise(day, 'ln.customs', request);
  const broken = condition === 'broken';
  return [
    fact('结论', 'outcome', decided.outcome, broken ? 'refused' : 'recognised'),
    fact(
      '机检',
      'x-ray',
      decisionOf(decided, 'x-ray'),
      broken ? 'required seal-broken' : 'recognised MRA-NE-03 nm.customs',
    ),
    fact(
      '检疫',
      'quarantine',
      decisionOf(decided, 'quarantine'),
      broken ? 'required seal-broken' : 'recognised MRA-NE-04 nm.inspection',
    ),
    fact(
      '封志查验',
      'seal',
      decisionOf(decided, 'seal'),
      broken ? 'required seal-broken' : 'recognised MRA-NE-06 nm.customs',
    ),
  ];
}

export const scanAndQuarantineRecognised: Story = {
  id: 'scan-and-quarantine-recognised',
  clock: '08:10',
  title: {
    zh: '满洲里机检并检疫的集装箱，大连不再查验',
    en: 'Scanned and quarantined at Manzhouli, not inspected again at Dalian',
  },
  expected: {
    zh: '封志完好（检疫开箱后由检验检疫换封），机检、检疫、封志三项均互认',
    en: 'the seal, replaced officially after quarantine, is unbroken: x-ray, quarantine and seal are all recognised',
  },
  play: (day) => throughManzhouli(day, '01', 'intact'),
};

export const brokenSealRequired: Story = {
  id: 'broken-seal-required',
  clock: '09:40',
  title: { zh: '同样的集装箱，到大连时封志破损', en: 'The same journey, but the seal is found broken at Dalian' },
  expected: {
    zh: '一项也不互认，每项理由均为 seal-broken',
    en: 'nothing is recognised; every check is required with seal-broken',
  },
  play: (day) => throughManzhouli(day, '02', 'broken'),
};

export const twoOfThreeContainers: Story = {
  id: 'two-of-three-containers',
  clock: '10:20',
  title: { zh: '三个集装箱只机检了两个', en: 'Two of three containers were scanned' },
  expected: {
    zh: '部分互认，仍须机检的只有第三个集装箱',
    en: 'partly recognised; what remains to be scanned is the third container',
  },
  play: async (day) => {
    const port = PORTS.suifenheRail;
    const goods = cargo('03', port, at('06:00'), { boxes: 3 });
    const [first = '', second = '', third = ''] = boxNumbers(goods);
    const content = cleanScan('03', referenceOf('SFEHG', '03-1'), port, goods, at('10:20'), [first, second]);
    const scanned = await submit(day, 'hl.customs', content);
    await arrived(day, scanned, ['jl.customs']);
    const { consignment, ...rest } = arrival(referenceOf('CGCHR', '03-2'), PORTS.changchun.location, ['x-ray'], goods);
    const { containers, declarationNumber } = consignment;
    const decided = await recognise(day, 'jl.customs', {
      ...rest,
      consignment: {
        ...(containers ? { containers } : {}),
        ...(declarationNumber ? { declarationNumber } : {}),
      },
    });
    const check = decided.checks[0];
    const remaining = check?.decision === 'required' ? (check.remaining?.containers ?? []) : [];
    return [
      fact('结论', 'outcome', decided.outcome, 'partial'),
      fact('机检', 'x-ray', decisionOf(decided, 'x-ray'), 'required MRA-NE-03 hl.customs not-covered'),
      fact('已涵盖', 'covered', check?.covers?.containers ?? [], [first, second]),
      fact('尚须', 'remaining', remaining, [third]),
    ];
  },
};

export const revokedReopensTwo: Story = {
  id: 'revoked-result-reopens-recognitions',
  clock: '13:05',
  title: { zh: '结果被撤销，两个单位的互认重新审查', en: 'A result is revoked; two units reopen what relied on it' },
  expected: {
    zh: '长春海关与大连检验检疫各收到一次 recognition.reopened，再申请时理由为 revoked',
    en: 'jl.customs and ln.inspection each hear recognition.reopened once; asking anew answers revoked',
  },
  play: async (day) => {
    const port = PORTS.suifenheRail;
    const goods = cargo('04', port, at('05:00'));
    const scanned = await submit(
      day,
      'hl.customs',
      cleanScan('04', referenceOf('SFEHG', '04-1'), port, goods, at('11:00')),
    );
    const relying = [
      { unit: 'jl.customs', location: PORTS.changchun.location },
      { unit: 'ln.inspection', location: PORTS.dalian.location },
    ] as const;
    await arrived(
      day,
      scanned,
      relying.map(({ unit }) => unit),
    );
    const ask = (serial: string) =>
      Promise.all(
        relying.map(({ unit, location }) =>
          recognise(day, unit, arrival(referenceOf(location, `04-${serial}`), location, ['x-ray'], goods)),
        ),
      );
    const before = await ask('2');
    const reason = '设备校准异常,该时段图像作废';
    const revoked = await answered(day, 'hl.customs', (backend) => revoke(backend, scanned.resultId, reason));
    await copies(day, 'hl.customs', revoked);
    const reopened = before.map(({ recognitionId }) => ({
      heard: () => day.events.about('recognition.reopened', recognitionId),
    }));
    await day.events.until('recognition.reopened at both units', () =>
      reopened.every(({ heard }) => heard().length > 0) ? true : undefined,
    );
    const states = await Promise.all(
      relying.map(async ({ unit }, index) => {
        const { recognitionId = '' } = before[index] ?? {};
        const found = await answered(day, unit, (backend) => findRecognitions(backend, { recognitionId }));
        return found.recognitions[0]?.state ?? 'none';
      }),
    );
    const after = await ask('3');
    return [
      fact(
        '撤销前',
        'before',
        before.map(({ outcome }) => outcome),
        ['recognised', 'recognised'],
      ),
      fact('撤销', 'revoked', `${revoked.status} ${revoked.version}`, 'revoked 2'),
      fact(
        '重新审查通知',
        'reopened events',
        reopened.flatMap(({ heard }) => heard().map(({ unit }) => unit)),
        relying.map(({ unit }) => unit),
      ),
      fact('互认状态', 'state', states, ['reopened', 'reopened']),
      fact(
        '再次申请',
        'asked anew',
        after.map((each) => decisionOf(each, 'x-ray')),
        ['required revoked', 'required revoked'],
      ),
    ];
  },
};
