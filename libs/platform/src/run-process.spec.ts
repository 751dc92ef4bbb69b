import { runProgram, sourceUrl } from './real-database.fixture.ts';

/** A process whose service does as told; it says `ready` once its start has ended. */
const service = (parts: { start?: string; opened?: string; stop?: string }): ReturnType<typeof runProgram> =>
  runProgram(`
    import { runProcess } from ${JSON.stringify(sourceUrl('run-process.ts'))};
    import { createLogger } from ${JSON.stringify(sourceUrl('logger.ts'))};
    const never = new Promise(() => undefined);
    setInterval(() => undefined, 1_000);
    await runProcess('customs-sync', async () => {
      ${parts.start ?? ''}
      return {
        log: createLogger('customs-sync', 'info'),
        opened: ${parts.opened ?? 'never'},
        stop: async () => { ${parts.stop ?? "console.log('stopped');"} },
      };
    });
    console.log('ready');
  `);

describe('runProcess', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'drains on %s and ends with 0',
    async (signal) => {
      const running = service({});
      await running.line('ready');
      running.signal(signal);
      const { code, stdout } = await running.ended;
      expect([code, stdout]).toEqual([0, 'ready\nstopped\n']);
    },
    30_000,
  );

  it('drains once however often it is told', async () => {
    const running = service({
      start: "process.on('SIGINT', () => console.log('told again'));",
      stop: "console.log('stopping'); await new Promise((resolve) => process.once('SIGUSR2', resolve));",
    });
    await running.line('ready');
    running.signal('SIGTERM');
    await running.line('stopping');
    running.signal('SIGINT');
    await running.line('told again');
    running.signal('SIGUSR2');
    const { code, stdout } = await running.ended;
    expect([code, stdout]).toEqual([0, 'ready\nstopping\ntold again\n']);
  }, 30_000);

  it('ends with 1 and says why when the start cannot succeed', async () => {
    const { code, stderr } = await service({ start: "throw new Error('MESH_NATS_URL is not set');" }).ended;
    expect([code, stderr]).toEqual([1, 'customs-sync: MESH_NATS_URL is not set\n']);
  }, 30_000);

  it('drains and ends with 1 when the service finds that it cannot work', async () => {
    const { code, stdout } = await service({ opened: "Promise.reject(new Error('no key'))" }).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/"level":60.*"no key".*cannot work/);
    expect(stdout).toContain('stopped\n');
  }, 30_000);

  it('ends with 2 when it cannot drain', async () => {
    const running = service({ stop: "throw new Error('the database is away');" });
    await running.line('ready');
    running.signal('SIGTERM');
    const { code, stdout } = await running.ended;
    expect(code).toBe(2);
    expect(stdout).toContain('did not stop cleanly');
  }, 30_000);
});
