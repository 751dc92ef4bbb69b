import { compressedScale, type CompressedScale } from './compressed-scale.ts';
import type { Journey, RecognitionMark } from './timeline.ts';

/** What a version waits for while time passes: its offer, the decision, the last receipt. */
export const PHASES = ['offering', 'deciding', 'delivering'] as const;
export type Phase = (typeof PHASES)[number];

/** A stretch of one phase. */
export interface Bar {
  phase: Phase;
  x1: number;
  x2: number;
  seconds: number;
}

/** One line of the drawing. */
export type Line =
  | {
      kind: 'version';
      key: string;
      y: number;
      journey: Journey;
      examined: number | undefined;
      bars: readonly Bar[];
      receipts: readonly { unit: string; x: number }[];
      settled: number | undefined;
    }
  | { kind: 'recognition'; key: string; y: number; mark: RecognitionMark; at: number; reopened: number | undefined };

/** The lines of one unit under its name. */
export interface Lane {
  unit: string;
  /** Of its heading. */
  y: number;
  lines: readonly Line[];
  /** Seconds from the first thing that the unit did to the last that happened to it. */
  seconds: number;
}

/** A drawing in pixels, downwards and to the right. */
export interface Waterfall {
  lanes: readonly Lane[];
  scale: CompressedScale;
  height: number;
}

export const LINE_HEIGHT = 28;
export const HEADING_HEIGHT = 30;

/** Lays out what happened to a consignment: units in the order in which they came, each with what it did below it. */
export function layoutWaterfall(
  { journeys, recognitions }: { journeys: readonly Journey[]; recognitions: readonly RecognitionMark[] },
  width: number,
): Waterfall {
  const scale = compressedScale(
    [...journeys.flatMap(timesOfJourney), ...recognitions.flatMap(timesOfRecognition)],
    width,
  );
  const begun = new Map<string, number>();
  const note = (unit: string, at: number): void => void begun.set(unit, Math.min(at, begun.get(unit) ?? Infinity));
  for (const journey of journeys) note(journey.unit, Math.min(...timesOfJourney(journey)));
  for (const { unit, at } of recognitions) note(unit, at);
  const units = [...begun].sort(([, one], [, other]) => one - other).map(([unit]) => unit);
  let y = 0;
  const lanes = units.map((unit): Lane => {
    const own = journeys.filter((journey) => journey.unit === unit);
    const marks = recognitions.filter((mark) => mark.unit === unit);
    const times = [...own.flatMap(timesOfJourney), ...marks.flatMap(timesOfRecognition)];
    const heading = y;
    y += HEADING_HEIGHT;
    const next = (): number => {
      y += LINE_HEIGHT;
      return y - LINE_HEIGHT;
    };
    const lines = [
      ...own.map((journey) => () => versionLine(journey, scale, next())),
      ...marks.map((mark) => () => recognitionLine(mark, scale, next())),
    ].map((make) => make());
    return { unit, y: heading, lines, seconds: (Math.max(...times) - Math.min(...times)) / 1_000 };
  });
  return { lanes, scale, height: y };
}

function versionLine(journey: Journey, { place }: CompressedScale, y: number): Line {
  const { resultId, version, submitted, offered, decided, settled, received, examined } = journey;
  const ends = [offered, decided, settled ?? lastOf(received)];
  const bars: Bar[] = [];
  let from = submitted;
  for (const [index, phase] of PHASES.entries()) {
    const to = ends[index];
    // Clocks of two machines may differ: what seems to end before it began is not drawn.
    if (to === undefined || to < from) continue;
    bars.push({ phase, x1: place(from), x2: place(to), seconds: (to - from) / 1_000 });
    from = to;
  }
  return {
    ...{ kind: 'version', key: `${resultId}:${version}`, y, journey, bars },
    examined: examined === undefined ? undefined : place(examined),
    receipts: received.map(({ unit, at }) => ({ unit, x: place(at) })),
    settled: settled === undefined ? undefined : place(settled),
  };
}

function recognitionLine(mark: RecognitionMark, { place }: CompressedScale, y: number): Line {
  const { recognitionId, at, reopened } = mark;
  return {
    ...{ kind: 'recognition', key: recognitionId, y, mark, at: place(at) },
    reopened: reopened === undefined ? undefined : place(Date.parse(reopened.at)),
  };
}

function timesOfJourney({ examined, submitted, offered, decided, received, settled }: Journey): number[] {
  return [examined, submitted, offered, decided, ...received.map(({ at }) => at), settled].filter(
    (at) => at !== undefined,
  );
}

function timesOfRecognition({ at, reopened }: RecognitionMark): number[] {
  return reopened === undefined ? [at] : [at, Date.parse(reopened.at)];
}

function lastOf(received: Journey['received']): number | undefined {
  return received.length === 0 ? undefined : Math.max(...received.map(({ at }) => at));
}
