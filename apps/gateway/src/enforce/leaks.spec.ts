import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { RESULT_KINDS, type ResultKind, type UnitId } from '@clearance/contracts';
import type { Outgoing, Publisher } from '@clearance/messaging';
import { compileNegativeList } from '@clearance/negative-list';
import { issueToken, type KeyRing, type SigningKey, verifyToken } from '@clearance/provenance';
import {
  type Canary,
  chanceOf,
  createHunter,
  type Leak,
  plantContent,
  type PlantedContent,
  randomList,
} from '@clearance/testing';
import type { Gateway } from '../gateway.ts';
import { NO_GRANTS } from '../access/grants.ts';
import type { ListInForce } from '../lists/list-in-force.ts';
import { giveCopies } from './give-copies.ts';
import { type View, viewsOf } from './view.ts';

const NOW = Date.parse('2026-11-21T03:00:00Z');
const UNITS = ['ln', 'hl', 'nm'].flatMap((province) =>
  ['customs', 'inspection', 'border'].map((agency): UnitId => `${province}.${agency}`),
);
/** Known to the list; the last unit is not. */
const KNOWN: UnitId[] = [...UNITS, 'ln.tax'];
const CONSUMERS: UnitId[] = [...KNOWN, 'sh.customs'];

const AGENCIES = ['customs', 'inspection', 'border'];
const keys = new Map<string, SigningKey>();
const ring: KeyRing = new Map(
  AGENCIES.map((agency) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const kid = `ln.${agency}/1`;
    keys.set(`ln.${agency}`, { kid, suite: 'EdDSA', privateKey });
    return [kid, { kid, owner: `ln.${agency}`, suite: 'EdDSA', publicKey, notBefore: 0 }];
  }),
);

/** Everything that leaves the gateway for one unit, and the log lines that it writes meanwhile. */
interface Outlet {
  gateway: Gateway;
  bytesFor(unit: UnitId): Buffer;
  log: string[];
}

function openOutlet(): Outlet {
  const left = new Map<UnitId, Outgoing[]>(CONSUMERS.map((unit) => [unit, []]));
  const log: string[] = [];
  const publisherTo = (unit: UnitId): Publisher => ({
    publishAll: async (messages) => {
      left.get(unit)!.push(...messages);
      return messages.map((_, index) => index + 1);
    },
    close: () => undefined,
  });
  const gateway = {
    consumers: CONSUMERS,
    mesh: { limits: { packResults: 3 } },
    publisherTo,
    queueOf: () => undefined,
    log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
    now: () => NOW,
  } as unknown as Gateway;
  const bytesOf = ({ subject, body, headers }: Outgoing): Buffer[] => [
    Buffer.from(`${subject}\n`),
    Buffer.from(headers === undefined ? '' : JSON.stringify([...headers])),
    Buffer.from(body as Uint8Array),
  ];
  return { gateway, bytesFor: (unit) => Buffer.concat(left.get(unit)!.flatMap(bytesOf)), log };
}

/** A planted result as its issuer signed it. */
interface Planted extends PlantedContent {
  issuer: UnitId;
  token: string;
}

function plant(kind: ResultKind, seed: number): Planted {
  const planted = plantContent(kind, chanceOf(seed));
  const issuer: UnitId = `ln.${kind.split('.')[0]!}`;
  const claims = {
    issuer,
    resultId: uuidv7(),
    version: 1,
    status: 'issued' as const,
    issuedAt: '2026-11-21T02:00:00Z',
  };
  return { ...planted, issuer, token: issueToken(claims, planted.content, keys.get(issuer)!, randomBytes) };
}

function disclose(planted: readonly Planted[], list: ListInForce): View[] {
  return planted.flatMap(({ token, issuer }) => {
    const verification = verifyToken(token, ring);
    if (!verification.ok) throw new Error(verification.code);
    const others = CONSUMERS.filter((unit) => unit !== issuer);
    return viewsOf({ verified: verification.result, traceparent: undefined }, others, {
      list,
      grants: NO_GRANTS,
      at: NOW,
      viewNumber: 0,
    });
  });
}

/** The disclosures that show a value, and their salts: whoever had a salt could try values against its digest. */
function secretsOf({ token }: Planted, { at, value }: Canary): Canary[] {
  return token
    .split('~')
    .slice(1, -1)
    .flatMap((disclosure) => {
      const parts = JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as unknown[];
      if (String(parts.at(-1)) !== value) return [];
      return [
        { at: `salt of ${at}`, value: String(parts[0]), verbatim: true },
        { at: `disclosure of ${at}`, value: disclosure, verbatim: true },
      ];
    });
}

/** The place of the value that a part of its disclosure belongs to. */
function placeOf(at: string): string {
  return at.replace(/^(?:salt|disclosure) of /, '');
}

function listInForce(list: Parameters<typeof compileNegativeList>[0]): ListInForce {
  const compiled = compileNegativeList(list, KNOWN);
  return { version: '1', effectiveFrom: 0, record: 'r', signature: { keyId: 'policy/1', at: 0 }, compiled, turns: [] };
}

describe('不外泄 nothing that a list withholds leaves for a unit, in any form', () => {
  const tally = { cases: 0, withheld: 0, disclosed: 0 };

  it('whatever the results, lists and consumers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
        const chance = chanceOf(seed);
        const kinds = Array.from({ length: 2 + chance.below(3) }, () => chance.pick(RESULT_KINDS));
        const lists = randomList(chance, { now: NOW, consumers: KNOWN, kinds, entries: chance.below(14) });
        const planted = kinds.map((kind) => plant(kind, chance.below(2 ** 31)));
        const outlet = openOutlet();
        await giveCopies(outlet.gateway, disclose(planted, listInForce(lists.list)));

        const leaves = planted.flatMap((result, index) =>
          result.canaries.map((canary) => ({
            result,
            canary: { ...canary, at: `${index} ${canary.at}` },
            path: canary.at,
          })),
        );
        // Three units of each case, of which one may be unknown to the list.
        const units = [chance.pick(UNITS), chance.pick(UNITS), chance.pick(CONSUMERS)].map((unit) => {
          const { forbidden = [], allowed = [] } = Object.groupBy(
            leaves.filter(({ result }) => result.issuer !== unit),
            ({ result, path }) =>
              !KNOWN.includes(unit) || path.includes('/surprise/') || lists.withholds(result, path, unit, NOW)
                ? 'forbidden'
                : 'allowed',
          );
          return { unit, forbidden, allowed: allowed.slice(0, 4) };
        });
        // Sought all at once; what is then found where it may be is no leak.
        const sought = [...new Set(units.flatMap(({ forbidden, allowed }) => [...forbidden, ...allowed]))];
        const secrets = sought.flatMap(({ result, canary }) => secretsOf(result, canary));
        const hunt = createHunter([...sought.map(({ canary }) => canary), ...secrets]);
        expect(hunt(outlet.log.join('\n'))).toEqual([]);
        for (const { unit, forbidden, allowed } of units) {
          const found = hunt(outlet.bytesFor(unit));
          const places = new Set(found.map(({ at }) => placeOf(at)));
          const hidden = new Set(forbidden.map(({ canary }) => canary.at));
          const leaks = found.filter(({ at }) => hidden.has(placeOf(at)));
          expect({ unit, leaks }).toEqual({ unit, leaks: [] });
          tally.cases += planted.length;
          tally.withheld += hidden.size;
          // What may be seen is seen: the search looks at the right bytes, and the gateway does not simply withhold all.
          tally.disclosed += allowed.filter(({ canary }) => places.has(canary.at)).length;
        }
      }),
      { numRuns: 150 },
    );
    expect(tally.cases).toBeGreaterThan(1_000);
    expect(tally.withheld).toBeGreaterThan(10_000);
    expect(tally.disclosed).toBeGreaterThan(500);
  }, 240_000);
});

describe('the search finds a leak', () => {
  const value = 'Kp7"冻鳕鱼\\x9Rt2mQ';
  const hunt = createHunter([{ at: '/secret', value }]);
  const b64 = (text: string | Buffer): string => Buffer.from(text as Buffer).toString('base64');
  const b64url = (text: string | Buffer): string => Buffer.from(text as Buffer).toString('base64url');
  const sha = (text: string) => createHash('sha256').update(text).digest();
  const ascii = (text: string): string =>
    JSON.stringify(text).replaceAll(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );

  it.each<[string, string | Buffer]>([
    ['as it is', value],
    ['in JSON', JSON.stringify({ a: value })],
    ['in JSON of ASCII', ascii(value)],
    ['in JSON in JSON', JSON.stringify({ log: JSON.stringify({ a: value }) })],
    ['percent-encoded', `/find?q=${encodeURIComponent(value)}`],
    ['in UTF-16', Buffer.from(value, 'utf16le')],
    ['in UTF-16, most significant byte first', Buffer.from(value, 'utf16le').swap16()],
    ['hexadecimal', Buffer.from(value).toString('hex')],
    ['hexadecimal in capitals', Buffer.from(value).toString('hex').toUpperCase()],
    ...[0, 1, 2, 3, 4].flatMap((before): [string, string][] => {
      const text = `${'-'.repeat(before)}${value}=`;
      const json = `["salt${'-'.repeat(before)}","name",${JSON.stringify(value)}]`;
      return [
        [`in base64, ${before} bytes in`, b64(text)],
        [`in base64url, ${before} bytes in`, b64url(text)],
        [`in a disclosure, ${before} bytes in`, b64url(json)],
        [`in a disclosure in base64, ${before} bytes in`, b64(`x.y.z~${b64url(json)}~`)],
        [`in a disclosure in a bytea, ${before} bytes in`, Buffer.from(b64url(json)).toString('hex')],
      ];
    }),
    ['as a digest', sha(value)],
    ['as a digest, hexadecimal', sha(value).toString('hex')],
    ['as a digest in base64url', sha(value).toString('base64url')],
    ['as a digest of its JSON text', sha(JSON.stringify(value)).toString('hex')],
  ])('%s', (_how, written) => {
    const noise = randomBytes(257);
    const bytes = Buffer.concat([noise, Buffer.from(written as Buffer), noise]);
    expect(hunt(bytes).map(({ at }) => at)).toContain('/secret');
    expect(hunt(noise)).toEqual([]);
  });

  it('that is planted in a copy, or in a header of it', async () => {
    const [withheld, kept] = [['/consignee'], ['/reference']];
    const entry = {
      id: 'X-1',
      title: { zh: '条', en: 'x' },
      class: 'withheld' as const,
      legalBasis: '《法》第一条',
      owner: 'customs' as const,
      match: { kinds: ['customs.examination'] },
      fields: withheld,
    };
    const list = listInForce({ version: '1', effectiveFrom: '2026-01-01', entries: [entry] });
    let planted = plant('customs.examination', 1);
    for (let seed = 2; !['consignee', 'reference'].every((name) => name in planted.content); seed += 1) {
      planted = plant('customs.examination', seed);
    }
    const outlet = openOutlet();
    await giveCopies(outlet.gateway, disclose([planted], list));
    const copy = outlet.bytesFor('hl.border').toString();
    const of = (paths: string[]) => planted.canaries.filter(({ at }) => paths.some((path) => at.startsWith(path)));
    const search = createHunter([...of(withheld), ...of(withheld).flatMap((canary) => secretsOf(planted, canary))]);
    expect(search(copy)).toEqual([]);
    expect(createHunter(of(kept))(copy)).not.toEqual([]);

    const [secret] = of(withheld).flatMap((canary) =>
      secretsOf(planted, canary).filter(({ at }) => at.startsWith('disc')),
    );
    const addedBack = copy.replace(/~","withheld/, `~${secret!.value}~","withheld`);
    expect(addedBack).not.toBe(copy);
    const places = (leaks: Leak[]) => new Set(leaks.map(({ at }) => placeOf(at)));
    expect(places(search(addedBack))).toEqual(new Set([placeOf(secret!.at)]));
    const [canary] = of(withheld);
    expect(places(search(`X-Trace: ${b64(`v=${canary!.value};`)}\n${copy}`))).toEqual(new Set([canary!.at]));
  });
});
