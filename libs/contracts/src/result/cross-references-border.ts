import { violation, type Violation } from '../problem/violation.ts';
import { instantAt, integerAt, isLoose, listAt, objectAt, textAt } from './loose.ts';

function sum(counts: readonly unknown[]): number {
  return counts.reduce<number>((total, each) => total + (integerAt(each, 'count') ?? 0), 0);
}

/** What a border part says about itself: nobody counted twice, refusals with their reason, times in order. */
export function borderViolations(border: unknown): Violation[] {
  if (!isLoose(border)) return [];
  const found: Violation[] = [];
  const persons = listAt(border, 'persons');
  const crewCount = integerAt(border, 'crewCount');
  if (crewCount !== undefined && persons.length > crewCount) {
    found.push(violation('/border/persons', 'exceeds', { expected: '/border/crewCount' }));
  }
  persons.forEach((person, index) => {
    if (textAt(person, 'verdict') === 'refused' && textAt(person, 'reason') === undefined) {
      found.push(violation(`/border/persons/${index}/reason`, 'missing'));
    }
  });
  const passengerCount = integerAt(border, 'passengerCount');
  if (passengerCount !== undefined) {
    for (const member of ['byNationality', 'channels', 'refusals'] as const) {
      if (sum(listAt(border, member)) > passengerCount) {
        found.push(violation(`/border/${member}`, 'exceeds', { expected: '/border/passengerCount' }));
      }
    }
  }
  const stowaways = objectAt(border, 'stowawayCheck');
  if (stowaways?.['performed'] === false && (integerAt(stowaways, 'found') ?? 0) > 0) {
    found.push(
      violation('/border/stowawayCheck/found', 'contradiction', { expected: '/border/stowawayCheck/performed' }),
    );
  }
  const boarding = objectAt(border, 'boarding');
  const started = instantAt(boarding, 'startedAt');
  const ended = instantAt(boarding, 'endedAt');
  if (started !== undefined && ended !== undefined && ended < started) {
    found.push(violation('/border/boarding/endedAt', 'not-later', { expected: '/border/boarding/startedAt' }));
  }
  return found;
}
