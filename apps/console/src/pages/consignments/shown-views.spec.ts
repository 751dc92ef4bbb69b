import { withheldFields } from '../../parts/withheld-fields.ts';
import { shownViews } from './shown-views.ts';

const item = (path: string, entry = 'NL-001') => ({
  ...{ path, entry, legalBasis: '《出境入境管理法》', access: 'on-request' as const },
});
const disclosure = (consumer: string, sequence: number, withheld: ReturnType<typeof item>[] = [], version = 1) => ({
  ...{ version, consumer, listVersion: '2026.11-1', decidedAt: '2026-11-21T08:00:00.000Z', receiptAt: null, withheld },
  ...{ tokenDigest: 'x', ledger: { sequence, hash: String(sequence) } },
});

describe('fields that were withheld', () => {
  it('are told once for all elements of a list', () => {
    const fields = withheldFields([
      item('/border/persons/0/birthDate'),
      item('/border/persons/11/birthDate'),
      item('/border/persons/0/birthDate', 'NL-002'),
      item('/goods/0'),
      item(''),
    ]);
    expect(fields.map(({ path, entry, places }) => [path, entry, places])).toEqual([
      ['/border/persons/*/birthDate', 'NL-001', 2],
      ['/border/persons/*/birthDate', 'NL-002', 1],
      ['/goods/*', 'NL-001', 1],
      ['', 'NL-001', 1],
    ]);
  });
});

describe('the views of a version', () => {
  it('are told together where units saw the same, the fullest first, each unit by its last', () => {
    const crew = [item('/border/persons/0/birthDate'), item('/border/persons/1/birthDate')];
    const views = shownViews(
      [
        disclosure('hl.customs', 1, crew),
        disclosure('jl.customs', 1, crew),
        disclosure('hl.border', 2),
        disclosure('jl.customs', 3),
        disclosure('hl.customs', 4, [], 2),
      ],
      1,
    );
    expect(views.map(({ consumers, withheld }) => [consumers, withheld.map(({ places }) => places)])).toEqual([
      [['hl.border', 'jl.customs'], []],
      [['hl.customs'], [2]],
    ]);
  });
});
