import { Readable } from 'node:stream';
import { Controller, Get, Header, Headers, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { type LedgerSelection, type Outcome, problem } from '@clearance/contracts';
import { describeError } from '@clearance/platform';
import type { GatewayHost } from '../../accounts/gateway-host.ts';
import { answer } from '../../http/answers.ts';
import { ProblemError } from '../../http/problem-filter.ts';
import { Refuses } from '../../http/refusals.ts';
import { Allow } from '../../http/roles.ts';
import { GATEWAY_HOST } from '../../tokens.ts';
import { csvLines } from './export-csv.ts';
import { findExportRange } from './export-range.ts';
import { jsonLines } from './export-rows.ts';
import { findByTime, type FoundPage, type FoundRow, readRange } from './find-rows.ts';
import { findWhoSaw } from './find-who-saw.ts';
import { encodeCursor } from './question-cursor.ts';
import { ApiParameters, CONDITIONS } from './questions-api.ts';
import {
  EXAMPLES,
  LedgerPageSchema,
  ShownPageSchema,
  type WhoSaw,
  WhoSawSchema,
  WithheldPageSchema,
  type WithheldSummary,
  WithheldSummarySchema,
} from './questions-schema.ts';
import {
  type ExportFormat,
  type Parameters,
  readExportQuestion,
  readFieldQuestion,
  readPageQuestion,
  readSummaryQuestion,
} from './read-questions.ts';
import { shownRow, withheldRow } from './rows-as-answers.ts';
import { summariseWithheld } from './summarise-withheld.ts';

/** Exports at a time: each keeps a connection to the database busy. */
const MAX_EXPORTS = 2;

const MEDIA_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
};

/** What an auditor asks the ledger, which holds no contents: who was shown what, and under which entry not. */
@ApiTags('ledger')
@ApiBearerAuth()
@Controller('api/v1/ledger')
export class QuestionsController {
  private exporting = 0;

  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Get('who-saw')
  @Allow('auditor', 'coordinator')
  @ApiOperation({
    summary: '谁看到了该结果的某字段 Who was shown a field of a result, in which version, and under which entry not',
  })
  @ApiParameters({ resultId: 'required', path: 'required', consumer: 'optional', version: 'optional' })
  @ApiOkResponse(answer(WhoSawSchema, EXAMPLES.whoSaw))
  @Refuses(404, 413)
  async whoSaw(@Query() parameters: Parameters): Promise<WhoSaw> {
    return valueOf(await findWhoSaw(this.host.gateway().database, readFieldQuestion(parameters)));
  }

  @Get('shown')
  @Allow('auditor', 'coordinator')
  @ApiOperation({ summary: '某单位在某时段内得到的全部结果 All that a unit was shown in a period' })
  @ApiParameters({
    ...{ consumer: 'required', grant: 'optional', entry: 'optional', ...CONDITIONS },
    ...{ limit: 'optional', cursor: 'optional' },
  })
  @ApiOkResponse(answer(ShownPageSchema, EXAMPLES.shown))
  async shown(@Query() parameters: Parameters): Promise<Static<typeof ShownPageSchema>> {
    const { selection, ...page } = readPageQuestion('shown', parameters);
    return answerOf(await findByTime(this.host.gateway().database, selection, page), selection, shownRow);
  }

  @Get('withheld')
  @Allow('auditor', 'coordinator')
  @ApiOperation({ summary: '依某条目不予提供的全部内容 All that was withheld under an entry in a period' })
  @ApiParameters({ entry: 'required', consumer: 'optional', ...CONDITIONS, limit: 'optional', cursor: 'optional' })
  @ApiOkResponse(answer(WithheldPageSchema, EXAMPLES.withheld))
  async withheld(@Query() parameters: Parameters): Promise<Static<typeof WithheldPageSchema>> {
    const { selection, ...page } = readPageQuestion('withheld', parameters);
    const found = await findByTime(this.host.gateway().database, selection, page);
    return answerOf(found, selection, (row) => withheldRow(row, selection));
  }

  @Get('withheld/summary')
  @Allow('auditor', 'coordinator')
  @ApiOperation({ summary: '依某条目不予提供的次数 How often what was withheld under an entry, from whom' })
  @ApiParameters({ entry: 'required', consumer: 'optional', ...CONDITIONS })
  @ApiOkResponse(answer(WithheldSummarySchema, EXAMPLES.summary))
  @Refuses(413)
  async summary(@Query() parameters: Parameters): Promise<WithheldSummary> {
    return valueOf(await summariseWithheld(this.host.gateway().database, readSummaryQuestion(parameters)));
  }

  @Get('rows')
  @Allow('auditor', 'coordinator')
  @ApiOperation({ summary: '台账原始行 The rows of the ledger as they are' })
  @ApiParameters({ first: 'optional', last: 'optional', limit: 'optional', cursor: 'optional' })
  @ApiOkResponse(answer(LedgerPageSchema, EXAMPLES.rows))
  async rows(@Query() parameters: Parameters): Promise<Static<typeof LedgerPageSchema>> {
    const { selection, ...page } = readPageQuestion('rows', parameters);
    return answerOf(await readRange(this.host.gateway().database, selection, page), selection, (row) => row);
  }

  @Get('export')
  @Allow('auditor', 'coordinator')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: '导出（CSV，或附链证明的 JSON 行） An answer whole, as CSV or as JSON lines with their chain proof',
    description:
      'The form is that of `format`, else that which `Accept` names, else JSON lines. JSON lines end with a signed head ' +
      '(`mesh ledger verify` checks them offline); an answer that breaks off before is none. What was decided in the last ' +
      'seconds, and is not signed yet, is left out.',
  })
  @ApiParameters({
    question: 'required',
    ...{
      consumer: 'optional',
      grant: 'optional',
      entry: 'optional',
      ...CONDITIONS,
      first: 'optional',
      last: 'optional',
    },
    ...{ format: 'optional', complete: 'optional', bom: 'optional' },
  })
  @ApiProduces('text/csv', 'application/jsonl')
  @ApiOkResponse({
    content: {
      'text/csv': { schema: { type: 'string' }, example: EXAMPLES.csv },
      'application/jsonl': { schema: { type: 'string' }, example: EXAMPLES.jsonl },
    },
  })
  async export(
    @Query() parameters: Parameters,
    @Headers('accept') accept: string | undefined,
  ): Promise<StreamableFile> {
    const { question, selection, format = formatOf(accept), complete, bom } = readExportQuestion(parameters);
    const { database, log } = this.host.gateway();
    if (this.exporting >= MAX_EXPORTS) throw new ProblemError(problem('slow-down'));
    this.exporting += 1;
    try {
      const range = valueOf(await findExportRange(database, selection));
      const lines =
        format === 'csv'
          ? csvLines(database, question, selection, range, bom)
          : jsonLines(database, selection, range, complete);
      // One piece waits while another is on its way: each is a page of rows.
      const stream = Readable.from(lines, { highWaterMark: 1 });
      stream.once('close', () => (this.exporting -= 1));
      const file = new StreamableFile(stream, {
        type: MEDIA_TYPES[format],
        disposition: `attachment; filename="ledger-${question}.${format}"`,
      });
      return file.setErrorLogger((error) => log.warn({ err: describeError(error) }, 'export of the ledger broken off'));
    } catch (error) {
      this.exporting -= 1;
      throw error;
    }
  }
}

function formatOf(accept: string | undefined): ExportFormat {
  return /\btext\/csv\b/i.test(accept ?? '') ? 'csv' : 'jsonl';
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new ProblemError(outcome.problem);
  return outcome.value;
}

function answerOf<Row>(
  { rows, upTo, next }: FoundPage,
  selection: LedgerSelection,
  answer: (row: FoundRow) => Row,
): { upTo: number; rows: Row[]; cursor?: string } {
  return { upTo, rows: rows.map(answer), ...(next === undefined ? {} : { cursor: encodeCursor(next, selection) }) };
}
