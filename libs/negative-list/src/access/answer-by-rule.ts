import {
  type AccessRule,
  durationMilliseconds,
  type RequestStatement,
  type ResultKind,
  selects,
  type UnitId,
} from '@clearance/contracts';
import { liesIn, meet, withoutPlaces } from './path-relation.ts';

/** What a rule answers: until when it grants all the paths that are asked for, or that it refuses. */
export type RuleAnswer =
  { answer: 'grant'; rule: string; reason: string; until: string } | { answer: 'refuse'; rule: string; reason: string };

/** What rules look at in a request. */
export type AnsweredRequest = Pick<RequestStatement, 'requester' | 'about' | 'paths' | 'purpose' | 'until'>;

/**
 * The answer of an owner's standing rules to a request; undefined when it waits for a person. A rule answers what lies within
 * all that it names, whole; where several would, a refusal comes first, then the longest grant, then the name. What a refusal
 * is about in part is granted by no rule, lest what would be refused by itself is given together with something else.
 *
 * @param kinds of the results that are asked for
 * @param now ms since the epoch
 */
export function answerByRule(
  rules: readonly AccessRule[],
  request: AnsweredRequest,
  kinds: readonly ResultKind[],
  now: number,
): RuleAnswer | undefined {
  const asked = request.paths.map(withoutPlaces);
  const concerned = rules.filter(
    ({ validUntil, requesters, purposes }) =>
      (validUntil === undefined || now < Date.parse(validUntil)) &&
      selects(requesters, request.requester as UnitId) &&
      purposes.includes(request.purpose),
  );
  const single = 'resultId' in request.about;
  const answering = concerned
    .filter(
      (rule) =>
        (single || rule.standing) &&
        kinds.length > 0 &&
        kinds.every((kind) => rule.kinds.includes(kind)) &&
        asked.every((path) => rule.paths.some((within) => liesIn(path, within))),
    )
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
  const refusal = answering.find(({ answer }) => answer === 'refuse');
  if (refusal !== undefined) return { answer: 'refuse', rule: refusal.rule, reason: refusal.reason };
  const refusedInPart = concerned.some(
    (rule) =>
      rule.answer === 'refuse' &&
      kinds.some((kind) => rule.kinds.includes(kind)) &&
      asked.some((path) => rule.paths.some((refused) => meet(path, refused))),
  );
  if (refusedInPart) return undefined;
  // The first of those that grant for as long, by name: the order is kept.
  const [best] = answering.toSorted((a, b) => endOf(b, request, now) - endOf(a, request, now));
  if (best === undefined) return undefined;
  const ends = endOf(best, request, now);
  // As it was asked for, unless the rule grants it for less long.
  const until = ends === Date.parse(request.until) ? request.until : new Date(ends).toISOString();
  return { answer: 'grant', rule: best.rule, reason: best.reason, until };
}

/** Until when a rule grants what is asked for, ms since the epoch. */
function endOf({ longest }: AccessRule, { until }: AnsweredRequest, now: number): number {
  const asked = Date.parse(until);
  // A length that cannot be read is none.
  return longest === undefined ? asked : Math.min(asked, now + (durationMilliseconds(longest) ?? 0));
}
