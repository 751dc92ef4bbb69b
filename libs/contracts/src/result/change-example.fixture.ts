import type { ResultKind } from '../codes/results.ts';
import { exampleContent } from '../examples/examples.ts';
import { validateContent } from './validate-content.ts';

/** The kind of change that a case makes to an example: sets (or, with undefined, deletes) what a pointer names. */
export type Change = readonly [pointer: string, value: unknown];

/** An example of a kind with some changes made to it. */
export function changed(kind: ResultKind, changes: readonly Change[]): unknown {
  const content = exampleContent(kind) as unknown as Record<string, unknown>;
  for (const [pointer, value] of changes) {
    const tokens = pointer.split('/').slice(1);
    const last = tokens.pop() ?? '';
    const parent = tokens.reduce((node, token) => node[token] as Record<string, unknown>, content);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
  return content;
}

/** What is wrong with an input: pointer and code of each violation, sorted. */
export function found(input: unknown): string[] {
  const checked = validateContent(input);
  return checked.ok ? [] : checked.violations.map(({ pointer, code }) => `${pointer} ${code}`).sort();
}
