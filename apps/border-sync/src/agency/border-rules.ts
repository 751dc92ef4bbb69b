import { type ResultContent, type Violation, violation } from '@clearance/contracts';

/** A conveyance result reports the boarding, a crew result the crew check. */
export function boardingIsReported(content: ResultContent): Violation[] {
  const needed = { 'border.conveyance': 'boarding', 'border.crew': 'crew' }[content.kind as string];
  if (needed === undefined || content.checks.some(({ type }) => type === needed)) return [];
  return [violation('/checks', 'missing-check', { expected: needed })];
}

/** No more persons are reported than the crew has. */
export function crewIsCounted(content: ResultContent): Violation[] {
  const { crewCount, persons } = content.border ?? {};
  if (content.kind !== 'border.crew' || crewCount === undefined || (persons?.length ?? 0) <= crewCount) return [];
  return [violation('/border/persons', 'exceeds', { expected: '/border/crewCount' })];
}

/** Whoever is refused is told why (《出境入境管理法》 art. 25): the reason is part of the result. */
export function refusedPersonsHaveReasons(content: ResultContent): Violation[] {
  return (content.border?.persons ?? []).flatMap((person, index) =>
    person.verdict === 'refused' && person.reason === undefined
      ? [violation(`/border/persons/${index}/reason`, 'missing')]
      : [],
  );
}

/** A conveyance with stowaways found is not concluded released. */
export function stowawaysAreNotReleased(content: ResultContent): Violation[] {
  if (content.conclusion !== 'released' || (content.border?.stowawayCheck?.found ?? 0) === 0) return [];
  return [violation('/border/stowawayCheck/found', 'contradiction', { expected: '/conclusion = released' })];
}
