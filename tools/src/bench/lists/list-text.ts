import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { LIST_FILE } from '../../local-mesh/paths.ts';

/** One entry that withholds more than the repository's list does. */
export interface Withholding {
  readonly id: string;
  readonly fields: readonly string[];
  readonly consumers: readonly string[];
}

/**
 * The repository's list as another version, with some entries more.
 *
 * @param effectiveFrom milliseconds since the epoch
 */
export async function listText(
  version: string,
  effectiveFrom: number,
  withholdings: readonly Withholding[],
): Promise<string> {
  const list = parseDocument(await readFile(LIST_FILE, 'utf8'));
  list.set('version', version);
  list.set('effectiveFrom', new Date(effectiveFrom).toISOString());
  for (const { id, fields, consumers } of withholdings) {
    const entry = {
      id,
      title: { zh: '基准测试', en: 'benchmark' },
      class: 'withheld',
      legalBasis: '《海关法》第七十二条第（五）项',
      owner: 'customs',
      match: { kinds: ['customs.*'] },
      fields,
      consumers: { only: consumers },
    };
    list.addIn(['entries'], list.createNode(entry));
  }
  return list.toString();
}
