import type { CheckType } from '@clearance/contracts';
import { compareDecimals } from './decimal.ts';
import type { DecidedCheck, DecidedRecognition } from './reliance.ts';

/**
 * What one decision spares, or spares for longer, and another does not; as texts. A whole item is more than any part of
 * it. Parts in different units cannot be compared, and a decision names one of them: that it names another one is not
 * more.
 */
export function moreThan(decision: DecidedRecognition, other: DecidedRecognition): string[] {
  const byType = new Map<CheckType, DecidedCheck>(other.checks.map((check) => [check.type, check]));
  return decision.checks.flatMap((check) => moreOfCheck(check, byType.get(check.type)));
}

function moreOfCheck(check: DecidedCheck, other: DecidedCheck | undefined): string[] {
  const { type, decision, covers, validUntil } = check;
  const than = other?.covers;
  const bothRecognised = decision === 'recognised' && other?.decision === 'recognised';
  const isLonger = bothRecognised && (validUntil ?? '9') > (other.validUntil ?? '9');
  return [
    ...(decision === 'recognised' && !bothRecognised ? [type] : []),
    ...(isLonger ? [`${type} until ${validUntil ?? 'ever'}`] : []),
    ...(covers?.containers ?? []).filter((each) => !than?.containers.includes(each)).map((each) => `${type} ${each}`),
    ...(covers?.items ?? []).filter((each) => !than?.items.includes(each)).map((each) => `${type} #${each}`),
    ...(covers?.quantities ?? [])
      .filter(({ item, value, unit }) => {
        const known = than?.quantities?.find((each) => each.item === item);
        if (than?.items.includes(item) || (known !== undefined && known.unit !== unit)) return false;
        return known === undefined || (compareDecimals(known.value, value) ?? -1) < 0;
      })
      .map(({ item, value, unit }) => `${type} ${value} ${unit} of #${item}`),
  ];
}
