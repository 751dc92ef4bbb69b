import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import type { LocalizedText } from '@clearance/contracts/words';
import type { IconName } from './parts/icon.tsx';
import type { Role } from './session/roles.ts';

/** One page: a folder under `pages/`, loaded when it is first looked at. */
export interface Page {
  /** React Router's: `/consignments/:id`. */
  path: string;
  title: LocalizedText;
  /** Who may see it: what its first call to the gateway allows. */
  roles: readonly Role[];
  /** Its place in the navigation; pages without one are reached from others. */
  icon?: IconName;
  Component: LazyExoticComponent<ComponentType>;
}

/** Every page, in the order of the navigation. A new one is a folder and an entry here. */
export const PAGES: readonly Page[] = [
  {
    path: '/',
    title: { zh: '区域总览', en: 'Region' },
    roles: ['coordinator', 'auditor'],
    icon: 'region',
    Component: lazy(() => import('./pages/region/region-page.tsx')),
  },
  {
    path: '/consignments',
    title: { zh: '票', en: 'Consignments' },
    roles: ['coordinator', 'auditor'],
    icon: 'consignment',
    Component: lazy(() => import('./pages/consignments/consignments-page.tsx')),
  },
  {
    path: '/consignments/:id',
    title: { zh: '一票货物', en: 'A consignment' },
    roles: ['coordinator', 'auditor'],
    Component: lazy(() => import('./pages/consignments/consignment-page.tsx')),
  },
  {
    path: '/ledger',
    title: { zh: '共享台账', en: 'Ledger' },
    roles: ['auditor', 'coordinator'],
    icon: 'ledger',
    Component: lazy(() => import('./pages/ledger/ledger-page.tsx')),
  },
  {
    path: '/mesh',
    title: { zh: '网格运行', en: 'Mesh' },
    roles: ['coordinator', 'auditor'],
    icon: 'mesh',
    Component: lazy(() => import('./pages/mesh/mesh-page.tsx')),
  },
  {
    path: '/negative-list',
    title: { zh: '负面清单', en: 'Negative list' },
    roles: ['policy', 'policy-approver', 'coordinator', 'auditor'],
    icon: 'list',
    Component: lazy(() => import('./pages/negative-list/list-page.tsx')),
  },
  {
    path: '/negative-list/:version',
    title: { zh: '负面清单', en: 'Negative list' },
    roles: ['policy', 'policy-approver', 'coordinator', 'auditor'],
    Component: lazy(() => import('./pages/negative-list/version-page.tsx')),
  },
  {
    path: '/negative-list/drafts',
    title: { zh: '清单草案', en: 'Drafts of the list' },
    roles: ['policy', 'policy-approver', 'coordinator', 'auditor'],
    Component: lazy(() => import('./pages/negative-list/drafts-page.tsx')),
  },
  {
    path: '/negative-list/drafts/:draftId',
    title: { zh: '一份草案', en: 'A draft' },
    roles: ['policy', 'policy-approver', 'coordinator', 'auditor'],
    Component: lazy(() => import('./pages/negative-list/draft-page.tsx')),
  },
  {
    path: '/access-requests',
    title: { zh: '有条件共享', en: 'Access requests' },
    roles: ['coordinator', 'auditor', 'policy', 'policy-approver', 'unit'],
    icon: 'access',
    Component: lazy(() => import('./pages/access-requests/access-page.tsx')),
  },
  {
    path: '/access-requests/:id',
    title: { zh: '一份申请', en: 'A request' },
    roles: ['coordinator', 'auditor', 'policy', 'policy-approver', 'unit'],
    Component: lazy(() => import('./pages/access-requests/request-page.tsx')),
  },
  {
    path: '/recognition',
    title: { zh: '监管互认', en: 'Recognition' },
    roles: ['coordinator', 'auditor'],
    icon: 'recognition',
    Component: lazy(() => import('./pages/recognition/recognition-page.tsx')),
  },
  {
    path: '/indicators',
    title: { zh: '运行指标', en: 'Indicators' },
    roles: ['coordinator', 'auditor'],
    icon: 'indicators',
    Component: lazy(() => import('./pages/indicators/indicators-page.tsx')),
  },
  {
    path: '/reports/:month',
    title: { zh: '月度报告', en: 'Monthly report' },
    roles: ['coordinator', 'auditor'],
    Component: lazy(() => import('./pages/indicators/report-page.tsx')),
  },
];
