/** What a Nest application takes of the platform, by a way of its own: whoever is none need not load Nest. */
export { HealthModule, type Readiness, type ReadinessProbe } from './health.ts';
