import { brokenOff, fact, reportOf, type Story } from './story.ts';

const story: Story = {
  id: 'a-story',
  clock: '08:00',
  title: { zh: '题目', en: 'title' },
  expected: { zh: '预期', en: 'expected' },
  play: () => Promise.resolve([]),
};

describe('what a story reports', () => {
  it('holds when every fact is as wanted', () => {
    const report = reportOf(story, [fact('结论', 'outcome', 'partial', 'partial'), fact('份数', 'copies', 11, 11)]);
    expect(report).toMatchObject({ ok: true, observed: '结论: partial；份数: 11 / outcome: partial; copies: 11' });
  });

  it('fails when one is not, and says what was seen and what was wanted', () => {
    const report = reportOf(story, [fact('单位', 'units', ['ln.customs'], []), fact('份数', 'copies', 11, 11)]);
    expect(report.ok).toBe(false);
    expect(report.observed).toContain('units: ln.customs (≠ –)');
  });

  it('fails when nothing was looked at', () => {
    expect(reportOf(story, []).ok).toBe(false);
  });

  it('fails when it was broken off, and says why', () => {
    const report = brokenOff(story, new Error('not within 90 s: result.settled'));
    expect(report).toMatchObject({ id: 'a-story', ok: false });
    expect(report.observed).toContain('not within 90 s: result.settled');
  });
});
