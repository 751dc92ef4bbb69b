import { access, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { loadMesh, meshHome, type MeshHome, type Owner } from '@clearance/platform/command';
import { keyRing } from '@clearance/provenance';
import { ownersOf } from '@clearance/provision';
import { readConfig } from '../config.ts';
import { type BodyDescription, describeBody, type ItemDescription } from '../dead-letters/describe-body.ts';
import { type LetterHead, type LetterTable, openLetterTable } from '../dead-letters/letter-table.ts';
import { MESH_FILE } from '../local-mesh/paths.ts';
import { answer, REFUSED } from './answer.ts';

/** Whose database is asked: where the mesh is configured, and where its secrets lie. */
interface Place {
  home: MeshHome;
  owners: readonly Owner[];
}

const JSON_OPTION = ['--json', '机器可读 machine-readable'] as const;
const LOOK_EVERY_MS = 500;

/**
 * `mesh dead-letters …`: what a service could not use, without its content, and its replay. The service that kept a letter
 * replays it itself, through the handler that refused it; the tool only asks for it in that service's database.
 */
export function addDeadLetters(program: Command): void {
  const letters = program.command('dead-letters').description('死信：列出、查看、重放 messages that could not be used');
  addList(letters);
  addShow(letters);
  addReplay(letters);
}

function addList(letters: Command): void {
  letters
    .command('list')
    .description('列出死信，最新在前 list dead letters, newest first')
    .option('--owner <owner>', '单位或 gateway，缺省为全部 a unit or gateway; all of them if not given')
    .option('--limit <n>', '每个单位最多列出 listed of each owner at most', positive, 50)
    .option('--replayed', '也列出已重放成功的 also those that a replay has taken')
    .option(...JSON_OPTION)
    .action(async (options: { owner?: string; limit: number; replayed?: boolean; json?: boolean }) => {
      const place = await findPlace();
      const owners = options.owner === undefined ? place.owners : [ownerNamed(place, options.owner)];
      const found: (LetterHead & { owner: Owner })[] = [];
      for (const owner of owners) {
        const heads = await inTableOf(place, owner, (table) =>
          table.list({ limit: options.limit, replayed: options.replayed ?? false }),
        );
        found.push(...heads.map((head) => ({ owner, ...head })));
      }
      const lines = found.map(({ owner, ...head }) => headLine(owner, head));
      const none = '没有死信 there are no dead letters';
      answer(options.json, { ok: true, deadLetters: found }, lines.length === 0 ? [none] : lines);
    });
}

function addShow(letters: Command): void {
  letters
    .command('show <owner> <id>')
    .description(
      '查看一封死信：原因、涉及的结果与版本，不含内容 one dead letter: its cause and what it is about, never its content',
    )
    .option(...JSON_OPTION)
    .action(async (name: string, id: string, options: { json?: boolean }) => {
      const place = await findPlace();
      const owner = ownerNamed(place, name);
      const letter = await inTableOf(place, owner, (table) => table.read(letterId(id)));
      if (letter === undefined) return refuse(options.json, owner, id);
      const ring = keyRing(JSON.parse(await readFile(place.home.trustFile, 'utf8')));
      const { body, ...head } = letter;
      const described = describeBody(head.stream, body, ring);
      answer(options.json, { ok: true, deadLetter: { owner, ...head, body: described } }, [
        headLine(owner, head),
        ...bodyLines(described),
      ]);
    });
}

function addReplay(letters: Command): void {
  letters
    .command('replay <owner> [id]')
    .description('由留存它的服务重新处理 have the service that kept it handle it once more')
    .option('--all', '该单位的全部死信 all of the owner’s')
    .option('--wait <seconds>', '等待结果的秒数，0 为不等 how long to wait for what comes of it', nonNegative, 30)
    .option(...JSON_OPTION)
    .action(async (name: string, id: string | undefined, options: { all?: boolean; wait: number; json?: boolean }) => {
      const place = await findPlace();
      const owner = ownerNamed(place, name);
      if ((id === undefined) === (options.all === undefined))
        throw new Error('请给出一个编号或 --all give an id or --all');
      const { heads, waiting } = await inTableOf(place, owner, async (table) => {
        const ids = await table.requestReplay(id === undefined ? 'all' : letterId(id));
        const left = await untilConcluded(table, ids, options.wait);
        return { heads: await table.heads(ids), waiting: left };
      });
      if (id !== undefined && heads.length === 0) return refuse(options.json, owner, id);
      const taken = heads.filter(({ replayedAt }) => replayedAt !== null).length;
      const kept = heads.length - taken - waiting;
      answer(options.json, { ok: kept === 0 && waiting === 0, owner, taken, kept, waiting, deadLetters: heads }, [
        ...heads.map((head) => headLine(owner, head)),
        `${taken} 封已处理 taken, ${kept} 封仍不可用 refused again, ${waiting} 封等待服务处理 still to be handled by the service`,
      ]);
      if (kept > 0 || waiting > 0) process.exitCode = REFUSED;
    });
}

/** @returns how many are not concluded when the time is over. */
async function untilConcluded(table: LetterTable, ids: readonly string[], seconds: number): Promise<number> {
  for (const deadline = Date.now() + seconds * 1_000; ; await delay(LOOK_EVERY_MS)) {
    const waiting = await table.outstanding(ids);
    if (waiting === 0 || Date.now() >= deadline) return waiting;
  }
}

/** The owners whose secrets lie here: a unit's own operators have no others. */
async function findPlace(): Promise<Place> {
  const home = meshHome(readConfig().MESH_HOME);
  const owners = ownersOf(await loadMesh(MESH_FILE));
  const here = await Promise.all(
    owners.map((owner) =>
      access(home.databaseUrlFile(owner)).then(
        () => [owner],
        () => [],
      ),
    ),
  );
  return { home, owners: here.flat() };
}

function ownerNamed({ owners }: Place, name: string): Owner {
  const owner = owners.find((known) => known === name);
  if (owner === undefined)
    throw new Error(
      `${name}: 不在 mesh.yaml 中，或此处没有其数据库地址 not in mesh.yaml, or its database URL is not here`,
    );
  return owner;
}

async function inTableOf<T>({ home }: Place, owner: Owner, work: (table: LetterTable) => Promise<T>): Promise<T> {
  const table = await openLetterTable((await readFile(home.databaseUrlFile(owner), 'utf8')).trim());
  try {
    return await work(table);
  } finally {
    await table.close();
  }
}

function refuse(json: boolean | undefined, owner: Owner, id: string): void {
  answer(json, { ok: false, owner, id, code: 'unknown' }, [
    `${owner} ${id}: 没有这封死信，或已重放 there is no such dead letter, or it was replayed already`,
  ]);
  process.exitCode = REFUSED;
}

function headLine(owner: Owner, head: LetterHead): string {
  const { id, unit, stream, keptAt, cause, detail, deliveries, bytes, replays, replayedAt } = head;
  const account = owner === unit ? '' : ` ${unit}`;
  const replayed = replayedAt === null ? (replays === 0 ? '' : ` 重放 replayed ${replays}×`) : ' 已重放 replayed';
  return `${owner} ${id}${account} ${stream} ${keptAt.toISOString()} ${cause}: ${detail} (${deliveries}×, ${bytes} B)${replayed}`;
}

function bodyLines({ bytes, sha256, form, listVersion, items }: BodyDescription): string[] {
  const head = `${form ?? '不是该流的报文 not a message of its stream'}, ${bytes} B, SHA-256 ${sha256}`;
  return [listVersion === undefined ? head : `${head}, 清单 list ${listVersion}`, ...items.map(itemLine)];
}

function itemLine({
  resultId,
  version,
  status,
  issuer,
  kind,
  characters,
  withheld,
  signature,
}: ItemDescription): string {
  const parts = [
    `${resultId ?? '?'} v${version ?? '?'}`,
    status,
    issuer,
    kind,
    characters === undefined ? undefined : `${characters} 字符 characters`,
    withheld === undefined ? undefined : `${withheld} 项不予共享 withheld`,
    signature,
  ];
  return `  ${parts.filter((part) => part !== undefined).join(', ')}`;
}

function letterId(text: string): string {
  if (!/^[1-9][0-9]{0,17}$/.test(text)) throw new Error(`${text}: 不是死信编号 not the id of a dead letter`);
  return text;
}

function positive(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('1–999999');
  return Number(text);
}

function nonNegative(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text)) throw new InvalidArgumentError('0–99999');
  return Number(text);
}
