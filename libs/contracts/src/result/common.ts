import { Type, type Static } from 'typebox';
import { AGENCIES } from '../codes/units.ts';
import { HANDLING_CODES } from '../codes/findings.ts';
import { CHECK_OUTCOMES, CHECK_TYPES, CONCLUSIONS, DIRECTIONS, SEAL_CONDITIONS } from '../codes/results.ts';
import { TRANSPORT_MODES, type TransportMode } from '../codes/transport-modes.ts';
import {
  closed,
  commodityCode,
  containerNumber,
  count,
  country,
  creditCode,
  customsOffice,
  declarationNumber,
  imoNumber,
  itemNumber,
  itemQuantity,
  money,
  quantity,
  referenceNumber,
  text,
  timestamp,
  unlocode,
} from './scalars.ts';

/** A seal as found (WCO: Seal). `replaces` links an official resealing to the seal that was opened. */
export const SealSchema = Type.Object(
  {
    number: referenceNumber(32),
    condition: Type.Enum([...SEAL_CONDITIONS]),
    replaces: Type.Optional(referenceNumber(32)),
    affixedBy: Type.Optional(Type.Enum(['customs', 'inspection', 'carrier', 'shipper'])),
  },
  closed,
);
export type Seal = Static<typeof SealSchema>;

/** A container (WCO: TransportEquipment). `sizeType` is the four-character code of ISO 6346. */
export const ContainerSchema = Type.Object(
  {
    number: containerNumber(),
    sizeType: Type.Optional(Type.String({ pattern: '^[1-9A-PR-W][0-9A-Z][A-Z][0-9A-Z]$', maxLength: 4 })),
    loadStatus: Type.Optional(Type.Enum(['full', 'empty'])),
    grossWeight: Type.Optional(quantity()),
    seals: Type.Optional(Type.Array(SealSchema, { maxItems: 16 })),
  },
  closed,
);
export type Container = Static<typeof ContainerSchema>;

/** One line of goods (WCO: Commodity). */
export const GoodsSchema = Type.Object(
  {
    item: itemNumber(),
    commodityCode: commodityCode(),
    description: text(255),
    origin: Type.Optional(country()),
    quantity: Type.Optional(quantity()),
    netWeight: Type.Optional(quantity()),
    value: Type.Optional(money()),
    packages: Type.Optional(
      Type.Object(
        {
          count: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
          material: Type.Optional(Type.Enum(['wood', 'paper', 'plastic', 'metal', 'textile', 'bulk', 'other'])),
        },
        closed,
      ),
    ),
    manufacturer: Type.Optional(
      Type.Object({ name: text(128), registration: Type.Optional(referenceNumber(32)) }, closed),
    ),
  },
  closed,
);
export type Goods = Static<typeof GoodsSchema>;

/** A firm. A foreign one has no credit code. */
export const PartySchema = Type.Object(
  { creditCode: Type.Optional(creditCode()), name: text(128), country: Type.Optional(country()) },
  closed,
);
export type Party = Static<typeof PartySchema>;

/** The crossing vessel, train, vehicle or aircraft (WCO: BorderTransportMeans). */
export const ConveyanceSchema = Type.Object(
  {
    imoNumber: Type.Optional(imoNumber()),
    name: Type.Optional(text(64)),
    registration: Type.Optional(text(20)),
    journey: Type.Optional(referenceNumber(32)),
    nationality: Type.Optional(country()),
    wagons: Type.Optional(Type.Array(referenceNumber(16), { maxItems: 150, uniqueItems: true })),
  },
  closed,
);
export type Conveyance = Static<typeof ConveyanceSchema>;

/** What a check examined. What it does not name, it does not cover. */
export const CoversSchema = Type.Object(
  {
    containers: Type.Optional(Type.Array(containerNumber(), { maxItems: 500 })),
    items: Type.Optional(Type.Array(itemNumber(), { maxItems: 999 })),
    quantities: Type.Optional(Type.Array(itemQuantity(), { maxItems: 999 })),
  },
  closed,
);
export type Covers = Static<typeof CoversSchema>;

/** One examination. Without `covers` it covers no container and no item: nobody can rely on it for goods. */
export const CheckSchema = Type.Object(
  {
    type: Type.Enum([...CHECK_TYPES]),
    outcome: Type.Enum([...CHECK_OUTCOMES]),
    performedAt: timestamp(),
    equipment: Type.Optional(referenceNumber(64)),
    method: Type.Optional(text(128)),
    inspectorsCount: Type.Optional(Type.Integer({ minimum: 1, maximum: 99 })),
    jointWith: Type.Optional(Type.Array(Type.Enum([...AGENCIES]), { maxItems: 3, uniqueItems: true })),
    remarks: Type.Optional(text(500)),
    covers: Type.Optional(CoversSchema),
  },
  closed,
);
export type Check = Static<typeof CheckSchema>;

/** The members that a result of any kind may have, beside `kind` and the agency's own part. */
export const commonMembers = {
  reference: referenceNumber(64),
  office: Type.Optional(customsOffice()),
  location: unlocode(),
  direction: Type.Enum([...DIRECTIONS]),
  transportMode: Type.Enum(Object.keys(TRANSPORT_MODES) as TransportMode[]),
  handling: Type.Optional(Type.Enum([...HANDLING_CODES])),
  declarationNumber: Type.Optional(declarationNumber()),
  transportDocument: Type.Optional(referenceNumber(35)),
  manifestNumber: Type.Optional(referenceNumber(35)),
  conveyance: Type.Optional(ConveyanceSchema),
  containers: Type.Optional(Type.Array(ContainerSchema, { maxItems: 500 })),
  packagesCount: Type.Optional(count(10_000_000)),
  goods: Type.Optional(Type.Array(GoodsSchema, { maxItems: 999 })),
  consignee: Type.Optional(PartySchema),
  consignor: Type.Optional(PartySchema),
  declarant: Type.Optional(PartySchema),
  carrier: Type.Optional(PartySchema),
  checks: Type.Array(CheckSchema, { minItems: 1, maxItems: 50 }),
  conclusion: Type.Enum([...CONCLUSIONS]),
  validUntil: Type.Optional(timestamp()),
  remarks: Type.Optional(text(1000)),
};
