import { type Formats, formatsOf } from './make-formats.ts';
import { useLanguage } from './text.tsx';

export type { Formats };

/** The forms of the reader's language. */
export function useFormats(): Formats {
  const { language } = useLanguage();
  return formatsOf(language);
}
