import { unitsOf } from '@clearance/contracts';
import { patternOf } from '@clearance/negative-list';
import type { TestLocalMesh } from './test-local-mesh.ts';

/** What was issued on a day of one kind by one unit; fields by their paths. */
export interface CatalogueCount {
  day: string;
  issuer: string;
  kind: string;
  results: number;
  amendments: number;
  revocations: number;
  ahead: number;
  delaySeconds: number;
  /** Results that have a delay. */
  delayed: number;
  present: Record<string, number>;
}

interface Issued {
  status: 'issued' | 'amended' | 'revoked';
  day: string;
  issued_at: Date;
  content: string;
}

/** Counts anew, from the units' own databases, all that they ever issued. */
export async function recountFromUnits(mesh: TestLocalMesh): Promise<CatalogueCount[]> {
  const counts = new Map<string, CatalogueCount>();
  for (const issuer of unitsOf(mesh.mesh)) {
    const version = `status, to_char(issued_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, issued_at, content`;
    const versions = await mesh.query<Issued>(
      issuer,
      `select ${version} from result where issuer = $1 union all select ${version} from result_history where issuer = $1`,
      [issuer],
    );
    for (const { status, day, issued_at: issuedAt, content: text } of versions) {
      const content = JSON.parse(text) as { kind: string; checks: { performedAt: string }[]; revocation?: object };
      const { kind } = content;
      const key = `${day} ${issuer} ${kind}`;
      let count = counts.get(key);
      if (count === undefined) {
        const none = { results: 0, amendments: 0, revocations: 0, ahead: 0, delaySeconds: 0, delayed: 0 };
        counts.set(key, (count = { day, issuer, kind, ...none, present: {} }));
      }
      if (status === 'amended') count.amendments += 1;
      else if (status === 'revoked') {
        count.revocations += 1;
        addPlaces(count, { revocation: content.revocation });
      } else {
        count.results += 1;
        addPlaces(count, content);
        const examined = content.checks.map(({ performedAt }) => Date.parse(performedAt)).sort((a, b) => b - a)[0]!;
        const seconds = Math.round((issuedAt.getTime() - examined) / 1_000);
        if (seconds < 0) count.ahead += 1;
        else {
          count.delaySeconds += seconds;
          count.delayed += 1;
        }
      }
    }
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
}

function addPlaces({ present }: CatalogueCount, content: object): void {
  for (const path of new Set(placesIn(content))) present[path] = (present[path] ?? 0) + 1;
}

function placesIn(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [patternOf(at)];
  return Object.entries(value).flatMap(([name, member]) => placesIn(member, `${at}/${name}`));
}

/** What the gateway has counted. */
export async function countedAtGateway(mesh: TestLocalMesh): Promise<CatalogueCount[]> {
  const rows = await mesh.query<Omit<CatalogueCount, 'delaySeconds'> & { delaySeconds: string }>(
    'gateway',
    `select to_char(day, 'YYYY-MM-DD') as day, issuer, kind, results, amendments, revocations, ahead,
       delay_seconds as "delaySeconds", (select sum(n) from unnest(delays) n)::integer as delayed,
       (select json_object_agg(path, n) from unnest(paths, present) as field(path, n) where n > 0) as present
     from catalogue_count join catalogue_layout using (layout, kind) order by day, issuer collate "C", kind collate "C"`,
  );
  return rows.map((row) => ({ ...row, delaySeconds: Number(row.delaySeconds), present: row.present ?? {} }));
}
