import { v7 as uuidv7 } from 'uuid';
import {
  type Outcome,
  problem,
  type Recognition,
  type RecognitionRequest,
  validateRecognitionRequest,
  type Withheld,
} from '@clearance/contracts';
import { type EntityManager, recognitionsTotal, runPrepared } from '@clearance/platform';
import { contentDigest, type KeyRing } from '@clearance/provenance';
import { decideRecognition, type KnownResult, reliesOn } from '@clearance/recognition';
import { inTransaction } from '../store/in-transaction.ts';
import type { StoredRow } from '../store/read-results.ts';
import { isTrusted, type SearchColumns, searchColumns } from '../store/stored-result.ts';
import type { Unit } from '../unit.ts';

interface RecognitionRow {
  reference: string;
  request_digest: string;
  body: string;
}

/**
 * Decides what of others' examinations this unit can rely on, and stores each decision with the versions it rests on,
 * for any number of requests at once. The same reference with the same body gives the same recognition.
 */
export async function recogniseConsignments(unit: Unit, requests: readonly unknown[]): Promise<Outcome<Recognition>[]> {
  const checked = requests.map((request) => validateRecognitionRequest(request));
  const valid = checked.flatMap((check) => (check.ok ? [check.value] : []));
  const digests = new Map(valid.map((request) => [request, contentDigest(request)]));

  const stored = await inTransaction(unit.database, async (transaction) => {
    const stored = await findByReference(transaction, valid);
    const fresh = firstOfEachReference(valid).filter(({ reference }) => !stored.has(reference));
    if (fresh.length === 0) return stored;
    const locked = await lockKnownResults(transaction, fresh);
    // Asked once the rows are locked: whoever reopens what a revoked key signed waits for this, or has been here before.
    const known = locked(unit.keyRing());
    for (const request of fresh) {
      const decision = decideRecognition(request, concerning(request, known), unit.mesh.arrangements, {
        unit: unit.id,
        now: unit.now(),
      });
      const recognition: Recognition = {
        recognitionId: uuidv7(),
        reference: request.reference,
        outcome: decision.outcome,
        state: 'in-force',
        decidedAt: new Date(unit.now()).toISOString(),
        checks: decision.checks,
      };
      stored.set(request.reference, { digest: digests.get(request)!, recognition, request });
    }
    await keepRecognitions(
      transaction,
      [...stored.values()].filter((each) => each.request !== undefined),
    );
    return stored;
  });

  return checked.map((check) => {
    if (!check.ok) return { ok: false, problem: problem('invalid', { errors: check.violations }) };
    const { digest, recognition, request } = stored.get(check.value.reference)!;
    if (digest !== digests.get(check.value)) return conflict(recognition);
    if (request === check.value) recognitionsTotal.inc({ unit: unit.id, outcome: recognition.outcome });
    return { ok: true, value: recognition };
  });
}

/** A recognition by its reference; `request` is there when it was decided just now. */
interface Decided {
  digest: string;
  recognition: Recognition;
  request?: RecognitionRequest;
}

async function findByReference(
  transaction: EntityManager,
  requests: readonly RecognitionRequest[],
): Promise<Map<string, Decided>> {
  const rows: RecognitionRow[] = await transaction.query(
    'select reference, request_digest, body from recognition where reference = any($1)',
    [requests.map(({ reference }) => reference)],
  );
  return new Map(
    rows.map((row) => [
      row.reference,
      { digest: row.request_digest, recognition: JSON.parse(row.body) as Recognition },
    ]),
  );
}

function firstOfEachReference(requests: readonly RecognitionRequest[]): RecognitionRequest[] {
  const first = new Map<string, RecognitionRequest>();
  for (const request of requests) if (!first.has(request.reference)) first.set(request.reference, request);
  return [...first.values()];
}

/** A result as the decision takes it, with what it is found by. */
interface Indexed {
  known: KnownResult;
  search: SearchColumns;
  /** What its signature is judged by. */
  signed: { issuer: StoredRow['issuer']; issuedAt: string; keyId: string };
}

/** What of a stored result the decision reads. Its token was verified when it came, and is not fetched again. */
type KnownRow = Pick<
  StoredRow,
  'result_id' | 'version' | 'status' | 'issuer' | 'issued_at' | 'content' | 'withheld' | 'key_id'
>;

const KNOWN_COLUMNS = 'r.result_id, r.version, r.status, r.issuer, r.issued_at, r.content, r.withheld, r.key_id';

/**
 * Every result about these consignments, and about the containers that results of their documents name beside: the history
 * of these seals is part of the decision. The rows stay locked until the recognition is committed, so that a revocation
 * arriving now waits and then finds the recognition that it must reopen.
 */
async function lockKnownResults(
  transaction: EntityManager,
  requests: readonly RecognitionRequest[],
): Promise<(ring: KeyRing) => Indexed[]> {
  const consignments = requests.map(({ consignment }) => consignment);
  const named = (field: 'declarationNumber' | 'transportDocument'): string[] =>
    consignments.map((consignment) => consignment[field]).filter((value) => value !== undefined);
  const asked = new Set(consignments.flatMap(({ containers }) => containers ?? []));
  const about: KnownRow[] = await transaction.query(
    `select ${KNOWN_COLUMNS} from result r where r.result_id in (
       select result_id from result_container where container = any($1)
       union select result_id from result where declaration_number = any($2)
       union select result_id from result where transport_document = any($3)
     ) order by r.result_id for share of r`,
    [[...asked], named('declarationNumber'), named('transportDocument')],
  );
  const found = about.map(index);
  const beside = requests
    .flatMap(({ consignment }) => [...belongingContainers(consignment, found)])
    .filter((container) => !asked.has(container));
  if (beside.length > 0) {
    const mentioning: KnownRow[] = await transaction.query(
      `select ${KNOWN_COLUMNS} from result r
       where r.result_id in (select result_id from result_container where container = any($1))
         and r.result_id <> all($2::uuid[])
       order by r.result_id for share of r`,
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
function concerning({ consignment }: RecognitionRequest, known: readonly Indexed[]): KnownResult[] {
  const asked = new Set(consignment.containers ?? []);
  const belonging = belongingContainers(consignment, known);
  return known
    .filter((one) => isNamed(one, consignment, asked) || one.search.containers.some((each) => belonging.has(each)))
    .map((one) => one.known);
}

/** Recognitions and the versions that they rest on, by one statement, whatever their number. */
const KEEP = `
  with kept as (
    insert into recognition (recognition_id, reference, request_digest, state, outcome, decided_at, request, body)
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[])
  )
  insert into recognition_reliance (result_id, recognition_id, version)
  select * from unnest($9::uuid[], $10::uuid[], $11::integer[]) on conflict do nothing`;

async function keepRecognitions(transaction: EntityManager, decided: readonly Decided[]): Promise<void> {
  const recognitions = decided.map(({ recognition }) => recognition);
  const reliances = recognitions.flatMap((recognition) =>
    reliesOn(recognition).map(({ resultId, version }) => ({ resultId, recognition, version })),
  );
  await runPrepared(transaction, KEEP, [
    recognitions.map(({ recognitionId }) => recognitionId),
    recognitions.map(({ reference }) => reference),
    decided.map(({ digest }) => digest),
    recognitions.map(({ state }) => state),
    recognitions.map(({ outcome }) => outcome),
    recognitions.map(({ decidedAt }) => decidedAt),
    decided.map(({ request }) => JSON.stringify(request)),
    recognitions.map((recognition) => JSON.stringify(recognition)),
    reliances.map(({ resultId }) => resultId),
    reliances.map(({ recognition }) => recognition.recognitionId),
    reliances.map(({ version }) => String(version)),
  ]);
}

function conflict({ reference, recognitionId }: Recognition): Outcome<never> {
  const detail = {
    zh: `参考号 ${reference} 已用于内容不同的互认申请 (${recognitionId})`,
    en: `Reference ${reference} is already that of recognition ${recognitionId}, with another request`,
  };
  return { ok: false, problem: problem('conflict', { detail }) };
}
