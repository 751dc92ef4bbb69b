import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { DIFFERENCES, PROBLEM_CODES, statusOfProblem, STREAMS } from '@clearance/contracts';
import { copyDelay, observeSeconds } from '@clearance/platform';
import { collectDefaultMetrics, register, Registry } from 'prom-client';
import { parse } from 'yaml';
import { REPOSITORY } from '../local-mesh/paths.ts';
import { installPromtool } from './install-promtool.ts';
import { readPromql, type Reading, type Selected } from './promql.fixture.ts';

// promtool plays hours of figures, minute by minute, on a machine that is busy with other things.
jest.setTimeout(180_000);

const MONITORING = join(REPOSITORY, 'deploy', 'monitoring');
const RULES = join(MONITORING, 'prometheus', 'alerts.yaml');
const RULE_TESTS = join(MONITORING, 'prometheus', 'alerts.test.yaml');
const DASHBOARDS = join(MONITORING, 'grafana');
const SEVERITIES = ['critical', 'warning', 'info'];
/** What each entry of the runbook says. */
const PARTS = ['Means', 'Concerns', 'Look', 'Do', 'Over'];
/** Metrics that are for nobody to look at; say why. */
const NOT_SHOWN: readonly string[] = [];
/** What Prometheus adds to each series that it scrapes. */
const OF_TARGETS = ['job', 'instance'];

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

interface Alert extends Rule {
  alert: string;
}

interface RuleFile {
  groups: { name: string; rules: Rule[] }[];
}

interface RuleTest {
  name: string;
  alert_rule_test: { eval_time: string; alertname: string; exp_alerts: unknown[] }[];
}

interface RuleTests {
  tests: RuleTest[];
}

interface Target {
  expr: string;
  legendFormat: string;
  exemplar?: boolean;
  datasource: { uid: string };
}

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig?: { defaults: { unit?: string } };
  targets?: Target[];
}

interface Dashboard {
  uid: string;
  title: string;
  templating: { list: { name: string; type: string; definition?: string }[] };
  panels: Panel[];
}

interface DataSource {
  uid: string;
  jsonData?: { exemplarTraceIdDestinations?: { name: string; datasourceUid: string }[] };
}

const read = (path: string): Promise<string> => readFile(path, 'utf8');
const isAlert = (rule: Rule): rule is Alert => rule.alert !== undefined;

/** What a service exports: a metric's labels, and whether its values name the trace of one of them. */
interface Exported {
  type: string;
  labels: readonly string[];
  exemplars: boolean;
}

/** All metrics by the registry that they are in, once every module that has some is loaded. */
async function exportedMetrics(): Promise<Map<string, Exported>> {
  for (const directory of ['libs', 'apps']) {
    for (const file of await readdir(join(REPOSITORY, directory), { recursive: true })) {
      if (!/\/src\/.*\.ts$/.test(file) || /\.(spec|fixture)\.ts$|node_modules|\/dist\//.test(file)) continue;
      const path = join(REPOSITORY, directory, file);
      if (/\bnew (Counter|Gauge|Histogram|Summary)(<[^(]*>)?\(/.test(await read(path))) await import(path);
    }
  }
  return metricsIn(register);
}

function metricsIn(registry: Registry): Map<string, Exported> {
  const metrics = registry.getMetricsAsArray() as unknown as {
    name: string;
    type: string;
    labelNames: string[];
    enableExemplars?: boolean;
  }[];
  return new Map(
    metrics.map(({ name, type, labelNames, enableExemplars }) => [
      name,
      { type, labels: labelNames, exemplars: enableExemplars === true },
    ]),
  );
}

/** A process's own metrics, which come with the library; kept apart, as nobody owes each of them a panel. */
function processMetrics(): Map<string, Exported> {
  const own = new Registry();
  collectDefaultMetrics({ labels: { service: 'gateway' }, register: own });
  return metricsIn(own);
}

/** The metric that a series belongs to: histograms give three. */
function metricOf(series: string, metrics: ReadonlyMap<string, Exported>): string | undefined {
  if (metrics.get(series)?.type === 'histogram') return undefined;
  if (metrics.has(series)) return series;
  const histogram = series.replace(/_(bucket|sum|count)$/, '');
  return metrics.get(histogram)?.type === 'histogram' ? histogram : undefined;
}

const exported = await exportedMetrics();
const metrics = new Map([...exported, ...processMetrics()]);
const rules = (parse(await read(RULES)) as RuleFile).groups.flatMap((group) => group.rules);
const alerts = rules.filter(isAlert);
const ruleTests = parse(await read(RULE_TESTS)) as RuleTests;
const runbook = await read(join(REPOSITORY, 'docs', 'runbook.md'));
const dashboardFiles = (await readdir(DASHBOARDS)).filter((name) => name.endsWith('.json'));
const dashboards = await Promise.all(
  dashboardFiles.map(async (name) => JSON.parse(await read(join(DASHBOARDS, name))) as Dashboard),
);
const dataSources = parse(await read(join(DASHBOARDS, 'datasources.yaml'))) as { datasources: DataSource[] };

const found = await installPromtool(join(REPOSITORY, '.mesh', 'tools')).catch((error: Error) => error);
if (found instanceof Error) process.stderr.write(`${found.message}\n`);

/** Labels of what rules record, by the rules before. */
const recorded = new Map<string, readonly string[]>();

function labelsOf(series: string): readonly string[] | undefined {
  if (recorded.has(series)) return recorded.get(series);
  if (series === 'up') return OF_TARGETS;
  if (series === 'ALERTS') {
    const given = alerts.flatMap(({ expr, labels = {} }) => [...(readAll(expr).labels ?? []), ...Object.keys(labels)]);
    return ['alertname', 'alertstate', ...given];
  }
  const metric = metricOf(series, metrics);
  if (metric === undefined) return undefined;
  return [...metrics.get(metric)!.labels, ...OF_TARGETS, ...(series === `${metric}_bucket` ? ['le'] : [])];
}

const readAll = (expression: string): Reading => readPromql(expression, labelsOf);

for (const { record, expr } of rules) if (record !== undefined) recorded.set(record, [...(readAll(expr).labels ?? [])]);

const panels = dashboards.flatMap((dashboard) => dashboard.panels);
const targets = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

/** Labels that a text puts values of into itself: `{{ $labels.unit }}`, or `{{unit}}` in a legend. */
const labelsIn = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(?:\$labels\.)?([a-z_]+)\b[^}]*\}\}/g)].map(([, label = '']) => label);

/** Chinese, and then the same in English. */
function isBilingual(text: string | undefined): boolean {
  const [zh = '', en = '', more] = (text ?? '').split(' / ');
  return more === undefined && /\p{Script=Han}/u.test(zh) && /[a-z]{2}/.test(en) && !/\p{Script=Han}/u.test(en);
}

/** What is wrong with an alert, its expression aside. */
function faultsOfAlert(alert: Alert): string[] {
  const { alert: name, labels = {}, annotations = {} } = alert;
  const faults: string[] = [];
  if (!/^Clearance([A-Z][a-z]+)+$/.test(name)) faults.push('name');
  if (!/^\d+[smh]$/.test(alert.for ?? '')) faults.push('for');
  if (Object.keys(labels).join() !== 'severity' || !SEVERITIES.includes(labels['severity']!)) faults.push('severity');
  for (const text of ['summary', 'description']) if (!isBilingual(annotations[text])) faults.push(text);
  if (annotations['runbook'] !== `docs/runbook.md#${name.toLowerCase()}`) faults.push('runbook');
  const given = readAll(alert.expr).labels ?? new Set();
  const used = Object.values(annotations).flatMap(labelsIn);
  faults.push(...used.filter((label) => !given.has(label)).map((label) => `label ${label}`));
  return faults;
}

/** What is wrong with the values by which a series is selected: what no service ever writes matches nothing. */
function faultsOfMatchers({ metric, matchers }: Selected): string[] {
  const codes = Object.keys(DIFFERENCES);
  const values: Record<string, Record<string, readonly string[]>> = {
    clearance_reconciled_total: { code: codes },
    clearance_request_seconds_count: { outcome: ['ok', ...PROBLEM_CODES] },
    clearance_stream_lag_messages: { stream: Object.values(STREAMS).map(({ name }) => name) },
  };
  return matchers.flatMap(({ label, operator, value }) => {
    const possible = values[metric]?.[label];
    if (possible === undefined || value.startsWith('$')) return [];
    const wanted = operator.endsWith('~') ? value.split('|') : [value];
    return wanted.filter((one) => !possible.includes(one)).map((one) => `${metric} ${label} ${one}`);
  });
}

/** Entries of the runbook: what each is about, and its text. */
const entriesOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry]),
  );

/** What is wrong with the entry of an alert. */
function faultsOfEntry(entry: string | undefined, { labels = {} }: Alert): string[] {
  if (entry === undefined) return ['no entry'];
  const [, title = ''] = entry.split('\n').filter((line) => line !== '');
  const faults = PARTS.filter((part) => !new RegExp(`^- \\*\\*${part}\\*\\* \\S`, 'm').test(entry));
  if (!/^\*\*\p{Script=Han}+\*\* · /u.test(title)) faults.push('title');
  if (!title.endsWith(` · ${labels['severity']}`)) faults.push('severity');
  return faults;
}

/** Addresses in a text: of the web, of machines, of ports. */
const addressesIn = (text: string): string[] =>
  text.match(/\b[a-z]+:\/\/|\b\d+\.\d+\.\d+\.\d+\b|\blocalhost\b|\b[\w-]+\.(?:com|cn|net|org|io|dev|local)\b/gi) ?? [];

function overlap(one: Panel['gridPos'], other: Panel['gridPos']): boolean {
  const apart = one.x + one.w <= other.x || other.x + other.w <= one.x;
  return !(apart || one.y + one.h <= other.y || other.y + other.h <= one.y);
}

/** What is wrong with a dashboard. */
function faultsOfDashboard({ title, panels, templating }: Dashboard): string[] {
  const faults: string[] = [];
  const isNamed = (text: string): boolean => /^[^a-z]*\p{Script=Han}.* [A-Z]/u.test(text);
  if (!isNamed(title)) faults.push(`title ${title}`);
  if (templating.list[0]?.type !== 'datasource' || templating.list[0].name !== 'datasource') faults.push('data source');
  if (new Set(panels.map(({ id }) => id)).size < panels.length) faults.push('ids');
  for (const [index, panel] of panels.entries()) {
    const { gridPos, targets = [] } = panel;
    const complain = (what: string): unknown => faults.push(`${panel.title}: ${what}`);
    if (!isNamed(panel.title)) complain('title');
    if (gridPos.x + gridPos.w > 24) complain('width');
    if (panels.slice(index + 1).some((other) => overlap(gridPos, other.gridPos))) complain('overlap');
    if (panel.type === 'row') continue;
    if (panel.fieldConfig?.defaults.unit === undefined) complain('unit');
    if (targets.length === 0) complain('nothing to show');
    for (const { expr, legendFormat, exemplar, datasource } of targets) {
      if (datasource.uid !== '${datasource}') complain('data source');
      const { labels, selected } = readAll(expr);
      for (const label of labelsIn(legendFormat)) if (!labels?.has(label)) complain(`legend ${label}`);
      const traced = selected.some(
        ({ metric }) => metric.endsWith('_bucket') && metrics.get(metric.slice(0, -'_bucket'.length))?.exemplars,
      );
      if (traced !== (exemplar === true)) complain('exemplars');
    }
  }
  return faults;
}

describe('rules', () => {
  it('are read, and so are the metrics of all services', () => {
    expect(alerts.length).toBeGreaterThan(20);
    expect([...exported.keys()]).toEqual(
      expect.arrayContaining(['clearance_results_total', 'clearance_http_seconds', 'clearance_ledger_conflicts_total']),
    );
  });

  it.each(rules.map((rule) => [rule.alert ?? rule.record, rule] as const))(
    '%s uses metrics, labels and values that there are',
    (_name, { expr }) => {
      const { selected } = readAll(expr);
      expect(selected.flatMap(faultsOfMatchers)).toEqual([]);
      expect(selected.length).toBeGreaterThan(0);
    },
  );

  it.each(alerts.map((alert) => [alert.alert, alert] as const))('%s says what and how grave, twice', (_name, alert) => {
    expect(faultsOfAlert(alert)).toEqual([]);
  });

  it('have each name once', () => {
    const names = rules.map(({ alert, record }) => alert ?? record);
    expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
  });

  it('wake somebody for every alarm of reconciliation, and for no other difference', () => {
    const critical = alerts.filter(({ labels }) => labels?.['severity'] === 'critical');
    const codes = (some: readonly Rule[]): Set<string> =>
      new Set(
        some
          .flatMap(({ expr }) => readAll(expr).selected)
          .flatMap(({ metric, matchers }) => (metric === 'clearance_reconciled_total' ? matchers : []))
          .flatMap(({ value }) => value.split('|')),
      );
    const alarms = Object.entries(DIFFERENCES).flatMap(([code, { alarm }]) => (alarm ? [code] : []));
    expect(codes(critical)).toEqual(new Set(alarms));
    expect(codes(alerts)).toEqual(new Set(Object.keys(DIFFERENCES)));
  });

  it("count as failed what fails for the service's own reasons", () => {
    const { expr = '' } = rules.find(({ record }) => record === 'clearance:requests_failed:ratio5m') ?? {};
    const failed = readAll(expr).selected.flatMap(({ matchers }) => matchers.flatMap(({ value }) => value.split('|')));
    expect(failed.toSorted()).toEqual(PROBLEM_CODES.filter((code) => statusOfProblem(code) >= 500).toSorted());
  });

  it.each(alerts.map(({ alert }) => alert))('%s is tried: it fires once, and not in a healthy mesh', (name) => {
    const [healthy, ...cases] = ruleTests.tests;
    const tried = cases.flatMap((test) => test.alert_rule_test).filter(({ alertname }) => alertname === name);
    expect(tried.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
    expect(tried[0]?.exp_alerts).toEqual([]);
    const quiet = healthy?.alert_rule_test.filter(({ alertname }) => alertname === name) ?? [];
    expect(quiet.map(({ exp_alerts }) => exp_alerts)).toEqual([[], [], []]);
  });
});

describe('the runbook', () => {
  it('has an entry for each alert, in their order, and no other', () => {
    expect([...entriesOf(runbook).keys()]).toEqual(alerts.map(({ alert }) => alert));
  });

  it.each(alerts.map((alert) => [alert.alert, alert] as const))('%s: what, for whom, what to do', (name, alert) => {
    expect(faultsOfEntry(entriesOf(runbook).get(name), alert)).toEqual([]);
  });
});

describe('dashboards', () => {
  it.each(dashboardFiles.map((file, index) => [file, dashboards[index]!] as const))(
    '%s shows what there is',
    (_file, dashboard) => {
      expect(faultsOfDashboard(dashboard)).toEqual([]);
    },
  );

  it('are three, each with a uid of its own', () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(3);
  });

  it.each(targets.map(({ title, expr }) => [title, expr] as const))('%s: %s', (_title, expr) => {
    expect(readAll(expr).selected.flatMap(faultsOfMatchers)).toEqual([]);
  });

  it('have variables with values', () => {
    const asked = dashboards.flatMap(({ templating }) =>
      templating.list.flatMap(({ type, definition }) => (type === 'query' ? [definition] : [])),
    );
    expect(asked.length).toBeGreaterThan(0);
    for (const query of asked) {
      const [, metric = '', label] = /^label_values\((\w+), (\w+)\)$/.exec(query ?? '') ?? [];
      expect(labelsOf(metric)).toContain(label);
    }
  });

  it('name no address, nor do rules and sources', async () => {
    const files = await readdir(MONITORING, { recursive: true, withFileTypes: true });
    const found: string[] = [];
    for (const file of files.filter((each) => each.isFile())) {
      found.push(...addressesIn(await read(join(file.parentPath, file.name))));
    }
    expect(found).toEqual([]);
  });

  it('open the trace that a service names with a slow value', async () => {
    observeSeconds(copyDelay, { unit: 'ln.customs' }, 1, `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`);
    const [, label] = new RegExp(`# \\{(\\w+)="${'a1'.repeat(16)}"`).exec(await register.metrics()) ?? [];
    const destinations = dataSources.datasources.flatMap(({ jsonData }) => jsonData?.exemplarTraceIdDestinations ?? []);
    expect(destinations.map(({ name }) => name)).toEqual([label]);
    expect(dataSources.datasources.map(({ uid }) => uid)).toContain(destinations[0]?.datasourceUid);
  });
});

it('nothing is exported that no alert and no dashboard uses', () => {
  const used = [...rules.map(({ expr }) => expr), ...targets.map(({ expr }) => expr)]
    .flatMap((expression) => readAll(expression).selected)
    .map(({ metric }) => metricOf(metric, metrics));
  expect([...exported.keys()].filter((name) => !used.includes(name))).toEqual(NOT_SHOWN);
});

describe('what is wrong is found', () => {
  it.each([
    ['a metric that there is not', 'clearance_result_total'],
    ['a histogram without its suffix', 'clearance_http_seconds'],
    ['a label that the metric has not', 'clearance_http_seconds_count{unit="ln.customs"}'],
    ['a group by such a label', 'sum by (unit) (rate(clearance_http_seconds_count[5m]))'],
    ['a label that a sum has left out', 'sum by (unit) (sum by (stream) (clearance_stream_lag_messages))'],
    ['series that never match', 'clearance_unsettled_results / clearance_stream_lag_messages'],
    ['series joined by what one has not', 'up unless on (version) clearance_list_in_force'],
    [
      'a quantile without its buckets',
      'histogram_quantile(0.9, sum by (unit) (rate(clearance_copy_delay_seconds_bucket[5m])))',
    ],
    ['a bucket where there are none', 'rate(clearance_results_total_bucket[5m])'],
    ['half an expression', 'sum by (unit) (clearance_unsettled_results'],
  ])('%s', (_what, expression) => {
    expect(() => readAll(expression)).toThrow(expression);
  });

  it('an alert', () => {
    const [good] = alerts as [Alert];
    const { annotations, labels } = good;
    expect(faultsOfAlert({ ...good, labels: { severity: 'grave' } })).toEqual(['severity']);
    expect(faultsOfAlert({ ...good, labels: { ...labels, team: 'ops' } })).toEqual(['severity']);
    expect(faultsOfAlert({ ...good, for: '' })).toEqual(['for']);
    expect(faultsOfAlert({ ...good, annotations: { ...annotations, summary: 'gone' } })).toEqual(['summary']);
    expect(faultsOfAlert({ ...good, annotations: { ...annotations, summary: '没有 / 没有' } })).toEqual(['summary']);
    expect(faultsOfAlert({ ...good, alert: 'ClearanceOther' })).toEqual(['runbook']);
    expect(
      faultsOfAlert({ ...good, annotations: { ...annotations, description: '无 {{ $labels.entry }} / none' } }),
    ).toEqual(['label entry']);
  });

  it('a value that no service writes', () => {
    const faults = (expression: string): string[] => readAll(expression).selected.flatMap(faultsOfMatchers);
    expect(faults('clearance_reconciled_total{code=~"not-disclosed|leaked"}')).toEqual([
      'clearance_reconciled_total code leaked',
    ]);
    expect(faults('clearance_request_seconds_count{outcome="error"}')).toHaveLength(1);
  });

  it('an entry', () => {
    const [alert] = alerts as [Alert];
    const entry = entriesOf(runbook).get(alert.alert)!;
    expect(faultsOfEntry(undefined, alert)).toEqual(['no entry']);
    expect(faultsOfEntry(entry.replace('**Over**', '**Ended**'), alert)).toEqual(['Over']);
    expect(faultsOfEntry(entry.replace('critical', 'warning'), alert)).toEqual(['severity']);
  });

  it('a dashboard', () => {
    const [good] = dashboards as [Dashboard];
    const altered = (alter: (panels: Panel[]) => void): string[] => {
      const copy = structuredClone(good);
      alter(copy.panels);
      return faultsOfDashboard(copy).map((fault) => fault.split(': ').at(-1)!);
    };
    const traced = good.panels.findIndex(({ targets }) => targets?.some(({ exemplar }) => exemplar));
    expect(altered((some) => (some[1]!.id = some[2]!.id))).toEqual(['ids']);
    expect(altered((some) => (some[1]!.title = '只有一种'))).toEqual(['title']);
    expect(altered((some) => delete some[traced]!.fieldConfig!.defaults.unit)).toEqual(['unit']);
    expect(altered((some) => some[traced]!.targets!.forEach((target) => delete target.exemplar))).toContain(
      'exemplars',
    );
    expect(altered((some) => (some[traced]!.targets![0]!.legendFormat = '{{entry}}'))).toEqual(['legend entry']);
    expect(altered((some) => (some[traced]!.gridPos = some[traced + 1]!.gridPos))).toContain('overlap');
  });

  it('an address', () => {
    for (const text of ['http://grafana', '10.0.0.7', 'localhost:9090', 'grafana.example.com']) {
      expect(addressesIn(`"url": "${text}"`)).not.toEqual([]);
    }
  });
});

describe('promtool', () => {
  // Elsewhere people may do without; where changes are merged it is a failure.
  const tried = found instanceof Error && process.env['CI'] === undefined ? it.skip : it;

  async function promtool(...args: string[]): Promise<{ ok: boolean; output: string }> {
    if (found instanceof Error) throw found;
    // Its complaints about all alerts are longer than what runProgram keeps.
    return promisify(execFile)(found, args, { maxBuffer: 64 * 1024 * 1024 }).then(
      ({ stdout, stderr }) => ({ ok: true, output: stdout + stderr }),
      ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, output: stdout + stderr }),
    );
  }

  /** Names the alerts that tests find fault with when every alert has the given expression. */
  async function failing(expr: string, tests: RuleTests['tests']): Promise<string[]> {
    const directory = await mkdtemp(join(tmpdir(), 'clearance-rules-'));
    try {
      const groups = [{ name: 'all', rules: alerts.map((alert) => ({ ...alert, expr, for: '0s' })) }];
      await writeFile(join(directory, 'alerts.yaml'), JSON.stringify({ groups }));
      await writeFile(join(directory, 'tests.yaml'), JSON.stringify({ ...ruleTests, group_eval_order: [], tests }));
      const { output } = await promtool('test', 'rules', join(directory, 'tests.yaml'));
      return [...new Set([...output.matchAll(/alertname: (\w+),/g)].map(([, name = '']) => name))].sort();
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  tried('finds the rules good', async () => {
    const { ok, output } = await promtool('check', 'rules', RULES);
    expect({ ok, output }).toEqual({
      ok: true,
      output: expect.stringContaining(`SUCCESS: ${rules.length} rules found`),
    });
  });

  tried('sees every alert fire in its case, and none in a healthy mesh', async () => {
    const { ok, output } = await promtool('test', 'rules', RULE_TESTS);
    expect({ ok, output }).toEqual({ ok: true, output: expect.stringContaining('SUCCESS') });
  });

  const [healthy, ...cases] = ruleTests.tests as [RuleTest, ...RuleTest[]];
  // Its first look does: hours of so many alerts take long.
  const briefly = healthy.alert_rule_test.filter(({ eval_time }) => eval_time === '70m');
  tried.each([
    ['never fired', 'vector(0) > 1', cases],
    ['always did', 'vector(1)', [{ ...healthy, alert_rule_test: briefly }]],
  ])('would complain of each alert that %s', async (_what, expr, tests) => {
    expect(await failing(expr, tests)).toEqual(alerts.map(({ alert }) => alert).sort());
  });
});
