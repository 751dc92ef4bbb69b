import { AGENCIES, type Agency, isUnitId, type LocalizedText, PROVINCES } from '@clearance/contracts/words';
import { agencyName, kindName, unitName } from './names.ts';

/** Some units, as an entry of the list says them. */
export type UnitTerms = { readonly only: readonly string[] } | { readonly except: readonly string[] };

const isAgency = (text: string): text is Agency => (AGENCIES as readonly string[]).includes(text);

/** `*.border` → 各省区边检, `ln.*` → 辽宁各单位, `ln.customs` → 辽宁海关. */
export function termName(term: string): LocalizedText {
  if (term === '*') return { zh: '所有单位', en: 'every unit' };
  if (isUnitId(term)) return unitName(term);
  const [province = '', role = ''] = term.split('.');
  if (province === '*' && isAgency(role)) {
    return { zh: `各省区${agencyName(role).zh}`, en: `${agencyName(role).en} of every province` };
  }
  const known = PROVINCES.find(({ code }) => code === province);
  if (role === '*' && known !== undefined) {
    return { zh: `${known.name.zh.replace(/省$|自治区$/u, '')}各单位`, en: `every unit of ${known.name.en}` };
  }
  return { zh: term, en: term };
}

/** Units in words: `{ except: ['*.border'] }` → 除各省区边检以外的单位. */
export function unitsInWords(terms: UnitTerms): LocalizedText {
  if ('only' in terms) return together(terms.only.map(termName));
  if (terms.except.length === 0) return termName('*');
  const { zh, en } = together(terms.except.map(termName));
  return { zh: `除${zh}以外的单位`, en: `every unit except ${en}` };
}

/** `customs.*` → 海关各类结果, `border.crew` → its name. */
export function kindPatternName(pattern: string): LocalizedText {
  if (pattern === '*') return { zh: '各类结果', en: 'Results of every kind' };
  const agency = pattern.replace(/\.\*$/, '');
  if (agency !== pattern && isAgency(agency)) {
    return { zh: `${agencyName(agency).zh}各类结果`, en: `Every kind of ${agencyName(agency).en}` };
  }
  return kindName(pattern);
}

/** Several in a row. */
export function together(texts: readonly LocalizedText[]): LocalizedText {
  return { zh: texts.map(({ zh }) => zh).join('、'), en: texts.map(({ en }) => en).join(', ') };
}
