import { DEFAULT_ROLES_CLAIM, identityOf } from './token-claims.ts';

describe('where a token says its roles', () => {
  const at = (roles: string, claims: object, role?: string): readonly string[] | string => {
    const names = { roles, unit: 'unit', ...(role === undefined ? {} : { role }) };
    const found = identityOf({ iss: 'i', sub: 's', ...claims }, {}, names, 0);
    return typeof found === 'string' ? found : found.roles;
  };
  it.each<[string, string, object, readonly string[]]>([
    ['a list under the default name', DEFAULT_ROLES_CLAIM, { roles: ['policy', 'auditor'] }, ['policy', 'auditor']],
    ['one role under the default name', DEFAULT_ROLES_CLAIM, { roles: 'auditor' }, ['auditor']],
    ['a claim that nobody spoke of', DEFAULT_ROLES_CLAIM, { role: 'policy' }, []],
    ['a dotted path', 'realm_access.roles', { realm_access: { roles: ['auditor'] } }, ['auditor']],
    ['a dotted path, and the single claim of another issuer', 'realm_access.roles', { role: 'policy' }, []],
    ['a JSON Pointer', '/https:~1~1id.example~1roles', { 'https://id.example/roles': ['auditor'] }, ['auditor']],
    ['a path through a text', 'a.b', { a: 'x' }, []],
    ['a path through a list', 'a.0', { a: ['auditor'] }, ['auditor']],
    ['a member that every object inherits', 'constructor.name', {}, []],
    ['roles that are no texts', DEFAULT_ROLES_CLAIM, { roles: [1, null, ['policy'], { policy: true }] }, []],
    ['a role with another case', DEFAULT_ROLES_CLAIM, { roles: ['Policy'] }, []],
    ['several in one text', DEFAULT_ROLES_CLAIM, { roles: 'policy auditor' }, []],
  ])('%s', (_what, claim, claims, roles) => {
    expect(at(claim, claims)).toEqual(roles);
  });

  it.each<[string, object, readonly string[]]>([
    ['alone', { role: 'auditor' }, ['auditor']],
    ['beside a list: the list counts', { roles: ['firm'], role: 'policy' }, ['firm']],
    ['beside an empty list: the list counts', { roles: [], role: 'policy' }, []],
  ])('the single claim of the mesh’s own issuer, %s', (_what, claims, roles) => {
    expect(at(DEFAULT_ROLES_CLAIM, claims, 'role')).toEqual(roles);
  });
});

describe('to which key a token is bound', () => {
  const THUMBPRINT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
  it.each<[string, unknown, object | string]>([
    ['none', undefined, { roles: ['auditor'] }],
    ['one that can be proven', { jkt: THUMBPRINT }, { roles: ['auditor'], boundTo: THUMBPRINT }],
    ['a certificate', { 'x5t#S256': THUMBPRINT }, 'bound-otherwise'],
    ['a key and a certificate', { jkt: THUMBPRINT, 'x5t#S256': THUMBPRINT }, 'bound-otherwise'],
    ['no thumbprint', { jkt: 'x' }, 'bound-otherwise'],
    ['a key itself', { jwk: { kty: 'EC' } }, 'bound-otherwise'],
    ['nothing', {}, 'bound-otherwise'],
    ['null', null, 'bound-otherwise'],
    ['a text', THUMBPRINT, 'bound-otherwise'],
  ])('%s', (_what, cnf, expected) => {
    const payload = { iss: 'i', sub: 's', roles: ['auditor'], ...(cnf === undefined ? {} : { cnf }) };
    const found = identityOf(payload, {}, { roles: 'roles', unit: 'unit' }, 0);
    expect(found).toEqual(typeof expected === 'string' ? expected : { subject: 'i#s', ...expected });
  });
});
