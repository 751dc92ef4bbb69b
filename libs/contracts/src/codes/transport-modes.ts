import type { LocalizedText } from './localized-text.ts';

/** 运输方式代码表 of GACC, as far as it concerns a crossing of the border. */
export const TRANSPORT_MODES = {
  '2': { zh: '水路运输', en: 'water' },
  '3': { zh: '铁路运输', en: 'rail' },
  '4': { zh: '公路运输', en: 'road' },
  '5': { zh: '航空运输', en: 'air' },
  '6': { zh: '邮件运输', en: 'mail' },
  '9': { zh: '其他方式运输', en: 'other' },
  G: { zh: '固定设施运输', en: 'fixed installation (pipeline, power line)' },
  L: { zh: '旅客携带', en: 'carried by a traveller' },
} as const satisfies Record<string, LocalizedText>;
export type TransportMode = keyof typeof TRANSPORT_MODES;
