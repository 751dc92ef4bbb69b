import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  agencyOfKind,
  type LocalizedText,
  type Mesh,
  parseUnitId,
  RESULT_KINDS,
  type ResultKind,
  type UnitId,
  unitsOf,
} from '@clearance/contracts';
import { type Entry, FAIL_CLOSED, type SharedField, sharingOf, type SharingException } from '@clearance/negative-list';
import type { ListInForce } from '../lists/list-in-force.ts';
import { delayWithin } from './delays.ts';
import type { CatalogueQuery, Measured, MeasuredResource } from './read-measured.ts';

/** The resource catalogue (资源目录) of a mesh: what each unit provides, and who uses it. */
export interface Catalogue {
  /** RFC 3339: classes are those of this moment. */
  at: string;
  /** The list by which the classes were found; null when none is in force, and all is withheld. */
  list: { version: string; effectiveFrom: string } | null;
  /** The period that was measured: days in Asia/Shanghai, the last one exclusive. */
  from: string;
  to: string;
  /** Everything by which something is not shared unconditionally. */
  entries: CatalogueEntry[];
  resources: CatalogueResource[];
}

/** An entry of the list that a field names; without title and owner when it is a code for want of a decision. */
export interface CatalogueEntry {
  id: string;
  class: Entry['class'];
  legalBasis: string;
  title?: LocalizedText;
  owner?: string;
  purposes?: string[];
  when?: string;
  validUntil?: string;
}

/** Results of one kind by one unit. */
export interface CatalogueResource {
  issuer: UnitId;
  kind: ResultKind;
  /** First versions issued in the period, and what was amended and revoked in it, whenever it had been issued. */
  results: number;
  amendments: number;
  revocations: number;
  /** Accuracy 准确性; null without results. */
  amendmentsPerResult: number | null;
  revocationsPerResult: number | null;
  /** Timeliness 及时性. */
  delay: CatalogueDelay;
  /** Who is given copies of its versions, and has confirmed them. */
  consumers: { consumer: UnitId; given: number; confirmed: number }[];
  /** Whole results that are taken out, by what they are of: of them nothing is shared, whatever stands with a field. */
  exceptions: SharingException[];
  fields: CatalogueResourceField[];
}

/** From the last examination to the issue of a result, seconds. */
export interface CatalogueDelay {
  /** Results that have a delay. */
  measured: number;
  /** Results that say that they were examined after they were issued. */
  ahead: number;
  mean: number | null;
  /** Within how long so many of a hundred were issued: a bound of `DELAY_BOUNDS`; null beyond the last, and without any. */
  p50: number | null;
  p90: number | null;
  p99: number | null;
}

/** A field of such results, how it is shared, and how often it is there. */
export interface CatalogueResourceField extends SharedField {
  /** Results that have it; of a revocation's fields, revocations. */
  present: number;
  /** Completeness 完整性: of all of them; null without any. */
  share: number | null;
}

/**
 * Makes the catalogue: every field of every kind that every unit may issue, with its class for each consumer, and with
 * what was measured, whether or not anything was issued. Of a list with many entries it takes a while: others in this
 * process have their turn between one resource and the next.
 *
 * @param now ms since the epoch
 */
export async function makeCatalogue(
  { mesh, consumers }: { mesh: Mesh; consumers: readonly UnitId[] },
  list: ListInForce | undefined,
  measured: Measured,
  query: CatalogueQuery,
  now: number,
): Promise<Catalogue> {
  const counted = new Map(measured.resources.map((resource) => [`${resource.issuer} ${resource.kind}`, resource]));
  const used = Map.groupBy(measured.uses, ({ issuer, kind }) => `${issuer} ${kind}`);
  const asked = consumers.filter((unit) => unit === (query.consumer ?? unit));
  const resources: CatalogueResource[] = [];
  for (const { issuer, kind } of resourcesOf(mesh, query)) {
    await nextTurn();
    const key = `${issuer} ${kind}`;
    const count = counted.get(key) ?? nothing(issuer, kind);
    const { results, amendments, revocations } = count;
    const { exceptions, fields } = sharingOf(list?.compiled, { issuer, kind }, asked, now);
    resources.push({
      ...{ issuer, kind, results, amendments, revocations },
      amendmentsPerResult: ratio(amendments, results),
      revocationsPerResult: ratio(revocations, results),
      delay: delayOf(count),
      consumers: (used.get(key) ?? []).map(({ consumer, given, confirmed }) => ({ consumer, given, confirmed })),
      exceptions,
      fields: fields.map((field) => {
        const present = count.present.get(field.path) ?? 0;
        return { ...field, present, share: ratio(present, isOfRevocation(field.path) ? revocations : results) };
      }),
    });
  }
  return {
    at: new Date(now).toISOString(),
    list:
      list === undefined ? null : { version: list.version, effectiveFrom: new Date(list.effectiveFrom).toISOString() },
    from: query.from,
    to: query.to,
    entries: entriesNamed(list, resources),
    resources,
  };
}

function resourcesOf(mesh: Mesh, query: CatalogueQuery): { issuer: UnitId; kind: ResultKind }[] {
  return unitsOf(mesh)
    .filter((unit) => unit === (query.issuer ?? unit))
    .flatMap((issuer) =>
      RESULT_KINDS.filter(
        (kind) => kind === (query.kind ?? kind) && agencyOfKind(kind) === parseUnitId(issuer).role,
      ).map((kind) => ({ issuer, kind })),
    );
}

function nothing(issuer: UnitId, kind: ResultKind): MeasuredResource {
  const none = { results: 0, amendments: 0, revocations: 0, ahead: 0, delaySeconds: 0, delays: [] };
  return { issuer, kind, ...none, present: new Map() };
}

function delayOf({ delays, delaySeconds, ahead }: MeasuredResource): CatalogueDelay {
  const measured = delays.reduce((sum, count) => sum + count, 0);
  const within = (share: number): number | null => delayWithin(delays, share);
  const mean = measured === 0 ? null : Math.round(delaySeconds / measured);
  return { measured, ahead, mean, p50: within(0.5), p90: within(0.9), p99: within(0.99) };
}

/** A revoked version alone has these. */
function isOfRevocation(path: string): boolean {
  return path.startsWith('/revocation/');
}

/** To four places: what a table shows. */
function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

function entriesNamed(list: ListInForce | undefined, resources: readonly CatalogueResource[]): CatalogueEntry[] {
  const named = new Set(
    resources.flatMap(({ exceptions, fields }) => [
      ...exceptions.map(({ entry }) => entry),
      ...fields.flatMap(({ sharing }) => sharing.flatMap(({ entries, dependent }) => [...entries, ...dependent])),
    ]),
  );
  const codes = Object.entries(FAIL_CLOSED).flatMap(([id, legalBasis]): CatalogueEntry[] =>
    named.has(id) ? [{ id, class: 'withheld', legalBasis }] : [],
  );
  const entries = (list?.compiled.entries ?? []).filter(({ id }) => named.has(id)).map(entryOf);
  return [...entries, ...codes];
}

function entryOf({ id, class: found, legalBasis, title, owner, purposes, when, validUntil }: Entry): CatalogueEntry {
  return {
    ...{ id, class: found, legalBasis, title, owner },
    ...(purposes === undefined ? {} : { purposes }),
    ...(when === undefined ? {} : { when }),
    ...(validUntil === undefined ? {} : { validUntil }),
  };
}
