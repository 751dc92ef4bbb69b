import { type EntityManager, runPrepared } from '@clearance/platform';
import type { VerifiedOffer } from '../enforce/read-offers.ts';
import { measuredFields } from './measured-fields.ts';
import { tallyVersions } from './tally-versions.ts';

/**
 * Counts versions for the catalogue: of each day, unit and kind what was issued, how late, and which fields are there.
 * Numbers alone are kept. Call it in the transaction that adds the settlements of these versions for the first time: that
 * one is committed once for each of them, however often they are offered, and so they are counted once.
 *
 * The rows are taken in one order, and before the head of the ledger, so that no two gateways wait for each other.
 */
export async function countOffers(transaction: EntityManager, offers: readonly VerifiedOffer[]): Promise<void> {
  const counts = tallyVersions(offers.map(({ verified }) => verified));
  if (counts.length === 0) return;
  const layouts = [...new Set(counts.map(({ kind }) => kind))].map((kind) => {
    const { layout, paths } = measuredFields(kind);
    return { layout, kind, paths };
  });
  await runPrepared(transaction, COUNT, [JSON.stringify(layouts), JSON.stringify(counts)]);
}

const added = (column: string): string => `${column} = c.${column} + excluded.${column}`;
const addedEach = (column: string): string =>
  `${column} = (select array_agg(one + more order by place)
     from unnest(c.${column}, excluded.${column}) with ordinality as both_of(one, more, place))`;

const COUNT = `
  with laid as (
    insert into catalogue_layout (layout, kind, paths)
    select layout, kind, paths from json_to_recordset($1) as l (layout text, kind text, paths text[])
    on conflict do nothing
  )
  insert into catalogue_count as c
    (day, issuer, kind, layout, results, amendments, revocations, ahead, delay_seconds, delays, present)
  select day, issuer, kind, layout, results, amendments, revocations, ahead, delay_seconds, delays, present
  from json_to_recordset($2) as n (day date, issuer text, kind text, layout text, results integer, amendments integer,
    revocations integer, ahead integer, delay_seconds bigint, delays integer[], present integer[])
  on conflict (day, issuer, kind, layout) do update set
    ${['results', 'amendments', 'revocations', 'ahead', 'delay_seconds'].map(added).join(', ')},
    ${['delays', 'present'].map(addedEach).join(', ')}`;
