import { headers as createHeaders, type Msg } from '@nats-io/transport-node';
import type { Outcome, Problem } from '@clearance/contracts';

/**
 * Answers a request by INTERFACE 2: the value as plain JSON, or a problem (RFC 9457) with the NATS Services headers
 * `Nats-Service-Error` and `Nats-Service-Error-Code`.
 */
export function reply(request: Msg, outcome: Outcome<unknown>, retryAfterSeconds?: number): void {
  if (outcome.ok) {
    request.respond(JSON.stringify(outcome.value));
    return;
  }
  const headers = createHeaders();
  headers.set('Nats-Service-Error', singleLine(outcome.problem.detail));
  headers.set('Nats-Service-Error-Code', String(outcome.problem.status));
  if (retryAfterSeconds !== undefined) headers.set('Retry-After', String(retryAfterSeconds));
  request.respond(JSON.stringify(outcome.problem satisfies Problem), { headers });
}

/** NATS headers hold one line of text. */
function singleLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').slice(0, 512);
}
