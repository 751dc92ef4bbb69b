import type { LocalizedText } from '../codes/localized-text.ts';

/** Lists that one part of a body may refer to, as messages name them. */
export const NAMED_LISTS = {
  containers: { zh: '集装箱', en: 'containers' },
  goods: { zh: '货物项', en: 'lines of goods' },
  samples: { zh: '样品', en: 'samples' },
  provinces: { zh: '省区', en: 'provinces' },
  units: { zh: '单位', en: 'units' },
  offices: { zh: '关区代码表', en: 'customs offices' },
} as const satisfies Record<string, LocalizedText>;
