import type { LocalizedText } from '../codes/localized-text.ts';
import { violationMessages, type MessageParameters, type ViolationCode } from './violation-messages.ts';

/** One thing that is wrong with a body. `pointer` is an RFC 6901 JSON Pointer into it, '' for the whole. */
export interface Violation {
  pointer: string;
  code: ViolationCode;
  message: LocalizedText;
}

/** A validated value, or everything that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; violations: Violation[] };

/** Builds a violation; the message comes from the one table of messages. */
export function violation(pointer: string, code: ViolationCode, parameters: MessageParameters = {}): Violation {
  return { pointer, code, message: violationMessages[code](parameters) };
}

/** RFC 6901 escape of one reference token. */
export function escapePointerToken(token: string): string {
  return token.includes('~') || token.includes('/') ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token;
}

/** RFC 6901 pointer of a path of member names and array indexes. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((token) => `/${escapePointerToken(String(token))}`).join('');
}
