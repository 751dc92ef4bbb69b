import * as fc from 'fast-check';
import { withheldAt } from './builders.fixture.ts';
import type { KnownResult } from './known-result.ts';

/**
 * What may be done to members of a copy between its issuer and the unit that decides. `taken`: they are gone, and the
 * copy names each. `as-listed`: it names the list's path, with wildcards. `garbled`: they are there in a form that no
 * contract has, and the copy says nothing of it.
 */
type How = 'taken' | 'as-listed' | 'garbled';

/** A redaction of one of the known results; numbers are taken modulo how many there are. */
export interface Redaction {
  result: number;
  path: number;
  /** Which array indexes of the path stand for all elements, as in a list's path: bit by bit. */
  wild: number;
  how: How;
}

export const anyRedaction: fc.Arbitrary<Redaction> = fc.record({
  result: fc.nat({ max: 6 }),
  path: fc.nat({ max: 250 }),
  wild: fc.constantFrom(0, 1, 2, 3),
  how: fc.constantFrom('taken', 'as-listed', 'garbled'),
});

/** The known results after a redaction; the same ones if there is nothing to redact. */
export function redacted(known: readonly KnownResult[], redaction: Redaction): KnownResult[] {
  const all = everyRedaction(known, redaction);
  return all[redaction.path % Math.max(1, all.length)]?.redact() ?? [...known];
}

/** One redaction for each path that there is in the result, and how to do it. */
export function everyRedaction(
  known: readonly KnownResult[],
  { result: which, wild, how }: Omit<Redaction, 'path'>,
): { path: string; redact: () => KnownResult[] }[] {
  const target = known[which % Math.max(1, known.length)];
  if (!target) return [];
  const byPath = new Map<string, Tokens[]>();
  for (const pointer of pointersTo(target.content)) {
    const path = pathOf(widened(pointer, wild));
    byPath.set(path, [...(byPath.get(path) ?? []), pointer]);
  }
  return [...byPath].map(([path, nodes]) => ({
    path,
    redact: () => known.map((each) => (each === target ? redact(each, path, nodes, how) : each)),
  }));
}

type Tokens = readonly string[];

function pathOf(tokens: Tokens): string {
  return tokens.map((token) => `/${token}`).join('');
}

function widened(pointer: Tokens, wild: number): Tokens {
  let depth = 0;
  return pointer.map((token) => (/^\d+$/.test(token) && ((wild >> depth++) & 1) === 1 ? '*' : token));
}

function redact(known: KnownResult, path: string, nodes: readonly Tokens[], how: How): KnownResult {
  if (how === 'garbled') return { ...known, content: garble(known.content, nodes) as KnownResult['content'] };
  // From behind, so that taking out one element of an array does not move the next.
  const content = nodes.reduceRight((left, node) => without(left, node), known.content as unknown) ?? {};
  const named = how === 'as-listed' ? [path] : nodes.map(pathOf);
  return { ...known, content, withheld: [...known.withheld, ...named.map(withheldAt)] };
}

/** The pointers to all nodes of a value, as tokens, itself included; elements of an array in their order. */
function pointersTo(value: unknown, at: Tokens = []): Tokens[] {
  if (typeof value !== 'object' || value === null) return [at];
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return [at, ...members.flatMap(([name, member]) => pointersTo(member, [...at, name]))];
}

function without(value: unknown, [token, ...rest]: Tokens): unknown {
  if (token === undefined) return undefined;
  if (Array.isArray(value)) {
    return value.flatMap((each: unknown, index) => {
      if (String(index) !== token) return [each];
      return rest.length === 0 ? [] : [without(each, rest)];
    });
  }
  const entries = Object.entries(value as object).flatMap(([name, member]: [string, unknown]) => {
    if (name !== token) return [[name, member]];
    return rest.length === 0 ? [] : [[name, without(member, rest)]];
  });
  return Object.fromEntries(entries) as unknown;
}

/** Puts `true`, which stands nowhere in a content, in the place of some nodes. */
function garble(content: unknown, nodes: readonly Tokens[]): unknown {
  return nodes.reduce<unknown>((left, node) => put(left, node), content);
}

function put(value: unknown, [token, ...rest]: Tokens): unknown {
  if (token === undefined) return true;
  const replaced = Object.entries(value as object).map(([name, member]: [string, unknown]): [string, unknown] => [
    name,
    name === token ? put(member, rest) : member,
  ]);
  return Array.isArray(value) ? replaced.map(([, member]) => member) : Object.fromEntries(replaced);
}
