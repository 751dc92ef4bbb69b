import { creditCode } from './identifiers.ts';
import type { Random } from './random.ts';

/** A firm on a declaration. Its name cannot be a real one: 某甲, 某乙 … stand where a name would. */
export interface Party {
  readonly creditCode: string;
  readonly name: string;
}

/** Divisions (GB/T 2260) whose firms trade here. */
const CITIES = {
  沈阳: '210100',
  大连: '210200',
  丹东: '210600',
  营口: '210800',
  长春: '220100',
  珲春: '222404',
  哈尔滨: '230100',
  绥芬河: '231081',
  黑河: '231100',
  满洲里: '150781',
  二连浩特: '152501',
  乌拉特中旗: '150824',
} as const;
export type City = keyof typeof CITIES;

/** What the firms of a trade call themselves. */
export type Trade = '水产' | '木业' | '粮油' | '能源' | '矿业' | '汽车零部件' | '国际贸易' | '跨境电商' | '特种物资';

/** Ten firms per city and trade, so that some come back: the heavenly stems. */
const STEMS = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'] as const;

/**
 * One of a city's firms in a trade. A firm keeps its credit code within a scenario: it is drawn from the scenario's own generator by name.
 *
 * @param firms generator that the whole scenario shares, only ever forked
 */
export function firm(random: Random, firms: Random, city: City, trade: Trade): Party {
  const name = `${city}某${random.pick(STEMS)}${trade}有限公司`;
  return { name, creditCode: creditCode(firms.fork(name), CITIES[city]) };
}

/** A customs broker of the city. */
export function broker(random: Random, firms: Random, city: City): Party {
  const name = `${city}某${random.pick(STEMS)}报关有限公司`;
  return { name, creditCode: creditCode(firms.fork(name), CITIES[city]) };
}
