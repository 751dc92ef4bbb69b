import { type GatewayConfig, readConfig } from '../config.ts';
import { signInOf } from './sign-in-terms.ts';

describe('by whom people sign in to the console', () => {
  it.each<[string, Partial<GatewayConfig>, string | null]>([
    ['the mesh’s own issuer only', {}, null],
    ['another, named', { CLEARANCE_CONSOLE_ISSUER: 'https://id.example/r' }, 'https://id.example/r'],
    ['the issuer of all tokens', { CLEARANCE_TOKEN_ISSUER: 'https://id.example/r' }, 'https://id.example/r'],
    [
      'another than the issuer of all tokens',
      { CLEARANCE_TOKEN_ISSUER: 'https://id.example/r', CLEARANCE_CONSOLE_ISSUER: 'https://people.example' },
      'https://people.example',
    ],
    // Its keys come over TLS, by an address of their own; a browser would go there in the clear.
    ['an issuer of all tokens that is reached in the clear', { CLEARANCE_TOKEN_ISSUER: 'http://id.example' }, null],
    ['an issuer that is no place', { CLEARANCE_TOKEN_ISSUER: 'urn:example:issuer' }, null],
  ])('%s', (_what, settings, issuer) => {
    expect(signInOf({ ...readConfig(), ...settings }).issuer).toBe(issuer);
  });
});
