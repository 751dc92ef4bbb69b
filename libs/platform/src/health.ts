import { Controller, type DynamicModule, Get, Headers, Inject, Module, Res } from '@nestjs/common';
import { figures } from './metrics.ts';

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
interface HealthResponse {
  status(code: number): unknown;
  setHeader(name: string, value: string): unknown;
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
  async ready(@Res({ passthrough: true }) response: HealthResponse): Promise<{ status: string; checks: Readiness[] }> {
    const checks = await this.probe();
    const ready = checks.every((check) => check.ok);
    if (!ready) response.status(503);
    return { status: ready ? 'ready' : 'not-ready', checks };
  }

  @Get('metrics')
  async metrics(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) response: HealthResponse,
  ): Promise<string> {
    const { contentType, text } = await figures(accept);
    response.setHeader('content-type', contentType);
    return text;
  }
}

/** `/livez`, `/readyz` and `/metrics`, the same in every service. */
@Module({})
export class HealthModule {
  static withProbe(probe: ReadinessProbe): DynamicModule {
    return { module: HealthModule, controllers: [HealthController], providers: [{ provide: PROBE, useValue: probe }] };
  }
}
