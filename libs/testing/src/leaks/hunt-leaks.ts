import { createHash } from 'node:crypto';

/** A value that somebody must not see: unlike any other, so that finding it anywhere means that it got there. */
export interface Canary {
  /** Where it was planted, for the report. */
  at: string;
  /** At least 8 characters. */
  value: string;
  /** For what is no value but part of a token, such as a salt: sought as it is, hexadecimal and in base64 only. */
  verbatim?: boolean;
}

/** Where a canary was found, and in which form. */
export interface Leak {
  at: string;
  form: string;
  /** Byte offset in what was searched. */
  offset: number;
}

interface Sought {
  pattern: string;
  at: string;
  form: string;
}

/** Shorter patterns would be found by chance. */
const SHORTEST = 7;

const TABLE = 2 ** 22;
type Four = [number, number, number, number];

function slotOf(...[first, second, third, fourth]: Four): number {
  const mixed = Math.imul((first << 24) | (second << 16) | (third << 8) | fourth, 0x9e3779b1);
  return mixed >>> 10;
}

/**
 * Makes a search for canaries in bytes of any kind, in every form in which programs write a value: as it is, escaped as
 * JSON or for an address, in UTF-8 and UTF-16, hexadecimal, base64 and base64url at each of the three alignments, those
 * tokens once more in base64 (within a field of bytes), and as the unsalted SHA-256 by which it could be guessed.
 */
export function createHunter(canaries: readonly Canary[]): (haystack: Uint8Array | string) => Leak[] {
  // By the first bytes, so that a haystack is walked once however many forms are sought; and most places in it are
  // passed over by a look at a table of the first four.
  const byBeginning = new Map<string, Sought[]>();
  const begins = new Uint8Array(TABLE);
  for (const { at, value, verbatim } of canaries) {
    for (const [pattern, form] of verbatim ? plainFormsOf(value) : formsOf(value)) {
      const beginning = pattern.slice(0, SHORTEST);
      begins[slotOf(...([0, 1, 2, 3].map((place) => pattern.charCodeAt(place)) as Four))] = 1;
      const others = byBeginning.get(beginning);
      if (others) others.push({ pattern, at, form });
      else byBeginning.set(beginning, [{ pattern, at, form }]);
    }
  }
  return (haystack) => {
    const bytes = Buffer.from(haystack as Uint8Array);
    const text = bytes.toString('latin1');
    const leaks: Leak[] = [];
    for (let offset = 0; offset + SHORTEST <= bytes.length; offset += 1) {
      const slot = slotOf(bytes[offset]!, bytes[offset + 1]!, bytes[offset + 2]!, bytes[offset + 3]!);
      if (begins[slot] === 0) continue;
      for (const { pattern, at, form } of byBeginning.get(text.slice(offset, offset + SHORTEST)) ?? []) {
        if (text.startsWith(pattern, offset)) leaks.push({ at, form, offset });
      }
    }
    return leaks;
  };
}

/** Every form of a value as bytes (one character per byte) → what the form is called. */
export function formsOf(value: string): ReadonlyMap<string, string> {
  const forms = new Map<string, string>();
  const add = (bytes: Buffer | string, form: string): void => {
    const pattern = typeof bytes === 'string' ? bytes : bytes.toString('latin1');
    if (pattern.length >= SHORTEST && !forms.has(pattern)) forms.set(pattern, form);
  };
  for (const [text, writing] of writingsOf(value)) {
    const bytes = Buffer.from(text);
    add(bytes, writing);
    add(bytes.toString('hex'), `${writing}, hex`);
    add(bytes.toString('hex').toUpperCase(), `${writing}, HEX`);
    for (const [encoded, base] of base64Of(bytes)) {
      add(encoded, `${writing}, ${base}`);
      // What was encoded for an address is often a token, and encoded again as a field of bytes.
      if (!base.startsWith('base64url')) continue;
      const token = Buffer.from(encoded, 'latin1');
      for (const [again, outer] of base64Of(token)) add(again, `${writing}, ${base} in ${outer}`);
      add(token.toString('hex'), `${writing}, ${base} in hex`);
    }
    const little = Buffer.from(text, 'utf16le');
    for (const [wide, order] of [
      [little, 'utf-16le'],
      [Buffer.from(little).swap16(), 'utf-16be'],
    ] as const) {
      add(wide, `${writing}, ${order}`);
      add(wide.toString('hex'), `${writing}, ${order}, hex`);
    }
  }
  for (const [text, writing] of [
    [value, 'sha-256'],
    [JSON.stringify(value), 'sha-256 of the json'],
  ] as const) {
    const digest = createHash('sha256').update(text).digest();
    add(digest, writing);
    add(digest.toString('hex'), `${writing}, hex`);
    add(digest.toString('hex').toUpperCase(), `${writing}, HEX`);
    add(digest.toString('base64').replace(/=+$/, ''), `${writing}, base64`);
    add(digest.toString('base64url'), `${writing}, base64url`);
  }
  return forms;
}

function plainFormsOf(value: string): [string, string][] {
  const bytes = Buffer.from(value);
  return [[bytes.toString('latin1'), 'as it is'], [bytes.toString('hex'), 'hex'], ...base64Of(bytes)];
}

/** The ways of writing a value as text, each once. */
function writingsOf(value: string): Map<string, string> {
  const json = JSON.stringify(value);
  const ascii = json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const writings = new Map([[value, 'as it is']]);
  for (const [text, writing] of [
    [json.slice(1, -1), 'json'],
    [ascii.slice(1, -1), 'json in ascii'],
    [encodeURIComponent(value), 'percent-encoded'],
    [JSON.stringify(json).slice(3, -3), 'json in json'],
  ] as const) {
    if (!writings.has(text)) writings.set(text, writing);
  }
  return writings;
}

const URLS = ['base64url+0', 'base64url+1', 'base64url+2'];
const STANDARD = ['base64+0', 'base64+1', 'base64+2'];

/** What of a text in base64 is determined by these bytes alone, wherever in it they begin. */
function base64Of(bytes: Buffer): [string, string][] {
  const shifted = Buffer.alloc(bytes.length + 2);
  bytes.copy(shifted, 2);
  const forms: [string, string][] = [];
  for (let before = 0; before < 3; before += 1) {
    const begin = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    const forUrls = shifted.toString('base64url', 2 - before).slice(begin, end);
    forms.push([forUrls, URLS[before]!]);
    if (/[-_]/.test(forUrls)) {
      forms.push([forUrls.replaceAll('-', '+').replaceAll('_', '/'), STANDARD[before]!]);
    }
  }
  return forms;
}
