import type { RecognitionRequest, Withheld } from '@clearance/contracts';
import type { EntityManager } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import type { KnownResult } from '@clearance/recognition';
import type { StoredRow } from '../store/read-results.ts';
import { isTrusted, type SearchColumns, searchColumns } from '../store/stored-result.ts';

/** A result as the decision takes it, with what it is found by. */
export interface Indexed {
  known: KnownResult;
  search: SearchColumns;
  /** What its signature is judged by. */
  signed: { issuer: StoredRow['issuer']; issuedAt: string; keyId: string };
  /** When this unit stored this version, and within which trace. */
  storedAt: Date;
  traceparent: string | null;
}

/** What of a stored result the decision reads. Its token was verified when it came, and is not fetched again. */
type KnownRow = Pick<
  StoredRow,
  'result_id' | 'version' | 'status' | 'issuer' | 'issued_at' | 'content' | 'withheld' | 'key_id'
> & { stored_at: Date; traceparent: string | null };

const KNOWN_COLUMNS =
  'r.result_id, r.version, r.status, r.issuer, r.issued_at, r.content, r.withheld, r.key_id, r.stored_at, r.traceparent';

/**
 * Every result about these consignments, and about the containers that results of their documents name beside: the history
 * of these seals is part of the decision. Rows that are locked stay so until the recognition is committed, so that a
 * revocation arriving now waits and then finds the recognition that it must reopen.
 */
export async function readKnownResults(
  on: Pick<EntityManager, 'query'>,
  requests: readonly RecognitionRequest[],
  locking: 'locked' | 'unlocked',
): Promise<(ring: KeyRing) => Indexed[]> {
  const lock = locking === 'locked' ? 'for share of r' : '';
  const consignments = requests.map(({ consignment }) => consignment);
  const named = (field: 'declarationNumber' | 'transportDocument'): string[] =>
    consignments.map((consignment) => consignment[field]).filter((value) => value !== undefined);
  const asked = new Set(consignments.flatMap(({ containers }) => containers ?? []));
  const about: KnownRow[] = await on.query(
    `select ${KNOWN_COLUMNS} from result r where r.result_id in (
       select result_id from result_container where container = any($1)
       union select result_id from result where declaration_number = any($2)
       union select result_id from result where transport_document = any($3)
     ) order by r.result_id ${lock}`,
    [[...asked], named('declarationNumber'), named('transportDocument')],
  );
  const found = about.map(index);
  const beside = requests
    .flatMap(({ consignment }) => [...belongingContainers(consignment, found)])
    .filter((container) => !asked.has(container));
  if (beside.length > 0) {
    const mentioning: KnownRow[] = await on.query(
      `select ${KNOWN_COLUMNS} from result r
       where r.result_id in (select result_id from result_container where container = any($1))
         and r.result_id <> all($2::uuid[])
       order by r.result_id ${lock}`,
      [[...new Set(beside)], about.map((row) => row.result_id)],
    );
    found.push(...mentioning.map(index));
  }
  return (ring) => found.map((one) => ({ ...one, known: { ...one.known, verified: isTrusted(one.signed, ring) } }));
}

/** Whether the signature still stands is asked later: as long as that has not been done, it does not. */
function index(row: KnownRow): Indexed {
  const { version, status, issuer } = row;
  const content = JSON.parse(row.content) as KnownResult['content'];
  const issuedAt = row.issued_at.toISOString();
  const withheld = JSON.parse(row.withheld) as Withheld[];
  return {
    known: { resultId: row.result_id, version, status, issuer, issuedAt, content, withheld, verified: false },
    search: searchColumns(content),
    signed: { issuer, issuedAt, keyId: row.key_id },
    storedAt: row.stored_at,
    traceparent: row.traceparent,
  };
}

type Consignment = RecognitionRequest['consignment'];

function bears(search: SearchColumns, { declarationNumber, transportDocument }: Consignment): boolean {
  return (
    (search.declarationNumber !== null && search.declarationNumber === declarationNumber) ||
    (search.transportDocument !== null && search.transportDocument === transportDocument)
  );
}

function isNamed({ search }: Indexed, consignment: Consignment, containers: ReadonlySet<string>): boolean {
  return search.containers.some((container) => containers.has(container)) || bears(search, consignment);
}

/**
 * The containers that belong to a consignment by what is known: all that is named by results which bear its documents, or
 * which do not show what they bear. A result that shares a container and shows documents of another load leads no
 * further: a box travels with others each time, and what became of those decides nothing here.
 */
function belongingContainers(consignment: Consignment, found: readonly Indexed[]): Set<string> {
  const asked = new Set(consignment.containers ?? []);
  const belonging = found.filter(
    (one) =>
      isNamed(one, consignment, asked) &&
      (bears(one.search, consignment) ||
        one.search.declarationNumber === null ||
        one.search.transportDocument === null),
  );
  return new Set(belonging.flatMap(({ search }) => search.containers));
}

/** What of the batch's results concerns one request: by its own identifiers, and by the containers found so. */
export function concerning({ consignment }: RecognitionRequest, known: readonly Indexed[]): Indexed[] {
  const asked = new Set(consignment.containers ?? []);
  const belonging = belongingContainers(consignment, known);
  return known.filter(
    (one) => isNamed(one, consignment, asked) || one.search.containers.some((each) => belonging.has(each)),
  );
}
