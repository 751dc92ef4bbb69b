import { exampleContent, type ResultContent } from '@clearance/contracts';

const EXAMPLE = exampleContent('customs.examination') as ResultContent;

/** The content that goes through all systems: a customs examination as the contract's example has it, with its own reference. */
export function contentOf(reference: string): ResultContent {
  return { ...EXAMPLE, reference };
}

/** Five members that the hand-written pipe and the stock build take out, where the mesh asks its list. */
export const DROPPED = ['consignee', 'goods', 'conveyance', 'customs', 'transportDocument'] as const;

/** Takes five members out of a content, without asking anybody. */
export function dropFive<T extends object>(content: T): Partial<T> {
  const rest = { ...content } as Record<string, unknown>;
  for (const name of DROPPED) delete rest[name];
  return rest as Partial<T>;
}
