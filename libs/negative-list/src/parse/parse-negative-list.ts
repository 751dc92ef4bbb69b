import type { Finding } from '../language/finding.ts';
import type { NegativeList } from '../language/negative-list.ts';
import { readList, wholeList } from './read-list.ts';
import { readText } from './read-text.ts';

/** A list that could be read whole, or everything that kept it from being read. */
export type ParsedList = { ok: true; list: NegativeList } | { ok: false; findings: Finding[] };

/**
 * Reads a negative list from YAML 1.2 or JSON. One error anywhere refuses the list: no decision is made on half of
 * it. Only its shape is judged; `lintNegativeList` judges whether its kinds, units, paths, purposes and conditions
 * exist and fit, and must pass before a list may become active.
 */
export function parseNegativeList(text: string): ParsedList {
  const { value, remarks, locate } = readText(text);
  const shape = remarks.length === 0 ? readList(value, remarks) : undefined;
  const list = shape && wholeList(shape);
  return list !== undefined && remarks.length === 0 ? { ok: true, list } : { ok: false, findings: locate(remarks) };
}
