import { exampleContent } from '@clearance/contracts';

/** How many disclosures the compared tokens have: a smaller cargo result. */
export const DISCLOSURES = 40;

/** An examination of customs with as many members and elements, at every level, as the tokens are to have disclosures. */
export function contentOfForty(): { [member: string]: unknown } {
  const {
    customs: _customs,
    transportDocument: _document,
    validUntil: _until,
    conveyance: _,
    ...content
  } = exampleContent('customs.examination');
  const checks = content.checks.map(({ equipment: _equipment, ...check }) => check);
  return JSON.parse(JSON.stringify({ ...content, checks })) as { [member: string]: unknown };
}

/** What a receiver is not to see of it: JSON Pointers, and the members that remain of each object named. */
export const WITHHELD = ['/goods/0/value', '/goods/0/description', '/consignee', '/declarationNumber'];
