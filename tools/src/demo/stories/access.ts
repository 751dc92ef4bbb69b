import type { AccessRequest, ResultView, UnitId } from '@clearance/contracts';
import * as backends from '../../traffic/backend.ts';
import { crew } from '../../traffic/border-results.ts';
import { PORTS } from '../../traffic/ports.ts';
import { asSelectors, chanceOf } from '../cargo.ts';
import { answered, at, copies, type Day, held, others, referenceOf, submit } from '../day.ts';
import { mentions } from '../search-token.ts';
import { fact, type Story } from '../story.ts';

const OWNER: UnitId = 'ln.border';
const ASKER: UnitId = 'hl.customs';
const NUMBERS = '/border/persons/*/documentNumber';
const BIRTHS = '/border/persons/*/birthDate';
const REFERENCE = referenceOf('HRBJS', 'A1');
/** For how long it is granted: the rest of the day is played meanwhile, ms. */
const GRANTED_MS = 20_000;
const DAY_MS = 86_400_000;

export const crewDocumentsGranted: Story = {
  id: 'crew-documents-asked-for',
  clock: '10:50',
  title: { zh: '海关缉私依申请获取船员证件号码', en: 'Anti-smuggling officers ask for the documents of a crew' },
  expected: {
    zh: '不准许的用途当即被拒并说明可用的用途；边检仅授予证件号码，不给生日；只有申请单位的副本补全，签名不变',
    en: 'a purpose that is not admitted is refused at once, with those that are; border inspection grants the numbers and not the birth dates; only the asking unit’s copy is completed, under the same signature',
  },
  play: async (day) => {
    const content = crew(chanceOf('05A'), referenceOf('DLCBJ', '05-2'), PORTS.dalian, CROSSING, at('10:50'));
    const persons = content.border?.persons ?? [];
    const receipt = await submit(day, OWNER, content);
    await copies(day, OWNER, receipt);
    const asking = {
      reference: REFERENCE,
      resultId: receipt.resultId,
      paths: [NUMBERS, BIRTHS],
      legalReference: '《海关法》第六条第（四）项',
      until: new Date(Date.now() + DAY_MS).toISOString(),
    };
    const refused = await backends.requestAccess(day.backends.get(ASKER)!, { ...asking, purpose: 'export-tax-refund' });
    const { requestId } = await answered(day, ASKER, (backend) =>
      backends.requestAccess(backend, { ...asking, purpose: 'counter-smuggling' }),
    );
    await told(day, 'access.requested', requestId, OWNER);
    const decided = await answered(day, OWNER, (backend) =>
      backends.decideAccess(backend, {
        requestId,
        decision: 'grant',
        paths: [NUMBERS],
        until: new Date(Date.now() + GRANTED_MS).toISOString(),
        reason: '仅限证件号码',
      }),
    );
    await told(day, 'access.decided', requestId, ASKER);
    await told(day, 'result.extended', receipt.resultId, ASKER);
    const views = await Promise.all(
      others(day, OWNER).map(async (unit) => [unit, await held(day, unit, receipt.resultId)] as const),
    );
    const seeing = (words: readonly (string | undefined)[]): string[] =>
      asSelectors(
        views.flatMap(([unit, view]) => (view !== undefined && shows(view, words) ? [unit] : [])),
        others(day, OWNER),
      );
    return [
      fact('不准许的用途', 'another purpose', refused.ok ? 'taken' : codesOf(refused.problem.errors), [
        'purpose-not-admitted',
      ]),
      fact('答复', 'answer', decided.state, 'granted-in-part'),
      fact('看到证件号码', 'see the numbers', seeing(persons.map((each) => each.documentNumber)), [ASKER, '*.border']),
      fact('看到生日', 'see birth dates', seeing(persons.map((each) => each.birthDate)), ['*.border']),
    ];
  },
};

export const crewDocumentsExpired: Story = {
  id: 'crew-documents-expired',
  clock: '16:55',
  title: { zh: '授权到期：证件号码从副本中收回', en: 'The grant is over: the numbers are taken back' },
  expected: {
    zh: '到期后申请单位的副本不再含证件号码并已回执，双方得到通知；台账记有授权及其使用',
    en: 'when its time is over the asking unit’s copy has lost the numbers, it has confirmed that, and both sides are told; the ledger has the grant and its use',
  },
  play: async (day) => {
    const { requests } = await answered(day, ASKER, (backend) =>
      backends.findAccess(backend, { reference: REFERENCE }),
    );
    const { requestId, about } = requests[0]!;
    const resultId = 'resultId' in about ? about.resultId : '';
    await told(day, 'access.ended', requestId, ASKER);
    await told(day, 'access.ended', requestId, OWNER);
    await told(day, 'result.restricted', resultId, ASKER);
    const own = await held(day, OWNER, resultId);
    const view = await held(day, ASKER, resultId);
    const numbers = (own?.content.border?.persons ?? []).map(({ documentNumber }) => documentNumber);
    const after = await answered(day, ASKER, (backend) => backends.findAccess(backend, { requestId }));
    const shown = (await day.gateway.disclosures(resultId)).filter(({ consumer }) => consumer === ASKER);
    const withNumbers = shown.filter(({ withheld }) => !withheld.some(({ path }) => path.endsWith('/documentNumber')));
    return [
      fact('申请状态', 'the request', stateOf(after.requests), 'expired'),
      fact('仍见证件号码', 'still shows the numbers', view === undefined || shows(view, numbers), false),
      fact('台账：示出的副本', 'ledger: copies shown', shown.length, 3),
      fact('台账：含证件号码的', 'ledger: of these with the numbers', withNumbers.length, 1),
      fact('台账：最后一份已回执', 'ledger: the last one confirmed', shown.at(-1)?.receiptAt !== null, true),
    ];
  },
};

const CROSSING = {
  direction: 'import',
  mode: '2',
  conveyance: { imoNumber: '9074729', name: 'SAMPLE TRADER', nationality: 'LR', journey: '119N' },
  manifest: 'DLC2026D0501',
  previousPort: 'RUVVO',
  crew: { nationalities: ['RU', 'PH'], count: 4 },
} as const;

/** Waits until a unit's backend has been told. */
async function told(day: Day, type: Parameters<Day['events']['about']>[0], id: string, unit: UnitId): Promise<void> {
  await day.events.until(`${unit}: ${type}`, () =>
    day.events.about(type, id).some((heard) => heard.unit === unit) ? true : undefined,
  );
}

function shows(view: ResultView, words: readonly (string | undefined)[]): boolean {
  const content = JSON.stringify(view.content);
  return words.some((word) => word !== undefined && (content.includes(word) || mentions(view.signature.token, word)));
}

function codesOf(errors: readonly { code: string }[]): string[] {
  return [...new Set(errors.map(({ code }) => code))];
}

function stateOf([request]: readonly AccessRequest[]): string {
  return request?.state ?? 'none';
}
