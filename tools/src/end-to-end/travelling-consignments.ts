import type { Recognition } from '@clearance/contracts';
import { valueOf } from '../bench/recognition/ask.ts';
import {
  ASKED,
  type ExaminedConsignment,
  examinedConsignments,
  questionAbout,
} from '../bench/recognition/consignments.ts';
import { requestRecognition, submitBatch } from '../traffic/backend.ts';
import { seededRandom } from '../traffic/random.ts';
import { eventually, type TestLocalMesh } from './test-local-mesh.ts';

const CONSIGNMENTS = { usual: 12, many: 1, trains: 0 };

/** Consignments on their way, and what their last unit asks about them; the same every time. @param now milliseconds since 1970 */
export function travelling(now: number): ExaminedConsignment[] {
  return examinedConsignments(seededRandom('preview'), now, CONSIGNMENTS);
}

/** Submits everything, waits until every unit has what is for it, and asks what can be recognised. @returns the answers, in order */
export async function playTravelling(
  on: TestLocalMesh,
  consignments: readonly ExaminedConsignment[],
): Promise<Recognition[]> {
  const results = consignments.flatMap((consignment) => consignment.results);
  for (const [unit, group] of Map.groupBy(results, ({ unit }) => unit)) {
    const outcomes = valueOf(
      await submitBatch(
        on.backend(unit),
        group.map(({ content }) => content),
      ),
    );
    outcomes.forEach(valueOf);
    await eventually(async () => {
      const rows = await on.query(unit, 'select 1 from offer_outbox limit 1');
      return rows.length === 0 ? true : undefined;
    }, `all of ${unit} is settled`);
  }
  const answers: Recognition[] = [];
  for (const [index, consignment] of consignments.entries()) {
    const { request } = questionAbout(consignment);
    answers.push(valueOf(await requestRecognition(on.backend(ASKED), { reference: `HR-${index}`, ...request })));
  }
  return answers;
}
