import fc from 'fast-check';
import { DIFFERENCES, type HeldVersion, type UnitId } from '@clearance/contracts';
import {
  compareHoldings,
  type DisclosedVersion,
  doubtful,
  type Holdings,
  keyOf,
  type LaterLook,
} from './compare-holdings.ts';
import {
  applyRepairs,
  emptyModel,
  type ExchangeModel,
  look,
  NAMES,
  RECEIVERS,
  runToTheEnd,
  STEPS,
} from './exchange-model.fixture.ts';

const ISSUER: UnitId = 'ln.customs';
const HL: UnitId = 'hl.customs';
const JL: UnitId = 'jl.border';
const PLACE = {
  issuedAt: '2026-11-21T08:00:00.123000Z',
  resultId: '019aa5a1-7c5b-7000-8000-000000000001',
  version: 2,
};
const SETTLED_AT = Date.UTC(2026, 10, 21, 8, 1);
const LATER = SETTLED_AT + 1;

const held = (changes: Partial<HeldVersion> = {}): HeldVersion => ({
  ...PLACE,
  signedDigest: 'as signed',
  offered: false,
  ...changes,
});
const settled = (changes: Partial<DisclosedVersion> = {}): DisclosedVersion => ({
  ...PLACE,
  signedDigest: 'as signed',
  waiting: [],
  confirmed: [HL, JL],
  settledAt: SETTLED_AT,
  ...changes,
});
const open = (waiting: UnitId[]): DisclosedVersion =>
  settled({ waiting, confirmed: [HL, JL].filter((unit) => !waiting.includes(unit)), settledAt: undefined });
const WELL: Holdings = {
  issuer: ISSUER,
  issued: [held()],
  disclosed: [settled()],
  received: new Map([
    [HL, [held()]],
    [JL, [held()]],
  ]),
};
const having = (hl: HeldVersion[], jl: HeldVersion[] = [held()]): Holdings['received'] =>
  new Map([
    [HL, hl],
    [JL, jl],
  ]);
const recordedFor = (...units: UnitId[]): LaterLook => ({
  moving: new Set(),
  recorded: new Map([[keyOf(PLACE), new Set(units)]]),
});
const NOT_RECORDED = recordedFor();

interface Case {
  what: string;
  holdings: Partial<Holdings>;
  look?: LaterLook;
  /** `code receiver repair`. */
  found: string[];
  onTheirWay?: number;
  settledBefore?: number;
}

const offered = [held({ offered: true })];
const otherwise = held({ signedDigest: 'as altered' });

const CASES: Case[] = [
  { what: '三方一致 everybody has it', holdings: {}, found: [] },
  {
    what: '网关无记录 the gateway has lost it, its ledger remembers',
    holdings: { disclosed: [] },
    look: recordedFor(HL, JL),
    found: ['not-offered - offer-again'],
  },
  {
    what: '网关全失 the gateway has lost it, and its ledger too: nobody can tell that it was given',
    holdings: { disclosed: [] },
    found: ['not-disclosed hl.customs none', 'not-disclosed jl.border none', 'not-offered - offer-again'],
  },
  {
    what: '网关尚未收到 it is still offered, and the gateway has not got it yet',
    holdings: { issued: offered, disclosed: [], received: having([], []) },
    found: [],
    onTheirWay: 1,
  },
  {
    what: '副本丢失 a receiver has lost what it confirmed',
    holdings: { received: having([]) },
    found: ['not-received hl.customs give-again'],
  },
  {
    what: '两家副本丢失 two receivers have',
    holdings: { received: having([], []) },
    found: ['not-received hl.customs give-again', 'not-received jl.border give-again'],
  },
  {
    what: '副本在途 a receiver is waited for, and the issuer goes on offering',
    holdings: { issued: offered, disclosed: [open([HL])], received: having([]) },
    found: [],
    onTheirWay: 1,
  },
  {
    what: '丢失且另一家在途 a receiver has lost it while another one is waited for',
    holdings: { issued: offered, disclosed: [open([JL])], received: having([], []) },
    found: ['not-received hl.customs give-again'],
    onTheirWay: 1,
  },
  {
    what: '无人再提交 a receiver is waited for, and nobody offers any more',
    holdings: { disclosed: [open([HL])], received: having([]) },
    found: ['not-received hl.customs offer-again'],
  },
  {
    what: '回执丢失 a receipt is waited for from one who holds it, and nobody offers any more',
    holdings: { disclosed: [open([HL])] },
    found: ['not-settled hl.customs offer-again'],
  },
  {
    what: '等待未答复的单位 one who does not answer is waited for, and nobody offers any more',
    holdings: { disclosed: [open([HL])], received: new Map([[JL, [held()]]]) },
    found: ['not-settled hl.customs offer-again'],
  },
  {
    what: '办结通知丢失 the issuer has not heard of the settlement',
    holdings: { issued: offered },
    found: ['not-settled-at-issuer - tell-settled'],
  },
  {
    what: '办结通知在途 the issuer has not heard of it yet',
    holdings: { issued: offered },
    settledBefore: SETTLED_AT,
    found: [],
  },
  {
    what: '签发单位丢失 the issuer has lost it',
    holdings: { issued: [] },
    found: ['unknown-at-issuer - none'],
  },
  {
    what: '签发与接收均丢失 the issuer and a receiver have lost it: nobody can give it',
    holdings: { issued: [], received: having([]) },
    found: ['not-received hl.customs none', 'unknown-at-issuer - none'],
  },
  {
    what: '签发与网关均丢失 the issuer and the gateway have lost it, the ledger remembers',
    holdings: { issued: [], disclosed: [] },
    look: recordedFor(HL, JL),
    found: ['unknown-at-issuer - none'],
  },
  {
    what: '签发单位未答复 the issuer does not answer: a loss is told, and waits',
    holdings: { issued: undefined, received: having([]) },
    found: ['not-received hl.customs none'],
  },
  {
    what: '伪造 a receiver holds what nobody issued and nobody gave',
    holdings: { issued: [], disclosed: [], received: having([held()], []) },
    found: ['not-disclosed hl.customs none'],
  },
  {
    what: '泄漏 a receiver holds what was given to another one only',
    holdings: { disclosed: [settled({ confirmed: [JL] })] },
    look: recordedFor(JL),
    found: ['not-disclosed hl.customs none'],
  },
  {
    what: '接收方凭证被换 a receiver holds other signed content',
    holdings: { received: having([otherwise]) },
    found: ['other-token hl.customs none'],
  },
  {
    what: '签发方凭证被换 the issuer holds other signed content',
    holdings: { issued: [otherwise] },
    found: ['other-token ln.customs none'],
  },
  {
    what: '被换的凭证不再分发 what the issuer holds now is not what was disclosed: it is not spread',
    holdings: { issued: [otherwise], received: having([]) },
    found: ['not-received hl.customs none', 'other-token ln.customs none'],
  },
  {
    what: '网关丢失且内容不一 the gateway has lost it, and issuer and receiver do not hold the same',
    holdings: { disclosed: [], received: having([otherwise]) },
    look: recordedFor(HL, JL),
    found: ['not-offered - none', 'other-token hl.customs none'],
  },
  {
    what: '重新签发途中 a version that was signed anew is being given again',
    holdings: {
      issued: [held({ signedDigest: 'signed anew', offered: true })],
      disclosed: [settled({ signedDigest: 'signed anew', waiting: [HL], confirmed: [JL], settledAt: undefined })],
      received: having([held()], [held({ signedDigest: 'signed anew' })]),
    },
    found: [],
  },
];

describe('compareHoldings', () => {
  it.each(CASES)('$what', ({ holdings, look: later = NOT_RECORDED, found, onTheirWay = 0, settledBefore = LATER }) => {
    const comparison = compareHoldings({ ...WELL, ...holdings }, later, settledBefore);
    const told = comparison.differences.map(({ code, receiver, repair }) => `${code} ${receiver ?? '-'} ${repair}`);
    expect({ found: told.sort(), onTheirWay: comparison.onTheirWay }).toEqual({ found, onTheirWay });
  });

  it('has a case for every code that there is', () => {
    const seen = new Set(CASES.flatMap(({ found }) => found.map((told) => told.split(' ')[0])));
    expect([...seen].sort()).toEqual(Object.keys(DIFFERENCES).sort());
  });

  it('never repairs an alarm', () => {
    const alarms = Object.entries(DIFFERENCES).flatMap(([code, { alarm }]) => (alarm ? [code] : []));
    const repairs = CASES.flatMap(({ found }) => found.filter((told) => alarms.includes(told.split(' ')[0]!)));
    expect(repairs.length).toBeGreaterThan(0);
    for (const told of repairs) expect(told).toMatch(/ none$/);
  });

  it('says nothing of a version whose state at the gateway has changed since', () => {
    const moving: LaterLook = { moving: new Set([keyOf(PLACE)]), recorded: new Map() };
    expect(compareHoldings({ ...WELL, disclosed: [] }, moving, LATER)).toEqual({ differences: [], onTheirWay: 0 });
  });
});

describe('doubtful', () => {
  it.each<[string, Partial<Holdings>, boolean]>([
    ['nothing, when everybody has it', {}, false],
    ['nothing, when a receiver has lost it: its receipt was there before', { received: having([]) }, false],
    ['what the gateway did not have when it was read', { disclosed: [] }, true],
    ['what a receiver holds without the gateway knowing', { disclosed: [settled({ confirmed: [JL] })] }, true],
    ['what the issuer calls settled and the gateway did not', { disclosed: [open([HL])] }, true],
    ['nothing, while it is on its way', { issued: offered, disclosed: [open([HL])], received: having([]) }, false],
  ])('%s', (_what, holdings, expected) => {
    const found = doubtful({ ...WELL, ...holdings });
    expect(found).toEqual(expected ? [{ resultId: PLACE.resultId, version: PLACE.version }] : []);
  });
});

const anyName = fc.constantFrom(...NAMES);
const anyUnit = fc.constantFrom(...RECEIVERS);
/** A step of the ordinary way. */
const anyStep = fc.tuple(fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])), anyName, anyUnit).map(
  ([step, name, unit]) =>
    (model: ExchangeModel) =>
      STEPS[step](model, name, unit),
);
const anySteps = fc.array(anyStep, { maxLength: 40 });

/** What may befall databases: rows lost, and whole states from a backup. */
const anyLoss = fc
  .tuple(
    fc.constantFrom('copy', 'settlement', 'ledger', 'settled-again', 'receipt', 'issuer', 'altered', 'forged'),
    anyName,
    anyUnit,
  )
  .map(([loss, name, unit]) => (model: ExchangeModel): void => {
    const [issued, disclosed, copies] = [model.issuer.get(name), model.gateway.get(name), model.receivers.get(unit)!];
    if (loss === 'copy') copies.delete(name);
    if (loss === 'settlement') model.gateway.delete(name);
    if (loss === 'ledger' && !disclosed) model.ledger.delete(name);
    if (loss === 'settled-again' && issued) issued.offered = true;
    if (loss === 'receipt' && disclosed?.confirmed.includes(unit)) {
      disclosed.confirmed = disclosed.confirmed.filter((each) => each !== unit);
      disclosed.waiting = [...disclosed.waiting, unit];
      disclosed.settled = false;
    }
    if (loss === 'issuer') model.issuer.delete(name);
    if (loss === 'altered' && copies.has(name)) copies.set(name, 'altered');
    if (loss === 'forged') copies.set(`forged ${name}`, 'forged');
  });

describe('on a model of the exchange', () => {
  it('the ordinary way is no difference, whatever happens between one look and the next', () => {
    fc.assert(
      fc.property(anySteps, fc.array(anySteps, { minLength: 5, maxLength: 5 }), (before, between) => {
        const model = emptyModel();
        for (const step of before) step(model);
        const meanwhile = between.values();
        const codes = look(model, () => meanwhile.next().value?.forEach((step) => step(model))).differences;
        // The word of a settlement that is older than the grace is a difference: it was lost.
        expect(codes.filter(({ code }) => code !== 'not-settled-at-issuer')).toEqual([]);
      }),
    );
  });

  it('what is repaired is not found again, and everybody has what can be given', () => {
    fc.assert(
      fc.property(anySteps, fc.array(anyLoss, { maxLength: 12 }), (before, losses) => {
        const model = emptyModel();
        for (const step of before) step(model);
        for (const befall of losses) befall(model);
        applyRepairs(model, look(model).differences);
        runToTheEnd(model);

        const again = look(model);
        expect(again.differences.filter(({ repair }) => repair !== 'none')).toEqual([]);
        expect(again.onTheirWay).toBe(0);
        const sound = [...model.issuer].filter(
          ([name]) => !again.differences.some(({ resultId }) => resultId === name),
        );
        for (const [name, { digest, offered: stillOffered }] of sound) {
          expect({ name, stillOffered, at: RECEIVERS.map((unit) => model.receivers.get(unit)!.get(name)) }).toEqual({
            name,
            stillOffered: false,
            at: RECEIVERS.map(() => digest),
          });
        }
      }),
    );
  });

  it('no repair hides an altered token or a forged copy', () => {
    const alarmsOf = (model: ExchangeModel): string[] =>
      look(model).differences.flatMap(({ code, receiver, resultId }) =>
        code === 'other-token' || resultId.startsWith('forged') ? [`${code} ${receiver} ${resultId}`] : [],
      );
    fc.assert(
      fc.property(anySteps, fc.array(anyLoss, { maxLength: 12 }), (before, losses) => {
        const model = emptyModel();
        for (const step of before) step(model);
        for (const befall of losses) befall(model);
        const first = alarmsOf(model);
        applyRepairs(model, look(model).differences);
        runToTheEnd(model);
        expect(alarmsOf(model)).toEqual(expect.arrayContaining(first));
      }),
    );
  });
});
