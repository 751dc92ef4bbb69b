import type { UnitId } from '@clearance/contracts';
import { type FollowedRecognition, type FollowedVersion, timelineOf } from './timeline.ts';

const LN: UnitId = 'ln.customs';
const HL: UnitId = 'hl.customs';
const BORDER: UnitId = 'ln.border';
const R1 = '019aa5a1-7c5b-7000-8000-000000000001';
const G1 = '019aa5a1-7c5b-7000-8000-00000000000a';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const at = (time: string): string => `2026-11-21T${time}.000Z`;

const VERSION: FollowedVersion = {
  resultId: R1,
  version: 1,
  status: 'issued',
  issuer: LN,
  examinedAt: at('03:10:00'),
  issuedAt: at('03:12:00'),
  offeredAt: at('03:12:01'),
  decisions: [{ at: at('03:12:02'), listVersion: '2026.11-1', consumers: [HL, BORDER], withheldFrom: [BORDER] }],
  receipts: { [HL]: at('03:12:04'), [BORDER]: at('03:12:03') },
  settledAt: at('03:12:04'),
  traceId: TRACE,
};
const RECOGNITION: FollowedRecognition = {
  recognitionId: G1,
  unit: HL,
  location: 'CNHRB',
  outcome: 'partial',
  decidedAt: at('09:00:00'),
  recognised: ['x-ray'],
  required: [{ check: 'quarantine', reasons: ['no-result'] }],
  by: [{ resultId: R1, version: 1 }],
  reopened: { at: at('10:00:00'), resultId: R1, version: 2 },
  traceId: null,
};

/** A line a step: time, what, by whom, of which version, seconds since its submission. */
const told = (versions: FollowedVersion[], recognitions: FollowedRecognition[] = []): string[] =>
  timelineOf(versions, recognitions).map(
    ({ step, at: time, unit, version, sinceSubmitted }) =>
      `${time.slice(11, 19)} ${step} ${unit}${version === undefined ? '' : ` v${version}`} ${sinceSubmitted ?? '-'}`,
  );

describe('the timeline of a consignment', () => {
  it('tells from the examination to where it was relied on, and why no longer', () => {
    const revoked: FollowedVersion = {
      ...VERSION,
      version: 2,
      status: 'revoked',
      issuedAt: at('09:59:58'),
      offeredAt: null,
      decisions: [],
      receipts: {},
      settledAt: null,
    };
    expect(told([revoked, VERSION], [RECOGNITION])).toEqual([
      '03:10:00 examined ln.customs v1 -120',
      '03:12:00 submitted ln.customs v1 0',
      '03:12:01 offered ln.customs v1 1',
      '03:12:02 decided ln.customs v1 2',
      '03:12:03 received ln.border v1 3',
      '03:12:04 received hl.customs v1 4',
      '03:12:04 settled ln.customs v1 4',
      '09:00:00 recognised hl.customs v1 -',
      '09:59:58 submitted ln.customs v2 0',
      '10:00:00 reopened hl.customs v2 -',
    ]);
  });

  it('says of a decision by which list, and from whom something is withheld; of a recognition what, where and why not', () => {
    const steps = timelineOf([VERSION], [RECOGNITION]);
    expect(steps.find(({ step }) => step === 'decided')).toMatchObject({
      ...{ listVersion: '2026.11-1', consumers: [HL, BORDER], withheldFrom: [BORDER], traceId: TRACE },
    });
    expect(steps.find(({ step }) => step === 'recognised')).toEqual({
      ...{ step: 'recognised', at: at('09:00:00'), unit: HL, recognitionId: G1, outcome: 'partial', location: 'CNHRB' },
      ...{ recognised: ['x-ray'], required: [{ check: 'quarantine', reasons: ['no-result'] }] },
      ...{ resultId: R1, version: 1 },
    });
  });

  it('of one moment is in the order in which things happen to a result, whatever order they are told in', () => {
    const instant = at('03:00:00');
    const { decisions } = VERSION;
    const all: FollowedVersion = {
      ...VERSION,
      ...{ examinedAt: instant, issuedAt: instant, offeredAt: instant, settledAt: instant },
      ...{ receipts: { [HL]: instant }, decisions: [{ ...decisions[0]!, at: instant }] },
    };
    expect(told([all])).toEqual(
      ['examined ln', 'submitted ln', 'offered ln', 'decided ln', 'received hl', 'settled ln'].map(
        (step) => `03:00:00 ${step}.customs v1 0`,
      ),
    );
  });

  it('leaves out what is not known, and has nothing of nothing', () => {
    const bare: FollowedVersion = {
      ...VERSION,
      ...{ examinedAt: null, offeredAt: null, decisions: [], receipts: {}, settledAt: null, traceId: null },
    };
    expect(told([bare])).toEqual(['03:12:00 submitted ln.customs v1 0']);
    expect(timelineOf([bare], [])[0]).not.toHaveProperty('traceId');
    expect(timelineOf([], [])).toEqual([]);
  });
});
