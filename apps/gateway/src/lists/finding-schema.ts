import { type Static, Type } from 'typebox';
import { type Finding, FINDING_CODES } from '@clearance/negative-list';
import { closed, localized, ordinal } from '../http/answers.ts';

/** What lint says of a list, located in its text. */
export const FindingSchema = Type.Object(
  {
    severity: Type.Enum(['error', 'warning'], { description: 'A list with an error is refused' }),
    code: Type.Enum([...FINDING_CODES]),
    pointer: Type.String({ description: 'JSON Pointer into the list; empty: the document itself' }),
    entry: Type.Optional(Type.String({ description: 'Id of the entry that it is about' })),
    line: ordinal(),
    column: ordinal(),
    message: localized(),
  },
  { ...closed, title: 'Finding' },
);

/** Such a finding. */
export const FINDING_EXAMPLE: Static<typeof FindingSchema> & Finding = {
  severity: 'warning',
  code: 'near-expiry',
  pointer: '/entries/0/validUntil',
  entry: 'NL-001',
  line: 12,
  column: 17,
  message: {
    zh: '将于 2026-12-01 失效，不足 30 日；此后其数据即行共享',
    en: 'it ends on 2026-12-01, within 30 days; from then on its data are shared',
  },
};
