import { type Arrangement, consumersOf, type UnitId } from '@clearance/contracts';
import { compileNegativeList, type Entry } from '@clearance/negative-list';
import { loadMesh } from '@clearance/platform';
import { customsExamination } from '@clearance/testing';
import { type PastRecognition, weighRecognition, type WholeResult } from './weigh-recognition.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');
const mesh = await loadMesh(new URL('../../../../mesh.yaml', import.meta.url).pathname);
const UNITS = consumersOf(mesh);
const ARRANGEMENTS: readonly Arrangement[] = mesh.arrangements;

/** Dalian x-rayed the container; Harbin relies on it. */
const EXAMINED: WholeResult = {
  resultId: '019aa5a1-7c5b-7000-8000-000000000001',
  version: 1,
  status: 'issued',
  issuer: 'ln.customs',
  issuedAt: '2026-11-21T03:12:00.000Z',
  content: customsExamination('R-1'),
};
const asked = (unit: UnitId, more: Partial<PastRecognition> = {}): PastRecognition => ({
  recognitionId: '019aa5a1-7c5b-7000-8000-0000000000aa',
  unit,
  request: {
    reference: 'HR-1',
    location: 'CNHRB',
    checks: ['x-ray'],
    consignment: { containers: ['CSQU3054383'], declarationNumber: '090220261000000123', items: [1] },
    sealsObserved: [{ container: 'CSQU3054383', number: 'H1234567', condition: 'intact' }],
  },
  decidedAt: NOW,
  recognised: ['x-ray'],
  known: [EXAMINED],
  ...more,
});

const entry = (id: string, fields: string[] | undefined, changes: Partial<Entry> = {}): Entry => ({
  id,
  title: { zh: id, en: id },
  class: 'withheld',
  legalBasis: '《海关法》第七十二条',
  owner: 'customs',
  match: { kinds: ['customs.examination'] },
  ...(fields === undefined ? {} : { fields }),
  ...changes,
});
const listOf = (...entries: Entry[]) =>
  compileNegativeList({ version: '1', effectiveFrom: '2026-11-01', entries }, UNITS);

/** Made, lost with their causes, gained: `x-ray ← NL-1 /checks`. */
function weighed(past: PastRecognition, current: Entry[], draft: Entry[]): string[] {
  const lists = { current: listOf(...current), draft: listOf(...draft), asOf: NOW, liftsOf: () => undefined };
  const { made, lost, gained, reproduced } = weighRecognition(past, lists, ARRANGEMENTS);
  return [
    `made ${made.join()}`,
    ...lost.map(
      ({ type, causes }) => `lost ${type} ← ${causes.map(({ entry: id, path }) => `${id} ${path}`).join(', ')}`,
    ),
    ...gained.map((type) => `gained ${type}`),
    ...(reproduced ? [] : ['not reproduced']),
  ];
}

const CHECKS = entry('N-1', ['/checks']);
const SEALS = entry('N-2', ['/containers/*/seals']);
const VALUE = entry('N-3', ['/goods/*/value']);
describe('草案对互认的影响 what a draft makes of a recognition', () => {
  it.each<[string, Entry[], Entry[], string[]]>([
    ['无关的字段', [], [VALUE], ['made x-ray']],
    ['查验项目不予共享', [], [CHECKS], ['made x-ray', 'lost x-ray ← N-1 /checks']],
    ['封志不予共享', [], [SEALS], ['made x-ray', 'lost x-ray ← N-2 /containers/*/seals']],
    ['整份结果不予共享', [], [entry('N-4', undefined)], ['made x-ray', 'lost x-ray ← N-4 ']],
    [
      '各自足以致失，均列出',
      [],
      [CHECKS, SEALS, VALUE],
      ['made x-ray', 'lost x-ray ← N-1 /checks, N-2 /containers/*/seals'],
    ],
    ['只对他人', [], [entry('N-5', ['/checks'], { consumers: { only: ['*.border'] } })], ['made x-ray']],
    ['放宽：可以互认', [CHECKS], [], ['made ', 'gained x-ray', 'not reproduced']],
    ['早已如此，不算', [CHECKS], [CHECKS, SEALS], ['made ', 'not reproduced']],
  ])('%s', (_what, current, draft, expected) => {
    expect(weighed(asked('hl.customs'), current, draft)).toEqual(expected);
  });

  it('本单位的结果不受清单影响 a unit sees its own results whole', () => {
    const own = { ...EXAMINED, issuer: 'hl.customs' as const };
    expect(weighed(asked('hl.customs', { known: [own] }), [], [CHECKS, SEALS])).toEqual(['made x-ray']);
  });
});
