import { METHODS } from 'node:http';
import { problem } from '@clearance/contracts';
import type { HttpRequest, HttpResponse } from './call.ts';
import { ProblemError } from './problem-filter.ts';

/** Of Express's router what it tells of its routes. */
export interface Routes {
  stack: { route?: Route; match(path: string): boolean }[];
}

interface Route {
  path: string;
  methods: Record<string, boolean>;
}

/**
 * A step before the routes: a method for which a path has no route is answered 405 with `Allow` (RFC 9110, 15.5.6), where
 * Express would say that there is no such path. It is no secret: the description names them all.
 */
export function refuseMethods(routes: () => Routes) {
  return ({ method, path }: HttpRequest, response: HttpResponse, next: (error?: unknown) => void): void => {
    const allowed = methodsOf(routes(), path);
    if (allowed.length === 0 || allowed.includes(method)) return next();
    response.setHeader('Allow', allowed.join(', '));
    next(new ProblemError(problem('method-not-allowed')));
  };
}

/**
 * The methods for which a path has a route; none where there is no such path, or it cannot be read. Where a path is a route
 * as it stands (`/drafts/restore`), its last part is no id for another route (`/drafts/:draftId`).
 */
function methodsOf({ stack }: Routes, path: string): string[] {
  let matching: Route[];
  try {
    matching = stack.flatMap((layer) => (layer.route !== undefined && layer.match(path) ? [layer.route] : []));
  } catch {
    return [];
  }
  const literal = matching.filter((route) => route.path === path);
  const methods = (literal.length > 0 ? literal : matching).flatMap((route) => Object.keys(route.methods));
  const found = new Set(methods.map((name) => name.toUpperCase()));
  // Express answers HEAD by what is there for GET.
  if (found.has('GET')) found.add('HEAD');
  return METHODS.filter((name) => found.has(name));
}
