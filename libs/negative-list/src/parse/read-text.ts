import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { hiddenCharacters } from '../language/characters.ts';
import { LIST_BOUNDS } from '../language/negative-list.ts';
import { findingMessage, severityOf } from '../language/finding.ts';
import type { Finding, Remark } from '../language/finding.ts';
import { shown } from './shapes.ts';

/** A text read as YAML 1.2 (of which JSON is a part), with the means to say where in it something stands. */
export interface ReadText {
  /** Plain JSON value, or undefined when the text could not be read without doubt. */
  value: unknown;
  remarks: Remark[];
  locate: (remarks: readonly Remark[]) => Finding[];
}

/**
 * Reads the text of a list strictly: one document, no anchors, aliases, merge keys or tags, no key twice, string
 * keys only, bounded in size and depth. Scalars follow the core schema, so that dates stay strings.
 */
export function readText(text: string): ReadText {
  const lines = new LineCounter();
  const none: ReadText = { value: undefined, remarks: [], locate: (remarks) => place(remarks, text, undefined, lines) };
  if (text.length > LIST_BOUNDS.characters) {
    return { ...none, remarks: [remark('too-large', '', { what: 'characters', limit: LIST_BOUNDS.characters })] };
  }
  if (bracketDepth(text) > LIST_BOUNDS.brackets) {
    return { ...none, remarks: [remark('too-large', '', { what: 'open brackets', limit: LIST_BOUNDS.brackets })] };
  }
  if (blockDepth(text) > LIST_BOUNDS.brackets) {
    return { ...none, remarks: [remark('too-large', '', { what: 'nested levels', limit: LIST_BOUNDS.brackets })] };
  }
  let document: Document.Parsed;
  try {
    // `uniqueKeys` compares every key with every other; `toValue` does the same in one pass.
    document = parseDocument(text, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      // Else every error quotes its line, which may be the whole text, as often as there are errors.
      prettyErrors: false,
    });
  } catch (fault) {
    return { ...none, remarks: [remark('syntax', '', { detail: faultText(fault) })] };
  }
  const locate = (remarks: readonly Remark[]): Finding[] => place(remarks, text, document, lines);
  const hidden = hiddenCharacters(text.replace(/^\uFEFF/, ' '), LIST_BOUNDS.findings).map(({ at, character }) => ({
    ...remark('hidden-character', '', { character }),
    within: at,
  }));
  const problems = [...document.errors, ...document.warnings].slice(0, LIST_BOUNDS.findings + 1);
  if (problems.length > 0) {
    const remarks = problems.map((problem) => ({
      ...remark('syntax', '', { detail: firstLine(problem.message) }),
      within: problem.pos[0],
    }));
    return { value: undefined, remarks: [...remarks, ...hidden], locate };
  }
  const remarks: Remark[] = hidden;
  const value = toValue(document.contents, '', 0, text, remarks);
  return { value, remarks, locate };
}

/** A text by itself: nothing in it that is not seen, and not in another form than what it looks like. */
function judgeText({ value, range }: Scalar, pointer: string, text: string, remarks: Remark[]): void {
  if (typeof value !== 'string') return;
  // What stands in the file as it is has been found there; here it is what an escape stands for.
  const [hidden] = hiddenCharacters(value, 1);
  if (hidden !== undefined && hiddenCharacters(text.slice(range?.[0], range?.[1]), 1).length === 0) {
    remarks.push(remark('hidden-character', pointer, { character: hidden.character }));
  }
  if (value.normalize('NFC') !== value) remarks.push(remark('not-normalised', pointer, { text: shown(value) }));
}

function toValue(node: unknown, pointer: string, depth: number, text: string, remarks: Remark[]): unknown {
  if (node === null || node === undefined) return null;
  if (depth > LIST_BOUNDS.depth) {
    remarks.push(remark('too-large', pointer, { what: 'nested levels', limit: LIST_BOUNDS.depth }));
    return null;
  }
  if (isAlias(node)) {
    remarks.push(remark('alias', pointer, {}));
    return null;
  }
  const { anchor, tag } = node as { anchor?: string; tag?: string };
  if (anchor !== undefined) remarks.push(remark('alias', pointer, {}));
  if (tag !== undefined && !/^tag:yaml\.org,2002:(str|map|seq)$/.test(tag))
    remarks.push(remark('tag', pointer, { tag }));
  if (isScalar(node)) {
    judgeText(node, pointer, text, remarks);
    return node.value;
  }
  if (isSeq(node))
    return node.items.map((item, index) => toValue(item, `${pointer}/${index}`, depth + 1, text, remarks));
  if (!isMap(node)) return null;
  const members = new Map<string, unknown>();
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const at = `${pointer}/${escape(key)}`;
    if (isScalar(pair.key)) judgeText(pair.key, at, text, remarks);
    if (key === '<<') remarks.push(remark('alias', at, {}));
    else if (members.has(key)) remarks.push(remark('duplicate-key', at, { name: key }));
    else members.set(key, toValue(pair.value, at, depth + 1, text, remarks));
  }
  return Object.fromEntries(members);
}

/** Gives remarks their line and column; the place of a member that is missing is that of what lacks it. */
function place(
  remarks: readonly Remark[],
  text: string,
  document: Document.Parsed | undefined,
  lines: LineCounter,
): Finding[] {
  const { findings: limit } = LIST_BOUNDS;
  const told = remarks.slice(0, limit);
  if (remarks.length > limit) told.push(remark('too-many-findings', '', { limit }));
  const placed = told.map((item) => {
    const { line, col } = lines.linePos(offsetOf(item, text, document));
    return {
      severity: severityOf(item.code),
      code: item.code,
      pointer: item.pointer,
      ...entryOf(item.pointer, document),
      line: Math.max(1, line),
      column: Math.max(1, col),
      message: findingMessage(item.code, item.params),
    };
  });
  return placed.sort((a, b) => a.line - b.line || a.column - b.column);
}

function offsetOf(item: Remark, text: string, document: Document.Parsed | undefined): number {
  if (item.pointer === '') return item.within ?? 0;
  const segments = item.pointer.slice(1).split('/').map(unescape);
  let node: unknown = document?.contents;
  let offset = 0;
  segments.forEach((segment, depth) => {
    const last = depth === segments.length - 1;
    if (isSeq(node)) node = node.items[Number(segment)];
    else if (isMap(node)) {
      const pairs = pairsOf(node).get(segment) ?? [];
      const pair = last && item.code === 'duplicate-key' ? pairs.at(-1) : pairs[0];
      if (pair !== undefined && last && aboutTheKey(item)) offset = startOf(pair.key) ?? offset;
      node = pair !== undefined && last && aboutTheKey(item) ? undefined : (pair?.value ?? pair?.key);
    } else node = undefined;
    offset = startOf(node) ?? offset;
  });
  return item.within === undefined ? offset : offset + offsetWithin(node, item.within, text, offset);
}

/**
 * Characters from the start of a scalar in the file to the place in its text that is meant. YAML folds lines and
 * doubles quotes, so both are walked together, white space apart; where they part ways it is the scalar's start.
 */
function offsetWithin(node: unknown, within: number, text: string, offset: number): number {
  if (!isScalar(node) || typeof node.value !== 'string') return 0;
  const written = text.slice(offset, node.range?.[1] ?? offset);
  const block = written.startsWith('|') || written.startsWith('>');
  let place = block ? written.indexOf('\n') : /^['"]/.test(written) ? 1 : 0;
  for (let index = 0; index <= within && index < node.value.length; index++) {
    const meant = node.value[index] ?? '';
    if (/\s/.test(meant)) continue;
    while (/\s/.test(written[place] ?? '')) place++;
    if (written[place] !== meant) return 0;
    if (index === within) return place;
    place += written.startsWith("''", place) && written.startsWith("'") ? 2 : 1;
  }
  return place;
}

const pairsByKey = new WeakMap<YAMLMap, ReadonlyMap<string, readonly Pair[]>>();

/** The pairs of a map by their keys, found once: a hostile map has many, and a finding for each. */
function pairsOf(map: YAMLMap): ReadonlyMap<string, readonly Pair[]> {
  const known = pairsByKey.get(map);
  if (known !== undefined) return known;
  const pairs = new Map<string, Pair[]>();
  for (const pair of map.items) {
    if (!isScalar(pair.key)) continue;
    const key = String(pair.key.value);
    const others = pairs.get(key);
    if (others === undefined) pairs.set(key, [pair]);
    else others.push(pair);
  }
  pairsByKey.set(map, pairs);
  return pairs;
}

function aboutTheKey(item: Remark): boolean {
  return item.code === 'unknown-member' || item.code === 'duplicate-key' || item.pointer.endsWith('/<<');
}

function entryOf(pointer: string, document: Document.Parsed | undefined): { entry?: string } {
  const index = /^\/entries\/(\d+)(?:\/|$)/.exec(pointer)?.[1];
  if (index === undefined) return {};
  const id = document?.getIn(['entries', Number(index), 'id']);
  return typeof id === 'string' ? { entry: id } : {};
}

function startOf(node: unknown): number | undefined {
  if (isPair(node)) return startOf(node.key);
  return isScalar(node) || isCollection(node) || isAlias(node) ? (node as Node).range?.[0] : undefined;
}

/** Brackets of flow collections open at once, an upper estimate: the reader recurses once for each. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/**
 * Block collections open at once, an upper estimate by the columns at which they begin: `- - - a` opens three. The reader
 * recurses once for each as well, and how deep it can is not the same everywhere.
 */
function blockDepth(text: string): number {
  const open: number[] = [];
  let deepest = 0;
  for (const line of text.split('\n')) {
    let column = line.length - line.trimStart().length;
    if (column === line.length || line[column] === '#') continue;
    while ((open.at(-1) ?? -1) >= column) open.pop();
    open.push(column);
    while (/[-?:]/.test(line[column] ?? '') && /[ \t]/.test(line[column + 1] ?? '')) {
      column += 2;
      open.push(column);
      if (open.length > LIST_BOUNDS.brackets) return open.length;
    }
    deepest = Math.max(deepest, open.length);
  }
  return deepest;
}

function remark(code: Remark['code'], pointer: string, params: Remark['params']): Remark {
  return { code, pointer, params };
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/ at line \d+, column \d+:$/, '') ?? '';
}

function faultText(fault: unknown): string {
  return fault instanceof Error ? firstLine(fault.message) : String(fault);
}

function escape(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescape(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
