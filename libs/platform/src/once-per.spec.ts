import { oncePer } from './once-per.ts';

describe('oncePer', () => {
  it('works out once for each object, also what is undefined', () => {
    const asked: object[] = [];
    const of = oncePer((object: { value?: number }) => {
      asked.push(object);
      return object.value;
    });
    const [one, like, none] = [{ value: 1 }, { value: 1 }, {}];
    expect([of(one), of(one), of(like), of(none), of(none)]).toEqual([1, 1, 1, undefined, undefined]);
    expect(asked).toEqual([one, like, none]);
  });
});
