/** One unit's day so far, as `/api/v1/stream` tells it. */
export interface UnitFlow {
  unit: string;
  /** Versions issued. */
  results: number;
  /** Versions that every entitled unit has confirmed. */
  available: number;
  /** Recognitions decided. */
  decided: number;
  /** Checks, by what was decided of them. */
  recognised: number;
  required: number;
}

/** An event of the stream: this day's numbers per unit. */
export interface FlowEvent {
  /** RFC 3339. */
  at: string;
  day: string;
  /** What is yet to be counted. */
  waiting: number;
  units: readonly UnitFlow[];
}

/** The numbers of a flow. */
export const FLOW_FIGURES = ['results', 'available', 'decided', 'recognised', 'required'] as const;
export type FlowFigure = (typeof FLOW_FIGURES)[number];
export type Figures = Readonly<Record<FlowFigure, number>>;

export const NOTHING: Figures = { results: 0, available: 0, decided: 0, recognised: 0, required: 0 };

/** What came between two events: `at` is the later one's, in ms. */
export interface Step {
  at: number;
  units: ReadonlyMap<string, Figures>;
}

/** What has been seen since the page is looked at. */
export interface Flow {
  last: FlowEvent | undefined;
  /** In the order of time, none older than {@link KEPT_FOR_MS}. */
  steps: readonly Step[];
}

export const NO_FLOW: Flow = { last: undefined, steps: [] };

/** How far back a unit's strip reaches, ms. */
export const KEPT_FOR_MS = 5 * 60_000;
/** One bar of it, ms. */
export const BAR_MS = 10_000;

/**
 * Takes the next event. Nothing flowed before the first, and a new day begins at nothing; a number that shrank (the figures are
 * being made anew) says nothing of what flowed.
 */
export function follow(flow: Flow, event: FlowEvent): Flow {
  const at = Date.parse(event.at);
  const kept = flow.steps.filter((step) => step.at > at - KEPT_FOR_MS);
  if (flow.last === undefined) return { last: event, steps: kept };
  const before = new Map(flow.last.day === event.day ? flow.last.units.map((unit) => [unit.unit, unit]) : []);
  const units = new Map<string, Figures>();
  for (const unit of event.units) {
    const gained = gain(unit, before.get(unit.unit) ?? NOTHING);
    if (FLOW_FIGURES.some((figure) => gained[figure] > 0)) units.set(unit.unit, gained);
  }
  return { last: event, steps: units.size === 0 ? kept : [...kept, { at, units }] };
}

function gain(now: Figures, before: Figures): Figures {
  const of = (figure: FlowFigure): number => Math.max(0, now[figure] - before[figure]);
  return {
    results: of('results'),
    available: of('available'),
    decided: of('decided'),
    recognised: of('recognised'),
    required: of('required'),
  };
}

/** What flowed in the last `span` before the latest event; of one unit, or of all. @param span ms */
export function flowed({ last, steps }: Flow, span: number, unit?: string): Figures {
  if (last === undefined) return NOTHING;
  const since = Date.parse(last.at) - span;
  const within = steps.filter(({ at }) => at > since);
  return within.flatMap(({ units }) => (unit === undefined ? [...units.values()] : [units.get(unit) ?? NOTHING])).reduce(sum, NOTHING); // prettier-ignore
}

/** One figure of a unit per bar, the oldest first. */
export function barsOf({ last, steps }: Flow, unit: string, figure: FlowFigure): number[] {
  const bars = Array.from({ length: KEPT_FOR_MS / BAR_MS }, () => 0);
  if (last === undefined) return bars;
  const end = Date.parse(last.at);
  for (const { at, units } of steps) {
    const bar = bars.length - 1 - Math.floor((end - at) / BAR_MS);
    if (bar in bars) bars[bar]! += units.get(unit)?.[figure] ?? 0;
  }
  return bars;
}

/** All units of an event together. */
export function inAll({ units }: Pick<FlowEvent, 'units'>): Figures {
  return units.reduce<Figures>(sum, NOTHING);
}

function sum(one: Figures, other: Figures): Figures {
  return {
    results: one.results + other.results,
    available: one.available + other.available,
    decided: one.decided + other.decided,
    recognised: one.recognised + other.recognised,
    required: one.required + other.required,
  };
}

/** The longest pause before the stream is asked for again, ms. */
const LONGEST_PAUSE_MS = 30_000;

/** How long to wait before the stream is asked for again, ms. @param failures in a row; 0 when it ended as it should */
export function pauseAfter(failures: number): number {
  return failures === 0 ? 250 : Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** (failures - 1));
}
