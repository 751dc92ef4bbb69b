import { Controller, type DynamicModule, Get, Header, Inject, Module, Res } from '@nestjs/common';
import { register } from 'prom-client';

/** One thing that must hold before a service is ready; `ok: false` says why. */
export interface Readiness {
  name: string;
  ok: boolean;
  detail?: string;
}

/** Answers, at the moment of asking, everything on which readiness rests. */
export type ReadinessProbe = () => Promise<Readiness[]>;

const PROBE = Symbol('ReadinessProbe');

/** The part of an HTTP response that is used here, so that no HTTP framework's types are needed. */
interface StatusSetter {
  status(code: number): unknown;
}

@Controller()
class HealthController {
  constructor(@Inject(PROBE) private readonly probe: ReadinessProbe) {}

  /** The process runs and its event loop turns. */
  @Get('livez')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when everything needed is there, else 503; the body names each part either way. */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) response: StatusSetter): Promise<{ status: string; checks: Readiness[] }> {
    const checks = await this.probe();
    const ready = checks.every((check) => check.ok);
    if (!ready) response.status(503);
    return { status: ready ? 'ready' : 'not-ready', checks };
  }

  @Get('metrics')
  @Header('content-type', register.contentType)
  metrics(): Promise<string> {
    return register.metrics();
  }
}

/** `/livez`, `/readyz` and `/metrics`, the same in every service. */
@Module({})
export class HealthModule {
  static withProbe(probe: ReadinessProbe): DynamicModule {
    return { module: HealthModule, controllers: [HealthController], providers: [{ provide: PROBE, useValue: probe }] };
  }
}
