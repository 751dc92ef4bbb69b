import type { Command } from 'commander';
import { answer } from './answer.ts';
import { asAuditor } from './auditor.ts';
import { GATEWAY, JSON_OPTION, refuse } from './ledger-options.ts';
import { saveAnswer } from './save-answer.ts';

type SharingClass = 'unconditional' | 'conditional' | 'withheld' | 'depends';

/** The answer of `GET /api/v1/catalogue`. */
interface Catalogue {
  at: string;
  list: { version: string } | null;
  from: string;
  to: string;
  resources: Resource[];
}

interface Resource {
  issuer: string;
  kind: string;
  results: number;
  amendments: number;
  revocations: number;
  amendmentsPerResult: number | null;
  revocationsPerResult: number | null;
  delay: { measured: number; ahead: number; p50: number | null; p90: number | null; p99: number | null };
  consumers: { consumer: string; given: number; confirmed: number }[];
  exceptions: { entry: string; consumers: string[] }[];
  fields: Field[];
}

interface Field {
  path: string;
  type: string;
  required: boolean;
  sharing: { class: SharingClass; consumers: string[]; entries: string[]; dependent: string[] }[];
  share: number | null;
}

interface Options {
  issuer?: string;
  consumer?: string;
  kind?: string;
  from?: string;
  to?: string;
  fields?: boolean | string;
  csv?: string;
  bom?: boolean;
  gateway?: string;
  json?: boolean;
}

const CLASSES: Record<SharingClass, string> = {
  unconditional: '无条件 unconditional',
  conditional: '有条件 conditional',
  withheld: '不予共享 withheld',
  depends: '视内容 depends',
};

/** `mesh catalogue`: what each unit provides and uses. Exit 0 answered, 1 refused, 2 could not be done. */
export function addCatalogue(program: Command): void {
  program
    .command('catalogue')
    .description('资源目录：各单位提供、使用的数据 what each unit provides and uses, by the list and by traffic')
    .option('--issuer <unit>', '提供单位 the unit that provides')
    .option('--consumer <unit>', '使用单位 the unit that uses')
    .option('--kind <kind>', '结果种类 kind of result, customs.examination')
    .option('--from <day>', '自（含） first day, YYYY-MM-DD; 30 days when absent')
    .option('--to <day>', '至（不含） the day after the last')
    .option('--fields [path]', '逐字段，可只列以此开头的 with every field, or those that begin so')
    .option('--csv <file>', '写成 CSV 文件 write it as CSV')
    .option('--bom', 'csv：带 BOM，供电子表格 with a byte order mark, for spreadsheets')
    .option(...GATEWAY)
    .option(...JSON_OPTION)
    .action(readCatalogue);
}

async function readCatalogue({ fields, csv, bom, gateway, json, ...query }: Options): Promise<void> {
  const ask = await asAuditor(gateway);
  const format = csv === undefined ? 'json' : 'csv';
  const reply = await ask('/api/v1/catalogue', { ...query, format, bom: bom ? 'true' : undefined });
  if (!reply.ok) return refuse(json, reply);
  if (csv !== undefined) {
    const { bytes, lines } = await saveAnswer(reply.response, csv);
    // The first line names the columns.
    answer(json, { ok: true, file: csv, bytes, lines: lines - 1 }, [
      `${csv}: ${bytes} 字节 bytes, ${lines - 1} 行 rows`,
    ]);
    return;
  }
  const body = (await reply.response.json()) as Catalogue;
  answer(json, { ok: true, ...body }, linesOf(body, fields));
}

function linesOf({ list, from, to, resources }: Catalogue, below: Options['fields']): string[] {
  const shown = ({ path }: Field): boolean => below === true || (typeof below === 'string' && path.startsWith(below));
  return [
    `清单 list ${list?.version ?? '—'}; ${from} – ${to}`,
    ...resources.flatMap((resource) => [
      ...linesOfResource(resource),
      ...resource.fields.filter(shown).map(lineOfField),
    ]),
  ];
}

function linesOfResource(resource: Resource): string[] {
  const { issuer, kind, results, delay, amendmentsPerResult, revocationsPerResult, consumers, exceptions, fields } =
    resource;
  const open = fields.filter(({ sharing }) => sharing.every((one) => one.class === 'unconditional'));
  const given = consumers.reduce((sum, one) => sum + one.given, 0);
  const confirmed = consumers.reduce((sum, one) => sum + one.confirmed, 0);
  return [
    `${issuer}  ${kind}  ${results} 件 results`,
    `    字段 fields ${fields.length}, 其中对各单位均无条件 unconditional for all ${open.length}` +
      (exceptions.length === 0
        ? ''
        : `; 整份例外 but for whole results ${exceptions.map(({ entry }) => entry).join(' ')}`),
    `    副本 copies ${given}, 已回执 confirmed ${confirmed}`,
    ...(results === 0
      ? []
      : [
          `    时延 delay ${quantilesOf(delay)}; ` +
            `每件更正 amended ${amendmentsPerResult}, 撤销 revoked ${revocationsPerResult}` +
            (delay.ahead === 0 ? '' : `; ! 查验晚于签发 examined after it was issued ${delay.ahead}`),
        ]),
  ];
}

function lineOfField({ path, type, required, share, sharing }: Field): string {
  const all = sharing.flatMap(({ consumers }) => consumers);
  const shown = sharing.map(({ class: found, consumers, entries, dependent }) =>
    [CLASSES[found], ...entries, ...dependent.map((id) => `(${id})`), '→', ...termsOf(consumers, all)].join(' '),
  );
  const present = share === null ? '—' : `${(share * 100).toFixed(1)}%`;
  return [`    ${path}`, `${type}${required ? '!' : ''}`, present, shown.join('; ')].join('  ');
}

/** Some units among all that are asked about: `*` for all of them, `*.border` for all of an agency. */
function termsOf(some: readonly string[], all: readonly string[]): string[] {
  if (some.length === all.length && all.length > 1) return ['*'];
  const roleOf = (unit: string): string => unit.slice(unit.indexOf('.'));
  return [...Map.groupBy(some, roleOf)].flatMap(([role, units]) =>
    units.length > 1 && units.length === all.filter((unit) => roleOf(unit) === role).length ? [`*${role}`] : units,
  );
}

function quantilesOf({ measured, p50, p90, p99 }: Resource['delay']): string {
  return measured === 0 ? '—' : `p50 ≤ ${duration(p50)}, p90 ≤ ${duration(p90)}, p99 ≤ ${duration(p99)}`;
}

/** Seconds as `45 min`, `1.5 h`, `3 d`; `∞` beyond the last bound. */
function duration(seconds: number | null): string {
  if (seconds === null) return '∞';
  if (seconds < 3_600) return `${seconds / 60} min`;
  return seconds < 86_400 ? `${seconds / 3_600} h` : `${seconds / 86_400} d`;
}
