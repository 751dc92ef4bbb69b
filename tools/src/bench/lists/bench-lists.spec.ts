import { benchLists } from './bench-lists.ts';

// Previews are compared with what happens in end-to-end/preview.part; here one part is enough to see that all runs.
it('takes a field back from all who held it, and looks at traffic meanwhile', async () => {
  const said: string[] = [];
  const context = { quick: true, rounds: 1, say: (line: string) => void said.push(line) };
  const figures = await benchLists({ ...context, signal: new AbortController().signal }, ['recall']);
  expect(figures.map(({ id, unit }) => `${id} ${unit}`)).toEqual([
    'lists.recall results/s',
    'lists.recall-fresh-p99 ms',
    'lists.recall-live-p99 ms',
  ]);
  for (const { ours, against } of figures) {
    expect(ours.median).toBeGreaterThan(0);
    expect(against?.ratio.median ?? 1).toBeGreaterThan(0);
  }
  const [recall] = figures;
  // All that was settled before is taken back from the four border units. What came as the list did is looked at too, and
  // has nothing that could be taken back.
  const { results, copies } = recall!.details as { results: number; copies: number };
  expect(copies).toBeGreaterThanOrEqual(4 * 400);
  expect(copies).toBeLessThanOrEqual(4 * results);
  expect(said.some((line) => line.includes('recall of'))).toBe(true);
}, 300_000);
