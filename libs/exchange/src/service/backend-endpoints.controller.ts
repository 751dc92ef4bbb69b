import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  type FindRecognitionsReply,
  type FindResultsReply,
  type Outcome,
  problem,
  type Recognition,
  type ResultReceipt,
  type SubmitBatchReply,
  SUBJECTS,
  type UnitId,
  validateAmend,
  validateRevoke,
  validateSubmitBatch,
} from '@clearance/contracts';
import { Endpoint, type MessageContext } from '@clearance/messaging/nest';
import { coalesce } from '@clearance/platform';
import { findRecognitions } from '../find/find-recognitions.ts';
import { findResults } from '../find/find-results.ts';
import { amendResult, revokeResult } from '../issue/change-result.ts';
import { issueResults, type Submission } from '../issue/issue-results.ts';
import { recogniseConsignments } from '../recognise/recognise-consignments.ts';
import { UNIT_HOST } from './tokens.ts';
import type { UnitHost } from './unit-host.ts';

/** A request for a recognition, within its trace. */
interface AskedRecognition {
  body: unknown;
  traceparent: string;
}

type Batched<I, O> = (items: I[]) => Promise<O[]>;

/** What an agency's backend may ask of its unit (INTERFACE 2). Requests that arrive together are served together. */
@Controller()
export class BackendEndpoints {
  private readonly submissions = new Map<UnitId, Batched<Submission, Outcome<ResultReceipt>>>();
  private readonly requests = new Map<UnitId, Batched<AskedRecognition, Outcome<Recognition>>>();

  constructor(@Inject(UNIT_HOST) private readonly host: UnitHost) {}

  @Endpoint(SUBJECTS.submit)
  async submit(
    @Payload() content: unknown,
    @Ctx() { unit, traceparent }: MessageContext,
  ): Promise<Outcome<ResultReceipt>> {
    const [outcome] = await this.issue(unit)([{ content, traceparent }]);
    return outcome!;
  }

  @Endpoint(SUBJECTS.submitBatch)
  async submitBatch(
    @Payload() body: unknown,
    @Ctx() { unit, traceparent }: MessageContext,
  ): Promise<Outcome<SubmitBatchReply>> {
    const checked = validateSubmitBatch(body);
    if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
    const { results } = checked.value;
    // Each of several results has a trace of its own: what becomes of one is not lost among what becomes of 499 others.
    const trace = results.length === 1 ? { traceparent } : { traceparent: undefined, among: traceparent };
    const outcomes = await this.issue(unit)(results.map((content) => ({ content, ...trace })));
    const value = outcomes.map((outcome) => (outcome.ok ? outcome.value : { error: outcome.problem }));
    return { ok: true, value: { outcomes: value } };
  }

  @Endpoint(SUBJECTS.amend)
  async amend(@Payload() body: unknown, @Ctx() { unit, traceparent }: MessageContext): Promise<Outcome<ResultReceipt>> {
    const checked = validateAmend(body);
    if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
    return amendResult(this.host.get(unit), checked.value, traceparent);
  }

  @Endpoint(SUBJECTS.revoke)
  async revoke(
    @Payload() body: unknown,
    @Ctx() { unit, traceparent }: MessageContext,
  ): Promise<Outcome<ResultReceipt>> {
    const checked = validateRevoke(body);
    if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
    return revokeResult(this.host.get(unit), checked.value, traceparent);
  }

  @Endpoint(SUBJECTS.find)
  find(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<FindResultsReply>> {
    return findResults(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.requestRecognition)
  async requestRecognition(
    @Payload() body: unknown,
    @Ctx() { unit, traceparent }: MessageContext,
  ): Promise<Outcome<Recognition>> {
    const [outcome] = await this.recognise(unit)([{ body, traceparent }]);
    return outcome!;
  }

  @Endpoint(SUBJECTS.findRecognitions)
  findRecognitions(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<FindRecognitionsReply>> {
    return findRecognitions(this.host.get(unit), body);
  }

  private issue(unit: UnitId): Batched<Submission, Outcome<ResultReceipt>> {
    return perUnit(this.submissions, unit, () =>
      coalesce((items) => issueResults(this.host.get(unit), items), { maxItems: 500, lingerMs: 2 }),
    );
  }

  private recognise(unit: UnitId): Batched<AskedRecognition, Outcome<Recognition>> {
    const decide = (asked: readonly AskedRecognition[]) =>
      recogniseConsignments(
        this.host.get(unit),
        asked.map(({ body }) => body),
        asked.map(({ traceparent }) => traceparent),
      );
    return perUnit(this.requests, unit, () => coalesce(decide, { maxItems: 64, lingerMs: 1 }));
  }
}

function perUnit<T>(batchers: Map<UnitId, T>, unit: UnitId, create: () => T): T {
  const batcher = batchers.get(unit) ?? create();
  batchers.set(unit, batcher);
  return batcher;
}
