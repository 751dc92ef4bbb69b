import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { problem, violation } from '@clearance/contracts';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { Allow } from '../http/roles.ts';
import { ApiId } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { findDisclosures } from './find-disclosures.ts';
import { DISCLOSURES_EXAMPLE, type DisclosuresOfResult, DisclosuresSchema } from './disclosures-schema.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Who was shown what of a result, under which entry: the auditor's question. */
@ApiTags('ledger')
@ApiBearerAuth()
@Controller('api/v1/results')
export class DisclosuresController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get(':id/disclosures')
  @Allow('coordinator', 'auditor')
  @ApiOperation({ summary: '该结果向谁披露了什么 Who was shown what of this result, under which entry' })
  @ApiId('id')
  @ApiOkResponse(answer(DisclosuresSchema, DISCLOSURES_EXAMPLE))
  async find(@Param('id') id: string): Promise<DisclosuresOfResult> {
    if (!UUID.test(id))
      throw new ProblemError(problem('invalid', { errors: [violation('/id', 'bad-format', { expected: 'UUID' })] }));
    const found = await findDisclosures(this.host.gateway().database, id.toLowerCase());
    if (!found) throw new ProblemError(problem('unknown'));
    return found;
  }
}
