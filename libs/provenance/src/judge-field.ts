import type { Withheld } from '@clearance/contracts';

/** Whether a view showed a field: all of it, some of it, or none. */
export type FieldVerdict = 'shown' | 'in-part' | 'withheld';

/** How something that was withheld stands to the field that is asked about: it, a node that it lies in, or a node in it. */
export type FieldRelation = 'at' | 'above' | 'below';

/** Something that was withheld, and what it means for a field. */
export interface FieldWithheld extends Withheld {
  relation: FieldRelation;
  /** Where the field was missing, or missing in part: a `*` of the question is an index as far as this tells one. */
  place: string;
}

/** What a view showed of a field, and what was withheld of it. */
export interface FieldJudgement {
  verdict: FieldVerdict;
  withheld: FieldWithheld[];
}

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** Whether a text is a JSON Pointer (RFC 6901), or one with `*` in the place of any segments. */
export function isFieldPath(text: string): boolean {
  return POINTER.test(text);
}

/**
 * Judges what a view showed of a field, by the pointers of what was withheld from it. That a result has the field at all
 * the ledger does not say: what is not withheld was shown as far as it was there. Where the question has a `*`, a pointer
 * with an index tells of that element alone, so that nothing but a pointer at or above the `*` withholds the field whole.
 *
 * @param path a {@link isFieldPath field path}: `/goods/0/value`, `/goods/*\/value`, '' for the whole result
 * @param withheld as the ledger has it: pointers into the result as it was issued
 */
export function judgeField(path: string, withheld: readonly Withheld[]): FieldJudgement {
  const asked = segmentsOf(path);
  const concerning = withheld.flatMap((item): FieldWithheld[] => {
    const there = segmentsOf(item.path);
    const shared = Math.min(asked.length, there.length);
    for (let depth = 0; depth < shared; depth += 1) {
      if (asked[depth] !== ANY && asked[depth] !== there[depth]) return [];
    }
    const place = [...there.slice(0, shared), ...asked.slice(shared)].map((segment) => `/${segment}`).join('');
    return [{ ...item, relation: relationOf(asked.length, there.length), place }];
  });
  return { verdict: verdictOf(path, concerning), withheld: concerning };
}

/** The strongest of what several views showed: what was seen once was seen. */
export function everShown(verdicts: readonly FieldVerdict[]): FieldVerdict {
  return (['shown', 'in-part'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'withheld';
}

/** A pointer with every index of an array as `*`: `/goods/3/value` → `/goods/*\/value`. */
export function patternOf(pointer: string): string {
  return pointer.replaceAll(/\/(?:0|[1-9]\d*)(?=\/|$)/g, `/${ANY}`);
}

const ANY = '*';

/** Segments as they are written: escaping is one to one, so that they compare as what they stand for. */
function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}

function relationOf(asked: number, there: number): FieldRelation {
  if (there === asked) return 'at';
  return there < asked ? 'above' : 'below';
}

function verdictOf(path: string, concerning: readonly FieldWithheld[]): FieldVerdict {
  if (concerning.length === 0) return 'shown';
  const whole = concerning.some(({ relation, place }) => relation !== 'below' && place === path);
  return whole ? 'withheld' : 'in-part';
}
