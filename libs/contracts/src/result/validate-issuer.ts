import { CUSTOMS_OFFICES } from '../codes/customs-offices.ts';
import { AGENCY_NAMES } from '../codes/names.ts';
import { PLACES, type Place } from '../codes/places.ts';
import { agencyOfKind } from '../codes/results.ts';
import { parseUnitId, type UnitId } from '../codes/units.ts';
import { violation, type Violation } from '../problem/violation.ts';
import type { ResultContent } from './content.ts';

/**
 * What forbids this unit to issue this content: a kind of another agency, an office or a place of another province,
 * a place that is unknown. `places` are the mesh's own, beside the contract's. Empty when the unit may issue it.
 * These are violations of right (403), not of form: call it on content that `validateContent` accepted.
 */
export function validateIssuer(
  content: ResultContent,
  unit: UnitId,
  places: Readonly<Record<string, Place>> = {},
): Violation[] {
  const { province, agency } = parseUnitId(unit);
  const found: Violation[] = [];
  const owner = agencyOfKind(content.kind);
  if (agency !== owner) {
    found.push(violation('/kind', 'wrong-agency', { expected: AGENCY_NAMES[owner] }));
  }
  if (content.office !== undefined && CUSTOMS_OFFICES[content.office]?.province !== province) {
    found.push(violation('/office', 'wrong-province', { expected: province }));
  }
  const place = Object.hasOwn(PLACES, content.location) ? PLACES[content.location] : undefined;
  const added = Object.hasOwn(places, content.location) ? places[content.location] : undefined;
  const location = place ?? added;
  if (location === undefined) found.push(violation('/location', 'unknown-code', { expected: 'UN/LOCODE' }));
  else if (location.province !== province) found.push(violation('/location', 'wrong-province', { expected: province }));
  return found;
}
