import { isCountry } from '../codes/countries.ts';
import { isCurrency } from '../codes/currencies.ts';
import { isCustomsOffice } from '../codes/customs-offices.ts';
import { isUnitOfMeasure } from '../codes/units-of-measure.ts';
import { isCommodityCode } from '../identifiers/commodity-code.ts';
import { hasContainerNumberForm, isContainerNumber } from '../identifiers/container-number.ts';
import { hasCreditCodeForm, isCreditCode } from '../identifiers/credit-code.ts';
import { hasDeclarationNumberForm, isDeclarationNumber } from '../identifiers/declaration-number.ts';
import { hasImoNumberForm, isImoNumber } from '../identifiers/imo-number.ts';
import { isDate, isTimestamp } from '../identifiers/timestamp.ts';
import { isUnlocode } from '../identifiers/unlocode.ts';
import type { LocalizedText } from '../codes/localized-text.ts';
import { NAMED_LISTS } from './named-lists.ts';
import type { MessageParameters, ViolationCode } from './violation-messages.ts';

/** A format of the contract's schemas: what is valid, and how a text that is not is explained. */
export interface Format {
  validate: (text: string) => boolean;
  explain: (text: string) => { code: ViolationCode; parameters: MessageParameters };
}

/** A list of codes: a well-formed text that is not in it is an unknown code. */
function codeList(validate: (text: string) => boolean, form: RegExp, name: string | LocalizedText): Format {
  return {
    validate,
    explain: (text) => ({ code: form.test(text) ? 'unknown-code' : 'bad-format', parameters: { expected: name } }),
  };
}

/** An identifier with a check digit: well formed but invalid means that the digit is wrong. */
function checked(validate: (text: string) => boolean, hasForm: (text: string) => boolean, name: string): Format {
  return {
    validate,
    explain: (text) => ({ code: hasForm(text) ? 'bad-check-digit' : 'bad-format', parameters: { expected: name } }),
  };
}

/** A text whose form alone decides. */
function formed(validate: (text: string) => boolean, name: LocalizedText): Format {
  return { validate, explain: () => ({ code: 'bad-format', parameters: { expected: name } }) };
}

/** Every `format` that the contract's schemas use. */
export const formats: Readonly<Record<string, Format>> = {
  'date-time': formed(isTimestamp, {
    zh: '带时区的 RFC 3339 时间（2026-11-21T03:10:00Z）',
    en: 'RFC 3339 date-time with offset (2026-11-21T03:10:00Z)',
  }),
  date: formed(isDate, { zh: 'RFC 3339 日期（2026-11-21）', en: 'RFC 3339 date (2026-11-21)' }),
  iso6346: checked(isContainerNumber, hasContainerNumberForm, 'ISO 6346'),
  gb32100: checked(isCreditCode, hasCreditCodeForm, 'GB 32100-2015'),
  'imo-number': checked(isImoNumber, hasImoNumberForm, 'IMO Res. A.1117(30)'),
  'declaration-number': {
    validate: isDeclarationNumber,
    explain: (text) =>
      hasDeclarationNumberForm(text)
        ? { code: 'unknown-code', parameters: { expected: NAMED_LISTS.offices } }
        : {
            code: 'bad-format',
            parameters: {
              expected: {
                zh: '18 位：关区 4、年份 4、进口 1/出口 0、流水号 9',
                en: '18 digits: office 4, year 4, 1 import or 0 export, serial 9',
              },
            },
          },
  },
  'commodity-code': codeList(isCommodityCode, /^[0-9]{13}$/, {
    zh: '13 位商品编码：税号 8、监管附加 2、检验检疫附加 3',
    en: '13 digits: 8 tariff, 2 supervision, 3 CIQ',
  }),
  unlocode: codeList(isUnlocode, /^[A-Z]{2}[A-Z2-9]{3}$/, 'UN/LOCODE'),
  'customs-office': codeList(isCustomsOffice, /^[0-9]{4}$/, NAMED_LISTS.offices),
  'iso3166-1-alpha-2': codeList(isCountry, /^[A-Z]{2}$/, 'ISO 3166-1'),
  iso4217: codeList(isCurrency, /^[A-Z]{3}$/, 'ISO 4217'),
  'unece-rec20': codeList(isUnitOfMeasure, /^[A-Z0-9]{2,3}$/, 'UN/ECE Rec 20'),
};
