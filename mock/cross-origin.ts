/** CORS (Fetch, section 3.2): which origins browsers may call from, and the fields that they are shown. */

import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { Field, ResponseMessage } from '../openapi/http/message.js';

const exposed = ['Preference-Applied', 'WWW-Authenticate', 'Location', 'Link', 'Allow', 'Retry-After'];
const exposing: Field = ['access-control-expose-headers', exposed.join(',')];

/** Answers preflights (Fetch, section 3.2.2). Any other OPTIONS is a request like all others. */
export function preflights(origins: true | readonly string[]): MiddlewareHandler {
  const handle = cors({ origin: origins === true ? '*' : [...origins], exposeHeaders: exposed });
  return async (context, next) => {
    const isPreflight = context.req.header('access-control-request-method') !== undefined;
    return isPreflight ? handle(context, next) : next();
  };
}

/** The fields by which an answer may be read by pages of these origins. */
export function crossOriginFields(
  origins: true | readonly string[],
  method: string,
  origin: string | undefined,
): readonly Field[] {
  const allowing: readonly Field[] =
    origins === true
      ? [['access-control-allow-origin', '*']]
      : origin !== undefined && origins.includes(origin)
        ? [['access-control-allow-origin', origin]]
        : [];
  if (method === 'OPTIONS') return allowing;
  return origins === true ? [...allowing, exposing] : [...allowing, exposing, ['vary', 'Origin']];
}

/** The message with these fields, which stand in the place of what the API says of other origins itself. */
export function withCrossOrigin(message: ResponseMessage, fields: readonly Field[]): ResponseMessage {
  const own = message.fields.filter(
    ([name]) => !fields.some(([other]) => other !== 'vary' && other === name.toLowerCase()),
  );
  return { ...message, fields: [...own, ...fields] };
}
