import { isAgency, parseUnitId, type UnitId } from '../codes/units.ts';
import { durationMilliseconds } from '../identifiers/duration.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import { NAMED_LISTS } from '../problem/named-lists.ts';
import { violation, type Checked, type Violation } from '../problem/violation.ts';
import { duplicates } from '../result/cross-references.ts';
import type { AccessTerms, Arrangement, Mesh, MeshUnit } from './mesh.ts';
import { MeshSchema } from './mesh-schema.ts';
import { selectorTerms, selectorViolations, termSelects } from './selector.ts';

/** `mesh.yaml` as written: what may be left out has no default yet. */
type MeshDocument = Omit<Mesh, 'consumers' | 'places' | 'access' | 'arrangements'> &
  Partial<Pick<Mesh, 'consumers' | 'places' | 'access'>> & {
    arrangements: (Omit<Arrangement, 'conditions'> & Partial<Pick<Arrangement, 'conditions'>>)[];
  };

const shape = validatorOf<MeshDocument>(MeshSchema);

/**
 * Ten working days to answer: 政务信息资源共享管理暂行办法 (国发〔2016〕51号), art. 12, has conditional data answered within
 * so many; a fortnight is as long where no holiday falls into it.
 */
const ACCESS: AccessTerms = { answerWithin: 'P14D', remindBefore: 'P3D', longest: 'P366D' };

/** A signed content with its disclosures is at most this many times its JSON: base64url, salts and digests. */
const tokenGrowth = 4;

function unitViolations(
  units: readonly MeshUnit[],
  list: 'units' | 'consumers',
  provinces: ReadonlySet<string>,
): Violation[] {
  return units.flatMap((unit, index) => {
    const { province, role } = parseUnitId(unit.id);
    const found: Violation[] = [];
    if (!provinces.has(province))
      found.push(violation(`/${list}/${index}/id`, 'unknown-reference', { expected: NAMED_LISTS.provinces }));
    if (isAgency(role) !== (list === 'units')) {
      found.push(violation(`/${list}/${index}/id`, 'contradiction', { expected: list }));
    }
    return found;
  });
}

function accessViolations(access: AccessTerms): Violation[] {
  const within = durationMilliseconds(access.answerWithin) ?? 0;
  const found = (['answerWithin', 'longest'] as const).flatMap((name) =>
    (durationMilliseconds(access[name]) ?? 0) > 0
      ? []
      : [violation(`/access/${name}`, 'out-of-range', { expected: '> PT0S' })],
  );
  if ((durationMilliseconds(access.remindBefore) ?? 0) > within) {
    found.push(violation('/access/remindBefore', 'exceeds', { expected: '/access/answerWithin' }));
  }
  return found;
}

function arrangementViolations(arrangement: Arrangement, at: string, everyone: readonly UnitId[]): Violation[] {
  const found: Violation[] = [];
  for (const side of ['issuers', 'relying'] as const) {
    const malformed = selectorViolations(arrangement[side], `${at}/${side}`);
    found.push(...malformed);
    if (malformed.length > 0) continue;
    for (const { term, pointer } of selectorTerms(arrangement[side], `${at}/${side}`)) {
      if (!everyone.some((unit) => termSelects(term, unit))) {
        found.push(violation(pointer, 'unknown-reference', { expected: NAMED_LISTS.units }));
      }
    }
  }
  if (Date.parse(arrangement.validUntil) <= Date.parse(arrangement.validFrom)) {
    found.push(violation(`${at}/validUntil`, 'not-later', { expected: `${at}/validFrom` }));
  }
  if ((durationMilliseconds(arrangement.validFor) ?? 0) <= 0) {
    found.push(violation(`${at}/validFor`, 'out-of-range', { expected: '> PT0S' }));
  }
  return found;
}

/**
 * Reads a parsed `mesh.yaml`: closed objects, unique ids, units of the provinces named, selectors that select someone,
 * terms and durations that make sense, limits that fit each other. Lists that were left out are empty, and requests for access
 * have the usual terms.
 */
export function parseMesh(document: unknown): Checked<Mesh> {
  const checked = shape(document);
  if (!checked.ok) return checked;
  const { provinces, units, consumers = [], places = [], access = ACCESS, limits } = checked.value;
  const arrangements = checked.value.arrangements.map((each) => ({ ...each, conditions: each.conditions ?? {} }));
  const everyone = [...units, ...consumers].map((unit) => unit.id);
  const known = new Set(provinces.map((province) => province.code));
  const violations = [
    ...duplicates(
      provinces.map((each) => each.code),
      (index) => `/provinces/${index}/code`,
    ),
    ...duplicates(everyone, (index) =>
      index < units.length ? `/units/${index}/id` : `/consumers/${index - units.length}/id`,
    ),
    ...duplicates(
      places.map((each) => each.code),
      (index) => `/places/${index}/code`,
    ),
    ...duplicates(
      arrangements.map((each) => each.id),
      (index) => `/arrangements/${index}/id`,
    ),
    ...unitViolations(units, 'units', known),
    ...unitViolations(consumers, 'consumers', known),
    ...places.flatMap((place, index) =>
      place.province !== undefined && !known.has(place.province)
        ? [violation(`/places/${index}/province`, 'unknown-reference', { expected: NAMED_LISTS.provinces })]
        : [],
    ),
    ...accessViolations(access),
    ...arrangements.flatMap((each, index) => arrangementViolations(each, `/arrangements/${index}`, everyone)),
  ];
  if (limits.maxPayloadBytes < limits.maxContentBytes * tokenGrowth) {
    violations.push(
      violation('/limits/maxPayloadBytes', 'out-of-range', { expected: `>= ${tokenGrowth} x maxContentBytes` }),
    );
  }
  if ((durationMilliseconds(limits.reofferAfter) ?? 0) <= 0) {
    violations.push(violation('/limits/reofferAfter', 'out-of-range', { expected: '> PT0S' }));
  }
  if (violations.length > 0) return { ok: false, violations };
  return { ok: true, value: { provinces, units, consumers, places, arrangements, access, limits } };
}
