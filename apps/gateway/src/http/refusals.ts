import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { Type } from 'typebox';
import { problem, type ProblemCode, ProblemSchema } from '@clearance/contracts';
import { closed } from './answers.ts';
import { FindingSchema } from '../lists/finding-schema.ts';

/** RFC 9457, as every refusal is answered over HTTP. */
export const HttpProblemSchema = Type.Object(
  {
    ...ProblemSchema.properties,
    findings: Type.Optional(
      Type.Array(FindingSchema, { description: 'Of a list that was refused: everything that its lint found' }),
    ),
  },
  { ...closed, title: 'Problem' },
);

interface RefusalKind {
  description: string;
  /** What such a refusal says, by default. */
  code: ProblemCode;
}

/** What each refusal means, whichever operation answers it. */
export const REFUSALS = {
  400: { code: 'invalid', description: '内容或参数不符合约定 The content or a parameter breaks the contract' },
  401: { code: 'forbidden', description: '缺少有效的访问令牌 There is no good bearer token' },
  403: { code: 'forbidden', description: '该角色无权调用 None of the token’s roles may do this' },
  404: { code: 'unknown', description: '没有这样的记录 There is no such record' },
  409: {
    code: 'conflict',
    description:
      '与已有记录冲突，或同一请求仍在处理 It conflicts with what is recorded, or the same request is under way',
  },
  412: {
    code: 'precondition-failed',
    description: '记录已被更改 The record is in another state than If-Match says',
  },
  413: { code: 'too-large', description: '报文或所求过大 The body, or what is asked for, is too large' },
  415: {
    code: 'unsupported-media-type',
    description: '报文须为 UTF-8 编码的 JSON A body that is not JSON, or in a charset or coding that is not read',
  },
  422: { code: 'key-reused', description: '幂等键已用于另一个请求 The idempotency key was used for another request' },
  428: { code: 'precondition-required', description: '须给出 If-Match If-Match is required' },
  429: { code: 'slow-down', description: '请求过快 Too many calls' },
  503: { code: 'not-ready', description: '尚未就绪，请稍后重试 Not ready; try again later' },
} as const satisfies Record<number, RefusalKind>;

/** A status with which an operation may refuse. */
export type Refusal = keyof typeof REFUSALS;

/** A refusal as it is answered. */
export function exampleOf(status: Refusal): object {
  const { code } = REFUSALS[status];
  return { ...problem(code), status };
}

/** Refusals of a route beyond those that follow from what it takes; all are described in one place. */
export function Refuses(...statuses: Refusal[]): MethodDecorator & ClassDecorator {
  return applyDecorators(...statuses.map((status) => ApiResponse({ status })));
}
