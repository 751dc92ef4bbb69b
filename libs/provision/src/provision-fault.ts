import type { LocalizedText } from '@clearance/contracts';

/** What can stand in the way of provisioning a mesh or of starting its servers. */
export type ProvisionFaultCode =
  | 'already-running'
  | 'home-unusable'
  | 'nats-server-unavailable'
  | 'port-taken'
  | 'postgres-unavailable'
  | 'server-failed'
  | 'unknown-key';

/**
 * Something in the surroundings that a person has to put right (a taken port, a missing program). `text` says what and
 * how in both languages; `detail` carries the failed program's own last words, if there are any.
 */
export class ProvisionFault extends Error {
  override readonly name = 'ProvisionFault';
  readonly code: ProvisionFaultCode;
  readonly text: LocalizedText;
  readonly detail: string | undefined;

  constructor(code: ProvisionFaultCode, text: LocalizedText, detail?: string) {
    super([text.en, text.zh, detail].filter((part) => part !== undefined && part !== '').join('\n'));
    this.code = code;
    this.text = text;
    this.detail = detail;
  }
}
