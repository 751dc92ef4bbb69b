import { refusalOf, unreachable } from '../../api/refused-call.ts';

/** What the gateway needs to serve, and whether it is there. */
export interface Readiness {
  status: 'ready' | 'not-ready';
  checks: { name: string; ok: boolean; detail?: string }[];
}

/** Asks the gateway how it is. That it is not ready is an answer too, under another status. @throws RefusedCall */
export async function readReadiness(): Promise<Readiness> {
  const response = await fetch('/readyz', { cache: 'no-store' }).catch(() => undefined);
  if (response === undefined) throw unreachable();
  const told = (await response
    .clone()
    .json()
    .catch(() => undefined)) as Readiness | undefined;
  if (told !== undefined && Array.isArray(told.checks)) return told;
  throw await refusalOf(response);
}
