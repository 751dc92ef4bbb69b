/** A time series that an expression reads: its metric, and the labels that it is selected by with the values named. */
export interface Selected {
  metric: string;
  matchers: { label: string; operator: string; value: string }[];
}

/** What an expression reads and gives. */
export interface Reading {
  selected: Selected[];
  /** Labels of the series that come of it; undefined of a number. */
  labels: ReadonlySet<string> | undefined;
}

/** Labels of a metric's series, target's included; undefined of a metric that there is not. */
export type LabelsOf = (metric: string) => readonly string[] | undefined;

const AGGREGATIONS = 'sum min max avg group stddev stdvar count count_values bottomk topk quantile'.split(' ');
/** Functions whose first argument is a number. */
const SCALAR_FIRST = ['histogram_quantile', 'quantile_over_time'];
/** Weakest first; all read from left to right but for powers, of which there are none here. */
const OPERATORS = [['or'], ['and', 'unless'], ['==', '!=', '<=', '<', '>=', '>'], ['+', '-'], ['*', '/', '%']];
const SETS = ['or', 'and', 'unless'];
const COMPARISONS = OPERATORS[2]!;

const TOKEN = new RegExp(
  [
    /(?<space>\s+|#[^\n]*)/,
    /(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/,
    /(?<range>\[[^\]]*\])/,
    /(?<number>\d+(?:\.\d+)?(?:ms|[smhdwy])?(?![\w]))/,
    /(?<name>[a-zA-Z_:][\w:]*)/,
    /(?<sign>=~|!~|==|!=|<=|>=|[-+*/%<>=(){},@])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gy',
);

interface Token {
  kind: string;
  text: string;
}

/**
 * Reads as much of PromQL as rules and dashboards use, and follows labels through it: what is selected, grouped, or joined
 * by must be a label of the series that are there.
 *
 * @throws Error naming what the expression names that is not there: a metric, or a label
 */
export function readPromql(expression: string, labelsOf: LabelsOf): Reading {
  const tokens = tokensOf(expression.replaceAll(/\$__(rate_interval|interval|range)\b/g, '5m'));
  const selected: Selected[] = [];
  let at = 0;

  const peek = (): string | undefined => tokens[at]?.text;
  const fail = (what: string): never => {
    throw new Error(`${what}: ${expression}`);
  };
  const take = (): Token => tokens[at++] ?? fail('ends too early');
  const accept = (text: string): boolean => {
    if (peek() !== text || tokens[at]?.kind === 'text') return false;
    at += 1;
    return true;
  };
  const expect = (text: string): void => {
    if (!accept(text)) fail(`${text} expected, not ${peek()}`);
  };
  const list = <T>(item: () => T, open: string, close: string): T[] => {
    expect(open);
    const items: T[] = [];
    while (!accept(close)) {
      items.push(item());
      if (peek() !== close) expect(',');
    }
    return items;
  };
  const names = (): string[] => list(() => take().text, '(', ')');
  const known = (label: string, labels: ReadonlySet<string> | undefined): void => {
    if (!labels?.has(label)) fail(`no label ${label} among ${[...(labels ?? [])].join(', ')}`);
  };

  const binary = (level: number): Reading['labels'] => {
    if (level === OPERATORS.length) return unary();
    let left = binary(level + 1);
    while (tokens[at]?.kind !== 'text' && OPERATORS[level]!.includes(peek() ?? '')) {
      const operator = take().text;
      if (COMPARISONS.includes(operator)) accept('bool');
      const matching = accept('on') ? ('on' as const) : accept('ignoring') ? ('ignoring' as const) : undefined;
      const labels = matching === undefined ? [] : names();
      const grouped = accept('group_left') ? 'left' : accept('group_right') ? 'right' : undefined;
      const brought = grouped !== undefined && peek() === '(' ? names() : [];
      left = joined(operator, left, binary(level + 1), { matching, labels, grouped, brought });
    }
    return left;
  };

  interface Join {
    matching: 'on' | 'ignoring' | undefined;
    labels: readonly string[];
    grouped: 'left' | 'right' | undefined;
    brought: readonly string[];
  }
  const joined = (
    operator: string,
    left: Reading['labels'],
    right: Reading['labels'],
    join: Join,
  ): Reading['labels'] => {
    if (left === undefined || right === undefined) return left ?? right;
    const { matching, labels, grouped, brought } = join;
    if (matching === 'on') for (const label of labels) for (const side of [left, right]) known(label, side);
    if (matching === 'ignoring') for (const label of labels) known(label, new Set([...left, ...right]));
    const [one, other] = matching === 'ignoring' ? [lessOf(left, labels), lessOf(right, labels)] : [left, right];
    // Series of different labels never meet; that `or` adds them side by side is what it is for.
    if (matching !== 'on' && operator !== 'or' && !sameIn(one, other)) {
      fail(`${[...one].join(', ')} never match ${[...other].join(', ')}`);
    }
    if (operator === 'or') return new Set([...left].filter((label) => right.has(label)));
    if (SETS.includes(operator) || COMPARISONS.includes(operator)) return left;
    const [many, few] = grouped === 'right' ? [right, left] : [left, right];
    for (const label of brought) known(label, few);
    if (grouped !== undefined) return new Set([...many, ...brought]);
    return matching === 'on' ? new Set(labels) : one;
  };

  const unary = (): Reading['labels'] => {
    if (accept('-')) return unary();
    const labels = primary();
    for (;;) {
      if (tokens[at]?.kind === 'range') at += 1;
      else if (accept('offset')) take();
      else return labels;
    }
  };

  const primary = (): Reading['labels'] => {
    if (accept('(')) {
      const labels = binary(0);
      expect(')');
      return labels;
    }
    const { kind, text } = take();
    if (kind === 'number' || kind === 'text') return undefined;
    if (kind !== 'name') fail(`${text} is not expected`);
    if (AGGREGATIONS.includes(text)) return aggregation(text);
    return peek() === '(' ? call(text) : selector(text);
  };

  const aggregation = (name: string): Reading['labels'] => {
    let grouping = groupingOf();
    const given = list(() => binary(0), '(', ')').at(-1);
    grouping ??= groupingOf();
    for (const label of grouping?.labels ?? []) known(label, given);
    if (name === 'topk' || name === 'bottomk') return given;
    if (grouping?.by === false) return lessOf(given, grouping.labels);
    return new Set(grouping?.labels);
  };
  const groupingOf = (): { by: boolean; labels: string[] } | undefined => {
    if (accept('by')) return { by: true, labels: names() };
    return accept('without') ? { by: false, labels: names() } : undefined;
  };

  const call = (name: string): Reading['labels'] => {
    const given = list(() => binary(0), '(', ')');
    switch (name) {
      case 'absent':
      case 'vector':
        // What `absent` gives bears the labels that were looked for by `=`.
        return new Set(
          name === 'absent'
            ? selected.at(-1)?.matchers.flatMap(({ label, operator }) => (operator === '=' ? [label] : []))
            : [],
        );
      case 'histogram_quantile': {
        known('le', given[1]);
        return lessOf(given[1], ['le']);
      }
      default:
        return given[SCALAR_FIRST.includes(name) ? 1 : 0];
    }
  };

  const selector = (metric: string): Reading['labels'] => {
    const names = labelsOf(metric);
    if (names === undefined) return fail(`no metric ${metric}`);
    const labels = new Set(names);
    const matcher = (): Selected['matchers'][number] => {
      const [label, operator, value] = [take().text, take().text, take().text.slice(1, -1)];
      known(label, labels);
      return { label, operator, value };
    };
    selected.push({ metric, matchers: peek() === '{' ? list(matcher, '{', '}') : [] });
    return labels;
  };

  const labels = binary(0);
  if (at < tokens.length) fail(`${peek()} is not expected`);
  return { selected, labels };
}

const sameIn = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((label) => other.has(label));

function lessOf(labels: ReadonlySet<string> | undefined, less: readonly string[]): ReadonlySet<string> {
  return new Set([...(labels ?? [])].filter((label) => !less.includes(label)));
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const { groups = {}, index, 0: text } of expression.matchAll(TOKEN)) {
    if (index !== end) break;
    end = index + text.length;
    const [kind] = Object.entries(groups).find(([, value]) => value !== undefined)!;
    if (kind !== 'space') tokens.push({ kind, text });
  }
  if (end !== expression.length) throw new Error(`cannot be read from ${end} on: ${expression}`);
  return tokens;
}
