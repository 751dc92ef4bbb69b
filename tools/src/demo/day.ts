import { setTimeout as delay } from 'node:timers/promises';
import type {
  Arrangement,
  EventType,
  Outcome,
  Problem,
  Recognition,
  RecognitionRequest,
  ResultContent,
  ResultReceipt,
  ResultStatus,
  ResultView,
  UnitId,
} from '@clearance/contracts';
import * as backends from '../traffic/backend.ts';
import type { Backend } from '../traffic/backend.ts';
import { chinaDate, hours } from '../traffic/stage.ts';
import { type EventLog, Patience } from './event-log.ts';
import type { GatewayClient } from './gateway-client.ts';

/** What a story is played with: the backends of the twelve units, what they hear, and the gateway's HTTP interface. */
export interface Day {
  readonly units: readonly UnitId[];
  readonly backends: ReadonlyMap<UnitId, Backend>;
  readonly events: EventLog;
  readonly gateway: GatewayClient;
  /** Text and version of the list that the day begins with. */
  readonly list: { readonly document: string; readonly version: string };
  /** What the units have agreed to rely on. */
  readonly arrangements: readonly Arrangement[];
  /** How long a request is repeated while a unit is not ready, milliseconds. */
  readonly patience: number;
  readonly signal: AbortSignal;
  /** Told of every result that is handed over: when the latency of its copies begins. */
  readonly sent: (issuer: UnitId, reference: string) => void;
}

const RETRY_MS = 150;

/** Midnight (China time, UTC+8) at which the scripted day begins: yesterday's, so that all of it is past. */
export function dayStart(now: number): number {
  const offset = hours(8);
  return Math.floor((now + offset) / hours(24)) * hours(24) - offset - hours(24);
}

const START = dayStart(Date.now());

/** A time of the scripted day, milliseconds since 1970. @param clock `HH:MM`, China time */
export function at(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number);
  return START + hours(hour ?? 0) + (minute ?? 0) * 60_000;
}

/** A reference of the script: `MLXHG-20261120-D01`. */
export function referenceOf(place: string, serial: string): string {
  return `${place}-${chinaDate(START)}-D${serial}`;
}

/**
 * Asks until there is an answer that is final: every request may be repeated safely, and a unit that is restarting is only not ready.
 *
 * @throws Patience when it has not become ready in time
 */
export async function ask<T>(
  day: Day,
  unit: UnitId,
  request: (backend: Backend) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const backend = day.backends.get(unit);
  if (backend === undefined) throw new Error(`no unit ${unit} in this mesh`);
  const until = Date.now() + day.patience;
  for (;;) {
    const outcome = await request(backend);
    if (outcome.ok || (outcome.problem.status < 500 && outcome.problem.status !== 429)) return outcome;
    if (Date.now() > until)
      throw new Patience(`${unit} not ready for ${day.patience / 1_000} s: ${outcome.problem.detail}`);
    await delay(RETRY_MS, undefined, { signal: day.signal });
  }
}

/** The answer, where the script has no refusal. @throws with the problem otherwise */
export async function answered<T>(
  day: Day,
  unit: UnitId,
  request: (backend: Backend) => Promise<Outcome<T>>,
): Promise<T> {
  const outcome = await ask(day, unit, request);
  if (outcome.ok) return outcome.value;
  throw new Error(`${unit} refused: ${describeProblem(outcome.problem)}`);
}

function describeProblem({ status, code, errors }: Problem): string {
  return [`${status} ${code}`, ...errors.map((error) => `${error.pointer} ${error.code}`)].join(', ');
}

/** Hands over a result that is accepted. */
export function submit(day: Day, unit: UnitId, content: ResultContent): Promise<ResultReceipt> {
  day.sent(unit, content.reference);
  return answered(day, unit, (backend) => backends.submit(backend, content));
}

/** Asks what a unit need not inspect again. */
export function recognise(day: Day, unit: UnitId, request: RecognitionRequest): Promise<Recognition> {
  return answered(day, unit, (backend) => backends.requestRecognition(backend, request));
}

/** What a unit has under an id, in its newest version. */
export async function held(day: Day, unit: UnitId, resultId: string): Promise<ResultView | undefined> {
  return (await answered(day, unit, (backend) => backends.find(backend, { resultId }))).results[0];
}

/** The other units, in the mesh's order. */
export function others(day: Day, issuer: UnitId): UnitId[] {
  return day.units.filter((unit) => unit !== issuer);
}

const EVENT_OF: Record<ResultStatus, EventType> = {
  issued: 'result.received',
  amended: 'result.amended',
  revoked: 'result.revoked',
};

/** Waits until these units' backends have been told of this version. */
export async function arrived(day: Day, receipt: ResultReceipt, units: readonly UnitId[]): Promise<void> {
  const { resultId, version, status } = receipt;
  const missing = (): UnitId[] => {
    const told = day.events.about(EVENT_OF[status], resultId).filter((event) => event.version === version);
    return units.filter((unit) => !told.some((event) => event.unit === unit));
  };
  await day.events.until(
    `${EVENT_OF[status]}, version ${version}`,
    () => (missing().length === 0 ? true : undefined),
    () => `missing at ${missing().join(' ')}`,
  );
}

/** Each other unit's copy of a version, as `results.find` gives it, once its backend was told of it. */
export async function copies(day: Day, issuer: UnitId, receipt: ResultReceipt): Promise<Map<UnitId, ResultView>> {
  const units = others(day, issuer);
  await arrived(day, receipt, units);
  const views = await Promise.all(units.map(async (unit) => [unit, await held(day, unit, receipt.resultId)] as const));
  return new Map(views.flatMap(([unit, view]) => (view === undefined ? [] : [[unit, view] as const])));
}

/** Units of one agency or of several, out of some. */
export function ofAgency(units: Iterable<UnitId>, ...agencies: string[]): UnitId[] {
  return [...units].filter((unit) => agencies.some((agency) => unit.endsWith(`.${agency}`)));
}
