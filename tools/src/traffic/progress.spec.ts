import { forgetStory, noProgress, noteArrival, noteResult, readiness } from './progress.ts';
import type { Step } from './steps.ts';

const scan = {
  action: 'submit',
  unit: 'nm.customs',
  key: '1-fish/1',
  after: [],
  story: '1-fish',
  ends: false,
} as unknown as Step;
const request = {
  action: 'recognise',
  unit: 'ln.customs',
  key: '1-fish/2',
  after: ['1-fish/1'],
  story: '1-fish',
  ends: true,
} as unknown as Step;
const correction = {
  action: 'amend',
  unit: 'nm.customs',
  key: '1-fish/1',
  after: ['1-fish/1'],
  story: '1-fish',
  ends: false,
} as unknown as Step;

describe('readiness', () => {
  it.each([
    ['nothing happened yet', [], 'waiting', 'waiting'],
    ['accepted, the copy still under way', ['accepted'], 'ready', 'waiting'],
    ['accepted, and the copy there', ['accepted', 'arrived'], 'ready', 'ready'],
    ['the copy there before the acceptance was heard of', ['arrived', 'accepted'], 'ready', 'ready'],
    ['refused', ['refused'], 'hopeless', 'hopeless'],
    ['a copy at some other unit only', ['accepted', 'arrived elsewhere'], 'ready', 'waiting'],
  ])('%s', (_, happened, ofIssuer, ofOther) => {
    const progress = noProgress();
    for (const what of happened) {
      if (what === 'accepted') noteResult(progress, scan, 'id-1');
      if (what === 'refused') noteResult(progress, scan, undefined);
      if (what === 'arrived') noteArrival(progress, 'ln.customs', 'id-1');
      if (what === 'arrived elsewhere') noteArrival(progress, 'jl.customs', 'id-1');
    }
    expect(readiness(progress, scan)).toBe('ready');
    expect(readiness(progress, correction)).toBe(ofIssuer);
    expect(readiness(progress, request)).toBe(ofOther);
  });

  it('forgets a story and nothing else', () => {
    const progress = noProgress();
    noteResult(progress, scan, 'id-1');
    noteResult(progress, { ...scan, key: '2-fish/1', story: '2-fish' }, 'id-2');
    forgetStory(progress, '1-fish');
    expect([...progress.results.keys()]).toEqual(['2-fish/1']);
  });

  it('remembers arrivals up to a bound, the newest', () => {
    const progress = noProgress();
    for (let i = 0; i < 20_500; i++) noteArrival(progress, 'ln.customs', `id-${i}`);
    const arrived = progress.arrivals.get('ln.customs');
    expect(arrived?.size).toBe(20_000);
    expect(arrived?.has('id-499')).toBe(false);
    expect(arrived?.has('id-20499')).toBe(true);
  });
});
