import { isDeepStrictEqual } from 'node:util';
import type { CompiledList } from '@clearance/negative-list';
import { type BenchResult, type Contender, withoutFields } from './contender.ts';
import { viewOurs } from './ours.ts';

/**
 * Checks that a library leaves every consumer exactly what we leave it of each result: a comparison that decides
 * something else would say nothing.
 *
 * @throws Error naming the result's kind, the consumer and the paths that only one of both takes out
 */
export async function checkSameFields(
  list: CompiledList,
  contender: Contender,
  results: readonly BenchResult[],
): Promise<void> {
  for (const result of results) {
    const views = viewOurs(list, result);
    const hidden = await contender.decide(result);
    result.consumers.forEach((consumer, index) => {
      const ours = views.find(({ consumers }) => consumers.includes(consumer))?.view.content;
      const theirs = withoutFields(result.content, hidden[index]!);
      if (ours !== undefined && isDeepStrictEqual(ours, theirs)) return;
      const [left, right] = [pathsIn(ours ?? {}), pathsIn(theirs)];
      const only = [
        ...left.filter((path) => !right.includes(path)).map((path) => `${path} (us)`),
        ...right.filter((path) => !left.includes(path)).map((path) => `${path} (them)`),
      ];
      throw new Error(`${contender.name}, ${result.kind} for ${consumer}: left by one only: ${only.join(', ')}`);
    });
  }
}

function pathsIn(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, member]) => pathsIn(member, `${at}/${name}`))];
}
