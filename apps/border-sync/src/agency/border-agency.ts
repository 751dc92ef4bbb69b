import { type AgencyProfile, conclusionFollowsFromChecks } from '@clearance/exchange';
import {
  boardingIsReported,
  crewIsCounted,
  refusedPersonsHaveReasons,
  stowawaysAreNotReleased,
} from './border-rules.ts';

/** 边检: what a border inspection unit issues, which checks it may perform, and its own rules. */
export const borderAgency: AgencyProfile = {
  agency: 'border',
  service: 'border-sync',
  description: '边检监管结果 Border inspection results: conveyance, crew, passengers',
  kinds: ['border.conveyance', 'border.crew', 'border.passengers'],
  checks: ['documentary', 'physical', 'seal', 'boarding', 'crew', 'radiation'],
  rules: [
    conclusionFollowsFromChecks,
    boardingIsReported,
    crewIsCounted,
    refusedPersonsHaveReasons,
    stowawaysAreNotReleased,
  ],
};
