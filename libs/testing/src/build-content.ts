import { exampleContent, type ResultContent } from '@clearance/contracts';

/** Valid contents, one per agency; a test states only what matters to it. Members given replace whole members. */
type Changes = Partial<ResultContent>;

/** 查验: a container of frozen cod examined at Dalian (Liaoning customs), seal intact. */
export function customsExamination(reference: string, changes: Changes = {}): ResultContent {
  const example = exampleContent('customs.examination');
  return { ...example, reference, validUntil: '2036-12-21T00:00:00Z', ...changes };
}

/** 检疫: the same goods quarantined at Dalian (Liaoning inspection), with the certificate that the release cites. */
export function inspectionQuarantine(reference: string, changes: Changes = {}): ResultContent {
  const { office: _office, customs: _customs, ...common } = customsExamination(reference);
  return {
    ...common,
    kind: 'inspection.quarantine',
    checks: [
      {
        type: 'quarantine',
        outcome: 'conformant',
        performedAt: '2026-11-21T04:00:00Z',
        covers: { containers: ['CSQU3054383'], items: [1] },
      },
    ],
    inspection: { certificateNumber: 'LN-JY-2026-000123' },
    ...changes,
  } as ResultContent;
}

/** 船员查验: the crew of a ship at Dalian (Liaoning border inspection). The persons are invented. */
export function borderCrew(reference: string, changes: Changes = {}): ResultContent {
  const { direction, transportMode, location, conveyance } = customsExamination(reference);
  return {
    reference,
    kind: 'border.crew',
    location,
    direction,
    transportMode,
    conveyance,
    checks: [{ type: 'crew', outcome: 'conformant', performedAt: '2026-11-21T02:00:00Z' }],
    conclusion: 'released',
    border: {
      crewCount: 2,
      persons: [
        {
          name: 'IVANOV PETR',
          nationality: 'RU',
          documentType: 'P',
          documentNumber: 'RU7730192',
          birthDate: '1984-05-17',
          rank: 'Master',
          verdict: 'admitted',
        },
        {
          name: '李某某',
          nationality: 'CN',
          documentType: 'IS',
          documentNumber: 'CN5520817',
          birthDate: '1991-09-02',
          verdict: 'admitted',
        },
      ],
    },
    ...changes,
  } as ResultContent;
}
