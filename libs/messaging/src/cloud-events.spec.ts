import { EVENT_TYPES, cloudEventType, unitSource } from '@clearance/contracts';
import { cloudEventHeaders } from './cloud-events.ts';

const event = {
  id: '01939d2e-0000-7000-8000-000000000001/2',
  unit: 'ln.customs',
  type: 'result.amended',
  subject: '01939d2e-0000-7000-8000-000000000001',
  time: '2026-11-21T03:10:00.000Z',
};

/** Header names and values as they go out, names as written. */
function asObject(headers: ReturnType<typeof cloudEventHeaders>): Record<string, string> {
  return Object.fromEntries(headers.keys().map((key) => [key, headers.values(key).join('|')]));
}

describe('cloudEventHeaders (CloudEvents 1.0, NATS binding, binary mode)', () => {
  it('names the seven attributes and the deduplication id, and nothing else', () => {
    expect(asObject(cloudEventHeaders(event))).toEqual({
      'ce-specversion': '1.0',
      'ce-id': event.id,
      'ce-source': '/units/ln.customs',
      'ce-type': 'cn.clearance.result.amended.v1',
      'ce-time': event.time,
      'ce-subject': event.subject,
      'ce-datacontenttype': 'application/json',
      'Nats-Msg-Id': event.id,
    });
  });

  it('carries the trace that it is given', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(asObject(cloudEventHeaders({ ...event, traceparent }))).toMatchObject({ traceparent });
  });

  it.each(EVENT_TYPES)('says the type and source of %s as the contracts do', (type) => {
    const headers = cloudEventHeaders({ ...event, type });
    expect(headers.get('ce-type')).toBe(cloudEventType(type));
    expect(headers.get('ce-source')).toBe(unitSource('ln.customs'));
  });
});
