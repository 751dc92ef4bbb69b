import { DEAD_LETTER_TABLE } from '@clearance/messaging';
import type { MigrationInterface, QueryRunner } from '@clearance/platform';

/**
 * The tables of one unit. Bodies are `text`: they are read and written whole, and `jsonb` costs twice the time; what is
 * searched for is extracted into columns.
 */
export class CreateExchangeTables1763700000000 implements MigrationInterface {
  name = 'CreateExchangeTables1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create sequence result_sequence;

      -- The newest known version of every result: the unit's own, and copies from others.
      create table result (
        result_id uuid primary key,
        sequence bigint not null default nextval('result_sequence'),
        version integer not null,
        status text not null,
        issuer text not null,
        own boolean not null,
        reference text,
        kind text,
        declaration_number text,
        transport_document text,
        issued_at timestamptz not null,
        content text not null,
        withheld text not null,
        token text not null,
        key_id text not null,
        digest text,
        first_digest text,
        list_version text,
        -- Which view of this version it is: a higher one takes the place of a lower one.
        view_number integer not null default 0,
        settled_at timestamptz,
        stored_at timestamptz not null default now()
      ) with (toast_tuple_target = 8160);
      -- Contents of a few kilobytes stay as they are: to compress them is half of what it costs to store a row.
      create unique index result_own_reference on result (reference) where own;
      create index result_reference on result (reference) where not own;
      create index result_sequence_order on result (sequence);
      create index result_issuer on result (issuer, sequence);
      create index result_stored on result (stored_at);
      create index result_issued on result (issued_at);
      create index result_declaration on result (declaration_number) where declaration_number is not null;
      create index result_transport_document on result (transport_document) where transport_document is not null;

      create table result_container (
        container text not null,
        result_id uuid not null,
        primary key (container, result_id)
      );
      create index result_container_result on result_container (result_id);

      -- Every version that is not the newest one.
      create table result_history (
        result_id uuid not null,
        version integer not null,
        status text not null,
        issuer text not null,
        issued_at timestamptz not null,
        content text not null,
        withheld text not null,
        token text not null,
        key_id text not null,
        list_version text,
        view_number integer not null default 0,
        stored_at timestamptz not null,
        primary key (result_id, version)
      );
      create index result_history_issued on result_history (issued_at);

      -- Versions of own results that are not settled yet. A row goes when the gateway says that every unit has its copy.
      create table offer_outbox (
        result_id uuid not null,
        version integer not null,
        item text not null,
        attempts integer not null default 0,
        next_offer_at timestamptz not null,
        created_at timestamptz not null default now(),
        primary key (result_id, version)
      ) with (fillfactor = 70);
      create index offer_outbox_first on offer_outbox (next_offer_at) where attempts = 0;
      create index offer_outbox_again on offer_outbox (next_offer_at) where attempts > 0;

      -- Tokens are base64: compressing them costs more than all else about storing them, and saves a quarter.
      alter table result alter column token set storage external;
      alter table result_history alter column token set storage external;
      alter table offer_outbox alter column item set storage external;

      -- What the backend is still to be told, a row for the events of one transaction: they are told together, and one row
      -- costs what one event would. About a version of a result only that is kept: its view is made of the result when the
      -- event is passed on, and the result is not written twice. A recognition is kept as it was.
      create table event_outbox (
        batch_id bigint generated always as identity primary key,
        events text not null,
        next_attempt_at timestamptz not null
      );
      create index event_outbox_due on event_outbox (next_attempt_at);

      create table recognition (
        recognition_id uuid primary key,
        reference text not null unique,
        request_digest text not null,
        state text not null,
        outcome text not null,
        decided_at timestamptz not null,
        request text not null,
        body text not null
      );
      create index recognition_decided on recognition (decided_at, recognition_id);
      create table recognition_reliance (
        result_id uuid not null,
        recognition_id uuid not null references recognition,
        version integer not null,
        primary key (result_id, recognition_id)
      );
      create index recognition_reliance_recognition on recognition_reliance (recognition_id);

      -- Requests for access to conditional data: those that this unit has made (own), and those that it is asked. What is said of them
      -- is kept as it was signed.
      create table access_request (
        request_id uuid primary key,
        own boolean not null,
        requester text not null,
        owner text not null,
        reference text not null,
        -- Of the body that this unit's backend sent.
        body_digest text,
        requested_at timestamptz not null,
        state text not null,
        granted_until timestamptz,
        request text not null,
        decision text,
        revocation text,
        due_at timestamptz,
        reminded_at timestamptz,
        escalated_at timestamptz,
        -- JSON: what the gateway did not admit.
        errors text
      );
      create unique index access_request_reference on access_request (reference) where own;
      -- What this unit has said and the gateway has not taken yet.
      create table access_statement (
        request_id uuid not null references access_request on delete cascade,
        type text not null,
        signed text not null,
        next_attempt_at timestamptz not null,
        primary key (request_id, type)
      );
      create table access_rule (
        rule text primary key,
        body text not null
      );

      -- Signed heads of the gateway's ledger, kept where the gateway's operator cannot reach: all of them, also those
      -- that contradict each other. Append only.
      create table ledger_witness (
        sequence bigint not null,
        hash text not null,
        statement text not null,
        received_at timestamptz not null default now(),
        primary key (sequence, hash)
      );
      create function witness_is_append_only() returns trigger language plpgsql as $$
        begin raise exception 'heads of the ledger are only ever added'; end $$;
      create trigger ledger_witness_append_only before update or delete or truncate on ledger_witness
        for each statement execute function witness_is_append_only();

      ${DEAD_LETTER_TABLE}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table access_rule, access_statement, access_request, dead_letter, ledger_witness, recognition_reliance, recognition, event_outbox, offer_outbox,
        result_history, result_container, result;
      drop sequence result_sequence;
      drop function witness_is_append_only;
    `);
  }
}
