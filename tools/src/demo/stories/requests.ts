import type { ResultContent, UnitId } from '@clearance/contracts';
import { find, submit as submitOnce, submitBatch } from '../../traffic/backend.ts';
import { examination } from '../../traffic/customs-results.ts';
import { quarantine } from '../../traffic/inspection-results.ts';
import { PORTS } from '../../traffic/ports.ts';
import { cargo, chanceOf } from '../cargo.ts';
import { answered, ask, at, type Day, referenceOf, submit } from '../day.ts';
import { fact, type Story } from '../story.ts';

/** How many results a unit holds under a reference. */
async function kept(day: Day, unit: UnitId, reference: string): Promise<number> {
  return (await answered(day, unit, (backend) => find(backend, { reference }))).results.length;
}

/** What a refusal says, in codes: the status, then each violation's pointer and code in order. */
async function refusalOf(
  day: Day,
  unit: UnitId,
  content: unknown,
): Promise<{ status: number; code: string; violations: string[] }> {
  const outcome = await ask(day, unit, (backend) => submitOnce(backend, content as ResultContent));
  if (outcome.ok) return { status: 200, code: 'accepted', violations: [] };
  const { status, code, errors } = outcome.problem;
  return { status, code, violations: errors.map((each) => `${each.pointer} ${each.code}`).sort() };
}

export const duplicateSubmission: Story = {
  id: 'duplicate-submission',
  clock: '14:00',
  title: { zh: '同一结果提交两次', en: 'The same result is submitted twice' },
  expected: {
    zh: '内容相同则编号相同；同一参考号而内容不同则 409，原结果不变',
    en: 'the same content gets the same id; other content under the same reference gets 409, and nothing changes',
  },
  play: async (day) => {
    const port = PORTS.dalian;
    const reference = referenceOf('DLCJY', '09-1');
    const content = quarantine(chanceOf('09'), reference, port, cargo('09', port, at('06:00')), at('14:00'), {
      verdict: 'clean',
      from: 'RU',
      wood: false,
      sampled: false,
    });
    const first = await submit(day, 'ln.inspection', content);
    const second = await submit(day, 'ln.inspection', structuredClone(content));
    const other = await refusalOf(day, 'ln.inspection', { ...content, remarks: '内容有改动' });
    const { results } = await answered(day, 'ln.inspection', (backend) => find(backend, { reference }));
    return [
      fact('再次提交', 'submitted again', second.resultId === first.resultId ? 'same id' : 'another id', 'same id'),
      fact('内容不同', 'other content', `${other.status} ${other.code}`, '409 conflict'),
      fact(
        '保存的',
        'kept',
        results.map(({ version, status }) => `${status} ${version}`),
        ['issued 1'],
      ),
    ];
  },
};

export const everyErrorListed: Story = {
  id: 'every-error-listed',
  clock: '14:20',
  title: { zh: '不合格的提交，错误逐条列出', en: 'An invalid submission, with every error listed' },
  expected: {
    zh: '400，十处错误一次列全，各有位置与代码；什么也不保存',
    en: '400 with all ten errors at once, each with its place and code; nothing is kept',
  },
  play: async (day) => {
    const port = PORTS.dalian;
    const reference = referenceOf('DLCHG', '10-1');
    const goods = cargo('10', port, at('06:00'), { ware: 'parts' });
    const valid = examination(chanceOf('10'), reference, port, goods, at('14:20'), { verdict: 'clean', unpacked: 10 });
    const [check] = valid.checks;
    const [line] = goods.goods;
    const invalid = {
      ...valid,
      // JSON leaves out what is undefined.
      direction: undefined,
      // A digit of the container number, and the last character of the credit code, were mistyped.
      containers: [{ number: mistyped(goods.boxes[0]?.number ?? ''), seals: [] }],
      consignee: { name: '大连某甲国际贸易有限公司', creditCode: '91210200MA0DLX1K34' },
      transportMode: '8',
      colour: 'blue',
      goods: [{ ...line, quantity: { value: '24,000', unit: 'H87' } }, line],
      checks: [{ ...check, performedAt: '2026-11-21 11:10', covers: { items: [1, 7] } }],
      conclusion: 'fine',
    };
    const refusal = await refusalOf(day, 'ln.customs', invalid);
    return [
      fact('回答', 'answer', `${refusal.status} ${refusal.code}`, '400 invalid'),
      fact('错误', 'errors', refusal.violations, [
        '/checks/0/covers/items/1 unknown-reference',
        '/checks/0/performedAt bad-format',
        '/colour unknown-member',
        '/conclusion not-in-list',
        '/consignee/creditCode bad-check-digit',
        '/containers/0/number bad-check-digit',
        '/direction missing',
        '/goods/0/quantity/value bad-format',
        '/goods/1/item duplicate',
        '/transportMode not-in-list',
      ]),
      fact('保存的', 'kept', await kept(day, 'ln.customs', reference), 0),
    ];
  },
};

function mistyped(number: string): string {
  return `${number.slice(0, 9)}${(Number(number[9]) + 1) % 10}${number.slice(10)}`;
}

export const foreignResults: Story = {
  id: 'foreign-kind-and-office-refused',
  clock: '14:40',
  title: { zh: '越权签发：其他部门的种类、其他省的关区', en: "Another agency's kind, another province's office" },
  expected: {
    zh: '均被拒绝（400），代码为 wrong-agency、wrong-province；什么也不保存',
    en: 'both refused (400) with wrong-agency and wrong-province; nothing is kept',
  },
  play: async (day) => {
    const { manzhouliRail, dalian } = PORTS;
    const notMine = quarantine(
      chanceOf('11'),
      referenceOf('MLXJY', '11-1'),
      manzhouliRail,
      cargo('11', manzhouliRail, at('06:00')),
      at('14:40'),
      { verdict: 'clean', from: 'RU', wood: false, sampled: false },
    );
    const notHere = examination(
      chanceOf('11b'),
      referenceOf('DLCHG', '11-2'),
      dalian,
      cargo('11b', dalian, at('06:00'), { ware: 'parts' }),
      at('14:45'),
      { verdict: 'clean', unpacked: 10 },
    );
    const kind = await refusalOf(day, 'nm.customs', notMine);
    const office = await refusalOf(day, 'nm.customs', notHere);
    const left = await Promise.all([notMine, notHere].map(({ reference }) => kept(day, 'nm.customs', reference)));
    return [
      fact(
        '其他部门',
        'agency',
        [String(kind.status), ...kind.violations.filter((each) => each.startsWith('/kind'))],
        ['400', '/kind wrong-agency'],
      ),
      fact(
        '其他省',
        'province',
        [String(office.status), ...office.violations],
        ['400', '/location wrong-province', '/office wrong-province'],
      ),
      fact('保存的', 'kept', left, [0, 0]),
    ];
  },
};

export const batchWithABadOne: Story = {
  id: 'batch-with-a-bad-one',
  clock: '15:00',
  title: { zh: '一批三份，一份不合格', en: 'A batch of three with a bad one in it' },
  expected: {
    zh: '好的两份照收，坏的一份单独报错，次序不变',
    en: 'the two good ones are accepted, the bad one is refused alone, in order',
  },
  play: async (day) => {
    const port = PORTS.hunchunRail;
    const contents = ['12-1', '12-2', '12-3'].map((serial) =>
      examination(chanceOf(serial), referenceOf('HUCHG', serial), port, cargo(serial, port, at('06:00')), at('15:00'), {
        verdict: 'clean',
        unpacked: 10,
      }),
    );
    const batch = contents.map((content, index) => (index === 1 ? { ...content, office: '0908' } : content));
    const outcomes = await answered(day, 'jl.customs', (backend) => submitBatch(backend, batch));
    const said = outcomes.map((each) => (each.ok ? each.value.status : `${each.problem.status}`));
    const left = await Promise.all(batch.map(({ reference }) => kept(day, 'jl.customs', reference)));
    return [fact('逐份结果', 'outcomes', said, ['issued', '400', 'issued']), fact('保存的', 'kept', left, [1, 0, 1])];
  },
};
