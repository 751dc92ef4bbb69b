import { type Language, LANGUAGE_TAGS } from './languages.ts';

/** Official times of the region: what is compared between agencies is told by one clock, wherever the reader sits. */
const TIME_ZONE = 'Asia/Shanghai';

/** How values are written in one language. Times come as RFC 3339 and are told in Beijing time. */
export interface Formats {
  /** Day, hour, minute, second. */
  time: (at: string) => string;
  /** The hour of a day, to the second. */
  clock: (at: string) => string;
  day: (at: string) => string;
  number: (value: number) => string;
  /** A span of seconds in its two largest units; what is below a second in milliseconds. */
  duration: (seconds: number) => string;
  /** The same in its largest unit alone, where there is little room. */
  brief: (seconds: number) => string;
}

const byLanguage = new Map<Language, Formats>();

/** The forms of a language; made once. */
export function formatsOf(language: Language): Formats {
  const made = byLanguage.get(language) ?? makeFormats(language);
  byLanguage.set(language, made);
  return made;
}

function makeFormats(language: Language): Formats {
  const tag = LANGUAGE_TAGS[language];
  const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const form = (options: Intl.DateTimeFormatOptions): ((at: string) => string) => {
    // The Swedish form is ISO 8601's, which both languages read.
    const formatter = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, ...options });
    return (at) => {
      const milliseconds = Date.parse(at);
      return Number.isNaN(milliseconds) ? at : formatter.format(milliseconds);
    };
  };
  const numbers = new Intl.NumberFormat(tag);
  return {
    time: form({ ...day, ...clock }),
    clock: form(clock),
    day: form(day),
    number: (value) => numbers.format(value),
    duration: (seconds) => durationText(seconds, language),
    brief: (seconds) => briefText(seconds, language),
  };
}

const UNITS: readonly { seconds: number; zh: string; en: string; brief: Record<Language, string> }[] = [
  { seconds: 86_400, zh: ' 天', en: ' d', brief: { zh: '天', en: 'd' } },
  { seconds: 3_600, zh: ' 小时', en: ' h', brief: { zh: '时', en: 'h' } },
  { seconds: 60, zh: ' 分', en: ' min', brief: { zh: '分', en: 'm' } },
  { seconds: 1, zh: ' 秒', en: ' s', brief: { zh: '秒', en: 's' } },
];

/** `3661` → `1 小时 1 分`; `0.25` → `250 毫秒`. Negative spans keep their sign. */
export function durationText(seconds: number, language: Language): string {
  if (seconds < 0) return `−${durationText(-seconds, language)}`;
  if (seconds < 1) return `${Math.round(seconds * 1_000)}${language === 'zh' ? ' 毫秒' : ' ms'}`;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10}${language === 'zh' ? ' 秒' : ' s'}`;
  const whole = Math.round(seconds);
  const first = UNITS.findIndex((unit) => whole >= unit.seconds);
  let rest = whole;
  const told = UNITS.slice(first, first + 2).map((unit) => {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    return { count, text: `${count}${unit[language]}` };
  });
  return told
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(' ');
}

/** `3661` → `1时`, rounded; seconds at least. */
function briefText(seconds: number, language: Language): string {
  const unit = UNITS.find((each) => seconds >= each.seconds) ?? UNITS.at(-1)!;
  return `${Math.round(seconds / unit.seconds)}${unit.brief[language]}`;
}
