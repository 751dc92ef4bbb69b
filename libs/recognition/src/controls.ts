import type { Conclusion, RecognitionReasonCode } from '@clearance/contracts';
import { mayBe, type RequestedConsignment } from './consignment.ts';
import { WITHHELD } from './disclosed.ts';
import type { ResultRecord } from './read-result.ts';

const CONTROLS: ReadonlySet<string> = new Set<Conclusion>(['detained', 'refused', 'examination-required']);
const NO_CONTROLS: ReadonlySet<unknown> = new Set<Conclusion>(['released', 'conditional']);

/** What stands against relying on a result. `resultId` names the result that says so. */
export interface Objection {
  code: RecognitionReasonCode;
  resultId?: string;
  /** Field that was taken out, for `withheld`. */
  path?: string;
  /** RFC 3339, when it ended, for `expired`. */
  at?: string;
}

/**
 * The controls in force on a consignment (布控、扣留、退运), which forbid to rely on anything, and the results that lifted
 * others.
 *
 * A control is a current result about the consignment that concludes `detained`, `refused` or `examination-required`.
 * It ends when its issuer revokes or amends it, or issues a later result that concludes `released` and that is about
 * everything which ties the control to the consignment. A control whose signature does not verify counts until it is
 * gone; a release counts only when its signature verifies. A conclusion that was taken out, or that is none of the
 * contract's, might be a control: `withheld`.
 * @param about the current results about the consignment
 * @returns the objections, none if nothing is in force, and the releases that must stay valid for that
 */
export function controlsInForce(
  about: readonly ResultRecord[],
  consignment: RequestedConsignment,
): { objections: Objection[]; liftedBy: ResultRecord[] } {
  const objections: Objection[] = [];
  const liftedBy: ResultRecord[] = [];
  for (const record of about) {
    if (record.revoked || NO_CONTROLS.has(record.conclusion)) continue;
    if (typeof record.conclusion !== 'string' || !CONTROLS.has(record.conclusion)) {
      objections.push({ code: 'withheld', resultId: record.resultId, path: '/conclusion' });
    } else {
      const release = about.find((other) => lifts(other, record, consignment));
      if (release) liftedBy.push(release);
      else objections.push({ code: 'control-in-force', resultId: record.resultId });
    }
  }
  return { objections, liftedBy };
}

/** Whether `release` lifts `control`, for all that ties the control to the consignment. */
function lifts(release: ResultRecord, control: ResultRecord, consignment: RequestedConsignment): boolean {
  if (release.issuer !== control.issuer || release.revoked || !release.verified) return false;
  if (release.conclusion !== 'released' || !(release.issuedAt > control.issuedAt)) return false;
  const sameDeclaration = same(release.declarationNumber, control.declarationNumber);
  const sameDocument = sameDeclaration || same(release.transportDocument, control.transportDocument);
  if (mayBe(control.declarationNumber, consignment.declarationNumber) && !sameDeclaration) return false;
  if (mayBe(control.transportDocument, consignment.transportDocument) && !sameDocument) return false;
  // A release of the document that names no container releases all of them.
  if (release.containers.size === 0) return sameDocument && !release.containersWithheld;
  if (control.containersWithheld) return false;
  return containersControlled(control, consignment).every((container) => release.containers.has(container));
}

/**
 * The containers that the control holds and the request asks about; if there are none, all of the one or of the other.
 */
function containersControlled(control: ResultRecord, consignment: RequestedConsignment): readonly string[] {
  const asked = consignment.containers ?? [];
  const shared = asked.filter((container) => control.containers.has(container));
  if (shared.length > 0) return shared;
  return control.containers.size > 0 ? [...control.containers.keys()] : asked;
}

function same(a: ResultRecord['declarationNumber'], b: ResultRecord['declarationNumber']): boolean {
  return a !== undefined && a !== WITHHELD && a === b;
}
