import { intervalOf, spanOf } from './validity.ts';

const utc = (text: string): number => Date.parse(text);

describe('有效期 validity', () => {
  it.each<[string, string, string]>([
    ['2026-11-01', '2026-10-31T16:00:00.000Z', '2026-11-01T16:00:00.000Z'],
    ['2028-02-29', '2028-02-28T16:00:00.000Z', '2028-02-29T16:00:00.000Z'],
    ['2026-11-01T08:00:00+08:00', '2026-11-01T00:00:00.000Z', '2026-11-01T00:00:00.001Z'],
    ['2026-11-01T00:00:00.5Z', '2026-11-01T00:00:00.500Z', '2026-11-01T00:00:00.501Z'],
  ])('%s 自 %s 至 %s（不含）', (text, from, until) => {
    expect(spanOf(text)).toEqual({ from: utc(from), until: utc(until) });
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-31',
    '2026-11-01T24:00:00Z',
    '2026-11-01T10:00:00',
    '1/11/2026',
    '',
  ])('“%s”不是日期', (text) => expect(spanOf(text)).toBeUndefined());

  it('首日零时起，末日结束止（北京时间） from the first minute of the first day to the last of the last', () => {
    expect(intervalOf({ validFrom: '2026-11-01', validUntil: '2027-10-31' })).toEqual({
      from: utc('2026-11-01T00:00:00+08:00'),
      until: utc('2027-11-01T00:00:00+08:00'),
    });
    expect(intervalOf({})).toEqual({ from: -Infinity, until: Infinity });
  });
});
