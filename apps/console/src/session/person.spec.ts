import { personOf } from './person.ts';
import { mayOne } from './roles.ts';

const token = (claims: object): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

describe('who is signed in', () => {
  it.each<[string, object, string | undefined, object]>([
    [
      'by the mesh’s own claims',
      { sub: 's', name: '王芳', roles: ['coordinator', 'x'] },
      undefined,
      { name: '王芳', unit: undefined, roles: ['coordinator'] },
    ],
    [
      'of a unit',
      { sub: 's', roles: ['unit'], unit: 'ln.border' },
      '李强',
      { name: '李强', unit: 'ln.border', roles: ['unit'] },
    ],
    [
      'by Keycloak’s claims',
      { sub: 's', preferred_username: 'wf', realm_access: { roles: ['auditor', 'offline'] } },
      undefined,
      { name: 'wf', unit: undefined, roles: ['auditor'] },
    ],
    ['with a single role', { sub: 's', role: 'policy' }, undefined, { name: 's', unit: undefined, roles: ['policy'] }],
    ['without any that are read', { sub: 's' }, undefined, { name: 's', unit: undefined, roles: undefined }],
  ])('%s', (_what, claims, profile, person) => {
    expect(personOf(token(claims), profile)).toEqual(person);
  });

  it.each(['', 'opaque', 'a.b.c', 'a.e30.c'])('of a token that cannot be read (%p): nothing', (text) => {
    expect(personOf(text, 'Somebody')).toEqual({ name: 'Somebody', unit: undefined, roles: undefined });
  });
});

it('whoever has one of the roles may; of whom nothing is known, the gateway decides', () => {
  expect(mayOne(['auditor'], ['coordinator', 'auditor'])).toBe(true);
  expect(mayOne(['firm'], ['coordinator', 'auditor'])).toBe(false);
  expect(mayOne([], ['coordinator'])).toBe(false);
  expect(mayOne(undefined, ['coordinator'])).toBe(true);
});
