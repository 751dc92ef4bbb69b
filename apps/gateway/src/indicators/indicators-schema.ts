import { type Static, Type } from 'typebox';
import { CHECK_TYPES } from '@clearance/contracts';
import { HOURS_PER_CHECK, TARGETS } from '@clearance/coordination';
import { closed, count, ordinal, orNull, time, unit, uuid } from '../http/answers.ts';

const day = (description?: string) =>
  Type.String({ format: 'date', ...(description === undefined ? {} : { description }) });
const share = () => orNull(Type.Number({ minimum: 0, maximum: 1 }));
const seconds = () => orNull(Type.Number({ minimum: 0 }));
const check = () => Type.Enum([...CHECK_TYPES]);
const hidden = 'Null where it is not shown to everybody, or not known';
const port = () => orNull(Type.String({ description: `UN/LOCODE. ${hidden}` }));
const mode = () => orNull(Type.String({ description: `Mode of transport: 2 water, 3 rail, 4 road, 5 air. ${hidden}` }));
const direction = () => orNull(Type.String({ description: hidden }));

const figures = {
  results: count('First versions of results'),
  amendments: count(),
  revocations: count(),
  available: count('Versions that every entitled unit has confirmed'),
  delay: Type.Object(
    { measured: count('Results that have one'), p50: seconds(), p90: seconds(), p99: seconds() },
    {
      ...closed,
      description:
        'Seconds from the last examination to its being available at every entitled unit; the next higher bound of a ' +
        'class, null beyond the last',
    },
  ),
  withheld: Type.Array(Type.Object({ entry: Type.String(), copies: count() }, closed), {
    description: 'By entry of the list: copies that show less under it',
  }),
  recognitions: Type.Object(
    { decided: count(), recognised: count(), partial: count(), refused: count(), reopened: count() },
    closed,
  ),
  checks: Type.Object(
    {
      recognised: count(),
      required: count(),
      recognisedShare: share(),
      repeated: count('Required although a result about it was known: inspected twice'),
      avoided: count('Recognised by a recognition in force: not inspected again'),
      byType: Type.Array(
        Type.Object(
          { type: check(), recognised: count(), required: count(), avoided: count(), repeated: count() },
          closed,
        ),
      ),
    },
    closed,
  ),
  hoursSaved: Type.Number({ minimum: 0, description: 'Avoided checks, each by its hours: see hoursPerCheck' }),
  reasons: Type.Array(Type.Object({ code: Type.String(), checks: count() }, closed), {
    description: 'Of required checks, why; one may have several',
  }),
  reliesOn: Type.Array(Type.Object({ issuer: unit(), checks: count() }, closed), {
    description: 'Of recognised checks: on whose results they rest',
  }),
  targets: Type.Array(
    Type.Object(
      {
        code: Type.Enum(TARGETS.map(({ code }) => code)),
        seconds: count(),
        measured: count('Results that it speaks of and that have a delay'),
        within: count(),
        share: share(),
      },
      closed,
    ),
  ),
  conflicts: count('Units that contradict each other about the same goods'),
};

const GroupSchema = Type.Object(
  {
    day: Type.Optional(day()),
    port: Type.Optional(port()),
    unit: Type.Optional(unit()),
    mode: Type.Optional(mode()),
    direction: Type.Optional(direction()),
    ...figures,
  },
  closed,
);

const head = {
  at: time('When these were read'),
  from: day('First day (Asia/Shanghai)'),
  to: day('The day after the last'),
  waiting: count('Versions and recognitions that are yet to be counted'),
  moreConflicts: Type.Boolean({
    description: 'Whether there are more results with something amiss than were compared',
  }),
  hoursPerCheck: Type.Object(Object.fromEntries(CHECK_TYPES.map((type) => [type, Type.Number({ minimum: 0 })])), {
    ...closed,
    description: 'Hours that one check takes: assumed, not measured',
  }),
};

/** The answer of `GET /api/v1/indicators`. */
export const IndicatorsSchema = Type.Object(
  { ...head, total: Type.Object(figures, closed), groups: Type.Array(GroupSchema) },
  closed,
);

/** The answer of `GET /api/v1/reports/{month}`. */
export const ReportSchema = Type.Object(
  {
    ...head,
    month: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}$' }),
    complete: Type.Boolean({ description: 'Whether the month is over and everything of it is counted' }),
    total: Type.Object(figures, closed),
    byPort: Type.Array(GroupSchema),
    byUnit: Type.Array(GroupSchema),
    byDay: Type.Array(GroupSchema),
  },
  closed,
);

const FindingSchema = Type.Object({ resultId: uuid(), version: ordinal(), issuer: unit() }, closed);
const ConflictSchema = Type.Object(
  {
    consignmentId: uuid(),
    at: time('When the first result that found something amiss was issued'),
    check: check(),
    container: orNull(Type.String({ description: 'Null: of the goods' })),
    conformant: Type.Array(FindingSchema),
    nonConformant: Type.Array(FindingSchema),
    port: port(),
    unit: unit(),
    mode: mode(),
    direction: direction(),
  },
  closed,
);

/** The answer of `GET /api/v1/conflicts`. */
export const ConflictsSchema = Type.Object(
  {
    at: time(),
    from: day(),
    to: day(),
    conflicts: Type.Array(ConflictSchema, { maxItems: 200 }),
    more: Type.Boolean(),
  },
  closed,
);

const FIGURES: Static<typeof IndicatorsSchema>['total'] = {
  ...{ results: 120, amendments: 4, revocations: 1, available: 125 },
  delay: { measured: 120, p50: 5_400, p90: 10_800, p99: 21_600 },
  withheld: [{ entry: 'NL-010', copies: 480 }],
  recognitions: { decided: 30, recognised: 20, partial: 8, refused: 2, reopened: 1 },
  checks: {
    ...{ recognised: 60, required: 20, recognisedShare: 0.75, repeated: 6, avoided: 58 },
    byType: [
      { type: 'x-ray', recognised: 40, required: 8, avoided: 39, repeated: 2 },
      { type: 'quarantine', recognised: 20, required: 12, avoided: 19, repeated: 4 },
    ],
  },
  hoursSaved: 57.5,
  reasons: [{ code: 'no-result', checks: 14 }],
  reliesOn: [{ issuer: 'ln.customs', checks: 60 }],
  targets: [{ code: 'sea', seconds: 86_400, measured: 120, within: 120, share: 1 }],
  conflicts: 0,
};
const HEAD = {
  at: '2026-11-21T10:00:00.000Z',
  from: '2026-11-01',
  to: '2026-12-01',
  waiting: 0,
  moreConflicts: false,
  hoursPerCheck: HOURS_PER_CHECK,
};

/** Such answers. */
export const INDICATORS_EXAMPLE: Static<typeof IndicatorsSchema> = {
  ...HEAD,
  total: FIGURES,
  groups: [{ port: 'CNDLC', ...FIGURES }],
};
export const REPORT_EXAMPLE: Static<typeof ReportSchema> = {
  ...HEAD,
  month: '2026-11',
  complete: false,
  total: FIGURES,
  byPort: [{ port: 'CNDLC', ...FIGURES }],
  byUnit: [{ unit: 'ln.customs', ...FIGURES }],
  byDay: [{ day: '2026-11-20', ...FIGURES }],
};
export const CONFLICTS_EXAMPLE: Static<typeof ConflictsSchema> = {
  ...{ at: HEAD.at, from: HEAD.from, to: HEAD.to },
  conflicts: [
    {
      consignmentId: '019aa5a1-7c5b-7000-8000-000000000001',
      ...{ at: '2026-11-20T03:10:00.000Z', check: 'quarantine', container: 'CSQU3054383' },
      conformant: [{ resultId: '019aa5a1-7c5b-7000-8000-000000000001', version: 1, issuer: 'ln.inspection' }],
      nonConformant: [{ resultId: '019aa5a1-7c5b-7000-8000-000000000002', version: 1, issuer: 'jl.inspection' }],
      ...{ port: 'CNDLC', unit: 'jl.inspection', mode: '2', direction: 'import' },
    },
  ],
  more: false,
};
