import { setTimeout as delay } from 'node:timers/promises';
import type {
  PreviewReport,
  Recognition,
  ResultContent,
  ResultReceipt,
  ResultView,
  UnitId,
} from '@clearance/contracts';
import type { GatewayAnswer } from '../../local-mesh/ask-as.ts';
import { amend } from '../../traffic/backend.ts';
import { examination } from '../../traffic/customs-results.ts';
import { PORTS } from '../../traffic/ports.ts';
import { asSelectors, cargo, chanceOf, unitsThat } from '../cargo.ts';
import { answered, at, copies, type Day, others, referenceOf, submit } from '../day.ts';
import { Patience } from '../event-log.ts';
import { granted, type PolicyOfficer } from '../gateway-client.ts';
import { ENOUGH, MISSPELT, NEW_ENTRY, TOO_MUCH, type Withholding, withOneMoreEntry } from '../new-list.ts';
import { recalled } from '../recalled.ts';
import { fact, type Fact, type Story } from '../story.ts';
import { isSettled, ownRecognitions } from '../tally.ts';

/** A draft as the gateway answers with it. */
interface Draft {
  draftId: string;
  revision: number;
  state: string;
  authors: string[];
  findings?: { severity: string; code: string; entry?: string }[];
}

const SEALS = '/containers/*/seals';
const AFFECTED = ['*.inspection', '*.border'];
/** How long before it begins the list is approved, milliseconds; and how often results are issued until then. */
const AHEAD_MS = 1_500;
const ISSUE_EVERY_MS = 100;
const LOOK_EVERY_MS = 100;

export const listDrafted: Story = {
  id: 'list-drafted-and-previewed',
  clock: '16:20',
  title: { zh: '新清单：起草、校验、预演、修改', en: 'A new list: drafted, linted, previewed, changed' },
  expected: {
    zh: '写错的路径被校验拒绝；预演说明隐去封志会使多少次互认无法作出，均为以封志为据者；改后不再失去任何互认',
    en: 'lint refuses a misspelt path; the preview tells how many recognitions it would cost to withhold seals, all of them resting on seals; changed, the draft costs none',
  },
  play: async (day) => {
    const written = await policyOf(day, 'author').write(MISSPELT);
    const refused = await policyOf(day, 'author').act<Draft>(written, 'submit');
    const mended = await policyOf(day, 'author').write(TOO_MUCH, written);
    const costly = await preview(day, mended);
    const changed = await policyOf(day, 'author').write(ENOUGH, mended);
    const free = await preview(day, changed);
    const [before, after] = [await recognitionsIn(day, costly), await recognitionsIn(day, free)];
    const onSeals = before.filter((each) => restsOnSeals(day, each)).map(({ recognitionId }) => recognitionId);
    const { lost, costs } = costly.recognitions;
    const named = costs.flatMap(({ examples }) => examples.map(({ recognitionId }) => recognitionId));
    const [made, still] = [
      asCounted(costly, before.length, costly.recognitions.made),
      asCounted(free, after.length, free.recognitions.made),
    ];
    return [
      fact('首稿的错误', 'errors of the first text', errorsOf(written), [`unknown-path ${NEW_ENTRY}`]),
      fact('提交首稿', 'the first text submitted', refused.ok ? 'accepted' : refused.status, 400),
      fact('改正后的错误', 'errors once mended', errorsOf(mended), []),
      fact('有互认失去', 'recognitions are lost', lost > 0, true),
      // One that rests on a seal is not lost where another result, or another arrangement, bears it as well.
      fact('失去的不多于以封志为据者', 'lost, no more than rest on seals', lost <= onSeals.length, true),
      fact('列举而不以封志为据者', 'named, and rest on no seal', named.filter((id) => !onSeals.includes(id)).length, 0),
      fact(
        '预演',
        'preview',
        costly.verdict[0]?.en ?? '',
        `withholding ${SEALS} from everybody (${NEW_ENTRY}) would have cost ${lost} of ${made} recognitions`,
      ),
      fact(
        '改后预演',
        'preview once changed',
        free.verdict[0]?.en ?? '',
        `none of ${still} recognitions would have been lost`,
      ),
    ];
  },
};

export const listChanges: Story = {
  id: 'list-changed-at-noon',
  clock: '16:30',
  title: { zh: '清单由第二人批准，在日中生效', en: 'The list, approved by a second person, takes effect at midday' },
  expected: {
    zh: '作者不得批准自己的草案；生效前后签发的结果均有下落；新条目自生效起扣留生产企业，台账列明两个版本的清单',
    en: 'its author may not approve it; no result is lost or left undecided around the switch; from then on the new entry withholds the manufacturer, and the ledger names both lists',
  },
  play: async (day) => {
    const [kept, changed] = await Promise.all([examined(day, '15-1'), examined(day, '15-2')]);
    const before = hiddenFrom(await copies(day, 'ln.customs', kept.receipt));
    // What is not settled may be offered again, and is then decided by the list of that moment.
    await settled(day, [kept.receipt, changed.receipt]);

    const { facts, version, around } = await bringIntoForce(day);
    // Receipts for what was taken back are not counted twice.
    await recalled(day, version);

    const amended = await answered(day, 'ln.customs', (backend) =>
      amend(backend, changed.receipt.resultId, { ...changed.content, remarks: '更正:补充商品规格' }),
    );
    const [after, fresh] = await Promise.all([
      copies(day, 'ln.customs', amended),
      examined(day, '15-3').then(({ receipt }) => copies(day, 'ln.customs', receipt)),
    ]);
    const disclosures = await day.gateway.disclosures(changed.receipt.resultId);
    const lists = [1, 2].map((number) => {
      const named = disclosures.filter((each) => each.version === number).map(({ listVersion }) => listVersion);
      return `v${number}=${[...new Set(named)].join('+')}`;
    });
    const entries = disclosures.filter(
      (each) => each.version === 2 && each.withheld.some(({ entry }) => entry === NEW_ENTRY),
    );
    const named = asSelectors(
      entries.map(({ consumer }) => consumer),
      others(day, 'ln.customs'),
    );
    return [
      ...facts,
      ...(await accountOf(day, around, version)),
      fact('变更前看不到', 'hidden before', before, []),
      fact('新结果看不到', 'hidden in a new result', hiddenFrom(fresh), AFFECTED),
      fact('修改后看不到', 'hidden after an amendment', hiddenFrom(after), AFFECTED),
      fact('台账中的清单', 'lists in the ledger', lists, [`v1=${day.list.version}+${version}`, `v2=${version}`]),
      fact(`台账中的 ${NEW_ENTRY}`, `${NEW_ENTRY} in the ledger`, named, AFFECTED),
    ];
  },
};

/** Sets the day of the draft, submits it, has it approved, and goes on issuing results until the list is in force. */
async function bringIntoForce(day: Day): Promise<{ facts: Fact[]; version: string; around: ResultReceipt[] }> {
  const [author, approver] = [policyOf(day, 'author'), policyOf(day, 'approver')];
  const { drafts } = granted(await day.gateway.ask<{ drafts: Draft[] }>('author', 'GET', '/api/v1/drafts'));
  const open = drafts.find(({ state }) => state === 'open');
  if (open === undefined) throw new Error('no draft is open');
  const dated = await author.write(ENOUGH, open, Date.now() + AHEAD_MS);
  const submitted = granted(await author.act<Draft>(dated, 'submit'));
  const { document, version } = dated;
  const own = await author.act(submitted, 'approve', { signature: await day.gateway.signList(document) });
  const signature = await day.gateway.signList(document);
  const approved = granted(await approver.act<{ version: string; state: string }>(submitted, 'approve', { signature }));
  const around: ResultReceipt[] = [];
  const stateOf = async (): Promise<string> => {
    interface Listed {
      version: string;
      state: string;
    }
    const { lists } = granted(await day.gateway.ask<{ lists: Listed[] }>('author', 'GET', '/api/v1/lists'));
    return lists.find((each) => each.version === version)?.state ?? 'none';
  };
  let state = 'none';
  for (const until = Date.now() + day.patience; state !== 'in-force';) {
    if (Date.now() > until) throw new Patience(`list ${version} is ${state}`);
    around.push((await examined(day, `16-${around.length + 1}`)).receipt);
    state = await stateOf();
    await delay(ISSUE_EVERY_MS, undefined, { signal: day.signal });
  }
  const facts = [
    fact('草案', 'draft', submitted.state, 'submitted'),
    fact(
      '作者自行批准',
      "its author's own approval",
      own.ok ? 'accepted' : `${own.status} ${own.problem.code}`,
      '403 forbidden',
    ),
    fact('理由', 'because', whyRefused(own), 'a second person must'),
    fact('第二人批准', 'approved by a second person', approved.version, version),
    fact('新清单', 'new list', state, 'in-force'),
  ];
  return { facts, version, around };
}

/** What became of results that were issued around the switch. */
async function accountOf(day: Day, receipts: readonly ResultReceipt[], version: string): Promise<Fact[]> {
  await settled(day, receipts);
  const units = others(day, 'ln.customs');
  const disclosures = await Promise.all(receipts.map(({ resultId }) => day.gateway.disclosures(resultId)));
  const unseen = disclosures.flatMap((rows) =>
    units.filter((unit) => !rows.some(({ consumer, receiptAt }) => consumer === unit && receiptAt !== null)),
  );
  // In the order of decisions: once the new list has decided, the old one does not any more.
  const decided = disclosures
    .flat()
    .sort((a, b) => (a.decidedAt < b.decidedAt ? -1 : 1))
    .map(({ listVersion }) => listVersion);
  const order = decided.filter((list, index) => list !== decided[index - 1]);
  const possible = [[day.list.version, version], [day.list.version], [version]];
  return [
    fact('前后签发而未送达', 'issued around the switch and not received', unseen.length, 0),
    fact(
      '依次适用',
      'lists applied, in order',
      order,
      possible.find((each) => each.join() === order.join()) ?? possible[0]!,
    ),
  ];
}

const ACTS = { submit: 'submitted', approve: 'approved' } as const;

/** One of the two who have to do with the list, at work. */
function policyOf(day: Day, who: PolicyOfficer) {
  const acted = async <T>(draft: Draft, act: string, answer: GatewayAnswer<T>): Promise<GatewayAnswer<T>> => {
    if (answer.ok || (answer.status !== 409 && answer.status !== 412)) return answer;
    // A gateway that was killed between the deed and its answer has done it all the same.
    interface Step {
      revision: number;
      act: string;
    }
    const path = `/api/v1/drafts/${draft.draftId}`;
    const { events } = granted(await day.gateway.ask<{ events: Step[] }>(who, 'GET', `${path}/history`));
    const last = events.at(-1);
    return last?.act === act && last.revision === draft.revision + 1 ? day.gateway.ask<T>(who, 'GET', path) : answer;
  };
  return {
    /** Writes the text of a draft, a new one when there is none. */
    write: async (
      withholding: Withholding,
      former?: Draft,
      effectiveFrom = Date.now(),
    ): Promise<Draft & { document: string; version: string }> => {
      const text = withOneMoreEntry(day.list.document, effectiveFrom, withholding);
      const body = { document: text.document, reason: 'demo' };
      if (former === undefined)
        return { ...granted(await day.gateway.ask<Draft>(who, 'POST', '/api/v1/drafts', { body })), ...text };
      const request = { body, ifMatch: etag(former) };
      const answer = await day.gateway.ask<Draft>(who, 'PUT', `/api/v1/drafts/${former.draftId}`, request);
      return { ...granted(await acted(former, 'edited', answer)), ...text };
    },
    act: async <T>(draft: Draft, verb: keyof typeof ACTS, more: object = {}): Promise<GatewayAnswer<T>> => {
      const request = { body: { reason: 'demo', ...more }, ifMatch: etag(draft) };
      const answer = await day.gateway.ask<T>(who, 'POST', `/api/v1/drafts/${draft.draftId}/${verb}`, request);
      return acted(draft, ACTS[verb], answer);
    },
  };
}

/** A preview of all that was, in which every unit has answered: one that is killed meanwhile is asked once more. */
async function preview(day: Day, draft: Draft): Promise<PreviewReport> {
  interface Preview {
    previewId: string;
    state: string;
    report: PreviewReport | null;
  }
  const until = Date.now() + day.patience;
  for (let last = 'none'; ; await delay(LOOK_EVERY_MS, undefined, { signal: day.signal })) {
    if (Date.now() > until) throw new Patience(`no whole preview within ${day.patience / 1_000} s: ${last}`);
    const path = `/api/v1/drafts/${draft.draftId}/previews`;
    let found = granted(await day.gateway.ask<Preview>('author', 'POST', path, { body: {} }));
    while (found.state === 'running' && Date.now() < until) {
      await delay(LOOK_EVERY_MS, undefined, { signal: day.signal });
      found = granted(await day.gateway.ask<Preview>('author', 'GET', `/api/v1/previews/${found.previewId}`));
    }
    if (found.report?.unreachable.length === 0) return found.report;
    last = [found.state, ...(found.report?.unreachable ?? [])].join(' ');
  }
}

/**
 * What a preview should have counted: as many as there were, but for those which it says itself that it cannot reproduce,
 * since a result came while a unit was deciding. Without a disturbance there is none.
 */
function asCounted({ recognitions: { notReproduced } }: PreviewReport, were: number, counted: number): number {
  return Math.abs(counted - were) <= notReproduced ? counted : were;
}

/** What units decided in a preview's period with at least one check recognised. */
async function recognitionsIn(day: Day, { from, to }: PreviewReport): Promise<Recognition[]> {
  const all = (await Promise.all(day.units.map((unit) => ownRecognitions(day, unit)))).flat();
  return all.filter(
    ({ decidedAt, checks }) =>
      decidedAt >= from && decidedAt < to && checks.some(({ decision }) => decision === 'recognised'),
  );
}

/** Whether a check of it was recognised under an arrangement that asks for an unbroken seal. */
function restsOnSeals(day: Day, { checks }: Recognition): boolean {
  const sealed = new Set(
    day.arrangements.flatMap(({ id, conditions }) => (conditions.sealUnbroken === true ? [id] : [])),
  );
  return checks.some(({ decision, arrangement, by = [] }) => {
    const under = [arrangement, ...by.map((each) => each.arrangement)];
    return decision === 'recognised' && under.some((id) => id !== undefined && sealed.has(id));
  });
}

/** An examination of vehicle parts whose manufacturer is named. */
async function examined(day: Day, serial: string): Promise<{ content: ResultContent; receipt: ResultReceipt }> {
  const port = PORTS.dalian;
  const goods = cargo(serial, port, at('06:00'), { ware: 'parts' });
  const made = goods.goods.map((line) => ({ ...line, manufacturer: { name: 'MIHON KOGYO KK 第二工场' } }));
  const shipment = { ...goods, goods: made };
  const content = examination(chanceOf(serial), referenceOf('DLCHG', serial), port, shipment, at('16:30'), {
    verdict: 'clean',
    unpacked: 10,
  });
  return { content, receipt: await submit(day, 'ln.customs', content) };
}

function settled(day: Day, receipts: readonly ResultReceipt[]): Promise<true> {
  const open = () => receipts.filter((receipt) => !isSettled(day, receipt)).length;
  return day.events.until(
    'the settlement of what was issued around the change',
    () => (open() === 0 ? true : undefined),
    () => `${open()} open`,
  );
}

function hiddenFrom(views: ReadonlyMap<UnitId, ResultView>): string[] {
  return unitsThat(views, (view) => view.content.goods?.[0]?.manufacturer === undefined);
}

function errorsOf({ findings = [] }: Draft): string[] {
  return findings.flatMap(({ severity, code, entry = '' }) => (severity === 'error' ? [`${code} ${entry}`] : []));
}

/** That it is for being the author's, and not for a role. */
function whyRefused(answer: GatewayAnswer<unknown>): string {
  const detail = answer.ok ? '' : String(answer.problem.detail);
  return /a second person must/.exec(detail)?.[0] ?? detail;
}

function etag({ revision }: Draft): string {
  return `"${revision}"`;
}
