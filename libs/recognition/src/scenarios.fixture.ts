import type { Arrangement, RecognitionRequest } from '@clearance/contracts';
import * as b from './builders.fixture.ts';
import type { KnownResult } from './known-result.ts';

/**
 * One case as an inspection officer would tell it. Unless said otherwise: Manzhouli customs (nm.customs) x-rayed
 * container A with item 1 on 21 November under seal H100; Dalian customs asks on the 22nd and finds H100 intact; MRA-
 * SEAL asks for the seal, MRA-OPEN does not.
 */
export interface Scenario {
  zh: string;
  en: string;
  request: RecognitionRequest;
  known: KnownResult[];
  arrangements?: Arrangement[];
  outcome: 'recognised' | 'partial' | 'refused';
  /**
   * Per check: `recognised by … [with evidence] under …`, or `required: code(result) …[; relies on …: covers;
   * remaining …]`.
   */
  decisions: string[];
}

const { A, B, C, box, check, on, request, result, seal } = b;
const observed = (number: string, condition: 'intact' | 'broken' | 'missing' = 'intact') => [
  { container: A, number, condition },
];
const xray = request(['x-ray']);
/** The container alone, without papers. */
const boxOnly = (container: string, ...seals: { container: string; number: string; condition: 'intact' }[]) =>
  request(['x-ray'], { consignment: { containers: [container] }, sealsObserved: seals });
/** A record of container A at Harbin on the way, on 21 November at 18:00. */
const atHarbin = (...seals: Parameters<typeof box>[1][]) =>
  result('HRB', {
    issuer: b.HARBIN,
    issuedAt: on('21 19:00'),
    content: { containers: [box(A, ...seals)], declarationNumber: undefined, goods: undefined },
    checks: [check('physical', { performedAt: on('21 18:00'), covers: { containers: [A] } })],
  });

export const scenarios: Scenario[] = [
  {
    zh: '满洲里机检、铅封完好，大连认可',
    en: 'x-rayed at Manzhouli, seal unbroken: recognised at Dalian',
    request: xray,
    known: [result('MZL')],
    outcome: 'recognised',
    decisions: ['recognised by MZL under MRA-SEAL until 2026-12-21T01:00:00.000Z: A #1'],
  },
  {
    zh: '没有任何单位做过该项查验',
    en: 'nobody has done this check',
    request: request(['radiation']),
    known: [result('MZL')],
    outcome: 'refused',
    decisions: ['required: no-result'],
  },
  {
    zh: '与本票无关的结果不算',
    en: 'a result about another consignment is no result',
    request: xray,
    known: [
      result('ELSE', {
        content: { containers: [box(C)], declarationNumber: b.OTHER_DECLARATION },
        checks: [check('x-ray', { covers: { containers: [C] } })],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: no-result'],
  },
  {
    zh: '三个箱子中只查了两个',
    en: 'two of three containers were examined',
    request: request(['quarantine'], {
      consignment: { containers: [A, B, C], declarationNumber: b.DECLARATION },
      sealsObserved: [],
    }),
    known: [
      result('QAR', {
        issuer: b.QUARANTINE,
        content: { containers: [box(A), box(B)] },
        checks: [check('quarantine', { covers: { containers: [A, B] } })],
      }),
    ],
    outcome: 'partial',
    decisions: [
      'required: not-covered(QAR); relies on QAR under MRA-OPEN until 2026-12-01T01:00:00.000Z: A B; remaining C',
    ],
  },
  {
    zh: '项号相同但报关单不同，不涵盖',
    en: 'item 1 of another declaration is another thing',
    request: request(['quarantine'], {
      consignment: { containers: [A], declarationNumber: b.OTHER_DECLARATION, transportDocument: 'SMGS-1', items: [1] },
    }),
    known: [
      result('QAR', { issuer: b.QUARANTINE, content: { transportDocument: 'SMGS-1' }, checks: [check('quarantine')] }),
    ],
    outcome: 'partial',
    decisions: [
      'required: not-covered(QAR); relies on QAR under MRA-OPEN until 2026-12-01T01:00:00.000Z: A; remaining #1',
    ],
  },
  {
    zh: '空泛的查验（未写明对象）不涵盖任何货物',
    en: 'a check that names nothing covers no goods',
    request: xray,
    known: [result('MZL', { checks: [check('x-ray', { covers: undefined })] })],
    outcome: 'refused',
    decisions: ['required: not-covered(MZL)'],
  },
  {
    zh: '只检疫了五吨，其余十九吨仍需检疫',
    en: 'five of twenty-four tonnes were quarantined',
    request: request(['quarantine'], {
      consignment: { declarationNumber: b.DECLARATION, quantities: [{ item: 1, value: '24000', unit: 'KGM' }] },
    }),
    known: [
      result('QAR', {
        issuer: b.QUARANTINE,
        checks: [check('quarantine', { covers: { quantities: [{ item: 1, value: '5000.5', unit: 'KGM' }] } })],
      }),
    ],
    outcome: 'partial',
    decisions: [
      'required: not-covered(QAR); relies on QAR under MRA-OPEN until 2026-12-01T01:00:00.000Z: 5000.5 KGM of #1; remaining #1 18999.5 KGM of #1',
    ],
  },
  {
    zh: '未申报数量时，须查满整项货物',
    en: 'asked without a quantity, the whole line must have been examined',
    request: request(['quarantine'], { consignment: { declarationNumber: b.DECLARATION, items: [1] } }),
    known: [
      result('QAR', {
        issuer: b.QUARANTINE,
        checks: [
          check('quarantine', { covers: { items: [1], quantities: [{ item: 1, value: '6000', unit: 'KGM' }] } }),
        ],
      }),
    ],
    outcome: 'partial',
    decisions: [
      'required: not-covered(QAR); relies on QAR under MRA-OPEN until 2026-12-01T01:00:00.000Z: 6000 KGM of #1; remaining #1 18000 KGM of #1',
    ],
  },
  {
    zh: '两次各查一部分，不相加（可能是同一批货）',
    en: 'two partial examinations are not added up: they may have seen the same sacks',
    request: request(['quarantine'], {
      consignment: { declarationNumber: b.DECLARATION, quantities: [{ item: 1, value: '20000', unit: 'KGM' }] },
    }),
    known: ['12000', '8000'].map((value, index) =>
      result(`QAR-${index}`, {
        issuer: b.QUARANTINE,
        checks: [check('quarantine', { covers: { quantities: [{ item: 1, value, unit: 'KGM' }] } })],
      }),
    ),
    outcome: 'partial',
    decisions: [
      'required: not-covered(QAR-0) not-covered(QAR-1); relies on QAR-0 under MRA-OPEN until 2026-12-01T01:00:00.000Z: 12000 KGM of #1; remaining #1 8000 KGM of #1',
    ],
  },
  {
    zh: '计量单位不同，不能比较',
    en: 'quantities in another unit are not compared',
    request: request(['quarantine'], {
      consignment: { declarationNumber: b.DECLARATION, quantities: [{ item: 2, value: '30', unit: 'TNE' }] },
    }),
    known: [result('QAR', { issuer: b.QUARANTINE, checks: [check('quarantine', { covers: { items: [2] } })] })],
    outcome: 'refused',
    decisions: ['required: not-covered(QAR)'],
  },
  {
    zh: '检疫无法判读的货物未共享数量：仍不能依据同时的合格检疫',
    en: 'the goods of an inconclusive quarantine were withheld: it stands against another of the same moment all the same',
    request: request(['quarantine'], {
      consignment: { declarationNumber: b.DECLARATION, quantities: [{ item: 1, value: '6000', unit: 'KGM' }] },
    }),
    known: [
      result('GOOD', { issuer: b.QUARANTINE, checks: [check('quarantine')] }),
      result('BAD', { checks: [check('quarantine', { outcome: 'inconclusive' })], withheld: ['/goods'] }),
    ],
    outcome: 'refused',
    decisions: ['required: non-conformant(BAD) withheld(BAD)'],
  },
  {
    zh: '不合格的只是以其他单位计量的一部分，也不能认可该项货物',
    en: 'what was not conformant is a part in another unit of measure: nothing of the item is recognised',
    request: request(['quarantine'], {
      consignment: { declarationNumber: b.DECLARATION, quantities: [{ item: 2, value: '60', unit: 'MTQ' }] },
    }),
    known: [
      result('GOOD', { issuer: b.QUARANTINE, checks: [check('quarantine', { covers: { items: [2] } })] }),
      result('BAD', {
        content: {
          goods: [
            {
              item: 2,
              commodityCode: '4407119910101',
              description: '樟子松板材',
              netWeight: { value: '30000', unit: 'KGM' },
            },
          ],
        },
        checks: [
          check('quarantine', {
            outcome: 'non-conformant',
            covers: { quantities: [{ item: 2, value: '500', unit: 'KGM' }] },
          }),
        ],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: non-conformant(BAD)'],
  },
  {
    zh: '不合格的查验未写明对象：可能就是本票货物',
    en: 'a check that was not conformant does not say of what: it may be of these goods',
    request: request(['quarantine']),
    known: [
      result('GOOD', { issuer: b.QUARANTINE, checks: [check('quarantine')] }),
      result('BAD', { checks: [check('quarantine', { outcome: 'non-conformant', covers: undefined })] }),
    ],
    outcome: 'refused',
    decisions: ['required: non-conformant(BAD)'],
  },
  {
    zh: '不合格的查验只写明项号：该项货物可能就在本箱',
    en: 'a check that was not conformant names an item and no container: the item may be in this one',
    request: request(['quarantine'], { consignment: { containers: [A], declarationNumber: b.DECLARATION } }),
    known: [
      result('GOOD', { issuer: b.QUARANTINE, checks: [check('quarantine')] }),
      result('BAD', { checks: [check('quarantine', { outcome: 'non-conformant', covers: { items: [1] } })] }),
    ],
    outcome: 'refused',
    decisions: ['required: non-conformant(BAD)'],
  },
  {
    zh: '不合格的查验未共享其部分箱号：可能就有本箱',
    en: 'a check that was not conformant hides one of its containers: it may be this one',
    request: request(['quarantine'], { consignment: { containers: [A], declarationNumber: b.DECLARATION } }),
    known: [
      result('GOOD', { issuer: b.QUARANTINE, checks: [check('quarantine')] }),
      result('BAD', {
        content: { containers: [box(A), box(B)] },
        checks: [check('quarantine', { outcome: 'non-conformant', covers: { containers: [A, B] } })],
        withheld: ['/checks/0/covers/containers/0'],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: non-conformant(BAD) withheld(BAD)'],
  },
  {
    zh: '货物数量未共享：无法确定是否查满所申请的数量',
    en: 'the goods were withheld: whether the quantity asked for was examined cannot be told',
    request: request(['quarantine'], {
      consignment: { declarationNumber: b.DECLARATION, quantities: [{ item: 1, value: '6000', unit: 'KGM' }] },
    }),
    known: [
      result('ALL', { issuer: b.QUARANTINE, checks: [check('quarantine')], withheld: ['/goods'] }),
      result('ONE', { issuer: b.QUARANTINE, checks: [check('quarantine')], withheld: ['/goods/0/quantity'] }),
    ],
    outcome: 'refused',
    decisions: ['required: withheld(ALL) withheld(ONE)'],
  },
  {
    zh: '没有互认安排',
    en: 'no arrangement with that province',
    request: request(['physical']),
    known: [result('HRB', { issuer: b.HARBIN, checks: [check('physical')] })],
    outcome: 'refused',
    decisions: ['required: no-arrangement(HRB)'],
  },
  {
    zh: '互认安排已到期',
    en: 'the arrangement has ended',
    request: xray,
    known: [result('MZL')],
    arrangements: [{ ...b.SEALED, validUntil: '2026-11-22T10:00:00+08:00' }],
    outcome: 'refused',
    decisions: ['required: no-arrangement(MZL)'],
  },
  {
    zh: '安排只适用于低风险货物',
    en: 'the arrangement is for low risk; the result was high, or says nothing of risk',
    request: xray,
    known: [result('HIGH', { content: { customs: { riskLevel: 'high' } } }), result('NONE')],
    arrangements: [b.arrangement('MRA-LOW', { conditions: { riskLevels: ['low'] } })],
    outcome: 'refused',
    decisions: ['required: no-arrangement(HIGH) no-arrangement(NONE)'],
  },
  {
    zh: '安排不含木材：冻鱼认可，木材仍需查验，混装箱也需查验',
    en: 'timber is excepted: the fish is recognised, the timber and the container with both are not',
    request: request(['x-ray'], { consignment: { containers: [A], declarationNumber: b.DECLARATION, items: [1, 2] } }),
    known: [result('MZL', { checks: [check('x-ray', { covers: { containers: [A], items: [1, 2] } })] })],
    arrangements: [b.arrangement('MRA-FISH', { conditions: { commodities: { except: ['44'] } } })],
    outcome: 'partial',
    decisions: [
      'required: no-arrangement(MZL); relies on MZL under MRA-FISH until 2026-12-21T01:00:00.000Z: #1; remaining A #2',
    ],
  },
  {
    zh: '安排只适用于某类结果、水运',
    en: 'another kind of result, another mode of transport',
    request: xray,
    known: [result('MZL')],
    arrangements: [
      b.arrangement('MRA-SCAN', { kinds: ['customs.scan'] }),
      b.arrangement('MRA-SEA', { conditions: { transportModes: ['2'] } }),
    ],
    outcome: 'refused',
    decisions: ['required: no-arrangement(MZL)'],
  },
  {
    zh: '查验时间晚于签发时间：有效期从签发时起算',
    en: 'said to be performed after the result was issued: the validity counts from the issue',
    request: request(['quarantine']),
    known: [
      result('QAR', {
        issuer: b.QUARANTINE,
        issuedAt: on('12 09:59'),
        checks: [check('quarantine', { performedAt: on('21 09:00') })],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: expired(QAR)'],
  },
  {
    zh: '超过安排规定的有效期',
    en: 'older than the arrangement allows',
    request: request(['quarantine']),
    known: [result('QAR', { issuer: b.QUARANTINE, checks: [check('quarantine', { performedAt: on('12 10:00') })] })],
    outcome: 'refused',
    decisions: ['required: expired(QAR)'],
  },
  {
    zh: '签发单位规定的有效期已过',
    en: 'past the validity that its issuer gave it',
    request: xray,
    known: [result('MZL', { content: { validUntil: on('22 10:00') } })],
    outcome: 'refused',
    decisions: ['required: expired(MZL)'],
  },
  {
    zh: '查验不合格或无法判读',
    en: 'non-conformant, and inconclusive',
    request: request(['x-ray', 'quarantine']),
    known: [
      result('MZL', { checks: [check('x-ray', { outcome: 'inconclusive' })] }),
      result('QAR', { issuer: b.QUARANTINE, checks: [check('quarantine', { outcome: 'non-conformant' })] }),
    ],
    outcome: 'refused',
    decisions: ['required: non-conformant(MZL)', 'required: non-conformant(QAR)'],
  },
  {
    zh: '先合格、后不合格：以后者为准',
    en: 'conformant first, not conformant later: the later one counts',
    request: xray,
    known: [
      result('FIRST'),
      result('LATER', {
        issuer: b.HARBIN,
        issuedAt: on('21 21:00'),
        checks: [check('x-ray', { outcome: 'non-conformant', performedAt: on('21 20:00') })],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: non-conformant(LATER)'],
  },
  {
    zh: '先不合格、复查合格：认可复查',
    en: 'not conformant first, conformant on re-examination: recognised by the latter',
    request: xray,
    known: [
      result('FIRST', { checks: [check('x-ray', { outcome: 'inconclusive' })] }),
      result('AGAIN', { checks: [check('x-ray', { performedAt: on('21 10:00') })] }),
    ],
    outcome: 'recognised',
    decisions: ['recognised by AGAIN under MRA-SEAL until 2026-12-21T02:00:00.000Z: A #1'],
  },
  {
    zh: '结果已撤销',
    en: 'the result was revoked',
    request: xray,
    known: [result('MZL', { version: 2, status: 'revoked' }), result('MZL')],
    outcome: 'refused',
    decisions: ['required: revoked(MZL)'],
  },
  {
    zh: '撤销的版本不带内容，仍能说明原因',
    en: 'the revoking version carries no content, and the reason is still told',
    request: xray,
    known: [result('MZL'), { ...result('MZL', { version: 2, status: 'revoked' }), content: {} }],
    outcome: 'refused',
    decisions: ['required: revoked(MZL)'],
  },
  {
    zh: '结果已修改：只看最新版本',
    en: 'amended: only the latest version counts',
    request: xray,
    known: [result('MZL'), result('MZL', { version: 2, checks: [check('x-ray', { outcome: 'non-conformant' })] })],
    outcome: 'refused',
    decisions: ['required: non-conformant(MZL)'],
  },
  {
    zh: '签名不能验证',
    en: 'the signature does not verify',
    request: xray,
    known: [result('MZL', { verified: false })],
    outcome: 'refused',
    decisions: ['required: signature-invalid(MZL)'],
  },
  {
    zh: '途中发现铅封破损',
    en: 'the seal was found broken on the way',
    request: xray,
    known: [result('MZL'), atHarbin(seal('H100', { condition: 'broken' }))],
    outcome: 'refused',
    decisions: ['required: seal-broken(HRB)'],
  },
  {
    zh: '与查验同一时刻，另一单位记录铅封破损',
    en: 'another unit recorded the seal broken at the very moment of the examination',
    request: xray,
    known: [
      result('MZL'),
      result('QAR', {
        issuer: b.QUARANTINE,
        content: { containers: [box(A, seal('H100', { condition: 'broken' }))] },
        checks: [check('documentary')],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: seal-broken(QAR)'],
  },
  {
    zh: '同一报关单的另一结果未共享箱号：可能记有铅封破损',
    en: 'another result of the declaration hides its containers: it may record a broken seal',
    request: xray,
    known: [
      result('MZL'),
      result('QAR', {
        issuer: b.QUARANTINE,
        checks: [check('documentary', { covers: { items: [1] } })],
        withheld: ['/containers'],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: withheld(QAR)'],
  },
  {
    zh: '另一票货的结果未共享箱号：可能就是本箱，并记有铅封破损',
    en: 'a result of another declaration hides its containers: one may be this one, with a broken seal',
    request: xray,
    known: [
      result('MZL'),
      result('ELSE', {
        issuer: b.QUARANTINE,
        content: { declarationNumber: b.OTHER_DECLARATION, containers: [box(B)] },
        checks: [check('documentary', { covers: { containers: [B] } })],
        withheld: ['/containers/0/number'],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: withheld(ELSE)'],
  },
  {
    zh: '记有铅封破损的结果未共享查验时间：可能在机检之后',
    en: 'the result that records a broken seal hides when: it may be after the scan',
    request: xray,
    known: [
      result('MZL'),
      result('GATE', {
        issuer: b.HARBIN,
        content: { containers: [box(A, seal('H100', { condition: 'broken' }))] },
        checks: [
          check('documentary', { performedAt: on('20 22:00') }),
          check('physical', { performedAt: on('21 10:00') }),
        ],
        withheld: ['/checks/1/performedAt'],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: seal-broken(GATE) withheld(GATE)'],
  },
  {
    zh: '到港时铅封缺失',
    en: 'the seal is missing on arrival',
    request: request(['x-ray'], { sealsObserved: observed('H100', 'missing') }),
    known: [result('MZL')],
    outcome: 'refused',
    decisions: ['required: seal-broken(MZL)'],
  },
  {
    zh: '途中封志查验不合格',
    en: 'a seal check on the way was not conformant',
    request: xray,
    known: [
      result('MZL'),
      result('HRB', {
        issuer: b.HARBIN,
        issuedAt: on('21 19:00'),
        content: { goods: undefined },
        checks: [
          check('seal', { outcome: 'non-conformant', performedAt: on('21 18:00'), covers: { containers: [A] } }),
        ],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: seal-broken(HRB)'],
  },
  {
    zh: '封志查验不合格而未写明箱号：可能就是本箱',
    en: 'a seal check that was not conformant names no container: it may be of this one',
    request: xray,
    known: [
      result('MZL'),
      result('HRB', {
        issuer: b.HARBIN,
        issuedAt: on('21 19:00'),
        checks: [check('seal', { outcome: 'non-conformant', performedAt: on('21 18:00'), covers: undefined })],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: seal-broken(HRB)'],
  },
  {
    zh: '到港铅封号不符，无换封记录',
    en: 'another seal on arrival, and no resealing on record',
    request: request(['x-ray'], { sealsObserved: observed('H999') }),
    known: [result('MZL')],
    outcome: 'refused',
    decisions: ['required: seal-mismatch(MZL)'],
  },
  {
    zh: '途中记录的铅封号不符，到港又是原号',
    en: 'another seal on record on the way, the first one again on arrival',
    request: xray,
    known: [result('MZL'), atHarbin(seal('H555'))],
    outcome: 'refused',
    decisions: ['required: seal-mismatch(HRB)'],
  },
  {
    zh: '申请中没有铅封现状',
    en: 'the request says nothing of the seal',
    request: request(['x-ray'], { sealsObserved: [] }),
    known: [result('MZL')],
    outcome: 'refused',
    decisions: ['required: seal-not-observed(MZL)'],
  },
  {
    zh: '哈尔滨开箱查验后官方换封',
    en: 'opened at Harbin and officially resealed',
    request: request(['x-ray'], { sealsObserved: observed('J200') }),
    known: [
      result('MZL'),
      atHarbin(seal('H100', { condition: 'broken' }), seal('J200', { replaces: 'H100', affixedBy: 'customs' })),
    ],
    outcome: 'recognised',
    decisions: ['recognised by MZL with HRB under MRA-SEAL until 2026-12-21T01:00:00.000Z: A #1'],
  },
  {
    zh: '铅封破损后换封，但没有开箱查验：不是官方开箱',
    en: 'found broken and resealed, but nobody opened it to examine: not an official opening',
    request: request(['x-ray'], { sealsObserved: observed('J200') }),
    known: [
      result('MZL'),
      {
        ...atHarbin(seal('H100', { condition: 'broken' }), seal('J200', { replaces: 'H100', affixedBy: 'customs' })),
        content: contentOfSealCheck(),
      },
    ],
    outcome: 'refused',
    decisions: ['required: seal-broken(HRB)'],
  },
  {
    zh: '承运人自行换封不算',
    en: "a carrier's own resealing does not count",
    request: request(['x-ray'], { sealsObserved: observed('J200') }),
    known: [result('MZL'), atHarbin(seal('J200', { replaces: 'H100', affixedBy: 'carrier' }))],
    outcome: 'refused',
    decisions: ['required: seal-mismatch(HRB)'],
  },
  {
    zh: '换封记录未写明由谁施封：可能是承运人',
    en: 'a resealing that does not say by whom: it may have been the carrier',
    request: request(['x-ray'], { sealsObserved: observed('J200') }),
    known: [result('MZL'), atHarbin(seal('J200', { replaces: 'H100' }))],
    outcome: 'refused',
    decisions: ['required: seal-mismatch(HRB)'],
  },
  {
    zh: '途中加封，原封完好',
    en: 'a seal was added on the way beside the first; both are found',
    request: request(['x-ray'], { sealsObserved: [...observed('H100'), ...observed('Q7')] }),
    known: [result('MZL'), atHarbin(seal('H100'), seal('Q7', { affixedBy: 'inspection' }))],
    outcome: 'recognised',
    decisions: ['recognised by MZL with HRB under MRA-SEAL until 2026-12-21T01:00:00.000Z: A #1'],
  },
  {
    zh: '两枚铅封只看到一枚',
    en: 'one of two seals was not looked at',
    request: xray,
    known: [result('MZL', { content: { containers: [box(A, seal('H100'), seal('H101'))] } })],
    outcome: 'refused',
    decisions: ['required: seal-not-observed(MZL)'],
  },
  {
    zh: '查验结果未记录铅封，此前此后均为同一铅封',
    en: 'the examination recorded no seal, but the one recorded before it is the one found now',
    request: xray,
    known: [
      result('MZL', { content: { containers: [box(A)] } }),
      result('GATE', {
        checks: [check('seal', { performedAt: on('20 22:00'), covers: { containers: [A] } })],
      }),
    ],
    outcome: 'recognised',
    decisions: ['recognised by MZL with GATE under MRA-SEAL until 2026-12-21T01:00:00.000Z: A #1'],
  },
  {
    zh: '查验时及之前均无铅封记录：不能证明未开箱',
    en: 'no seal on record at or before the examination: nothing shows that it stayed shut',
    request: request(['x-ray'], { sealsObserved: observed('J200') }),
    known: [result('MZL', { content: { containers: [box(A)] } }), atHarbin(seal('J200'))],
    outcome: 'refused',
    decisions: ['required: seal-not-observed(MZL)'],
  },
  {
    zh: '箱号未共享',
    en: 'the container numbers were withheld',
    request: request(['quarantine']),
    known: [
      result('QAR', {
        issuer: b.QUARANTINE,
        checks: [check('quarantine')],
        withheld: ['/containers', '/checks/0/covers/containers'],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: withheld(QAR)'],
  },
  {
    zh: '报关单号未共享：无法确定项号，也无法确定是否同一箱货',
    en: 'the declaration number was withheld: neither the item nor the load of the container can be told',
    request: request(['quarantine'], { sealsObserved: observed('K300') }),
    known: [result('QAR', { issuer: b.QUARANTINE, checks: [check('quarantine')], withheld: ['/declarationNumber'] })],
    outcome: 'refused',
    decisions: ['required: withheld(QAR)'],
  },
  {
    zh: '只写报关单号，而有结果未共享其货物：不知还有什么，一部分也不认可',
    en: 'asked by declaration alone, of which a result hides the goods: what remains is unknown, no part is recognised',
    request: request(['documentary', 'quarantine'], { consignment: { declarationNumber: b.DECLARATION } }),
    known: [
      result('QAR', {
        issuer: b.QUARANTINE,
        checks: [check('documentary', { covers: undefined }), check('quarantine')],
      }),
      result('ELSE', { checks: [check('weighing', { covers: {} })], withheld: ['/goods'] }),
    ],
    outcome: 'refused',
    decisions: ['required: withheld(ELSE)', 'required: not-covered(QAR) withheld(ELSE)'],
  },
  {
    zh: '只写报关单号，而有结果未共享报关单号：其箱货可能也属于它',
    en: 'asked by declaration alone, and a result hides its own: what it names may belong to it',
    request: request(['documentary'], { consignment: { declarationNumber: b.DECLARATION } }),
    known: [
      result('QAR', { issuer: b.QUARANTINE, checks: [check('documentary', { covers: undefined })] }),
      result('ELSE', {
        content: { containers: [box(B)] },
        checks: [check('weighing')],
        withheld: ['/declarationNumber'],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: withheld(ELSE)'],
  },
  {
    zh: '查验项目未共享',
    en: 'the checks were withheld',
    request: xray,
    known: [result('MZL', { withheld: ['/checks'] })],
    outcome: 'refused',
    decisions: ['required: withheld(MZL)'],
  },
  {
    zh: '铅封未共享，而安排以铅封完好为条件',
    en: 'the seals were withheld, and the arrangement asks for them',
    request: xray,
    known: [result('MZL', { withheld: ['/containers/0/seals'] })],
    outcome: 'refused',
    decisions: ['required: seal-not-observed(MZL) withheld(MZL)'],
  },
  {
    zh: '风险等级、商品编码未共享，而安排以此为条件',
    en: 'risk level and commodity code were withheld, and the arrangement depends on them',
    request: xray,
    known: [
      result('MZL', {
        content: { customs: { riskLevel: 'low' } },
        withheld: ['/customs/riskLevel', '/goods/0/commodityCode', '/goods/1/commodityCode'],
      }),
    ],
    arrangements: [
      b.arrangement('MRA-LOW', { conditions: { riskLevels: ['low'] } }),
      b.arrangement('MRA-FISH', { conditions: { commodities: { only: ['03', '44'] } } }),
    ],
    outcome: 'refused',
    decisions: ['required: withheld(MZL)'],
  },
  {
    zh: '与判定无关的字段未共享，不影响认可',
    en: 'what was withheld does not matter here: recognised',
    request: xray,
    known: [
      result('MZL', { content: { customs: { riskLevel: 'low' } }, withheld: ['/customs', '/goods/0/description'] }),
    ],
    outcome: 'recognised',
    decisions: ['recognised by MZL under MRA-SEAL until 2026-12-21T01:00:00.000Z: A #1'],
  },
  {
    zh: '结论未共享：可能是扣留',
    en: 'a conclusion was withheld: it might be a detention',
    request: xray,
    known: [result('MZL'), result('QAR', { issuer: b.QUARANTINE, withheld: ['/conclusion'] })],
    outcome: 'refused',
    decisions: ['required: withheld(QAR)'],
  },
  {
    zh: '检验检疫扣留中，一律不予互认',
    en: 'detained by inspection: nothing is recognised',
    request: request(['x-ray', 'quarantine']),
    known: [
      result('MZL'),
      result('HOLD', { issuer: b.QUARANTINE, checks: [check('quarantine')], content: { conclusion: 'detained' } }),
    ],
    outcome: 'refused',
    decisions: ['required: control-in-force(HOLD)', 'required: control-in-force(HOLD)'],
  },
  {
    zh: '扣留的结果未共享报关单号：扣的可能就是本票',
    en: 'the detention hides its declaration number: it may be of these goods',
    request: request(['quarantine'], { consignment: { declarationNumber: b.DECLARATION, items: [1] } }),
    known: [
      result('QAR', { issuer: b.QUARANTINE, checks: [check('quarantine')] }),
      result('HOLD', { content: { conclusion: 'detained' }, withheld: ['/declarationNumber'] }),
    ],
    outcome: 'refused',
    decisions: ['required: control-in-force(HOLD)'],
  },
  {
    zh: '另一票货的扣留未共享箱号：扣的可能就是本箱',
    en: 'a detention under another declaration hides its containers: one may be this one',
    request: request(['quarantine']),
    known: [
      result('QAR', { issuer: b.QUARANTINE, checks: [check('quarantine')] }),
      result('HOLD', {
        content: { conclusion: 'detained', declarationNumber: b.OTHER_DECLARATION, containers: [box(A), box(B)] },
        checks: [check('x-ray', { covers: { containers: [B] } })],
        withheld: ['/containers/0/number'],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: control-in-force(HOLD)'],
  },
  {
    zh: '扣留后由原单位放行',
    en: 'detained, then released by the same unit',
    request: xray,
    known: [
      result('MZL'),
      result('HOLD', { issuer: b.QUARANTINE, checks: [check('quarantine')], content: { conclusion: 'detained' } }),
      result('FREE', { issuer: b.QUARANTINE, checks: [check('quarantine')], issuedAt: on('21 16:00') }),
    ],
    outcome: 'recognised',
    decisions: ['recognised by MZL with FREE under MRA-SEAL until 2026-12-21T01:00:00.000Z: A #1'],
  },
  {
    zh: '别的单位放行，或只放行了别的箱子，不解除扣留',
    en: "another unit's release, or one of another container, does not lift the detention",
    request: xray,
    known: [
      result('HOLD', { issuer: b.QUARANTINE, content: { conclusion: 'detained' }, checks: [check('quarantine')] }),
      result('MZL', { issuedAt: on('21 16:00') }),
      result('PART', {
        issuer: b.QUARANTINE,
        issuedAt: on('21 17:00'),
        content: { containers: [box(B)] },
        checks: [check('quarantine', { covers: { containers: [B] } })],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: control-in-force(HOLD)'],
  },
  {
    zh: '放行早于扣留，或放行的签名不能验证，不解除扣留',
    en: 'a release before the detention, or one whose signature does not verify, does not lift it',
    request: xray,
    known: [
      result('MZL'),
      result('HOLD', { issuer: b.QUARANTINE, content: { conclusion: 'detained' }, checks: [check('quarantine')] }),
      result('BEFORE', { issuer: b.QUARANTINE, issuedAt: on('21 10:00'), checks: [check('quarantine')] }),
      result('FORGED', {
        issuer: b.QUARANTINE,
        issuedAt: on('21 16:00'),
        verified: false,
        checks: [check('quarantine')],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: control-in-force(HOLD)'],
  },
  {
    zh: '本单位自己查过，无需互认安排',
    en: 'own examination: no arrangement is needed',
    request: request(['weighing'], { sealsObserved: [] }),
    known: [result('OWN', { issuer: b.DALIAN, checks: [check('weighing')] })],
    arrangements: [],
    outcome: 'recognised',
    decisions: ['recognised by OWN: A #1'],
  },
  {
    zh: '本单位自己查过，但其后铅封破损',
    en: 'own examination, but the seal was broken afterwards',
    request: request(['weighing'], { sealsObserved: [] }),
    known: [
      result('OWN', { issuer: b.DALIAN, checks: [check('weighing')] }),
      atHarbin(seal('H100', { condition: 'tampered' })),
    ],
    arrangements: [],
    outcome: 'refused',
    decisions: ['required: seal-broken(HRB)'],
  },
  {
    zh: '集装箱重复使用：另一票货，且安排不看铅封',
    en: 'the container was used again for another declaration, and no seal shows that it is the same load',
    request: request(['weighing'], {
      consignment: { containers: [A], declarationNumber: b.OTHER_DECLARATION },
      sealsObserved: observed('K300'),
    }),
    known: [result('MZL', { checks: [check('weighing')] })],
    outcome: 'refused',
    decisions: ['required: not-covered(MZL)'],
  },
  {
    zh: '申请只有报关单号，结果只有运单号，且安排不看铅封：不能确定是同一箱货',
    en: 'the request names a declaration, the result a waybill, and no seal shows that it is the same load',
    request: request(['weighing'], {
      consignment: { containers: [A], declarationNumber: b.DECLARATION },
      sealsObserved: observed('K300'),
    }),
    known: [
      result('MZL', {
        content: { declarationNumber: undefined, transportDocument: 'SMGS-1' },
        checks: [check('weighing')],
      }),
    ],
    outcome: 'refused',
    decisions: ['required: not-covered(MZL)'],
  },
  {
    zh: '转关：报关单号不同，但铅封证明是同一箱货',
    en: 'transit under another declaration: the seal shows that it is the same load',
    request: request(['weighing', 'x-ray'], {
      consignment: { containers: [A], declarationNumber: b.OTHER_DECLARATION },
    }),
    known: [result('MZL', { checks: [check('weighing'), check('x-ray')] })],
    outcome: 'recognised',
    decisions: [
      'recognised by MZL under MRA-OPEN until 2026-12-01T01:00:00.000Z: A',
      'recognised by MZL under MRA-SEAL until 2026-12-21T01:00:00.000Z: A',
    ],
  },
  {
    zh: '申请只写箱号，没有单证',
    en: 'asked by container alone, without papers',
    request: boxOnly(A, { container: A, number: 'H100', condition: 'intact' }),
    known: [result('MZL')],
    outcome: 'recognised',
    decisions: ['recognised by MZL under MRA-SEAL until 2026-12-21T01:00:00.000Z: A'],
  },
  {
    zh: '只写报关单号：单证审核认可，检疫须涵盖其全部箱货',
    en: 'asked by declaration alone: papers are recognised, quarantine must cover all that is known of it',
    request: request(['documentary', 'quarantine'], { consignment: { declarationNumber: b.DECLARATION } }),
    known: [
      result('QAR', {
        issuer: b.QUARANTINE,
        checks: [check('documentary', { covers: undefined }), check('quarantine')],
      }),
    ],
    outcome: 'partial',
    decisions: [
      'recognised by QAR under MRA-OPEN until 2026-12-01T01:00:00.000Z: A #1 #2',
      'required: not-covered(QAR); relies on QAR under MRA-OPEN until 2026-12-01T01:00:00.000Z: A #1; remaining #2',
    ],
  },
  {
    zh: '多个结果可用：取有效期最长者',
    en: 'several results would do: the one valid longest is taken',
    request: xray,
    known: [
      result('SHORT', { content: { validUntil: on('23 08:00') } }),
      result('LONG', { content: { validUntil: on('25 08:00') } }),
      result('LONG-TOO', { content: { validUntil: on('25 08:00') } }),
    ],
    outcome: 'recognised',
    decisions: ['recognised by LONG under MRA-SEAL until 2026-11-25T00:00:00.000Z: A #1'],
  },
  {
    zh: '两个箱子依据两项安排，有效期取早者',
    en: 'two containers under two arrangements: valid until the earlier ends',
    request: request(['x-ray'], {
      consignment: { containers: [A, B], declarationNumber: b.DECLARATION },
    }),
    known: [
      result('MZL'),
      result('HRB', {
        issuer: b.HARBIN,
        content: { containers: [box(B)] },
        checks: [check('x-ray', { covers: { containers: [B] } })],
      }),
    ],
    arrangements: [b.SEALED, b.arrangement('MRA-HL', { issuers: ['hl.customs'], validFor: 'PT36H' })],
    outcome: 'recognised',
    decisions: ['recognised by HRB/MRA-HL MZL/MRA-SEAL under MRA-HL until 2026-11-22T13:00:00.000Z: A B'],
  },
];

/** Harbin found the seal broken and put on another; it examined nothing. */
function contentOfSealCheck(): KnownResult['content'] {
  const { content } = result('HRB', {
    issuer: b.HARBIN,
    content: {
      containers: [
        box(A, seal('H100', { condition: 'broken' }), seal('J200', { replaces: 'H100', affixedBy: 'customs' })),
      ],
    },
    checks: [check('seal', { performedAt: on('21 18:00'), covers: { containers: [A] } })],
  });
  return content;
}
