import fc from 'fast-check';
import { Type } from 'typebox';
import { EnvironmentError, readEnvironment } from './read-environment.ts';

const schema = Type.Object({
  MESH_NATS_URL: Type.String({ pattern: '^nats://' }),
  MESH_HTTP_PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080 }),
  MESH_LEVEL: Type.Union([Type.Literal('info'), Type.Literal('debug')], { default: 'info' }),
  MESH_SECRET: Type.String({ minLength: 32 }),
  MESH_TRACE: Type.Boolean({ default: false }),
});
const good = { MESH_NATS_URL: 'nats://localhost:14222', MESH_SECRET: 's'.repeat(32) };

describe('readEnvironment', () => {
  it('coerces text, applies defaults, and ignores what it does not name', () => {
    const env = { ...good, MESH_HTTP_PORT: '9090', MESH_TRACE: 'true', PATH: '/bin', MESH_LEVEL: undefined };
    expect(readEnvironment(schema, env)).toEqual({
      ...good,
      MESH_HTTP_PORT: 9090,
      MESH_LEVEL: 'info',
      MESH_TRACE: true,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readEnvironment(schema, { ...good, MESH_HTTP_PORT: '' })).toMatchObject({ MESH_HTTP_PORT: 8080 });
    expect(() => readEnvironment(schema, { ...good, MESH_SECRET: '' })).toThrow(/MESH_SECRET .*is not set/);
  });

  const bad = {
    MESH_NATS_URL: 'http-hunter2',
    MESH_HTTP_PORT: 'port-hunter2',
    MESH_LEVEL: 'level-hunter2',
    MESH_SECRET: 'short-hunter2',
    MESH_TRACE: 'trace-hunter2',
  };

  it('names every variable at fault at once, and repeats none of their values', () => {
    const fault = (env: Record<string, string>): EnvironmentError => {
      try {
        readEnvironment(schema, env);
      } catch (error) {
        return error as EnvironmentError;
      }
      throw new Error('it was accepted');
    };
    const all = fault(bad);
    expect(all).toBeInstanceOf(EnvironmentError);
    for (const name of Object.keys(bad)) expect(all.message).toContain(name);
    expect(`${all.message} ${JSON.stringify(all)} ${all.stack}`).not.toContain('hunter2');
    expect(fault({}).message).toMatch(/MESH_NATS_URL .*MESH_SECRET /);
  });

  it('never repeats a value, whatever it is', () => {
    const port = fc.string({ minLength: 6 }).filter((text) => Number.isNaN(Number(text)) && text.trim() !== '');
    fc.assert(
      fc.property(port, (value) => {
        expect(() => readEnvironment(schema, { ...good, MESH_HTTP_PORT: value })).toThrow(
          /MESH_HTTP_PORT must be integer$/,
        );
      }),
    );
  });
});
