import { CLOUD_EVENT_HEADERS, HEADERS, INBOX_PREFIXES } from '../wire/headers.ts';
import { EVENT_TYPES, cloudEventType, eventSubject, type EventType } from '../wire/subjects.ts';
import { disclosedContentSchema, without, type JsonSchema } from './disclosed-content.ts';
import { ENDPOINTS, EVENT_BODIES, EVENT_SUMMARIES } from './endpoints.ts';
import { schemaDocuments } from './schema-documents.ts';

const reference = (path: string): { $ref: string } => ({ $ref: `#/${path}` });
const memberName = (name: string): string => name.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());

/** A schema as a component: `$id`, `$schema` and `title` belong to documents. */
function component(document: JsonSchema): JsonSchema {
  return without(document, ['$id', '$schema', 'title', 'examples']);
}

/** Puts a reference in place of every part that is itself a component, by its JSON text. */
function refer(node: unknown, components: ReadonlyMap<string, string>, own?: string): unknown {
  if (Array.isArray(node)) return node.map((each) => refer(each, components));
  if (typeof node !== 'object' || node === null) return node;
  const name = components.get(JSON.stringify(node));
  if (name !== undefined && name !== own) return reference(`components/schemas/${name}`);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, refer(value, components)]));
}

/** The schemas that messages use, each once, referring to each other. */
function componentSchemas(names: readonly string[], documents: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const schemas = new Map(names.map((name) => [memberName(name), component(documents[name] ?? {})]));
  schemas.set('disclosedContent', disclosedContentSchema());
  const byText = new Map([...schemas].map(([name, schema]) => [JSON.stringify(schema), name]));
  return Object.fromEntries([...schemas].map(([name, schema]) => [name, refer(schema, byText, name)]));
}

const text = (description: string): JsonSchema => ({ type: 'string', description });

const eventHeaders = (type: EventType): JsonSchema => ({
  type: 'object',
  properties: {
    [CLOUD_EVENT_HEADERS.specversion]: { type: 'string', const: '1.0' },
    [CLOUD_EVENT_HEADERS.id]: text('Unique per event'),
    [CLOUD_EVENT_HEADERS.source]: text('/units/<unit>'),
    [CLOUD_EVENT_HEADERS.type]: { type: 'string', const: cloudEventType(type) },
    [CLOUD_EVENT_HEADERS.time]: { type: 'string', format: 'date-time' },
    [CLOUD_EVENT_HEADERS.subject]: text('Id of the result, the recognition or the request for access'),
    [CLOUD_EVENT_HEADERS.datacontenttype]: { type: 'string', const: 'application/json' },
    [HEADERS.traceparent]: text('W3C Trace Context'),
    [HEADERS.messageId]: text('For de-duplication by JetStream'),
  },
});

const errorHeaders: JsonSchema = {
  type: 'object',
  properties: {
    [HEADERS.serviceError]: text('The error in words'),
    [HEADERS.serviceErrorCode]: { type: 'string', enum: ['400', '403', '404', '409', '413', '429', '500', '503'] },
  },
  required: [HEADERS.serviceError, HEADERS.serviceErrorCode],
};

/**
 * AsyncAPI 3.0 document of what an agency's backend meets inside its unit's NATS account: the endpoints of the unit
 * service and the stream of events. Seen from the unit service: it receives requests and sends events.
 */
export function asyncApiDocument(): JsonSchema {
  const documents = schemaDocuments();
  const messageOf = (name: string): JsonSchema => ({
    name,
    title: documents[name]?.['title'] ?? name,
    contentType: 'application/json',
    payload: reference(`components/schemas/${memberName(name)}`),
    examples: (documents[name]?.['examples'] as unknown[]).map((payload) => ({ payload })),
  });
  const names = new Set(ENDPOINTS.flatMap(({ request, reply }) => [...request, reply]));
  const messages: JsonSchema = Object.fromEntries([...names].map((name) => [memberName(name), messageOf(name)]));
  messages['problem'] = { ...messageOf('problem'), headers: errorHeaders };
  for (const type of EVENT_TYPES) {
    const body = messageOf(EVENT_BODIES[type]);
    messages[memberName(`event.${type}`)] = { ...body, name: `event.${type}`, headers: eventHeaders(type) };
  }
  const inChannel = (all: readonly string[]): JsonSchema =>
    Object.fromEntries(all.map((name) => [memberName(name), reference(`components/messages/${memberName(name)}`)]));
  const channels: JsonSchema = {};
  const operations: JsonSchema = {};
  for (const { name, subject, summary, request, reply } of ENDPOINTS) {
    const replies = [reply, 'problem'];
    channels[name] = { address: subject, messages: inChannel(request) };
    channels[`${name}Reply`] = { address: null, description: 'The requester’s inbox', messages: inChannel(replies) };
    operations[name] = {
      action: 'receive',
      summary,
      channel: reference(`channels/${name}`),
      messages: request.map((each) => reference(`channels/${name}/messages/${memberName(each)}`)),
      reply: {
        channel: reference(`channels/${name}Reply`),
        messages: replies.map((each) => reference(`channels/${name}Reply/messages/${memberName(each)}`)),
      },
    };
  }
  for (const type of EVENT_TYPES) {
    const name = memberName(`event.${type}`);
    channels[name] = { address: eventSubject(type), messages: inChannel([`event.${type}`]) };
    operations[name] = {
      action: 'send',
      summary: EVENT_SUMMARIES[type],
      channel: reference(`channels/${name}`),
      messages: [reference(`channels/${name}/messages/${name}`)],
    };
  }
  const used = [...names, 'problem', 'result.view', 'recognition'];
  return {
    asyncapi: '3.0.0',
    id: 'urn:clearance:unit-service',
    info: {
      title: 'Clearance mesh: unit service',
      version: '1.0.0',
      description:
        'Supervision results, recognitions and events of one unit, over NATS, in the unit’s own account. Payloads are plain UTF-8 JSON. ' +
        'Requests follow the NATS Services API; events are CloudEvents 1.0 in binary mode on the JetStream stream EVENTS.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      unit: {
        host: '127.0.0.1:14222',
        protocol: 'nats',
        description: `The unit’s account, by its .creds file. Inbox prefix: ${INBOX_PREFIXES.backend}`,
      },
    },
    channels,
    operations,
    components: {
      messages,
      schemas: componentSchemas([...new Set(used)], documents),
    },
  };
}
