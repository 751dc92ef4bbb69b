import type { Story } from '../story.ts';
import { crewDocumentsExpired, crewDocumentsGranted } from './access.ts';
import { listChanges, listDrafted } from './new-list-in-force.ts';
import { copiesTakenBack } from './recall.ts';
import {
  brokenSealRequired,
  revokedReopensTwo,
  scanAndQuarantineRecognised,
  twoOfThreeContainers,
} from './recognitions.ts';
import { batchWithABadOne, duplicateSubmission, everyErrorListed, foreignResults } from './requests.ts';
import { amendmentTravels, settledEverywhere } from './versions.ts';
import { conditionalNamed, crewDocuments, priceWithheld, wholeResultWithheld } from './withholding.ts';

/** The scripted day, in the order in which it is played. */
export const STORIES: readonly Story[] = [
  scanAndQuarantineRecognised,
  brokenSealRequired,
  twoOfThreeContainers,
  crewDocuments,
  crewDocumentsGranted,
  priceWithheld,
  wholeResultWithheld,
  conditionalNamed,
  revokedReopensTwo,
  duplicateSubmission,
  everyErrorListed,
  foreignResults,
  batchWithABadOne,
  amendmentTravels,
  settledEverywhere,
  listDrafted,
  listChanges,
  copiesTakenBack,
  crewDocumentsExpired,
];
