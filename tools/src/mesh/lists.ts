import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { consumersOf, type LocalizedText, type PreviewReport } from '@clearance/contracts';
import { type Finding, lintNegativeList } from '@clearance/negative-list';
import { loadMesh } from '@clearance/platform/command';
import { signDetached, signingKey } from '@clearance/provenance';
import { recognitionNeeds } from '@clearance/recognition';
import type { AskAs, GatewayAnswer } from '../local-mesh/ask-as.ts';
import { LIST_FILE, MESH_FILE } from '../local-mesh/paths.ts';
import { putInForce } from '../local-mesh/put-in-force.ts';
import { answer, REFUSED } from './answer.ts';
import { acting, asking, findingLines, gatewayOf, type GatewayOptions, reading, tell } from './gateway-calls.ts';
import { addReviews } from './reviews.ts';

/** A draft as the gateway answers with it. */
interface Draft {
  draftId: string;
  revision: number;
  state: string;
  document: string;
  authors: string[];
  changedAt: string;
  version: string | null;
  findings: Finding[];
}

interface Options extends GatewayOptions {
  reason: string;
}

/** `mesh lists …`: the life of a list, from a draft to the list in force. */
export function addLists(program: Command): void {
  const lists = program.command('lists').description('负面清单 negative lists: draft, check, submit, approve, show');
  addLint(lists);
  addDrafting(lists);
  addApproving(lists);
  addReading(lists);
  addPreview(lists);
  addReviews(lists);
  addPut(lists);
}

function addLint(lists: Command): void {
  lists
    .command('lint [file]')
    .description('检查清单，逐条列出问题 lint a list; every finding is listed with its line and column')
    .option('--json', '机器可读 machine-readable')
    .action(async (file: string | undefined, options: { json?: boolean }) => {
      const path = file ?? LIST_FILE;
      const mesh = await loadMesh(MESH_FILE);
      const findings = lintNegativeList(await readFile(path, 'utf8'), {
        units: consumersOf(mesh),
        recognition: recognitionNeeds(mesh.arrangements),
        at: Date.now(),
      });
      const ok = !findings.some(({ severity }) => severity === 'error');
      answer(options.json, { ok, file: path, findings }, [
        ...findingLines(path, findings),
        ok ? '清单可用 the list is usable' : '清单不可用 the list is not usable',
      ]);
      if (!ok) process.exitCode = REFUSED;
    });
}

function addDrafting(lists: Command): void {
  acting(lists.command('draft <file>').description('起草 begin a draft with this text')).action(
    async (file: string, options: Options) => {
      const ask = await asking('policy', options);
      const body = { document: await readFile(file, 'utf8'), reason: options.reason };
      tell(options, await ask<Draft>('POST', '/api/v1/drafts', { body }), draftLines(file));
    },
  );
  acting(lists.command('edit <draft> <file>').description('修改草案 replace a draft’s text')).action(
    async (draftId: string, file: string, options: Options) => {
      const ask = await asking('policy', options);
      const body = { document: await readFile(file, 'utf8'), reason: options.reason };
      const ifMatch = await revisionOf(ask, draftId);
      tell(options, await ask<Draft>('PUT', `/api/v1/drafts/${draftId}`, { body, ifMatch }), draftLines(file));
    },
  );
  acting(
    lists
      .command('restore <version>')
      .description('以旧清单的条目起草新版本 begin a draft with the entries of a former list')
      .requiredOption('--as <version>', '新版本号 the new version')
      .requiredOption('--from <time>', '生效时间 when it comes into force, RFC 3339'),
  ).action(async (version: string, options: Options & { as: string; from: string }) => {
    const ask = await asking('policy', options);
    const body = { restore: version, version: options.as, effectiveFrom: options.from, reason: options.reason };
    tell(options, await ask<Draft>('POST', '/api/v1/drafts/restore', { body }), draftLines(version));
  });
  for (const [verb, description] of [
    ['submit', '提交审批 lay a draft before its approvers'],
    ['withdraw', '撤回草案 end a draft'],
  ] as const) {
    acting(lists.command(`${verb} <draft>`).description(description)).action(
      async (draftId: string, options: Options) => {
        tell(options, await actOn(await asking('policy', options), draftId, verb, options), draftLines(draftId));
      },
    );
  }
}

function addApproving(lists: Command): void {
  acting(lists.command('return <draft>').description('退回修改 give a draft back to its authors')).action(
    async (draftId: string, options: Options) => {
      const ask = await asking('policy-approver', options);
      tell(options, await actOn(ask, draftId, 'return', options), draftLines(draftId));
    },
  );
  acting(
    lists
      .command('approve <draft>')
      .description('批准并以政策密钥签署 approve a draft, as a second person, and sign it with the policy key')
      .option('--key <file>', '政策密钥 the policy key, a JWK; that of the state directory when absent'),
  ).action(async (draftId: string, options: Options & { key?: string }) => {
    const ask = await asking('policy-approver', options);
    const draft = await ask<Draft>('GET', `/api/v1/drafts/${draftId}`);
    if (!draft.ok) {
      tell(options, draft, () => []);
      return;
    }
    const keyFile = options.key ?? gatewayOf(options).home.signingKeyFile('policy');
    const key = signingKey(JSON.parse(await readFile(keyFile, 'utf8')));
    const body = {
      signature: signDetached(new TextEncoder().encode(draft.body.document), key),
      reason: options.reason,
    };
    const approved = await ask<{ version: string; effectiveFrom: string; state: string }>(
      'POST',
      `/api/v1/drafts/${draftId}/approve`,
      { body, ifMatch: `"${draft.body.revision}"` },
    );
    tell(options, approved, ({ version, effectiveFrom, state }) => [`${version}: ${state}, ${effectiveFrom}`]);
  });
}

function addReading(lists: Command): void {
  reading(lists.command('show').description('已批准的清单 the lists that were approved')).action(
    async (options: Options) => {
      const ask = await asking('policy', options);
      interface Listed {
        version: string;
        effectiveFrom: string;
        state: string;
        authors: string[];
        approvedBy: string;
      }
      const reply = await ask<{ lists: Listed[] }>('GET', '/api/v1/lists');
      tell(options, reply, (body) =>
        body.lists.map(
          ({ version, effectiveFrom, state, authors, approvedBy }) =>
            `${state === 'in-force' ? '*' : ' '} ${version}  ${effectiveFrom}  ${state}  ${authors.join(', ')} → ${approvedBy}`,
        ),
      );
    },
  );
  reading(lists.command('drafts').description('草案一览 drafts, those changed last first')).action(
    async (options: Options) => {
      const ask = await asking('policy', options);
      const reply = await ask<{ drafts: Draft[] }>('GET', '/api/v1/drafts');
      tell(options, reply, (body) =>
        body.drafts.map(
          ({ draftId, revision, state, changedAt, version, authors }) =>
            `${draftId}  r${revision}  ${state}${version === null ? '' : ` ${version}`}  ${changedAt}  ${authors.join(', ')}`,
        ),
      );
    },
  );
  reading(lists.command('history <draft>').description('草案的经过 what was done with a draft: who, when, why')).action(
    async (draftId: string, options: Options) => {
      const ask = await asking('policy', options);
      interface Step {
        revision: number;
        at: string;
        act: string;
        actor: string;
        reason: string;
      }
      const reply = await ask<{ events: Step[] }>('GET', `/api/v1/drafts/${draftId}/history`);
      tell(options, reply, (body) =>
        body.events.map(({ revision, at, act, actor, reason }) => `r${revision}  ${at}  ${act}  ${actor}  ${reason}`),
      );
    },
  );
}

function addPreview(lists: Command): void {
  reading(
    lists
      .command('changes <draft-or-version>')
      .description('与另一清单的差异 what a draft or version changes, in words')
      .option('--since <version>', '与之比较的版本 the version that it is compared with'),
  ).action(async (which: string, options: Options & { since?: string }) => {
    const ask = await asking('policy', options);
    const query = options.since === undefined ? '' : `?since=${encodeURIComponent(options.since)}`;
    const place = UUID.test(which) ? `drafts/${which}` : `lists/${encodeURIComponent(which)}`;
    interface Changes {
      since: string | null;
      changes: { effect: string; message: LocalizedText }[];
    }
    const reply = await ask<Changes>('GET', `/api/v1/${place}/changes${query}`);
    tell(options, reply, ({ changes }) =>
      changes.length === 0
        ? ['没有差异 no change']
        : changes.map(({ effect, message }) => `${effect.padEnd(9)} ${message.zh} / ${message.en}`),
    );
  });
  reading(
    lists
      .command('preview <draft>')
      .description('以真实业务预演草案 replay real traffic against a draft, before anybody approves it')
      .option('--since <time>', '自何时起的业务 traffic since then, RFC 3339; the last seven days when absent')
      .option('--results <n>', '最近多少份结果 the last so many results'),
  ).action(async (draftId: string, options: Options & { since?: string; results?: string }) => {
    const ask = await asking('policy', options);
    const { since, results } = options;
    const body = {
      ...(since === undefined ? {} : { since }),
      ...(results === undefined ? {} : { results: Number(results) }),
    };
    const begun = await ask<Preview>('POST', `/api/v1/drafts/${draftId}/previews`, { body });
    const ended = begun.ok ? await followPreview(ask, begun.body) : begun;
    tell(options, ended, previewLines);
    if (ended.ok && ended.body.state !== 'done') process.exitCode = REFUSED;
  });
}

interface Preview {
  previewId: string;
  state: 'running' | 'done' | 'failed' | 'interrupted';
  progress: { results: number; expected: number; recognitions: number } | null;
  report: PreviewReport | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LOOK_EVERY_MS = 500;

/** Until it has ended; how far it is goes to standard error. */
async function followPreview(ask: AskAs, begun: Preview): Promise<GatewayAnswer<Preview>> {
  for (let told = ''; ; await delay(LOOK_EVERY_MS)) {
    const reply = await ask<Preview>('GET', `/api/v1/previews/${begun.previewId}`);
    if (!reply.ok || reply.body.state !== 'running') return reply;
    const { progress } = reply.body;
    const line =
      progress === null
        ? ''
        : `${progress.results}/${progress.expected} 份结果 results, ${progress.recognitions} 次互认 recognitions`;
    if (line !== told) process.stderr.write(`${line}\n`);
    told = line;
  }
}

function previewLines({ state, report }: Preview): string[] {
  if (report === null) return [`预演未完成 the preview has no report: ${state}`];
  const { entries, recognitions, unreachable, verdict } = report;
  return [
    ...verdict.map(({ zh, en }) => `${zh} / ${en}`),
    ...recognitions.costs.map(
      ({ entry, path, recognitions: count, checks }) =>
        `  ${entry} ${path || '/'}  ${count} 次互认 recognitions  ${checks.map(({ type, count: times }) => `${type} ${times}`).join(', ')}`,
    ),
    ...entries.map(
      ({ entry, consumer, effect, results, fields }) =>
        `  ${effect === 'withheld' ? '−' : '+'} ${entry} ${consumer}  ${results} 份结果 results  ${fields.map(({ path, results: count }) => `${path || '/'} ${count}`).join(', ')}`,
    ),
    ...(unreachable.length === 0 ? [] : [`未计入 not counted, no answer: ${unreachable.join(', ')}`]),
  ];
}

function addPut(lists: Command): void {
  lists
    .command('put <file>')
    .description(
      '试用：一人代办起草、提交与批准 for trials: draft, submit and approve with the tokens of the state directory',
    )
    .option('--gateway <url>', '网关地址 the gateway’s address')
    .option('--json', '机器可读 machine-readable')
    .action(async (file: string, options: { gateway?: string; json?: boolean }) => {
      const { home, url } = gatewayOf(options);
      const result = await putInForce(home, url, await readFile(file, 'utf8'));
      if (result.ok) {
        answer(options.json, result, [`${result.version}: ${result.state}`]);
        return;
      }
      answer(options.json, result, [`${result.status} ${result.detail}`, ...findingLines(file, result.findings)]);
      process.exitCode = REFUSED;
    });
}

/** What it is now is what whoever acts has seen. A draft that there is not is refused by what is asked next. */
async function revisionOf(ask: AskAs, draftId: string): Promise<string> {
  const draft = await ask<Draft>('GET', `/api/v1/drafts/${draftId}`);
  return `"${draft.ok ? draft.body.revision : 1}"`;
}

async function actOn(
  ask: AskAs,
  draftId: string,
  verb: 'submit' | 'return' | 'withdraw',
  { reason }: Options,
): Promise<GatewayAnswer<Draft>> {
  const ifMatch = await revisionOf(ask, draftId);
  return ask<Draft>('POST', `/api/v1/drafts/${draftId}/${verb}`, { body: { reason }, ifMatch });
}

function draftLines(file: string): (draft: Draft) => string[] {
  return ({ draftId, revision, state, findings }) => [
    ...findingLines(file, findings),
    `${draftId}  r${revision}  ${state}`,
  ];
}
