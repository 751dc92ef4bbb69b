import { RESULT_KINDS } from '../codes/results.ts';
import { AccessRequestSchema, FindAccessReplySchema } from '../access/access-request.ts';
import {
  AccessRuleSchema,
  AccessRulesSchema,
  FindAccessRulesSchema,
  RemoveAccessRuleSchema,
} from '../access/access-rule.ts';
import { DecideAccessSchema, FindAccessSchema, RequestAccessSchema, RevokeAccessSchema } from '../access/bodies.ts';
import { exampleContent } from '../examples/examples.ts';
import { RecognitionRequestSchema } from '../recognition/recognition.ts';
import { schemaId, schemaOf } from '../result/fields.ts';
import { FindRecognitionsRequestSchema, FindResultsRequestSchema, RevokeRequestSchema } from '../wire/requests.ts';
import { AmendFrameSchema, SubmitBatchRequestSchema } from '../wire/validate-requests.ts';
import { plain, type JsonSchema } from './disclosed-content.ts';
import { accessBodyExample, accessRequestExample, accessRuleExample } from '../examples/access.ts';
import {
  problemExample,
  receiptExample,
  recognitionExample,
  recognitionRequestExample,
  viewExample,
} from './examples.ts';
import {
  FindRecognitionsReplySchema,
  FindResultsReplySchema,
  ProblemSchema,
  RecognitionSchema,
  ResultReceiptSchema,
  ResultViewSchema,
  SubmitBatchReplySchema,
} from './reply-schemas.ts';

interface Documented {
  title: string;
  schema: unknown;
  example: unknown;
}

/** Requests and replies by the name under which documents refer to them. Each example is valid under its schema. */
const messages: Readonly<Record<string, Documented>> = {
  'submit-batch.request': {
    title: 'Body of results.submit-batch; each content is validated on its own',
    schema: SubmitBatchRequestSchema,
    example: { results: [exampleContent('customs.examination'), exampleContent('border.crew')] },
  },
  'submit-batch.reply': {
    title: 'One outcome per content, in their order',
    schema: SubmitBatchReplySchema,
    example: { outcomes: [receiptExample, { error: problemExample }] },
  },
  'amend.request': {
    title: 'Body of results.amend: the whole new content',
    schema: AmendFrameSchema,
    example: { resultId: receiptExample.resultId, content: exampleContent('customs.examination') },
  },
  'revoke.request': {
    title: 'Body of results.revoke',
    schema: RevokeRequestSchema,
    example: { resultId: receiptExample.resultId, reason: '集装箱号录入错误，重新查验' },
  },
  'result.receipt': {
    title: 'Reply to results.submit, results.amend and results.revoke',
    schema: ResultReceiptSchema,
    example: receiptExample,
  },
  'find-results.request': {
    title: 'Body of results.find: what is named must all match',
    schema: FindResultsRequestSchema,
    example: { container: 'CSQU3054383', limit: 50 },
  },
  'find-results.reply': {
    title: 'Own results and copies; a cursor when there are more',
    schema: FindResultsReplySchema,
    example: { results: [viewExample] },
  },
  'result.view': { title: 'A result as one unit sees it', schema: ResultViewSchema, example: viewExample },
  'recognition.request': {
    title: 'Body of recognitions.request',
    schema: RecognitionRequestSchema,
    example: recognitionRequestExample,
  },
  recognition: { title: 'A recognition', schema: RecognitionSchema, example: recognitionExample },
  'find-recognitions.request': {
    title: 'Body of recognitions.find',
    schema: FindRecognitionsRequestSchema,
    example: { state: 'reopened' },
  },
  'find-recognitions.reply': {
    title: 'Recognitions of this unit; a cursor when there are more',
    schema: FindRecognitionsReplySchema,
    example: { recognitions: [recognitionExample] },
  },
  'request-access.request': {
    title: 'Body of access.request: one result, or a standing query',
    schema: RequestAccessSchema,
    example: accessBodyExample,
  },
  'decide-access.request': {
    title: 'Body of access.decide',
    schema: DecideAccessSchema,
    example: {
      requestId: accessRequestExample.requestId,
      decision: 'grant',
      paths: accessRequestExample.decision?.paths,
      reason: '仅限证件号码',
    },
  },
  'revoke-access.request': {
    title: 'Body of access.revoke',
    schema: RevokeAccessSchema,
    example: { requestId: accessRequestExample.requestId, reason: '案件已结' },
  },
  'access-request': {
    title: 'A request for access to conditional data',
    schema: AccessRequestSchema,
    example: accessRequestExample,
  },
  'find-access.request': {
    title: 'Body of access.find: what is named must all match',
    schema: FindAccessSchema,
    example: { as: 'owner', state: 'open' },
  },
  'find-access.reply': {
    title: 'Requests that this unit has made, or is asked; a cursor when there are more',
    schema: FindAccessReplySchema,
    example: { requests: [accessRequestExample] },
  },
  'access-rule': {
    title: 'Body of access.put-rule: a rule by which requests are answered at once',
    schema: AccessRuleSchema,
    example: accessRuleExample,
  },
  'remove-access-rule.request': {
    title: 'Body of access.remove-rule',
    schema: RemoveAccessRuleSchema,
    example: { rule: accessRuleExample.rule },
  },
  'access-rules.request': { title: 'Body of access.rules', schema: FindAccessRulesSchema, example: {} },
  'access-rules.reply': {
    title: 'The rules that there are, by name',
    schema: AccessRulesSchema,
    example: { rules: [accessRuleExample] },
  },
  problem: { title: 'RFC 9457 problem', schema: ProblemSchema, example: problemExample },
};

/**
 * Every JSON Schema 2020-12 document of the interface, by file name without `.json`: the nine kinds of content, and
 * each request and reply. Each is complete in itself and carries a valid example. `format` names of this contract
 * (iso6346, gb32100 …) are annotations to validators that do not know them.
 */
export function schemaDocuments(): Readonly<Record<string, JsonSchema>> {
  const contents = RESULT_KINDS.map((kind) => [kind, { ...schemaOf(kind), examples: [exampleContent(kind)] }] as const);
  const others = Object.entries(messages).map(([name, { title, schema, example }]) => {
    const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: schemaId(name), title };
    return [name, { ...head, ...plain(schema), examples: [plain(example)] }] as const;
  });
  return Object.fromEntries([...contents, ...others]);
}
