import {
  type Checked,
  type Mesh,
  placesOf,
  type ResultContent,
  type UnitId,
  validateContent,
  validateIssuer,
  violation,
} from '@clearance/contracts';
import type { AgencyProfile } from '../agency-profile.ts';

/** The unit that would issue the content. */
interface CheckingUnit {
  id: UnitId;
  agency: AgencyProfile;
  mesh: Mesh;
}

/**
 * Everything that is asked of a content before its unit signs it: its shape and identifiers, that the kind, office and
 * place are the unit's own, that its agency may perform the checks, and the agency's own rules.
 * All violations are listed, not only the first.
 */
export function checkContent(input: unknown, { id, agency, mesh }: CheckingUnit): Checked<ResultContent> {
  const shaped = validateContent(input);
  if (!shaped.ok) return shaped;
  const content = shaped.value;
  const violations = [
    ...validateIssuer(content, id, placesOf(mesh)),
    ...content.checks.flatMap((check, index) =>
      agency.checks.includes(check.type)
        ? []
        : [violation(`/checks/${index}/type`, 'check-not-of-agency', { expected: agency.checks.join(', ') })],
    ),
    ...agency.rules.flatMap((rule) => rule(content)),
  ];
  return violations.length === 0 ? shaped : { ok: false, violations };
}
