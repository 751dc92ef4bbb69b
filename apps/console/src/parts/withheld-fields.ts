/** What a view did not show, as the gateway tells it. */
export interface Withheld {
  path: string;
  entry: string;
  legalBasis: string;
  access: 'on-request' | 'none';
}

/** Something that was withheld, whichever element of a list it was in: numbers in its path are asterisks. */
export interface WithheldField extends Withheld {
  /** In how many places. */
  places: number;
}

/** Puts together what was withheld from every element of a list alike. */
export function withheldFields(withheld: readonly Withheld[]): WithheldField[] {
  const fields = Map.groupBy(withheld, ({ path, entry }) => `${anyElement(path)} ${entry}`);
  return [...fields.values()].map((of) => {
    const { path, entry, legalBasis, access } = of[0]!;
    return { path: anyElement(path), entry, legalBasis, access, places: of.length };
  });
}

function anyElement(path: string): string {
  return path.replace(/\/\d+(?=\/|$)/g, '/*');
}
