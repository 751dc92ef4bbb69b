import type { LocalizedText } from './localized-text.ts';
import type { CheckType, ResultKind } from './results.ts';
import type { Agency } from './units.ts';

/** The agencies as people name them. */
export const AGENCY_NAMES: Readonly<Record<Agency, LocalizedText>> = {
  customs: { zh: '海关', en: 'customs' },
  inspection: { zh: '检验检疫', en: 'inspection and quarantine' },
  border: { zh: '边检', en: 'border inspection' },
};

/** The checks as people name them. */
export const CHECK_NAMES: Readonly<Record<CheckType, LocalizedText>> = {
  documentary: { zh: '单证审核', en: 'the documentary check' },
  'x-ray': { zh: '机检', en: 'the x-ray scan' },
  physical: { zh: '人工查验', en: 'the physical examination' },
  seal: { zh: '封志查验', en: 'the seal check' },
  weighing: { zh: '过磅', en: 'the weighing' },
  quarantine: { zh: '检疫', en: 'the quarantine check' },
  laboratory: { zh: '实验室检测', en: 'the laboratory test' },
  radiation: { zh: '放射性检测', en: 'the radiation check' },
  boarding: { zh: '登临检查', en: 'the boarding check' },
  crew: { zh: '人员查验', en: 'the check of persons' },
};

/** The kinds of result as people name them. */
export const KIND_NAMES: Readonly<Record<ResultKind, LocalizedText>> = {
  'customs.examination': { zh: '海关查验', en: 'customs examination' },
  'customs.scan': { zh: '海关机检', en: 'customs scan' },
  'customs.release': { zh: '海关放行', en: 'customs release' },
  'inspection.quarantine': { zh: '检疫', en: 'quarantine' },
  'inspection.laboratory': { zh: '实验室检测', en: 'laboratory test' },
  'inspection.certificate': { zh: '检验检疫证书', en: 'inspection certificate' },
  'border.conveyance': { zh: '交通运输工具边防检查', en: 'border check of a conveyance' },
  'border.crew': { zh: '员工边防检查', en: 'border check of a crew' },
  'border.passengers': { zh: '旅客边防检查', en: 'border check of passengers' },
};
