import { compileNegativeList, lintNegativeList } from '@clearance/negative-list';
import type { BenchContext } from '../figure.ts';
import { benchDecision } from './bench-decision.ts';
import { casl } from './casl.ts';
import { cedar } from './cedar.ts';
import { type Contender, UNITS } from './contender.ts';
import { jsonRulesEngine } from './json-rules-engine.ts';
import { type Exception, exceptions, listOf } from './list.ts';
import { decideOurs } from './ours.ts';
import { exampleResults } from './prepare.ts';
import { checkSameFields } from './same-fields.ts';

const context: BenchContext = { quick: true, rounds: 1, say: () => undefined, signal: new AbortController().signal };

it('yields the figures, each with what it was measured against', async () => {
  const figures = await benchDecision(context, [50, 60]);
  expect(figures.map(({ id }) => id)).toEqual([
    ...['decision.50-entries', 'decision.bare-50-entries', 'decision.60-entries', 'decision.bare-60-entries'],
    ...['decision.growth', 'decision.bare-growth'],
  ]);
  for (const { ours, against } of figures) {
    expect(ours.median).toBeGreaterThan(0);
    if (against) expect(against.ratio.median).toBeGreaterThan(0);
  }
  expect(figures.filter(({ against }) => against !== undefined)).toHaveLength(4);
}, 60_000);

describe('the lists', () => {
  it('of 200 entries has no error that the linter would find', () => {
    const text = JSON.stringify({ apiVersion: 'clearance/v1', kind: 'NegativeList', ...listOf(exceptions(200)) });
    const findings = lintNegativeList(text, { units: UNITS, at: Date.parse('2026-11-21T00:00:00Z') });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('of every size take the same out of the examples, and from every agency something', () => {
    const [least, most] = [50, 300].map((size) => compileNegativeList(listOf(exceptions(size)), UNITS));
    for (const result of exampleResults()) {
      const decisions = decideOurs(most!, result);
      expect(decisions).toEqual(decideOurs(least!, result));
      expect(decisions.filter(({ pointers }) => pointers.length > 0).length).toBeGreaterThan(1);
    }
  });
});

const engines: [string, (entries: readonly Exception[]) => Contender][] = [
  ['casl', casl],
  ['cedar', cedar],
  ['json-rules-engine', jsonRulesEngine],
];

describe.each(engines)('%s', (_name, engine) => {
  const entries = exceptions(50);
  const list = compileNegativeList(listOf(entries), UNITS);
  /** Each of these entries hits an example, or would without its condition. */
  const broken: [string, (entry: Exception) => Exception | undefined][] = [
    ['has other fields', (entry) => (entry.id === 'NL-0016' ? { ...entry, fields: ['/customs/riskLevel'] } : entry)],
    ['has other consumers', (entry) => (entry.id === 'NL-0010' ? { ...entry, consumers: '*' } : entry)],
    ['has another condition', (entry) => (entry.id === 'NL-0018' ? { ...entry, conditions: [] } : entry)],
    ['lacks an entry', (entry) => (entry.id === 'NL-0024' ? undefined : entry)],
  ];

  it('decides the same as we', async () => {
    await checkSameFields(list, engine(entries), exampleResults());
  });

  it.each(broken)('is refused when its list %s', async (_difference, change) => {
    const changed = entries.flatMap((entry) => change(entry) ?? []);
    const refusal = checkSameFields(list, engine(changed), exampleResults());
    await expect(refusal).rejects.toThrow(/left by one only: \//);
  });
});
