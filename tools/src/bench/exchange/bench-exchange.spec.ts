import { isMet } from '../figure.ts';
import { benchExchange } from './bench-exchange.ts';

it('measures the mesh, the pipe and the stock build, all of whose copies arrive', async () => {
  const said: string[] = [];
  const figures = await benchExchange({
    quick: true,
    rounds: 1,
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  expect(figures.map(({ id }) => id)).toEqual([
    'exchange.against-pipe',
    'exchange.against-stock',
    'exchange.latency-p99',
    'exchange.receiving',
  ]);
  for (const figure of figures) {
    expect(figure.ours.median).toBeGreaterThan(0);
    expect(figure.against?.theirs.median ?? 1).toBeGreaterThan(0);
    // How fast it is, is for the benchmark to say, and not for a test.
    expect(typeof isMet(figure)).toBe('boolean');
  }
  expect(said.filter((line) => line.includes('CPU per result')).length).toBe(6);
}, 300_000);
