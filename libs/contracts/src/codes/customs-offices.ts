import type { Province } from './units.ts';

/** A customs office: its province and its short name in GACC's 关区代码表. */
export interface CustomsOffice {
  province: Province;
  name: string;
}

/** Offices of the region's six direct customs (直属海关), by province; the first line of each is the direct customs itself. */
const officesOf: Readonly<Record<Province, string>> = {
  nm: `0600 满洲里关区 0601 海拉尔关 0602 额尔古纳 0603 满十八里 0604 满赤峰关 0605 满通辽关 0606 满哈沙特 0607 满室韦
    0608 满互贸区 0609 满铁路 0610 满市区
    0700 呼特关区 0701 呼和浩特 0702 二连海关 0703 包头海关 0704 呼关邮办 0705 二连公路 0706 包头箱站 0707 额济纳关 0708 乌拉特关
    0710 东乌海关`,
  ln: `0800 沈阳关区 0801 沈阳海关 0802 锦州海关 0803 沈驻邮办 0804 沈驻抚顺 0805 沈开发区 0806 沈驻辽阳 0807 沈机场办 0808 沈综保区
    0809 沈快件 0810 葫芦岛关 0811 辽沈加区 0812 沈张出加 0813 沈阳物流
    0900 大连海关 0901 大连港湾 0902 大连机场 0903 连开发区 0904 连加工区 0905 窑北良办 0906 连保税区 0908 连大窑湾
    0909 大连邮办 0930 丹东海关 0931 丹本溪办 0932 丹太平湾 0940 营口海关 0941 营盘锦办 0950 鲅鱼圈关 0960 大东港关 0980 鞍山海关`,
  jl: `1500 长春关区 1501 长春海关 1502 长开发区 1503 长白海关 1504 临江海关 1505 图们海关 1506 集安海关 1507 珲春海关 1508 吉林海关
    1509 延吉海关 1515 图们车办 1516 集海关村 1517 珲长岭子 1519 延吉三合 1521 一汽场站 1525 图们桥办 1527 珲沙坨子 1529 延吉南坪
    1531 长春东站 1591 长春邮办`,
  hl: `1900 哈尔滨区 1901 哈尔滨关 1902 绥关铁路 1903 黑河海关 1904 同江海关 1905 佳木斯关 1906 牡丹江关 1907 东宁海关 1908 逊克海关
    1909 齐齐哈尔 1910 大庆海关 1911 密山海关 1912 虎林海关 1913 富锦海关 1914 抚远海关 1915 漠河海关 1916 萝北海关 1917 嘉荫海关
    1918 饶河海关 1919 哈内陆港 1920 哈开发区 1921 哈关邮办 1922 哈关车办 1923 哈关机办 1924 绥关公路`,
};

/** 关区代码 of the region's customs offices. */
export const CUSTOMS_OFFICES: Readonly<Record<string, CustomsOffice>> = Object.fromEntries(
  Object.entries(officesOf).flatMap(([province, lines]) =>
    [...lines.matchAll(/([0-9]{4}) (\S+)/g)].map(([, code, name]) => [code, { province, name }] as const),
  ),
);

/** Whether a text is a customs office of the region. */
export function isCustomsOffice(text: string): boolean {
  return Object.hasOwn(CUSTOMS_OFFICES, text);
}

/** First two digits of the office codes of China's 42 direct customs: a consignment may be declared at any of them. */
const directCustoms = new Set(
  (
    '01 02 04 05 06 07 08 09 15 19 22 23 29 31 33 35 37 40 42 43 46 47 49 51 52 53 57 60 64 67 68 72 79 80 83 86 88 90 ' +
    '94 95 96 97'
  ).split(' '),
);

/** The region's direct customs: their offices are listed one by one. */
const regional = new Set(['06', '07', '08', '09', '15', '19']);

/** Whether a four-digit code can be the office of a declaration: listed in the region, or of another direct customs. */
export function isDeclaringOffice(code: string): boolean {
  const direct = code.slice(0, 2);
  return regional.has(direct) ? isCustomsOffice(code) : directCustoms.has(direct);
}
