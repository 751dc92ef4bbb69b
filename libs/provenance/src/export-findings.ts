import type { LocalizedText } from '@clearance/contracts';

const MESSAGES = {
  'not-json': { zh: '该行不是 JSON', en: 'The line is not JSON.' },
  malformed: { zh: '该行格式不符', en: 'The line is none of an export.' },
  'out-of-place': {
    zh: '该行不应在此处（首行、行序、末行之后）',
    en: 'The line does not stand where it may: the header first, rows in their order without a gap, nothing after the head.',
  },
  'row-altered': {
    zh: '该行与哈希链不符：被改动，或其前有行缺失、调换',
    en: 'The row does not fit the chain: it was altered, or rows before it are missing or in another order.',
  },
  'not-selected': { zh: '该行不符合所述查询条件', en: 'The row is not among those that the export says it holds.' },
  'selected-as-other': {
    zh: '该行符合查询条件，却列为其他行',
    en: 'The row is among those that were asked for, yet stands as another.',
  },
  'count-differs': { zh: '行数与末行所述不符', en: 'There are not as many rows as the last line says.' },
  'head-mismatch': {
    zh: '哈希链不通向所附的台账头',
    en: 'The hashes do not lead to the head that was signed.',
  },
  'head-invalid': { zh: '台账头的签名无效', en: 'The signature of the head does not hold.' },
  'head-contradicted': {
    zh: '与单位留存的台账头矛盾',
    en: 'A head that a unit keeps is not what this ledger has in its place.',
  },
  truncated: { zh: '导出不完整：缺末行', en: 'The export is cut off: its last line is missing.' },
} as const satisfies Record<string, LocalizedText>;

/** What can be wrong with an export of the ledger. */
export type ExportFault = keyof typeof MESSAGES;

/** One thing that is wrong with an export, and where. */
export interface ExportFinding {
  code: ExportFault;
  /** Line of the file, from 1. */
  line: number;
  /** Row of the ledger, where the finding is about one. */
  sequence?: number;
  detail?: string;
  message: LocalizedText;
}

/** A finding as data. */
export function exportFinding(
  code: ExportFault,
  line: number,
  more: Pick<ExportFinding, 'sequence' | 'detail'> = {},
): ExportFinding {
  return { code, line, ...more, message: MESSAGES[code] };
}
