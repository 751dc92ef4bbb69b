/** Figures of a place, as far as they tell where and why checks are repeated. */
export interface Place {
  checks: { repeated: number };
  reasons: readonly { code: string; checks: number }[];
}

/** What is required because nobody has looked yet is no repetition. */
const FIRST_TIME = 'no-result';
/** Reasons that are told of a place. */
const CHIEF = 3;

/** The places where checks are repeated, the most first, each with the chief reasons for it. */
export function whereRepeated<Group extends Place>(groups: readonly Group[]): (Group & { chief: Place['reasons'] })[] {
  return groups
    .filter(({ checks }) => checks.repeated > 0)
    .toSorted((one, other) => other.checks.repeated - one.checks.repeated)
    .map((group) => ({
      ...group,
      chief: group.reasons
        .filter(({ code }) => code !== FIRST_TIME)
        .toSorted((one, other) => other.checks - one.checks)
        .slice(0, CHIEF),
    }));
}
