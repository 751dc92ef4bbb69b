import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  type GatewayEvidence,
  GatewayEvidenceSchema,
  isUnitId,
  problem,
  type Violation,
  violation,
} from '@clearance/contracts';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { ApiId, ApiUnit } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { Allow } from '../http/roles.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { EVIDENCE_EXAMPLE } from './evidence-example.ts';
import { type EvidenceQuestion, findEvidence } from './find-evidence.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const VERSION = /^[1-9]\d{0,9}$/;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;

/** The gateway's part of an evidence bundle: what an auditor takes away and verifies without the gateway. */
@ApiTags('ledger')
@ApiBearerAuth()
@Controller('api/v1/results')
export class EvidenceController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get(':id/evidence')
  @Allow('auditor')
  @ApiOperation({ summary: '该单位所得副本的台账证据 The ledger’s proof of what a unit was given of this result' })
  @ApiId('id')
  @ApiUnit('consumer', true)
  @ApiQuery({
    name: 'version',
    required: false,
    description: 'The newest that it was given, when absent',
    schema: { type: 'integer', minimum: 1, maximum: 9_999_999_999, example: 1 },
  })
  @ApiQuery({
    name: 'tokenDigest',
    required: false,
    description: 'Of the token that the unit has: SHA-256, base64url',
    schema: { type: 'string', pattern: DIGEST.source, example: EVIDENCE_EXAMPLE.ledger.entry.tokenDigest },
  })
  @ApiOkResponse(answer(GatewayEvidenceSchema, EVIDENCE_EXAMPLE))
  async find(
    @Param('id') resultId: string,
    @Query('consumer') consumer: unknown,
    @Query('version') version: unknown,
    @Query('tokenDigest') tokenDigest: unknown,
  ): Promise<GatewayEvidence> {
    const outcome = await findEvidence(
      this.host.gateway().database,
      readQuestion({ resultId, consumer, version, tokenDigest }),
    );
    if (!outcome.ok) throw new ProblemError(outcome.problem);
    return outcome.value;
  }
}

function readQuestion(asked: Record<keyof EvidenceQuestion, unknown>): EvidenceQuestion {
  const { resultId, consumer, version, tokenDigest } = asked;
  const errors: Violation[] = [];
  const fits = (name: string, value: unknown, pattern: RegExp, expected: string): void => {
    if (typeof value !== 'string' || !pattern.test(value)) errors.push(violation(name, 'bad-format', { expected }));
  };
  fits('/id', resultId, UUID, 'UUID');
  if (typeof consumer !== 'string' || !isUnitId(consumer)) {
    errors.push(violation('/consumer', 'bad-format', { expected: 'unit' }));
  }
  if (version !== undefined) fits('/version', version, VERSION, 'version');
  if (tokenDigest !== undefined) fits('/tokenDigest', tokenDigest, DIGEST, 'SHA-256, base64url');
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  return {
    resultId: (resultId as string).toLowerCase(),
    consumer: consumer as EvidenceQuestion['consumer'],
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(tokenDigest === undefined ? {} : { tokenDigest: tokenDigest as string }),
  };
}
