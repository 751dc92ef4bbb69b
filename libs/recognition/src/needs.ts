import type {
  Arrangement,
  CheckType,
  RecognitionRequest,
  ResultContent,
  ResultKind,
  Selector,
} from '@clearance/contracts';
import { decideRecognition } from './decide-recognition.ts';
import type { KnownResult } from './known-result.ts';

/** What relying on checks of one type under one arrangement takes of a copy. */
export interface RecognitionNeed {
  check: CheckType;
  /** Id of the arrangement, and whom it lets rely on whom. */
  arrangement: string;
  issuers: Selector;
  relying: Selector;
  /** Kinds of result that may be relied on; absent: any. */
  kinds?: readonly ResultKind[];
  /**
   * The ways in which a copy can do, each as the path patterns that it must show. A copy that shows all paths of one way
   * may be relied on, as far as the list is concerned; one of which each way lacks a path never is. Where nothing of a
   * way is named, as `/validUntil`, it may still stand against reliance when it is there and taken out.
   */
  ways: readonly (readonly string[])[];
}

/**
 * What recognition needs of copies, worked out by deciding: the plainest contents that would be recognised under an
 * arrangement are decided again without each of their members, and those without which they are not are needed. So it
 * follows the decision by itself, and what the arrangement demands: its kinds, modes, risk levels, goods and seals.
 * @param arrangements those of the mesh; their terms and selectors decide nothing here
 */
export function recognitionNeeds(arrangements: readonly Arrangement[]): RecognitionNeed[] {
  const known = new Map<string, readonly (readonly string[])[]>();
  return arrangements.flatMap((arrangement) =>
    arrangement.checks.flatMap((check): RecognitionNeed[] => {
      const { id, issuers, relying, kinds, conditions, validFor } = arrangement;
      // Most arrangements of a mesh demand the same things.
      const key = JSON.stringify([check, kinds, conditions, validFor]);
      let ways = known.get(key);
      if (ways === undefined) known.set(key, (ways = waysUnder(arrangement, check)));
      if (ways.length === 0) return [];
      return [{ check, arrangement: id, issuers, relying, ...(kinds === undefined ? {} : { kinds }), ways }];
    }),
  );
}

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const CONTAINER = 'CSQU3054383';
const DECLARATION = '060120261000000123';
const DOCUMENT = 'SMGS-1';
const SEAL = { number: 'H100', condition: 'intact' } as const;

/** A request, and the least that a content must say to be recognised for it. */
interface Model {
  consignment: RecognitionRequest['consignment'];
  content: Partial<ResultContent>;
  covers?: NonNullable<ResultContent['checks'][number]['covers']>;
}

const AMOUNT = { item: 1, value: '1', unit: 'KGM' };
const BEARING = [
  [{ declarationNumber: DECLARATION }, { declarationNumber: DECLARATION }],
  [{ transportDocument: DOCUMENT }, { transportDocument: DOCUMENT }],
] as const;

/** A container, an item, a quantity of it, or a document as a whole, the last three by either document. */
const MODELS: readonly Model[] = [
  {
    consignment: { containers: [CONTAINER] },
    content: { containers: [{ number: CONTAINER }] },
    covers: { containers: [CONTAINER] },
  },
  ...BEARING.flatMap(([asked, borne]): Model[] => [
    { consignment: { ...asked, items: [1] }, content: borne, covers: { items: [1] } },
    { consignment: { ...asked, quantities: [AMOUNT] }, content: borne, covers: { quantities: [AMOUNT] } },
    { consignment: asked, content: borne },
  ]),
];

function waysUnder(arrangement: Arrangement, check: CheckType): readonly (readonly string[])[] {
  // Who relies on whom and until when is no matter of what a copy shows.
  const open = {
    ...arrangement,
    issuers: '*',
    relying: '*',
    validFrom: '2000-01-01T00:00:00Z',
    validUntil: '2100-01-01T00:00:00Z',
  };
  const ways = MODELS.flatMap((model): string[][] => {
    const { request, content } = modelUnder(model, open, check);
    const isRecognised = (without?: string): boolean =>
      decideRecognition(request, [copyOf(content, without)], [open], { unit: 'ln.customs', now: NOW }).outcome ===
      'recognised';
    if (!isRecognised()) return [];
    return [pathsIn(content).filter((path) => !isRecognised(path))];
  });
  // A way that needs all that another needs, and more, adds nothing.
  return ways.filter((way, place) =>
    ways.every((other, index) => {
      const needsAll = other.every((path) => way.includes(path));
      return index === place || !needsAll || (other.length === way.length && index > place);
    }),
  );
}

/** The model with what the arrangement demands besides. */
function modelUnder(
  { consignment, content, covers }: Model,
  { conditions, kinds }: Arrangement,
  type: CheckType,
): { request: RecognitionRequest; content: Partial<ResultContent> } {
  const { riskLevels, transportModes, commodities, sealUnbroken } = conditions;
  const goods = commodities && [{ item: 1, commodityCode: codeUnder(commodities), description: '' }];
  const performedAt = new Date(NOW - MINUTE).toISOString();
  const sealed = sealUnbroken === true && consignment.containers !== undefined;
  return {
    request: {
      reference: 'NEED',
      location: 'CNDLC',
      checks: [type],
      consignment,
      ...(sealed ? { sealsObserved: [{ container: CONTAINER, ...SEAL }] } : {}),
    },
    content: {
      reference: 'NEED',
      kind: kinds?.[0] ?? 'customs.examination',
      location: 'CNMLX',
      direction: 'import',
      transportMode: transportModes?.[0] ?? '3',
      ...content,
      ...(sealed ? { containers: [{ number: CONTAINER, seals: [SEAL] }] } : {}),
      ...(goods ? { goods } : {}),
      checks: [{ type, outcome: 'conformant', performedAt, ...(covers ? { covers } : {}) }],
      conclusion: 'released',
      ...(riskLevels?.[0] === undefined ? {} : { customs: { riskLevel: riskLevels[0] } }),
    } as Partial<ResultContent>,
  };
}

/** A commodity code that the condition admits, if one of each chapter or of the prefixes does. */
function codeUnder({ only = [], except = [] }: NonNullable<Arrangement['conditions']['commodities']>): string {
  const chapters = Array.from({ length: 97 }, (_, chapter) => String(chapter + 1).padStart(2, '0'));
  const prefixes = only.length > 0 ? only.flatMap((prefix) => chapters.map((more) => prefix + more)) : chapters;
  const codes = prefixes.map((prefix) => prefix.padEnd(13, '0').slice(0, 13));
  return codes.find((code) => !except.some((prefix) => code.startsWith(prefix))) ?? '0000000000000';
}

/** A copy of which what a path names was taken out, as the negative list does it. */
function copyOf(content: Partial<ResultContent>, path?: string): KnownResult {
  const withheld: KnownResult['withheld'][number][] = [];
  const steps = path === undefined ? [] : path.split('/').slice(1);
  const shown = path === undefined ? content : take(content, steps, '', withheld);
  return {
    resultId: 'NEED',
    version: 1,
    status: 'issued',
    issuer: 'nm.customs',
    issuedAt: new Date(NOW).toISOString(),
    content: (shown ?? {}) as KnownResult['content'],
    withheld,
    verified: true,
  };
}

function take(
  node: unknown,
  [step, ...rest]: readonly string[],
  at: string,
  withheld: KnownResult['withheld'][number][],
): unknown {
  if (step === undefined) {
    withheld.push({ path: at, entry: 'NEED', legalBasis: '', access: 'none' });
    return undefined;
  }
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node)
    .map(([name, value]: [string, unknown]): [string, unknown] => [
      name,
      step === name || (step === '*' && Array.isArray(node)) ? take(value, rest, `${at}/${name}`, withheld) : value,
    ])
    .filter(([, value]) => value !== undefined);
  return Array.isArray(node) ? kept.map(([, value]) => value) : Object.fromEntries(kept);
}

/** The path patterns of all that a content says, itself first. */
function pathsIn(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at];
  const below = Array.isArray(value)
    ? value.flatMap((element: unknown) => pathsIn(element, `${at}/*`))
    : Object.entries(value).flatMap(([name, member]) => pathsIn(member, `${at}/${name}`));
  return [...new Set([at, ...below])];
}
