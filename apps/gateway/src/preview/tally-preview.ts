import type {
  CheckType,
  LocalizedText,
  PreviewedEntry,
  PreviewReport,
  RecognitionCost,
  Selector,
  UnitId,
} from '@clearance/contracts';
import { type Entry, patternOf, type ViewChange } from '@clearance/negative-list';
import type { WeighedRecognition } from './weigh-recognition.ts';

const MAX_EXAMPLES = 5;

/** What a preview has counted so far. */
export interface PreviewTally {
  /** One version of a result, and what the draft would change of its views. */
  addResult(version: { resultId: string; version: number }, changes: readonly ViewChange[]): void;
  addRecognition(recognition: { recognitionId: string; unit: UnitId }, weighed: WeighedRecognition): void;
  /** A recognition that could not be weighed. */
  addUnknownRecognition(): void;
  readonly results: number;
  readonly recognitionsSeen: number;
  report(): Pick<PreviewReport, 'results' | 'changed' | 'entries' | 'recognitions' | 'verdict'>;
}

interface Effect {
  entry: string;
  consumer: UnitId;
  effect: 'withheld' | 'shown';
  results: number;
  fields: Map<string, number>;
  examples: PreviewedEntry['examples'];
}

interface Cost {
  entry: string;
  path: string;
  recognitions: number;
  checks: Map<CheckType, number>;
  units: Map<UnitId, number>;
  examples: RecognitionCost['examples'];
}

/**
 * Counts what a draft would change. What it keeps grows with entries, consumers and kinds of fields, and not with traffic.
 *
 * @param entries of the draft: how their consumers are spoken of
 */
export function tallyPreview(entries: readonly Entry[]): PreviewTally {
  const effects = new Map<string, Effect>();
  const costs = new Map<string, Cost>();
  const counts = {
    results: 0,
    less: 0,
    more: 0,
    made: 0,
    lost: 0,
    gained: 0,
    notReproduced: 0,
    notWeighed: 0,
    seen: 0,
  };

  const addEffect = (
    effect: Effect['effect'],
    { resultId, version }: { resultId: string; version: number },
    consumers: readonly UnitId[],
    paths: ViewChange['withheld'],
  ): void => {
    // The same for all of these consumers.
    const changed = new Map<string, { path: string; patterns: Set<string> }>();
    for (const { path, entries: named } of paths) {
      for (const entry of named) {
        const known = changed.get(entry) ?? { path, patterns: new Set() };
        changed.set(entry, known);
        known.patterns.add(patternOf(path));
      }
    }
    for (const consumer of consumers) {
      for (const [entry, { path, patterns }] of changed) {
        const key = `${effect} ${entry} ${consumer}`;
        const known: Effect = effects.get(key) ?? {
          entry,
          consumer,
          effect,
          results: 0,
          fields: new Map(),
          examples: [],
        };
        effects.set(key, known);
        known.results += 1;
        for (const pattern of patterns) known.fields.set(pattern, (known.fields.get(pattern) ?? 0) + 1);
        if (known.examples.length < MAX_EXAMPLES) known.examples.push({ resultId, version, path });
      }
    }
  };

  const addCost = (
    { recognitionId, unit }: { recognitionId: string; unit: UnitId },
    { entry, path }: { entry: string; path: string },
    types: readonly CheckType[],
  ): void => {
    const key = `${entry} ${path}`;
    const known: Cost = costs.get(key) ?? {
      entry,
      path,
      recognitions: 0,
      checks: new Map(),
      units: new Map(),
      examples: [],
    };
    costs.set(key, known);
    known.recognitions += 1;
    for (const type of types) known.checks.set(type, (known.checks.get(type) ?? 0) + 1);
    known.units.set(unit, (known.units.get(unit) ?? 0) + 1);
    if (known.examples.length < MAX_EXAMPLES) known.examples.push({ recognitionId, unit, checks: [...types] });
  };

  return {
    addResult: (version, changes) => {
      counts.results += 1;
      if (changes.some(({ withheld }) => withheld.length > 0)) counts.less += 1;
      if (changes.some(({ shown }) => shown.length > 0)) counts.more += 1;
      for (const { consumers, withheld, shown } of changes) {
        addEffect('withheld', version, consumers, withheld);
        addEffect('shown', version, consumers, shown);
      }
    },
    addRecognition: (recognition, { made, lost, gained, reproduced }) => {
      counts.seen += 1;
      if (made.length > 0) counts.made += 1;
      if (lost.length > 0) counts.lost += 1;
      if (gained.length > 0) counts.gained += 1;
      if (!reproduced) counts.notReproduced += 1;
      const byCause = Map.groupBy(
        lost.flatMap(({ type, causes }) => causes.map((cause) => ({ type, cause }))),
        ({ cause }) => `${cause.entry} ${cause.path}`,
      );
      for (const group of byCause.values()) {
        addCost(
          recognition,
          group[0]!.cause,
          group.map(({ type }) => type),
        );
      }
    },
    addUnknownRecognition: () => {
      counts.seen += 1;
      counts.notWeighed += 1;
    },
    get results() {
      return counts.results;
    },
    get recognitionsSeen() {
      return counts.seen;
    },
    report: () => {
      const { results, less, more, made, lost, gained, notReproduced, notWeighed } = counts;
      const sortedCosts = [...costs.values()].map(costOf).sort((a, b) => b.recognitions - a.recognitions);
      return {
        results,
        changed: { less, more },
        entries: [...effects.values()].map(effectOf).sort((a, b) => b.results - a.results),
        recognitions: { made, lost, gained, costs: sortedCosts, notReproduced, notWeighed },
        verdict: verdictOf({ results, less, more, made, lost, gained }, sortedCosts, entries),
      };
    },
  };
}

function effectOf({ fields, ...effect }: Effect): PreviewedEntry {
  const sorted = [...fields].sort(([, a], [, b]) => b - a);
  return { ...effect, fields: sorted.map(([path, results]) => ({ path, results })) };
}

function costOf({ checks, units, ...cost }: Cost): RecognitionCost {
  return {
    ...cost,
    checks: [...checks].sort(([, a], [, b]) => b - a).map(([type, count]) => ({ type, count })),
    units: [...units].sort(([, a], [, b]) => b - a).map(([unit, count]) => ({ unit, count })),
  };
}

/** What it comes to, in words: the costs that matter most first. */
function verdictOf(
  { results, less, more, made, lost, gained }: Record<'results' | 'less' | 'more' | 'made' | 'lost' | 'gained', number>,
  costs: readonly RecognitionCost[],
  entries: readonly Entry[],
): LocalizedText[] {
  const selectorOf = (id: string): Selector | undefined => entries.find((entry) => entry.id === id)?.consumers;
  const lines = costs.slice(0, 3).map(({ entry, path, recognitions }): LocalizedText => {
    const whom = consumersText(selectorOf(entry));
    const what = path === '' ? { zh: '整份结果', en: 'the whole result' } : { zh: path, en: path };
    return {
      zh: `若对${whom.zh}不予共享${what.zh}（${entry}），${made} 次互认中有 ${recognitions} 次无法作出`,
      en: `withholding ${what.en} from ${whom.en} (${entry}) would have cost ${recognitions} of ${made} recognitions`,
    };
  });
  if (lost === 0) {
    lines.push({ zh: `${made} 次互认均不受影响`, en: `none of ${made} recognitions would have been lost` });
  } else if (costs.length > 1) {
    lines.push({
      zh: `合计：${made} 次互认中有 ${lost} 次无法作出`,
      en: `together it would have cost ${lost} of ${made} recognitions`,
    });
  }
  if (gained > 0)
    lines.push({ zh: `另有 ${gained} 次互认可以作出`, en: `${gained} recognitions more could have been made` });
  lines.push({
    zh: `${results} 份结果中，有 ${less} 份将少示内容，${more} 份将多示内容`,
    en: `of ${results} results ${less} would show less to somebody, ${more} more`,
  });
  return lines;
}

function consumersText(selector: Selector | undefined): LocalizedText {
  if (selector === undefined) return { zh: '所有单位', en: 'everybody' };
  if (typeof selector === 'string') return { zh: ` ${selector} `, en: selector };
  if ('except' in selector) {
    const names = selector.except.join(', ');
    return { zh: `除 ${names} 以外的单位`, en: `everybody but ${names}` };
  }
  const names = ('only' in selector ? selector.only : selector).join(', ');
  return { zh: ` ${names} `, en: names };
}
