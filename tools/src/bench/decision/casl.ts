import { createMongoAbility, type MongoAbility, type MongoQuery } from '@casl/ability';
import { permittedFieldsOf } from '@casl/ability/extra';
import { fieldsOf, RESULT_KINDS, type ResultKind, type UnitId } from '@clearance/contracts';
import { type Contender, UNITS, unitsIn } from './contender.ts';
import type { Exception } from './list.ts';

/** What the conditions of the rules are asked about: a content, and who issued it. */
interface Subject {
  kind: ResultKind;
  issuer: string;
}

type Ability = MongoAbility<[string, string | Subject]>;

/**
 * CASL: an ability per consumer, in which every result may be read, and an inverted rule per entry takes its fields out.
 * CASL has an index of the rules by the kind of the result, and looks into nested members and arrays itself.
 */
export function casl(entries: readonly Exception[]): Contender {
  const abilities = new Map(UNITS.map((consumer) => [consumer, abilityOf(consumer, entries)]));
  const catalogue = new Map(RESULT_KINDS.map((kind) => [kind, ['', ...fieldsOf(kind).keys()]]));
  return {
    name: '@casl/ability',
    decide: ({ content, kind, issuer, consumers }) => {
      const subject = { ...content, kind, issuer };
      return consumers.map((consumer) => hidden(abilities.get(consumer)!, subject, catalogue.get(kind)!));
    },
  };
}

function hidden(ability: Ability, subject: Subject, all: string[]): string[] {
  const permitted = new Set(permittedFieldsOf(ability, 'read', subject, { fieldsFrom: (rule) => rule.fields ?? all }));
  return all.filter((field) => !permitted.has(field));
}

function abilityOf(consumer: UnitId, entries: readonly Exception[]): Ability {
  const concerning = entries.filter(({ consumers }) => unitsIn(consumers).includes(consumer));
  const inverted = concerning.map(({ kinds, fields, ...entry }) => ({
    action: 'read',
    subject: [...kinds],
    inverted: true,
    fields: [...(fields ?? [''])],
    ...whenever(entry),
  }));
  return createMongoAbility<Ability>([{ action: 'read', subject: 'all' }, ...inverted], {
    detectSubjectType: ({ kind }) => kind,
  });
}

function whenever({ issuers, conditions }: Pick<Exception, 'issuers' | 'conditions'>): { conditions?: MongoQuery } {
  const query: Record<string, { $in: string[] }> = {};
  if (issuers !== undefined) query['issuer'] = { $in: unitsIn(issuers) };
  for (const { path, values } of conditions) query[dotted(path)] = { $in: [...values] };
  return Object.keys(query).length === 0 ? {} : { conditions: query };
}

/** A path as queries of MongoDB write it: `goods.commodityCode`, of any element where an array is. */
function dotted(path: string): string {
  return path.slice(1).replaceAll('/*', '').replaceAll('/', '.');
}
