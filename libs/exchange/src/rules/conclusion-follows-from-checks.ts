import { type ResultContent, type Violation, violation } from '@clearance/contracts';

/** Nothing is concluded `released` over a check that did not conform. True of every agency. */
export function conclusionFollowsFromChecks(content: ResultContent): Violation[] {
  if (content.conclusion !== 'released') return [];
  return content.checks.flatMap((check, index) =>
    check.outcome === 'non-conformant'
      ? [violation(`/checks/${index}/outcome`, 'contradiction', { expected: '/conclusion = released' })]
      : [],
  );
}
