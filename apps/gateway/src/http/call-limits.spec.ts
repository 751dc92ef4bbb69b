import fc from 'fast-check';
import { addressKey, callCounter, rateLimitHeaders } from './call-limits.ts';

describe('what an address is counted under', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2ff:3:4:5:6', '2001:db8:1:200::/56'],
    ['2001:db8:1:200::', '2001:db8:1:200::/56'],
    ['2001:db8:1:300::1', '2001:db8:1:300::/56'],
    ['2001:db8::1', '2001:db8:0:0::/56'],
    ['::1', '0:0:0:0::/56'],
    ['::', '0:0:0:0::/56'],
    ['fe80::1%eth0', 'fe80:0:0:0::/56'],
    ['', ''],
  ])('%s: %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('is the same for all of one subscriber, however it is written', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.array(group, { minLength: 4, maxLength: 4 }),
        (a, b) => {
          const written = new URL(`http://[${a.join(':')}]`).hostname.slice(1, -1);
          expect(addressKey(written)).toBe(addressKey(a.join(':')));
          expect(addressKey([...a.slice(0, 4), ...b].join(':'))).toBe(addressKey(a.join(':')));
        },
      ),
    );
  });
});

describe('counting calls', () => {
  it('takes as many as there may be, and says what is left', async () => {
    const counter = callCounter(3);
    const taken = [];
    for (let time = 0; time < 5; time += 1) taken.push(await counter.take('a'));
    expect(taken.map(({ allowed, left }) => [allowed, left])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
      [false, 0],
    ]);
    for (const { resetS } of taken) {
      expect(resetS).toBeGreaterThanOrEqual(1);
      expect(resetS).toBeLessThanOrEqual(60);
    }
    expect(await counter.take('b')).toMatchObject({ allowed: true, left: 2 });
  });

  it('keeps no more than it may, and forgets the one that was counted longest ago', async () => {
    const counter = callCounter(1, 100);
    for (let key = 0; key < 100; key += 1) await counter.take(`k${key}`);
    expect(await counter.take('k0')).toMatchObject({ allowed: false });
    await counter.take('one more');
    expect(await counter.take('k0')).toMatchObject({ allowed: false });
    expect(await counter.take('k1')).toMatchObject({ allowed: true });
  });

  it('says it in the standard headers', () => {
    expect(rateLimitHeaders('calls', { allowed: true, limit: 600, left: 599, resetS: 42 })).toEqual({
      'RateLimit-Policy': '"calls";q=600;w=60',
      RateLimit: '"calls";r=599;t=42',
    });
  });
});
