import type { Review, ResultView, UnitId } from '@clearance/contracts';
import { asSelectors } from '../cargo.ts';
import { type Day, held, others } from '../day.ts';
import { granted } from '../gateway-client.ts';
import { NEW_ENTRY } from '../new-list.ts';
import { recalled } from '../recalled.ts';
import { fact, type Story } from '../story.ts';
import { ownResults } from '../tally.ts';

const AFFECTED = ['*.inspection', '*.border'];

export const copiesTakenBack: Story = {
  id: 'copies-taken-back',
  clock: '16:45',
  title: { zh: '收回：清单生效前给出的副本', en: 'Taken back: copies that were given before the list' },
  expected: {
    zh: '检验检疫与边检单位此前副本中的生产企业被删去，逐一回执并通知后台；海关单位的副本不变；没有单位未回执',
    en: 'inspection and border units lose the manufacturer in copies that they had, each confirms it and tells its backend; customs units keep theirs; nobody is left who has not confirmed',
  },
  play: async (day) => {
    const { reviews } = granted(await day.gateway.ask<{ reviews: Review[] }>('author', 'GET', '/api/v1/reviews'));
    const listVersion = reviews.find(({ mode }) => mode === 'recall')?.listVersion ?? 'none';
    const recall = await recalled(day, listVersion);
    const made = await withManufacturer(day);
    const seen = await Promise.all(made.map((result) => copiesOf(day, result)));
    const told = made.flatMap(({ resultId }) => day.events.about('result.restricted', resultId));
    const units = others(day, 'ln.customs');
    const unitsThat = (test: (copy: Copy) => boolean): string[] =>
      asSelectors(
        units.filter((unit) => seen.flat().some((copy) => copy.unit === unit && test(copy))),
        units,
      );
    return [
      fact('收回', 'recall', recall.state, 'confirmed'),
      fact('被替换的副本', 'copies replaced', recall.copies > 0, true),
      fact('尚未回执', 'not confirmed', recall.waiting, 0),
      fact('未回执的单位', 'units that have not confirmed', recall.stragglers.length, 0),
      fact('仍见生产企业', 'still see the manufacturer', unitsThat(shows), ['*.customs']),
      fact(`见到 ${NEW_ENTRY}`, `are told of ${NEW_ENTRY}`, unitsThat(namesEntry), AFFECTED),
      fact(
        '后台得到通知',
        'backends were told',
        asSelectors(
          told.map(({ unit }) => unit),
          units,
        ),
        AFFECTED,
      ),
    ];
  },
};

interface Copy {
  unit: UnitId;
  view: ResultView | undefined;
}

/** Customs results of the day that name a manufacturer, as their issuers have them. */
async function withManufacturer(day: Day): Promise<ResultView[]> {
  const own = await ownResults(day, 'ln.customs');
  return own.filter(({ content }) => content.goods?.some(({ manufacturer }) => manufacturer !== undefined) ?? false);
}

function copiesOf(day: Day, { issuer, resultId }: ResultView): Promise<Copy[]> {
  return Promise.all(
    others(day, issuer).map(async (unit): Promise<Copy> => ({ unit, view: await held(day, unit, resultId) })),
  );
}

function shows({ view }: Copy): boolean {
  return view?.content.goods?.some(({ manufacturer }) => manufacturer !== undefined) ?? false;
}

function namesEntry({ view }: Copy): boolean {
  return view?.withheld.some(({ entry }) => entry === NEW_ENTRY) ?? false;
}
