import { Type } from 'typebox';
import { UNIT_ID_PATTERN } from '../codes/units.ts';

/** Closed object: an unknown member is refused. */
export const closed = { additionalProperties: false } as const;

/** A text written by a person: at least one visible character. `maximum` counts Unicode code points. */
export const text = (maximum: number) => Type.String({ minLength: 1, maxLength: maximum, pattern: '\\S' });

/** A reference number of an agency, a firm or a laboratory: no spaces, so that it survives being copied. */
export const referenceNumber = (maximum = 64) =>
  Type.String({ minLength: 1, maxLength: maximum, pattern: '^[A-Za-z0-9][A-Za-z0-9._:/()-]*$' });

/** RFC 3339 with a mandatory offset; `Z` or `+08:00`. */
export const timestamp = () => Type.String({ format: 'date-time', maxLength: 35 });

/** RFC 3339 full-date. */
export const date = () => Type.String({ format: 'date', maxLength: 10 });

/** Non-negative decimal as text, at most 15 digits before the point and 6 after. */
export const decimal = () => Type.String({ pattern: '^(0|[1-9][0-9]{0,14})(\\.[0-9]{1,6})?$', maxLength: 22 });

/** Decimal that may be negative, such as a temperature. */
export const signedDecimal = () => Type.String({ pattern: '^-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,6})?$', maxLength: 23 });

/** ISO 6346 container number with its check digit. */
export const containerNumber = () => Type.String({ pattern: '^[A-Z]{3}[UJZ][0-9]{7}$', format: 'iso6346' });

/** GB 32100-2015 unified social credit code with its check character. */
export const creditCode = () =>
  Type.String({ pattern: '^[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$', format: 'gb32100' });

/** IMO ship identification number with its check digit (IMO Res. A.1117(30)), without the letters IMO. */
export const imoNumber = () => Type.String({ pattern: '^[0-9]{7}$', format: 'imo-number' });

/** 报关单号, 18 digits: office, year, 1 import or 0 export, serial. */
export const declarationNumber = () =>
  Type.String({ pattern: '^[0-9]{4}20[0-9]{2}[01][0-9]{9}$', format: 'declaration-number' });

/** 13 digits: 8 tariff, 2 supervision, 3 CIQ. */
export const commodityCode = () => Type.String({ pattern: '^[0-9]{13}$', format: 'commodity-code' });

/** UN/LOCODE. */
export const unlocode = () => Type.String({ pattern: '^[A-Z]{2}[A-Z2-9]{3}$', format: 'unlocode' });

/** 关区代码 of a customs office of the region. */
export const customsOffice = () => Type.String({ pattern: '^[0-9]{4}$', format: 'customs-office' });

/** ISO 3166-1 alpha-2. */
export const country = () => Type.String({ pattern: '^[A-Z]{2}$', format: 'iso3166-1-alpha-2' });

/** ISO 4217. */
export const currency = () => Type.String({ pattern: '^[A-Z]{3}$', format: 'iso4217' });

/** UN/ECE Recommendation 20 common code. */
export const unitOfMeasure = () => Type.String({ pattern: '^[A-Z0-9]{2,3}$', format: 'unece-rec20' });

/** Line of the declaration's goods list. */
export const itemNumber = () => Type.Integer({ minimum: 1, maximum: 999 });

/** A count of persons or things. */
export const count = (maximum = 100_000) => Type.Integer({ minimum: 0, maximum });

/** UUIDv7 (RFC 9562) in lower case, as this mesh issues it. */
export const uuid7 = () =>
  Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$', maxLength: 36 });

/** Any UUID in lower case (RFC 9562): what a requester may ask for. */
export const uuid = () =>
  Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', maxLength: 36 });

/** A unit's id, `ln.customs`. */
export const unitId = () => Type.String({ pattern: UNIT_ID_PATTERN, maxLength: 35 });

/** Amount of money. */
export const money = () => Type.Object({ amount: decimal(), currency: currency() }, closed);

/** Physical quantity. */
export const quantity = () => Type.Object({ value: decimal(), unit: unitOfMeasure() }, closed);

/** Quantity of one line of goods. */
export const itemQuantity = () => Type.Object({ item: itemNumber(), value: decimal(), unit: unitOfMeasure() }, closed);
