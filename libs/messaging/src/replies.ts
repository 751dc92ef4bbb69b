import { headers as createHeaders, type Msg } from '@nats-io/transport-node';
import { type Outcome, problem, type Problem } from '@clearance/contracts';

/** What a broker of unknown limits takes at least: the default `max_payload` of nats-server. */
const DEFAULT_MAX_BYTES = 1_048_576;

/** Told instead of an answer that the broker would not carry: the caller can ask for less. */
const ANSWER_TOO_LARGE = problem('too-large', {
  detail: { zh: '答复过大，请缩小查询范围或页长', en: 'The answer is too large; narrow the query or its page.' },
});

/**
 * Answers a request by INTERFACE 2: the value as plain JSON, or a problem (RFC 9457) with the NATS Services headers
 * `Nats-Service-Error` and `Nats-Service-Error-Code`. A value larger than `maxBytes`, the broker's `max_payload`, is
 * answered with the problem `too-large`.
 *
 * @returns what was answered
 * @throws the client's error when the connection is closed: the request then has no answer.
 */
export function reply(
  request: Msg,
  outcome: Outcome<unknown>,
  { maxBytes = DEFAULT_MAX_BYTES }: { maxBytes?: number } = {},
): Outcome<unknown> {
  if (outcome.ok) {
    const body = new TextEncoder().encode(JSON.stringify(outcome.value));
    if (body.length > maxBytes) return reply(request, { ok: false, problem: ANSWER_TOO_LARGE }, { maxBytes });
    request.respond(body);
    return outcome;
  }
  const headers = createHeaders();
  headers.set('Nats-Service-Error', singleLine(outcome.problem.detail));
  headers.set('Nats-Service-Error-Code', String(outcome.problem.status));
  const { retryAfter } = outcome.problem;
  if (retryAfter !== undefined) headers.set('Retry-After', String(retryAfter));
  request.respond(JSON.stringify(outcome.problem satisfies Problem), { headers });
  return outcome;
}

/** NATS headers hold one line of text. */
function singleLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').slice(0, 512);
}
