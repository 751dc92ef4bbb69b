import { type Context, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { RESULT_KINDS, type UnitId } from '@clearance/contracts';
import { factsOf } from './condition.ts';
import { askedBy, type Contender, unitsIn } from './contender.ts';
import type { Exception } from './list.ts';

/**
 * Cedar: all may read, and a policy per entry forbids. It answers for one principal and one resource at a time, so it is
 * asked per consumer and field, from the top; what lies in a forbidden field is not asked about, nor what no policy
 * names. Policies are parsed before, in a set per kind of result, so that it goes through those of the kind at hand only.
 *
 * @throws Error when it does not take the policies
 */
export function cedar(entries: readonly Exception[]): Contender {
  const setOf = (kind: string): string => `${entries.length}-entries:${kind}`;
  const asked = new Map<string, ReadonlySet<string>>();
  const named = new Map<string, ReadonlySet<string>>();
  for (const kind of RESULT_KINDS) {
    const ofKind = entries.filter(({ kinds }) => kinds.includes(kind));
    asked.set(kind, askedBy(ofKind));
    named.set(kind, new Set(ofKind.flatMap(({ fields = [''] }) => fields)));
    const policies = ofKind.map(policyOf);
    const staticPolicies = ['permit(principal, action, resource);', ...policies].join('\n');
    const parsed = preparsePolicySet(setOf(kind), { staticPolicies });
    if (parsed.type === 'failure') throw new Error(`Cedar does not take the policies: ${parsed.errors[0]?.message}`);
  }
  return {
    name: '@cedar-policy/cedar-wasm',
    decide: (result) => {
      const context = { issuer: result.issuer, ...factsOf(result.content, asked.get(result.kind)!) };
      const fields = result.fields.filter((field) => named.get(result.kind)!.has(field));
      return result.consumers.map((consumer) => hidden(setOf(result.kind), consumer, fields, context));
    },
  };
}

function hidden(set: string, consumer: UnitId, fields: readonly string[], context: Context): string[] {
  const denied: string[] = [];
  for (const field of fields) {
    if (denied.some((above) => field.startsWith(`${above}/`))) continue;
    const answer = statefulIsAuthorized({
      principal: { type: 'Unit', id: consumer },
      action: { type: 'Action', id: 'read' },
      resource: { type: 'Field', id: field },
      context,
      preparsedPolicySetId: set,
      entities: [],
    });
    if (answer.type === 'failure') throw new Error(`Cedar does not decide: ${answer.errors[0]?.message}`);
    if (answer.response.diagnostics.errors.length > 0) throw new Error('Cedar could not evaluate a policy.');
    if (answer.response.decision !== 'allow') denied.push(field);
  }
  return denied;
}

function policyOf({ fields = [''], issuers, consumers, conditions }: Exception): string {
  const [field] = fields;
  // In the head of a policy a resource is compared before anything else is.
  const resource = fields.length === 1 ? `resource == ${entity('Field', field!)}` : 'resource';
  const tests = [
    ...(fields.length === 1 ? [] : [`${set('Field', fields)}.contains(resource)`]),
    ...(consumers === undefined ? [] : [`${set('Unit', unitsIn(consumers))}.contains(principal)`]),
    ...(issuers === undefined ? [] : [`${JSON.stringify(unitsIn(issuers))}.contains(context.issuer)`]),
    ...conditions.map(({ path, values }) => `context[${JSON.stringify(path)}].containsAny(${JSON.stringify(values)})`),
  ];
  return `forbid(principal, action, ${resource})${tests.length === 0 ? '' : ` when { ${tests.join(' && ')} }`};`;
}

function entity(type: string, id: string): string {
  return `${type}::${JSON.stringify(id)}`;
}

function set(type: string, ids: readonly string[]): string {
  return `[${ids.map((id) => entity(type, id)).join(', ')}]`;
}
