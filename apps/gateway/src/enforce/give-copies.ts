import { copiesSubject, type UnitId } from '@clearance/contracts';
import { OversizedError, packItems, storedOf } from '@clearance/messaging';
import { describeError, recordStep } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { disclosuresTotal, withheldTotal } from '../metrics.ts';
import { isWithheldWhole } from './record-decisions.ts';
import { type View, versionKey } from './view.ts';

/**
 * Gives each consumer its copies, into its own account. Consumers that see the same of the same results get the same
 * bytes: each view is written as JSON once, each message made once.
 */
export async function giveCopies(gateway: Gateway, views: readonly View[]): Promise<void> {
  const items = new Map(views.map((view) => [view, itemOf(view)]));
  const deliveries: Promise<void>[] = [];
  for (const ofIssuer of Map.groupBy(views, (view) => `${view.claims.issuer} ${view.listVersion}`).values()) {
    const { claims, listVersion } = ofIssuer[0]!;
    for (const { consumers, seen } of groupBySight(ofIssuer)) {
      const packs = packItems(
        seen.map((view) => items.get(view)!),
        gateway.mesh.limits.packResults,
      );
      const head = `{"listVersion":${JSON.stringify(listVersion)},"copies":[`;
      let next = 0;
      const messages = packs.map((pack) => ({
        subject: copiesSubject(claims.issuer),
        body: new TextEncoder().encode(`${head}${pack.join(',')}]}`),
        views: seen.slice(next, (next += pack.length)),
      }));
      for (const consumer of consumers) deliveries.push(deliver(gateway, consumer, messages));
    }
  }
  for (const view of views) count(view);
  await Promise.all(deliveries);
}

function itemOf({ token, withheld, viewNumber, traceparent }: View): string {
  return JSON.stringify({
    token,
    withheld,
    ...(viewNumber === 0 ? {} : { view: viewNumber }),
    ...(traceparent === undefined ? {} : { traceparent }),
  });
}

/** Consumers that see exactly the same views, together. */
export function groupBySight(views: readonly View[]): { consumers: UnitId[]; seen: View[] }[] {
  const seenBy = new Map<UnitId, number[]>();
  for (const [index, view] of views.entries()) {
    for (const consumer of view.consumers) {
      const seen = seenBy.get(consumer);
      if (seen) seen.push(index);
      else seenBy.set(consumer, [index]);
    }
  }
  const groups = Map.groupBy(seenBy, ([, seen]) => seen.join());
  return [...groups.values()].map((members) => ({
    consumers: members.map(([consumer]) => consumer),
    seen: members[0]![1].map((index) => views[index]!),
  }));
}

/** A message on COPIES, with the versions that it carries. */
interface CopiesOut {
  subject: string;
  body: Uint8Array;
  views: readonly View[];
}

async function deliver(gateway: Gateway, consumer: UnitId, messages: readonly CopiesOut[]): Promise<void> {
  const publisher = gateway.publisherTo(consumer);
  const at = Date.now();
  try {
    if (publisher === undefined) throw new Error('its account is not connected yet');
    remember(gateway, consumer, messages, await publisher.publishAll(messages), at);
  } catch (error) {
    remember(gateway, consumer, messages, storedOf(error), at);
    recordStep({
      name: 'give copies',
      from: undefined,
      facts: { consumer, items: messages.length },
      at,
      fault: describeError(error).type,
    });
    if (error instanceof OversizedError) {
      const lost = messages.flatMap(({ views }, index) =>
        error.sequences[index] === undefined ? views.map(({ claims }) => versionKey(claims)) : [],
      );
      gateway.log.error(
        { consumer, versions: lost, err: describeError(error) },
        'copies are larger than the broker carries: raise its max_payload; until then they are not settled',
      );
      return;
    }
    gateway.log.warn(
      { consumer, err: describeError(error) },
      'copies not taken; they are given again with the next offer',
    );
  }
}

/** Remembers what the stream has taken, and records it within the results' traces. */
function remember(
  gateway: Gateway,
  consumer: UnitId,
  messages: readonly CopiesOut[],
  sequences: readonly (number | undefined)[],
  at: number,
): void {
  const queue = gateway.queueOf(consumer);
  for (const [index, { views, subject }] of messages.entries()) {
    const sequence = sequences[index];
    if (sequence === undefined) continue;
    queue?.remember(
      views.map(({ claims }) => versionKey(claims)),
      sequence,
    );
    for (const view of views) recordCopy(view, consumer, subject, at);
  }
}

function recordCopy(view: View, consumer: UnitId, destination: string, at: number): void {
  const { claims, kind, listVersion, withheld, traceparent } = view;
  recordStep({
    name: 'give copy',
    from: traceparent,
    at,
    facts: () => ({
      ...{ unit: claims.issuer, issuer: claims.issuer, consumer, resultId: claims.resultId, version: claims.version },
      ...{ status: claims.status, kind, listVersion, withheldCount: withheld.length },
    }),
    messaging: { operation: 'send', destination },
  });
}

function count(view: View): void {
  const whole = isWithheldWhole(view.withheld);
  const outcome = whole ? 'withheld' : view.withheld.length > 0 ? 'in-part' : 'full';
  disclosuresTotal.inc({ kind: view.kind, outcome }, view.consumers.length);
  for (const { entry } of view.withheld) withheldTotal.inc({ entry }, view.consumers.length);
}
