export { decideRecognition } from './decide-recognition.ts';
export { reliesOn, shouldReopen } from './reliance.ts';
export type { DecidedCheck, DecidedRecognition, RelianceOnResult, ResultVersion } from './reliance.ts';
export type { KnownResult } from './known-result.ts';
export type { DecisionContext } from './arrangements.ts';
export { recognitionNeeds } from './needs.ts';
export type { RecognitionNeed } from './needs.ts';
