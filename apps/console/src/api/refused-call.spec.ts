import { problem } from '@clearance/contracts/words';
import { refusalOf } from './refused-call.ts';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

describe('a refusal', () => {
  it('is told in either language, with every fault and its number', async () => {
    const body = {
      ...problem('invalid'),
      errors: [{ pointer: '/cursor', code: 'bad-format', message: { zh: '格式不符', en: 'bad format' } }],
    };
    const told = await refusalOf(answer(400, body, { 'request-id': 'r-1' }));
    expect(told).toMatchObject({
      ...{ code: 'invalid', status: 400, requestId: 'r-1', retryAfter: undefined },
      detail: {
        zh: '内容不符合接口约定，错误逐条列出',
        en: 'The content breaks the contract; every violation is listed.',
      },
      faults: [{ pointer: '/cursor', message: { zh: '格式不符', en: 'bad format' } }],
    });
  });

  it.each<[string, number, unknown, string]>([
    ['without a good token', 401, problem('forbidden'), 'unauthorised'],
    ['of a code that is not known', 400, { code: 'new', detail: 'x' }, 'invalid'],
    ['of a proxy that says nothing', 502, '<html>', 'not-ready'],
    ['of a place that there is not', 404, '', 'unknown'],
  ])('%s is understood', async (_what, status, body, code) => {
    expect((await refusalOf(answer(status, body))).code).toBe(code);
  });

  it('says when to come again', async () => {
    expect((await refusalOf(answer(429, problem('slow-down'), { 'retry-after': '5' }))).retryAfter).toBe(5);
  });

  it('has something to say in both languages, whatever was answered', async () => {
    const { detail } = await refusalOf(answer(503, 'down'));
    expect([detail.zh, detail.en].every((text) => text.length > 5)).toBe(true);
    expect(detail.zh).not.toBe(detail.en);
  });
});
