import { BYTE_ORDER_MARK, csvRecord } from '../ledger/questions/csv.ts';
import type { Catalogue, CatalogueResource, CatalogueResourceField } from './make-catalogue.ts';

/** The columns of the catalogue's table: first what is shared how with whom, then what was measured. */
export const CATALOGUE_COLUMNS = [
  ...['issuer', 'kind', 'path', 'type', 'required', 'class', 'strictest', 'consumers'],
  ...['entries', 'dependentEntries', 'exceptions', 'legalBasis', 'purposes', 'listVersion', 'from', 'to'],
  ...['results', 'present', 'share', 'delayMeasured', 'delayAhead', 'delayMean', 'delayP50', 'delayP90', 'delayP99'],
  ...['amendments', 'amendmentsPerResult', 'revocations', 'revocationsPerResult'],
];

/**
 * The catalogue as CSV (RFC 4180, UTF-8), a resource at a time: a record for each field and each way in which it is
 * shared. What is not known, or measured of nothing, is an empty cell.
 */
export function* catalogueCsv(catalogue: Catalogue, bom: boolean): Generator<string> {
  yield `${bom ? BYTE_ORDER_MARK : ''}${csvRecord(CATALOGUE_COLUMNS)}`;
  const entries = new Map(catalogue.entries.map((entry) => [entry.id, entry]));
  const { from, to, list } = catalogue;
  for (const resource of catalogue.resources) {
    const measured = measuredCells(resource);
    yield resource.fields
      .flatMap((field) =>
        sharingsOf(field).map(({ class: found, strictest, consumers, entries: always, dependent }) => {
          const named = [...always, ...dependent].flatMap((id) => entries.get(id) ?? []);
          return csvRecord([
            ...[resource.issuer, resource.kind, field.path, field.type, String(field.required)],
            ...[found, strictest, consumers.join(' '), always.join(' '), dependent.join(' ')],
            ...[exceptionsFor(resource, consumers).join(' ')],
            ...[[...new Set(named.map(({ legalBasis }) => legalBasis))].join(' | ')],
            ...[[...new Set(named.flatMap(({ purposes = [] }) => purposes))].join(' ')],
            ...[list?.version ?? '', from, to],
            ...[resource.results, field.present, field.share ?? ''],
            ...measured,
          ]);
        }),
      )
      .join('');
  }
}

/** A field that is shared with nobody who was asked about has its line all the same. */
function sharingsOf({ sharing }: CatalogueResourceField): (Omit<
  CatalogueResourceField['sharing'][number],
  'class' | 'strictest'
> & {
  class: string;
  strictest: string;
})[] {
  return sharing.length > 0 ? sharing : [{ class: '', strictest: '', consumers: [], entries: [], dependent: [] }];
}

function exceptionsFor({ exceptions }: CatalogueResource, consumers: readonly string[]): string[] {
  return exceptions.filter((one) => one.consumers.some((unit) => consumers.includes(unit))).map(({ entry }) => entry);
}

function measuredCells({ delay, ...resource }: CatalogueResource): (string | number)[] {
  const { measured, ahead, mean, p50, p90, p99 } = delay;
  return [
    ...[measured, ahead, mean ?? '', p50 ?? '', p90 ?? '', p99 ?? ''],
    ...[resource.amendments, resource.amendmentsPerResult ?? ''],
    ...[resource.revocations, resource.revocationsPerResult ?? ''],
  ];
}
