import { type Static, type TSchema, Type } from 'typebox';
import { AGENCIES, type LocalizedText, RESULT_KINDS } from '@clearance/contracts';
import { CHANGE_EFFECTS, type ChangeCode, type ChangeEffect } from '@clearance/negative-list';
import { closed, localized, orNull, unit } from '../http/answers.ts';

const word = () => Type.String();
const words = (description?: string) => Type.Array(Type.String(), description === undefined ? {} : { description });
const paths = () => words('Paths; an empty one is the whole result');
const kinds = () => Type.Array(Type.Enum([...RESULT_KINDS]));
const entryClass = () => Type.Enum(['conditional', 'withheld']);

const UnitTermsSchema = Type.Union([Type.Object({ only: words() }, closed), Type.Object({ except: words() }, closed)], {
  title: 'UnitTerms',
  description: 'Some units, as a selector says them: `*`, `*.border`',
});

const scope = {
  class: entryClass(),
  kinds: words('Kinds as the entry names them: `customs.*`'),
  consumers: UnitTermsSchema,
  when: Type.Optional(Type.String({ description: 'CEL' })),
};
const EntryScopeSchema = Type.Object(scope, { ...closed, title: 'EntryScope' });

const entry = Type.Object({ ...scope, title: localized(), paths: paths() }, closed);
const classes = Type.Object({ before: entryClass(), after: entryClass() }, closed);
const kindsChanged = Type.Object({ kinds: kinds(), paths: paths(), scope: EntryScopeSchema }, closed);
const wording = Type.Object({ before: words(), after: words() }, closed);
const units = Type.Object(
  { units: Type.Array(unit()), said: UnitTermsSchema, scope: EntryScopeSchema, paths: paths() },
  closed,
);
const unitWording = Type.Object({ before: UnitTermsSchema, after: UnitTermsSchema }, closed);
const pathsChanged = Type.Object({ paths: paths(), kinds: Type.Optional(kinds()), scope: EntryScopeSchema }, closed);
const pathReplaced = Type.Object(
  { path: word(), parts: words(), kinds: Type.Optional(kinds()), scope: EntryScopeSchema },
  closed,
);
const texts = Type.Object({ before: word(), after: word() }, closed);
const textsOrNone = Type.Object({ before: Type.Optional(word()), after: Type.Optional(word()) }, closed);
const purposes = Type.Object({ purposes: words(), after: Type.Optional(words()) }, closed);

/** What a change tells besides its code. */
const DETAILS = {
  'entry-added': entry,
  'entry-removed': entry,
  'class-tightened': classes,
  'class-loosened': classes,
  'kinds-added': kindsChanged,
  'kinds-removed': kindsChanged,
  'kinds-reworded': wording,
  'issuers-added': units,
  'issuers-removed': units,
  'issuers-reworded': unitWording,
  'paths-added': pathsChanged,
  'paths-removed': pathsChanged,
  'path-broadened': pathReplaced,
  'path-narrowed': pathReplaced,
  'paths-reworded': wording,
  'consumers-added': units,
  'consumers-removed': units,
  'consumers-reworded': unitWording,
  'condition-added': Type.Object({ after: word() }, closed),
  'condition-removed': Type.Object({ before: word() }, closed),
  'condition-narrowed': texts,
  'condition-widened': texts,
  'condition-changed': texts,
  'condition-reworded': texts,
  'begins-earlier': textsOrNone,
  'begins-later': textsOrNone,
  'ends-later': textsOrNone,
  'ends-earlier': textsOrNone,
  'validity-reworded': textsOrNone,
  'purposes-removed': purposes,
  'purposes-added': purposes,
  'legal-basis-changed': texts,
  'owner-changed': Type.Object({ before: Type.Enum([...AGENCIES]), after: Type.Enum([...AGENCIES]) }, closed),
  'title-changed': Type.Object({ before: localized(), after: localized() }, closed),
  'effective-from-changed': texts,
} satisfies Record<ChangeCode, TSchema>;

/** A difference as it is described; what `diffLists` gives must be one. */
type DescribedChange = {
  [Code in ChangeCode]: {
    code: Code;
    details: Static<(typeof DETAILS)[Code]>;
    entry?: string;
    effect: ChangeEffect;
    message: LocalizedText;
  };
}[ChangeCode];

const changes = Object.entries(DETAILS).map(([code, details]) =>
  Type.Object(
    {
      code: Type.Literal(code),
      details,
      entry: Type.Optional(Type.String({ description: 'Absent where the list as a whole is meant' })),
      effect: Type.Literal(CHANGE_EFFECTS[code as ChangeCode]),
      message: localized(),
    },
    closed,
  ),
);
const ChangeSchema = Type.Unsafe<DescribedChange>(
  Type.Union(changes, { title: 'ListChange', description: 'One difference between two lists, as data and in words' }),
);

export const ChangesSchema = Type.Object(
  {
    since: orNull(Type.String({ description: 'The former version; null when there is none, and every entry is new' })),
    changes: Type.Array(ChangeSchema),
  },
  closed,
);
/** In what a list differs from a former one. */
export type Changes = Static<typeof ChangesSchema>;

/** Such an answer. */
export const CHANGES_EXAMPLE: Changes = {
  since: '2026.11-1',
  changes: [
    {
      code: 'ends-later',
      entry: 'NL-001',
      effect: 'stricter',
      details: { before: '2026-12-01', after: '2027-10-31' },
      message: {
        zh: 'NL-001 有效期延长：现为 2027-10-31，原为 2026-12-01',
        en: 'NL-001 ends later: 2027-10-31, formerly 2026-12-01',
      },
    },
  ],
};
