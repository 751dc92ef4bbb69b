import type { CheckType, RecognitionRequest, SealCondition } from '@clearance/contracts';
import { boxNumbers, containersOf, itemNumbers, openAndReseal, quantitiesOf } from '../consignment.ts';
import type { Box, Consignment } from '../consignment.ts';
import { examination, wholeOf } from '../customs-results.ts';
import { sealNumber } from '../identifiers.ts';
import { quarantine } from '../inspection-results.ts';
import type { Port } from '../ports.ts';
import { chinaTime, hours } from '../stage.ts';
import type { Script, Stage } from '../stage.ts';

/** How the boxes' seals are found on arrival. */
type Found = 'as-sealed' | 'broken' | 'other-seal' | 'not-looked-at';

function sealsObserved(consignment: Consignment): NonNullable<RecognitionRequest['sealsObserved']> {
  return consignment.boxes.map((box) => ({
    container: box.number,
    number: box.seal.number,
    condition: box.seal.condition,
  }));
}

/** The consignment as it stands in the yard of arrival: seals mostly as they were, sometimes not. */
function arrivedAs(stage: Stage, consignment: Consignment, found: Found): Consignment {
  const { random } = stage;
  const victim = consignment.boxes.length === 0 ? -1 : random.integer(0, consignment.boxes.length - 1);
  const boxes = consignment.boxes.map((box, i): Box => {
    // On the road nobody replaces a seal officially, so no box still tells which one it replaced.
    const { number, affixedBy } = box.seal;
    const seal = { number, condition: 'intact' as SealCondition, ...(affixedBy === undefined ? {} : { affixedBy }) };
    if (i !== victim) return { ...box, seal };
    if (found === 'broken')
      return { ...box, seal: { ...seal, condition: random.pick(['broken', 'tampered'] as const) } };
    if (found === 'other-seal') return { ...box, seal: { number: sealNumber(random, 'carrier'), condition: 'intact' } };
    return { ...box, seal };
  });
  return { ...consignment, boxes };
}

/** What customs would do itself to goods that nobody opened. */
const BY_CUSTOMS: readonly CheckType[] = ['x-ray', 'seal', 'weighing', 'documentary'];

/** The checks that found nothing wrong in the results of these keys. */
function checksDone(script: Script, keys: readonly string[]): Set<CheckType> {
  return new Set(
    script.steps
      .flatMap((step) => (step.action === 'submit' && keys.includes(step.key) ? step.content.checks : []))
      .flatMap((check) => (check.outcome === 'conformant' ? [check.type] : [])),
  );
}

/**
 * The goods are seen again in another province. Its units ask what they need not inspect again; customs records the seals, and where
 * one was broken opens the box.
 *
 * @param after keys of the results that the first province issued
 * @param at arrival
 */
export function moveOn(
  stage: Stage,
  script: Script,
  target: Port,
  sent: Consignment,
  after: readonly string[],
  at: number,
): void {
  const { random } = stage;
  const boxed = sent.boxes.length > 0;
  const found: Found = boxed
    ? random.weighted([
        [88, 'as-sealed'],
        [5, 'broken'],
        [3, 'other-seal'],
        [4, 'not-looked-at'],
      ] as const)
    : 'as-sealed';
  const arrived = arrivedAs(stage, sent, found);
  const request = (reference: string, checks: CheckType[]): RecognitionRequest => ({
    reference,
    location: target.location,
    checks,
    consignment: {
      declarationNumber: sent.declarationNumber,
      items: itemNumbers(sent),
      ...(boxed ? { containers: boxNumbers(sent) } : { transportDocument: sent.transportDocument }),
      // Bulk is split on the way: a part of what was weighed is enough to ask for.
      ...(boxed || random.chance(0.5) ? {} : { quantities: quantitiesOf(sent) }),
    },
    ...(boxed && found !== 'not-looked-at' ? { sealsObserved: sealsObserved(arrived) } : {}),
  });
  const done = checksDone(script, after);
  const asked = (candidates: readonly CheckType[], otherwise: CheckType): CheckType[] => {
    const likely = candidates.filter((type) => done.has(type));
    // Now and then something is asked for that nobody did: the answer says so.
    return likely.length === 0 || random.chance(0.05) ? [...new Set([...likely, otherwise])] : likely;
  };
  const forCustoms = asked(done.has('physical') ? ['physical', 'seal', 'weighing'] : BY_CUSTOMS, 'documentary');
  script.recognise(target, 'customs', at, after, (ref) => request(ref, forCustoms));
  if (random.chance(0.7)) {
    const forInspection = asked(['quarantine', 'laboratory'], 'laboratory');
    script.recognise(target, 'inspection', at, after, (ref) => request(ref, forInspection));
  }
  if (done.has('x-ray') && random.chance(0.1)) {
    script.recognise(target, 'border', at, after, (ref) => request(ref, ['x-ray']));
  }

  const seen = at + hours(0.5);
  const intact = found === 'as-sealed' || found === 'not-looked-at';
  if (intact && random.chance(0.5)) {
    script.submit(target, 'customs', seen, (ref) =>
      examination(random, ref, target, arrived, seen, {
        verdict: 'clean',
        unpacked: 0,
        containers: containersOf(arrived),
        ...(boxed
          ? {
              also: [
                {
                  type: 'seal',
                  outcome: 'conformant',
                  performedAt: chinaTime(seen),
                  covers: wholeOf(sent),
                },
              ],
            }
          : {}),
      }),
    );
  }
  if (!intact) {
    const opening = openAndReseal(random, arrived, 'customs');
    script.submit(target, 'customs', seen + hours(1), (ref) =>
      examination(random, ref, target, arrived, seen + hours(1), {
        verdict: random.weighted([
          [85, 'clean'],
          [15, 'discrepancy'],
        ] as const),
        unpacked: 100,
        containers: opening.containers,
        also: [
          {
            type: 'seal',
            outcome: 'non-conformant',
            performedAt: chinaTime(seen),
            covers: wholeOf(sent),
          },
        ],
      }),
    );
    if (random.chance(0.4)) {
      script.submit(target, 'inspection', seen + hours(2), (ref) =>
        quarantine(random, ref, target, opening.consignment, seen + hours(2), {
          verdict: 'clean',
          from: sent.goods[0]?.origin ?? 'RU',
          wood: false,
          sampled: false,
        }),
      );
    }
  }
}

/**
 * Now and then inspection asks at the same place whether customs' image will do for its own look (关检协作).
 *
 * @param after keys of customs' results
 */
export function askNextDoor(
  stage: Stage,
  script: Script,
  port: Port,
  consignment: Consignment,
  after: readonly string[],
  at: number,
): void {
  if (!stage.random.chance(0.15)) return;
  const boxed = consignment.boxes.length > 0;
  script.recognise(port, 'inspection', at, after, (reference) => ({
    reference,
    location: port.location,
    checks: ['x-ray'],
    consignment: {
      declarationNumber: consignment.declarationNumber,
      items: itemNumbers(consignment),
      ...(boxed ? { containers: boxNumbers(consignment) } : {}),
    },
    ...(boxed ? { sealsObserved: sealsObserved(consignment) } : {}),
  }));
}
