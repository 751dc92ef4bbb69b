import type { Command } from 'commander';
import { answer } from './answer.ts';
import { asAuditor } from './auditor.ts';
import { addLedgerExport } from './ledger-export.ts';
import { type Conditions, GATEWAY, GRANT, JSON_OPTION, refuse, withConditions } from './ledger-options.ts';
import { addLedgerVerify } from './ledger-verify.ts';

interface Asking {
  gateway?: string;
  json?: boolean;
}

type Paged = Asking & Conditions & { limit: string };

/** `mesh ledger …`: what an auditor asks the ledger. Exit 0 answered, 1 refused or found wanting, 2 could not be done. */
export function addLedger(program: Command): void {
  const ledger = program
    .command('ledger')
    .description(
      '查询、导出与核验台账 ask the ledger who was shown what; export the answer with its proof, and verify it',
    );
  addWhoSaw(ledger);
  addShown(ledger);
  addWithheld(ledger);
  addRows(ledger);
  addLedgerExport(ledger);
  addLedgerVerify(ledger);
}

function paged(command: Command): Command {
  return command
    .option('--limit <n>', '最多列出的行数 rows listed at most', '100')
    .option(...GATEWAY)
    .option(...JSON_OPTION);
}

type Verdict = 'shown' | 'in-part' | 'withheld';

/** The answer of `GET /api/v1/ledger/who-saw`. */
interface WhoSaw {
  resultId: string;
  issuer: string;
  kind: string;
  path: string;
  answers: {
    version: number;
    status: string;
    consumer: string;
    ever: Verdict;
    views: {
      verdict: Verdict;
      withheld: Item[];
      grants?: string[];
      listVersion: string;
      decidedAt: string;
      receiptAt: string | null;
      ledger: { sequence: number };
    }[];
  }[];
}

interface Item {
  path: string;
  entry: string;
  legalBasis: string;
  place?: string;
}

const VERDICTS: Record<Verdict, string> = {
  shown: '已提供 shown',
  'in-part': '部分提供 shown in part',
  withheld: '未提供 withheld',
};

function addWhoSaw(ledger: Command): void {
  ledger
    .command('who-saw <resultId>')
    .description('谁看到了该结果的某字段 who was shown a field of a result, and under which entry not')
    .requiredOption('--path <pointer>', '字段（JSON Pointer，可用 *） the field: /goods/0/value, or /goods/*/value')
    .option('--consumer <unit>', '只看一个单位 only this unit')
    .option('--version <n>', '结果版本，缺省为全部 version of the result; all if not given')
    .option(...GATEWAY)
    .option(...JSON_OPTION)
    .action(async (resultId: string, options: Asking & { path: string; consumer?: string; version?: string }) => {
      const { path, consumer, version, gateway, json } = options;
      const ask = await asAuditor(gateway);
      const reply = await ask('/api/v1/ledger/who-saw', { resultId, path, consumer, version });
      if (!reply.ok) return refuse(json, reply);
      const body = (await reply.response.json()) as WhoSaw;
      answer(json, { ok: true, ...body }, linesOfWhoSaw(body));
    });
}

function linesOfWhoSaw({ resultId, issuer, kind, path, answers }: WhoSaw): string[] {
  return [
    `${resultId}  ${kind}  ${path || '/'}  签发 issued by ${issuer}`,
    ...answers.flatMap(({ version, consumer, ever, views }) => [
      `v${version}  ${consumer}  ${VERDICTS[ever]}`,
      ...views.flatMap(({ verdict, withheld, grants, listVersion, decidedAt, receiptAt, ledger: { sequence } }) => [
        `    #${sequence}  ${decidedAt}  ${VERDICTS[verdict]}  清单 list ${listVersion}  ` +
          (receiptAt === null ? '无回执 no receipt' : `回执 receipt ${receiptAt}`),
        ...withheld.map(({ path: at, entry, legalBasis }) => `        ${entry} ${at || '/'}  ${legalBasis}`),
        ...(grants === undefined ? [] : [`        ${underGrants(grants)}`]),
      ]),
    ]),
  ];
}

/** One row of the answers of `shown` and `withheld`. */
interface Disclosed {
  resultId: string;
  version: number;
  issuer: string;
  kind: string;
  listVersion: string;
  decidedAt: string;
  consumers?: string[];
  withheld: Item[];
  grants?: string[];
  ledger: { sequence: number };
}

function addShown(ledger: Command): void {
  const shown = ledger
    .command('shown')
    .description('某单位得到的全部结果 all that a unit was shown')
    .requiredOption('--consumer <unit>', '得到结果的单位 the unit that was given it')
    .option(...GRANT)
    .option('--entry <id>', '只看依该条目有所不予提供的 only where something was withheld under this entry');
  paged(withConditions(shown)).action((options: Paged) => list('shown', options, lineOfDisclosed));
}

function addWithheld(ledger: Command): void {
  const withheld = ledger
    .command('withheld')
    .description('依某条目不予提供的全部内容 all that was withheld under an entry')
    .requiredOption('--entry <id>', '负面清单条目 entry of the negative list, NL-001')
    .option('--consumer <unit>', '只看一个单位 only from this unit')
    .option('--summary', '只计数 only how often, per unit, issuer, kind and path');
  paged(withConditions(withheld)).action((options: Paged & { summary?: boolean }) =>
    options.summary ? summarise(options) : list('withheld', options, lineOfDisclosed),
  );
}

function lineOfDisclosed(row: Disclosed): string {
  const { resultId, version, issuer, kind, listVersion, decidedAt, consumers, withheld, grants, ledger } = row;
  const paths = withheld.map(({ path, entry }) => `${entry} ${path || '/'}`).join(', ');
  return [
    ...[`#${ledger.sequence}`, decidedAt, `${resultId} v${version}`, issuer, kind, `清单 list ${listVersion}`],
    ...(consumers === undefined ? [] : [`→ ${consumers.join(' ')}`]),
    ...(paths === '' ? [] : [`未提供 withheld: ${paths}`]),
    ...(grants === undefined ? [] : [underGrants(grants)]),
  ].join('  ');
}

function underGrants(grants: readonly string[]): string {
  return `依授权 under grant ${grants.join(', ')}`;
}

function addRows(ledger: Command): void {
  const rows = ledger
    .command('rows')
    .description('台账原始行 the rows of the ledger as they are')
    .option('--first <n>', '起始行 first row')
    .option('--last <n>', '末行 last row');
  paged(rows).action((options: Paged) =>
    list('rows', options, (row: { sequence: number; hash: string; entry: object }) =>
      [`#${row.sequence}`, row.hash, JSON.stringify(row.entry)].join('  '),
    ),
  );
}

/** Rows that the API gives on one page, at most. */
const PAGE = 1_000;

interface Page<Row> {
  upTo: number;
  rows: Row[];
  cursor?: string;
}

/** Asks page by page, up to the limit, and prints the rows as one answer. */
async function list<Row>(question: string, options: Paged, line: (row: Row) => string): Promise<void> {
  const { limit, gateway, json, ...conditions } = options;
  const most = Number(limit);
  if (!Number.isInteger(most) || most < 1)
    throw new Error(`--limit ${limit}: 应为正整数 must be a whole number from 1`);
  const ask = await asAuditor(gateway);
  const rows: Row[] = [];
  let upTo = 0;
  let cursor: string | undefined;
  do {
    const size = String(Math.min(PAGE, most - rows.length));
    const reply = await ask(`/api/v1/ledger/${question}`, { ...conditions, limit: size, cursor });
    if (!reply.ok) return refuse(json, reply);
    const page = (await reply.response.json()) as Page<Row>;
    rows.push(...page.rows);
    ({ upTo, cursor } = page);
  } while (cursor !== undefined && rows.length < most);
  answer(json, { ok: true, upTo, rows, more: cursor !== undefined }, [
    ...rows.map(line),
    `${rows.length} 行 rows; 台账截至 the ledger up to #${upTo}${cursor === undefined ? '' : '; … 可能还有 there may be more: --limit'}`,
  ]);
}

/** The answer of `GET /api/v1/ledger/withheld/summary`. */
interface Summary {
  rows: number;
  views: number;
  counts: { consumer: string; issuer: string; kind: string; path: string; views: number; places: number }[];
  upTo: number;
}

async function summarise({
  json,
  gateway,
  limit: _limit,
  summary: _summary,
  ...conditions
}: Paged & { summary?: boolean }) {
  const ask = await asAuditor(gateway);
  const reply = await ask('/api/v1/ledger/withheld/summary', { ...conditions });
  if (!reply.ok) return refuse(json, reply);
  const body = (await reply.response.json()) as Summary;
  answer(json, { ok: true, ...body }, [
    ...body.counts.map(
      ({ consumer, issuer, kind, path, views, places }) =>
        `${consumer}  ←  ${issuer}  ${kind}  ${path || '/'}  ${views} 份 views, ${places} 处 places`,
    ),
    `${body.rows} 行 rows, ${body.views} 份 views; 台账截至 the ledger up to #${body.upTo}`,
  ]);
}
