import { jest } from '@jest/globals';
import { testServers } from '@clearance/testing';
import { startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(180_000);

/**
 * The mesh that the parts of one suite share, from its first test to its last; each suite that imports this has one of its
 * own. For parts that neither break it nor change the list in force: to start a mesh takes as long as many tests.
 */
export let mesh: TestLocalMesh;
beforeAll(async () => {
  mesh = await startTestMesh(testServers().databaseUrl);
}, 240_000);
afterAll(() => mesh?.cleanup(), 120_000);
