import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bear, onBearerRefused } from '../session/bearer.ts';
import { followEvents } from './follow-events.ts';
import { RefusedCall } from './refused-call.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answers: Answer[];
let asked: (string | undefined)[][];
beforeEach(async () => {
  [answers, asked] = [[], []];
  server = createServer((request, response) => {
    asked.push([request.headers.authorization, request.headers['last-event-id'] as string | undefined]);
    (answers.shift() ?? ((_request, rest) => rest.writeHead(503).end()))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bear('token');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const events =
  (...pieces: string[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
    response.end();
  };
const refusal =
  (status: number, code: string): Answer =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ code }));

/** Follows until so many events have come. */
async function follow(count: number): Promise<string[]> {
  const { port } = server.address() as AddressInfo;
  const controller = new AbortController();
  const heard: string[] = [];
  await followEvents(`http://127.0.0.1:${port}/`, {
    signal: controller.signal,
    pauses: { first: 1, most: 5 },
    onEvent: (data) => {
      heard.push(data);
      if (heard.length === count) controller.abort();
    },
  });
  return heard;
}

describe('a stream of events', () => {
  it('is told event by event, wherever it is cut', async () => {
    answers = [events('id: 1\nda', 'ta: {"a":1}\n\nid: 2\ndata: {"a"', ':"东北"}\n\n')];
    expect(await follow(2)).toEqual(['{"a":1}', '{"a":"东北"}']);
    expect(asked).toEqual([['Bearer token', undefined]]);
  });

  it('is taken up again after its last event when it ends, and when the gateway is away', async () => {
    answers = [events('id: 7\ndata: a\n\n'), refusal(503, 'not-ready'), events('id: 8\ndata: b\n\n')];
    expect(await follow(2)).toEqual(['a', 'b']);
    expect(asked.map(([, last]) => last)).toEqual([undefined, '7', '7']);
  });

  it('is given up when it is refused for good', async () => {
    answers = [refusal(403, 'forbidden')];
    await expect(follow(1)).rejects.toMatchObject({ code: 'forbidden', status: 403 });
    expect(asked).toHaveLength(1);
  });

  it('says that the session has ended when the token is not believed', async () => {
    let ended = 0;
    const stop = onBearerRefused(() => (ended += 1));
    answers = [refusal(401, 'forbidden')];
    await expect(follow(1)).rejects.toBeInstanceOf(RefusedCall);
    stop();
    expect(ended).toBe(1);
  });
});
