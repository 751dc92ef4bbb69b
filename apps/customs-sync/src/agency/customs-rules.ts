import { type ResultContent, type Violation, violation } from '@clearance/contracts';

/** A release (放行) rests on a documentary check (单证审核) that found nothing wrong. */
export function releaseRestsOnDocuments(content: ResultContent): Violation[] {
  if (content.kind !== 'customs.release') return [];
  const documents = content.checks.some((check) => check.type === 'documentary' && check.outcome === 'conformant');
  return documents ? [] : [violation('/checks', 'missing-check', { expected: 'documentary, conformant' })];
}

/** Goods whose duties are neither settled nor guaranteed are not released (《海关法》 art. 29). */
export function releaseSettlesDuties(content: ResultContent): Violation[] {
  const duties = content.customs?.duties;
  if (content.kind !== 'customs.release' || content.conclusion !== 'released' || !duties || duties.settled) return [];
  const rule = {
    zh: '税款未缴清也未担保的货物不得放行，结论应为有条件放行或提供担保',
    en: 'goods with duties neither settled nor guaranteed are not released; conclude conditional, or give the guarantee',
  };
  return [violation('/customs/duties/settled', 'agency-rule', { rule })];
}

/** A scan result reports the x-ray (or radiation) check that the image is of. */
export function scanIsRead(content: ResultContent): Violation[] {
  if (content.kind !== 'customs.scan') return [];
  const read = content.checks.some(({ type }) => type === 'x-ray' || type === 'radiation');
  return read ? [] : [violation('/checks', 'missing-check', { expected: 'x-ray | radiation' })];
}

/**
 * An image read as suspect can't be the ground of a conformant x-ray check of the same container. An image or a check
 * that names no container stands for all of them.
 */
export function scanMatchesItsReading(content: ResultContent): Violation[] {
  const suspect = (content.customs?.scans ?? []).filter((scan) => scan.reading.conclusion === 'suspect');
  return content.checks.flatMap((check, index) => {
    const covered = check.covers?.containers;
    const contradicted =
      check.type === 'x-ray' &&
      check.outcome === 'conformant' &&
      suspect.some(({ container }) => container === undefined || covered === undefined || covered.includes(container));
    if (!contradicted) return [];
    const expected = '/customs/scans/*/reading/conclusion = suspect';
    return [violation(`/checks/${index}/outcome`, 'contradiction', { expected })];
  });
}
