import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { problem } from '@clearance/contracts';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import type { Gateway } from '../gateway.ts';
import { answer } from '../http/answers.ts';
import { Allow } from '../http/roles.ts';
import { ApiListVersion, ApiSince } from '../http/parameters.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { type Changes, CHANGES_EXAMPLE, ChangesSchema } from './changes-schema.ts';
import { changesSince, readSince } from './changes-since.ts';
import { accepted } from './draft-answers.ts';
import { LIST_EXAMPLES, type ListState, SignedListSchema, type SignedStoredList, ListsSchema } from './lists-schema.ts';
import { isVersionText } from './version-text.ts';

interface ListRow {
  version: string;
  document: string;
  signature: string;
  effective_from: Date;
  received_at: Date;
  authors: string[];
  approved_by: string;
}

/** The negative lists that were approved: former ones, the one in force, those that are scheduled. */
@ApiTags('lists')
@ApiBearerAuth()
@Controller('api/v1/lists')
export class ListsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get()
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '已有的负面清单 The lists that there are, newest first' })
  @ApiOkResponse(answer(ListsSchema, LIST_EXAMPLES.lists))
  async list(): Promise<Static<typeof ListsSchema>> {
    const gateway = this.host.gateway();
    const rows: Omit<ListRow, 'document' | 'signature'>[] = await gateway.database.query(
      'select version, effective_from, received_at, authors, approved_by from negative_list order by effective_from desc limit 200',
    );
    const lists = rows.map((row) => ({
      version: row.version,
      effectiveFrom: row.effective_from.toISOString(),
      receivedAt: row.received_at.toISOString(),
      inForce: stateOf(row, gateway) === 'in-force',
      state: stateOf(row, gateway),
      authors: row.authors,
      approvedBy: row.approved_by,
    }));
    return { lists };
  }

  @Get(':version')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '一个版本的清单及其签名 One version of the list, as it was signed' })
  @ApiListVersion()
  @ApiOkResponse(answer(SignedListSchema, LIST_EXAMPLES.list))
  async read(@Param('version') version: string): Promise<SignedStoredList> {
    requireVersion(version);
    const gateway = this.host.gateway();
    const [row]: ListRow[] = await gateway.database.query('select * from negative_list where version = $1', [version]);
    if (row === undefined) throw new ProblemError(problem('unknown'));
    const { document, signature, effective_from, received_at, authors, approved_by } = row;
    return {
      version,
      document,
      signature,
      effectiveFrom: effective_from.toISOString(),
      receivedAt: received_at.toISOString(),
      state: stateOf(row, gateway),
      authors,
      approvedBy: approved_by,
    };
  }

  @Get(':version/changes')
  @Allow('policy', 'policy-approver', 'coordinator', 'auditor')
  @ApiOperation({ summary: '清单之间的差异 What a version changes, in words: of the one before it, or of another' })
  @ApiListVersion()
  @ApiSince('The one before when absent')
  @ApiOkResponse(answer(ChangesSchema, CHANGES_EXAMPLE))
  async changes(@Param('version') version: string, @Query() parameters: Record<string, unknown>): Promise<Changes> {
    requireVersion(version);
    const gateway = this.host.gateway();
    const rows: { document: string; former: string | null }[] = await gateway.database.query(
      `select document, (select f.version from negative_list f where f.effective_from < l.effective_from
         order by f.effective_from desc limit 1) as former
       from negative_list l where version = $1`,
      [version],
    );
    const [row] = rows;
    if (row === undefined) throw new ProblemError(problem('unknown'));
    return accepted(await changesSince(gateway, row.document, readSince(parameters) ?? row.former ?? undefined));
  }
}

/** @throws ProblemError 404 for what names no list */
function requireVersion(version: string): void {
  if (!isVersionText(version)) throw new ProblemError(problem('unknown'));
}

function stateOf(
  { version, effective_from: begins }: Omit<ListRow, 'document' | 'signature'>,
  gateway: Gateway,
): ListState {
  const now = gateway.now();
  if (begins.getTime() > now) return 'scheduled';
  return gateway.listInForce(now)?.version === version ? 'in-force' : 'superseded';
}
