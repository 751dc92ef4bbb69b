const form = /^[0-9]{13}$/;

/**
 * Whether a text is a 13-digit commodity code (8 tariff, 2 supervision, 3 CIQ). The tariff part must lie in a chapter
 * of the Harmonized System: 01 to 97 without the reserved 77, or 98 for China's own special classifications.
 */
export function isCommodityCode(text: string): boolean {
  if (!form.test(text)) return false;
  const chapter = Number(text.slice(0, 2));
  return chapter >= 1 && chapter <= 98 && chapter !== 77;
}
