import type { DecisionStatement, Grant, SignedStatement, UnitId } from '@clearance/contracts';
import { type GrantedVersion, isAbout, type Lift, type Lifts } from '@clearance/negative-list';
import { type DataSource, type Logger } from '@clearance/platform';
import { type KeyRing, statedAt, verifyStatement } from '@clearance/provenance';

/** A grant that was taken and has not ended before its time. */
export interface GrantInForce {
  requestId: string;
  requester: UnitId;
  grant: Grant;
  /** First instant at which it does not hold any more, ms since the epoch. */
  until: number;
}

/** The grants by which is decided, and up to which row of the ledger they are read. */
export interface GrantsInForce {
  /** Those about one result, by its id. */
  byResult: ReadonlyMap<string, readonly GrantInForce[]>;
  /** Those by a standing query, by the issuer. */
  standing: ReadonlyMap<string, readonly GrantInForce[]>;
  /** The last row about a list or a grant. */
  through: number;
  /** The instants at which some of them end. */
  turns: readonly number[];
}

/** Nothing is granted. */
export const NO_GRANTS: GrantsInForce = { byResult: new Map(), standing: new Map(), through: 0, turns: [] };

/** The grants of this mesh, as this gateway has read them. */
export interface Grants {
  current(): GrantsInForce;
  /** Reads the grants anew; one after the other, so that no former state comes back. */
  reload(): Promise<void>;
}

interface GrantRow {
  through: string | null;
  request_id: string | null;
  received_at: Date;
  decision: string;
}

/** Grants and the place of the ledger, of one and the same moment. A clock that is behind needs what has just expired. */
const GRANTS = `
  select acts.through, g.request_id, g.decided_at as received_at, g.decision
  from (select max(sequence) as through from ledger where result_id is null) acts
  left join access_request g on g.state in ('granted', 'granted-in-part') and g.ended_at is null
    and g.granted_until > clock_timestamp() - interval '1 hour'`;

/** Opens the grants of a database; call `reload` at the start and whenever a decision turns out to be outdated. */
export function openGrants(database: DataSource, keyRing: () => KeyRing, log: Logger): Grants {
  let loaded: GrantsInForce = NO_GRANTS;
  let reading: Promise<void> = Promise.resolve();
  const readAll = async (): Promise<void> => {
    const rows: GrantRow[] = await database.query(GRANTS);
    const grants = rows.flatMap((row) => (row.request_id === null ? [] : (readGrant(row, keyRing(), log) ?? [])));
    const { single = [], standing = [] } = Object.groupBy(grants, ({ grant: { about } }) =>
      'resultId' in about ? 'single' : 'standing',
    );
    loaded = {
      byResult: Map.groupBy(single, ({ grant: { about } }) => ('resultId' in about ? about.resultId : '')),
      standing: Map.groupBy(standing, ({ grant }) => grant.about.issuer),
      through: Number(rows[0]?.through ?? 0),
      turns: grants.map(({ until }) => until),
    };
  };
  return {
    current: () => loaded,
    reload: () => {
      reading = reading.catch(() => undefined).then(readAll);
      return reading;
    },
  };
}

/** What the row holds is believed as far as the owner has signed it, with a key that stands. */
function readGrant({ decision, received_at: receivedAt, request_id: requestId }: GrantRow, ring: KeyRing, log: Logger) {
  const signed = JSON.parse(decision) as SignedStatement<DecisionStatement>;
  const { statement } = signed;
  const verified = verifyStatement(signed, ring, statedAt(signed.statement));
  const key = verified.ok ? ring.get(verified.keyId) : undefined;
  if (key === undefined || receivedAt.getTime() >= (key.revokedAt ?? Infinity) || statement.grant === undefined) {
    log.error({ grant: requestId }, 'a stored grant is not accepted: the signature of its owner does not stand');
    return undefined;
  }
  const grant: GrantInForce = {
    requestId: statement.requestId,
    requester: statement.requester as UnitId,
    grant: statement.grant,
    until: Date.parse(statement.grant.until),
  };
  return [grant];
}

/** What consumers have been granted of a version of a result, at an instant, ms since the epoch. */
export function liftsOf({ byResult, standing }: GrantsInForce, result: GrantedVersion, at: number): Lifts | undefined {
  const [one, query] = [byResult.get(result.resultId), standing.get(result.issuer)];
  if (one === undefined && query === undefined) return undefined;
  const granted = [...(one ?? []), ...(query ?? [])].filter(
    ({ grant, until }) => at < until && isAbout(grant.about, result),
  );
  if (granted.length === 0) return undefined;
  const lifts = new Map<UnitId, Lift[]>();
  for (const { requester, requestId, grant } of granted) {
    const of = lifts.get(requester) ?? [];
    lifts.set(requester, of);
    of.push({ grant: requestId, paths: grant.paths, purpose: grant.purpose });
  }
  return lifts;
}
