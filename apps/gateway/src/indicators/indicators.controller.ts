import { Readable } from 'node:stream';
import {
  applyDecorators,
  Controller,
  Get,
  Header,
  Headers,
  Inject,
  Param,
  Query,
  StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Static, TSchema } from 'typebox';
import { DIRECTIONS, TRANSPORT_MODES, violation } from '@clearance/contracts';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer } from '../http/answers.ts';
import { ApiPeriod, ApiUnit } from '../http/parameters.ts';
import { type Period, readParameters, readPeriod } from '../http/read-parameters.ts';
import { Allow } from '../http/roles.ts';
import { dayOf } from '../shanghai-day.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { answerIndicators, answerReport } from './answer-indicators.ts';
import { findConflicts } from './find-conflicts.ts';
import { INDICATOR_COLUMNS, indicatorsCsv } from './indicators-csv.ts';
import {
  CONFLICTS_EXAMPLE,
  ConflictsSchema,
  INDICATORS_EXAMPLE,
  IndicatorsSchema,
  REPORT_EXAMPLE,
  ReportSchema,
} from './indicators-schema.ts';
import { DIMENSIONS } from './read-indicators.ts';
import {
  INDICATORS_FORMATS,
  type IndicatorsRequest,
  readForm,
  readIndicatorsQuery,
  readPlace,
} from './read-indicators-query.ts';

const MONTH = '^[2-9][0-9]{3}-(0[1-9]|1[0-2])$';
/** Conflicts in one answer. */
const MOST_CONFLICTS = 200;

const ApiPlace = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: 'port', required: false, schema: { type: 'string', example: 'CNDLC' } }),
    ApiUnit('unit'),
    ApiQuery({ name: 'mode', required: false, schema: { type: 'string', enum: Object.keys(TRANSPORT_MODES) } }),
    ApiQuery({ name: 'direction', required: false, schema: { type: 'string', enum: [...DIRECTIONS] } }),
  );

const ApiTable = <S extends TSchema>(schema: S, example: Static<S>): MethodDecorator =>
  applyDecorators(
    ApiQuery({ name: 'format', required: false, schema: { type: 'string', enum: [...INDICATORS_FORMATS] } }),
    ApiQuery({
      name: 'bom',
      required: false,
      description: 'CSV: begin with a byte order mark, for spreadsheets',
      schema: { type: 'boolean', default: false },
    }),
    ApiProduces('application/json', 'text/csv'),
    ApiOkResponse({
      content: {
        'application/json': { schema: schema as never, example },
        'text/csv': { schema: { type: 'string' }, example: `${INDICATOR_COLUMNS.join(',')}\r\n` },
      },
    }),
    Header('Vary', 'Accept'),
  );

/** How the region does, in numbers that are kept as results are decided, confirmed and relied on. */
@ApiTags('coordination')
@ApiBearerAuth()
@Controller('api/v1')
export class IndicatorsController {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get('indicators')
  @Allow('coordinator', 'auditor')
  @ApiOperation({
    summary:
      '运行指标 Figures per day, port, unit, mode and direction: recognition, delays, what is withheld, conflicts',
    description:
      'Results are counted at the port, by the unit, on the day of their issue; recognitions where and when they were ' +
      'decided. The form is that of `format`, else that which `Accept` names, else JSON.',
  })
  @ApiQuery({
    name: 'by',
    required: false,
    description: 'How figures are told apart: some of these, with commas between them',
    schema: { type: 'string', pattern: `^(${DIMENSIONS.join('|')})(,(${DIMENSIONS.join('|')}))*$`, example: 'port' },
  })
  @ApiPlace()
  @ApiPeriod()
  @ApiTable(IndicatorsSchema, INDICATORS_EXAMPLE)
  async indicators(
    @Query() parameters: Record<string, unknown>,
    @Headers('accept') accept: string | undefined,
  ): Promise<Static<typeof IndicatorsSchema> | StreamableFile> {
    const gateway = this.host.gateway();
    const { query, ...form } = readIndicatorsQuery(parameters, gateway.now());
    const found = await answerIndicators(gateway, query);
    return isCsv(form, accept) ? table(found, form.bom, 'indicators.csv') : found;
  }

  @Get('reports/:month')
  @Allow('coordinator', 'auditor')
  @ApiOperation({
    summary: '月度运行报告 The report of a month (Asia/Shanghai): in all, per port, per unit and per day',
    description: 'As CSV a record for each day, port and unit, and one for all.',
  })
  @ApiParam({ name: 'month', schema: { type: 'string', pattern: MONTH, example: '2026-11' } })
  @ApiPlace()
  @ApiTable(ReportSchema, REPORT_EXAMPLE)
  async report(
    @Param('month') month: string,
    @Query() parameters: Record<string, unknown>,
    @Headers('accept') accept: string | undefined,
  ): Promise<Static<typeof ReportSchema> | StreamableFile> {
    const gateway = this.host.gateway();
    const reader = readParameters(parameters);
    const place = readPlace(reader);
    const form = readForm(reader);
    const period = periodOf(month);
    if (period === undefined) reader.fault(violation('/month', 'bad-format', { expected: '2026-11' }));
    reader.finish();
    const query = { ...period!, ...place };
    if (isCsv(form, accept)) {
      const found = await answerIndicators(gateway, { ...query, by: ['day', 'port', 'unit'] });
      return table(found, form.bom, `report-${month}.csv`);
    }
    return answerReport(gateway, month, query, dayOf(gateway.now()));
  }

  @Get('conflicts')
  @Allow('coordinator', 'auditor')
  @ApiOperation({
    summary: '结论相左 Units that made the same check of the same goods and did not find the same, the latest first',
  })
  @ApiPlace()
  @ApiPeriod()
  @ApiOkResponse(answer(ConflictsSchema, CONFLICTS_EXAMPLE))
  async conflicts(@Query() parameters: Record<string, unknown>): Promise<Static<typeof ConflictsSchema>> {
    const gateway = this.host.gateway();
    const reader = readParameters(parameters);
    const query = { ...readPeriod(reader, gateway.now()), ...readPlace(reader) };
    reader.finish();
    const { conflicts, more } = await findConflicts(gateway.database, query);
    return {
      ...{ at: new Date(gateway.now()).toISOString(), from: query.from, to: query.to },
      conflicts: conflicts.slice(0, MOST_CONFLICTS).map(({ day: _day, ...conflict }) => conflict) as never,
      more: more || conflicts.length > MOST_CONFLICTS,
    };
  }
}

function isCsv({ format }: Pick<IndicatorsRequest, 'format'>, accept: string | undefined): boolean {
  return (format ?? (/\btext\/csv\b/i.test(accept ?? '') ? 'csv' : 'json')) === 'csv';
}

function table(found: Static<typeof IndicatorsSchema>, bom: boolean, name: string): StreamableFile {
  return new StreamableFile(Readable.from(indicatorsCsv(found, bom)), {
    type: 'text/csv; charset=utf-8; header=present',
    disposition: `attachment; filename="${name}"`,
  });
}

/** The days of a month; undefined when it is none. */
function periodOf(month: string): Period | undefined {
  if (!new RegExp(MONTH).test(month)) return undefined;
  const [year, number] = month.split('-').map(Number) as [number, number];
  const next = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
  return { from: `${month}-01`, to: year === 9999 && number === 12 ? '9999-12-31' : next };
}
