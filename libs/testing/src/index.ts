export { onFreePorts, temporaryHome, testServers, type TestServers } from './servers.ts';
export { setupMesh, type SetupMeshOptions, type TestMesh } from './setup-mesh.ts';
export { borderCrew, customsExamination, inspectionQuarantine } from './build-content.ts';
export { createAuthority, type CertificateFiles, type TestAuthority } from './certificates.ts';
export { startTlsPostgres, type TlsPostgres } from './tls-postgres.ts';
export { chanceOf, type Chance } from './leaks/chance.ts';
export { type Canary, createHunter, formsOf, type Leak } from './leaks/hunt-leaks.ts';
export { plantContent, type PlantedContent } from './leaks/planted-content.ts';
export { type ListCase, randomList, type RandomList } from './leaks/random-list.ts';
