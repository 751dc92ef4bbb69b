import { formatsOf } from './make-formats.ts';

const zh = formatsOf('zh');
const en = formatsOf('en');

describe('how values are written', () => {
  it.each([
    [0, '0 毫秒', '0 ms'],
    [0.152, '152 毫秒', '152 ms'],
    [1, '1 秒', '1 s'],
    [9.96, '10 秒', '10 s'],
    [59.6, '1 分', '1 min'],
    [61, '1 分 1 秒', '1 min 1 s'],
    [3_600, '1 小时', '1 h'],
    [3_661, '1 小时 1 分', '1 h 1 min'],
    [200_000, '2 天 7 小时', '2 d 7 h'],
    [-90, '−1 分 30 秒', '−1 min 30 s'],
  ])('%p seconds: %s, %s', (seconds, chinese, english) => {
    expect([zh.duration(seconds), en.duration(seconds)]).toEqual([chinese, english]);
  });

  it.each([
    [31, '31秒', '31s'],
    [100, '2分', '2m'],
    [8_000, '2时', '2h'],
    [100_000, '1天', '1d'],
  ])('%p seconds where there is little room: %s, %s', (seconds, chinese, english) => {
    expect([zh.brief(seconds), en.brief(seconds)]).toEqual([chinese, english]);
  });

  it('times are Beijing’s, wherever the reader is; what is no time is left as it is', () => {
    expect(zh.time('2026-11-21T18:30:05.250Z')).toBe('2026-11-22 02:30:05');
    expect([en.day('2026-11-21T18:30:05Z'), en.clock('2026-11-21T18:30:05Z')]).toEqual(['2026-11-22', '02:30:05']);
    expect(zh.time('—')).toBe('—');
  });
});
