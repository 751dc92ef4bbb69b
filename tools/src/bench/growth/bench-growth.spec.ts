import { isMet } from '../figure.ts';
import { benchGrowth } from './bench-growth.ts';

it('measures meshes of four and of twelve units, their starting, their memory and their signing', async () => {
  const said: string[] = [];
  const figures = await benchGrowth({
    quick: true,
    rounds: 1,
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  const of = (id: string) => figures.find((figure) => figure.id === `growth.${id}`)!;
  expect(figures.map(({ id, unit }) => [id, unit])).toEqual([
    ['growth.cpu-per-copy', 'µs'],
    ['growth.cpu-per-copy-beyond-idle', 'µs'],
    ['growth.idle-cpu', 'ms'],
    ['growth.start-mesh', 'ms'],
    ['growth.start-service', 'ms'],
    ['growth.memory-idle', 'MiB'],
    ['growth.memory-loaded', 'MiB'],
    ['signing.alone', 'ms'],
  ]);
  // Each mesh warmed up once, and was measured once.
  expect(said.filter((line) => line.includes('µs CPU per copy')).map((line) => line.trim().split(':')[0])).toEqual([
    '4 units',
    '12 units',
    '4 units',
    '12 units',
  ]);
  expect(Object.keys(of('start-mesh').details!)).toEqual(['4 units, ms', '12 units, ms']);
  for (const { ours, against } of figures) {
    expect(Number.isFinite(ours.median)).toBe(true);
    expect(against?.ratio.median ?? 1).toBeGreaterThan(0);
  }
  // A process has at least its program in memory, and at its most at least what it had when it was idle.
  expect(of('memory-idle').ours.median).toBeGreaterThan(40);
  expect(of('memory-loaded').ours.median).toBeGreaterThanOrEqual(of('memory-idle').ours.median);
  expect(of('start-service').ours.median).toBeGreaterThan(100);
  expect(typeof isMet(of('memory-idle'))).toBe('boolean');
}, 300_000);
