import type { Agency, RecognitionRequest, ResultContent, UnitId } from '@clearance/contracts';
import type { Port } from './ports.ts';
import type { Random } from './random.ts';
import type { Draft } from './steps.ts';

/** What a story is told with. */
export interface Stage {
  /** Name of the story within the scenario, e.g. `41-rail-import`. */
  readonly story: string;
  /** Serial number of the story, from 1. */
  readonly serial: number;
  /** Four characters that tell this scenario's references from those of another seed or start. */
  readonly run: string;
  readonly random: Random;
  /** The scenario's firms and ships: generators that are only ever forked by name, so that a name keeps its numbers. */
  readonly firms: Random;
  readonly fleet: Random;
  /** The latest time (milliseconds since 1970) at which anything in the story may have happened. */
  readonly now: number;
}

/** Milliseconds of so many hours. */
export function hours(count: number): number {
  return Math.round(count * 3_600_000);
}

/** RFC 3339 in China's time (UTC+8, no daylight saving), whole seconds. */
export function chinaTime(at: number): string {
  return `${new Date(at + hours(8)).toISOString().slice(0, 19)}+08:00`;
}

/** The calendar date in China as eight digits, as reference numbers carry it. */
export function chinaDate(at: number): string {
  return new Date(at + hours(8)).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The unit of an agency that works at a port. */
export function unitAt(port: Port, agency: Agency): UnitId {
  return `${port.province}.${agency}`;
}

/** Collects a story's steps. Keys and references are numbered here, so that no two are equal within a scenario. */
export interface Script {
  readonly steps: Draft[];
  /** A unit submits a result; returns its key. `content` gets a reference of the port's. */
  submit(port: Port, agency: Agency, at: number, content: (reference: string) => ResultContent): string;
  /** A unit asks what it need not inspect again, once the results named by `after` have reached it; returns the key. */
  recognise(
    port: Port,
    agency: Agency,
    at: number,
    after: readonly string[],
    request: (reference: string) => RecognitionRequest,
  ): string;
}

/** A script with nothing in it yet. */
export function newScript(stage: Stage): Script {
  const steps: Draft[] = [];
  const name = (): string => `${stage.story}/${steps.length + 1}`;
  const reference = (port: Port, mark: string, at: number): string =>
    `${port.location.slice(2)}${mark}-${chinaDate(at)}-${stage.run}-${stage.serial}-${steps.length + 1}`;
  return {
    steps,
    submit: (port, agency, at, content) => {
      const key = name();
      const mark = { customs: 'HG', inspection: 'JY', border: 'BJ' }[agency];
      steps.push({
        action: 'submit',
        unit: unitAt(port, agency),
        key,
        after: [],
        content: content(reference(port, mark, at)),
      });
      return key;
    },
    recognise: (port, agency, at, after, request) => {
      const key = name();
      steps.push({
        action: 'recognise',
        unit: unitAt(port, agency),
        key,
        after,
        request: request(reference(port, 'HR', at)),
      });
      return key;
    },
  };
}
