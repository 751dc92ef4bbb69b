import type { PreviewReport } from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import type { Preview, PreviewProgress } from './preview-schema.ts';

interface PreviewRow {
  preview_id: string;
  draft_id: string;
  revision: number;
  requested_by: string;
  started_at: Date;
  state: 'running' | 'done' | 'failed';
  stale: boolean;
  progress: string | null;
  report: string | null;
}

/** A running preview tells of itself every second or so; one that has not for so long runs no more. */
const SILENT = `interval '30 seconds'`;

/** Writes down that a preview has begun. */
export async function beginPreview(
  database: DataSource,
  { previewId, draftId, revision, requestedBy, startedAt }: Omit<Preview, 'state' | 'progress' | 'report'>,
): Promise<void> {
  await database.query(
    `insert into list_preview (preview_id, draft_id, revision, requested_by, started_at, state, told_at)
     values ($1, $2, $3, $4, $5, 'running', now())`,
    [previewId, draftId, revision, requestedBy, startedAt],
  );
}

/** Writes down how far a preview is. */
export async function keepProgress(database: DataSource, previewId: string, progress: PreviewProgress): Promise<void> {
  await database.query('update list_preview set progress = $2, told_at = now() where preview_id = $1', [
    previewId,
    JSON.stringify(progress),
  ]);
}

/** Writes down how a preview ended; without a report it failed. */
export async function endPreview(
  database: DataSource,
  previewId: string,
  { report, progress }: { report: PreviewReport | undefined; progress: PreviewProgress | undefined },
): Promise<void> {
  await database.query(
    `update list_preview set state = $2, report = $3, progress = coalesce($4, progress), told_at = now()
     where preview_id = $1`,
    [
      previewId,
      report === undefined ? 'failed' : 'done',
      report === undefined ? null : JSON.stringify(report),
      progress === undefined ? null : JSON.stringify(progress),
    ],
  );
}

/** One preview; undefined when there is none. */
export async function readPreview(database: DataSource, previewId: string): Promise<Preview | undefined> {
  const [row]: PreviewRow[] = await database.query(
    `select *, told_at < now() - ${SILENT} as stale from list_preview where preview_id = $1`,
    [previewId],
  );
  return row && previewOf(row);
}

/** The previews of a draft, newest first, without their reports. */
export async function previewsOf(database: DataSource, draftId: string): Promise<Omit<Preview, 'report'>[]> {
  const rows: PreviewRow[] = await database.query(
    `select *, null as report, told_at < now() - ${SILENT} as stale from list_preview
     where draft_id = $1 order by started_at desc limit 50`,
    [draftId],
  );
  return rows.map((row) => {
    const { report: _none, ...preview } = previewOf(row);
    return preview;
  });
}

function previewOf(row: PreviewRow): Preview {
  return {
    previewId: row.preview_id,
    draftId: row.draft_id,
    revision: row.revision,
    requestedBy: row.requested_by,
    startedAt: row.started_at.toISOString(),
    state: row.state === 'running' && row.stale ? 'interrupted' : row.state,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as PreviewProgress),
    report: row.report === null ? null : (JSON.parse(row.report) as PreviewReport),
  };
}
