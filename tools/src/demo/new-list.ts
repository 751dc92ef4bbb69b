import { parseDocument } from 'yaml';

/** The entry that the day's second list has more than its first. */
export const NEW_ENTRY = 'NL-090';

/**
 * The list, with one entry more and as a new version that is in force from now on: the manufacturer in customs results is no longer
 * shown to inspection and border units.
 *
 * @param document YAML text of the list that is in force
 * @param now milliseconds since 1970
 */
export function withOneMoreEntry(document: string, now: number): { document: string; version: string } {
  const list = parseDocument(document);
  const version = `${String(list.get('version'))}.noon`;
  list.set('version', version);
  list.set('effectiveFrom', new Date(now).toISOString());
  list.addIn(
    ['entries'],
    list.createNode({
      id: NEW_ENTRY,
      title: { zh: '海关结果中的生产企业', en: 'Manufacturers in customs results' },
      class: 'withheld',
      legalBasis: '《海关法》第七十二条第（五）项；《数据安全法》第三十八条',
      owner: 'customs',
      match: { kinds: ['customs.*'] },
      fields: ['/goods/*/manufacturer'],
      consumers: { only: ['*.inspection', '*.border'] },
      validFrom: '2026-11-01',
      validUntil: '2036-10-31',
    }),
  );
  return { document: list.toString(), version };
}

/** The version that a list's text gives itself. */
export function versionOf(document: string): string {
  return String(parseDocument(document).get('version'));
}
