import { v7 as uuidv7 } from 'uuid';
import { type Outcome, type PreviewRequest, problem } from '@clearance/contracts';
import { parseNegativeList } from '@clearance/negative-list';
import { describeError } from '@clearance/platform';
import { textDigest } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { isRefused, lintDraft, type RefusedByLint } from '../lists/act-on-draft.ts';
import { readDraft } from '../lists/keep-drafts.ts';
import { beginPreview, endPreview, keepProgress, readPreview } from './keep-previews.ts';
import type { Preview, PreviewProgress } from './preview-schema.ts';
import type { Period } from './replayed-units.ts';
import { runPreview } from './run-preview.ts';

const WEEK_MS = 7 * 86_400_000;
const TELL_EVERY_MS = 500;

/** Previews of one gateway: one at a time, since it decides what is offered beside. */
export interface Previews {
  /**
   * Begins one, and resolves as soon as it runs.
   * @returns its beginning; a problem when there is no such draft or list in force, or another preview runs; the
   *   findings when lint refuses the draft
   */
  start(draftId: string, request: PreviewRequest, requestedBy: string): Promise<Outcome<Preview> | RefusedByLint>;
  /** Ends the one that runs; it has failed then. */
  stop(): Promise<void>;
}

/** Opens the previews of a gateway. */
export function openPreviews(gateway: Gateway): Previews {
  let running: Promise<void> | undefined;
  /** From the moment at which one is begun: two who ask at once must not both be let in. */
  let busy = false;
  const stopping = new AbortController();

  const run = async (previewId: string, draftId: string, { revision, document, period }: Started): Promise<void> => {
    const { database } = gateway;
    let progress: PreviewProgress | undefined;
    let told = -Infinity;
    const tell = async (latest: PreviewProgress): Promise<void> => {
      stopping.signal.throwIfAborted();
      progress = latest;
      if (performance.now() - told < TELL_EVERY_MS) return;
      told = performance.now();
      await keepProgress(database, previewId, latest);
    };
    try {
      const parsed = parseNegativeList(document);
      const current = gateway.listInForce(gateway.now());
      if (!parsed.ok || current === undefined) throw new Error('the list is gone');
      // A unit that does not answer must not hold up a gateway that is to stop.
      const found = await Promise.race([
        runPreview(gateway, { list: parsed.list, current, period }, tell),
        untilAborted(stopping.signal),
      ]);
      const report = { draftId, revision, documentDigest: textDigest(document), ...found };
      await endPreview(database, previewId, { report, progress });
    } catch (error) {
      gateway.log.error({ preview: previewId, err: describeError(error) }, 'preview failed');
      await endPreview(database, previewId, { report: undefined, progress }).catch(() => undefined);
    }
  };

  return {
    start: async (draftId, request, requestedBy) => {
      const draft = await readDraft(gateway.database, draftId);
      if (draft === undefined) return { ok: false, problem: problem('unknown') };
      const findings = lintDraft(gateway, draft.document);
      if (isRefused(findings)) return { ok: false, findings };
      if (gateway.listInForce(gateway.now()) === undefined) return { ok: false, problem: problem('not-ready') };
      if (busy) return { ok: false, problem: problem('slow-down', { detail: BUSY }) };
      busy = true;
      try {
        const period = await periodOf(gateway, request);
        const previewId = uuidv7();
        const startedAt = new Date(gateway.now()).toISOString();
        const { revision, document } = draft;
        await beginPreview(gateway.database, { previewId, draftId, revision, requestedBy, startedAt });
        const begun = (await readPreview(gateway.database, previewId))!;
        running = run(previewId, draftId, { revision, document, period }).finally(() => (busy = false));
        return { ok: true, value: begun };
      } catch (error) {
        busy = false;
        throw error;
      }
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

interface Started {
  revision: number;
  document: string;
  period: Period;
}

const BUSY = {
  zh: '另一次预演正在进行，请稍后重试',
  en: 'Another preview is under way in this gateway; try again later.',
};

/** Up to now; from what was asked for, or as many versions back as were asked for. */
async function periodOf(gateway: Gateway, { since, results }: PreviewRequest): Promise<Period> {
  const now = gateway.now();
  const to = new Date(now).toISOString();
  if (results === undefined) return { from: since ?? new Date(now - WEEK_MS).toISOString(), to };
  const [row]: { issued_at: Date }[] = await gateway.database.query(
    'select issued_at from settlement where issued_at < $1 order by issued_at desc offset $2 limit 1',
    [to, results - 1],
  );
  const from = row?.issued_at ?? new Date(0);
  const floor = since === undefined ? 0 : Date.parse(since);
  return { from: new Date(Math.max(from.getTime(), floor)).toISOString(), to };
}
