import type { LocalizedText } from '@clearance/contracts';
import type { Entry } from './negative-list.ts';

/**
 * The purposes for which conditional data may be asked, a closed list: a request states one, and an entry names
 * those that it admits. They are the enforcement and service tasks of border agencies for which 国发〔2016〕51号
 * (art. 12: a requesting department states the purpose and keeps to it) and 个人信息保护法 (art. 6: explicit and
 * reasonable purpose) require a statement.
 */
export const PURPOSES = {
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
} as const satisfies Record<string, LocalizedText>;

/** Code of a purpose. */
export type Purpose = keyof typeof PURPOSES;

/** Whether a text is the code of a purpose. */
export function isPurpose(code: string): code is Purpose {
  return Object.hasOwn(PURPOSES, code);
}

/** Whether what an entry takes out may be granted for a purpose: it is conditional, and names the purpose or none at all. */
export function admits({ class: sharing, purposes }: Entry, purpose: string): boolean {
  return sharing === 'conditional' && isPurpose(purpose) && (purposes?.includes(purpose) ?? true);
}
