import type { Attributes, Context, Link, SpanKind } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { TRACE_ATTRIBUTES } from '@clearance/contracts';
import type { SamplerName } from './telemetry-settings.ts';

/** The samplers that OTEL_TRACES_SAMPLER may name. */
const SAMPLERS: Record<SamplerName, (ratio: number) => Sampler> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};

/**
 * The sampler of this name, but that a span which says why it is to be kept (`clearance.kept`) is always recorded: a
 * fault, a whole result that was withheld, a batch of something that is recorded.
 *
 * @param ratio of those that have one, 0 to 1
 */
export function keepSampler(name: SamplerName, ratio: number): Sampler {
  const otherwise = SAMPLERS[name](ratio);
  return {
    shouldSample: (
      parent: Context,
      traceId: string,
      spanName: string,
      kind: SpanKind,
      attributes: Attributes,
      links: Link[],
    ): SamplingResult =>
      attributes[TRACE_ATTRIBUTES.kept] === undefined
        ? otherwise.shouldSample(parent, traceId, spanName, kind, attributes, links)
        : { decision: SamplingDecision.RECORD_AND_SAMPLED },
    toString: () => `kept, or ${String(otherwise)}`,
  };
}
