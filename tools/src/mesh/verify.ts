import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { consumersOf, isTimestamp, type UnitId } from '@clearance/contracts';
import { parseNegativeList } from '@clearance/negative-list';
import { describeError, loadMesh, meshHome, type MeshHome } from '@clearance/platform/command';
import {
  type AuditReport,
  type LedgerFinding,
  POLICY_OWNER,
  refusalMessage,
  verifyDetached,
  verifyToken,
} from '@clearance/provenance';
import { readConfig } from '../config.ts';
import { verifyBundle } from '../evidence/verify-bundle.ts';
import { auditDatabase, unitWitness, type Witness } from '../ledger/audit-database.ts';
import { openSnapshot, type Snapshot } from '../ledger/read-only.ts';
import { exportHeads, fileWitness } from '../ledger/witness-file.ts';
import { MESH_FILE } from '../local-mesh/paths.ts';
import { createProgress } from '../progress.ts';
import { answer, FAULT, REFUSED } from './answer.ts';
import { readTrust } from './read-trust.ts';

interface Trusting {
  trust?: string;
  json?: boolean;
}

const TRUST = [
  '--trust <file>',
  '信任文件，缺省为本网格的 trust.json the trust document; the mesh’s own if not given',
] as const;
const JSON_OPTION = ['--json', '机器可读 machine-readable'] as const;

/** `mesh verify …`: proves, or disproves, what the mesh has recorded. Exit 0 all holds, 1 found wanting, 2 could not. */
export function addVerify(program: Command): void {
  const verify = program
    .command('verify')
    .description('核验台账、证据包、凭证与清单 verify the ledger, evidence bundles, tokens and lists');
  addVerifyLedger(verify);
  addVerifyHeads(verify);
  addVerifyBundle(verify);
  addVerifyToken(verify);
  addVerifyList(verify);
}

function addVerifyLedger(verify: Command): void {
  verify
    .command('ledger')
    .description(
      '逐行重算哈希链，核对台账头、各单位留存的台账头、清单与授权 walk the chain; compare signed heads, every unit’s witness, the lists, and the grants',
    )
    .option('--database-url <url>', '网关数据库 the gateway’s database; the home’s if not given')
    .option('--no-unit-witnesses', '不读各单位数据库 leave the units’ databases out')
    .option('--witness <file...>', '导出的台账头文件 files that `verify heads` wrote')
    .option(...TRUST)
    .option(...JSON_OPTION)
    .action(async (options: Trusting & { databaseUrl?: string; unitWitnesses: boolean; witness?: string[] }) => {
      const home = meshHome(readConfig().MESH_HOME);
      const ring = await readTrust(home, options.trust);
      const url = options.databaseUrl ?? (await readFile(home.databaseUrlFile('gateway'), 'utf8')).trim();
      const opened: Snapshot[] = [];
      try {
        const files = await Promise.all((options.witness ?? []).map(fileWitness));
        const units = options.unitWitnesses ? await openUnits(home, opened) : { witnesses: [], unreached: [] };
        const gateway = await openSnapshot(url);
        opened.push(gateway);
        const witnesses = [...units.witnesses, ...files];
        const report = await createProgress().step(
          '台账 the ledger',
          () => auditDatabase(gateway, witnesses, ring, reporter()),
          ({ rows }) => `${rows} rows`,
        );
        answerLedger(options.json, report, witnesses, units.unreached);
      } finally {
        await Promise.all(opened.map((snapshot) => snapshot.close().catch(() => undefined)));
      }
    });
}

interface Unreached {
  unit: UnitId;
  cause: string;
}

/** The databases of the units whose addresses the home has, and those that could not be opened. */
async function openUnits(
  home: MeshHome,
  opened: Snapshot[],
): Promise<{ witnesses: Witness[]; unreached: Unreached[] }> {
  const witnesses: Witness[] = [];
  const unreached: Unreached[] = [];
  for (const unit of consumersOf(await loadMesh(MESH_FILE))) {
    const file = home.databaseUrlFile(unit);
    if (!(await isThere(file))) continue;
    try {
      const snapshot = await openSnapshot((await readFile(file, 'utf8')).trim());
      opened.push(snapshot);
      witnesses.push(unitWitness(unit, snapshot));
    } catch (error) {
      unreached.push({ unit, cause: describeError(error).message });
    }
  }
  return { witnesses, unreached };
}

const SAY_EVERY_MS = 5_000;

function reporter(): (rows: number, of: number) => void {
  let said = performance.now();
  return (rows, of) => {
    if (performance.now() - said < SAY_EVERY_MS) return;
    said = performance.now();
    process.stderr.write(`    ${rows} / ${of}\n`);
  };
}

function answerLedger(
  json: boolean | undefined,
  report: AuditReport,
  witnesses: readonly Witness[],
  unreached: readonly Unreached[],
): void {
  const ok = report.findings.length === 0 && unreached.length === 0;
  const { rows, end, confirmed, heads, findings, more } = report;
  const unconfirmed = end.sequence - confirmed;
  answer(
    json,
    {
      ok,
      rows,
      end,
      confirmed,
      unconfirmed,
      heads,
      witnesses: witnesses.map(({ where }) => where),
      unreached,
      findings,
      more,
    },
    [
      ...findings.map(describeLedgerFinding),
      ...(more > 0 ? [`… 另有 ${more} 处 and ${more} more`] : []),
      ...unreached.map(({ unit, cause }) => `${unit}: 数据库无法打开 its database cannot be opened: ${cause}`),
      ...(witnesses.length === 0
        ? [
            '没有单位见证：持有网关密钥者改写历史将无从发现 no witness: whoever holds the gateway’s key could have rewritten all this',
          ]
        : []),
      `${rows} 行 rows; 台账头证实至 confirmed by signed heads up to ${confirmed}; 其后 after it ${unconfirmed}; 见证 witnesses ${witnesses.length}`,
      ok ? '台账完好 the ledger holds' : '台账有问题 the ledger does not hold',
    ],
  );
  if (report.findings.length > 0) process.exitCode = REFUSED;
  else if (unreached.length > 0) process.exitCode = FAULT;
}

function describeLedgerFinding({ code, where, sequence, from, list, grant, detail, message }: LedgerFinding): string {
  const rows =
    sequence === undefined ? '' : ` #${from === undefined || from === sequence ? '' : `${from}–`}${sequence}`;
  const more = [list, grant, detail].filter((part) => part !== undefined).join(' ');
  return `${where}${rows} ${code}${more === '' ? '' : ` (${more})`} ${message.zh} / ${message.en}`;
}

function addVerifyHeads(verify: Command): void {
  verify
    .command('heads')
    .description(
      '导出一个单位留存的台账头，供他处核验 write out the heads that a unit keeps, to verify with them elsewhere',
    )
    .requiredOption('--unit <unit>', '单位 the unit')
    .requiredOption('--out <file>', '每行一个 JSON 对象 one JSON object a line')
    .option('--database-url <url>', '单位数据库 the unit’s database; the home’s if not given')
    .option(...JSON_OPTION)
    .action(async (options: { unit: string; out: string; databaseUrl?: string; json?: boolean }) => {
      const home = meshHome(readConfig().MESH_HOME);
      const url = options.databaseUrl ?? (await readFile(home.databaseUrlFile(options.unit as UnitId), 'utf8')).trim();
      const snapshot = await openSnapshot(url);
      try {
        const file = createWriteStream(options.out);
        const heads = await exportHeads(options.unit, snapshot, (line) => {
          return file.write(line) ? undefined : once(file, 'drain');
        });
        file.end();
        await finished(file);
        answer(options.json, { ok: true, unit: options.unit, heads, file: options.out }, [`${options.out}: ${heads}`]);
      } finally {
        await snapshot.close();
      }
    });
}

function addVerifyBundle(verify: Command): void {
  verify
    .command('bundle <file>')
    .description('离线核验证据包 verify an evidence bundle offline')
    .option(...TRUST)
    .option(...JSON_OPTION)
    .action(async (file: string, options: Trusting) => {
      const ring = await readTrust(meshHome(readConfig().MESH_HOME), options.trust);
      const result = verifyBundle(await readText(file), ring);
      const { ok, findings, unchecked, bundle } = result;
      answer(options.json, { file, ...result }, [
        ...findings.map(
          ({ pointer, code, message, detail }) =>
            `${file}#${pointer} ${code}${detail === undefined ? '' : ` (${detail})`} ${message.zh} / ${message.en}`,
        ),
        ...unchecked.map(({ zh, en }) => `! ${zh} / ${en}`),
        ...(ok && bundle
          ? [
              `${bundle.consumer} ← ${bundle.issuer} ${bundle.resultId} v${bundle.version}, ${bundle.decidedAt}, 清单 list ${bundle.listVersion}`,
              ...bundle.withheld.map(({ path, entry }) => `  ${entry} ${path || '/'}`),
              ...(bundle.grants ?? []).map(
                ({ grant, paths, purpose, until, ended }) =>
                  `  依授权 under grant ${grant} ${paths.map((path) => path || '/').join(' ')} ${purpose} → ${until}` +
                  (ended === undefined ? '' : ` 已终止 ended ${ended}`),
              ),
            ]
          : []),
        ok ? '证据包成立 the bundle holds' : '证据包不成立 the bundle does not hold',
      ]);
      if (!ok) process.exitCode = REFUSED;
    });
}

function addVerifyToken(verify: Command): void {
  verify
    .command('token <file>')
    .description('核验一个结果凭证（- 为标准输入） verify a result’s token (- for standard input)')
    .option(...TRUST)
    .option(...JSON_OPTION)
    .action(async (file: string, options: Trusting) => {
      const ring = await readTrust(meshHome(readConfig().MESH_HOME), options.trust);
      const verification = verifyToken((await readText(file)).trim(), ring);
      if (!verification.ok) {
        const { code, detail } = verification;
        refuse(options.json, file, code, refusalMessage(code), detail);
        return;
      }
      const { claims, keyId } = verification.result;
      answer(options.json, { ok: true, ...claims, keyId }, [
        `${claims.issuer} ${claims.resultId} v${claims.version} ${claims.status} ${claims.issuedAt} (${keyId})`,
        '凭证成立 the token holds',
      ]);
    });
}

interface SignedListFile {
  document: string;
  signature: string;
  receivedAt?: string;
}

function addVerifyList(verify: Command): void {
  verify
    .command('list <file>')
    .description(
      '核验负面清单的签名 verify a negative list’s signature: of a file of `{document, signature}`, or of a list with --signature',
    )
    .option('--signature <file>', '分离签名文件 the file of the detached signature')
    .option('--at <time>', '签署时间 when it was signed (RFC 3339); now if neither this nor the file says')
    .option(...TRUST)
    .option(...JSON_OPTION)
    .action(async (file: string, options: Trusting & { signature?: string; at?: string }) => {
      const ring = await readTrust(meshHome(readConfig().MESH_HOME), options.trust);
      const signed = await readSignedList(file, options.signature);
      const time = options.at ?? signed.receivedAt;
      if (time !== undefined && !isTimestamp(time)) throw new Error(`${time}: 不是 RFC 3339 时间 is no RFC 3339 time`);
      const at = time === undefined ? Date.now() : Date.parse(time);
      const verification = verifyDetached(Buffer.from(signed.document), signed.signature, ring, {
        owner: POLICY_OWNER,
        at,
      });
      if (!verification.ok) {
        const { code, detail } = verification;
        refuse(options.json, file, code, refusalMessage(code), detail);
        return;
      }
      const parsed = parseNegativeList(signed.document);
      if (!parsed.ok) {
        const message = {
          zh: '签名成立，但文本不是负面清单',
          en: 'The signature holds, but the text is no negative list',
        };
        refuse(options.json, file, 'unreadable', message, `${parsed.findings.length}`);
        return;
      }
      const { version, effectiveFrom } = parsed.list;
      answer(options.json, { ok: true, version, effectiveFrom, keyId: verification.keyId }, [
        `${version} ${effectiveFrom} (${verification.keyId})`,
        '清单签名成立 the list’s signature holds',
      ]);
    });
}

async function readSignedList(file: string, signatureFile: string | undefined): Promise<SignedListFile> {
  const text = await readText(file);
  if (signatureFile !== undefined) return { document: text, signature: (await readText(signatureFile)).trim() };
  const parsed = parseObject(text);
  const { document, signature, receivedAt } = parsed ?? {};
  if (typeof document !== 'string' || typeof signature !== 'string') {
    throw new Error(`${file}: 需要 --signature a list needs its --signature, or a file of {document, signature}`);
  }
  return typeof receivedAt === 'string' ? { document, signature, receivedAt } : { document, signature };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(
  json: boolean | undefined,
  file: string,
  code: string,
  message: { zh: string; en: string },
  detail: string,
): void {
  answer(json, { ok: false, file, code, message, detail }, [
    `${file}: ${code} ${message.zh} / ${message.en} (${detail})`,
  ]);
  process.exitCode = REFUSED;
}

/** A file's text, byte for byte: what is not UTF-8 would be replaced silently. */
async function readText(file: string): Promise<string> {
  if (file === '-') return readStream(process.stdin);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file));
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
