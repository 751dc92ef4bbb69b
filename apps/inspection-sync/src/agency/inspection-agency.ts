import { type AgencyProfile, conclusionFollowsFromChecks } from '@clearance/exchange';
import {
  laboratoryAnalysesItsSamples,
  laboratoryVerdictsMatchCheck,
  quarantineCitesItsCertificate,
  quarantinePestsAreDisposedOf,
  quarantineReportsQuarantine,
} from './inspection-rules.ts';

/** 检验检疫: what an inspection and quarantine unit issues, which checks it may perform, and its own rules. */
export const inspectionAgency: AgencyProfile = {
  agency: 'inspection',
  service: 'inspection-sync',
  description: '检验检疫监管结果 Inspection and quarantine results: quarantine, laboratory, certificate',
  kinds: ['inspection.quarantine', 'inspection.laboratory', 'inspection.certificate'],
  checks: ['documentary', 'physical', 'seal', 'weighing', 'quarantine', 'laboratory', 'radiation'],
  rules: [
    conclusionFollowsFromChecks,
    quarantineReportsQuarantine,
    quarantineCitesItsCertificate,
    quarantinePestsAreDisposedOf,
    laboratoryAnalysesItsSamples,
    laboratoryVerdictsMatchCheck,
  ],
};
