import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  issueToken,
  issueTokens,
  redactToken,
  verifyToken,
  type VerifiedToken,
  verifyTokens,
} from '@clearance/provenance';
import { alternate, operationsPerSecondOf } from '../alternate.ts';
import { type BenchContext, type Figure, type Spread, type Target } from '../figure.ts';
import { contentOfForty, DISCLOSURES, WITHHELD } from './content.ts';
import { type Library, theirs } from './library.ts';
import { CLAIMS, keyPairs, type SuiteKey, TOKEN_HEADER, TOKEN_PAYLOAD, VERIFIED_AT } from './keys.ts';

const LIBRARY = '@sd-jwt/core';
/** Milliseconds that each side is measured in a round. */
const LONG = 500;
const SHORT = 40;
/** Tokens that are signed or verified in one call, as a unit service and the gateway do under load. */
const BATCH = 32;

/**
 * Issuing, redacting and verifying single tokens of 40 disclosures against `@sd-jwt/core`, which signs with the same key
 * and operations; and what each suite of signatures costs.
 *
 * @throws Error when either does not take the other's token for the same: nothing would be compared then
 */
export async function benchProvenance(context: BenchContext): Promise<Figure[]> {
  const content = contentOfForty();
  const key = keyPairs.EdDSA();
  const library = theirs({
    payload: TOKEN_PAYLOAD,
    content,
    header: { ...TOKEN_HEADER, kid: key.signing.kid },
    privateKey: key.signing.privateKey,
    publicKey: key.publicKey,
    at: VERIFIED_AT,
    withheld: WITHHELD,
  });
  context.say('provenance: single tokens');
  const token = issueToken(CLAIMS, content, key.signing, randomBytes);
  const verified = await checkSameTokens(token, content, key, library);
  const decoded = await library.decode(token);
  const ours = {
    issue: () => issueToken(CLAIMS, content, key.signing, randomBytes),
    redact: () => redactToken(verified, WITHHELD),
    verify: () => verifyToken(token, key.ring),
  };
  const others = {
    issue: () => library.issue(),
    redact: () => decoded.present(),
    verify: () => library.verify(token),
  };
  const figures: Figure[] = [];
  for (const step of ['issue', 'redact', 'verify'] as const) {
    figures.push(await compare(step, ours[step], others[step], context));
  }
  for (const make of Object.values(keyPairs)) figures.push(...(await priceOf(make(), content, context)));
  return figures;
}

/**
 * Checks that both libraries read each other's tokens, find the same content of 40 disclosures, and leave the same.
 *
 * @returns our token, verified
 * @throws Error naming what differs
 */
export async function checkSameTokens(
  token: string,
  content: object,
  key: SuiteKey,
  library: Library,
): Promise<VerifiedToken> {
  const whole = verified(token, key);
  const expected = { ...TOKEN_PAYLOAD, content };
  same('the number of disclosures', token.split('~').length - 2, DISCLOSURES);
  same('what they read of ours', await library.verify(token), expected);
  same('what we read of theirs', verified(await library.issue(), key).content, content);
  const left = redactToken(whole, WITHHELD);
  const presented = verified(await (await library.decode(token)).present(), key);
  same('what is left of a token', presented.content, left.content);
  return whole;
}

function verified(token: string, { ring }: SuiteKey): VerifiedToken {
  const verification = verifyToken(token, ring);
  if (!verification.ok) throw new Error(`a token does not verify: ${verification.detail}`);
  return verification.result;
}

function same(what: string, found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) throw new Error(`${what}: not what it is compared with`);
}

const TITLES: Readonly<Record<'issue' | 'redact' | 'verify', Figure['title']>> = {
  issue: { zh: '签发单个令牌（40 项披露）', en: 'Issue a token of 40 disclosures' },
  redact: { zh: '从已验证令牌中取出字段', en: 'Redact a token that is already read' },
  verify: { zh: '验证单个令牌（40 项披露）', en: 'Verify a token of 40 disclosures' },
};
const TARGETS: Readonly<Partial<Record<string, Target>>> = {
  issue: { sense: 'at-least', needed: 10, aim: 15 },
  verify: { sense: 'at-least', needed: 7, aim: 10 },
};

async function compare(
  step: keyof typeof TITLES,
  ours: () => unknown,
  others: () => Promise<unknown>,
  context: BenchContext,
): Promise<Figure> {
  const ms = context.quick ? SHORT : LONG;
  const measures = { ours: () => operationsPerSecondOf(ours, ms), theirs: () => operationsPerSecondOf(others, ms) };
  const found = await alternate(measures, context.rounds, context.signal, !context.quick);
  const target = TARGETS[step];
  return {
    id: `provenance.${step}`,
    title: TITLES[step],
    unit: 'ops/s',
    ours: found.spreads.ours,
    against: { name: LIBRARY, theirs: found.spreads.theirs, ratio: found.ratio('ours', 'theirs') },
    ...(target === undefined ? {} : { target }),
  };
}

/** What a suite costs per token, alone and among 32. */
async function priceOf(key: SuiteKey, content: object, context: BenchContext): Promise<Figure[]> {
  const { suite } = key.signing;
  context.say(`provenance: suite ${suite}`);
  const many = Array.from({ length: BATCH }, () => ({ claims: CLAIMS, content }));
  const batch = issueTokens(many, key.signing, randomBytes);
  const single = issueToken(CLAIMS, content, key.signing, randomBytes);
  verified(single, key);
  const price = async (work: () => unknown, tokens: number): Promise<number> =>
    1_000_000 / (tokens * (await operationsPerSecondOf(work, context.quick ? SHORT : LONG)));
  const found = await alternate(
    {
      issue: () => price(() => issueToken(CLAIMS, content, key.signing, randomBytes), 1),
      verify: () => price(() => verifyToken(single, key.ring), 1),
      issueBatch: () => price(() => issueTokens(many, key.signing, randomBytes), BATCH),
      verifyBatch: () => price(() => verifyTokens(batch, key.ring), BATCH),
    },
    context.rounds,
    context.signal,
    !context.quick,
  );
  const { issue, verify, issueBatch, verifyBatch } = found.spreads;
  return [
    priceFigure(suite, 'issue', { zh: '签发', en: 'issue' }, issue, issueBatch),
    priceFigure(suite, 'verify', { zh: '验证', en: 'verify' }, verify, verifyBatch),
  ];
}

function priceFigure(suite: string, step: string, name: Figure['title'], ours: Spread, batch: Spread): Figure {
  return {
    id: `provenance.suite.${suite}.${step}`,
    title: { zh: `签名套件 ${suite}：${name.zh}每个令牌`, en: `Suite ${suite}: ${name.en}, per token` },
    unit: 'µs',
    ours,
    details: { [`µs per token of ${BATCH} together`]: Number(batch.median.toPrecision(4)) },
  };
}
