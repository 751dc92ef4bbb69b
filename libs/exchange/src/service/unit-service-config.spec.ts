import { readUnitServiceConfig } from './unit-service-config.ts';

describe('whose people may answer for a unit', () => {
  const ISSUER = 'https://id.example/realms/ln';
  it.each<[string, Record<string, string>, object | string]>([
    [
      'nobody’s, unless told',
      {},
      { CLEARANCE_CONSOLE_PROOF: 'when-bound', CLEARANCE_TOKEN_AUDIENCE: 'clearance-gateway' },
    ],
    ['an issuer’s', { CLEARANCE_CONSOLE_ISSUER: ISSUER }, { CLEARANCE_CONSOLE_ISSUER: ISSUER }],
    ['an issuer’s, in the clear', { CLEARANCE_CONSOLE_ISSUER: 'http://id.example' }, 'CLEARANCE_CONSOLE_ISSUER'],
    ['an issuer’s that is no place', { CLEARANCE_CONSOLE_ISSUER: 'clearance-mesh' }, 'CLEARANCE_CONSOLE_ISSUER'],
    ['with a proof always', { CLEARANCE_CONSOLE_PROOF: 'always' }, { CLEARANCE_CONSOLE_PROOF: 'always' }],
    ['with a proof sometimes', { CLEARANCE_CONSOLE_PROOF: 'sometimes' }, 'CLEARANCE_CONSOLE_PROOF'],
  ])('%s', (_what, environment, expected) => {
    const read = () => readUnitServiceConfig({ CLEARANCE_HTTP_PORT: '8081', ...environment });
    if (typeof expected === 'string') expect(read).toThrow(expected);
    else expect(read()).toMatchObject(expected);
  });

  it('nobody’s: no issuer is taken from that of the gateway’s tokens', () => {
    const environment = { CLEARANCE_HTTP_PORT: '8081', CLEARANCE_TOKEN_ISSUER: ISSUER };
    expect(readUnitServiceConfig(environment).CLEARANCE_CONSOLE_ISSUER).toBeUndefined();
  });
});
