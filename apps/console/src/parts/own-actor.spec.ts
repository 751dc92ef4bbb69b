import { actorOf, shortActor } from './own-actor.ts';

const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

it.each([
  [token({ iss: 'https://login.example.cn', sub: 'policy' }), 'https://login.example.cn#policy'],
  [token({ iss: 'clearance-mesh', sub: '王建国？' }), 'clearance-mesh#王建国？'],
  [token({ sub: 'policy' }), undefined],
  ['opaque', undefined],
  ['', undefined],
])('reads whose token %s is', (given, actor) => {
  expect(actorOf(given)).toBe(actor);
});

it('calls an actor by what stands behind the issuer', () => {
  expect(shortActor('https://login.example.cn#policy')).toBe('policy');
  expect(shortActor('policy')).toBe('policy');
});
