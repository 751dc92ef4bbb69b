import { LANGUAGE_TAGS } from '../../words/languages.ts';
import { useLanguage } from '../../words/text.tsx';

const NONE = '—';

/** Writes a part of a whole, `34.5%`; where there is no whole, that there is none. */
export function useShares(): (part: number, whole: number) => string {
  const { language } = useLanguage();
  const percent = new Intl.NumberFormat(LANGUAGE_TAGS[language], { style: 'percent', maximumFractionDigits: 1 });
  return (part, whole) => (whole <= 0 ? NONE : percent.format(part / whole));
}
