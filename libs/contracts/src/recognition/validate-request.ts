import { validatorOf } from '../problem/schema-validator.ts';
import { NAMED_LISTS } from '../problem/named-lists.ts';
import { violation, type Checked, type Violation } from '../problem/violation.ts';
import { RecognitionRequestSchema, type RecognitionRequest } from './recognition.ts';

const shape = validatorOf<RecognitionRequest>(RecognitionRequestSchema);

/**
 * Validates `recognitions.request`: its closed schema, a consignment that names something, items only with the
 * declaration or transport document that numbers them, and observations only of containers of the consignment.
 */
export function validateRecognitionRequest(input: unknown): Checked<RecognitionRequest> {
  const checked = shape(input);
  if (!checked.ok) return checked;
  const { consignment, sealsObserved = [] } = checked.value;
  const violations: Violation[] = [];
  const containers = new Set(consignment.containers);
  const numbered = consignment.declarationNumber !== undefined || consignment.transportDocument !== undefined;
  if (containers.size === 0 && !numbered) violations.push(violation('/consignment', 'missing'));
  for (const member of ['items', 'quantities'] as const) {
    if ((consignment[member]?.length ?? 0) > 0 && !numbered) {
      violations.push(violation('/consignment/declarationNumber', 'missing'));
      break;
    }
  }
  const seen = new Set<string>();
  sealsObserved.forEach((seal, index) => {
    if (!containers.has(seal.container)) {
      violations.push(
        violation(`/sealsObserved/${index}/container`, 'unknown-reference', { expected: NAMED_LISTS.containers }),
      );
    }
    const key = `${seal.container} ${seal.number}`;
    if (seen.has(key)) violations.push(violation(`/sealsObserved/${index}`, 'duplicate'));
    seen.add(key);
  });
  const quantities = consignment.quantities ?? [];
  const items = new Set<number>();
  quantities.forEach((quantity, index) => {
    if (items.has(quantity.item)) violations.push(violation(`/consignment/quantities/${index}/item`, 'duplicate'));
    items.add(quantity.item);
  });
  return violations.length === 0 ? checked : { ok: false, violations };
}
