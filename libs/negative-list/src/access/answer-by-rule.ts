import {
  type AccessRule,
  durationMilliseconds,
  type RequestStatement,
  type ResultKind,
  selects,
  type UnitId,
} from '@clearance/contracts';
import { liesIn, withoutPlaces } from './path-relation.ts';

/** What a rule answers: until when it grants all the paths that are asked for, or that it refuses. */
export type RuleAnswer =
  { answer: 'grant'; rule: string; reason: string; until: string } | { answer: 'refuse'; rule: string; reason: string };

/**
 * The answer of an owner's standing rules to a request; undefined when it waits for a person. A rule answers what lies within all
 * that it names, whole; where several would, a refusal comes first, then the longest grant, then the name.
 *
 * @param kinds of the results that are asked for
 * @param now ms since the epoch
 */
export function answerByRule(
  rules: readonly AccessRule[],
  request: Pick<RequestStatement, 'requester' | 'about' | 'paths' | 'purpose' | 'until'>,
  kinds: readonly ResultKind[],
  now: number,
): RuleAnswer | undefined {
  const standing = !('resultId' in request.about);
  const answering = rules.filter(
    (rule) =>
      (rule.validUntil === undefined || now < Date.parse(rule.validUntil)) &&
      (rule.standing || !standing) &&
      selects(rule.requesters, request.requester as UnitId) &&
      rule.purposes.includes(request.purpose) &&
      kinds.length > 0 &&
      kinds.every((kind) => rule.kinds.includes(kind)) &&
      request.paths.every((path) => rule.paths.some((within) => liesIn(withoutPlaces(path), within))),
  );
  const answers = answering.map((rule): RuleAnswer & { ends: number } => {
    const { rule: name, reason } = rule;
    if (rule.answer === 'refuse') return { answer: 'refuse', rule: name, reason, ends: Infinity };
    const ends = Math.min(Date.parse(request.until), now + longestOf(rule));
    // As it was asked for, unless the rule grants it for less long.
    const until = ends === Date.parse(request.until) ? request.until : new Date(ends).toISOString();
    return { answer: 'grant', rule: name, reason, until, ends };
  });
  const refusals = answers.filter(({ answer }) => answer === 'refuse');
  const [best] = (refusals.length > 0 ? refusals : answers).sort(
    (a, b) => b.ends - a.ends || (a.rule < b.rule ? -1 : 1),
  );
  if (best === undefined) return undefined;
  const { ends: _ends, ...answer } = best;
  return answer;
}

function longestOf({ longest }: AccessRule): number {
  return longest === undefined ? Infinity : (durationMilliseconds(longest) ?? 0);
}
