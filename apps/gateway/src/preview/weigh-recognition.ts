import type { Arrangement, CheckType, RecognitionRequest, UnitId } from '@clearance/contracts';
import {
  type CompiledList,
  compareDecisions,
  contentSeen,
  decideDisclosure,
  type DisclosureDecision,
  type GrantedVersion,
  type Lifts,
  patternOf,
} from '@clearance/negative-list';
import { decideRecognition, type KnownResult } from '@clearance/recognition';

/** A version of a result, whole, as its issuer has it. */
export type WholeResult = Pick<KnownResult, 'resultId' | 'version' | 'status' | 'issuer' | 'issuedAt' | 'content'> & {
  /** Of its issuing, where its unit knows it. */
  traceparent?: string | undefined;
};

/** A recognition as it was decided, with all that its unit knew. */
export interface PastRecognition {
  recognitionId: string;
  unit: UnitId;
  request: RecognitionRequest;
  /** Milliseconds since the epoch. */
  decidedAt: number;
  /** The checks that were recognised. */
  recognised: readonly CheckType[];
  known: readonly WholeResult[];
}

/** One path of one entry of a draft, newly withheld from a unit. */
export interface Cause {
  entry: string;
  /** With `*` for places in arrays. */
  path: string;
}

/** What a draft would have made of a recognition. */
export interface WeighedRecognition {
  /** Recognised under the list in force. */
  made: CheckType[];
  /** Of these, not recognised under the draft; by what alone, or, if nothing alone does it, by all together. */
  lost: { type: CheckType; causes: Cause[] }[];
  /** Recognised under the draft only. */
  gained: CheckType[];
  /** Whether the list in force makes of it what was made of it then. */
  reproduced: boolean;
}

/** The two lists that are compared, and when they are asked. */
export interface ComparedLists {
  current: CompiledList;
  draft: CompiledList;
  /** Milliseconds since the epoch: validities of entries are looked at as of then. */
  asOf: number;
  /** What has been granted of a version and holds then, whichever list decides. */
  liftsOf: (version: GrantedVersion) => Lifts | undefined;
}

interface Seen {
  result: WholeResult;
  before: DisclosureDecision | undefined;
  after: DisclosureDecision | undefined;
  /** What is newly withheld, by cause. */
  added: Map<string, { cause: Cause; pointers: string[] }>;
}

/**
 * Decides a recognition again, as of when it was decided, by what its unit would have seen under the list in force and
 * under a draft. For each check that would be lost it finds which newly withheld path does it by itself.
 */
export function weighRecognition(
  past: PastRecognition,
  lists: ComparedLists,
  arrangements: readonly Arrangement[],
): WeighedRecognition {
  const seen = past.known.map((result) => see(result, past.unit, lists));
  const recognisedWith = (pointersOf: (one: Seen) => readonly string[]): CheckType[] => {
    const known = seen.map((one) => asKnown(one, pointersOf(one)));
    const context = { unit: past.unit, now: past.decidedAt };
    return decideRecognition(past.request, known, arrangements, context)
      .checks.filter(({ decision }) => decision === 'recognised')
      .map(({ type }) => type);
  };
  const made = recognisedWith(({ before }) => before?.pointers ?? []);
  const unchanged = seen.every(({ before, after }) => sameView(before, after));
  const under = unchanged ? made : recognisedWith(({ after }) => after?.pointers ?? []);
  const lostTypes = made.filter((type) => !under.includes(type));
  const causes = lostTypes.length === 0 ? [] : [...new Map(seen.flatMap(({ added }) => [...added])).values()];
  const alone = causes.map(({ cause }) => ({
    cause,
    leaves: recognisedWith(({ before, added }) => [
      ...(before?.pointers ?? []),
      ...(added.get(nameOf(cause))?.pointers ?? []),
    ]),
  }));
  return {
    made,
    lost: lostTypes.map((type) => {
      const sufficient = alone.filter(({ leaves }) => !leaves.includes(type)).map(({ cause }) => cause);
      return { type, causes: sufficient.length > 0 ? sufficient : causes.map(({ cause }) => cause) };
    }),
    gained: under.filter((type) => !made.includes(type)),
    reproduced: made.length === past.recognised.length && made.every((type) => past.recognised.includes(type)),
  };
}

function see(result: WholeResult, unit: UnitId, { current, draft, asOf, liftsOf }: ComparedLists): Seen {
  const added: Seen['added'] = new Map();
  // A unit sees its own results whole.
  if (result.issuer === unit) return { result, before: undefined, after: undefined, added };
  const kind = String((result.content as { kind?: unknown }).kind ?? '');
  const disclosed = { kind, issuer: result.issuer, content: result.content };
  const lifts = liftsOf({ ...result, kind });
  const before = decideDisclosure(current, disclosed, [unit], asOf, lifts);
  const after = decideDisclosure(draft, disclosed, [unit], asOf, lifts);
  for (const { withheld } of compareDecisions(before, after)) {
    for (const { path, entries } of withheld) {
      for (const entry of entries) {
        const cause = { entry, path: patternOf(path) };
        const known = added.get(nameOf(cause)) ?? { cause, pointers: [] };
        known.pointers.push(path);
        added.set(nameOf(cause), known);
      }
    }
  }
  return { result, before: before[0], after: after[0], added };
}

function nameOf({ entry, path }: Cause): string {
  return `${entry} ${path}`;
}

function sameView(before: DisclosureDecision | undefined, after: DisclosureDecision | undefined): boolean {
  const [one, other] = [before?.pointers ?? [], after?.pointers ?? []];
  return one.length === other.length && one.every((pointer) => other.includes(pointer));
}

/** The result as a unit has it that was given a copy without these nodes, each named as either list names it. */
function asKnown({ result, before, after }: Seen, pointers: readonly string[]): KnownResult {
  const taken = new Set(pointers);
  const named = [...(before?.withheld ?? []), ...(after?.withheld ?? [])].filter(({ path }) => taken.has(path));
  return {
    ...result,
    content: contentSeen(result.content, pointers) as KnownResult['content'],
    withheld: [...new Map(named.map((item) => [`${item.path} ${item.entry}`, item])).values()],
    verified: true,
  };
}
