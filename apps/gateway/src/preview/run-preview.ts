import { setImmediate as nextTurn } from 'node:timers/promises';
import { type PreviewReport, type ReplayedRecognition, unitsOf, type UnitId } from '@clearance/contracts';
import {
  compareDecisions,
  compileNegativeList,
  decideDisclosure,
  type GrantedVersion,
  type NegativeList,
} from '@clearance/negative-list';
import { liftsOf } from '../access/grants.ts';
import type { Gateway } from '../gateway.ts';
import { versionKey } from '../enforce/view.ts';
import type { ListInForce } from '../lists/list-in-force.ts';
import type { PreviewProgress } from './preview-schema.ts';
import { parseContent, type Period, type ReplayedUnits, replayUnits } from './replayed-units.ts';
import { type PreviewTally, tallyPreview } from './tally-preview.ts';
import { type ComparedLists, weighRecognition } from './weigh-recognition.ts';

/** Results that are decided before others in this process have their turn: some milliseconds. */
const AT_A_TIME = 50;

/**
 * Replays traffic that was against a draft: what every unit issued is decided by the list in force and by the draft, and
 * every recognition weighed by what its unit would have seen. Contents are asked of their issuers and kept nowhere.
 *
 * Both lists are asked as of the moment when the draft would come into force, now at the earliest, and what has been granted until
 * then is granted under both.
 *
 * @param progress called now and then; what it throws ends the preview
 */
export async function runPreview(
  gateway: Gateway,
  { list, current, period }: { list: NegativeList; current: ListInForce; period: Period },
  progress: (progress: PreviewProgress) => Promise<void>,
): Promise<Omit<PreviewReport, 'draftId' | 'revision' | 'documentDigest'>> {
  const draft = compileNegativeList(list, gateway.consumers);
  const asOf = Math.max(gateway.now(), draft.effectiveFrom);
  const grants = gateway.grants.current();
  const lists: ComparedLists = {
    current: current.compiled,
    draft,
    asOf,
    liftsOf: (version) => liftsOf(grants, version, asOf),
  };
  const units = replayUnits(gateway);
  const tally = tallyPreview(list.entries);
  const expected = await countVersions(gateway, period);
  const tell = (step: PreviewProgress['step']): Promise<void> =>
    progress({ results: tally.results, expected, recognitions: tally.recognitionsSeen, step });

  for (const unit of unitsOf(gateway.mesh)) {
    for await (const page of units.issued(unit, period)) {
      for (const [place, { content, ...version }] of page.entries()) {
        if (place % AT_A_TIME === 0) await nextTurn();
        const parsed = parseContent(content);
        if (parsed === undefined) units.leaveOut(unit);
        else tally.addResult(version, changesOf(gateway, { ...version, issuer: unit, content: parsed }, lists));
      }
      await tell('results');
    }
  }
  for (const unit of unitsOf(gateway.mesh)) {
    for await (const page of units.recognitions(unit, period)) {
      await weighAll(gateway, unit, page, { units, lists, tally });
      await tell('recognitions');
    }
  }
  return {
    listInForce: current.version,
    ...period,
    asOf: new Date(asOf).toISOString(),
    ...tally.report(),
    unreachable: units.unreachable(),
  };
}

function changesOf(
  gateway: Gateway,
  version: Omit<GrantedVersion, 'kind'>,
  { current, draft, asOf, liftsOf }: ComparedLists,
): ReturnType<typeof compareDecisions> {
  const result = { ...version, kind: String((version.content as { kind?: unknown }).kind ?? '') };
  const lifts = liftsOf(result);
  return compareDecisions(
    decideDisclosure(current, result, gateway.consumers, asOf, lifts),
    decideDisclosure(draft, result, gateway.consumers, asOf, lifts),
  );
}

async function weighAll(
  gateway: Gateway,
  unit: UnitId,
  page: readonly ReplayedRecognition[],
  { units, lists, tally }: { units: ReplayedUnits; lists: ComparedLists; tally: PreviewTally },
): Promise<void> {
  const contents = await units.contents(page.flatMap(({ known }) => known));
  for (const { recognitionId, request, decidedAt, recognised, known } of page) {
    await nextTurn();
    const whole = known.flatMap((version) => contents.get(versionKey(version)) ?? []);
    if (whole.length < known.length) {
      tally.addUnknownRecognition();
      continue;
    }
    const past = { recognitionId, unit, request, decidedAt: Date.parse(decidedAt), recognised, known: whole };
    tally.addRecognition({ recognitionId, unit }, weighRecognition(past, lists, gateway.mesh.arrangements));
  }
}

async function countVersions({ database }: Gateway, { from, to }: Period): Promise<number> {
  const [row]: [{ count: number }] = await database.query(
    'select count(*)::integer as count from settlement where issued_at >= $1 and issued_at < $2',
    [from, to],
  );
  return row.count;
}
