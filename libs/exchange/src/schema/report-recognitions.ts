import type { MigrationInterface, QueryRunner } from '@clearance/platform';

/** What the gateway is still to be told of recognitions, for the coordinators. */
export class ReportRecognitions1763800000001 implements MigrationInterface {
  name = 'ReportRecognitions1763800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create sequence recognition_report_revision;
      -- A row goes when the gateway has the recognition as it is. Changed meanwhile, it has another revision and stays.
      create table recognition_report (
        recognition_id uuid primary key,
        revision bigint not null default nextval('recognition_report_revision'),
        next_attempt_at timestamptz not null default now()
      ) with (fillfactor = 80);
      create index recognition_report_due on recognition_report (next_attempt_at);
      insert into recognition_report (recognition_id) select recognition_id from recognition;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table recognition_report; drop sequence recognition_report_revision;');
  }
}
