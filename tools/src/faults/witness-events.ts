import { hash } from 'node:crypto';
import type { ResultView, UnitId } from '@clearance/contracts';
import { type Backend, events } from '../traffic/backend.ts';
import type { Discrepancy } from './judge.ts';

/** What the backends were told while the run went on. */
export interface EventWitness {
  /** Events received, redeliveries included. */
  readonly received: () => number;
  /**
   * Compares what was told with what is held.
   *
   * @param held digest of the token that a unit holds of a version; undefined when it holds none
   */
  judge(held: (unit: UnitId, version: { resultId: string; version: number }) => string | undefined): Discrepancy[];
  stop(): void;
}

interface Told {
  unit: UnitId;
  resultId: string;
  version: number;
  type: string;
  /** Event ids: a backend that drops ids it knows acts once for each. */
  ids: Set<string>;
  /** Digests of the tokens that were shown. */
  tokens: Set<string>;
}

/** A short name of a token, since thousands are remembered. */
export function tokenName(token: string): string {
  return hash('sha256', token, 'base64url').slice(0, 22);
}

/**
 * Follows every backend's events from now on. What the broker loses before it is read is not told, and so not judged: the
 * results themselves are in the databases.
 */
export async function witnessEvents(backends: ReadonlyMap<UnitId, Backend>): Promise<EventWitness> {
  const stopping = new AbortController();
  const told = new Map<string, Told>();
  let received = 0;
  const take = (unit: UnitId, type: string, id: string, { resultId, version, signature }: ResultView): void => {
    const key = `${unit} ${type} ${resultId}:${version}`;
    const one = told.get(key) ?? { unit, resultId, version, type, ids: new Set(), tokens: new Set() };
    told.set(key, one);
    one.ids.add(id);
    one.tokens.add(tokenName(signature.token));
  };
  for (const [unit, backend] of backends) {
    const stream = await events(backend, { signal: stopping.signal, types: ['result.>'] });
    const follow = async (): Promise<void> => {
      for await (const { type, id, body } of stream) {
        received += 1;
        take(unit, type, id, body as ResultView);
      }
    };
    // The witness ends with the connection; what it has seen by then is judged.
    follow().catch(() => undefined);
  }
  return {
    received: () => received,
    judge: (held) =>
      [...told.values()].flatMap(({ unit, resultId, version, ids, tokens }): Discrepancy[] => {
        const place = { unit, resultId, version };
        const token = held(unit, place);
        return [
          ...(ids.size > 1 ? [{ code: 'doubled' as const, ...place }] : []),
          ...(tokens.size > 1 || token === undefined || !tokens.has(token)
            ? [{ code: 'altered' as const, ...place }]
            : []),
        ];
      }),
    stop: () => stopping.abort(),
  };
}
