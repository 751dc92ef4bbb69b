import type { Answer } from '../../api/answer.ts';
import { type WithheldField, withheldFields } from '../../parts/withheld-fields.ts';

type Disclosure = Answer<'/api/v1/results/{id}/disclosures'>['disclosures'][number];

/** What several units were shown alike. */
export interface ShownView {
  consumers: readonly string[];
  withheld: readonly WithheldField[];
  grants: readonly string[];
  listVersion: string;
}

/** The views of one version as they are by now: of each unit the last, those that are alike together, the fullest first. */
export function shownViews(disclosures: readonly Disclosure[], version: number): ShownView[] {
  const last = new Map<string, Disclosure>();
  for (const disclosure of disclosures) {
    if (disclosure.version !== version) continue;
    const known = last.get(disclosure.consumer);
    if (known === undefined || known.ledger.sequence < disclosure.ledger.sequence)
      last.set(disclosure.consumer, disclosure);
  }
  const views = [...last.values()].map((disclosure) => ({
    consumer: disclosure.consumer,
    withheld: withheldFields(disclosure.withheld),
    grants: disclosure.grants ?? [],
    listVersion: disclosure.listVersion,
  }));
  const alike = Map.groupBy(views, ({ withheld, grants, listVersion }) =>
    JSON.stringify([withheld, grants, listVersion]),
  );
  return [...alike.values()]
    .map(([first, ...others]): ShownView => {
      const { withheld, grants, listVersion } = first!;
      return { consumers: [first!, ...others].map(({ consumer }) => consumer).sort(), withheld, grants, listVersion };
    })
    .sort(
      (one, other) => one.withheld.length - other.withheld.length || (one.consumers[0]! < other.consumers[0]! ? -1 : 1),
    );
}
