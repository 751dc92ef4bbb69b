/** What has been asked for, as far as an answer rests on it. */
export interface Asked {
  paths: readonly string[];
  /** RFC 3339. */
  until: string;
}

/** The form of an answer as it is filled in. */
export interface AnswerForm {
  decision: 'grant' | 'grant-in-part' | 'refuse';
  paths: readonly string[];
  /** As `datetime-local` has it, in Beijing time. */
  until: string;
  reason: string;
}

/** The body of `POST /api/v1/access-requests/{requestId}/decision`. */
export interface AnswerBody {
  decision: 'grant' | 'refuse';
  paths?: string[];
  until?: string;
  reason?: string;
}

/** What is missing in a form, by its field. */
export type AnswerFault = 'no-paths' | 'nothing-less' | 'no-reason' | 'too-late' | 'past' | 'no-time';

/** What cannot be sent as it is, by its field. @param now ms since the epoch */
export function faultsIn(
  form: AnswerForm,
  asked: Asked,
  now: number,
): Partial<Record<'paths' | 'until' | 'reason', AnswerFault>> {
  const needsReason = form.decision !== 'grant' && form.reason.trim() === '';
  const faults: Partial<Record<'paths' | 'until' | 'reason', AnswerFault>> = needsReason ? { reason: 'no-reason' } : {};
  if (form.decision !== 'grant-in-part') return faults;
  const until = Date.parse(untilOf(form.until, asked));
  if (form.paths.length === 0) faults.paths = 'no-paths';
  if (Number.isNaN(until)) faults.until = 'no-time';
  else if (until <= now) faults.until = 'past';
  else if (until > Date.parse(asked.until)) faults.until = 'too-late';
  if (form.paths.length === asked.paths.length && until === Date.parse(asked.until)) faults.paths = 'nothing-less';
  return faults;
}

/** What is sent: of a grant in part what is less than was asked for, and nothing else. */
export function bodyOf(form: AnswerForm, asked: Asked): AnswerBody {
  const reason = form.reason.trim() === '' ? {} : { reason: form.reason.trim() };
  switch (form.decision) {
    case 'refuse':
      return { decision: 'refuse', ...reason };
    case 'grant':
      return { decision: 'grant', ...reason };
    case 'grant-in-part': {
      const until = untilOf(form.until, asked);
      return {
        decision: 'grant',
        ...(form.paths.length === asked.paths.length
          ? {}
          : { paths: asked.paths.filter((path) => form.paths.includes(path)) }),
        ...(Date.parse(until) === Date.parse(asked.until) ? {} : { until }),
        ...reason,
      };
    }
    default:
      return form.decision satisfies never;
  }
}

const SHANGHAI_MS = 8 * 3_600_000;

/** An instant as the form has it: to the minute, in Beijing time. */
export function localOf(at: string): string {
  return new Date(Date.parse(at) + SHANGHAI_MS).toISOString().slice(0, 16);
}

/** What the form has as RFC 3339. To the minute it is what was asked for; then its seconds are meant too. */
function untilOf(local: string, asked: Asked): string {
  return local === localOf(asked.until) ? asked.until : `${local}:00+08:00`;
}
