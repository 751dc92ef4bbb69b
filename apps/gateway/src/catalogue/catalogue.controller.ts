import { Readable } from 'node:stream';
import { Controller, Get, Header, Headers, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RESULT_KINDS } from '@clearance/contracts';
import type { Identity } from '@clearance/platform/tokens';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { Caller } from '../http/call.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { ApiPeriod, ApiUnit } from '../http/parameters.ts';
import { Refuses } from '../http/refusals.ts';
import { Allow } from '../http/roles.ts';

import { GATEWAY_HOST } from '../tokens.ts';
import { catalogueCsv } from './catalogue-csv.ts';
import { CATALOGUE_EXAMPLES, CATALOGUE_SCHEMA } from './catalogue-schema.ts';
import { type Catalogue, makeCatalogue } from './make-catalogue.ts';
import { CATALOGUE_FORMATS, queryFor, readCatalogueQuery } from './read-catalogue-query.ts';
import { readMeasured } from './read-measured.ts';

/** The resource catalogue: what each unit provides and uses, per kind and field, by the list in force and by traffic. */
@ApiTags('catalogue')
@ApiBearerAuth()
@Controller('api/v1/catalogue')
export class CatalogueController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get()
  @Allow('coordinator', 'policy', 'policy-approver', 'auditor', 'unit')
  @Header('Vary', 'Accept')
  @ApiOperation({
    summary:
      '资源目录 What each unit provides and uses, per kind and field, with class, completeness, timeliness, accuracy',
    description:
      'Classes are those of the list in force now; figures are of the versions that say that they were issued in the ' +
      'period. The form is that of `format`, else that which `Accept` names, else JSON. A unit sees what it provides ' +
      'itself, and what others provide to it.',
  })
  @ApiUnit('issuer')
  @ApiUnit('consumer')
  @ApiQuery({ name: 'kind', required: false, schema: { type: 'string', enum: [...RESULT_KINDS] } })
  @ApiPeriod()
  @ApiQuery({ name: 'format', required: false, schema: { type: 'string', enum: [...CATALOGUE_FORMATS] } })
  @ApiQuery({
    name: 'bom',
    required: false,
    description: 'CSV: begin with a byte order mark, for spreadsheets',
    schema: { type: 'boolean', default: false },
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({
    content: {
      'application/json': { schema: CATALOGUE_SCHEMA, example: CATALOGUE_EXAMPLES.json },
      'text/csv': { schema: { type: 'string' }, example: CATALOGUE_EXAMPLES.csv },
    },
  })
  @Refuses(413)
  async read(
    @Query() parameters: Record<string, unknown>,
    @Headers('accept') accept: string | undefined,
    @Caller() caller: Identity,
  ): Promise<Catalogue | StreamableFile> {
    const gateway = this.host.gateway();
    const { query: asked, format, bom } = readCatalogueQuery(parameters, gateway.now());
    const query = queryFor(caller, asked);
    const measured = await readMeasured(gateway.database, query);
    if (!measured.ok) throw new ProblemError(measured.problem);
    const now = gateway.now();
    const catalogue = await makeCatalogue(gateway, gateway.listInForce(now), measured.value, query, now);
    if ((format ?? (/\btext\/csv\b/i.test(accept ?? '') ? 'csv' : 'json')) === 'json') return catalogue;
    return new StreamableFile(Readable.from(catalogueCsv(catalogue, bom)), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="catalogue.csv"',
    });
  }
}
