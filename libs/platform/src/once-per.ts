/**
 * A function of an object that is worked out once for each object, however often it is asked, and forgotten with it. For
 * objects that are not changed, and functions that depend on nothing else.
 */
export function oncePer<T extends object, R>(work: (of: T) => R): (of: T) => R {
  const known = new WeakMap<T, { result: R }>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before.result;
    const result = work(of);
    known.set(of, { result });
    return result;
  };
}
