import type { AccessScope, StandingQuery, UnitId } from '@clearance/contracts';

/** A version of a result, as far as it matters whether a grant is about it. `content` is whole, as its issuer signed it. */
export interface GrantedVersion {
  issuer: UnitId;
  kind: string;
  resultId: string;
  version: number;
  /** RFC 3339. */
  issuedAt: string;
  content: object;
}

/** Whether a version of a result is among those that were asked for. What cannot be read is not. */
export function isAbout(about: AccessScope, result: GrantedVersion): boolean {
  if (about.issuer !== result.issuer) return false;
  if ('resultId' in about) {
    return about.resultId === result.resultId && (about.version === undefined || about.version === result.version);
  }
  return (
    (about.kinds as readonly string[]).includes(result.kind) &&
    Date.parse(result.issuedAt) >= Date.parse(about.since) &&
    isOfConsignment(about, result.content)
  );
}

function isOfConsignment(about: StandingQuery, content: object): boolean {
  const { containers, declarationNumber, transportDocument } = content as Record<string, unknown>;
  return (
    (about.container === undefined || numbersOf(containers).includes(about.container)) &&
    (about.declarationNumber === undefined || about.declarationNumber === declarationNumber) &&
    (about.transportDocument === undefined || about.transportDocument === transportDocument)
  );
}

function numbersOf(containers: unknown): unknown[] {
  if (!Array.isArray(containers)) return [];
  return containers.map((each: unknown) => (each as { number?: unknown } | null)?.number);
}
