import { Type } from 'typebox';
import { CHECK_TYPES, RESULT_KINDS, RISK_LEVELS } from '../codes/results.ts';
import { TRANSPORT_MODES, type TransportMode } from '../codes/transport-modes.ts';
import { DURATION_PATTERN } from '../identifiers/duration.ts';
import { closed, text, timestamp, unitId, unlocode } from '../result/scalars.ts';
import { MAX_BATCH } from '../wire/requests.ts';
import { MAX_PACK } from '../wire/internal-messages.ts';

const localized = () => Type.Object({ zh: text(200), en: text(200) }, closed);
const provinceCode = () => Type.String({ pattern: '^[a-z]{2}$', maxLength: 2 });
const duration = () => Type.String({ pattern: DURATION_PATTERN, maxLength: 20 });
const prefix = () => Type.String({ pattern: '^[0-9]{2,13}$', maxLength: 13 });
const between = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });

const ArrangementSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Z][A-Z0-9-]{1,31}$', maxLength: 32 }),
    title: localized(),
    // Selectors have four forms; they are read by hand so that an error names the term and not four alternatives.
    issuers: Type.Unknown(),
    relying: Type.Unknown(),
    checks: Type.Array(Type.Enum([...CHECK_TYPES]), { minItems: 1, uniqueItems: true }),
    kinds: Type.Optional(Type.Array(Type.Enum([...RESULT_KINDS]), { minItems: 1, uniqueItems: true })),
    validFor: duration(),
    validFrom: timestamp(),
    validUntil: timestamp(),
    conditions: Type.Optional(
      Type.Object(
        {
          sealUnbroken: Type.Optional(Type.Boolean()),
          riskLevels: Type.Optional(Type.Array(Type.Enum([...RISK_LEVELS]), { minItems: 1, uniqueItems: true })),
          commodities: Type.Optional(
            Type.Object(
              {
                only: Type.Optional(Type.Array(prefix(), { minItems: 1, maxItems: 500, uniqueItems: true })),
                except: Type.Optional(Type.Array(prefix(), { minItems: 1, maxItems: 500, uniqueItems: true })),
              },
              { ...closed, minProperties: 1 },
            ),
          ),
          transportModes: Type.Optional(
            Type.Array(Type.Enum(Object.keys(TRANSPORT_MODES) as TransportMode[]), { minItems: 1, uniqueItems: true }),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);

const named = Type.Object({ id: unitId(), name: localized() }, closed);

/** The form of `mesh.yaml`. What its parts say about each other is checked by `parseMesh`. */
export const MeshSchema = Type.Object(
  {
    provinces: Type.Array(
      Type.Object({ code: provinceCode(), iso: Type.String({ pattern: '^CN-[A-Z]{2}$' }), name: localized() }, closed),
      { minItems: 1, maxItems: 40 },
    ),
    units: Type.Array(named, { minItems: 1, maxItems: 200 }),
    consumers: Type.Optional(Type.Array(named, { maxItems: 200 })),
    places: Type.Optional(
      Type.Array(
        Type.Object({ code: unlocode(), province: Type.Optional(provinceCode()), name: localized() }, closed),
        { maxItems: 1000 },
      ),
    ),
    arrangements: Type.Array(ArrangementSchema, { maxItems: 1000 }),
    access: Type.Optional(
      Type.Object({ answerWithin: duration(), remindBefore: duration(), longest: duration() }, closed),
    ),
    limits: Type.Object(
      {
        maxContentBytes: between(4096, 1_048_576),
        maxBatch: between(1, MAX_BATCH),
        maxPayloadBytes: between(65_536, 67_108_864),
        packResults: between(1, MAX_PACK),
        fetchMessages: between(1, 10_000),
        maxPage: between(1, 500),
        maxWaiting: between(1, 10_000_000),
        reofferAfter: duration(),
      },
      closed,
    ),
  },
  closed,
);
