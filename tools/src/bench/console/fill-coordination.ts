import type pg from 'pg';

/** Results that are put down in one statement: whole consignments. */
const AT_ONCE = 60_000;

/**
 * Fills a gateway's database with results as if they had been decided, joined and settled over the last 30 days: three results
 * a consignment, of a customs, an inspection and a customs unit of another province, each with a box, a declaration and a bill
 * of its own consignment. They are left to be counted: the gateway does, as it does whatever is due.
 *
 * @param results in all
 * @param say hears how far it is
 */
export async function fillCoordination(client: pg.Client, results: number, say: (line: string) => void): Promise<void> {
  await client.query(`
    create temporary table place (n integer, location text, province text);
    insert into place values (0, 'CNDLC', 'ln'), (1, 'CNMLX', 'nm'), (2, 'CNSFE', 'hl'), (3, 'CNHUC', 'jl'), (4, 'CNDDG', 'ln'), (5, 'CNHEK', 'hl');
    create temporary table made (i integer primary key, id uuid not null);
  `);
  for (let from = 0; from < results; from += AT_ONCE) {
    await fillSome(client, from, Math.min(AT_ONCE, results - from), results);
    say(`  ${Math.min(from + AT_ONCE, results)} / ${results}`);
  }
  await client.query('analyze');
}

async function fillSome(client: pg.Client, from: number, size: number, results: number): Promise<void> {
  await client.query('begin');
  await client.query('truncate made');
  // Ids as of the time of issue; consignments are the threes of them.
  await client.query(
    `insert into made select i, uuidv7(-(($3::integer - i) * interval '30 days' / $3)) from generate_series($1::integer, $1 + $2 - 1) i`,
    [from, size, results],
  );
  const row = `
    select m.i, m.id, first.id as consignment, m.i / 3 as c, m.i % 3 as part, p.location, p.province,
      now() - ($1::integer - m.i) * interval '30 days' / $1 as at,
      case m.i % 3 when 0 then p.province || '.customs' when 1 then p.province || '.inspection' else
        case p.province when 'ln' then 'hl.customs' else 'ln.customs' end end as issuer,
      'TSTU' || lpad((m.i / 3 % 10000000)::text, 7, '0') as container,
      '0902' || '20261' || lpad((m.i / 3)::text, 9, '0') as declaration,
      'BENCH' || (m.i / 3)::text as bill
    from made m join made first on first.i = m.i - m.i % 3 and m.i - m.i % 3 >= $2::integer
    join place p on p.n = m.i / 3 % 6`;
  const parameters = [results, from];
  await client.query(
    `insert into coordinated_version (result_id, version, issuer, status, kind, location, direction, transport_mode, conclusion,
       declaration_number, transport_document, containers, checks, adverse, withheld, examined_at, issued_at, offered_at, decided_at, joined)
     select id, 1, issuer, 'issued', case part when 1 then 'inspection.quarantine' else 'customs.examination' end, location,
       case c % 4 when 0 then 'export' else 'import' end, (array['2','3','4','5'])[c % 4 + 1], 'released', declaration, bill,
       array[container], '[{"type":"x-ray","outcome":"' || case when i % 997 = 0 then 'non-conformant' else 'conformant' end
         || '","performedAt":null,"containers":["' || container || '"],"items":[]}]', i % 997 = 0, '{"NL-010":4}',
       at - interval '20 minutes', at, at, at + interval '1 second', true from (${row}) r`,
    parameters,
  );
  await client.query(
    `insert into settlement (result_id, version, issuer, kind, issued_at, key_id, signed_digest, entitled, waiting, receipts, held,
       disclosed_at, settled_at)
     select id, 1, issuer, 'customs.examination', at, 'bench', 'bench', array['hl.customs'], '{}', '{}', '{}',
       at + interval '1 second', at + interval '2 seconds' from (${row}) r`,
    parameters,
  );
  await client.query(
    `insert into traveller (result_id, version, at, declaration_number, transport_document, consignment_id)
     select id, 1, at - interval '20 minutes', declaration, bill, consignment from (${row}) r`,
    parameters,
  );
  await client.query(
    `insert into traveller_container (container, result_id, at, lacking)
     select container, id, at - interval '20 minutes', false from (${row}) r`,
    parameters,
  );
  await client.query(
    `insert into consignment (consignment_id, first_at, last_at, results)
     select consignment, min(at) - interval '20 minutes', max(at) - interval '20 minutes', count(*) from (${row}) r group by consignment
     on conflict (consignment_id) do update set last_at = excluded.last_at, results = consignment.results + excluded.results`,
    parameters,
  );
  await client.query(
    `insert into indicator_due (subject, version, available_at) select id, 1, at + interval '2 seconds' from (${row}) r`,
    parameters,
  );
  await client.query('commit');
}
