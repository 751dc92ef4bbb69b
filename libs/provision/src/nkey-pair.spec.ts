import { createAccount, createOperator, createUser, fromPublic, fromSeed, type KeyPair } from '@nats-io/jwt';
import { keyPairOf, newKeyPair, seedText } from './nkey-pair.ts';

const MESSAGE = new TextEncoder().encode('nonce');
const library = (pair: KeyPair): KeyPair => fromSeed(pair.getSeed());

describe('key pairs are those of the NATS library', () => {
  it.each([
    ['operator', 'O', createOperator],
    ['account', 'A', createAccount],
    ['user', 'U', createUser],
  ] as const)('%s', (kind, letter, create) => {
    const ours = newKeyPair(kind);
    expect(ours.getPublicKey()).toMatch(new RegExp(`^${letter}[A-Z2-7]{55}$`));
    expect(seedText(ours)).toMatch(new RegExp(`^S${letter}[A-Z2-7]{56}$`));
    expect(library(ours).getPublicKey()).toBe(ours.getPublicKey());
    expect(library(ours).getPrivateKey()).toEqual(ours.getPrivateKey());
    expect(fromPublic(ours.getPublicKey()).verify(MESSAGE, ours.sign(MESSAGE))).toBe(true);

    const theirs = create();
    const read = keyPairOf(`${seedText(theirs)}\n`);
    expect(read.getPublicKey()).toBe(theirs.getPublicKey());
    expect(seedText(read)).toBe(seedText(theirs));
    expect(read.verify(MESSAGE, theirs.sign(MESSAGE))).toBe(true);
  });

  it('a seed with any one character changed is refused', () => {
    const seed = seedText(newKeyPair('user'));
    for (let index = 0; index < seed.length; index += 1) {
      const changed = seed.slice(0, index) + (seed[index] === 'A' ? 'B' : 'A') + seed.slice(index + 1);
      expect(() => keyPairOf(changed)).toThrow(RangeError);
    }
  });

  it.each(['', 'SUA', 'no seed at all', 'UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4'])(
    '%j is no seed',
    (text) => {
      expect(() => keyPairOf(text)).toThrow(RangeError);
    },
  );
});
