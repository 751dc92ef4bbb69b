export { EnvironmentError, readEnvironment } from './read-environment.ts';
export { describeError } from './describe-error.ts';
export { readTelemetry, type TelemetrySettings } from './telemetry/telemetry-settings.ts';
export { startTelemetry, type Telemetry } from './telemetry/start-telemetry.ts';
export { continueTrace, isSampled, isTraceparent } from './telemetry/traceparent.ts';
export { currentTrace, inBatch, type MaybeTrace, recordStep, startStep, type Step, within } from './telemetry/steps.ts';
export { createLogger, nestLogger, type Logger } from './logger.ts';
export { backoff, isTransient, NotReadyError, pause, untilDone } from './faults.ts';
export { coalesce } from './coalesce.ts';
export { oncePer } from './once-per.ts';
export {
  insertRows,
  openDatabase,
  placeholders,
  runPrepared,
  type DataSource,
  type EntityManager,
  type MigrationInterface,
  type QueryRunner,
  type SqlValue,
} from './database.ts';
export { signedDigestOf, tallyOf } from './tally.ts';
export {
  batchSize,
  copyDelay,
  Counter,
  deadLettersTotal,
  Gauge,
  Histogram,
  observeSeconds,
  oldestUnsettledSeconds,
  recognisedChecksTotal,
  recognitionsTotal,
  requestSeconds,
  resultsTotal,
  settlementDelay,
  streamLag,
  unsettled,
} from './metrics.ts';
export { meshHome, TOKEN_ROLES, type AccountUser, type MeshHome, type Owner, type TokenRole } from './mesh-home.ts';
export { loadMesh } from './load-mesh.ts';
export { runProcess } from './run-process.ts';
export { followFile, type FollowedFile } from './follow-file.ts';
export { probeDatabase } from './probe-database.ts';
export {
  databaseTls,
  followHttps,
  type HttpsFiles,
  httpsOptions,
  InsecureDatabaseError,
  type NatsTls,
  readTls,
  TLS_VARIABLES,
  type TlsSettings,
} from './tls.ts';
