import { factsShownToAll } from '@clearance/coordination';
import { type EntityManager, insertRows, type SqlValue } from '@clearance/platform';
import type { ResultClaims } from '@clearance/provenance';
import type { VerifiedOffer } from '../enforce/read-offers.ts';
import { type View, versionKey } from '../enforce/view.ts';

/** What of a version is withheld from some consumers. */
export type ShownView = Pick<View, 'consumers' | 'withheld'>;

/** A version, and what each consumer is shown of it from now on. */
export interface DecidedVersion {
  offer: VerifiedOffer;
  shown: readonly ShownView[];
}

const COLUMNS = [
  'result_id', 'version', 'issuer', 'status', 'kind', 'location', 'direction', 'transport_mode', 'conclusion',
  'declaration_number', 'transport_document', 'containers', 'checks', 'adverse', 'withheld', 'examined_at',
  'issued_at', 'offered_at', 'decided_at', 'traceparent',
]; // prettier-ignore
/** What another decision may change: what is shown of a version. When it was offered, decided and traced first stays. */
const SHOWN = COLUMNS.slice(4, 16);
/** What is made anew: all but when it was offered, which stands nowhere else, and its trace, if it is known. */
const REBUILT = COLUMNS.slice(2).filter((column) => column !== 'offered_at' && column !== 'traceparent');

/**
 * Keeps what coordinators go by of versions that are decided, in the transaction of the decision: what nobody is refused.
 * Decided anew, a version is shown as from now on, and joined anew.
 */
export async function keepVersions(
  transaction: EntityManager,
  decided: readonly DecidedVersion[],
  decidedAt: string,
): Promise<void> {
  const versions = new Map(decided.map((each) => [versionKey(each.offer.verified.claims), each]));
  const rows = [...versions.values()].map(({ offer: { verified, traceparent, offeredAt }, shown }) =>
    rowOf({
      ...verified,
      shown,
      offeredAt,
      decidedAt,
      traceparent,
    }),
  );
  await insertRows(transaction, INTO, rows, replacing(SHOWN));
}

/** A version as it is known from its issuer and from the ledger. */
export interface KnownVersion {
  claims: Pick<ResultClaims, 'resultId' | 'version' | 'issuer' | 'status' | 'issuedAt'>;
  content: Readonly<Record<string, unknown>>;
  shown: readonly ShownView[];
  /** Ms since the epoch. */
  offeredAt?: number | undefined;
  /** RFC 3339. */
  decidedAt: string;
  traceparent: string | undefined;
}

/** Keeps versions as they are found again, whatever was kept of them. */
export async function rebuildVersions(transaction: EntityManager, versions: readonly KnownVersion[]): Promise<void> {
  const suffix = `${replacing(REBUILT)}, traceparent = coalesce(v.traceparent, excluded.traceparent)`;
  await insertRows(transaction, INTO, versions.map(rowOf), suffix);
}

const INTO = `coordinated_version as v (${COLUMNS.join(', ')})`;

function replacing(columns: readonly string[]): string {
  return `on conflict (result_id, version) do update set joined = false,
    ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`;
}

function rowOf({ claims, content, shown, offeredAt, decidedAt, traceparent }: KnownVersion): SqlValue[] {
  const hidden = shown.flatMap(({ withheld }) => withheld.map(({ path }) => path));
  const { containers, checks, ...facts } = factsShownToAll(content, hidden);
  return [
    ...[claims.resultId, claims.version, claims.issuer, claims.status],
    ...[facts.kind, facts.location, facts.direction, facts.transportMode, facts.conclusion],
    ...[facts.declarationNumber, facts.transportDocument, containers, JSON.stringify(checks)],
    checks.some(({ outcome }) => outcome === 'non-conformant'),
    JSON.stringify(consumersByEntry(shown)),
    lastOf(checks.map(({ performedAt }) => performedAt)),
    claims.issuedAt,
    offeredAt === undefined ? null : new Date(offeredAt),
    ...[decidedAt, traceparent ?? null],
  ];
}

/** By entry: how many consumers are shown less under it. */
function consumersByEntry(shown: readonly ShownView[]): Record<string, number> {
  const consumers: Record<string, number> = {};
  for (const view of shown) {
    for (const entry of new Set(view.withheld.map((each) => each.entry))) {
      consumers[entry] = (consumers[entry] ?? 0) + view.consumers.length;
    }
  }
  return consumers;
}

/** The last of these times that is one; a content that is signed may say anything. */
function lastOf(times: readonly (string | null)[]): Date | null {
  const known = times.map((time) => Date.parse(time ?? '')).filter((at) => at > EARLIEST && at < LATEST);
  return known.length === 0 ? null : new Date(Math.max(...known));
}
const EARLIEST = Date.UTC(1990, 0, 1);
const LATEST = Date.UTC(9_999, 0, 1);
