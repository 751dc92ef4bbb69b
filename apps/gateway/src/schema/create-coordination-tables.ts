import type { MigrationInterface, QueryRunner } from '@clearance/platform';

/** What coordinators follow goods by: versions as everybody may see them, and what travels together. */
export class CreateCoordinationTables1763900000001 implements MigrationInterface {
  name = 'CreateCoordinationTables1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A version of a result, with what of it is withheld from nobody; written with its decision.
      create table coordinated_version (
        result_id uuid not null,
        version integer not null,
        issuer text not null,
        status text not null,
        kind text,
        location text,
        direction text,
        transport_mode text,
        conclusion text,
        declaration_number text,
        transport_document text,
        containers text[] not null,
        -- JSON: type, outcome, time and cover of each.
        checks text not null,
        -- Whether one of them found something amiss: few do, and conflicts begin with these.
        adverse boolean not null default false,
        -- JSON: by entry of the list, how many consumers are shown less under it.
        withheld text not null default '{}',
        -- The last of its examinations.
        examined_at timestamptz,
        issued_at timestamptz not null,
        -- When it lay on its unit's stream; null where that is not known.
        offered_at timestamptz,
        decided_at timestamptz not null,
        traceparent text,
        -- Whether it has been joined into its consignment.
        joined boolean not null default false,
        primary key (result_id, version)
      ) with (toast_tuple_target = 8160);
      create index coordinated_version_adverse on coordinated_version (issued_at) where adverse;
      create index coordinated_version_to_join on coordinated_version (decided_at, result_id) where not joined;

      -- A result by what its newest version travels with, and the consignment that it belongs to: the id of the first.
      create table traveller (
        result_id uuid primary key,
        version integer not null,
        at timestamptz not null,
        declaration_number text,
        transport_document text,
        consignment_id uuid not null
      );
      create index traveller_declaration on traveller (declaration_number) where declaration_number is not null;
      create index traveller_transport_document on traveller (transport_document) where transport_document is not null;
      create index traveller_consignment on traveller (consignment_id);
      create table traveller_container (
        container text not null,
        result_id uuid not null,
        at timestamptz not null,
        -- Whether its result lacks a document: it may belong with another of this container.
        lacking boolean not null,
        primary key (container, at, result_id)
      );
      create index traveller_container_result on traveller_container (result_id);
      create index traveller_container_lacking on traveller_container (container, at) where lacking;
      -- Two results that a container connects.
      create table traveller_link (
        container text not null,
        result_id uuid not null,
        links_to uuid not null,
        -- When the first of them was examined.
        at timestamptz not null,
        primary key (container, at, result_id)
      );
      create index traveller_link_from on traveller_link (result_id);
      create index traveller_link_to on traveller_link (links_to);

      create table consignment (
        consignment_id uuid primary key,
        first_at timestamptz not null,
        last_at timestamptz not null,
        results integer not null
      );
      create index consignment_last on consignment (last_at, consignment_id);

      -- Recognitions as units tell of them. 'keys' is what each is found by: c:<container>, d:<declaration>,
      -- t:<transport document>, r:<result>.
      create table coordinated_recognition (
        recognition_id uuid primary key,
        unit text not null,
        location text not null,
        outcome text not null,
        state text not null,
        decided_at timestamptz not null,
        reopened_at timestamptz,
        -- JSON, as reported.
        report text not null,
        keys text[] not null,
        taken_at timestamptz not null
      ) with (toast_tuple_target = 8160);
      create index coordinated_recognition_keys on coordinated_recognition using gin (keys);
      -- Makings anew of all this; how far each is.
      create table coordination_rebuild (
        rebuild_id uuid primary key,
        requested_by text not null,
        reason text not null,
        started_at timestamptz not null,
        finished_at timestamptz,
        -- Null until it has begun.
        total integer,
        done integer not null default 0,
        -- Of these, versions whose issuers did not give their content.
        missing integer not null default 0,
        unreachable text[] not null default '{}',
        after_issued_at timestamptz not null default '-infinity',
        after_result_id uuid not null default '00000000-0000-0000-0000-000000000000',
        after_version integer not null default 0
      );
      create unique index coordination_rebuild_open on coordination_rebuild ((true)) where finished_at is null;
      create index coordinated_recognition_decided on coordinated_recognition (decided_at, recognition_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table coordination_rebuild, coordinated_recognition, consignment, traveller_link, traveller_container, traveller, coordinated_version',
    );
  }
}
