/**
 * What a command-line tool needs of the platform, by a way of its own: no framework, no database, no metrics, which would take
 * a command longer to load than its work takes. Services import the whole.
 */
export { EnvironmentError, readEnvironment } from './read-environment.ts';
export { describeError } from './describe-error.ts';
export { meshHome, TOKEN_ROLES, type AccountUser, type MeshHome, type Owner, type TokenRole } from './mesh-home.ts';
export { loadMesh } from './load-mesh.ts';
