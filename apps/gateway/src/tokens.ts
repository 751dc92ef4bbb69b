/** Injection token of the GatewayHost: an interface leaves nothing at run time that Nest could inject by. */
export const GATEWAY_HOST = Symbol('GatewayHost');
