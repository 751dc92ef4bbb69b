/** A message for people: every refusal and reason of the mesh is told in Chinese and English. */
export interface LocalizedText {
  zh: string;
  en: string;
}
