import {
  A,
  B,
  C,
  DALIAN,
  HARBIN,
  NOW,
  OPEN,
  SEALED,
  arrangement,
  box,
  check,
  on,
  request,
  result,
  seal,
} from './builders.fixture.ts';
import { decideRecognition } from './decide-recognition.ts';
const known = Array.from({ length: 200 }, (_, i) => {
  const hour = `21 ${String(i % 24).padStart(2, '0')}:00`;
  return result(`R${i}`, {
    issuer: i % 3 ? 'nm.customs' : HARBIN,
    issuedAt: on('22 08:00'),
    content: { containers: [box(A, seal('H100')), box(B, seal('H200')), box(C)] },
    checks: [
      check('x-ray', { performedAt: on(hour), covers: { containers: [A, B], items: [1, 2] } }),
      check('quarantine', { performedAt: on(hour) }),
    ],
  });
});
const arrangements = [
  SEALED,
  OPEN,
  ...Array.from({ length: 10 }, (_, i) => arrangement(`MRA-${i}`, { issuers: 'jl.*' })),
];
const ask = request(['x-ray', 'quarantine', 'seal'], {
  consignment: { containers: [A, B, C], declarationNumber: '060120261000000123', items: [1, 2] },
});
function time(name: string, k: typeof known, r: typeof ask, n: number) {
  const ts: number[] = [];
  for (let i = 0; i < n; i++) {
    const s = performance.now();
    decideRecognition(r, k, arrangements, { unit: DALIAN, now: NOW });
    ts.push(performance.now() - s);
  }
  ts.sort((a, b) => a - b);
  console.log(
    name,
    'median',
    ts[n >> 1]?.toFixed(3),
    'p95',
    ts[Math.floor(n * 0.95)]?.toFixed(3),
    'min',
    ts[0]?.toFixed(3),
    'ms',
  );
}
time('200 known, 3 containers, 2 items, 3 checks', known, ask, 60);
time('5 known', known.slice(0, 5), ask, 500);
// 500 containers in 200 results
const many = Array.from({ length: 500 }, (_, i) => `C${i}`);
const big = Array.from({ length: 20 }, (_, i) =>
  result(`B${i}`, {
    content: { containers: many.map((m) => box(m, seal('S' + m))) },
    checks: [check('x-ray', { covers: { containers: many, items: [1] } })],
  }),
);
time(
  '20 known x 500 containers',
  big,
  request(['x-ray'], {
    consignment: { containers: many, declarationNumber: '060120261000000123' },
    sealsObserved: many.map((m) => ({ container: m, number: 'S' + m, condition: 'intact' })),
  }),
  5,
);
