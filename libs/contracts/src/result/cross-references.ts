import { NAMED_LISTS } from '../problem/named-lists.ts';
import { violation, type Violation } from '../problem/violation.ts';
import { borderViolations } from './cross-references-border.ts';
import { coverageViolations } from './cross-references-coverage.ts';
import { instantAt, integerAt, isLoose, listAt, objectAt, textAt } from './loose.ts';

/** What the content names: the containers and the lines of goods that its other parts may refer to. */
export interface Named {
  containers: ReadonlySet<string>;
  items: ReadonlySet<number>;
}

/** Reports every member after the first with the same key. */
export function duplicates(
  keys: readonly (string | number | undefined)[],
  pointer: (index: number) => string,
): Violation[] {
  const seen = new Set<string | number>();
  return keys.flatMap((key, index) => {
    if (key === undefined) return [];
    if (seen.has(key)) return [violation(pointer(index), 'duplicate')];
    seen.add(key);
    return [];
  });
}

/** Reports `container` and `item` members of an entry that name nothing in the content. */
function referenceViolations(entry: unknown, at: string, named: Named): Violation[] {
  const found: Violation[] = [];
  const container = textAt(entry, 'container');
  if (container !== undefined && !named.containers.has(container)) {
    found.push(violation(`${at}/container`, 'unknown-reference', { expected: NAMED_LISTS.containers }));
  }
  const item = integerAt(entry, 'item');
  if (item !== undefined && !named.items.has(item)) {
    found.push(violation(`${at}/item`, 'unknown-reference', { expected: NAMED_LISTS.goods }));
  }
  return found;
}

/** Reports a later instant that is not later than an earlier one. */
function orderViolations(entry: unknown, at: string, earlier: string, later: string): Violation[] {
  const first = instantAt(entry, earlier);
  const second = instantAt(entry, later);
  return first !== undefined && second !== undefined && second < first
    ? [violation(`${at}/${later}`, 'not-later', { expected: `${at}/${earlier}` })]
    : [];
}

function sealViolations(container: unknown, at: string): Violation[] {
  const seals = listAt(container, 'seals');
  const conditions = new Map(seals.map((seal) => [textAt(seal, 'number'), textAt(seal, 'condition')]));
  const found = duplicates(
    seals.map((seal) => textAt(seal, 'number')),
    (index) => `${at}/seals/${index}/number`,
  );
  seals.forEach((seal, index) => {
    const replaced = textAt(seal, 'replaces');
    if (replaced === undefined) return;
    if (replaced === textAt(seal, 'number') || conditions.get(replaced) === 'intact') {
      found.push(violation(`${at}/seals/${index}/replaces`, 'contradiction', { expected: `${at}/seals` }));
    }
  });
  return found;
}

function customsViolations(customs: unknown, named: Named): Violation[] {
  const findings = listAt(customs, 'findings');
  const found = findings.flatMap((finding, index) => referenceViolations(finding, `/customs/findings/${index}`, named));
  const none = findings.findIndex((finding) => textAt(finding, 'code') === 'none');
  if (none >= 0 && findings.some((finding) => textAt(finding, 'code') !== 'none')) {
    found.push(violation(`/customs/findings/${none}/code`, 'contradiction', { expected: '/customs/findings' }));
  }
  listAt(customs, 'scans').forEach((scan, index) => {
    const at = `/customs/scans/${index}`;
    found.push(...referenceViolations(scan, at, named));
    listAt(scan, 'anomalies').forEach((anomaly, position) =>
      found.push(...referenceViolations(anomaly, `${at}/anomalies/${position}`, named)),
    );
    const captured = instantAt(scan, 'capturedAt');
    const read = instantAt(objectAt(scan, 'reading'), 'readAt');
    if (captured !== undefined && read !== undefined && read < captured) {
      found.push(violation(`${at}/reading/readAt`, 'not-later', { expected: `${at}/capturedAt` }));
    }
  });
  return found;
}

function inspectionViolations(inspection: unknown, named: Named): Violation[] {
  const found: Violation[] = [];
  for (const member of ['pests', 'samples', 'woodPackaging'] as const) {
    listAt(inspection, member).forEach((entry, index) =>
      found.push(...referenceViolations(entry, `/inspection/${member}/${index}`, named)),
    );
  }
  for (const member of ['treatments', 'certificates'] as const) {
    listAt(inspection, member).forEach((entry, index) => {
      const at = `/inspection/${member}/${index}`;
      found.push(...coverageViolations(entry, at, named), ...orderViolations(entry, at, 'issuedAt', 'validUntil'));
    });
  }
  const samples = listAt(inspection, 'samples').map((sample) => textAt(sample, 'id'));
  found.push(...duplicates(samples, (index) => `/inspection/samples/${index}/id`));
  listAt(inspection, 'analyses').forEach((analysis, index) => {
    const sample = textAt(analysis, 'sample');
    if (sample !== undefined && !samples.includes(sample)) {
      found.push(
        violation(`/inspection/analyses/${index}/sample`, 'unknown-reference', { expected: NAMED_LISTS.samples }),
      );
    }
  });
  return found;
}

/**
 * What the parts of a content say about each other: covers and findings name containers and items that exist, numbers
 * are unique, times are in order, counts fit. Looks only at members of the right type, so that it adds to the schema's
 * violations and never repeats or presupposes them. Never throws.
 */
export function crossReferenceViolations(content: unknown): Violation[] {
  if (!isLoose(content)) return [];
  const containers = listAt(content, 'containers');
  const goods = listAt(content, 'goods');
  const numbers = containers.map((container) => textAt(container, 'number'));
  const items = goods.map((line) => integerAt(line, 'item'));
  const named: Named = {
    containers: new Set(numbers.filter((number) => number !== undefined)),
    items: new Set(items.filter((item) => item !== undefined)),
  };
  const found = [
    ...duplicates(numbers, (index) => `/containers/${index}/number`),
    ...duplicates(items, (index) => `/goods/${index}/item`),
    ...containers.flatMap((container, index) => sealViolations(container, `/containers/${index}`)),
  ];
  const validUntil = instantAt(content, 'validUntil');
  listAt(content, 'checks').forEach((check, index) => {
    const at = `/checks/${index}`;
    const covers = objectAt(check, 'covers');
    if (covers !== undefined) found.push(...coverageViolations(covers, `${at}/covers`, named, goods));
    const performedAt = instantAt(check, 'performedAt');
    if (validUntil !== undefined && performedAt !== undefined && validUntil <= performedAt) {
      found.push(violation('/validUntil', 'not-later', { expected: `${at}/performedAt` }));
    }
  });
  return [
    ...found,
    ...customsViolations(content['customs'], named),
    ...inspectionViolations(content['inspection'], named),
    ...borderViolations(content['border']),
  ];
}
