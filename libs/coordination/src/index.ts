export { type CheckShown, type FactsShown, factsShownToAll } from './facts-shown-to-all.ts';
export {
  type Consignment,
  consignmentsOf,
  JOIN_WITHIN_MS,
  joinConsignments,
  journeysOf,
  type Link,
  type Traveller,
} from './join-consignments.ts';
export {
  type FollowedRecognition,
  type FollowedVersion,
  TIMELINE_STEPS,
  type TimelineStep,
  type TimelineStepName,
  timelineOf,
} from './timeline.ts';
