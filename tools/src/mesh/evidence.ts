import { access, readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  type GatewayEvidence,
  isUnitId,
  type Problem,
  type SignedHead,
  type UnitId,
  validateGatewayEvidence,
  type Withheld,
} from '@clearance/contracts';
import { meshHome, type MeshHome } from '@clearance/platform/command';
import { tokenDigest } from '@clearance/provenance';
import { readConfig } from '../config.ts';
import { makeBundle } from '../evidence/make-bundle.ts';
import { verifyBundle } from '../evidence/verify-bundle.ts';
import { openSnapshot, type Snapshot } from '../ledger/read-only.ts';
import { connectBackend, find } from '../traffic/backend.ts';
import { answer, REFUSED } from './answer.ts';
import { readTrust } from './read-trust.ts';

interface Options {
  consumer: string;
  version?: string;
  out: string;
  gateway?: string;
  wait: string;
  json?: boolean;
}

/** One version of a result as one unit has it. */
interface HeldVersion {
  version: number;
  issuer: UnitId;
  token: string;
  withheld: Withheld[];
}

/** `mesh evidence`: takes together, from gateway, consumer and issuer, what shows who was given what. */
export function addEvidence(program: Command): void {
  program
    .command('evidence <resultId>')
    .description(
      '取证：某单位所得副本的证据包，可离线核验 an evidence bundle of what a unit was given of a result; `verify bundle` checks it offline',
    )
    .requiredOption('--consumer <unit>', '得到副本的单位 the unit that was given the view')
    .option('--version <n>', '结果版本，缺省为该单位现有的最新版本 the newest that the unit has if not given')
    .requiredOption('--out <file>', '证据包文件 the bundle’s file')
    .option('--gateway <url>', '网关地址 the gateway’s address')
    .option('--wait <seconds>', '等待台账头签署 how long to wait for the ledger’s head to be signed', '60')
    .option('--json', '机器可读 machine-readable')
    .action(async (resultId: string, options: Options) => {
      const config = readConfig();
      const home = meshHome(config.MESH_HOME);
      const { consumer } = options;
      if (!isUnitId(consumer)) throw new Error(`${consumer}: 不是单位 is no unit`);
      const natsUrl = config.MESH_NATS_URL ?? `nats://127.0.0.1:${config.MESH_NATS_PORT}`;
      const held = {
        home,
        natsUrl,
        resultId,
        version: options.version === undefined ? undefined : Number(options.version),
      };
      const view = await readHeld(consumer, held);
      if (view === undefined) {
        refuse(options.json, `${consumer} 没有该结果的该版本 does not have this version of the result`);
        return;
      }
      const issued = await readHeld(view.issuer, { ...held, version: view.version }).catch(() => undefined);
      const gateway = options.gateway ?? `http://127.0.0.1:${config.MESH_HTTP_PORT}`;
      const query = { consumer, version: String(view.version), tokenDigest: tokenDigest(view.token) };
      const evidence = await askGateway(
        home,
        `${gateway}/api/v1/results/${resultId}/evidence`,
        query,
        Number(options.wait),
      );
      if (!evidence.ok) {
        refuse(options.json, `${evidence.problem.status} ${evidence.problem.detail}`);
        return;
      }
      const witness = await readWitness(home, consumer, evidence.value.ledger.head.sequence);
      const ring = await readTrust(home, undefined);
      const bundle = makeBundle(
        {
          consumer,
          view: { token: view.token, withheld: view.withheld },
          ...(issued === undefined ? {} : { issued: issued.token }),
          evidence: evidence.value,
          ...(witness === undefined ? {} : { witness }),
        },
        ring,
      );
      const text = JSON.stringify(bundle);
      await writeFile(options.out, `${text}\n`, { mode: 0o600 });
      const { ok, findings, unchecked } = verifyBundle(text, ring);
      answer(options.json, { ok, file: options.out, bytes: text.length, findings, unchecked }, [
        ...findings.map(
          ({ pointer, code, message }) => `${options.out}#${pointer} ${code} ${message.zh} / ${message.en}`,
        ),
        ...unchecked.map(({ zh, en }) => `! ${zh} / ${en}`),
        `${options.out}: ${text.length} 字节 bytes; ${ok ? '证据包成立 the bundle holds' : '证据包不成立 the bundle does not hold'}`,
      ]);
      if (!ok) process.exitCode = REFUSED;
    });
}

function refuse(json: boolean | undefined, detail: string): void {
  answer(json, { ok: false, detail }, [detail]);
  process.exitCode = REFUSED;
}

interface Asked {
  home: MeshHome;
  natsUrl: string;
  resultId: string;
  /** The newest when absent. */
  version: number | undefined;
}

/**
 * A version as a unit has it: asked for as the unit's backend would; earlier versions, which nobody can ask for, are
 * read from the unit's own database where the home has its address.
 */
async function readHeld(unit: UnitId, asked: Asked): Promise<HeldVersion | undefined> {
  const { home, natsUrl, resultId, version } = asked;
  const newest = await askUnit(unit, home, natsUrl, resultId);
  if (newest === undefined || version === undefined || newest.version === version) return newest;
  const database = await openUnit(home, unit);
  if (database === undefined) return undefined;
  try {
    const [row] = await database.query<{ token: string; withheld: string }>(
      'select token, withheld from result_history where result_id = $1 and version = $2',
      [resultId, version],
    );
    if (row === undefined) return undefined;
    return { version, issuer: newest.issuer, token: row.token, withheld: JSON.parse(row.withheld) as Withheld[] };
  } finally {
    await database.close();
  }
}

async function askUnit(unit: UnitId, home: MeshHome, url: string, resultId: string): Promise<HeldVersion | undefined> {
  const backend = await connectBackend({ url, unit, creds: await readFile(home.credsFile(unit, 'backend'), 'utf8') });
  try {
    const outcome = await find(backend, { resultId });
    if (!outcome.ok) throw new Error(`${unit}: ${outcome.problem.status} ${outcome.problem.detail}`);
    const [view] = outcome.value.results;
    if (view === undefined) return undefined;
    const { version, issuer, withheld, signature } = view;
    return { version, issuer, token: signature.token, withheld };
  } finally {
    await backend.connection.close();
  }
}

async function openUnit(home: MeshHome, unit: UnitId): Promise<Snapshot | undefined> {
  const file = home.databaseUrlFile(unit);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  return there ? openSnapshot((await readFile(file, 'utf8')).trim()) : undefined;
}

/** The head of a place as the unit keeps it; undefined when it was not given that one, or its database is not at hand. */
async function readWitness(home: MeshHome, unit: UnitId, sequence: number): Promise<SignedHead | undefined> {
  const database = await openUnit(home, unit);
  if (database === undefined) return undefined;
  try {
    const [row] = await database.query<{ statement: string }>(
      'select statement from ledger_witness where sequence = $1 order by received_at limit 1',
      [sequence],
    );
    return row && (JSON.parse(row.statement) as SignedHead);
  } finally {
    await database.close();
  }
}

type Answered = { ok: true; value: GatewayEvidence } | { ok: false; problem: Pick<Problem, 'status' | 'detail'> };

/** Asks for the gateway's part, again while no head has been signed since the entry. */
async function askGateway(
  home: MeshHome,
  address: string,
  query: Record<string, string>,
  waitSeconds: number,
): Promise<Answered> {
  const token = (await readFile(home.tokenFile('auditor'), 'utf8')).trim();
  const until = Date.now() + waitSeconds * 1_000;
  for (;;) {
    const url = `${address}?${new URLSearchParams(query)}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const body: unknown = await response.json();
    if (response.ok) {
      const checked = validateGatewayEvidence(body);
      if (!checked.ok) throw new Error(`${address}: 网关答复不合约定 the gateway’s answer breaks the contract`);
      return { ok: true, value: checked.value };
    }
    if (response.status !== 503 || Date.now() > until) return { ok: false, problem: body as Problem };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
