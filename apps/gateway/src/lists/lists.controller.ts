import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { problem } from '@clearance/contracts';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import type { Gateway } from '../gateway.ts';
import { Allow } from '../http/roles.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { type Changes, changesSince, readSince } from './changes-since.ts';
import { accepted } from './draft-answers.ts';

/** Where an approved list stands: to come, deciding, or followed by another. */
type ListState = 'scheduled' | 'in-force' | 'superseded';

/** A stored list, without its text. */
interface StoredList {
  version: string;
  effectiveFrom: string;
  receivedAt: string;
  inForce: boolean;
  state: ListState;
  authors: string[];
  approvedBy: string;
}

/** A stored list as it was signed: what `mesh verify list` takes. */
interface SignedStoredList {
  version: string;
  document: string;
  signature: string;
  effectiveFrom: string;
  receivedAt: string;
  state: ListState;
  authors: string[];
  approvedBy: string;
}

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
  @ApiOkResponse({ description: 'lists: version, effectiveFrom, receivedAt, inForce' })
  async list(): Promise<{ lists: StoredList[] }> {
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
  @ApiParam({ name: 'version', example: '2026.11-1' })
  @ApiOkResponse({ description: 'version, document, signature, effectiveFrom, receivedAt' })
  async read(@Param('version') version: string): Promise<SignedStoredList> {
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
  @ApiParam({ name: 'version', example: '2026.11-1' })
  @ApiQuery({ name: 'since', required: false, description: 'a version; the one before when absent' })
  @ApiOkResponse({ description: 'since, changes: code, entry, effect, message' })
  async changes(@Param('version') version: string, @Query() parameters: Record<string, unknown>): Promise<Changes> {
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

function stateOf(
  { version, effective_from: begins }: Omit<ListRow, 'document' | 'signature'>,
  gateway: Gateway,
): ListState {
  const now = gateway.now();
  if (begins.getTime() > now) return 'scheduled';
  return gateway.listInForce(now)?.version === version ? 'in-force' : 'superseded';
}
