import { continueTrace } from './traceparent.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const zeros = '0'.repeat(32);

describe('continueTrace (W3C Trace Context, version 00)', () => {
  it.each([`00-${trace}-${span}-01`, `00-${trace}-${span}-00`])('goes on with %s', (given) => {
    expect(continueTrace(given)).toBe(given);
  });

  it.each<[string, string | undefined]>([
    ['absent', undefined],
    ['empty, as NATS gives an absent header', ''],
    ['another version', `01-${trace}-${span}-01`],
    ['the forbidden version', `ff-${trace}-${span}-01`],
    ['trace id of zeros', `00-${zeros}-${span}-01`],
    ['span id of zeros', `00-${trace}-${zeros.slice(16)}-01`],
    ['upper case', `00-${trace.toUpperCase()}-${span}-01`],
    ['too short', `00-${trace.slice(1)}-${span}-01`],
    ['more after it', `00-${trace}-${span}-01-x`],
    ['a line after it', `00-${trace}-${span}-01\n`],
    ['a line before it', `x\n00-${trace}-${span}-01`],
  ])('begins a new, unsampled trace when it is %s', (_what, given) => {
    const created = continueTrace(given);
    expect(created).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(created).not.toContain(trace);
    expect(continueTrace(created)).toBe(created);
    expect(continueTrace(given)).not.toBe(created);
  });
});
