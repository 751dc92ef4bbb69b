import type { MigrationInterface, QueryRunner } from '@clearance/platform';

/** What coordinators measure the region by: numbers per day, port, unit, mode and direction. */
export class CreateIndicatorTables1763900000002 implements MigrationInterface {
  name = 'CreateIndicatorTables1763900000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What is to be counted, or counted anew, put down in the transaction that changed it. Rows are only added, so that
      -- nobody waits for anybody, and taken once they are committed: nothing that is committed later is lost with them.
      create table indicator_due (
        id bigint generated always as identity primary key,
        -- A result's version; a recognition has version 0.
        subject uuid not null,
        version integer not null,
        -- Of a version that every entitled unit has confirmed: since when.
        available_at timestamptz
      );

      -- What each version and recognition was counted as: counted anew, only the difference is added.
      create table indicator_part (
        subject uuid not null,
        version integer not null,
        -- The first time that every entitled unit had confirmed it.
        available_at timestamptz,
        -- Parts of an earlier making of the indicators count nothing.
        epoch integer not null,
        day date not null,
        port text not null,
        unit text not null,
        mode text not null,
        direction text not null,
        -- JSON: numbers by figure.
        tally text not null,
        primary key (subject, version)
      ) with (fillfactor = 85);

      -- The sums of the parts. Ports, modes and directions that are not shown to everybody are ''.
      create table indicator (
        -- Asia/Shanghai: of issue, of a recognition of decision.
        day date not null,
        port text not null,
        unit text not null,
        mode text not null,
        direction text not null,
        figure text not null,
        n bigint not null,
        primary key (day, port, unit, mode, direction, figure)
      ) with (fillfactor = 60);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table indicator, indicator_part, indicator_due');
  }
}
