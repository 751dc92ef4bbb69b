import { type AgencyProfile, conclusionFollowsFromChecks } from '@clearance/exchange';
import { releaseRestsOnDocuments, releaseSettlesDuties, scanIsRead, scanMatchesItsReading } from './customs-rules.ts';

/** 海关: what a customs unit issues, which checks it may perform, and what it asks of its own results. */
export const customsAgency: AgencyProfile = {
  agency: 'customs',
  service: 'customs-sync',
  description: '海关监管结果 Customs supervision results: examination, scan, release',
  kinds: ['customs.examination', 'customs.scan', 'customs.release'],
  checks: ['documentary', 'x-ray', 'physical', 'seal', 'weighing', 'radiation'],
  rules: [
    conclusionFollowsFromChecks,
    releaseRestsOnDocuments,
    releaseSettlesDuties,
    scanIsRead,
    scanMatchesItsReading,
  ],
};
