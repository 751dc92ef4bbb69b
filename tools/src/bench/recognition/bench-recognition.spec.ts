import { isMet } from '../figure.ts';
import { benchRecognition } from './bench-recognition.ts';

it('asks, searches and receives while the database grows, and every answer is as it must be', async () => {
  const said: string[] = [];
  const figures = await benchRecognition({
    quick: true,
    rounds: 1,
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  expect(figures.map(({ id, unit }) => `${id} ${unit}`)).toEqual([
    'recognition.p99-1000 ms',
    'recognition.rate-1000 ops/s',
    'search.p99-1000 ms',
    'recognition.p99-4000 ms',
    'recognition.rate-4000 ops/s',
    'search.p99-4000 ms',
    'growth.receiving-4000 ms',
  ]);
  for (const { ours, against } of figures) {
    expect(ours.median).toBeGreaterThan(0);
    expect(against?.ratio.median ?? 1).toBeGreaterThan(0);
  }
  // How fast it is, is for the benchmark to say, and not for a test.
  expect(figures.filter((figure) => typeof isMet(figure) === 'boolean').map(({ id }) => id)).toEqual([
    'recognition.p99-1000',
    'recognition.p99-4000',
  ]);
  expect(said.filter((line) => line.includes('in the database of nm.customs')).map((line) => line.trim())).toEqual([
    '1000 results in the database of nm.customs',
    '4000 results in the database of nm.customs',
  ]);
}, 300_000);
