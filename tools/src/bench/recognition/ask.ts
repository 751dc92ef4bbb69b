import { randomBytes } from 'node:crypto';
import type { Outcome } from '@clearance/contracts';
import { type Backend, requestRecognition } from '../../traffic/backend.ts';
import type { Random } from '../../traffic/random.ts';
import {
  longAgoQuestion,
  type ExaminedConsignment,
  type Question,
  questionAbout,
  unknownQuestion,
} from './consignments.ts';

/** Shares of the questions, in percent. */
const MIX = [
  [60, 'examined'],
  [5, 'many boxes'],
  [20, 'unknown'],
  [15, 'long-ago'],
] as const satisfies readonly (readonly [number, Question['kind']])[];

/** The questions of a day: each time another one. */
export function questions(
  random: Random,
  examined: readonly ExaminedConsignment[],
  past: readonly { declarationNumber: string; containers: string[] }[],
): () => Question {
  const all = Map.groupBy(examined.map(questionAbout), ({ kind }) => kind);
  return () => {
    const kind = random.weighted(MIX);
    switch (kind) {
      case 'examined':
      case 'many boxes':
        return random.pick(all.get(kind)!);
      case 'unknown':
        return unknownQuestion(random);
      case 'long-ago':
        return longAgoQuestion(random.pick(past));
      default:
        return kind satisfies never;
    }
  };
}

/**
 * Asks for a recognition under a reference that nobody has used, and sees that it is answered as it must be.
 *
 * @returns milliseconds until the answer was there
 * @throws Error with the answer when it is another one
 */
export async function ask(backend: Backend, question: Question): Promise<number> {
  const reference = `HR-${randomBytes(9).toString('hex').toUpperCase()}`;
  const since = performance.now();
  const answer = await requestRecognition(backend, { reference, ...question.request });
  const took = performance.now() - since;
  const { outcome, checks } = valueOf(answer);
  const codes = new Set(checks.flatMap(({ reasons = [] }) => reasons.map(({ code }) => code)));
  if (outcome !== question.outcome || (question.because !== undefined && !codes.has(question.because))) {
    throw new Error(`${question.kind} was answered ${outcome}, not ${question.outcome}: ${JSON.stringify(checks)}`);
  }
  return took;
}

/** What was answered. @throws Error when it was refused */
export function valueOf<T>(answer: Outcome<T>): T {
  if (!answer.ok) throw new Error(`not answered: ${JSON.stringify(answer.problem)}`);
  return answer.value;
}

/** How long each of so many questions took, asked one after another; milliseconds by kind. */
export async function askInTurn(
  backend: Backend,
  next: () => Question,
  count: number,
  signal: AbortSignal,
): Promise<{ kind: Question['kind']; ms: number }[]> {
  const took = [];
  for (let index = 0; index < count; index += 1) {
    signal.throwIfAborted();
    const question = next();
    took.push({ kind: question.kind, ms: await ask(backend, question) });
  }
  return took;
}

/** Questions a second when so many are always under way. */
export async function askAtOnce(
  backend: Backend,
  next: () => Question,
  load: { readonly atOnce: number; readonly seconds: number },
  signal: AbortSignal,
): Promise<number> {
  const since = performance.now();
  const until = since + load.seconds * 1_000;
  let answered = 0;
  const asker = async (): Promise<void> => {
    while (performance.now() < until) {
      signal.throwIfAborted();
      await ask(backend, next());
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: load.atOnce }, asker));
  return answered / ((performance.now() - since) / 1_000);
}
