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
  const missing: Path[] = [];
  seekContent(content, missing);
  return missing;
}

/** Looks whether a value has a form, and adds the paths of what has not. */
type Seek = (value: unknown, missing: Path[]) => void;

/** Forms are few and contents are many: what a form asks, and the path it is asked at, is worked out once. */
function seekerOf(form: Form, path: Path): Seek {
  if (typeof form === 'string') {
    return (value, missing) => {
      if (typeof value !== form) missing.push(path);
    };
  }
  if (isList(form)) {
    const seekElement = seekerOf(form[0], [...path, '*']);
    return (value, missing) => {
      if (Array.isArray(value)) for (const element of value) seekElement(element, missing);
      else missing.push(path);
    };
  }
  const members = Object.entries(form).map(([name, member]) => {
    const isOptional = name.endsWith('?');
    const key = isOptional ? name.slice(0, -1) : name;
    return { key, isOptional, path: [...path, key], seek: seekerOf(member, [...path, key]) };
  });
  return (value, missing) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return void missing.push(path);
    for (const { key, isOptional, path, seek } of members) {
      const found = (value as Readonly<Record<string, unknown>>)[key];
      if (found !== undefined) seek(found, missing);
      else if (!isOptional) missing.push(path);
    }
  };
}

function isList(form: Form): form is readonly [Form] {
  return Array.isArray(form);
}

const seekContent = seekerOf(CONTENT, []);
