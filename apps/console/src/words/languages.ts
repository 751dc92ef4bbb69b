/** The languages of the page; Chinese is spoken unless somebody chose otherwise. */
export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** BCP 47, for `lang` and for the forms of dates and numbers. */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-GB' };
