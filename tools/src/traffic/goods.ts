/**
 * What the region trades. Tariff numbers are headings of the Chinese tariff for the goods named, extended to the 13 digits that a
 * declaration states (8 tariff + 2 supervision + 3 inspection and quarantine); prices are of a plausible order, not quotations.
 */
export interface Ware {
  /** 13 digits. */
  readonly commodityCode: string;
  /** As a declarant writes it: name and specification. */
  readonly description: string;
  /** UN/ECE Recommendation 20. */
  readonly unit: 'KGM' | 'TNE' | 'MTQ' | 'H87';
  /** Kilograms per unit. */
  readonly weight: number;
  /** Price in USD per unit: from, to. */
  readonly price: readonly [number, number];
  /** Pests that quarantine finds in such goods now and then; scientific and Chinese names. */
  readonly pests?: readonly Pest[];
  /** What a laboratory measures in such goods. */
  readonly analytes?: readonly Analyte[];
}

export interface Pest {
  readonly scientificName: string;
  readonly commonName: string;
}

export interface Analyte {
  readonly name: string;
  /** The standard that the method follows. */
  readonly method: string;
  readonly unit: string;
  /** The limit that a sample must not exceed (or, for `floor`, must reach). */
  readonly limit: number;
  readonly floor?: boolean;
}

const barkBeetles: readonly Pest[] = [
  { scientificName: 'Ips typographus', commonName: '云杉八齿小蠹' },
  { scientificName: 'Monochamus urussovi', commonName: '云杉大墨天牛' },
  { scientificName: 'Monochamus sutor', commonName: '云杉小墨天牛' },
  { scientificName: 'Ips sexdentatus', commonName: '十二齿小蠹' },
];
const weeds: readonly Pest[] = [
  { scientificName: 'Ambrosia trifida', commonName: '三裂叶豚草' },
  { scientificName: 'Ambrosia artemisiifolia', commonName: '豚草' },
  { scientificName: 'Sorghum halepense', commonName: '假高粱' },
  { scientificName: 'Xanthium spinosum', commonName: '刺苍耳' },
];
const fishTests: readonly Analyte[] = [
  { name: '铅(以Pb计)', method: 'GB 5009.12-2023', unit: 'mg/kg', limit: 0.5 },
  { name: '甲基汞(以Hg计)', method: 'GB 5009.17-2021', unit: 'mg/kg', limit: 0.5 },
  { name: '镉(以Cd计)', method: 'GB 5009.15-2023', unit: 'mg/kg', limit: 0.1 },
];
const coalTests: readonly Analyte[] = [
  { name: '全硫', method: 'GB/T 214-2007', unit: '%', limit: 3 },
  { name: '灰分', method: 'GB/T 212-2008', unit: '%', limit: 40 },
  { name: '汞', method: 'GB/T 16659-2008', unit: 'µg/g', limit: 0.6 },
];
const oreTests: readonly Analyte[] = [
  { name: '全铁', method: 'GB/T 6730.65-2009', unit: '%', limit: 58, floor: true },
  { name: '放射性核素活度浓度', method: 'GB 20664-2006', unit: 'Bq/g', limit: 1 },
];
const beanTests: readonly Analyte[] = [
  { name: '草甘膦', method: 'SN/T 1923-2007', unit: 'mg/kg', limit: 20 },
  { name: '杂质', method: 'GB/T 5494-2019', unit: '%', limit: 2 },
];

function ware(
  commodityCode: string,
  description: string,
  unit: Ware['unit'],
  weight: number,
  price: Ware['price'],
  found: Pick<Ware, 'pests' | 'analytes'> = {},
): Ware {
  return { commodityCode, description, unit, weight, price, ...found };
}

/** From Russia, frozen, in reefers. */
export const FISH: readonly Ware[] = [
  ware('0303630000101', '冻鳕鱼(去头去脏),大头鳕,-18℃以下', 'KGM', 1, [2.2, 3.1], { analytes: fishTests }),
  ware('0303670000101', '冻狭鳕鱼(整条),-18℃以下', 'KGM', 1, [1.0, 1.5], { analytes: fishTests }),
  ware('0303120000101', '冻马哈鱼(细鳞大麻哈鱼,去头去脏)', 'KGM', 1, [2.4, 3.6], { analytes: fishTests }),
  ware('0303510000101', '冻太平洋鲱鱼(整条)', 'KGM', 1, [0.7, 1.1], { analytes: fishTests }),
  ware('0306149090101', '冻板蟹(雪蟹,熟制,带壳)', 'KGM', 1, [9, 16], { analytes: fishTests }),
];

/** From Russia, in wagons, on lorries or in containers. */
export const TIMBER: readonly Ware[] = [
  ware('4407111090101', '樟子松板材(未刨光,厚度50毫米)', 'MTQ', 560, [170, 240], { pests: barkBeetles }),
  ware('4407120000101', '云杉板材(窑干,厚度38毫米)', 'MTQ', 470, [180, 260], { pests: barkBeetles }),
  ware('4403211000101', '樟子松原木(截面尺寸在15厘米及以上,带皮)', 'MTQ', 750, [95, 140], { pests: barkBeetles }),
  ware('4403950000101', '桦木原木(截面尺寸在15厘米及以上)', 'MTQ', 820, [80, 130], { pests: barkBeetles }),
];

/** From Russia, food and feed in containers. */
export const RUSSIAN_FOOD: readonly Ware[] = [
  ware('1101000090101', '小麦粉(一等,50千克/袋)', 'KGM', 1, [0.32, 0.45], { analytes: beanTests }),
  ware('1512110000101', '初榨葵花籽油(液袋)', 'KGM', 1, [0.9, 1.2]),
  ware('1204000000101', '亚麻籽(非种用)', 'KGM', 1, [0.45, 0.7], { pests: weeds, analytes: beanTests }),
];

/** In bulk, by sea. */
export const SOYBEANS: readonly Ware[] = [
  ware('1201901000101', '黄大豆(非种用,散装)', 'TNE', 1000, [420, 560], { pests: weeds, analytes: beanTests }),
];
export const IRON_ORE: readonly Ware[] = [
  ware('2601112000101', '铁矿粉(平均粒度0.8-6.3毫米,未烧结)', 'TNE', 1000, [88, 118], { analytes: oreTests }),
  ware('2601119000101', '铁矿块矿(平均粒度6.3毫米及以上,未烧结)', 'TNE', 1000, [98, 132], { analytes: oreTests }),
];
export const SEA_COAL: readonly Ware[] = [
  ware('2701129000101', '其他烟煤(动力煤,发热量5500大卡/千克)', 'TNE', 1000, [82, 120], { analytes: coalTests }),
  ware('2701110000101', '无烟煤(粒度0-10毫米)', 'TNE', 1000, [110, 160], { analytes: coalTests }),
];

/** From Mongolia, by lorry and by rail. */
export const MONGOLIAN_BULK: readonly Ware[] = [
  ware('2701121000101', '炼焦煤(主焦煤,洗精煤)', 'TNE', 1000, [105, 165], { analytes: coalTests }),
  ware('2701121000101', '炼焦煤(原煤)', 'TNE', 1000, [65, 105], { analytes: coalTests }),
  ware('2603000010101', '铜精矿(含铜量约24%,吨袋)', 'TNE', 1000, [1900, 2500], { analytes: oreTests.slice(1) }),
];
export const MONGOLIAN_WARES: readonly Ware[] = [
  ware('5102193000101', '洗净山羊绒(未梳)', 'KGM', 1, [70, 105]),
  ware('1204000000101', '亚麻籽(非种用)', 'KGM', 1, [0.45, 0.7], { pests: weeds, analytes: beanTests }),
];

/** From Japan, Korea and Germany, in containers. */
export const VEHICLE_PARTS: readonly Ware[] = [
  ware('8708409104999', '小轿车用自动换挡变速箱', 'H87', 92, [900, 1600]),
  ware('8708950000999', '机动车辆用安全气囊装置', 'H87', 2.6, [35, 80]),
  ware('8482102000999', '深沟球轴承(轮毂用)', 'H87', 1.4, [6, 18]),
  ware('8409919990999', '汽油发动机零件(进气凸轮轴)', 'H87', 3.1, [40, 95]),
  ware('8708299000999', '车身零件(前保险杠支架)', 'H87', 4.2, [22, 60]),
];

/** To Japan, Korea and Russia, stuffed inland. */
export const EXPORTS: readonly Ware[] = [
  ware('9403609990999', '木制餐桌(榆木)', 'H87', 38, [70, 150]),
  ware('0710229000101', '冷冻毛豆(速冻,10千克/箱)', 'KGM', 1, [1.2, 1.9], { analytes: beanTests }),
  ware('0712320000101', '干黑木耳', 'KGM', 1, [9, 15]),
  ware('1006208000101', '糙米(粳米)', 'KGM', 1, [0.6, 0.9], { pests: weeds }),
  ware('8708999990999', '汽车用铝制支架', 'H87', 2.2, [9, 30]),
];

/** Live and fresh, by road from the Russian Far East. */
export const SEAFOOD: readonly Ware[] = [
  ware('0306339990101', '活帝王蟹(堪察加拟石蟹)', 'KGM', 1, [22, 36], { analytes: fishTests }),
  ware('0306339990101', '活雪蟹(灰眼雪蟹)', 'KGM', 1, [14, 24], { analytes: fishTests }),
  ware('0307791090101', '活蛤(赤贝)', 'KGM', 1, [3, 6], { analytes: fishTests }),
];

/** By air. */
export const AIR_IMPORTS: readonly Ware[] = [
  ware('0302141000101', '冰鲜大西洋鲑鱼(三文鱼,去脏)', 'KGM', 1, [8, 13], { analytes: fishTests }),
  ware('0809290000101', '鲜樱桃(5千克/箱)', 'KGM', 1, [7, 12], {
    pests: [{ scientificName: 'Drosophila suzukii', commonName: '斑翅果蝇' }],
  }),
  ware('9032899099999', '车身稳定系统电子控制单元', 'H87', 0.7, [80, 210]),
  ware('8411910000999', '涡轮风扇发动机零件(压气机叶片)', 'H87', 0.9, [600, 2400]),
];
export const AIR_EXPORTS: readonly Ware[] = [
  ware('6110300090999', '化纤制针织套头衫(跨境电商)', 'H87', 0.4, [4, 12]),
  ware('3926909090999', '塑料制手机保护壳(跨境电商)', 'H87', 0.05, [1, 4]),
];

/** Special consignments, whose papers say little on purpose. */
export const SPECIAL: readonly Ware[] = [
  ware('8411910000999', '专用设备零件', 'H87', 40, [1000, 9000]),
  ware('9015800090999', '专用测绘仪器', 'H87', 15, [3000, 20000]),
];
