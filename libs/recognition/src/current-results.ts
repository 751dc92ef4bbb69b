import type { KnownResult } from './known-result.ts';
import { readResult, type ResultRecord } from './read-result.ts';

/**
 * The latest version of each known result, read, in the order of their ids: the order in which a unit happened to
 * receive them decides nothing. A revoked result stays, marked, so that the refusal can name it; if its last version
 * carries no content then what it was about is taken from the version before.
 */
export function currentResults(known: readonly KnownResult[]): ResultRecord[] {
  const versions = new Map<string, KnownResult[]>();
  for (const result of known) {
    const others = versions.get(result.resultId);
    if (others) others.push(result);
    else versions.set(result.resultId, [result]);
  }
  return [...versions.keys()].sort(compareText).map((resultId) => latest(versions.get(resultId) ?? []));
}

function latest(versions: readonly KnownResult[]): ResultRecord {
  const [head, ...earlier] = versions.length > 1 ? [...versions].sort(latestFirst) : versions;
  if (!head) throw new RangeError('a result without any version');
  const shown = head.status === 'revoked' && isEmpty(head) ? earlier.find((version) => !isEmpty(version)) : undefined;
  return readResult(shown ? { ...head, content: shown.content, withheld: shown.withheld } : head);
}

/** Highest version first. Two records of one version should not occur: the one that allows less comes first. */
function latestFirst(a: KnownResult, b: KnownResult): number {
  return (
    b.version - a.version ||
    Number(b.status === 'revoked') - Number(a.status === 'revoked') ||
    Number(a.verified) - Number(b.verified) ||
    b.withheld.length - a.withheld.length ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

function isEmpty(result: KnownResult): boolean {
  return Object.keys(result.content).length === 0;
}

/** Orders texts by their code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
