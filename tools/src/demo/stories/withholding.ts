import type { ResultView } from '@clearance/contracts';
import { examination, release } from '../../traffic/customs-results.ts';
import { crew } from '../../traffic/border-results.ts';
import { PORTS } from '../../traffic/ports.ts';
import { cargo, chanceOf, unitsThat, withheldOf } from '../cargo.ts';
import { at, copies, ofAgency, referenceOf, submit } from '../day.ts';
import { mentions } from '../search-token.ts';
import { fact, type Story } from '../story.ts';

const CREW = 6;
/** All units but the issuer. */
const EVERYONE = ['*.customs', '*.inspection', '*.border'];

/** What of the given words a view lets be seen, in its content or anywhere in its token. */
function shows(view: ResultView, words: readonly string[]): boolean {
  const content = JSON.stringify(view.content);
  return words.some((word) => content.includes(word) || mentions(view.signature.token, word));
}

export const crewDocuments: Story = {
  id: 'crew-documents-for-border-only',
  clock: '10:45',
  title: { zh: '船员证件只有边检看得到', en: 'Crew documents are seen by border units and by nobody else' },
  expected: {
    zh: '三个边检单位看到全部证件号码，其余八个单位在内容与令牌中都找不到',
    en: 'the three other border units see every document; in the other eight copies neither content nor token has any',
  },
  play: async (day) => {
    const port = PORTS.dalian;
    const crossing = {
      direction: 'import',
      mode: '2',
      conveyance: { imoNumber: '9074729', name: 'SAMPLE TRADER', nationality: 'LR', journey: '118N' },
      manifest: 'DLC2026D0500',
      previousPort: 'RUVVO',
      crew: { nationalities: ['RU', 'PH'], count: CREW },
    } as const;
    const content = crew(chanceOf('05'), referenceOf('DLCBJ', '05-1'), port, crossing, at('10:45'));
    const persons = content.border?.persons ?? [];
    const secret = persons.flatMap(({ documentNumber, birthDate }) => [documentNumber, birthDate]);
    const receipt = await submit(day, 'ln.border', content);
    const views = await copies(day, 'ln.border', receipt);
    const border = ofAgency(views.keys(), 'border');
    const rest = [...views].filter(([unit]) => !border.includes(unit));
    const numbered = (view: ResultView): number =>
      (view.content.border?.persons ?? []).filter(({ documentNumber }) => documentNumber !== undefined).length;
    const named = rest.map(
      ([, { withheld }]) =>
        withheld.filter(({ path, entry }) => entry === 'NL-001' && path.endsWith('/documentNumber')).length,
    );
    return [
      fact('共享副本', 'copies', views.size, 11),
      fact(
        '看到全部证件',
        'see all documents',
        unitsThat(views, (view) => numbered(view) === CREW),
        ['*.border'],
      ),
      fact(
        '边检被扣字段',
        'withheld from border',
        border.map((unit) => views.get(unit)?.withheld.length ?? -1),
        [0, 0, 0],
      ),
      fact(
        '其他副本含证件或生日',
        'others that show any',
        unitsThat(new Map(rest), (view) => shows(view, secret)),
        [],
      ),
      fact('其他副本列明的扣留', 'NL-001 paths named to the others', [...new Set(named)], [persons.length]),
    ];
  },
};

export const priceWithheld: Story = {
  id: 'price-withheld',
  clock: '11:20',
  title: { zh: '货物价格不予共享', en: 'A price is withheld' },
  expected: {
    zh: '其他三个海关看到价格，检验检疫与边检看不到，并被告知 NL-010',
    en: 'the other three customs units see it; inspection and border do not, and are told NL-010',
  },
  play: async (day) => {
    const port = PORTS.dalian;
    const goods = cargo('06', port, at('06:00'), { ware: 'parts' });
    const content = examination(chanceOf('06'), referenceOf('DLCHG', '06-1'), port, goods, at('11:20'), {
      verdict: 'clean',
      unpacked: 10,
    });
    const amount = content.goods?.[0]?.value?.amount ?? '';
    const receipt = await submit(day, 'ln.customs', content);
    const views = await copies(day, 'ln.customs', receipt);
    const told = unitsThat(views, (view) => withheldOf(view).includes('/goods/0/value NL-010 none'));
    return [
      fact(
        '看到价格',
        'see the price',
        unitsThat(views, (view) => shows(view, [`"${amount}"`])),
        ['*.customs'],
      ),
      fact('被告知 NL-010', 'told NL-010', told, ['*.inspection', '*.border']),
    ];
  },
};

export const wholeResultWithheld: Story = {
  id: 'whole-result-withheld',
  clock: '11:50',
  title: { zh: '军品：整份结果不予共享', en: 'A military consignment: the whole result is withheld' },
  expected: {
    zh: '十一个单位只得到存根：路径为空，条目 NL-040，内容与令牌中一无所有',
    en: "all eleven get a stub: path '', entry NL-040, and nothing in content or token",
  },
  play: async (day) => {
    const port = PORTS.manzhouliRail;
    const goods = cargo('07', port, at('06:00'), { ware: 'special', handling: 'military' });
    const content = examination(chanceOf('07'), referenceOf('MLXHG', '07-1'), port, goods, at('11:50'), {
      verdict: 'clean',
      unpacked: 0,
    });
    const receipt = await submit(day, 'nm.customs', content);
    const views = await copies(day, 'nm.customs', receipt);
    const words = [
      content.reference,
      goods.declarationNumber,
      goods.consignee.name,
      'customs.examination',
      ...goods.boxes.map(({ number }) => number),
    ];
    return [
      fact('存根', 'stubs', views.size, 11),
      fact('扣留', 'withheld', [...new Set([...views.values()].flatMap(withheldOf))], ['(all) NL-040 none']),
      fact(
        '有内容者',
        'copies with content',
        unitsThat(views, ({ content: seen }) => Object.keys(seen).length > 0),
        [],
      ),
      fact(
        '令牌泄露',
        'tokens that say more',
        unitsThat(views, (view) => shows(view, words)),
        [],
      ),
    ];
  },
};

export const conditionalNamed: Story = {
  id: 'conditional-field-obtainable',
  clock: '12:15',
  title: { zh: '税款金额可依申请获取', en: 'The amount of duties can be asked for' },
  expected: {
    zh: '海关以外八个单位看不到金额，但知道可申请（on-request）；是否缴清人人可见',
    en: 'eight units outside customs are shown no amount but are told on-request; that it is settled all of them see',
  },
  play: async (day) => {
    const port = PORTS.suifenheRail;
    const goods = cargo('08', port, at('06:00'));
    const content = release(chanceOf('08'), referenceOf('SFEHG', '08-1'), port, goods, at('12:15'), {
      basis: 'examined',
    });
    const receipt = await submit(day, 'hl.customs', content);
    const views = await copies(day, 'hl.customs', receipt);
    const duties = ({ content: { customs } }: ResultView) =>
      customs !== undefined && 'duties' in customs ? customs.duties : undefined;
    const obtainable = unitsThat(views, (view) =>
      withheldOf(view).includes('/customs/duties/amount NL-014 on-request'),
    );
    return [
      fact(
        '看到金额',
        'see the amount',
        unitsThat(views, (view) => duties(view)?.amount !== undefined),
        ['*.customs'],
      ),
      fact('可申请', 'may ask', obtainable, ['*.inspection', '*.border']),
      fact(
        '看到已缴清',
        'see that it is settled',
        unitsThat(views, (view) => duties(view)?.settled === true),
        EVERYONE,
      ),
    ];
  },
};
