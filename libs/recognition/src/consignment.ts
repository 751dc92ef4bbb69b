import type { CheckType, RecognitionRequest } from '@clearance/contracts';
import { WITHHELD, type Seen } from './disclosed.ts';
import type { ResultRecord } from './read-result.ts';

export type RequestedConsignment = RecognitionRequest['consignment'];

/** One thing that must be covered before a check is recognised. */
export type Target =
  | { kind: 'container'; container: string }
  | { kind: 'item'; item: number; quantity?: { value: string; unit: string } }
  /** The declaration or transport document as a whole, with everything that is known to belong to it. */
  | { kind: 'document'; containers: readonly string[]; items: readonly number[] };

/**
 * Checks of papers, conveyances and crews: a request that names no container and no item asks for the whole document.
 */
export const CHECKS_OF_DOCUMENTS: ReadonlySet<CheckType> = new Set<CheckType>(['documentary', 'boarding', 'crew']);

/**
 * Whether the result bears the document that the request's item numbers belong to: item 1 of another declaration is
 * another thing. A request without a declaration number counts its items by the transport document.
 */
export function bearsDocument(record: ResultRecord, consignment: RequestedConsignment): boolean | typeof WITHHELD {
  const [asked, borne] =
    consignment.declarationNumber !== undefined
      ? [consignment.declarationNumber, record.declarationNumber]
      : [consignment.transportDocument, record.transportDocument];
  if (asked === undefined) return false;
  return borne === WITHHELD ? WITHHELD : borne === asked;
}

/** Where a result bears that document. */
export function documentPath({ declarationNumber }: RequestedConsignment): string {
  return declarationNumber === undefined ? '/transportDocument' : '/declarationNumber';
}

/** Whether a number that a result bears is, or for all that is shown may be, the one that the request names. */
export function mayBe(borne: Seen<string>, asked: string | undefined): boolean {
  return asked !== undefined && (borne === WITHHELD || borne === asked);
}

/**
 * Whether the container, known by its number alone, may hold another load: request and result each name a declaration
 * or a transport document, and none agrees. Containers are used again within days; then only an unbroken seal shows
 * that it is the same load.
 */
export function mayBeOtherLoad(record: ResultRecord, consignment: RequestedConsignment): boolean | typeof WITHHELD {
  const pairs = [
    [consignment.declarationNumber, record.declarationNumber],
    [consignment.transportDocument, record.transportDocument],
  ] as const;
  const asked = pairs.filter(([number]) => number !== undefined);
  if (asked.some(([number, borne]) => number === borne)) return false;
  if (asked.some(([, borne]) => borne === WITHHELD)) return WITHHELD;
  return asked.length > 0 && pairs.some(([, borne]) => borne !== undefined);
}

/**
 * Whether the result is about the consignment: a container, the declaration or the transport document in common. One
 * that was taken out may be the one in common: whatever the result then says against reliance counts.
 */
export function isAbout(record: ResultRecord, consignment: RequestedConsignment): boolean {
  const { containers = [], declarationNumber, transportDocument } = consignment;
  return (
    containers.some((container) => record.containers.has(container)) ||
    (containers.length > 0 && record.containersWithheld) ||
    mayBe(record.declarationNumber, declarationNumber) ||
    mayBe(record.transportDocument, transportDocument)
  );
}

/** Whether a request names no container and no item, and so asks for all that belongs to its document. */
export function asksForDocument({ containers = [], items = [], quantities = [] }: RequestedConsignment): boolean {
  return containers.length === 0 && items.length === 0 && quantities.length === 0;
}

/**
 * What must be covered for a check of this type: each container, each item, each quantity that the request names. A
 * request that names none asks for all that is known to belong to its document; for checks of papers, conveyances and
 * crews, and when nothing is known to belong to it, for the document as a whole.
 * @param about the current results about the consignment
 */
export function targetsOf(
  type: CheckType,
  consignment: RequestedConsignment,
  about: readonly ResultRecord[],
): readonly Target[] {
  if (!asksForDocument(consignment)) {
    return targetsNamed(consignment.containers ?? [], consignment.items ?? [], consignment.quantities ?? []);
  }
  const bearing = about.filter((record) => !record.revoked && bearsDocument(record, consignment) === true);
  const containers = [...new Set(bearing.flatMap((record) => [...record.containers.keys()]))].sort();
  const covered = bearing.flatMap((record) => record.checks.flatMap((check) => [...check.items]));
  const items = [...new Set([...bearing.flatMap((record) => [...record.goods.keys()]), ...covered])].sort(
    (a, b) => a - b,
  );
  const known = targetsNamed(containers, items, []);
  if (CHECKS_OF_DOCUMENTS.has(type) || known.length === 0) return [{ kind: 'document', containers, items }];
  return known;
}

/**
 * Results about a document that hide what belongs to it, so that a request which names nothing cannot be answered for
 * all of it; with the field that was taken out.
 */
export function hiddenBelongings(
  consignment: RequestedConsignment,
  about: readonly ResultRecord[],
): { record: ResultRecord; path: string }[] {
  if (!asksForDocument(consignment)) return [];
  return about.flatMap((record) => {
    if (record.revoked) return [];
    if (bearsDocument(record, consignment) === WITHHELD) return [{ record, path: documentPath(consignment) }];
    if (record.containersWithheld) return [{ record, path: '/containers' }];
    if (record.goodsWithheld) return [{ record, path: '/goods' }];
    const isHidden = record.checksWithheld || record.checks.some(({ coversWithheld }) => coversWithheld);
    return isHidden ? [{ record, path: '/checks/*/covers' }] : [];
  });
}

function targetsNamed(
  containers: readonly string[],
  items: readonly number[],
  quantities: NonNullable<RequestedConsignment['quantities']>,
): Target[] {
  const measured = new Set(quantities.map(({ item }) => item));
  return [
    ...containers.map((container): Target => ({ kind: 'container', container })),
    ...items.filter((item) => !measured.has(item)).map((item): Target => ({ kind: 'item', item })),
    ...quantities.map(({ item, value, unit }): Target => ({ kind: 'item', item, quantity: { value, unit } })),
  ];
}

/** A target as a reason's message names it. */
export function targetName(target: Target, consignment: RequestedConsignment): string {
  switch (target.kind) {
    case 'container':
      return target.container;
    case 'item':
      return target.quantity ? `#${target.item} ${target.quantity.value} ${target.quantity.unit}` : `#${target.item}`;
    case 'document':
      return consignment.declarationNumber ?? consignment.transportDocument ?? '';
    default:
      return target satisfies never;
  }
}
