import { DEFAULT_ROLES_CLAIM, identityOf } from './token-claims.ts';

describe('where a token says its roles', () => {
  const at = (roles: string, claims: object): readonly string[] | string => {
    const found = identityOf({ iss: 'i', sub: 's', ...claims }, {}, { roles, unit: 'unit' }, 0);
    return typeof found === 'string' ? found : found.roles;
  };
  it.each<[string, string, object, readonly string[]]>([
    ['a list under the default name', DEFAULT_ROLES_CLAIM, { roles: ['policy', 'auditor'] }, ['policy', 'auditor']],
    ['one role under the default name', DEFAULT_ROLES_CLAIM, { roles: 'auditor' }, ['auditor']],
    ['the single claim', DEFAULT_ROLES_CLAIM, { role: 'auditor' }, ['auditor']],
    ['both: the list counts', DEFAULT_ROLES_CLAIM, { roles: ['firm'], role: 'policy' }, ['firm']],
    ['an empty list and the single claim: the list counts', DEFAULT_ROLES_CLAIM, { roles: [], role: 'policy' }, []],
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
});
