import type { LocalizedText } from '@clearance/contracts';

const MESSAGES = {
  'row-missing': { zh: '台账缺行', en: 'Rows of the ledger are missing.' },
  'row-altered': { zh: '该行内容与哈希链不符', en: 'The row is not the one that the chain was made with.' },
  'entry-malformed': { zh: '该行内容不是台账条目', en: 'The row does not hold a record of the ledger.' },
  'column-altered': { zh: '检索列与条目内容不符', en: 'A column beside the entry does not say what the entry says.' },
  'end-altered': { zh: '台账末端记录与末行不符', en: 'What is noted as the end of the ledger is not its last row.' },
  'head-invalid': { zh: '台账头的签名或格式无效', en: 'A signed head is not one that the gateway signed.' },
  'head-contradicted': {
    zh: '台账与已签署的台账头不符：签署之后历史被改写',
    en: 'The ledger is not what was signed: its past was written anew after that.',
  },
  'cut-off': {
    zh: '已签署的行在台账中不存在：末端被删',
    en: 'Rows that were signed are gone from the end of the ledger.',
  },
  'heads-forked': { zh: '同一位置签署了两个不同的台账头', en: 'Two different heads were signed for one place.' },
  'heads-disordered': {
    zh: '较短的台账在较长的之后签署',
    en: 'A shorter ledger was signed after a longer one: rows had been taken away.',
  },
  'signed-head-missing': {
    zh: '单位留存的台账头在网关库中缺失',
    en: 'A head that a unit keeps is gone from the gateway’s own table.',
  },
  'list-unknown': {
    zh: '条目所引用的负面清单此前未登记',
    en: 'The entry names a negative list that the ledger did not have before.',
  },
  'list-not-in-force': {
    zh: '决定所依据的负面清单当时并非有效版本',
    en: 'The entry was decided by a list that was not the one in force.',
  },
  'list-missing': { zh: '已登记的负面清单不在库中', en: 'A list that the ledger has is not stored.' },
  'list-altered': { zh: '存储的负面清单与登记不符', en: 'A stored list is not what the ledger has of it.' },
  'list-unrecorded': { zh: '存储的负面清单未登记', en: 'A stored list is not in the ledger.' },
  'list-signature-invalid': { zh: '负面清单的签名无效', en: 'The signature of a list does not hold.' },
  'grant-unknown': {
    zh: '条目所引用的授权此前未登记，或早已期满',
    en: 'The entry names a grant that the ledger did not have before, or whose time was long over.',
  },
  'grant-not-in-force': { zh: '授权当时尚未生效或已终止', en: 'The grant was not in force then.' },
  'grant-of-another': {
    zh: '授权给予的是另一单位，或针对另一单位的其他结果',
    en: 'The grant is not to that unit, or not of that result.',
  },
  'grant-repeated': { zh: '授权或其终止重复登记', en: 'A grant, or its end, stands in the ledger twice.' },
  'grant-missing': {
    zh: '已登记授权所依据的签名声明不在库中',
    en: 'What the owner said of a grant that the ledger has is not stored.',
  },
  'grant-altered': {
    zh: '授权登记与所属单位的签名声明不符',
    en: 'A grant in the ledger is not what the stored statement of its owner says.',
  },
  'grant-unrecorded': { zh: '存储的授权或撤回未登记', en: 'A stored grant, or its revocation, is not in the ledger.' },
  'grant-signature-invalid': {
    zh: '授权或撤回的签名无效',
    en: 'The signature of a grant, or of its revocation, does not hold.',
  },
} as const satisfies Record<string, LocalizedText>;

/** What can be wrong with a ledger. */
export type LedgerFault = keyof typeof MESSAGES;

/** All of them, for documents and tests. */
export const LEDGER_FAULTS = Object.keys(MESSAGES) as LedgerFault[];

/** One thing that is wrong with a ledger, and where. Holds ids, places and codes only. */
export interface LedgerFinding {
  code: LedgerFault;
  /** The table, or the witness, that says so: `ledger`, `signed_head`, `witness ln.customs`. */
  where: string;
  /** The row of the ledger that it is about; with `from`, the last of several. */
  sequence?: number;
  from?: number;
  /** The version of the list that it is about. */
  list?: string;
  /** The id of the grant that it is about. */
  grant?: string;
  /** What exactly: the name of a column or a member, or a signature's refusal. */
  detail?: string;
  message: LocalizedText;
}

/** A finding as data. */
export function ledgerFinding(
  code: LedgerFault,
  where: string,
  more: Omit<LedgerFinding, 'code' | 'where' | 'message'> = {},
): LedgerFinding {
  return { code, where, ...more, message: MESSAGES[code] };
}
