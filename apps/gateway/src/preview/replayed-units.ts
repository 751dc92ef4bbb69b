import {
  type ContentsReply,
  type IssuedPage,
  MAX_REPLAYED,
  MAX_REPLAYED_RECOGNITIONS,
  type RecognitionsPage,
  type ReplayedRecognition,
  SUBJECTS,
  type UnitId,
  validateContentsReply,
  validateIssuedPage,
  validateRecognitionsPage,
} from '@clearance/contracts';
import { answeringUnits } from '../accounts/answering-units.ts';
import type { Gateway } from '../gateway.ts';
import { versionKey } from '../enforce/view.ts';
import type { WholeResult } from './weigh-recognition.ts';

/** A period, RFC 3339; `to` is exclusive. */
export interface Period {
  from: string;
  to: string;
}

/** The units as one preview asks them. One that does not answer, or not as it should, is left out from then on. */
export interface ReplayedUnits {
  /** What a unit issued in the period, page by page; the next page is fetched while one is worked on. */
  issued(unit: UnitId, period: Period): AsyncGenerator<IssuedPage['results']>;
  /** What a unit decided in the period, page by page. */
  recognitions(unit: UnitId, period: Period): AsyncGenerator<ReplayedRecognition[]>;
  /** Versions whole, from their issuers; those that are not to be had are missing. */
  contents(versions: readonly ReplayedRecognition['known'][number][]): Promise<ReadonlyMap<string, WholeResult>>;
  leaveOut(unit: UnitId): void;
  unreachable(): UnitId[];
}

/** Characters of contents that are kept for the next recognitions that rest on them. */
const KEPT = 32 * 1024 ** 2;

/** Something that is asked for page by page. */
interface Paged<P, I> {
  ask: (after: I | undefined) => Promise<P | undefined>;
  itemsOf: (page: P) => I[];
  /** Where an item stands: compared as text, in the order of the pages. */
  placeOf: (item: I) => string;
}

/** A content as an object; undefined when a unit passed on something else. */
export function parseContent(text: string): object | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null && !Array.isArray(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** Begins asking; all that one preview leads to belongs to one trace. @param work what it is for, for the log */
export function replayUnits(gateway: Gateway, work = 'preview'): ReplayedUnits {
  const units = answeringUnits(gateway, work);
  const kept = new Map<string, { whole: WholeResult; characters: number }>();
  let characters = 0;

  /** Pages must go on in their order: a unit that repeated itself would never come to an end. */
  async function* pages<P extends { more: boolean }, I>(
    unit: UnitId,
    { ask, itemsOf, placeOf }: Paged<P, I>,
  ): AsyncGenerator<I[]> {
    let before = '';
    let next = ask(undefined);
    for (let page = await next; page !== undefined; page = await next) {
      const items = itemsOf(page);
      const places = [before, ...items.map(placeOf)];
      if (places.some((place, at) => at > 0 && place <= places[at - 1]!)) return units.leaveOut(unit);
      before = places.at(-1)!;
      const last = items.at(-1);
      const more = page.more && last !== undefined;
      if (more) next = ask(last);
      if (items.length > 0) yield items;
      if (!more) return;
    }
  }

  const keep = (whole: WholeResult, length: number): void => {
    kept.set(versionKey(whole), { whole, characters: length });
    characters += length;
    for (const [key, { characters: freed }] of kept) {
      if (characters <= KEPT) return;
      kept.delete(key);
      characters -= freed;
    }
  };

  const fetch = async (
    issuer: UnitId,
    versions: readonly { resultId: string; version: number }[],
  ): Promise<WholeResult[]> => {
    const found: WholeResult[] = [];
    for (let rest = versions; rest.length > 0;) {
      const results = rest.slice(0, MAX_REPLAYED).map(({ resultId, version }) => ({ resultId, version }));
      const reply: ContentsReply | undefined = await units.ask(
        issuer,
        SUBJECTS.readContents,
        { results },
        validateContentsReply,
      );
      if (reply === undefined) return found;
      const asked = new Set(results.map(versionKey));
      for (const { content, ...version } of reply.contents) {
        const parsed = parseContent(content);
        // A unit speaks of what it was asked for, once, and of nobody else's.
        if (parsed === undefined || !asked.delete(versionKey(version))) {
          units.leaveOut(issuer);
          return found;
        }
        const whole = { ...version, issuer, content: parsed as WholeResult['content'] };
        found.push(whole);
        keep(whole, content.length);
      }
      const missing = results.filter((one) => asked.has(versionKey(one)));
      rest = [...(reply.more && reply.contents.length > 0 ? missing : []), ...rest.slice(MAX_REPLAYED)];
    }
    return found;
  };

  return {
    issued: (unit, { from, to }) =>
      pages(unit, {
        ask: (after: IssuedPage['results'][number] | undefined) => {
          const place = after && { issuedAt: after.issuedAt, resultId: after.resultId, version: after.version };
          const body = { from, to, limit: MAX_REPLAYED, ...(place === undefined ? {} : { after: place }) };
          return units.ask(unit, SUBJECTS.listIssued, body, validateIssuedPage);
        },
        itemsOf: ({ results }: IssuedPage) => results,
        placeOf: ({ issuedAt, resultId, version }) => `${issuedAt} ${resultId} ${String(version).padStart(10, '0')}`,
      }),
    recognitions: (unit, { from, to }) =>
      pages(unit, {
        ask: (after: ReplayedRecognition | undefined) => {
          const place = after && { decidedAt: after.decidedAt, recognitionId: after.recognitionId };
          const body = { from, to, limit: MAX_REPLAYED_RECOGNITIONS, ...(place === undefined ? {} : { after: place }) };
          return units.ask(unit, SUBJECTS.listRecognitions, body, validateRecognitionsPage);
        },
        itemsOf: ({ recognitions }: RecognitionsPage) => recognitions,
        placeOf: ({ decidedAt, recognitionId }) => `${decidedAt} ${recognitionId}`,
      }),
    contents: async (versions) => {
      const wanted = new Map(versions.map((version) => [versionKey(version), version]));
      const found = new Map<string, WholeResult>();
      for (const key of wanted.keys()) {
        const known = kept.get(key);
        if (known === undefined) continue;
        found.set(key, known.whole);
        // Used last, it goes last.
        kept.delete(key);
        kept.set(key, known);
      }
      const missing = Map.groupBy(
        [...wanted].filter(([key]) => !found.has(key)).map(([, version]) => version),
        ({ issuer }) => issuer as UnitId,
      );
      const fetched = await Promise.all([...missing].map(([issuer, group]) => fetch(issuer, group)));
      for (const whole of fetched.flat()) found.set(versionKey(whole), whole);
      return found;
    },
    leaveOut: units.leaveOut,
    unreachable: units.unreachable,
  };
}
