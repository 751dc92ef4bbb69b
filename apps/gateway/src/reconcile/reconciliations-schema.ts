import { type Static, Type } from 'typebox';
import { DIFFERENCES, type DifferenceCode, ReconcileRequestSchema } from '@clearance/contracts';
import { body, closed, count, localized, ordinal, orNull, unit, uuid } from '../http/answers.ts';

const day = () => Type.String({ format: 'date' });

const DifferenceSchema = Type.Object(
  {
    code: Type.Enum(Object.keys(DIFFERENCES) as DifferenceCode[]),
    message: localized(),
    alarm: Type.Boolean({ description: 'A leak, a forgery or an altered token: never repaired' }),
    issuer: Type.String(),
    receiver: orNull(unit()),
    day: day(),
    count: count(),
    repaired: count('Of these, how many were set going again'),
    examples: Type.Array(Type.Object({ resultId: uuid(), version: ordinal() }, closed), { maxItems: 20 }),
  },
  closed,
);

/** The answer of `POST /api/v1/reconciliations`. */
export const ReconciliationSchema = Type.Object(
  {
    from: day(),
    to: day(),
    pairs: count('Issuers × receivers × days of which both sides answered'),
    versions: count('Versions that the gateway has disclosed of these days'),
    differences: Type.Array(DifferenceSchema),
    repaired: count(),
    onTheirWay: count('Offers and copies that have not arrived and that their issuer still offers'),
    unreachable: Type.Array(unit(), { description: 'Units that did not answer: what concerns them was not compared' }),
  },
  closed,
);

/** Such an answer. */
export const RECONCILIATION_EXAMPLE: Static<typeof ReconciliationSchema> = {
  from: '2026-11-20',
  to: '2026-11-21',
  pairs: 264,
  versions: 1_904,
  differences: [
    {
      code: 'not-received',
      message: DIFFERENCES['not-received'].message,
      alarm: false,
      issuer: 'ln.customs',
      receiver: 'hl.border',
      day: '2026-11-21',
      count: 1,
      repaired: 1,
      examples: [{ resultId: '019aa5a1-7c5b-7000-8000-000000000001', version: 1 }],
    },
  ],
  repaired: 1,
  onTheirWay: 0,
  unreachable: ['nm.border'],
};

/** A request for one. */
export const RECONCILE_REQUEST = body(ReconcileRequestSchema, {
  from: '2026-11-20',
  to: '2026-11-21',
  repair: true,
  olderThan: 'PT5M',
});
