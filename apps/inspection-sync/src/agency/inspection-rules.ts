import { type ResultContent, type Violation, violation } from '@clearance/contracts';

/** A quarantine result reports a quarantine check. */
export function quarantineReportsQuarantine(content: ResultContent): Violation[] {
  if (content.kind !== 'inspection.quarantine' || content.checks.some(({ type }) => type === 'quarantine')) return [];
  return [violation('/checks', 'missing-check', { expected: 'quarantine' })];
}

/** Goods pass quarantine by a certificate (《进出境动植物检疫法》 art. 15, 17): a release cites its number. */
export function quarantineCitesItsCertificate(content: ResultContent): Violation[] {
  if (content.kind !== 'inspection.quarantine' || content.conclusion !== 'released') return [];
  if (content.inspection?.certificateNumber !== undefined) return [];
  const rule = {
    zh: '检疫放行结论须引用检疫证书编号（certificateNumber）',
    en: 'a quarantine result concluded released cites its certificate number (certificateNumber)',
  };
  return [violation('/inspection/certificateNumber', 'agency-rule', { rule })];
}

/** A quarantine pest (ISPM 5) is treated, returned or destroyed; with one left alone nothing is released. */
export function quarantinePestsAreDisposedOf(content: ResultContent): Violation[] {
  if (content.conclusion !== 'released') return [];
  return (content.inspection?.pests ?? []).flatMap((pest, index) =>
    pest.status === 'quarantine' && pest.disposal === 'none'
      ? [violation(`/inspection/pests/${index}/disposal`, 'contradiction', { expected: '/conclusion = released' })]
      : [],
  );
}

/** Every analysis is of a sample that the report lists. */
export function laboratoryAnalysesItsSamples(content: ResultContent): Violation[] {
  const samples = new Set((content.inspection?.samples ?? []).map(({ id }) => id));
  return (content.inspection?.analyses ?? []).flatMap((analysis, index) =>
    samples.has(analysis.sample)
      ? []
      : [
          violation(`/inspection/analyses/${index}/sample`, 'unknown-reference', {
            expected: '/inspection/samples/*/id',
          }),
        ],
  );
}

/** A laboratory check that conforms has no analysis beyond its limit. */
export function laboratoryVerdictsMatchCheck(content: ResultContent): Violation[] {
  const failed = (content.inspection?.analyses ?? []).some(({ verdict }) => verdict === 'non-compliant');
  if (!failed) return [];
  return content.checks.flatMap((check, index) =>
    check.type === 'laboratory' && check.outcome === 'conformant'
      ? [
          violation(`/checks/${index}/outcome`, 'contradiction', {
            expected: '/inspection/analyses/*/verdict = non-compliant',
          }),
        ]
      : [],
  );
}
