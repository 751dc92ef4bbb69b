export { onFreePorts, temporaryHome, testServers, type TestServers } from './servers.ts';
export { setupMesh, type SetupMeshOptions, type TestMesh } from './setup-mesh.ts';
export { borderCrew, customsExamination, inspectionQuarantine } from './build-content.ts';
