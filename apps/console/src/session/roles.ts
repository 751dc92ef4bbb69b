import type { LocalizedText } from '@clearance/contracts/words';

/** The roles that the gateway knows; what each may do it decides, call by call. */
export const ROLES = ['coordinator', 'policy', 'policy-approver', 'auditor', 'firm', 'unit'] as const;
export type Role = (typeof ROLES)[number];

/** The roles as people name them. */
export const ROLE_NAMES: Readonly<Record<Role, LocalizedText>> = {
  coordinator: { zh: '口岸协调员', en: 'coordinator' },
  policy: { zh: '清单起草人', en: 'policy drafter' },
  'policy-approver': { zh: '清单审批人', en: 'policy approver' },
  auditor: { zh: '审计员', en: 'auditor' },
  firm: { zh: '企业', en: 'firm' },
  unit: { zh: '单位', en: 'unit' },
};

/**
 * Whether one of these roles is needed and there. Where the token does not say roles in a way that is read here, everything
 * is offered: the gateway refuses what it refuses.
 */
export function mayOne(roles: readonly Role[] | undefined, needed: readonly Role[]): boolean {
  return roles === undefined || needed.some((role) => roles.includes(role));
}
