/** Injection token of the GatewayHost: an interface leaves nothing at run time that Nest could inject by. */
export const GATEWAY_HOST = Symbol('GatewayHost');
/** Injection token of what the console is told about signing in. */
export const SIGN_IN = Symbol('SignIn');
