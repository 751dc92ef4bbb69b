/** Injection token of the UnitHost: an interface leaves nothing at run time that Nest could inject by. */
export const UNIT_HOST = Symbol('UnitHost');
