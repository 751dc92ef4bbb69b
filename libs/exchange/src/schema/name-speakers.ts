import type { MigrationInterface, QueryRunner } from '@clearance/platform';

/** Who of a unit's people answered a request for access, where they signed in to do so. */
export class NameSpeakers1763900000000 implements MigrationInterface {
  name = 'NameSpeakers1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table access_speaker (
        request_id uuid not null,
        type text not null,
        -- Issuer and sub of their token, joined by #.
        person text not null,
        said_at timestamptz not null default now(),
        primary key (request_id, type)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table access_speaker');
  }
}
