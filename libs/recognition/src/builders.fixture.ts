import type { Arrangement, CheckType, RecognitionRequest, ResultContent, Seal, UnitId } from '@clearance/contracts';
import type { KnownResult } from './known-result.ts';

/** Container numbers with right check digits (ISO 6346). */
export const A = 'CSQU3054383';
export const B = 'DLCU2045117';
export const C = 'DLCU0000140';
export const DECLARATION = '060120261000000123';
export const OTHER_DECLARATION = '060120261000000456';

/** 10:00 on 22 November 2026 in China, when Dalian asks. */
export const NOW = Date.parse('2026-11-22T10:00:00+08:00');
export const DALIAN: UnitId = 'ln.customs';
export const MANZHOULI: UnitId = 'nm.customs';
export const QUARANTINE: UnitId = 'nm.inspection';
export const HARBIN: UnitId = 'hl.customs';

/** A time of the days before: `'21 09:00'` is 09:00 in China on 21 November. */
export function on(dayAndHour: string): string {
  const [day, hour] = dayAndHour.split(' ');
  return `2026-11-${day}T${hour}:00+08:00`;
}

type Check = ResultContent['checks'][number];

/** A conformant check of 21 November, 09:00, of container A and item 1 unless said otherwise. */
export function check(type: CheckType, change: Partial<Check> = {}): Check {
  return {
    type,
    outcome: 'conformant',
    performedAt: on('21 09:00'),
    covers: { containers: [A], items: [1] },
    ...change,
  };
}

/** A seal, intact unless said otherwise. */
export function seal(number: string, change: Partial<Seal> = {}): Seal {
  return { number, condition: 'intact', ...change };
}

/** A container with its seals. */
export function box(number: string, ...seals: Seal[]): NonNullable<ResultContent['containers']>[number] {
  return { number, ...(seals.length > 0 ? { seals } : {}) };
}

export interface ResultChange {
  issuer?: UnitId;
  version?: number;
  status?: KnownResult['status'];
  verified?: boolean;
  issuedAt?: string;
  /** Pointers of what the list takes out of the copy. */
  withheld?: string[];
  content?: Partial<ResultContent>;
  checks?: Check[];
}

/** The content as issued: frozen cod in container A, sealed H100, x-rayed at Manzhouli, released. */
export function contentOf(resultId: string, { issuer = MANZHOULI, checks, content }: ResultChange = {}): ResultContent {
  const places = {
    nm: ['CNMLX', '0600'],
    ln: ['CNDLC', '0902'],
    hl: ['CNHRB', '1900'],
    jl: ['CNCGQ', '1500'],
  } as const;
  const [location, office] = places[issuer.slice(0, 2) as keyof typeof places];
  const isCustoms = issuer.endsWith('.customs');
  return {
    reference: `REF-${resultId}`,
    kind: isCustoms ? 'customs.examination' : 'inspection.quarantine',
    ...(isCustoms ? { office } : {}),
    location,
    direction: 'import',
    transportMode: '3',
    declarationNumber: DECLARATION,
    containers: [box(A, seal('H100'))],
    goods: [
      { item: 1, commodityCode: '0303630000999', description: '冻鳕鱼', quantity: { value: '24000', unit: 'KGM' } },
      { item: 2, commodityCode: '4407119910101', description: '樟子松板材', quantity: { value: '60', unit: 'MTQ' } },
    ],
    checks: checks ?? [check('x-ray')],
    conclusion: 'released',
    ...content,
  };
}

/** A result as the deciding unit holds it, with what the list withholds really gone. */
export function result(resultId: string, change: ResultChange = {}): KnownResult {
  const { issuer = MANZHOULI, version = 1, verified = true, withheld = [] } = change;
  const content = structuredClone(contentOf(resultId, change));
  for (const path of withheld) take(content, path.slice(1).split('/'));
  return {
    resultId,
    version,
    status: change.status ?? (version > 1 ? 'amended' : 'issued'),
    issuer,
    issuedAt: change.issuedAt ?? on('21 12:00'),
    content,
    withheld: withheld.map(withheldAt),
    verified,
  };
}

/** How a copy names what the list took out of it. */
export function withheldAt(path: string): KnownResult['withheld'][number] {
  return { path, entry: 'NL-001', legalBasis: '《海关法》', access: 'none' };
}

function take(node: unknown, [token = '', ...rest]: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  if (rest.length > 0) take((node as Record<string, unknown>)[token], rest);
  else if (Array.isArray(node)) node.splice(Number(token), 1);
  else delete (node as Record<string, unknown>)[token];
}

/**
 * Dalian asks about container A and item 1, and finds seal H100 intact wherever it asks about A, unless said
 * otherwise.
 */
export function request(checks: CheckType[], change: Partial<RecognitionRequest> = {}): RecognitionRequest {
  const { consignment = { containers: [A], declarationNumber: DECLARATION, items: [1] } } = change;
  const asked = consignment.containers?.includes(A) ?? false;
  return {
    reference: 'DLC-2026-77',
    location: 'CNDLC',
    checks,
    consignment,
    sealsObserved: asked ? [{ container: A, number: 'H100', condition: 'intact' }] : [],
    ...change,
  };
}

/** An arrangement in force all year: everyone relies on the checks of Inner Mongolia's units for 30 days. */
export function arrangement(id: string, change: Partial<Arrangement> = {}): Arrangement {
  return {
    id,
    title: { zh: '互认安排', en: 'arrangement' },
    issuers: 'nm.*',
    relying: '*',
    checks: ['x-ray'],
    validFor: 'P30D',
    validFrom: '2026-01-01T00:00:00+08:00',
    validUntil: '2027-01-01T00:00:00+08:00',
    conditions: {},
    ...change,
  };
}

/** The agreement on images: only while the seal holds. */
export const SEALED = arrangement('MRA-SEAL', { conditions: { sealUnbroken: true } });
/** The agreement on quarantine and papers: whatever the seal, for ten days. */
export const OPEN = arrangement('MRA-OPEN', {
  checks: ['quarantine', 'documentary', 'physical', 'crew', 'weighing'],
  validFor: 'P10D',
});
