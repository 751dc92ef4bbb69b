import fc from 'fast-check';
import type { Lift } from '../access/lift-hits.ts';
import { compileNegativeList } from '../compile/compile-list.ts';
import { parseNegativeList } from '../parse/parse-negative-list.ts';
import { decideDisclosure, type DisclosureDecision } from './decide-disclosure.ts';

/** `conditional` may be granted, `withheld` may not. */
const entry = (id: string, way: 'conditional' | 'withheld', field: string, purposes?: string[]): object => ({
  ...{ id, title: { zh: '条目', en: 'Entry' }, class: way, legalBasis: '《海关法》', owner: 'customs' },
  ...{ match: { kinds: ['customs.*'] }, fields: [field], consumers: { except: ['*.customs'] } },
  ...(purposes ? { purposes } : {}),
});
const parsed = parseNegativeList(
  JSON.stringify({
    ...{ apiVersion: 'clearance/v1', kind: 'NegativeList', version: '2026.11-1' },
    effectiveFrom: '2026-11-01T00:00:00+08:00',
    entries: [
      entry('NL-010', 'conditional', '/goods/*/value'),
      entry('NL-012', 'conditional', '/customs', ['risk-assessment']),
      entry('NL-013', 'conditional', '/customs/controlInstruction'),
      entry('NL-014', 'withheld', '/goods/*/value/currency'),
    ],
  }),
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
const list = compileNegativeList(parsed.list, ['jl.border']);
const value = { amount: '61200.00', currency: 'USD' };
const content = { kind: 'customs.scan', goods: [{ value }, { value }], customs: { controlInstruction: 'BK-1' } };

/** What the border inspection of Jilin sees under these grants. */
function decide(lifts: readonly Lift[]): DisclosureDecision {
  const result = { kind: 'customs.scan', issuer: 'ln.customs' as const, content };
  const at = Date.parse('2026-11-21T00:00:00Z');
  const [decision] = decideDisclosure(list, result, ['jl.border'], at, new Map([['jl.border', lifts]]));
  return decision as DisclosureDecision;
}

const lift = (grant: string, path: string, purpose = 'risk-assessment'): Lift => ({ grant, paths: [path], purpose });

describe('the grants that a decision names', () => {
  it.each<[string, Lift[], string[] | undefined]>([
    ['one that gives something free', [lift('g1', '/customs')], ['g1']],
    ['none for another purpose', [lift('g1', '/customs', 'audit-supervision')], undefined],
    ['none that another entry takes out all the same', [lift('g1', '/goods/*/value/currency')], undefined],
    ['one beside which another gives nothing', [lift('g1', '/goods/*/value/currency'), lift('g2', '/customs')], ['g2']],
    ['both that give the same', [lift('g2', '/customs'), lift('g1', '/customs')], ['g1', 'g2']],
  ])('%s', (_what, lifts, grants) => {
    expect(decide(lifts).grants).toEqual(grants);
  });

  it('are all that it rests on: by them alone the same is decided, in every word', () => {
    const paths = [
      '',
      '/goods',
      '/goods/*/value',
      '/goods/1/value',
      '/goods/*/value/amount',
      '/goods/*/value/currency',
      '/customs',
      '/kind',
    ];
    const lifts = fc.array(
      fc.record({ path: fc.constantFrom(...paths), purpose: fc.constantFrom('risk-assessment', 'audit-supervision') }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(lifts, (asked) => {
        const granted = asked.map(({ path, purpose }, index) => lift(`g${index}`, path, purpose));
        const decision = decide(granted);
        const named = granted.filter(({ grant }) => decision.grants?.includes(grant));
        expect(decide(named)).toEqual(decision);
      }),
      { numRuns: 500 },
    );
  });
});
