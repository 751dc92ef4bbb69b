import { type DynamicModule, Module } from '@nestjs/common';
import { HealthModule } from '@clearance/platform/nest';
import { AccessRequestsController } from './access/access-requests.controller.ts';
import type { GatewayHost } from './accounts/gateway-host.ts';
import { UnitRequests } from './accounts/unit-requests.controller.ts';
import { UnitStreams } from './accounts/unit-streams.controller.ts';
import { CallsController } from './audit/calls.controller.ts';
import { CatalogueController } from './catalogue/catalogue.controller.ts';
import { ConsignmentsController } from './coordination/consignments.controller.ts';
import { type Edge, edgeProviders } from './http/edge.ts';
import { IndicatorsController } from './indicators/indicators.controller.ts';
import { KeysController } from './keys/keys.controller.ts';
import { DisclosuresController } from './ledger/disclosures.controller.ts';
import { EvidenceController } from './ledger/evidence.controller.ts';
import { HeadsController } from './ledger/heads/heads.controller.ts';
import { DraftsController } from './lists/drafts.controller.ts';
import { QuestionsController } from './ledger/questions/questions.controller.ts';
import { ListsController } from './lists/lists.controller.ts';
import { PreviewsController } from './preview/previews.controller.ts';
import { ReconciliationsController } from './reconcile/reconciliations.controller.ts';
import { ReviewsController } from './reviews/reviews.controller.ts';
import { SignInController } from './sign-in/sign-in.controller.ts';
import type { SignIn } from './sign-in/sign-in-terms.ts';
import { StragglersController } from './settle/stragglers.controller.ts';
import { UnitsController } from './units/units.controller.ts';
import { GATEWAY_HOST, SIGN_IN } from './tokens.ts';

/** The only wiring of the gateway. */
@Module({})
export class AppModule {
  static over(host: GatewayHost, edge: Edge, signIn: SignIn): DynamicModule {
    return {
      module: AppModule,
      imports: [HealthModule.withProbe(() => host.readiness())],
      controllers: [
        UnitRequests,
        UnitStreams,
        AccessRequestsController,
        CallsController,
        CatalogueController,
        ConsignmentsController,
        DisclosuresController,
        DraftsController,
        EvidenceController,
        IndicatorsController,
        HeadsController,
        KeysController,
        ListsController,
        PreviewsController,
        QuestionsController,
        ReconciliationsController,
        ReviewsController,
        SignInController,
        StragglersController,
        UnitsController,
      ],
      providers: [
        { provide: GATEWAY_HOST, useValue: host },
        { provide: SIGN_IN, useValue: signIn },
        ...edgeProviders(edge),
      ],
    };
  }
}
