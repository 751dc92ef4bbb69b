import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Static } from 'typebox';
import { parse } from 'yaml';
import { RESULT_KINDS } from '../codes/results.ts';
import { exampleContent } from '../examples/examples.ts';
import { formats } from '../problem/formats.ts';
import { problem } from '../problem/problem.ts';
import { validateContent } from '../result/validate-content.ts';
import { EVENT_TYPES, SUBJECTS, eventSubject } from '../wire/subjects.ts';
import type { FindRecognitionsReply, FindResultsReply, SubmitBatchReply } from '../wire/requests.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { disclosedContentSchema } from './disclosed-content.ts';
import { recognitionExample, viewExample } from './examples.ts';
import type {
  FindRecognitionsReplySchema,
  FindResultsReplySchema,
  ProblemSchema,
  SubmitBatchReplySchema,
} from './reply-schemas.ts';
import { schemaDocuments } from './schema-documents.ts';

const docs = join(import.meta.dirname, '../../../../docs');
const documents = schemaDocuments();

function ajv(): Ajv2020 {
  const instance = new Ajv2020({ allErrors: true, strict: true });
  for (const [name, { validate }] of Object.entries(formats)) instance.addFormat(name, { type: 'string', validate });
  return instance;
}

describe('JSON Schemas in docs/schemas', () => {
  it('are exactly those that the code gives', () => {
    const files = readdirSync(join(docs, 'schemas')).filter((file) => file.endsWith('.json'));
    expect(files.sort()).toEqual(
      Object.keys(documents)
        .map((name) => `${name}.json`)
        .sort(),
    );
    for (const [name, document] of Object.entries(documents)) {
      expect(JSON.parse(readFileSync(join(docs, 'schemas', `${name}.json`), 'utf8'))).toEqual(document);
    }
  });

  it.each(Object.keys(documents))('%s compiles alone, under its own id, and its examples are valid', (name) => {
    const document = documents[name] ?? {};
    const validate = ajv().compile(document);
    expect(document['$id']).toBe(`urn:clearance:schema:${name}:v1`);
    for (const example of document['examples'] as unknown[]) {
      const valid = validate(example);
      expect([valid, validate.errors]).toEqual([true, null]);
    }
  });

  it.each(RESULT_KINDS)('%s: the document and the service agree on what is refused', (kind) => {
    const validate = ajv().compile(documents[kind] ?? {});
    for (const member of Object.keys(exampleContent(kind)).filter((each) => each !== 'kind')) {
      const without = { ...exampleContent(kind) } as Record<string, unknown>;
      Reflect.deleteProperty(without, member);
      const refused = validateContent(without);
      const missing =
        !refused.ok && refused.violations.some(({ pointer, code }) => code === 'missing' && pointer === `/${member}`);
      expect([member, validate(without)]).toEqual([member, !missing]);
    }
  });

  it('a disclosed content may lack anything, and has nothing unknown', () => {
    const validate = ajv().compile(disclosedContentSchema());
    for (const kind of RESULT_KINDS) expect([kind, validate(exampleContent(kind))]).toEqual([kind, true]);
    expect(validate({})).toBe(true);
    expect(validate({ border: { persons: [{ name: 'SPECIMEN' }] } })).toBe(true);
    expect(validate({ border: { persons: [{ shoeSize: '42' }] } })).toBe(false);
    expect(validate({ containers: [{ number: 'CSQU3054384' }] })).toBe(false);
  });

  it('describe the types that the services use', () => {
    // Checked by the compiler: a member that one has and the other has not does not compile.
    const results: Static<typeof FindResultsReplySchema> = { results: [viewExample] } satisfies FindResultsReply;
    const recognitions: Static<typeof FindRecognitionsReplySchema> = {
      recognitions: [recognitionExample],
    } satisfies FindRecognitionsReply;
    const batch: Static<typeof SubmitBatchReplySchema> = {
      outcomes: [{ error: problem('unknown') }],
    } satisfies SubmitBatchReply;
    const refused: Static<typeof ProblemSchema> = problem('invalid');
    expect([results, recognitions, batch, refused]).toHaveLength(4);
  });
});

describe('docs/asyncapi.yaml', () => {
  const text = readFileSync(join(docs, 'asyncapi.yaml'), 'utf8');

  it('is exactly what the code gives', () => {
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
  });

  it('is accepted by the AsyncAPI parser, and holds every endpoint and event, no more', async () => {
    const { document, diagnostics } = await new Parser().parse(text);
    const errors = diagnostics.filter(({ severity }) => severity === 0);
    expect(errors).toEqual([]);
    const addresses = (document?.channels().all() ?? [])
      .map((channel) => channel.address())
      .filter((each) => typeof each === 'string');
    const requests = [
      SUBJECTS.submit,
      SUBJECTS.submitBatch,
      SUBJECTS.amend,
      SUBJECTS.revoke,
      SUBJECTS.find,
      SUBJECTS.requestRecognition,
      SUBJECTS.findRecognitions,
      SUBJECTS.requestAccess,
      SUBJECTS.decideAccess,
      SUBJECTS.revokeAccess,
      SUBJECTS.findAccess,
      SUBJECTS.accessRules,
      SUBJECTS.putAccessRule,
      SUBJECTS.removeAccessRule,
    ];
    expect(addresses.sort()).toEqual([...requests, ...EVENT_TYPES.map(eventSubject)].sort());
  }, 60_000);
});
