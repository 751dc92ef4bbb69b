import { parseDocument } from 'yaml';

/** The entry that the day's second list has more than its first. */
export const NEW_ENTRY = 'NL-090';

/** What the new entry withholds, and from whom. */
export interface Withholding {
  readonly kinds: readonly string[];
  readonly fields: readonly string[];
  /** Everybody but the issuer when absent. */
  readonly consumers?: { readonly only: readonly string[] };
}

/** What its author thinks of first: manufacturers and seals, of every result, from everybody. */
export const TOO_MUCH: Withholding = { kinds: ['*'], fields: ['/goods/*/manufacturer', '/containers/*/seals'] };

/** The same, as it is first written. */
export const MISSPELT: Withholding = { ...TOO_MUCH, fields: ['/goods/*/manufacturer', '/container/*/seals'] };

/** What is really meant: the manufacturer in customs results, which inspection and border units are not to see. */
export const ENOUGH: Withholding = {
  kinds: ['customs.*'],
  fields: ['/goods/*/manufacturer'],
  consumers: { only: ['*.inspection', '*.border'] },
};

/**
 * The list, with one entry more and as a new version.
 *
 * @param document YAML text of the list that is in force
 * @param effectiveFrom when it comes into force, milliseconds since 1970
 */
export function withOneMoreEntry(
  document: string,
  effectiveFrom: number,
  withholding: Withholding,
): { document: string; version: string } {
  const list = parseDocument(document);
  const version = `${String(list.get('version'))}.noon`;
  const { kinds, ...where } = withholding;
  list.set('version', version);
  list.set('effectiveFrom', new Date(effectiveFrom).toISOString());
  list.addIn(
    ['entries'],
    list.createNode({
      id: NEW_ENTRY,
      title: { zh: '生产企业', en: 'Manufacturers' },
      class: 'withheld',
      legalBasis: '《海关法》第七十二条第（五）项；《数据安全法》第三十八条',
      owner: 'customs',
      match: { kinds },
      ...where,
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
