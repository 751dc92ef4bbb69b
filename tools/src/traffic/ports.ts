import type { City } from './parties.ts';

/** Where consignments are met: a crossing, a port, an airport or an inland station of the region. */
export interface Port {
  /** UN/LOCODE. */
  readonly location: string;
  /** Province code: the units `<province>.customs` … are met here. */
  readonly province: 'ln' | 'jl' | 'hl' | 'nm';
  /** Customs office (关区代码). */
  readonly office: string;
  readonly city: City;
  /** Name as it stands in reports. */
  readonly name: string;
}

/** The places of the scenario, with the office that works there by the customs code list. */
export const PORTS = {
  dalian: { location: 'CNDLC', province: 'ln', office: '0908', city: '大连', name: '大窑湾' },
  yingkou: { location: 'CNYIK', province: 'ln', office: '0940', city: '营口', name: '营口' },
  shenyang: { location: 'CNSHY', province: 'ln', office: '0808', city: '沈阳', name: '沈阳综保区' },
  shenyangAirport: { location: 'CNSHE', province: 'ln', office: '0807', city: '沈阳', name: '桃仙机场' },
  changchun: { location: 'CNCGC', province: 'jl', office: '1531', city: '长春', name: '长春东站' },
  changchunAirport: { location: 'CNCGQ', province: 'jl', office: '1501', city: '长春', name: '龙嘉机场' },
  hunchunRail: { location: 'CNHUC', province: 'jl', office: '1507', city: '珲春', name: '珲春铁路' },
  hunchunRoad: { location: 'CNHUC', province: 'jl', office: '1517', city: '珲春', name: '长岭子' },
  harbin: { location: 'CNHRB', province: 'hl', office: '1919', city: '哈尔滨', name: '哈尔滨内陆港' },
  harbinAirport: { location: 'CNHRB', province: 'hl', office: '1923', city: '哈尔滨', name: '太平机场' },
  suifenheRail: { location: 'CNSFE', province: 'hl', office: '1902', city: '绥芬河', name: '绥芬河铁路' },
  suifenheRoad: { location: 'CNSFH', province: 'hl', office: '1924', city: '绥芬河', name: '绥芬河公路' },
  heihe: { location: 'CNHEK', province: 'hl', office: '1903', city: '黑河', name: '黑河' },
  manzhouliRail: { location: 'CNMLX', province: 'nm', office: '0609', city: '满洲里', name: '满洲里铁路' },
  manzhouliRoad: { location: 'CNMLX', province: 'nm', office: '0603', city: '满洲里', name: '满洲里十八里' },
  erenhotRail: { location: 'CNERC', province: 'nm', office: '0702', city: '二连浩特', name: '二连铁路' },
  erenhotRoad: { location: 'CNRLC', province: 'nm', office: '0705', city: '二连浩特', name: '二连公路' },
  ganqimaodu: { location: 'CNGQD', province: 'nm', office: '0708', city: '乌拉特中旗', name: '甘其毛都' },
} as const satisfies Record<string, Port>;

/** Crossings of the land border that have both a railway (3) and a road (4). */
export const CROSSINGS = {
  manzhouli: { '3': PORTS.manzhouliRail, '4': PORTS.manzhouliRoad },
  suifenhe: { '3': PORTS.suifenheRail, '4': PORTS.suifenheRoad },
  hunchun: { '3': PORTS.hunchunRail, '4': PORTS.hunchunRoad },
  erenhot: { '3': PORTS.erenhotRail, '4': PORTS.erenhotRoad },
} as const satisfies Record<string, Readonly<Record<'3' | '4', Port>>>;
