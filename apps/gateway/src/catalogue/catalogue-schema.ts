import type { ApiResponseSchemaHost } from '@nestjs/swagger';
import { RESULT_KINDS } from '@clearance/contracts';
import { SHARING_CLASSES } from '@clearance/negative-list';
import { CATALOGUE_COLUMNS } from './catalogue-csv.ts';
import type { Catalogue } from './make-catalogue.ts';

const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const unit = { ...text, example: 'hl.border' } as const;
const time = { ...text, format: 'date-time' } as const;
const day = { ...text, format: 'date' } as const;
const texts = { type: 'array', items: text } as const;
const rational = { type: ['number', 'null'], minimum: 0, description: 'null when there is nothing to divide by' };
const seconds = { type: ['integer', 'null'], minimum: 0 };

/** The answer of `GET /api/v1/catalogue`, for OpenAPI. */
export const CATALOGUE_SCHEMA = object({
  at: { ...time, description: 'Classes are those of this moment' },
  list: {
    description: 'The list in force; null when there is none, and all is withheld',
    oneOf: [object({ version: text, effectiveFrom: time }), { type: 'null' }],
  },
  from: { ...day, description: 'First day that was measured (Asia/Shanghai)' },
  to: { ...day, description: 'The day after the last' },
  entries: {
    type: 'array',
    description: 'What the fields name, as the list has it',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'class', 'legalBasis'],
      properties: {
        ...{ id: text, class: { ...text, enum: ['conditional', 'withheld'] }, legalBasis: text },
        ...{ title: object({ zh: text, en: text }), owner: text, purposes: texts, when: text, validUntil: text },
      },
    },
  },
  resources: list(
    object({
      issuer: unit,
      kind: { ...text, enum: [...RESULT_KINDS] },
      results: { ...count, description: 'First versions issued in the period' },
      amendments: count,
      revocations: count,
      amendmentsPerResult: rational,
      revocationsPerResult: rational,
      delay: {
        ...object({
          measured: { ...count, description: 'Results with a delay' },
          ahead: { ...count, description: 'Results that say that they were examined after they were issued' },
          ...{ mean: seconds, p50: seconds, p90: seconds, p99: seconds },
        }),
        description: 'Seconds from the last examination to the issue; quantiles are the next higher bound',
      },
      consumers: list(object({ consumer: unit, given: count, confirmed: count })),
      exceptions: {
        ...list(object({ entry: text, class: { ...text, enum: ['conditional', 'withheld'] }, consumers: list(unit) })),
        description: 'Whole results that are taken out, by what they are of; the fields say nothing of them',
      },
      fields: list(
        object({
          path: { ...text, description: 'JSON Pointer, `*` for every element' },
          type: { ...text, enum: ['string', 'integer', 'number', 'boolean'] },
          required: { type: 'boolean' },
          sharing: list(
            object({
              class: { ...text, enum: [...SHARING_CLASSES] },
              strictest: { ...text, enum: SHARING_CLASSES.filter((one) => one !== 'depends') },
              consumers: list(unit),
              entries: { ...texts, description: 'Take it out of every result' },
              dependent: { ...texts, description: 'Take it out of results that meet their conditions' },
            }),
          ),
          present: { ...count, description: 'Results that have it' },
          share: rational,
        }),
      ),
    }),
  ),
}) as unknown as ApiResponseSchemaHost['schema'];

function object(properties: Record<string, object>): {
  type: 'object';
  additionalProperties: false;
  required: string[];
  properties: typeof properties;
} {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

function list(items: object): { type: 'array'; items: object } {
  return { type: 'array', items };
}

const EXAMPLE: Catalogue = {
  at: '2026-11-21T08:00:00.000Z',
  list: { version: '2026.11-1', effectiveFrom: '2026-10-31T16:00:00.000Z' },
  from: '2026-11-01',
  to: '2026-12-01',
  entries: [
    {
      id: 'NL-003',
      class: 'conditional',
      legalBasis: '《出境入境管理法》第八十五条第（三）项；《个人信息保护法》第三十四条',
      title: { zh: '船员签证与登陆许可', en: 'Crew visas and landing permits' },
      owner: 'border',
      purposes: ['joint-inspection', 'counter-smuggling'],
      validUntil: '2036-10-31',
    },
  ],
  resources: [
    {
      ...{ issuer: 'ln.border', kind: 'border.crew', results: 412, amendments: 9, revocations: 1 },
      ...{ amendmentsPerResult: 0.0218, revocationsPerResult: 0.0024 },
      delay: { measured: 412, ahead: 0, mean: 1_274, p50: 1_200, p90: 2_700, p99: 5_400 },
      consumers: [{ consumer: 'hl.customs', given: 422, confirmed: 422 }],
      exceptions: [],
      fields: [
        {
          ...{ path: '/border/persons/*/permit/number', type: 'string', required: true },
          sharing: [
            {
              ...{ class: 'conditional', strictest: 'conditional' },
              ...{ consumers: ['hl.customs'], entries: ['NL-003'], dependent: [] },
            },
          ],
          ...{ present: 371, share: 0.9005 },
        },
      ],
    },
  ],
};

/** The catalogue in its two forms, for OpenAPI. */
export const CATALOGUE_EXAMPLES = {
  json: EXAMPLE,
  csv: `${CATALOGUE_COLUMNS.join(',')}\r\nln.border,border.crew,/border/persons/*/permit/number,string,true,conditional,…\r\n`,
};
