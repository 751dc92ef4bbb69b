import { DEAD_LETTER_TABLE } from '@clearance/messaging';
import type { MigrationInterface, QueryRunner } from '@clearance/platform';

/** The gateway's tables: what is on its way, what was shown to whom, and the lists by which that was decided. */
export class CreateGatewayTables1763700000001 implements MigrationInterface {
  name = 'CreateGatewayTables1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row per version of a result: which entitled units have not confirmed their copy yet.
      create table settlement (
        result_id uuid not null,
        version integer not null,
        issuer text not null,
        kind text not null,
        waiting text[] not null,
        receipts text not null default '{}',
        -- Consumer → digest of the token that it holds.
        held text not null default '{}',
        disclosed_at timestamptz not null,
        settled_at timestamptz,
        primary key (result_id, version)
      ) with (fillfactor = 60);
      create index settlement_open on settlement (disclosed_at) where settled_at is null;

      -- Append only. 'entry' is the canonical JSON that the hash covers; the columns beside it only serve searching.
      create table ledger (
        sequence bigint primary key,
        result_id uuid not null,
        version integer not null,
        decided_at timestamptz not null,
        entry text not null,
        hash text not null
      );
      create index ledger_result on ledger (result_id, version);
      create table ledger_head (
        only_row boolean primary key default true check (only_row),
        sequence bigint not null,
        hash text not null
      );
      create function ledger_is_append_only() returns trigger language plpgsql as $$
        begin raise exception 'the ledger is only ever added to'; end $$;
      create trigger ledger_append_only before update or delete or truncate on ledger
        for each statement execute function ledger_is_append_only();

      create table negative_list (
        version text primary key,
        document text not null,
        signature text not null,
        effective_from timestamptz not null,
        received_at timestamptz not null
      );
      create unique index negative_list_schedule on negative_list (effective_from);

      ${DEAD_LETTER_TABLE}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table dead_letter, negative_list, ledger_head, ledger, settlement;
      drop function ledger_is_append_only;
    `);
  }
}
