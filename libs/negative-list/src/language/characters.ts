/**
 * Characters that are not seen or that turn the order in which others are: controls, bidirectional and zero-width ones,
 * fillers, variation selectors, tags, lone halves of a pair, line separators (Unicode UTS 39, UAX 9). Tabs and line ends
 * are what a list is laid out with.
 */
const HIDDEN = /[^\P{Cc}\n\r\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Where hidden characters stand in a text, and which, at most so many of them. */
export function hiddenCharacters(text: string, most: number): { at: number; character: string }[] {
  const found: { at: number; character: string }[] = [];
  for (const match of text.matchAll(HIDDEN)) {
    found.push({ at: match.index, character: codePoint(match[0]) });
    if (found.length >= most) break;
  }
  return found;
}

/**
 * A word as a message quotes it, so that it is not taken for another one: what is neither ASCII nor Chinese is written as
 * its code point, the Cyrillic letter in `fіelds` as `f⟨U+0456⟩elds`.
 */
export function unmistakable(word: string): string {
  return word.replace(/[^\p{ASCII}\p{Script=Han}…]|\p{Cc}/gu, (character) => `⟨${codePoint(character)}⟩`);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
