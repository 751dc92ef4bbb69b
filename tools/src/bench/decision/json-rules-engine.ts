import { RESULT_KINDS } from '@clearance/contracts';
import { Engine, type RuleProperties } from 'json-rules-engine';
import { factsOf } from './condition.ts';
import { askedBy, type Contender, unitsIn } from './contender.ts';
import type { Exception } from './list.ts';

/**
 * json-rules-engine: a rule per entry, whose event names the fields that it takes out; run once per consumer. An engine
 * per kind of result holds the rules of that kind only.
 */
export function jsonRulesEngine(entries: readonly Exception[]): Contender {
  const ofKinds = new Map(
    RESULT_KINDS.map((kind) => {
      const ofKind = entries.filter(({ kinds }) => kinds.includes(kind));
      return [kind, { engine: engineOf(ofKind), asked: askedBy(ofKind) }];
    }),
  );
  return {
    name: 'json-rules-engine',
    decide: async ({ kind, issuer, content, consumers }) => {
      const { engine, asked } = ofKinds.get(kind)!;
      const facts = { issuer, ...factsOf(content, asked) };
      const hidden: string[][] = [];
      for (const consumer of consumers) hidden.push(await run(engine, { consumer, ...facts }));
      return hidden;
    },
  };
}

async function run(engine: Engine, facts: Record<string, unknown>): Promise<string[]> {
  const { events } = await engine.run(facts);
  return [...new Set(events.flatMap(({ params }) => params?.['fields'] as string[]))];
}

function engineOf(entries: readonly Exception[]): Engine {
  const engine = new Engine(entries.map(ruleOf));
  engine.addOperator('overlaps', (found: string[], values: string[]) => found.some((text) => values.includes(text)));
  return engine;
}

function ruleOf({ id, fields = [''], issuers, consumers, conditions }: Exception): RuleProperties {
  return {
    name: id,
    conditions: {
      all: [
        { fact: 'consumer', operator: 'in', value: unitsIn(consumers) },
        ...(issuers === undefined ? [] : [{ fact: 'issuer', operator: 'in', value: unitsIn(issuers) }]),
        ...conditions.map(({ path, values }) => ({ fact: path, operator: 'overlaps', value: [...values] })),
      ],
    },
    event: { type: 'withhold', params: { fields: [...fields] } },
  };
}
