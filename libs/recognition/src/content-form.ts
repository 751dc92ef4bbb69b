import type { Path } from './disclosed.ts';

/** A text, a number, an object by its members, or a list of one form. */
type Form = 'string' | 'number' | readonly [Form] | { readonly [member: string]: Form };

const AMOUNT: Form = { value: 'string', unit: 'string' };

/** What recognition reads of a content, as the contract has it. `?` marks what an issuer may leave out. */
const CONTENT: Form = {
  kind: 'string',
  transportMode: 'string',
  'declarationNumber?': 'string',
  'transportDocument?': 'string',
  'containers?': [
    {
      number: 'string',
      'seals?': [{ number: 'string', condition: 'string', 'replaces?': 'string', 'affixedBy?': 'string' }],
    },
  ],
  'goods?': [{ item: 'number', commodityCode: 'string', 'quantity?': AMOUNT, 'netWeight?': AMOUNT }],
  checks: [
    {
      type: 'string',
      outcome: 'string',
      performedAt: 'string',
      'covers?': {
        'containers?': ['string'],
        'items?': ['number'],
        'quantities?': [{ item: 'number', value: 'string', unit: 'string' }],
      },
    },
  ],
  conclusion: 'string',
  'validUntil?': 'string',
  'customs?': { 'riskLevel?': 'string' },
};

/**
 * The members of a content that must be there and are not, or that stand there in another form than the contract's.
 * Whatever its copy says of them, they were not shown: skipping them would let what is not understood speak in favour.
 */
export function notShown(content: unknown): Path[] {
  return seek(content, CONTENT, []);
}

function seek(value: unknown, form: Form, path: Path): Path[] {
  if (typeof form === 'string') return typeof value === form ? [] : [path];
  if (isList(form)) {
    return Array.isArray(value) ? value.flatMap((element) => seek(element, form[0], [...path, '*'])) : [path];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return Object.entries(form).flatMap(([name, member]) => {
    const isOptional = name.endsWith('?');
    const key = isOptional ? name.slice(0, -1) : name;
    const found = (value as Readonly<Record<string, unknown>>)[key];
    if (found === undefined) return isOptional ? [] : [[...path, key]];
    return seek(found, member, [...path, key]);
  });
}

function isList(form: Form): form is readonly [Form] {
  return Array.isArray(form);
}
