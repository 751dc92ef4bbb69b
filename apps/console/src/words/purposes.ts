import type { LocalizedText } from '@clearance/contracts/words';

/** The purposes for which conditional data may be asked, as the negative list's language names them: its own table comes with all its language. */
const PURPOSE_NAMES: Readonly<Record<string, LocalizedText>> = {
  'counter-smuggling': { zh: '打击走私', en: 'Counter-smuggling' },
  'counter-terrorism': { zh: '反恐怖主义', en: 'Counter-terrorism' },
  'immigration-control': { zh: '出入境边防检查', en: 'Immigration control' },
  'epidemic-control': { zh: '口岸疫情防控', en: 'Epidemic prevention and control at ports' },
  biosecurity: { zh: '动植物检疫与生物安全', en: 'Animal and plant quarantine and biosecurity' },
  'product-safety': { zh: '进出口商品质量安全追溯', en: 'Safety and tracing of imported and exported products' },
  'revenue-collection': { zh: '税费征管', en: 'Collection of duties and taxes' },
  'export-tax-refund': { zh: '出口退税', en: 'Export tax refund' },
  'risk-assessment': { zh: '口岸风险联合研判', en: 'Joint risk assessment at ports' },
  'joint-inspection': { zh: '联合查验、联合登临', en: 'Joint inspection and joint boarding' },
  'administrative-enforcement': { zh: '行政执法案件办理', en: 'Administrative enforcement cases' },
  'judicial-assistance': { zh: '司法协助与刑事侦查', en: 'Judicial assistance and criminal investigation' },
  'emergency-response': { zh: '突发事件应急处置', en: 'Emergency response' },
  'audit-supervision': { zh: '审计与执法监督', en: 'Audit and supervision of enforcement' },
};

/** `counter-smuggling` → 打击走私; a purpose that nobody knows is shown as it is. */
export function purposeName(code: string): LocalizedText {
  return PURPOSE_NAMES[code] ?? { zh: code, en: code };
}

/** The purposes that have names here. */
export function namedPurposes(): readonly string[] {
  return Object.keys(PURPOSE_NAMES);
}
