import { dueOf, timelineOf } from './states.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z');

it.each([
  [{ state: 'open', dueAt: '2026-11-23T08:00:00Z' }, 'overdue'],
  [{ state: 'open', dueAt: '2026-11-26T08:00:00Z' }, 'soon'],
  [{ state: 'open', dueAt: '2026-11-26T08:00:01Z' }, 'in-time'],
  [{ state: 'open' }, 'none'],
  [{ state: 'refused', dueAt: '2026-11-20T08:00:00Z' }, 'none'],
])('tells of %j that it is %s', (request, due) => {
  expect(dueOf(request, NOW)).toBe(due);
});

it('tells what happened in the order of time', () => {
  const request = {
    requestedAt: '2026-11-01T00:00:00Z',
    requester: 'ln.customs',
    owner: 'hl.border',
    remindedAt: '2026-11-20T00:00:00Z',
    escalatedAt: '2026-11-15T00:00:00Z',
    decision: {
      decision: 'granted-in-part',
      by: 'rule',
      rule: 'anti-smuggling',
      decidedAt: '2026-11-21T00:00:00Z',
      until: '2026-11-22T00:00:00Z',
    },
    state: 'expired',
  };
  expect(timelineOf(request).map(({ what, by, rule }) => [what, by, rule].filter(Boolean).join(' '))).toEqual([
    'requested ln.customs',
    'escalated',
    'reminded',
    'granted-in-part hl.border anti-smuggling',
    'expired',
  ]);
});
