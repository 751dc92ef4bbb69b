import { DEAD_LETTER_TABLE } from '@clearance/messaging';
import type { MigrationInterface, QueryRunner } from '@clearance/platform';

/** The gateway's tables: what is on its way, what was shown to whom, and the lists by which that was decided. */
export class CreateGatewayTables1763700000001 implements MigrationInterface {
  name = 'CreateGatewayTables1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Rows of a few kilobytes are kept as they are (toast_tuple_target): compressing them costs more than storing them.

      -- One row per version of a result: which entitled units have not confirmed their copy yet.
      create table settlement (
        result_id uuid not null,
        version integer not null,
        issuer text not null,
        kind text not null,
        -- Of the token that was disclosed: what it says of its time, the key that signed it, the digest of what was signed.
        issued_at timestamptz not null,
        key_id text not null,
        signed_digest text not null,
        -- Everybody who was to be given it, and who of them has not confirmed it.
        entitled text[] not null,
        waiting text[] not null,
        receipts text not null default '{}',
        -- Consumer → digest of the token that it holds.
        held text not null default '{}',
        -- When it was given to those who are waited for.
        disclosed_at timestamptz not null,
        settled_at timestamptz,
        -- Counts the views of it that were given: the highest takes the place of the others.
        view_number integer not null default 0,
        primary key (result_id, version)
      ) with (fillfactor = 60, toast_tuple_target = 8160);
      create index settlement_open on settlement (disclosed_at) where settled_at is null;
      create index settlement_issued on settlement (issued_at);
      create index settlement_key on settlement (key_id, issued_at);

      -- Signatures of revoked keys under which versions were disclosed before their issuers signed them anew.
      create table replaced_signature (
        result_id uuid not null,
        version integer not null,
        issuer text not null,
        kind text not null,
        issued_at timestamptz not null,
        key_id text not null,
        signed_digest text not null,
        receipts text not null,
        disclosed_at timestamptz not null,
        replaced_at timestamptz not null,
        primary key (result_id, version, signed_digest)
      );
      create index replaced_signature_key on replaced_signature (key_id, issued_at);

      -- Append only. 'entry' is the canonical JSON that the hash covers; the columns beside it only serve searching.
      -- A row about a negative list has no result.
      create table ledger (
        sequence bigint primary key,
        result_id uuid,
        version integer,
        decided_at timestamptz not null,
        entry text not null,
        hash text not null
      ) with (toast_tuple_target = 8160);
      create index ledger_result on ledger (result_id, version);
      -- Rows are added nearly in the order of their times, at the right end of the index, and periods are read from it.
      create index ledger_decided on ledger (decided_at, sequence);
      create index ledger_acts on ledger (sequence) where result_id is null;
      -- Of the lists alone. The text is canonical JSON, in which no value can hold unescaped quotation marks.
      create index ledger_lists on ledger (sequence) where result_id is null and strpos(entry, '"type":"list"') > 0;
      create table ledger_head (
        only_row boolean primary key default true check (only_row),
        sequence bigint not null,
        hash text not null
      );
      create function ledger_is_append_only() returns trigger language plpgsql as $$
        begin raise exception 'the ledger is only ever added to'; end $$;
      create trigger ledger_append_only before update or delete or truncate on ledger
        for each statement execute function ledger_is_append_only();

      -- Heads of the ledger as they were signed. The units keep them too: what protects the past is that they do.
      create table signed_head (
        sequence bigint primary key,
        statement text not null
      );
      create trigger signed_head_append_only before update or delete or truncate on signed_head
        for each statement execute function ledger_is_append_only();

      create table negative_list (
        version text primary key,
        document text not null,
        signature text not null,
        effective_from timestamptz not null,
        received_at timestamptz not null,
        authors text[] not null,
        approved_by text not null
      );
      create unique index negative_list_schedule on negative_list (effective_from);

      -- What was done with drafts of the list: who, when, why. Append only; what a draft is follows from its events. Two
      -- who act upon the same revision meet at the primary key.
      create table list_event (
        draft_id uuid not null,
        revision integer not null,
        act text not null,
        actor text not null,
        at timestamptz not null,
        reason text not null,
        -- Of 'drafted' and 'edited': the whole text.
        document text,
        -- Of 'approved': the version that it became.
        version text,
        primary key (draft_id, revision)
      ) with (toast_tuple_target = 8160);
      create index list_event_time on list_event (at);
      create trigger list_event_append_only before update or delete or truncate on list_event
        for each statement execute function ledger_is_append_only();

      -- What drafts would change: how far a preview is, and what it found. 'told_at' tells whether its gateway lives.
      create table list_preview (
        preview_id uuid primary key,
        draft_id uuid not null,
        revision integer not null,
        requested_by text not null,
        started_at timestamptz not null,
        state text not null,
        told_at timestamptz not null,
        progress text,
        report text
      );
      create index list_preview_draft on list_preview (draft_id, started_at);
      -- Versions that were given are decided anew: since a list or an entry of it began or ended, or since somebody asked.
      create table review (
        review_id uuid primary key,
        mode text not null,
        -- Null for what was asked for, or follows from a grant: it is decided by the list in force.
        list_version text,
        -- The grant that begins or ends.
        grant_id uuid,
        -- When list, entry or grant began or ended; or from when on it is to be done.
        at timestamptz not null,
        -- JSON: which results.
        scope text not null,
        -- Who is given more; everybody if null.
        consumers text[],
        requested_by text,
        reason text,
        created_at timestamptz not null default now(),
        -- When its versions were put down; null before that.
        collected_at timestamptz,
        unique (list_version, at)
      );
      create index review_grant on review (grant_id) where grant_id is not null;
      create index review_created on review (created_at, review_id);
      create index review_to_collect on review (at) where collected_at is null;
      create table review_version (
        review_id uuid not null references review,
        result_id uuid not null,
        version integer not null,
        issuer text not null,
        -- When its issuer was asked to offer it again.
        asked_at timestamptz,
        -- Why it cannot.
        refused text,
        decided_at timestamptz,
        -- Who was given another view.
        changed text[] not null default '{}',
        primary key (result_id, version, review_id)
      ) with (fillfactor = 80);
      create index review_version_review on review_version (review_id);
      create index review_version_to_ask on review_version (issuer, asked_at nulls first) where decided_at is null;

      -- Requests for access to conditional data. What units have said of it is kept as they signed it; what was granted, and
      -- the end of that before its time, are rows of the ledger too.
      create table access_request (
        request_id uuid primary key,
        requester text not null,
        owner text not null,
        -- As the last of the statements says; what is granted expires at granted_until.
        state text not null,
        purpose text not null,
        requested_at timestamptz not null,
        received_at timestamptz not null,
        due_at timestamptz not null,
        remind_at timestamptz not null,
        reminded_at timestamptz,
        escalated_at timestamptz,
        decided_at timestamptz,
        granted_until timestamptz,
        ended_at timestamptz,
        -- JSON, signed.
        request text not null,
        decision text,
        revocation text
      );
      create index access_request_received on access_request (received_at, request_id);
      create index access_request_open on access_request (remind_at) where state = 'open';
      create index access_request_granted on access_request (granted_until)
        where state in ('granted', 'granted-in-part') and ended_at is null;
      -- What units are still to be told about requests; a row goes when the unit has it in its database.
      create table access_notice (
        notice_id uuid primary key,
        unit text not null,
        notice text not null,
        next_attempt_at timestamptz not null default now(),
        attempts integer not null default 0
      );
      create index access_notice_due on access_notice (next_attempt_at, notice_id);

      -- Append only: every call of the HTTP interface. A write has two rows: as it begins, and with its answer. A row of
      -- refused calls may stand for many (times). Paths and bodies are not kept, since they may hold personal data.
      create table api_call (
        sequence bigint generated always as identity primary key,
        call_id uuid not null,
        at timestamptz not null,
        -- Nobody's, when there was no good token.
        subject text,
        roles text[] not null,
        unit text,
        method text not null,
        -- The template, such as /api/v1/lists/{version}; null where there is no such route.
        route text,
        -- Ids in the path, by the parameter's name.
        resources text not null,
        -- Null while a write is under way.
        status integer,
        duration_ms integer,
        traceparent text not null,
        times integer not null
      );
      create unique index api_call_once on api_call (call_id, (status is null));
      create index api_call_subject on api_call (subject, sequence);
      create index api_call_route on api_call (route, sequence);
      create index api_call_at on api_call (at);
      create function api_call_is_append_only() returns trigger language plpgsql as $$
        begin raise exception 'the journal of calls is only ever added to'; end $$;
      create trigger api_call_append_only before update or delete or truncate on api_call
        for each statement execute function api_call_is_append_only();

      -- Answers to writes that came with an idempotency key, for as long as they are given again.
      create table idempotent_answer (
        subject text not null,
        key text not null,
        request_digest text not null,
        -- Whose work it is: one attempt of one replica.
        attempt uuid not null,
        -- Until when it is taken to be under way; null once it is answered.
        running_until timestamptz,
        status integer,
        headers text,
        -- Null when it was too large to be kept.
        body text,
        expires_at timestamptz not null,
        primary key (subject, key)
      );
      create index idempotent_answer_expiry on idempotent_answer (expires_at);

      -- What units issue, for the catalogue: numbers alone, no value of any content. Added to with the settlements.
      create table catalogue_layout (
        layout text primary key,
        kind text not null,
        -- The fields in the order in which they are counted.
        paths text[] not null
      );
      create table catalogue_count (
        -- Asia/Shanghai, by the time of issue.
        day date not null,
        issuer text not null,
        kind text not null,
        layout text not null references catalogue_layout,
        results integer not null,
        amendments integer not null,
        revocations integer not null,
        -- Results that were examined after they were issued, if one believes them.
        ahead integer not null,
        -- From the last examination to the issue, in all, and by class.
        delay_seconds bigint not null,
        delays integer[] not null,
        -- Results that have each field.
        present integer[] not null,
        primary key (day, issuer, kind, layout)
      ) with (fillfactor = 50);

      ${DEAD_LETTER_TABLE}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table access_notice, access_request, catalogue_count, catalogue_layout, idempotent_answer, api_call, dead_letter, review_version, review, list_preview,
        list_event, negative_list, signed_head, ledger_head, ledger, replaced_signature, settlement;
      drop function ledger_is_append_only, api_call_is_append_only;
    `);
  }
}
