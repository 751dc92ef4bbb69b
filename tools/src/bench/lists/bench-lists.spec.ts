import { isMet } from '../figure.ts';
import { benchLists } from './bench-lists.ts';

it('previews a draft over all traffic, takes a field back from all who held it, and looks at traffic meanwhile', async () => {
  const said: string[] = [];
  const figures = await benchLists({
    quick: true,
    rounds: 1,
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  expect(figures.map(({ id, unit }) => `${id} ${unit}`)).toEqual([
    'lists.preview-1000 s',
    'lists.preview-memory MiB',
    'lists.preview-fresh-p99 ms',
    'lists.preview-live-p99 ms',
    'lists.recall results/s',
    'lists.recall-fresh-p99 ms',
    'lists.recall-live-p99 ms',
  ]);
  for (const { ours, against } of figures) {
    expect(ours.median).toBeGreaterThan(0);
    expect(against?.ratio.median ?? 1).toBeGreaterThan(0);
  }
  const [preview, , , , recall] = figures;
  // How fast it is, is for the benchmark to say, and not for a test.
  expect(typeof isMet(preview!)).toBe('boolean');
  // Seals are withheld from the unit that recognised: nothing that it recognised could have been.
  expect(preview!.details).toMatchObject({ recognitions: 30, lost: 30 });
  // All that was settled before is taken back from the four border units. What came as the list did is looked at too, and
  // has nothing that could be taken back.
  const { results, copies } = recall!.details as { results: number; copies: number };
  expect(copies).toBeGreaterThanOrEqual(4 * 400);
  expect(copies).toBeLessThanOrEqual(4 * results);
  expect(said.some((line) => line.includes('1000 results in the database of nm.customs'))).toBe(true);
}, 300_000);
