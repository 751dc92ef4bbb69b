import type { Place } from '../codes/places.ts';
import type { CheckType, ResultKind, RiskLevel } from '../codes/results.ts';
import type { LocalizedText } from '../codes/localized-text.ts';
import type { TransportMode } from '../codes/transport-modes.ts';
import type { Province, UnitId } from '../codes/units.ts';
import type { Selector } from './selector.ts';

/** A province that takes part. Its codes and name come from the contract's code list. */
export interface MeshProvince {
  code: Province;
  iso: string;
  name: LocalizedText;
}

/** A unit of one of the three agencies, or another consumer, which issues nothing. */
export interface MeshUnit {
  id: UnitId;
  name: LocalizedText;
}

/** A place of the mesh beside the contract's own list: UN/LOCODE, its province and name. */
export interface MeshPlace {
  code: string;
  province?: Province;
  name: LocalizedText;
}

/** 互认安排: the agreement under which one unit may rely on another's checks. */
export interface Arrangement {
  id: string;
  title: LocalizedText;
  /** Whose results may be relied on. */
  issuers: Selector;
  /** Who may rely on them. */
  relying: Selector;
  checks: CheckType[];
  /** Absent: results of any kind. */
  kinds?: ResultKind[];
  /** ISO 8601 duration counted from the check's `performedAt`. */
  validFor: string;
  /** RFC 3339; the agreement's own term, `validUntil` exclusive. */
  validFrom: string;
  validUntil: string;
  conditions: ArrangementConditions;
}

/** What must hold beside the selectors. Absent conditions do not restrict. */
export interface ArrangementConditions {
  /** The seal of the examination must be the one observed now, intact. */
  sealUnbroken?: boolean;
  /** Only results whose `customs.riskLevel` is one of these. */
  riskLevels?: RiskLevel[];
  /** Prefixes of commodity codes (HS): every item relied on is under one of `only`, and under none of `except`. */
  commodities?: { only?: string[]; except?: string[] };
  transportModes?: TransportMode[];
}

/** Bounds that every service of the mesh keeps. */
export interface MeshLimits {
  /** Bytes of one result's content as JSON; more is `too-large`. */
  maxContentBytes: number;
  /** Results in one `results.submit-batch`. */
  maxBatch: number;
  /** Bytes of one NATS message; the server's `max_payload`. */
  maxPayloadBytes: number;
  /** Results packed into one internal message, at most. */
  packResults: number;
  /** Messages that a consumer fetches at once, at most. */
  fetchMessages: number;
  /** Results that one page of `results.find` holds, at most. */
  maxPage: number;
  /** Results that a unit may have accepted but not yet offered; beyond it `slow-down` is answered. */
  maxWaiting: number;
  /** ISO 8601 duration after which an unsettled result is offered again. */
  reofferAfter: string;
}

/** How requests for conditional data are dealt with; ISO 8601 durations. */
export interface AccessTerms {
  /** An owner answers within it; after that the coordinators are told. */
  answerWithin: string;
  /** So long before that the owner is reminded. */
  remindBefore: string;
  /** Nothing is granted for longer. */
  longest: string;
}

/** `mesh.yaml`, parsed: who takes part, under which agreements, within which bounds. */
export interface Mesh {
  provinces: MeshProvince[];
  units: MeshUnit[];
  /** Units that receive copies but issue nothing, such as a tax bureau. */
  consumers: MeshUnit[];
  places: MeshPlace[];
  arrangements: Arrangement[];
  access: AccessTerms;
  limits: MeshLimits;
}

/** The issuing units of a mesh, in the order of the file. */
export function unitsOf(mesh: Mesh): UnitId[] {
  return mesh.units.map((unit) => unit.id);
}

/** Everyone who may receive a copy: the units and the other consumers. */
export function consumersOf(mesh: Mesh): UnitId[] {
  return [...mesh.units, ...mesh.consumers].map((unit) => unit.id);
}

/** The places that a mesh adds to the contract's own, by UN/LOCODE, as `validateIssuer` takes them. */
export function placesOf(mesh: Mesh): Readonly<Record<string, Place>> {
  return Object.fromEntries(mesh.places.map(({ code, ...place }) => [code, place]));
}
