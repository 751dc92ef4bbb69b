import type { UnitId } from '@clearance/contracts';

/** A version of a result that its unit has accepted: from here on it is owed to every other unit. */
export interface AcceptedVersion {
  readonly unit: UnitId;
  /** Of a submission: the same reference must never become two results. */
  readonly reference?: string;
  readonly resultId: string;
  readonly version: number;
  /** When the backend had the answer, milliseconds since the epoch. */
  readonly at: number;
}

/** What a unit was found to hold of one version. */
export interface HeldVersion {
  readonly resultId: string;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  /** Against what the list and the issuer's token say that this unit sees. */
  readonly view: 'as-decided' | 'shows-more' | 'shows-less' | 'unknown';
}

/** Counts of accepted version × entitled unit. All is well when `missing`, `doubled`, `leaked` and `altered` are 0. */
export interface Account {
  /** Versions that were accepted, of so many results. */
  accepted: number;
  results: number;
  /** Accepted versions × the units that are to have them, the issuer not counted. */
  entitled: number;
  /** Held once. */
  delivered: number;
  /** Of those, later than the limit after they were accepted. */
  late: number;
  missing: number;
  /** Held more than once, or a reference that became two results. */
  doubled: number;
  /** Views that show what the list withholds from that unit. */
  leaked: number;
  /** Views that show less than the list lets the unit see, or another content than was issued. */
  altered: number;
}

/** Where an account is not as it should be, for whoever looks for the cause. */
export interface Discrepancy {
  readonly code: 'missing' | 'doubled' | 'leaked' | 'altered';
  readonly unit: UnitId;
  readonly resultId: string;
  readonly version: number;
}

export const NO_ACCOUNT: Account = {
  accepted: 0,
  results: 0,
  entitled: 0,
  delivered: 0,
  late: 0,
  missing: 0,
  doubled: 0,
  leaked: 0,
  altered: 0,
};

export const versionKey = ({ resultId, version }: { resultId: string; version: number }): string =>
  `${resultId}:${version}`;

/** What is owed, before any unit was looked at: counts, and references that became two results. */
export function owed(accepted: readonly AcceptedVersion[]): { account: Account; discrepancies: Discrepancy[] } {
  const submitted = accepted.filter(({ reference }) => reference !== undefined);
  const byReference = Map.groupBy(submitted, ({ unit, reference }) => `${unit} ${reference}`);
  const doubled = [...byReference.values()].flatMap((versions): Discrepancy[] => {
    const [first] = versions;
    const other = versions.find(({ resultId }) => resultId !== first!.resultId);
    return other === undefined ? [] : [{ code: 'doubled', ...placeOf(other.unit, other) }];
  });
  const account = {
    ...NO_ACCOUNT,
    accepted: accepted.length,
    results: new Set(accepted.map(({ resultId }) => resultId)).size,
    doubled: doubled.length,
  };
  return { account, discrepancies: doubled };
}

/**
 * Judges what one unit holds against what it is owed. What it holds beyond (accepted, but the answer was lost with a process)
 * can still be doubled or leaked.
 *
 * @param lateMs how long after acceptance a copy is late
 */
export function judgeUnit(
  unit: UnitId,
  accepted: readonly AcceptedVersion[],
  held: readonly HeldVersion[],
  lateMs: number,
): { account: Account; discrepancies: Discrepancy[] } {
  const account = { ...NO_ACCOUNT };
  const discrepancies: Discrepancy[] = [];
  const found = (code: Discrepancy['code'], version: { resultId: string; version: number }): void => {
    account[code] += 1;
    discrepancies.push({ code, ...placeOf(unit, version) });
  };
  const byVersion = Map.groupBy(held, versionKey);
  for (const copies of byVersion.values()) if (copies.length > 1) found('doubled', copies[0]!);
  for (const copy of held) {
    if (copy.view === 'shows-more') found('leaked', copy);
    else if (copy.view !== 'as-decided') found('altered', copy);
  }
  for (const version of accepted) {
    if (version.unit === unit) continue;
    account.entitled += 1;
    const copies = byVersion.get(versionKey(version));
    if (copies === undefined) found('missing', version);
    else if (copies.length === 1) {
      account.delivered += 1;
      if (copies[0]!.storedAt - version.at > lateMs) account.late += 1;
    }
  }
  return { account, discrepancies };
}

/** The sum of two accounts. */
export function addAccounts(a: Account, b: Account): Account {
  const keys = Object.keys(NO_ACCOUNT) as (keyof Account)[];
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as unknown as Account;
}

/** Whether nothing is missing, doubled, leaked or altered. */
export function isWell({ missing, doubled, leaked, altered }: Account): boolean {
  return missing === 0 && doubled === 0 && leaked === 0 && altered === 0;
}

function placeOf(unit: UnitId, { resultId, version }: { resultId: string; version: number }) {
  return { unit, resultId, version };
}
