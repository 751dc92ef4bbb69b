import { amend } from '../../traffic/backend.ts';
import { examination } from '../../traffic/customs-results.ts';
import { PORTS } from '../../traffic/ports.ts';
import { asSelectors, cargo, chanceOf, unitsThat } from '../cargo.ts';
import { answered, at, copies, held, others, referenceOf, submit } from '../day.ts';
import { NEW_ENTRY, withOneMoreEntry } from '../new-list.ts';
import { fact, type Story } from '../story.ts';
import { isSettled } from '../tally.ts';

/** All units but the issuer. */
const EVERYONE = ['*.customs', '*.inspection', '*.border'];

export const amendmentTravels: Story = {
  id: 'amendment-travels',
  clock: '15:30',
  title: { zh: '一处修改，全线更新', en: 'Corrected once, updated everywhere' },
  expected: {
    zh: '十一个单位各收到一次 result.amended，所持均为第 2 版的新内容',
    en: 'each of the eleven units hears result.amended once and holds version 2 with the new content',
  },
  play: async (day) => {
    const port = PORTS.yingkou;
    const goods = cargo('13', port, at('06:00'), { ware: 'parts' });
    const content = examination(chanceOf('13'), referenceOf('YIKHG', '13-1'), port, goods, at('15:30'), {
      verdict: 'clean',
      unpacked: 50,
    });
    const first = await submit(day, 'ln.customs', content);
    await copies(day, 'ln.customs', first);
    const corrected = { ...content, remarks: '更正:补充商品规格' };
    const second = await answered(day, 'ln.customs', (backend) => amend(backend, first.resultId, corrected));
    const views = await copies(day, 'ln.customs', second);
    const heard = day.events.about('result.amended', first.resultId);
    return [
      fact('修改', 'amended', `${second.status} ${second.version}`, 'amended 2'),
      fact('通知', 'result.amended events', heard.length, 11),
      fact('通知的单位', 'units told', new Set(heard.map(({ unit }) => unit)).size, 11),
      fact(
        '持有第 2 版',
        'hold version 2',
        unitsThat(views, (view) => view.version === 2 && view.content.remarks === corrected.remarks),
        EVERYONE,
      ),
    ];
  },
};

export const settledEverywhere: Story = {
  id: 'settled-with-eleven-receipts',
  clock: '16:00',
  title: { zh: '办结：十一份回执', en: 'Settled, with eleven receipts' },
  expected: {
    zh: '签发单位收到一次 result.settled；台账可查十一个单位各有回执',
    en: 'the issuer alone hears result.settled, once; the ledger shows a receipt of each of the eleven',
  },
  play: async (day) => {
    const port = PORTS.erenhotRail;
    const goods = cargo('14', port, at('06:00'));
    const content = examination(chanceOf('14'), referenceOf('ERCHG', '14-1'), port, goods, at('16:00'), {
      verdict: 'clean',
      unpacked: 10,
    });
    const receipt = await submit(day, 'nm.customs', content);
    await day.events.until('result.settled at nm.customs', () => (isSettled(day, receipt) ? true : undefined));
    const disclosures = await day.gateway.disclosures(receipt.resultId);
    const confirmed = disclosures.filter(({ receiptAt }) => receiptAt !== null).map(({ consumer }) => consumer);
    return [
      fact(
        '通知',
        'result.settled at',
        day.events.about('result.settled', receipt.resultId).map(({ unit }) => unit),
        ['nm.customs'],
      ),
      fact('台账中的单位', 'units in the ledger', disclosures.length, 11),
      fact('有回执', 'with a receipt', asSelectors(confirmed, others(day, 'nm.customs')), EVERYONE),
    ];
  },
};

export const listChanges: Story = {
  id: 'list-changed-at-noon',
  clock: '16:30',
  title: { zh: '清单在日中变更', en: 'The list changes in the middle of the day' },
  expected: {
    zh: '新条目自生效起扣留生产企业；此前的副本不变；台账列明两个版本的清单',
    en: 'from then on a new entry withholds the manufacturer; copies made before keep it; the ledger names both lists',
  },
  play: async (day) => {
    const port = PORTS.dalian;
    const examined = (serial: string) => {
      const goods = cargo(serial, port, at('06:00'), { ware: 'parts' });
      const made = goods.goods.map((line) => ({ ...line, manufacturer: { name: 'MIHON KOGYO KK 第二工场' } }));
      const content = examination(
        chanceOf(serial),
        referenceOf('DLCHG', serial),
        port,
        { ...goods, goods: made },
        at('16:30'),
        {
          verdict: 'clean',
          unpacked: 10,
        },
      );
      return submit(day, 'ln.customs', content).then((receipt) => ({ content, receipt }));
    };
    const hiddenFrom = (views: Awaited<ReturnType<typeof copies>>) =>
      unitsThat(views, (view) => view.content.goods?.[0]?.manufacturer === undefined);

    const [kept, changed] = await Promise.all([examined('15-1'), examined('15-2')]);
    const before = hiddenFrom(await copies(day, 'ln.customs', kept.receipt));
    // What is not settled may be offered again, and is then decided by the list of that moment.
    await day.events.until('the settlement of what was issued before the change', () =>
      [kept, changed].every(({ receipt }) => isSettled(day, receipt)) ? true : undefined,
    );

    const next = withOneMoreEntry(day.list.document, Date.now());
    const state = await day.gateway.putList(next.document);
    const amended = await answered(day, 'ln.customs', (backend) =>
      amend(backend, changed.receipt.resultId, { ...changed.content, remarks: '更正:补充商品规格' }),
    );
    const [after, fresh] = await Promise.all([
      copies(day, 'ln.customs', amended),
      examined('15-3').then(({ receipt }) => copies(day, 'ln.customs', receipt)),
    ]);
    const still = new Map(
      await Promise.all(
        others(day, 'ln.customs').map(async (unit) => [unit, (await held(day, unit, kept.receipt.resultId))!] as const),
      ),
    );
    const disclosures = await day.gateway.disclosures(changed.receipt.resultId);
    const lists = [1, 2].map((version) => {
      const named = disclosures.filter((each) => each.version === version).map(({ listVersion }) => listVersion);
      return `v${version}=${[...new Set(named)].join('+')}`;
    });
    const entries = disclosures.filter(
      ({ version, withheld }) => version === 2 && withheld.some(({ entry }) => entry === NEW_ENTRY),
    );
    const named = asSelectors(
      entries.map(({ consumer }) => consumer),
      others(day, 'ln.customs'),
    );
    const affected = ['*.inspection', '*.border'];
    return [
      fact('新清单', 'new list', state, 'in-force'),
      fact('变更前看不到', 'hidden before', before, []),
      fact('此前的副本看不到', 'hidden in earlier copies', hiddenFrom(still), []),
      fact('新结果看不到', 'hidden in a new result', hiddenFrom(fresh), affected),
      fact('修改后看不到', 'hidden after an amendment', hiddenFrom(after), affected),
      fact('台账中的清单', 'lists in the ledger', lists, [`v1=${day.list.version}`, `v2=${next.version}`]),
      fact(`台账中的 ${NEW_ENTRY}`, `${NEW_ENTRY} in the ledger`, named, affected),
    ];
  },
};
