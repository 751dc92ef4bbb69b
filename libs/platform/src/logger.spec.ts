import { QueryFailedError } from 'typeorm';
import { openDatabase, type DataSource } from './database.ts';
import { describeError } from './describe-error.ts';
import { ownDatabase, runProgram, sourceUrl, type OwnDatabase } from './real-database.fixture.ts';

/** A document number, as a traveller's would be: it must appear in no line. */
const SECRET = 'E12345678';

describe('describeError, on real errors of the database', () => {
  let own: OwnDatabase;
  let source: DataSource;
  beforeAll(async () => {
    own = await ownDatabase();
    source = await openDatabase({ url: own.url, migrations: [], applicationName: 'logger.spec', poolSize: 2 });
    await source.query('create table persons (document text primary key check (length(document) < 10), born date)');
    await source.query('insert into persons values ($1)', [SECRET]);
  }, 30_000);
  afterAll(async () => {
    await source?.destroy();
    await own?.drop();
  });

  it.each<[string, string, string, RegExp]>([
    ['a second row', 'insert into persons values ($1)', '23505', /persons_pkey/],
    ['a check', "insert into persons values ($1 || 'xxx')", '23514', /persons_document_check/],
    ['no number', 'select $1::int', '22P02', /./],
    ['no UUID', 'select $1::uuid', '22P02', /./],
    ['no JSON', 'select $1::json', '22P02', /./],
    ['no date', 'select $1::date', '22007', /./],
    ['no time zone', "select ('2026-02-28 00:00 ' || $1)::timestamptz", '22023', /./],
    ['too long a number', "select (repeat('9', 12) || right($1, 8))::int", '22003', /./],
    ['no such column', 'select document_of($1)', '42883', /document_of/],
  ])('never repeats a parameter: %s', async (_what, sql, code, says) => {
    const fault: unknown = await source.query(sql, [SECRET]).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(QueryFailedError);
    const described = describeError(fault);
    expect(described).toMatchObject({ type: 'QueryFailedError', code, message: expect.stringMatching(says) });
    // PostgreSQL quotes some values in lower case, and the number may be part of another.
    expect(JSON.stringify(described)).not.toContain(SECRET.slice(1));
  });

  it.each([`${SECRET}`, `{"document": ${SECRET}}`, `{"document": "${SECRET}"`, `["${SECRET}", ]`])(
    'never repeats what is not JSON: %s',
    (text) => {
      let fault: unknown;
      try {
        JSON.parse(text);
      } catch (error) {
        fault = error;
      }
      const described = describeError(fault);
      expect(described.type).toBe('SyntaxError');
      expect(JSON.stringify(described)).not.toContain(SECRET.slice(0, 4));
    },
  );

  it('says the first line of other errors only, and nothing of what is no error', () => {
    expect(describeError(new TypeError(`x is not a function\n${SECRET}`))).toEqual({
      type: 'TypeError',
      message: 'x is not a function',
    });
    expect(describeError(SECRET)).toEqual({ type: 'string', message: 'not an Error' });
    expect(describeError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});

describe('createLogger, in a process of its own', () => {
  it('prints one JSON object a line, and nothing of an error but its description, however it is logged', async () => {
    const own = await ownDatabase();
    try {
      const program = `
        import { createLogger, nestLogger } from ${JSON.stringify(sourceUrl('logger.ts'))};
        import { describeError } from ${JSON.stringify(sourceUrl('describe-error.ts'))};
        import { openDatabase } from ${JSON.stringify(sourceUrl('database.ts'))};
        const log = createLogger('customs-sync', 'trace');
        const source = await openDatabase({ url: ${JSON.stringify(own.url)}, migrations: [], applicationName: 'x', poolSize: 2 });
        const error = await source.query('select $1::uuid, $2::text', [${JSON.stringify(SECRET)}, 'also ${SECRET}']).catch((fault) => fault);
        await source.destroy();
        log.info({ unit: 'ln.customs' }, 'begins');
        log.error({ err: describeError(error) }, 'described');
        log.error({ err: error }, 'as it is');
        log.error(error, 'alone, with a text');
        log.error(error);
        log.child({ unit: 'ln.customs' }).error(error);
        nestLogger(log).error(error);
        nestLogger(log).warn(error);
        nestLogger(log).log('a message of the framework');
      `;
      const { code, stdout, stderr } = await runProgram(program).ended;
      expect([code, stderr]).toEqual([0, '']);
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines).toHaveLength(9);
      expect(lines[0]).toMatchObject({ level: 30, service: 'customs-sync', unit: 'ln.customs', msg: 'begins' });
      expect(lines[0]!['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
      for (const line of lines.slice(1, 6))
        expect(line).toMatchObject({ err: { type: 'QueryFailedError', code: '22P02' } });
      expect(lines[8]).toMatchObject({ level: 20, msg: 'a message of the framework' });
      expect(stdout).not.toContain(SECRET);
      expect(stdout).not.toContain('select $1');
    } finally {
      await own.drop();
    }
  }, 30_000);
});
