import type { Command } from 'commander';
import type { Review, ReviewDetails } from '@clearance/contracts';
import { asking, type GatewayOptions, reading, tell } from './gateway-calls.ts';

/** `mesh lists recalls|recall|catch-up`: what was given and is decided anew under another list. */
export function addReviews(lists: Command): void {
  reading(
    lists.command('recalls').description('收回与补发，新的在前 what was taken back, or given later; the newest first'),
  ).action(async (options: GatewayOptions) => {
    const ask = await asking('auditor', options);
    const reply = await ask<{ reviews: Review[] }>('GET', '/api/v1/reviews?limit=200');
    tell(options, reply, ({ reviews }) => (reviews.length === 0 ? ['没有 none'] : reviews.map(reviewLine)));
  });
  reading(
    lists
      .command('recall <review>')
      .description('一次收回或补发：谁尚未回执 one recall or catch-up: how far it is, and who is waited for'),
  ).action(async (reviewId: string, options: GatewayOptions) => {
    const ask = await asking('auditor', options);
    tell(options, await ask<ReviewDetails>('GET', `/api/v1/reviews/${encodeURIComponent(reviewId)}`), detailLines);
  });
  reading(
    lists
      .command('catch-up')
      .description('补发现在可见的内容 give what may be seen by now of results that were given before')
      .requiredOption('--reason <text>', '理由 why')
      .option('--kind <kind...>', '结果种类 kinds of results; all when absent')
      .option('--issuer <unit...>', '签发单位 issuers; all when absent')
      .option('--result <id...>', '这些结果 these results alone')
      .option('--since <time>', '自何时起签发 issued since then, RFC 3339')
      .option('--consumer <unit...>', '接收单位 who is given it; everybody when absent')
      .option('--at <time>', '何时开始 when it begins, RFC 3339; at once when absent'),
  ).action(async (options: CatchUpOptions) => {
    const { kind: kinds, issuer: issuers, result: resultIds, since: issuedSince, consumer: consumers } = options;
    const given = { kinds, issuers, resultIds, issuedSince, consumers, notBefore: options.at };
    const body = { ...given, reason: options.reason };
    const ask = await asking('coordinator', options);
    tell(options, await ask<ReviewDetails>('POST', '/api/v1/catch-ups', { body }), detailLines);
  });
}

interface CatchUpOptions extends GatewayOptions {
  reason: string;
  kind?: string[];
  issuer?: string[];
  result?: string[];
  since?: string;
  consumer?: string[];
  at?: string;
}

const MODES: Record<Review['mode'], string> = { recall: '收回 recall', 'catch-up': '补发 catch-up' };

function reviewLine(review: Review): string {
  const { reviewId, mode, state, listVersion, at, versions, decided, copies, waiting } = review;
  const counts = `${decided}/${versions} 份已裁定 decided, ${copies - waiting}/${copies} 份副本已回执 copies confirmed`;
  return `${reviewId}  ${MODES[mode]}  ${at}  ${listVersion ?? '—'}  ${state}  ${counts}`;
}

function detailLines(review: ReviewDetails): string[] {
  const { reason, stragglers, issuers, refusals } = review;
  return [
    reviewLine(review),
    ...(reason === null ? [] : [`  ${reason}`]),
    ...issuers.map(({ unit, toDecide }) => `  待重发 to be offered again: ${unit} ${toDecide}`),
    ...stragglers.map(({ unit, waiting, since }) => `  未回执 not confirmed: ${unit} ${waiting}, ${since}`),
    ...refusals.map(
      ({ resultId, version, issuer, reason: why }) =>
        `  无法重发 not offered: ${resultId} v${version} ${issuer} ${why}`,
    ),
  ];
}
