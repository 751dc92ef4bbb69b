import type { LocalizedText } from '@clearance/contracts';
import type { Day } from './day.ts';

/** One thing that a story looks at: what was seen, and what the script says should be. Codes and counts, never ids or times. */
export interface Fact {
  readonly what: LocalizedText;
  readonly saw: string;
  readonly wanted: string;
}

/** One short story of the day. */
export interface Story {
  /** Stable, e.g. `scan-and-quarantine-recognised`. */
  readonly id: string;
  /** When it happens, China time: `08:10`. */
  readonly clock: string;
  readonly title: LocalizedText;
  readonly expected: LocalizedText;
  /** Plays it on the mesh. @throws when it cannot go on: a request refused that should not be, or something that never came. */
  readonly play: (day: Day) => Promise<Fact[]>;
}

/** How a story turned out. The texts are in Chinese and English, `zh / en`. */
export interface StoryReport {
  readonly id: string;
  readonly clock: string;
  readonly title: string;
  readonly expected: string;
  readonly observed: string;
  readonly ok: boolean;
}

type Seen = string | number | boolean | readonly (string | number)[];

/** A fact; lists are compared in order, as they are written. */
export function fact(zh: string, en: string, saw: Seen, wanted: Seen): Fact {
  return { what: { zh, en }, saw: write(saw), wanted: write(wanted) };
}

function write(seen: Seen): string {
  if (typeof seen === 'object') return seen.length === 0 ? '–' : seen.join(' ');
  return String(seen);
}

/** Both languages in one text. */
export function bilingual({ zh, en }: LocalizedText): string {
  return `${zh} / ${en}`;
}

/** What a story's facts say: all of what was seen, and what it should have been where it was not. */
export function reportOf(story: Story, facts: readonly Fact[]): StoryReport {
  const line = (language: 'zh' | 'en', separator: string): string =>
    facts
      .map(({ what, saw, wanted }) => `${what[language]}: ${saw}${saw === wanted ? '' : ` (≠ ${wanted})`}`)
      .join(separator);
  const observed = bilingual({ zh: line('zh', '；'), en: line('en', '; ') });
  return { ...head(story), observed, ok: facts.length > 0 && facts.every(({ saw, wanted }) => saw === wanted) };
}

/** A story that could not be told to its end. */
export function brokenOff(story: Story, error: unknown): StoryReport {
  const reason = error instanceof Error ? error.message : String(error);
  return { ...head(story), observed: bilingual({ zh: `未能完成：${reason}`, en: `broken off: ${reason}` }), ok: false };
}

function head(story: Story): Omit<StoryReport, 'observed' | 'ok'> {
  const { id, clock, title, expected } = story;
  return { id, clock, title: bilingual(title), expected: bilingual(expected) };
}
