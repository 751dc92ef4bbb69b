import type { UnitId } from '@clearance/contracts';
import { compileNegativeList, decideDisclosure, parseNegativeList, type CompiledList } from '@clearance/negative-list';
import { type KeyRing, redactToken, verifyToken } from '@clearance/provenance';
import { type HeldVersion, versionKey } from './judge.ts';

/** What each unit is to see of each version: worked out here from the issuers' tokens and the list, not asked of the gateway. */
export interface ExpectedViews {
  /** Takes in a version as its issuer holds it. */
  issued(token: string): void;
  /** Judges a copy that a unit holds. */
  judge(unit: UnitId, copy: { resultId: string; version: number; token: string }): HeldVersion['view'];
}

/** Reads and compiles a list that is known to be good. @throws Error when it is not */
export function compileKnownList(document: string, units: readonly UnitId[]): CompiledList {
  const read = parseNegativeList(document);
  if (!read.ok) throw new Error(`the list is not usable: ${JSON.stringify(read.findings.slice(0, 5))}`);
  return compileNegativeList(read.list, units);
}

/** No view is known yet. */
export function expectViews(list: CompiledList, ring: KeyRing, units: readonly UnitId[], at: number): ExpectedViews {
  /** Version → unit → the disclosures that it may see, of the token that was issued. */
  const views = new Map<string, { jwt: string; seenBy: Map<UnitId, ReadonlySet<string>> }>();
  return {
    issued: (token) => {
      const verified = verifyToken(token, ring);
      if (!verified.ok) throw new Error(`an issuer holds a token that does not verify: ${verified.code}`);
      const { claims, content } = verified.result;
      const kind = typeof content['kind'] === 'string' ? content['kind'] : '';
      const seenBy = new Map<UnitId, ReadonlySet<string>>();
      for (const { consumers, pointers } of decideDisclosure(
        list,
        { kind, issuer: claims.issuer, content },
        units,
        at,
      )) {
        const shown = disclosuresOf(redactToken(verified.result, pointers).token);
        for (const consumer of consumers) seenBy.set(consumer, shown);
      }
      views.set(versionKey(claims), { jwt: jwtOf(token), seenBy });
    },
    judge: (unit, copy) => {
      const view = views.get(versionKey(copy));
      const may = view?.seenBy.get(unit);
      if (view === undefined || may === undefined || jwtOf(copy.token) !== view.jwt) return 'unknown';
      const shown = disclosuresOf(copy.token);
      if ([...shown].some((disclosure) => !may.has(disclosure))) return 'shows-more';
      return shown.size === may.size ? 'as-decided' : 'shows-less';
    },
  };
}

/** The part of an SD-JWT that the issuer signed. */
function jwtOf(token: string): string {
  return token.slice(0, token.indexOf('~'));
}

function disclosuresOf(token: string): ReadonlySet<string> {
  return new Set(token.split('~').slice(1).filter(Boolean));
}
