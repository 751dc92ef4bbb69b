import { type Checked, type Outcome, problem } from '@clearance/contracts';
import { ProblemError } from '../http/problem-filter.ts';
import type { RefusedByLint } from './act-on-draft.ts';

/** @throws ProblemError listing what is wrong with a body */
export function valid<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new ProblemError(problem('invalid', { errors: checked.violations }));
}

/** @throws ProblemError; with every finding when lint refused a draft */
export function accepted<T>(outcome: Outcome<T> | RefusedByLint): T {
  if (outcome.ok) return outcome.value;
  if ('problem' in outcome) throw new ProblemError(outcome.problem);
  const detail = {
    zh: `清单有 ${outcome.findings.length} 处问题，逐条列出`,
    en: `The list has ${outcome.findings.length} findings; every one is listed.`,
  };
  throw new ProblemError(Object.assign(problem('invalid', { detail }), { findings: outcome.findings }));
}
