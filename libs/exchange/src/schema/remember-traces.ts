import type { MigrationInterface, QueryRunner } from '@clearance/platform';

/** By what trace a result came to be known here: what is decided on it later goes on from there. */
export class RememberTraces1763800000000 implements MigrationInterface {
  name = 'RememberTraces1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- W3C traceparent: of the issuing, or of the receiving.
      alter table result add traceparent text;
      alter table result_history add traceparent text;
      -- Of the decision.
      alter table recognition add traceparent text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table result drop traceparent; alter table result_history drop traceparent;
       alter table recognition drop traceparent;`);
  }
}
