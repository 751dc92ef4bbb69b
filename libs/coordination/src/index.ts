export { type Conflict, conflictsOf, type Finding, type JudgedResult } from './conflicts.ts';
export { boundOf, classOf } from './delay-classes.ts';
export { type CheckShown, type FactsShown, factsShownToAll } from './facts-shown-to-all.ts';
export {
  type Figures,
  figuresOf,
  HOURS_PER_CHECK,
  type HoursPerCheck,
  type TargetCode,
  type TargetKept,
  TARGETS,
  targetKept,
} from './figures.ts';
export {
  AVAILABILITY_BOUNDS,
  type CountedVersion,
  firstResultOf,
  tallyOfRecognition,
  tallyOfVersion,
} from './indicators.ts';
export {
  type Consignment,
  consignmentsOf,
  JOIN_WITHIN_MS,
  joinConsignments,
  journeysOf,
  type Link,
  type Traveller,
} from './join-consignments.ts';
export { addUp, type FigureName, negative, type Tally, tallyOf } from './tally.ts';
export {
  type FollowedRecognition,
  type FollowedVersion,
  TIMELINE_STEPS,
  type TimelineStep,
  type TimelineStepName,
  timelineOf,
} from './timeline.ts';
