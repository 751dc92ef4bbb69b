import fc from 'fast-check';
import { leafHash, merkleTree, rootFrom } from './merkle-tree.ts';

/** The inputs and the roots of their first n that implementations of Certificate Transparency (RFC 9162) are tested by. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => Buffer.from(hex, 'hex'),
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('merkleTree', () => {
  it.each(ROOTS.map((root, index) => [index + 1, root] as const))('has the known root of %i leaves', (size, root) => {
    expect(merkleTree(INPUTS.slice(0, size)).root.toString('hex')).toBe(root);
  });

  it('has no root of nothing', () => {
    expect(() => merkleTree([])).toThrow(RangeError);
  });
});

describe('rootFrom', () => {
  const trees = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 70 });

  it('leads from every leaf to the root', () => {
    fc.assert(
      fc.property(trees, (inputs) => {
        const { root, paths } = merkleTree(inputs);
        for (const [index, input] of inputs.entries()) {
          expect(rootFrom(leafHash(input), index, inputs.length, paths[index]!)).toEqual(root);
        }
      }),
    );
  });

  it('leads elsewhere, or nowhere, from another leaf, another place, another size or another path', () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat({ max: 80 }), fc.nat({ max: 80 }), (inputs, pick, place, size) => {
        const { root, paths } = merkleTree(inputs);
        const index = pick % inputs.length;
        const path = paths[index]!;
        const leaf = leafHash(inputs[index]!);
        expect(
          rootFrom(leafHash(Buffer.concat([inputs[index]!, Buffer.of(1)])), index, inputs.length, path),
        ).not.toEqual(root);
        const same = inputs.filter((input) => Buffer.from(input).equals(Buffer.from(inputs[index]!))).length > 1;
        if (!same && place !== index) expect(rootFrom(leaf, place, inputs.length, path)).not.toEqual(root);
        expect(rootFrom(leaf, index, inputs.length, [...path, root])).toBeUndefined();
        if (path.length > 0) {
          expect(rootFrom(leaf, index, inputs.length, path.slice(1))).toBeUndefined();
          const bent = [Buffer.from(path[0]!).reverse(), ...path.slice(1)];
          expect(rootFrom(leaf, index, inputs.length, bent)).not.toEqual(root);
        }
        if (index >= size) expect(rootFrom(leaf, index, size, path)).toBeUndefined();
      }),
    );
  });
});
