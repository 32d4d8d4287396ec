/** CORS (Fetch, section 3.2): which origins browsers may call from, and the fields that they are shown. */

import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';

/** Preflights (Fetch, section 3.2.2) are answered here; any other OPTIONS is a request like all others. */
export function corsFor(origins: true | readonly string[]): MiddlewareHandler {
  const exposeHeaders = [
    'Preference-Applied',
    'WWW-Authenticate',
    'Location',
    'Link',
    'Allow',
    'Retry-After',
  ];
  const handle = cors({ origin: origins === true ? '*' : [...origins], exposeHeaders });
  return async function preflightsAndFields(context, next) {
    const { method } = context.req;
    if (method !== 'OPTIONS' || context.req.header('access-control-request-method') !== undefined)
      return handle(context, next);
    const origin = context.req.header('origin') ?? '';
    await next();
    if (origins === true) context.header('access-control-allow-origin', '*');
    else if (origins.includes(origin)) context.header('access-control-allow-origin', origin);
    return undefined;
  };
}
