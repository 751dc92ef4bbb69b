import type { LocalizedText, Mesh, UnitId } from '@clearance/contracts';
import { TOKEN_ROLES, type TokenRole } from '@clearance/platform/command';

/** Somebody whom one may choose to be, at the development sign-in. */
export interface Person {
  /** `sub` of their tokens: nobody else's. */
  id: string;
  name: LocalizedText;
  roles: readonly (TokenRole | 'unit')[];
  /** For whom they speak, in the role `unit`. */
  unit?: UnitId;
}

const OFFICES: Record<TokenRole, LocalizedText> = {
  coordinator: { zh: '口岸办协调员', en: 'Coordinator of the port office' },
  policy: { zh: '清单起草人', en: 'Author of the negative list' },
  'policy-approver': { zh: '清单审批人', en: 'Approver of the negative list' },
  auditor: { zh: '审计员', en: 'Auditor' },
  firm: { zh: '企业', en: 'Firm' },
};

/** One person for each office, and one on duty for each unit of the mesh and each other consumer. */
export function peopleOf({ units, consumers }: Pick<Mesh, 'units' | 'consumers'>): Person[] {
  return [
    ...TOKEN_ROLES.map((role): Person => ({ id: role, name: OFFICES[role], roles: [role] })),
    ...[...units, ...consumers].map(({ id, name }): Person => {
      const onDuty = { zh: `${name.zh} 值班员`, en: `Officer on duty, ${name.en}` };
      return { id, name: onDuty, roles: ['unit'], unit: id };
    }),
  ];
}
