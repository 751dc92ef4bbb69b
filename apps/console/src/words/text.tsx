import { createContext, type ReactNode, use, useLayoutEffect, useState } from 'react';
import type { LocalizedText } from '@clearance/contracts/words';
import { recall, remember } from '../parts/remember.ts';
import { type Language, LANGUAGE_TAGS, LANGUAGES } from './languages.ts';

interface Spoken {
  language: Language;
  speak: (language: Language) => void;
}

const SpokenContext = createContext<Spoken | undefined>(undefined);
const REMEMBERED_AS = 'language';

/** Lets what is within speak the reader's language, and says which it is to whoever reads the page aloud. */
export function LanguageProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(() => recall(REMEMBERED_AS, LANGUAGES) ?? 'zh');
  useLayoutEffect(() => {
    document.documentElement.lang = LANGUAGE_TAGS[language];
  }, [language]);
  const speak = (next: Language): void => {
    remember(REMEMBERED_AS, next);
    setLanguage(next);
  };
  return <SpokenContext value={{ language, speak }}>{children}</SpokenContext>;
}

/** The language that is spoken, and how to speak another. */
export function useLanguage(): Spoken {
  const spoken = use(SpokenContext);
  if (spoken === undefined) throw new Error('no LanguageProvider around it');
  return spoken;
}

/** Says a text in the reader's language: `const say = useText()`, `say({ zh: '票', en: 'Consignments' })`. */
export function useText(): (text: LocalizedText) => string {
  const { language } = useLanguage();
  return (text) => text[language];
}
