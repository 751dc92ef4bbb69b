import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { ROLES } from '@clearance/platform/tokens';
import { completeDescription } from './describe-api.ts';
import { describedApi, type Media, type OpenApi, type Operation, type Schema } from './described-api.fixture.ts';

// Whatever controller joins the gateway is held to these rules.

const api = await describedApi();
const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
);
/** What says how one comes by a token needs none. A name more is a door more. */
const OPEN = ['GET /api/v1/sign-in'];
const inApi = operations.filter(([name]) => name.includes(' /api/'));
const ofApi = inApi.filter(([name]) => !OPEN.includes(name));

// The contract's own formats are for people; what they ask for is checked where the contract is.
const OWN_FORMATS = { iso6346: true, 'declaration-number': true } as const;
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: OWN_FORMATS });
addFormats.default(ajv);
// What stands in references is looked up in the whole document.
ajv.addSchema({ ...api, $id: 'urn:clearance:api' });

/** What is wrong with an example, by its schema. */
function faultsIn(example: unknown, schema: Schema): string[] {
  const validate = ajv.compile(inDocument(schema) as Schema);
  return validate(example)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A schema of the document, by itself: its references lead back into the document. */
function inDocument(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inDocument);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string' ? `urn:clearance:api${member}` : inDocument(member),
    ]),
  );
}

/** Places of a schema where an object may have any member. */
function openIn(schema: unknown, at = ''): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => openIn(item, `${at}/${index}`));
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, additionalProperties, patternProperties } = schema as Schema;
  const open = type === 'object' && additionalProperties === undefined && patternProperties === undefined;
  return [
    ...(open ? [at || '/'] : []),
    ...Object.entries(schema).flatMap(([name, item]) => openIn(item, `${at}/${name}`)),
  ];
}

const examplesOf = ({ example, examples }: Media): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples ?? {}).map(({ value }) => value),
];

/** What is wrong with the description of a content: open, without an example, or with one that it does not fit. */
function faultsOf(content: Record<string, Media> | undefined): string[] {
  return Object.entries(content ?? { none: {} }).flatMap(([type, media]) => {
    const { schema } = media;
    if (schema === undefined) return [`${type}: no schema`];
    const examples = examplesOf(media);
    return [
      ...openIn(schema).map((place) => `${type}: open at ${place}`),
      ...(examples.length === 0 ? [`${type}: no example`] : []),
      ...examples.flatMap((example) => faultsIn(example, schema)).map((fault) => `${type}: example: ${fault}`),
    ];
  });
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(api) });
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect([validator.version, api.openapi]).toEqual(['3.1', '3.1.0']);
  });

  it('names each operation once', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(names).toEqual([...new Set(names)]);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
  });

  it.each(operations)('%s says what it does, in both languages, and where it belongs', (_name, { summary, tags }) => {
    expect(summary).toMatch(/\p{Script=Han}/u);
    expect(summary).toMatch(/[A-Za-z]{3,}(?: [A-Za-z’]+){1,}/);
    expect(tags).toHaveLength(1);
  });

  it.each(ofApi)('%s names the roles that may call it', (_name, { security = [], description }) => {
    const roles = security.map(({ bearer }) => bearer);
    expect(roles.length).toBeGreaterThan(0);
    for (const each of roles) expect(each).toEqual([expect.stringMatching(new RegExp(`^(?:${ROLES.join('|')})$`))]);
    expect(description).toContain(`Roles: ${roles.flat().join(', ')}`);
  });

  it('says of what needs no token that it needs none, and of nothing else', () => {
    const open = inApi.filter(([, { security }]) => JSON.stringify(security) === '[{}]');
    expect(open.map(([name]) => name)).toEqual(OPEN);
    for (const [, { responses }] of open) expect(Object.keys(responses)).toEqual(['200', '503']);
  });

  it.each(operations)('%s describes each parameter, with something to try', (_name, { parameters = [] }) => {
    const faults = parameters.flatMap(({ name, schema, example }) => {
      if (schema?.['type'] === undefined) return [`${name}: no type`];
      const tried = example ?? schema['default'] ?? (schema['enum'] as unknown[] | undefined)?.[0];
      // A cursor is opaque: only a page gives one.
      if (tried === undefined) return name === 'cursor' ? [] : [`${name}: no example`];
      return faultsIn(tried, schema).map((fault) => `${name}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });

  it.each(operations.filter(([name]) => /^(?:POST|PUT|PATCH) /.test(name)))(
    '%s describes its body: closed, with examples that are ones',
    (_name, { requestBody }) => {
      expect([requestBody?.required, Object.keys(requestBody?.content ?? {})]).toEqual([true, ['application/json']]);
      expect(faultsOf(requestBody?.content)).toEqual([]);
    },
  );

  it.each(operations)('%s describes its answers: closed, with examples that are ones', (_name, { responses }) => {
    const answers = Object.entries(responses).filter(([, { $ref }]) => $ref === undefined);
    expect(answers.filter(([status]) => /^2\d\d$/.test(status))).toHaveLength(1);
    for (const [status, { description, content }] of answers)
      expect({ status, described: !!description, faults: faultsOf(content) }).toEqual({
        ...{ status, described: true, faults: [] },
      });
  });

  it.each(ofApi)('%s refuses as all do', (_name, operation: Operation) => {
    const refusals = Object.entries(operation.responses).filter(([status]) => !status.startsWith('2'));
    expect(refusals.map(([status]) => status)).toEqual(expect.arrayContaining(['400', '401', '403', '429', '503']));
    for (const [status, { $ref }] of refusals) expect($ref).toBe(`#/components/responses/Refusal${status}`);
  });

  it.each(Object.entries(api.components.responses))('%s is a closed problem, with an example', (_name, { content }) => {
    expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
    expect(faultsOf(content)).toEqual([]);
  });

  it.each(Object.entries(api.components.schemas))('the schema %s is closed', (_name, schema) => {
    expect(openIn(schema)).toEqual([]);
  });
});

describe('completeDescription', () => {
  const answering = (...schemas: Schema[]): Parameters<typeof completeDescription>[0] =>
    ({
      openapi: '3.1.0',
      info: { title: 'spec', version: '1' },
      paths: Object.fromEntries(
        schemas.map((schema, index) => [
          `/api/v1/${index}`,
          { get: { responses: { 200: { content: { 'application/json': { schema } } } } } },
        ]),
      ),
    }) as never;
  const person = (name: string): Schema => ({
    title: 'Person',
    type: 'object',
    properties: { [name]: { type: 'string' } },
  });

  it('tells a schema with a title once, as a component', () => {
    const { paths, components } = completeDescription(answering(person('name'), person('name'))) as unknown as OpenApi;
    for (const item of Object.values(paths))
      expect(item['get']!.responses['200']!.content!['application/json']!.schema).toEqual({
        $ref: '#/components/schemas/Person',
      });
    expect(components.schemas['Person']).toEqual(person('name'));
  });

  it('lets no two different schemas have one title', () => {
    expect(() => completeDescription(answering(person('name'), person('sex')))).toThrow(
      'two schemas are called Person',
    );
  });

  it('takes a member or an example called title for what it is', () => {
    const schema = { type: 'object', properties: { title: { type: 'string' } }, examples: [{ title: 'x' }] };
    const { paths } = completeDescription(answering(schema)) as unknown as OpenApi;
    expect(paths['/api/v1/0']!['get']!.responses['200']!.content!['application/json']!.schema).toEqual(schema);
  });
});
