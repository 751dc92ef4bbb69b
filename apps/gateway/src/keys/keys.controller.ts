import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { problem, type Violation, violation } from '@clearance/contracts';
import type { VerificationKey } from '@clearance/provenance';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { ApiInstant, ApiPage } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Allow } from '../http/roles.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { findSigned, type SignedPlace } from './find-signed.ts';
import { SIGNED_EXAMPLE, type SignedAnswer, SignedSchema } from './signed-schema.ts';

const DEFAULT_PAGE = 100;
const MAX_PAGE = 500;
const PLACE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([1-9][0-9]{0,8})$/;

/** What a key has signed: the question after its revocation. */
@ApiTags('keys')
@ApiBearerAuth()
@Controller('api/v1/keys')
export class KeysController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get(':kid/results')
  @Allow('coordinator', 'auditor')
  @ApiOperation({ summary: '该密钥自某时起签署的结果 What this key signed, or had disclosed, from a time on' })
  @ApiParam({
    name: 'kid',
    description: 'URL-encoded',
    schema: { type: 'string', example: 'ln.customs/20261121-9f3a' },
  })
  @ApiInstant('since', 'The time of its revocation when absent')
  @ApiPage({ usual: DEFAULT_PAGE, most: MAX_PAGE })
  @ApiOkResponse(answer(SignedSchema, SIGNED_EXAMPLE))
  async find(@Param('kid') kid: string, @Query() parameters: Record<string, unknown>): Promise<SignedAnswer> {
    const gateway = this.host.gateway();
    const key = gateway.keyRing().get(kid);
    if (key === undefined) throw new ProblemError(problem('unknown'));
    const { since, limit, after } = readQuery(parameters, key);
    const { results, next } = await findSigned(gateway.database, { kid, since }, { limit, after });
    const cursor = next && Buffer.from(`${next.resultId} ${next.version}`, 'latin1').toString('base64url');
    return { ...describe(key), since: time(since), results, ...(cursor === undefined ? {} : { cursor }) };
  }
}

function describe({
  kid,
  owner,
  notBefore,
  notAfter,
  revokedAt,
}: VerificationKey): Omit<SignedAnswer, 'since' | 'results'> {
  return {
    kid,
    owner,
    notBefore: time(notBefore),
    ...(notAfter === undefined ? {} : { notAfter: time(notAfter) }),
    ...(revokedAt === undefined ? {} : { revokedAt: time(revokedAt) }),
  };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** @throws ProblemError listing every parameter at fault. */
function readQuery(
  parameters: Record<string, unknown>,
  key: VerificationKey,
): { since: number; limit: number; after: SignedPlace | undefined } {
  const errors: Violation[] = [];
  const { since, limit = String(DEFAULT_PAGE), cursor, ...others } = parameters;
  for (const name of Object.keys(others)) errors.push(violation(`/${name}`, 'unknown-member'));
  const from = since === undefined ? (key.revokedAt ?? key.notBefore) : instantOf(since);
  if (Number.isNaN(from)) errors.push(violation('/since', 'bad-format', { expected: 'RFC 3339' }));
  const size = typeof limit === 'string' && /^[1-9][0-9]{0,2}$/.test(limit) ? Number(limit) : Infinity;
  if (size > MAX_PAGE) errors.push(violation('/limit', 'out-of-range', { expected: `1…${MAX_PAGE}` }));
  const after = typeof cursor === 'string' ? placeOf(cursor) : undefined;
  if (cursor !== undefined && after === undefined)
    errors.push(violation('/cursor', 'bad-format', { expected: 'cursor' }));
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  return { since: from, limit: size, after };
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

function instantOf(value: unknown): number {
  return typeof value === 'string' && RFC_3339.test(value) ? Date.parse(value) : NaN;
}

function placeOf(cursor: string): SignedPlace | undefined {
  const [, resultId, version] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return resultId === undefined ? undefined : { resultId, version: Number(version) };
}
