import type { LocalizedText } from '@clearance/contracts/words';
import type { Answer } from '../../api/answer.ts';
import type { IdentifierKind } from './recognise-identifier.ts';

type Consignment = Answer<'/api/v1/consignments'>['consignments'][number];

/** What the identifiers are called. */
export const KIND_WORDS: Readonly<Record<IdentifierKind, LocalizedText>> = {
  container: { zh: '箱号', en: 'container' },
  declarationNumber: { zh: '报关单号', en: 'declaration' },
  transportDocument: { zh: '运单号', en: 'transport document' },
  resultId: { zh: '结果编号', en: 'result' },
};

/** What a consignment is known by, that first by which people speak of it; its own id where nothing else is shown to all. */
export function knownBy({
  consignmentId,
  declarationNumbers,
  transportDocuments,
  containers,
}: Pick<Consignment, 'consignmentId' | 'declarationNumbers' | 'transportDocuments' | 'containers'>): {
  kind: IdentifierKind;
  value: string;
}[] {
  const known = [
    ...declarationNumbers.map((value) => ({ kind: 'declarationNumber' as const, value })),
    ...transportDocuments.map((value) => ({ kind: 'transportDocument' as const, value })),
    ...containers.map((value) => ({ kind: 'container' as const, value })),
  ];
  return known.length > 0 ? known : [{ kind: 'resultId', value: consignmentId }];
}
