import type { LocalizedText } from '@clearance/contracts/words';
import { placeName, unitName } from '../../words/names.ts';
import type { Period } from './periods.ts';

/** Periods as they are chosen. */
export const PERIOD_NAMES: Readonly<Record<Period, LocalizedText>> = {
  today: { zh: '今日', en: 'Today' },
  '7-days': { zh: '近 7 天', en: '7 days' },
  '30-days': { zh: '近 30 天', en: '30 days' },
  'this-month': { zh: '本月', en: 'This month' },
  'last-month': { zh: '上月', en: 'Last month' },
};

/** 运输方式代码 of customs. */
export const MODES = ['2', '3', '4', '5', '6', '9', 'G', 'L'] as const;
export type Mode = (typeof MODES)[number];

const MODE_NAMES: Readonly<Record<Mode, LocalizedText>> = {
  2: { zh: '水路', en: 'Sea and river' },
  3: { zh: '铁路', en: 'Rail' },
  4: { zh: '公路', en: 'Road' },
  5: { zh: '航空', en: 'Air' },
  6: { zh: '邮件', en: 'Mail' },
  9: { zh: '其他', en: 'Other' },
  G: { zh: '固定设施', en: 'Pipeline or line' },
  L: { zh: '旅客携带', en: 'By a traveller' },
};

/** How goods cross the border. */
export function modeName(mode: string): LocalizedText {
  return MODE_NAMES[mode as Mode] ?? { zh: mode, en: mode };
}

/** Which way goods cross it. */
export const DIRECTIONS = ['import', 'export', 'transit'] as const;
export type Direction = (typeof DIRECTIONS)[number];

const DIRECTION_NAMES: Readonly<Record<Direction, LocalizedText>> = {
  import: { zh: '进口', en: 'Import' },
  export: { zh: '出口', en: 'Export' },
  transit: { zh: '过境', en: 'Transit' },
};

/** Which way goods cross the border, in words. */
export function directionName(direction: string): LocalizedText {
  return DIRECTION_NAMES[direction as Direction] ?? { zh: direction, en: direction };
}

/** Stands where the list withholds the value from the gateway’s figures. */
export const NOT_TOLD: LocalizedText = { zh: '不予共享', en: 'Withheld' };

/** How figures are told apart. */
export const APART = ['port', 'unit', 'mode', 'direction', 'day'] as const;
export type Apart = (typeof APART)[number];

export const APART_NAMES: Readonly<Record<Apart, LocalizedText>> = {
  port: { zh: '口岸', en: 'Port' },
  unit: { zh: '单位', en: 'Unit' },
  mode: { zh: '运输方式', en: 'Mode' },
  direction: { zh: '进出口', en: 'Direction' },
  day: { zh: '日', en: 'Day' },
};

/** What a group of figures is called, by what tells it apart. */
export function groupName(by: Apart, group: Partial<Record<Apart, string | null>>): LocalizedText {
  const value = group[by];
  if (value === undefined || value === null) return NOT_TOLD;
  switch (by) {
    case 'port': {
      // Places may share a name: a town and its crossing.
      const { zh, en } = placeName(value);
      return { zh: `${zh} ${value}`, en: `${en} ${value}` };
    }
    case 'unit':
      return unitName(value);
    case 'mode':
      return modeName(value);
    case 'direction':
      return directionName(value);
    case 'day':
      return { zh: value, en: value };
    default:
      return by satisfies never;
  }
}
