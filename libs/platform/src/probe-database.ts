import type { DataSource } from './database.ts';
import { describeError } from './describe-error.ts';
import type { Readiness } from './health.ts';

const LIMIT_MS = 1_500;

/** Whether a database answers, told within 1.5 s: a probe that hangs with the database would tell nothing. */
export async function probeDatabase(name: string, database: DataSource): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve({ name, ok: false, detail: `no answer within ${LIMIT_MS} ms` }), LIMIT_MS);
  });
  const asked = database.query('select 1').then(
    (): Readiness => ({ name, ok: true }),
    (error: unknown): Readiness => ({ name, ok: false, detail: describeError(error).message }),
  );
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  return answer;
}
