import { amend } from '../../traffic/backend.ts';
import { examination } from '../../traffic/customs-results.ts';
import { PORTS } from '../../traffic/ports.ts';
import { asSelectors, cargo, chanceOf, unitsThat } from '../cargo.ts';
import { answered, at, copies, others, referenceOf, submit } from '../day.ts';
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
