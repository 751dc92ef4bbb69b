// A batch, a repetition, a conflict, an amendment, a recognition that covers a part, a revocation, and its reopening.
//
//   node lifecycle.mjs [reference] [NATS URL] [credentials directory]
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connectBackend, handleEvents, openEvents, Refusal, request } from './backend.mjs';

const reference = process.argv[2] ?? `EXAMPLE-LIFE-${Date.now()}`;
const url = process.argv[3] ?? process.env.MESH_NATS_URL ?? 'nats://127.0.0.1:14222';
const creds = process.argv[4] ?? process.env.MESH_CREDS ?? '.mesh/creds';

const template = JSON.parse(await readFile(new URL('../customs-examination.json', import.meta.url), 'utf8'));
template.checks[0].performedAt = new Date(Date.now() - 3_600_000).toISOString();
template.validUntil = new Date(Date.now() + 30 * 86_400_000).toISOString();

process.once('uncaughtException', (error) => {
  console.error(`failed: ${error.message}`);
  process.exit(1);
});

const customs = await connectBackend('ln.customs', url, creds);
const inspection = await connectBackend('hl.inspection', url, creds);
try {
  const types = ['result.received', 'result.amended', 'recognition.reopened'];
  const events = await openEvents(inspection, 'example-lifecycle', types);
  const about = (type, id) =>
    handleEvents(events, (message) =>
      message.subject === `events.${type}` && message.headers.get('ce-subject') === id ? message.json() : undefined,
    );

  const { resultId } = await submitBatch();
  await about('result.received', resultId);
  await amend(resultId);
  await about('result.amended', resultId);
  const recognition = await askForTwoContainers(resultId);
  await revoke(resultId);
  const reopened = await about('recognition.reopened', recognition.recognitionId);
  assert.equal(reopened.reopened.by.resultId, resultId);
  console.log('reopened', reopened.recognitionId, JSON.stringify(reopened.reopened));
} finally {
  await customs.drain();
  await inspection.drain();
}

// #region batch
async function submitBatch() {
  const good = { ...template, reference };
  const bad = { ...template, reference: `${reference}-bad`, conclusion: 'approved' };
  const other = { ...template, reference, conclusion: 'conditional' }; // a reference that is taken
  const { outcomes } = await request(customs, 'results.submit-batch', { results: [good, bad, good, other] });
  for (const [index, outcome] of outcomes.entries()) {
    console.log(`batch ${index}:`, outcome.resultId ?? `${outcome.error.status} ${outcome.error.code}`);
  }
  const [first, refused, repeated, conflict] = outcomes;
  assert.equal(refused.error.status, 400);
  assert.equal(repeated.resultId, first.resultId);
  assert.equal(conflict.error.status, 409);
  return first;
}
// #endregion batch

// #region amend
async function amend(resultId) {
  const content = { ...template, reference, remarks: '封志号复核无误' }; // the whole content, not a difference
  const receipt = await request(customs, 'results.amend', { resultId, content });
  console.log('amended', receipt.resultId, `version ${receipt.version}`);
  assert.equal(receipt.version, 2);
}
// #endregion amend

// #region partial
async function askForTwoContainers(resultId) {
  const recognition = await request(inspection, 'recognitions.request', {
    reference: `${reference}-hl`,
    location: 'CNHRB',
    checks: ['x-ray'],
    consignment: { containers: ['CSQU3054383', 'MSKU1234565'] },
    sealsObserved: [
      { container: 'CSQU3054383', number: 'H1234567', condition: 'intact' },
      { container: 'MSKU1234565', number: 'H7654321', condition: 'intact' },
    ],
  });
  const [xRay] = recognition.checks;
  console.log('recognition', JSON.stringify(recognition));
  assert.equal(xRay.decision, 'required'); // but not for all of it:
  assert.deepEqual(xRay.covers.containers, ['CSQU3054383']);
  assert.deepEqual(xRay.remaining.containers, ['MSKU1234565']);
  assert.equal(xRay.by[0].resultId, resultId);
  return recognition;
}
// #endregion partial

// #region revoke
async function revoke(resultId) {
  const receipt = await request(customs, 'results.revoke', { resultId, reason: '图像调取错误' });
  console.log('revoked', receipt.resultId, `version ${receipt.version}`);
  try {
    await request(customs, 'results.amend', { resultId, content: { ...template, reference } });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error;
    return; // once revoked, always revoked
  }
  throw new Error('a revoked result was amended');
}
// #endregion revoke
