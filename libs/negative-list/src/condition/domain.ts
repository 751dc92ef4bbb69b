import { agencyOfKind, schemaOf } from '@clearance/contracts';
import type { ResultKind } from '@clearance/contracts';
import { escapeSegment, requiredPaths } from '../language/catalogue.ts';

/** What is known of the facts that a condition is asked about, before it is asked. */
export interface Domain {
  /** The texts that a field can hold, by its path pattern; absent if any. */
  textsAt: (path: string) => readonly string[] | undefined;
  /** Whether a field is always there where what it lies in is. */
  isRequired: (path: string) => boolean;
  /** The texts that a name other than `content` can stand for; absent if any. */
  textsOf: (name: string) => readonly string[] | undefined;
}

/** Nothing is known: what holds then holds for anything whatever that a condition may be asked about. */
export const ANYTHING: Domain = { textsAt: () => undefined, isRequired: () => false, textsOf: () => undefined };

const domains = new Map<ResultKind, Domain>();

/** What the contract says of valid results of a kind. */
export function domainOf(kind: ResultKind): Domain {
  let known = domains.get(kind);
  if (known === undefined) {
    const texts = new Map<string, readonly string[]>();
    collectTexts(schemaOf(kind), '', texts);
    const required = requiredPaths(kind);
    const named = new Map([
      ['kind', [kind]],
      ['agency', [agencyOfKind(kind)]],
    ]);
    known = {
      textsAt: (path) => texts.get(path),
      isRequired: (path) => required.has(path),
      textsOf: (name) => named.get(name),
    };
    domains.set(kind, known);
  }
  return known;
}

interface Schema {
  enum?: readonly unknown[];
  const?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
}

function collectTexts(schema: Schema, at: string, texts: Map<string, readonly string[]>): void {
  const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  const all = values.filter((value) => typeof value === 'string');
  if (all.length > 0 && all.length === values.length) texts.set(at, all);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    collectTexts(member, `${at}/${escapeSegment(name)}`, texts);
  }
  if (schema.items !== undefined) collectTexts(schema.items, `${at}/*`, texts);
}
