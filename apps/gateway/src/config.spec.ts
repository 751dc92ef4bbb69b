import { isConfidential, isElsewhere } from '@clearance/platform/tokens';
import { readConfig } from './config.ts';

describe('where tokens are verified', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it.each<[string, Record<string, string>, string | undefined]>([
    ['nothing', {}, undefined],
    ['an issuer over TLS', { CLEARANCE_TOKEN_ISSUER: 'https://id.example/realm' }, undefined],
    ['an issuer on this machine', { CLEARANCE_TOKEN_ISSUER: 'http://127.0.0.1:9000' }, undefined],
    ['an issuer in the clear', { CLEARANCE_TOKEN_ISSUER: 'http://id.example' }, 'CLEARANCE_TOKEN_ISSUER'],
    [
      'an issuer in the clear, its keys over TLS',
      { CLEARANCE_TOKEN_ISSUER: 'http://id.example', CLEARANCE_TOKEN_JWKS_URL: 'https://id.example/certs' },
      undefined,
    ],
    [
      'an issuer that is no place, its keys over TLS',
      { CLEARANCE_TOKEN_ISSUER: 'urn:example:issuer', CLEARANCE_TOKEN_JWKS_URL: 'https://id.example/certs' },
      undefined,
    ],
    ['keys in the clear', { CLEARANCE_TOKEN_JWKS_URL: 'http://id.example/certs' }, 'CLEARANCE_TOKEN_JWKS_URL'],
    ['keys in a file', { CLEARANCE_TOKEN_JWKS_URL: 'file:///etc/keys.json' }, 'CLEARANCE_TOKEN_JWKS_URL'],
    ['keys nowhere', { CLEARANCE_TOKEN_JWKS_URL: 'certs' }, 'CLEARANCE_TOKEN_JWKS_URL'],
    ['an issuer with a fragment', { CLEARANCE_TOKEN_ISSUER: 'https://id.example/#x' }, 'CLEARANCE_TOKEN_ISSUER'],
    ['a sign-in over TLS', { CLEARANCE_CONSOLE_ISSUER: 'https://id.example/realm' }, undefined],
    ['a sign-in on this machine', { CLEARANCE_CONSOLE_ISSUER: 'http://127.0.0.1:8084' }, undefined],
    ['a sign-in in the clear', { CLEARANCE_CONSOLE_ISSUER: 'http://id.example' }, 'CLEARANCE_CONSOLE_ISSUER'],
    ['a sign-in that is no place', { CLEARANCE_CONSOLE_ISSUER: 'clearance-mesh' }, 'CLEARANCE_CONSOLE_ISSUER'],
    ['a sign-in with a query', { CLEARANCE_CONSOLE_ISSUER: 'https://id.example/?a' }, 'CLEARANCE_CONSOLE_ISSUER'],
    ['a scope more', { CLEARANCE_CONSOLE_SCOPE: 'openid profile roles' }, undefined],
    ['a scope without OpenID', { CLEARANCE_CONSOLE_SCOPE: 'profile openidx' }, 'CLEARANCE_CONSOLE_SCOPE'],
    ['traces somewhere', { MESH_TRACE_URL: 'http://localhost:16686/trace/{traceId}' }, undefined],
    ['traces by a query', { MESH_TRACE_URL: 'https://t.example/?id={traceId}&x=1' }, undefined],
    ['traces without a place for the id', { MESH_TRACE_URL: 'http://localhost:16686/trace' }, 'MESH_TRACE_URL'],
    ['traces by a script', { MESH_TRACE_URL: 'javascript:alert("{traceId}")' }, 'MESH_TRACE_URL'],
    ['traces nowhere', { MESH_TRACE_URL: '{traceId}' }, 'MESH_TRACE_URL'],
    ['traces behind a password', { MESH_TRACE_URL: 'https://a:b@t.example/{traceId}' }, 'MESH_TRACE_URL'],
    ['limits of none', { CLEARANCE_CALLS_PER_MINUTE: '0' }, 'CLEARANCE_CALLS_PER_MINUTE'],
  ])('%s', (_what, environment, fault) => {
    Object.assign(process.env, environment);
    if (fault === undefined) expect(readConfig()).toMatchObject(environment);
    else expect(() => readConfig()).toThrow(fault);
  });

  it.each([
    ['https://id.example', true],
    ['http://localhost:1/x', true],
    ['http://127.0.0.1', true],
    ['http://127.8.9.1:80', true],
    ['http://[::1]:9000', true],
    ['http://127.0.0.1.evil.example', false],
    ['http://localhost.evil.example', false],
    ['https://user:password@id.example', false],
    ['http://10.0.0.1', false],
    ['ftp://id.example', false],
    ['', false],
  ])('keys from %s: %s', (url, expected) => {
    expect(isConfidential(url)).toBe(expected);
  });

  it.each([
    ['clearance-mesh', false],
    ['urn:example:issuer', false],
    ['https://id.example', true],
    ['HTTP://id.example', true],
  ])('issuer %s is elsewhere: %s', (issuer, expected) => {
    expect(isElsewhere(issuer)).toBe(expected);
  });
});
