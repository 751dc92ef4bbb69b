/** What a line of the text is marked with: the gravest of what lint says of it. */
export type Mark = 'error' | 'warning';

interface Placed {
  severity: Mark;
  line: number;
}

/** Marks by line, counted from 1. */
export function marksOf(findings: readonly Placed[]): ReadonlyMap<number, Mark> {
  const marks = new Map<number, Mark>();
  for (const { line, severity } of findings) {
    if (marks.get(line) !== 'error') marks.set(line, severity);
  }
  return marks;
}

/** Where a place stands in a text, in UTF-16 units; lint counts lines and columns from 1. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const within = Math.min(column - 1, lines[line - 1]?.length ?? 0);
  return Math.min(before + within, text.length);
}

/** Errors before warnings, each in the order of the text. */
export function inOrder<Each extends Placed & { column: number }>(findings: readonly Each[]): Each[] {
  const rank = ({ severity }: Each): number => (severity === 'error' ? 0 : 1);
  return findings.toSorted(
    (one, other) => rank(one) - rank(other) || one.line - other.line || one.column - other.column,
  );
}
