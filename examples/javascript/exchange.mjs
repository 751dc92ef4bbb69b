// A result of ln.customs reaches hl.border, which asks what it need not inspect again.
//
//   node exchange.mjs [reference] [NATS URL] [credentials directory]
//
// MESH_NATS_URL and MESH_CREDS stand in for the last two; `trust.json` lies beside the credentials directory.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectBackend, handleEvents, openEvents, Refusal, request } from './backend.mjs';
import { verifyToken } from './verify-token.mjs';

const reference = process.argv[2] ?? `EXAMPLE-JS-${Date.now()}`;
const url = process.argv[3] ?? process.env.MESH_NATS_URL ?? 'nats://127.0.0.1:14222';
const creds = process.argv[4] ?? process.env.MESH_CREDS ?? '.mesh/creds';

process.once('uncaughtException', (error) => {
  console.error(`failed: ${error.message}`);
  process.exit(1);
});

const customs = await connectBackend('ln.customs', url, creds);
const border = await connectBackend('hl.border', url, creds);
try {
  const events = await openEvents(border, 'example-javascript', ['result.received']);
  const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;

  const content = await examination(reference);
  const receipt = await submit(content, traceparent);
  const view = await receive(events, receipt.resultId, traceparent);
  await checkSignature(view);
  await showRefusal(content);
  await askRecognition(receipt.resultId);
} finally {
  await customs.drain();
  await border.drain();
}

/** The examination that all examples submit, performed an hour ago. */
async function examination(reference) {
  const content = JSON.parse(await readFile(new URL('../customs-examination.json', import.meta.url), 'utf8'));
  content.reference = reference;
  content.checks[0].performedAt = new Date(Date.now() - 3_600_000).toISOString();
  content.validUntil = new Date(Date.now() + 30 * 86_400_000).toISOString();
  return content;
}

// #region submit
async function submit(content, traceparent) {
  const receipt = await request(customs, 'results.submit', content, traceparent);
  console.log('submitted', receipt.resultId, `version ${receipt.version}`, receipt.status, receipt.digest);

  const again = await request(customs, 'results.submit', content);
  assert.equal(again.resultId, receipt.resultId, 'the same reference with the same content is the same result');
  return receipt;
}
// #endregion submit

// #region receive
function receive(events, resultId, traceparent) {
  return handleEvents(events, (message) => {
    if (message.headers.get('ce-subject') !== resultId) return undefined; // another result
    const view = message.json();
    console.log('received', view.resultId, `from ${view.issuer}`);
    for (const name of ['ce-id', 'ce-type', 'ce-source', 'ce-time', 'Nats-Msg-Id', 'traceparent']) {
      console.log(`  ${name}: ${message.headers.get(name)}`);
    }
    console.log('  content:', JSON.stringify(view.content));
    for (const { path, entry, access, legalBasis } of view.withheld) {
      console.log(`  withheld: ${path} by ${entry} (${access}) ${legalBasis}`);
    }
    const withheld = view.withheld.map(({ path }) => path);
    assert.ok(withheld.includes('/goods/0/value'), 'the value of goods is withheld from border units');
    assert.equal(view.content.goods[0].value, undefined);
    assert.equal(message.headers.get('traceparent').split('-')[1], traceparent.split('-')[1], 'one trace');
    return view;
  });
}
// #endregion receive

// #region check-signature
async function checkSignature(view) {
  const trust = JSON.parse(await readFile(join(creds, '..', 'trust.json'), 'utf8'));
  const verified = verifyToken(view.signature.token, trust);
  assert.equal(verified.resultId, view.resultId);
  assert.equal(verified.version, view.version);
  assert.equal(verified.issuer, view.issuer);
  assert.deepEqual(verified.content, view.content);
  console.log('verified', verified.resultId, `signed with ${verified.keyId}`);
}
// #endregion check-signature

// #region show-refusal
async function showRefusal(content) {
  const bad = structuredClone(content);
  bad.reference = `${content.reference}-bad`;
  bad.containers[0].number = 'CSQU3054384'; // the check digit is 3
  bad.remark = 'no such member';
  try {
    await request(customs, 'results.submit', bad);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.log('refused', error.status, error.problem.code);
    for (const { pointer, code, message } of error.problem.errors) {
      console.log(`  ${pointer} ${code}: ${message.zh} / ${message.en}`);
    }
    assert.equal(error.status, 400);
    return;
  }
  throw new Error('a wrong check digit was accepted');
}
// #endregion show-refusal

// #region ask-recognition
async function askRecognition(resultId) {
  const recognition = await request(border, 'recognitions.request', {
    reference: `${reference}-hl`,
    location: 'CNHRB',
    checks: ['x-ray', 'quarantine'],
    consignment: { containers: ['CSQU3054383'], declarationNumber: '090220261000000123', items: [1] },
    sealsObserved: [{ container: 'CSQU3054383', number: 'H1234567', condition: 'intact' }],
  });
  console.log('recognition', recognition.recognitionId, recognition.outcome);
  for (const check of recognition.checks) {
    const by = check.by?.map((result) => `${result.resultId} of ${result.issuer}`).join(', ');
    const reasons = check.reasons?.map(({ code, message }) => `${code} (${message.en})`).join(', ');
    console.log(`  ${check.type}: ${check.decision}`, by ?? reasons);
  }
  const [xRay] = recognition.checks;
  assert.equal(xRay.decision, 'recognised');
  assert.deepEqual(xRay.by[0].resultId, resultId);
}
// #endregion ask-recognition
