import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { problem, violation } from '@clearance/contracts';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { Allow } from '../http/roles.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { type AcceptedList, submitList, type SubmittedList } from './submit-list.ts';

/** A stored list, without its text. */
interface StoredList {
  version: string;
  effectiveFrom: string;
  receivedAt: string;
  inForce: boolean;
}

/** A stored list as it was signed: what `mesh verify list` takes. */
interface SignedStoredList {
  version: string;
  document: string;
  signature: string;
  effectiveFrom: string;
  receivedAt: string;
}

/** The negative lists: take a signed one into the schedule, see which there are. */
@ApiTags('lists')
@ApiBearerAuth()
@Controller('api/v1/lists')
export class ListsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Post()
  @HttpCode(201)
  @Allow('policy')
  @ApiOperation({ summary: '提交已签署的负面清单 Take a signed negative list into the schedule' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['document', 'signature'],
      properties: { document: { type: 'string' }, signature: { type: 'string' } },
    },
  })
  @ApiCreatedResponse({ description: 'version, effectiveFrom, state, warnings' })
  async submit(@Body() body: unknown): Promise<AcceptedList> {
    const outcome = await submitList(this.host.gateway(), readSubmitted(body));
    if (outcome.ok) {
      await this.host.lists().reload();
      this.host.announceLists();
      return outcome.value;
    }
    if ('problem' in outcome) throw new ProblemError(outcome.problem);
    const detail = {
      zh: `清单有 ${outcome.findings.length} 处问题，逐条列出`,
      en: `The list has ${outcome.findings.length} findings; every one is listed.`,
    };
    throw new ProblemError({ ...problem('invalid', { detail }), findings: outcome.findings } as ReturnType<
      typeof problem
    >);
  }

  @Get()
  @Allow('policy', 'coordinator', 'auditor')
  @ApiOperation({ summary: '已有的负面清单 The lists that there are, newest first' })
  @ApiOkResponse({ description: 'lists: version, effectiveFrom, receivedAt, inForce' })
  async list(): Promise<{ lists: StoredList[] }> {
    const gateway = this.host.gateway();
    const rows: { version: string; effective_from: Date; received_at: Date }[] = await gateway.database.query(
      'select version, effective_from, received_at from negative_list order by effective_from desc limit 200',
    );
    const current = gateway.listInForce(gateway.now())?.version;
    const lists = rows.map((row) => ({
      version: row.version,
      effectiveFrom: row.effective_from.toISOString(),
      receivedAt: row.received_at.toISOString(),
      inForce: row.version === current,
    }));
    return { lists };
  }

  @Get(':version')
  @Allow('policy', 'coordinator', 'auditor')
  @ApiOperation({ summary: '一个版本的清单及其签名 One version of the list, as it was signed' })
  @ApiParam({ name: 'version', example: '2026.11-1' })
  @ApiOkResponse({ description: 'version, document, signature, effectiveFrom, receivedAt' })
  async read(@Param('version') version: string): Promise<SignedStoredList> {
    const [row]: { document: string; signature: string; effective_from: Date; received_at: Date }[] = await this.host
      .gateway()
      .database.query('select document, signature, effective_from, received_at from negative_list where version = $1', [
        version,
      ]);
    if (row === undefined) throw new ProblemError(problem('unknown'));
    const { document, signature, effective_from, received_at } = row;
    return {
      version,
      document,
      signature,
      effectiveFrom: effective_from.toISOString(),
      receivedAt: received_at.toISOString(),
    };
  }
}

function readSubmitted(body: unknown): SubmittedList {
  const { document, signature } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (typeof document === 'string' && typeof signature === 'string') return { document, signature };
  const errors = [
    ...(typeof document === 'string' ? [] : [violation('/document', 'missing')]),
    ...(typeof signature === 'string' ? [] : [violation('/signature', 'missing')]),
  ];
  throw new ProblemError(problem('invalid', { errors }));
}
