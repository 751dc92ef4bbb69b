import * as fc from 'fast-check';
import type { Arrangement, Coverage } from '@clearance/contracts';
import { selects, type ResultContent } from '@clearance/contracts';
import { A, DALIAN, HARBIN, NOW, box, check, on, result, seal } from './builders.fixture.ts';
import { asksForDocument } from './consignment.ts';
import { decideRecognition } from './decide-recognition.ts';
import { addDuration } from './duration.ts';
import type { KnownResult } from './known-result.ts';
import { moreThan } from './more-than.fixture.ts';
import { anyRedaction, everyRedaction, redacted } from './redaction.fixture.ts';
import { reliesOn, type DecidedRecognition } from './reliance.ts';
import { anyResult, anyWorld, nearlySoundWorld, soundResult, unrelatedResult, type World } from './worlds.fixture.ts';

const context = { unit: DALIAN, now: NOW };
const decide = ({ request, known, arrangements }: World) => decideRecognition(request, known, arrangements, context);

/** Worlds in which something is often recognised: half of them hold a sound result. */
const world = fc.tuple(anyWorld, fc.boolean()).map(([some, isSound]): World => {
  return isSound ? { ...some, known: [...some.known, soundResult] } : some;
});
const runs = { numRuns: 300 };

/** Everything that a decision lets the unit leave out, as texts that can be compared. */
function spared({ checks }: DecidedRecognition): Set<string> {
  const told = (type: string, { containers, items, quantities = [] }: Coverage) => [
    ...containers.map((container) => `${type} ${container}`),
    ...items.map((item) => `${type} #${item}`),
    ...quantities.map(({ item, value, unit }) => `${type} #${item} ${value} ${unit}`),
  ];
  return new Set(
    checks.flatMap(({ type, decision, covers }) => [
      ...(decision === 'recognised' ? [type] : []),
      ...(covers ? told(type, covers) : []),
    ]),
  );
}

function recognisedTypes({ checks }: DecidedRecognition): string[] {
  return checks.filter(({ decision }) => decision === 'recognised').map(({ type }) => type);
}

/** The rule in its plainest words, written without the library: may this check be relied on at all? */
function mayBeReliedOn(
  known: KnownResult,
  performed: ResultContent['checks'][number],
  arrangements: Arrangement[],
): boolean {
  if (!known.verified || known.status === 'revoked' || performed.outcome !== 'conformant') return false;
  if (known.content.validUntil !== undefined && Date.parse(known.content.validUntil) <= NOW) return false;
  if (known.issuer === DALIAN) return true;
  return arrangements.some(
    (arrangement) =>
      arrangement.checks.includes(performed.type) &&
      selects(arrangement.issuers, known.issuer) &&
      selects(arrangement.relying, DALIAN) &&
      Date.parse(arrangement.validFrom) <= NOW &&
      NOW < Date.parse(arrangement.validUntil) &&
      (addDuration(Date.parse(performed.performedAt), arrangement.validFor) ?? 0) > NOW &&
      (arrangement.conditions.riskLevels === undefined || known.content.customs?.riskLevel === 'low'),
  );
}

/** Whether the result bears the document that numbers the request's items. */
function bearsAsked({ content }: KnownResult, { consignment }: World['request']): boolean {
  const { declarationNumber, transportDocument } = consignment;
  return declarationNumber === undefined
    ? content.transportDocument === transportDocument
    : content.declarationNumber === declarationNumber;
}

describe('whatever is known and agreed', () => {
  it('what is recognised covers every target, each by a sound check of the latest version under an arrangement', () => {
    let seen = 0;
    fc.assert(
      fc.property(world, (some) => {
        for (const { type, decision, by = [], covers } of decide(some).checks) {
          if (decision !== 'recognised') continue;
          seen += 1;
          const { containers = [], items = [], quantities = [] } = some.request.consignment;
          expect(covers?.containers).toEqual(expect.arrayContaining(containers));
          expect(covers?.items).toEqual(expect.arrayContaining([...items, ...quantities.map(({ item }) => item)]));
          const relied = by.flatMap(({ resultId, version }) => {
            const versions = some.known.filter((known) => known.resultId === resultId);
            expect(version).toBe(Math.max(...versions.map((known) => known.version)));
            return versions.filter((known) => known.version === version);
          });
          const sound = relied.flatMap((known) =>
            (known.content.checks ?? [])
              .filter((performed) => performed.type === type && mayBeReliedOn(known, performed, some.arrangements))
              .map(({ covers: named }) => ({ named, bears: bearsAsked(known, some.request) })),
          );
          for (const container of covers?.containers ?? []) {
            if (type === 'documentary') continue;
            expect(sound.some(({ named }) => named?.containers?.includes(container))).toBe(true);
          }
          // A check of papers that names nothing covers its document, with all the items of that.
          if (type === 'documentary' && asksForDocument(some.request.consignment)) continue;
          for (const item of covers?.items ?? []) {
            const names = sound.filter(({ bears }) => bears).map(({ named }) => named);
            expect(
              names.some(
                (named) => named?.items?.includes(item) || named?.quantities?.some((line) => line.item === item),
              ),
            ).toBe(true);
          }
        }
      }),
      runs,
    );
    // The property is not about nothing: a few in every hundred of the generated cases recognise something.
    expect(seen).toBeGreaterThan(3);
  });

  it('nothing is recognised while a detention stands that no later result of its issuer lifted', () => {
    fc.assert(
      fc.property(world, anyResult, (some, other) => {
        const { containers = [], declarationNumber, transportDocument } = some.request.consignment;
        const detained: KnownResult = {
          ...other,
          resultId: 'HOLD',
          status: 'issued',
          issuedAt: on('22 09:59'),
          content: {
            ...other.content,
            containers: containers.map((number) => ({ number })),
            declarationNumber,
            transportDocument,
            conclusion: 'detained',
          },
        };
        const earlier = some.known.map((known) => ({ ...known, issuedAt: on('20 00:00') }));
        const decision = decide({ ...some, known: [...earlier, detained] });
        expect(decision.outcome).toBe('refused');
        for (const { reasons } of decision.checks)
          expect(reasons?.map(({ code }) => code)).toContain('control-in-force');
      }),
    );
  });

  it('a revoked result changes nothing that is recognised', () => {
    fc.assert(
      fc.property(world, anyResult, (some, other) => {
        const revoked: KnownResult = { ...other, resultId: 'REVOKED', status: 'revoked' };
        expect(spared(decide({ ...some, known: [...some.known, revoked] }))).toEqual(spared(decide(some)));
      }),
      runs,
    );
  });

  it('an unrelated result changes nothing at all', () => {
    fc.assert(
      fc.property(world, unrelatedResult, (some, unrelated) => {
        expect(decide({ ...some, known: [...some.known, unrelated] })).toEqual(decide(some));
      }),
      runs,
    );
  });

  it('what shares no container with the consignment, and nothing with its documents, changes nothing at all', () => {
    // What a unit need not fetch: a box's earlier journeys lead to the boxes that travelled with it then, and no further.
    fc.assert(
      fc.property(world, anyResult, (some, other) => {
        const { containers: asked = [] } = some.request.consignment;
        const bearing = some.known.filter((known) => bearsAsked(known, some.request));
        const involved = new Set([
          ...asked,
          ...bearing.flatMap(({ content }) => (content.containers ?? []).map(({ number }) => number)),
          ...bearing.flatMap(({ content }) => (content.checks ?? []).flatMap(({ covers }) => covers?.containers ?? [])),
        ]);
        const elsewhere: KnownResult = {
          ...other,
          resultId: 'ELSEWHERE',
          content: {
            ...other.content,
            declarationNumber: '090120261000000777',
            transportDocument: 'SMGS-777',
            containers: (other.content.containers ?? []).filter(({ number }) => !involved.has(number)),
            checks: (other.content.checks ?? []).map((each) => ({
              ...each,
              covers: {
                ...each.covers,
                containers: (each.covers?.containers ?? []).filter((number) => !involved.has(number)),
              },
            })),
          },
        };
        expect(decide({ ...some, known: [...some.known, elsewhere] })).toEqual(decide(some));
      }),
      runs,
    );
  });

  it('revoking a result that is relied on, without another to take its place, recognises no more', () => {
    fc.assert(
      fc.property(world, (some) => {
        for (const { resultId, version } of reliesOn(decide(some)).slice(0, 2)) {
          const revoked = some.known
            .filter((known) => known.resultId === resultId && known.version === version)
            .map((known): KnownResult => ({ ...known, version: version + 1, status: 'revoked' }));
          const others = some.known.filter((known) => known.resultId !== resultId);
          expect(spared(decide({ ...some, known: [...others, ...revoked] }))).toEqual(
            spared(decide({ ...some, known: others })),
          );
        }
      }),
      runs,
    );
  });

  it('taking an arrangement away never recognises more', () => {
    fc.assert(
      fc.property(world, fc.nat(), (some, which) => {
        const fewer = some.arrangements.filter((_, index) => index !== which % Math.max(1, some.arrangements.length));
        const types = recognisedTypes(decide(some));
        for (const type of recognisedTypes(decide({ ...some, arrangements: fewer }))) expect(types).toContain(type);
      }),
      runs,
    );
  });

  it('a seal broken later ends every reliance that an arrangement makes depend on it', () => {
    let prevented = 0;
    fc.assert(
      fc.property(
        world,
        fc.constantFrom('broken', 'missing', 'tampered'),
        fc.boolean(),
        (some, condition, verified) => {
          const sealed = some.arrangements.map((each) => ({ ...each, conditions: { sealUnbroken: true } }));
          const broken = result('BROKEN', {
            issuer: HARBIN,
            verified,
            // At the very moment of the decision: no check of the world is later.
            issuedAt: on('22 10:00'),
            content: { containers: [box(A, seal('H100', { condition: condition as 'broken' }))], goods: [] },
            checks: [check('boarding', { performedAt: on('22 10:00'), covers: { containers: [A] } })],
          });
          // Dalian's own work is under no arrangement.
          const foreign = some.known.filter(({ issuer }) => issuer !== DALIAN);
          const before = decide({ ...some, known: foreign, arrangements: sealed });
          const after = decide({ ...some, known: [...foreign, broken], arrangements: sealed });
          for (const { covers } of after.checks) expect(covers?.containers ?? []).not.toContain(A);
          if (before.checks.some(({ covers }) => covers?.containers.includes(A))) prevented += 1;
        },
      ),
      runs,
    );
    expect(prevented).toBeGreaterThan(0);
  });

  it('taking anything out of a copy, or writing it in no form of the contract, never spares more', () => {
    fc.assert(
      fc.property(nearlySoundWorld, fc.option(anyRedaction), anyRedaction, (some, earlier, last) => {
        // Now and then something is withheld already: what is taken out next must not depend on that to be harmless.
        const known = earlier ? redacted(some.known, earlier) : some.known;
        const before = decide({ ...some, known });
        const more = everyRedaction(known, last).flatMap(({ path, redact }) =>
          moreThan(decide({ ...some, known: redact() }), before).map((what) => `${what} without ${path}`),
        );
        expect(more).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('the order in which results and arrangements are given decides nothing', () => {
    const shuffled = world.chain((some) =>
      fc.record({
        some: fc.constant(some),
        known: fc.shuffledSubarray(some.known, { minLength: some.known.length }),
        arrangements: fc.shuffledSubarray(some.arrangements, { minLength: some.arrangements.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ some, ...order }) => {
        expect(decide({ ...some, ...order })).toEqual(decide(some));
      }),
      runs,
    );
  });

  it('what is covered and what remains are together what was asked, and never overlap', () => {
    fc.assert(
      fc.property(world, (some) => {
        const { containers = [], items = [], quantities = [] } = some.request.consignment;
        fc.pre(containers.length + items.length + quantities.length > 0);
        for (const decided of decide(some).checks) {
          if (decided.decision !== 'required' || !decided.covers || !decided.remaining) continue;
          const { covers, remaining } = decided;
          expect([...covers.containers, ...remaining.containers].sort()).toEqual([...containers].sort());
          const asked = [...new Set([...items, ...quantities.map(({ item }) => item)])];
          expect([...covers.items, ...remaining.items].sort()).toEqual(asked.sort());
        }
      }),
      runs,
    );
  });

  it('a content of any form is read without a fault, and never relied on by mistake', () => {
    const odd = fc.record(
      {
        checks: fc.anything(),
        containers: fc.anything(),
        goods: fc.anything(),
        customs: fc.anything(),
        validUntil: fc.anything(),
        conclusion: fc.oneof(fc.anything(), fc.string()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyWorld, odd, (some, members) => {
        const known = { ...soundResult, content: { ...soundResult.content, ...(members as object) } } as KnownResult;
        const decision = decide({ ...some, known: [known] });
        if ('checks' in members || 'conclusion' in members) expect(spared(decision)).toEqual(new Set());
      }),
      runs,
    );
  });
});
