import { parseDocument } from 'yaml';

/**
 * The text of a former list under a new version, to be in force from another time on: its comments stay as they were.
 *
 * @param document the former list's text, YAML or JSON, as it was signed
 * @param changes.effectiveFrom as it is to stand in the text
 */
export function restoredText(document: string, changes: { version: string; effectiveFrom: string }): string {
  const list = parseDocument(document);
  list.set('version', changes.version);
  list.set('effectiveFrom', changes.effectiveFrom);
  return list.toString({ lineWidth: 0 });
}
