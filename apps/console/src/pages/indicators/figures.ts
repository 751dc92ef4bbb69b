import type { LocalizedText } from '@clearance/contracts/words';
import type { Answer } from '../../api/client.ts';

/** The answer to a question for figures. */
export type Indicators = Answer<'/api/v1/indicators'>;
/** Figures of what is told apart. */
export type FigureGroup = Indicators['groups'][number];
/** Figures, wherever they stand. */
export type Figures = Indicators['total'];

/** The goals of clearance that can be told from results. */
export const TARGET_NAMES: Readonly<Record<Figures['targets'][number]['code'], LocalizedText>> = {
  sea: { zh: '海运 24 小时', en: 'Sea, 24 h' },
  air: { zh: '空运 12 小时', en: 'Air, 12 h' },
  import: { zh: '进口 40 小时', en: 'Import, 40 h' },
  export: { zh: '出口 1 小时', en: 'Export, 1 h' },
};
