import { jest } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver, testServers } from '@clearance/testing';
import { startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(180_000);

/** The mesh that the parts of one suite share, and what it sends its spans and figures to. It offers again soon. */
export let mesh: TestLocalMesh;
export let receiver: OtlpReceiver;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  mesh = await startTestMesh(testServers().databaseUrl, {
    reofferAfter: 'PT2S',
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    },
  });
}, 240_000);
afterAll(async () => {
  await mesh?.cleanup();
  await receiver?.stop();
}, 120_000);
