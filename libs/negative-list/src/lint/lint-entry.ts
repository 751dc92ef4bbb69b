import { agencyOfKind, fieldsOf } from '@clearance/contracts';
import type { ResultKind, Selector, UnitId } from '@clearance/contracts';
import { compilePattern } from '../compile/pattern.ts';
import { covers } from '../compile/plan-fields.ts';
import type { Effort } from '../condition/satisfiable.ts';
import { fieldTree } from '../language/catalogue.ts';
import { severityOf } from '../language/finding.ts';
import type { Remark } from '../language/finding.ts';
import { nearest } from '../language/nearest.ts';
import type { Entry } from '../language/negative-list.ts';
import { isPurpose, PURPOSES } from '../language/purposes.ts';
import { kindsOf, mayIssue, takesIn, termsOf } from '../language/selectors.ts';
import { intervalOf, spanOf } from '../language/validity.ts';
import { lintCondition } from './lint-condition.ts';
import type { LintContext } from './lint-negative-list.ts';
import { lintRecognition } from './lint-recognition.ts';

/** Stands for a consumer that may yet join the mesh. */
const ANYONE: UnitId = 'zz.other';

/** How long before its end an entry is said to end soon: time to draft, approve and announce another list. */
const NEAR_EXPIRY_DAYS = 30;
const DAY_MS = 86_400_000;

type NamedKind = ReturnType<typeof kindsOf>[number];

/** What is to be said about one entry whose shape is sound; `at` is its pointer. */
export function lintEntry(
  entry: Entry,
  at: string,
  list: { effectiveFrom?: string | undefined; effort?: Effort },
  context: LintContext,
): Remark[] {
  const kinds = kindsOf(entry.match.kinds);
  const remarks = [
    ...lintKinds(entry, at),
    ...lintSelector(entry.match.issuers, `${at}/match/issuers`, context),
    ...lintSelector(entry.consumers, `${at}/consumers`, context),
    ...lintReach(entry, kinds, at, context),
    ...lintFields(entry, kinds, at),
    ...lintPurposes(entry, at),
    ...lintResponsibility(entry, kinds, at),
    ...lintValidity(entry, at, list.effectiveFrom, context.at),
    ...(entry.when === undefined
      ? []
      : lintCondition(
          entry.when,
          kinds.map(({ kind }) => kind),
          `${at}/when`,
          list.effort ?? { left: Infinity },
        )),
  ];
  // What an entry that is mistaken would do is not what its author means.
  const isMistaken = remarks.some(({ code }) => severityOf(code) === 'error');
  return isMistaken ? remarks : [...remarks, ...lintRecognition(entry, at, context)];
}

function lintKinds(entry: Entry, at: string): Remark[] {
  return entry.match.kinds.flatMap((pattern, index): Remark[] =>
    kindsOf([pattern]).length > 0
      ? []
      : [{ code: 'unknown-kind', pointer: `${at}/match/kinds/${index}`, params: { kind: pattern } }],
  );
}

function lintSelector(selector: Selector | undefined, at: string, { units }: LintContext): Remark[] {
  if (selector === undefined) return [];
  return termsOf(selector).flatMap(({ term, pointer }): Remark[] =>
    units.some((unit) => takesIn(term, unit))
      ? []
      : [{ code: 'unknown-unit', pointer: `${at}${pointer}`, params: { selector: term } }],
  );
}

/** An entry that can never hit protects nothing: better refused than believed in. */
function lintReach(entry: Entry, kinds: readonly NamedKind[], at: string, { units }: LintContext): Remark[] {
  const issuers = units.filter((unit) => takesIn(entry.match.issuers, unit));
  const idle = kinds.filter(({ kind, named }) => named && !issuers.some((unit) => mayIssue(unit, kind)));
  const unissued = kinds.some(({ kind }) => issuers.some((unit) => mayIssue(unit, kind))) ? idle : kinds;
  const remarks: Remark[] = [];
  if (issuers.length > 0 && unissued.length > 0) {
    const names = unissued.map(({ kind }) => kind).join(', ');
    remarks.push({ code: 'no-issuer', pointer: `${at}/match`, params: { kinds: names } });
  }
  // An entry about consumers that the mesh does not have yet is none that can never hit.
  const { consumers } = entry;
  if (consumers !== undefined && ![...units, ANYONE].some((unit) => takesIn(consumers, unit))) {
    remarks.push({ code: 'no-consumer', pointer: `${at}/consumers`, params: {} });
  }
  return remarks;
}

function lintFields(entry: Entry, kinds: readonly NamedKind[], at: string): Remark[] {
  const fields = entry.fields ?? [];
  return fields.flatMap((path, index): Remark[] => {
    const pointer = `${at}/fields/${index}`;
    const malformed = malformation(path);
    if (malformed !== undefined) return [{ code: 'bad-path', pointer, params: { path, ...malformed } }];
    const unknown = kinds.filter(({ kind }) => compilePattern(path, fieldTree(kind)) === undefined);
    // A kind that is named must have the field; of those behind a pattern one is enough.
    const missing = unknown.length === kinds.length ? unknown.slice(0, 1) : unknown.filter(({ named }) => named);
    if (missing.length > 0) return missing.map(({ kind }) => unknownPath(path, kind, pointer));
    const by = fields.find((other, place) => covers(other, path) && (other !== path || place < index));
    return by === undefined ? [] : [{ code: 'covered-path', pointer, params: { path, by } }];
  });
}

function unknownPath(path: string, kind: ResultKind, pointer: string): Remark {
  return { code: 'unknown-path', pointer, params: { kind, path, nearest: nearest(path, fieldsOf(kind).keys()) ?? '' } };
}

function malformation(path: string): { zh: string; en: string } | undefined {
  if (path !== '' && !path.startsWith('/'))
    return { zh: '须以 / 开头（JSON Pointer）', en: 'it must begin with / (JSON Pointer)' };
  if (/~(?![01])/.test(path)) return { zh: '~ 须写作 ~0', en: 'write ~ as ~0' };
  return undefined;
}

function lintPurposes(entry: Entry, at: string): Remark[] {
  if (entry.class === 'withheld') {
    return entry.purposes === undefined
      ? []
      : [{ code: 'purposes-on-withheld', pointer: `${at}/purposes`, params: {} }];
  }
  if (entry.purposes === undefined) return [{ code: 'no-purposes', pointer: at, params: {} }];
  const known = Object.keys(PURPOSES).join(', ');
  return entry.purposes.flatMap((purpose, index): Remark[] =>
    isPurpose(purpose)
      ? []
      : [{ code: 'unknown-purpose', pointer: `${at}/purposes/${index}`, params: { purpose, known } }],
  );
}

function lintResponsibility(entry: Entry, kinds: readonly NamedKind[], at: string): Remark[] {
  const remarks: Remark[] = [];
  if (!/《[^》]+》/.test(entry.legalBasis)) {
    remarks.push({ code: 'no-article', pointer: `${at}/legalBasis`, params: {} });
  }
  const foreign = kinds.filter(({ kind }) => agencyOfKind(kind) !== entry.owner).map(({ kind }) => kind);
  if (entry.class === 'conditional' && foreign.length > 0) {
    const params = { owner: entry.owner, kinds: foreign.join(', ') };
    remarks.push({ code: 'owner-not-issuer', pointer: `${at}/owner`, params });
  }
  return remarks;
}

function lintValidity(entry: Entry, at: string, effectiveFrom: string | undefined, now: number | undefined): Remark[] {
  const { from, until } = intervalOf(entry);
  const params = { from: entry.validFrom ?? '', until: entry.validUntil ?? '' };
  const pointer = `${at}/validUntil`;
  if (until <= from) return [{ code: 'validity-reversed', pointer, params }];
  if (now !== undefined && until <= now) return [{ code: 'expired', pointer, params }];
  const start = effectiveFrom === undefined ? undefined : spanOf(effectiveFrom)?.from;
  if (start !== undefined && until <= start) {
    return [{ code: 'never-in-force', pointer, params: { from: effectiveFrom ?? '', until: params.until } }];
  }
  if (now !== undefined && until <= now + NEAR_EXPIRY_DAYS * DAY_MS) {
    return [{ code: 'near-expiry', pointer, params: { until: params.until, days: NEAR_EXPIRY_DAYS } }];
  }
  return [];
}
