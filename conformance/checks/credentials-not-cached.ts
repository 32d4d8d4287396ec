/** Answers that are for one client alone are kept by no shared cache. */

import type { Contract, Operation } from '../../openapi/contract.js';
import { fieldValue, type ResponseMessage } from '../../openapi/http/message.js';
import { asObject, isObject } from '../../openapi/json.js';
import type { Ask, Check, Deviation, Exchange } from '../check.js';
import { isSuccess, leavesOf } from './reading/response.js';
import { isToken } from './reading/signing-key.js';
import { shortened } from './reading/words.js';

/**
 * Reports successes behind authentication that invite shared caches to store them, and tokens with a lifetime in caches.
 * That `no-store` is missing is noted for OAuth token endpoints alone: nobody requires it elsewhere.
 */
export const credentialsNotCached: Check = {
  name: 'credentials-not-cached',
  promise: 'What is answered to a credential, or carries tokens, is stored by no shared cache.',
  specification: {
    sentence:
      'A shared cache stores the answer to a request with Authorization only when the response says so, by public, s-maxage or must-revalidate.',
    section: 'RFC 9111, section 3.5',
  },
  severity: 'error',
  begin: () => ask,
};

const ask: Ask = (exchange) => {
  const { response } = exchange;
  if (response === undefined || !isSuccess(response.status)) return [];
  return [...invitation(exchange, response), ...tokenEndpoint(exchange, response)];
};

function invitation(exchange: Exchange, response: ResponseMessage): readonly Deviation[] {
  const directives = directivesOf(response);
  if (['no-store', 'no-cache', 'private'].some((name) => directives.has(name))) return [];
  // What is never fresh is asked for again each time (RFC 9111, section 4.2).
  const freshness = directives.get('s-maxage') ?? directives.get('max-age');
  const isFresh = freshness === undefined || Number(freshness) > 0;
  const isShared = isFresh && (directives.has('public') || directives.has('s-maxage'));
  const isKept =
    isShared || Number(directives.get('max-age') ?? 0) > 0 || isFreshByDate(response, directives);
  const isToken = carriesToken(exchange);
  if (isToken ? !isKept : !(isShared && isProtected(exchange))) return [];
  const names = ['cache-control', 'expires'];
  const fields = response.fields.filter(([name]) => names.includes(name.toLowerCase()));
  return [
    {
      title: isToken
        ? 'the response carries a token and may be cached'
        : 'the response to a credential may be stored by shared caches',
      expected: 'Cache-Control: no-store, or private',
      actual: shortened(fields.map((field) => field.join(': ')).join('; ')),
    },
  ];
}

/** Whether it was a credential that opened this: an operation that is open to anybody may be cached for anybody. */
function isProtected({ situation, operation, request }: Exchange): boolean {
  const isNeeded = operation !== undefined && operation.security.length > 0;
  const isGiven = situation.authentication === 'accepted' || situation.authentication === 'uncertain';
  return isNeeded && isGiven && fieldValue(request.fields, 'authorization') !== undefined;
}

function carriesToken({ body }: Exchange): boolean {
  return leavesOf(body).some(isToken);
}

/** The token endpoint of an OAuth 2.0 flow (RFC 6749, section 5.1). */
function tokenEndpoint(exchange: Exchange, response: ResponseMessage): readonly Deviation[] {
  const { contract, operation, body } = exchange;
  const hasToken = isObject(body) && typeof body.access_token === 'string';
  if (operation === undefined || !hasToken || directivesOf(response).has('no-store')) return [];
  if (!isTokenEndpoint(contract, operation)) return [];
  return [
    {
      severity: 'note',
      title: 'the OAuth token response lacks Cache-Control: no-store',
      expected: 'Cache-Control: no-store (RFC 6749, section 5.1)',
      actual: `Cache-Control: ${fieldValue(response.fields, 'cache-control') ?? 'none'}`,
    },
  ];
}

function isTokenEndpoint({ document, servers }: Contract, operation: Operation): boolean {
  const root: unknown = document;
  const schemes = asObject(asObject(isObject(root) ? root.components : undefined).securitySchemes);
  const urls = Object.values(schemes).flatMap((scheme) =>
    Object.values(asObject(asObject(scheme).flows)).map((flow) => asObject(flow).tokenUrl),
  );
  const bases = ['', ...servers.map(pathOf)].map((base) => base.replace(/\/+$/, ''));
  return urls.some(
    (url) => typeof url === 'string' && bases.some((base) => pathOf(url) === `${base}${operation.path}`),
  );
}

function pathOf(url: string): string {
  const base = 'http://localhost/';
  return URL.canParse(url, base) ? new URL(url, base).pathname : '';
}

/** The directives of Cache-Control by their names, in lower case (RFC 9111, section 5.2). */
function directivesOf({ fields }: ResponseMessage): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const part of (fieldValue(fields, 'cache-control') ?? '').split(',')) {
    const [name = '', value = ''] = part.split('=');
    if (name.trim() !== '') directives.set(name.trim().toLowerCase(), value.trim().replaceAll('"', ''));
  }
  return directives;
}

/** Whether Expires lies after Date; max-age has the last word (RFC 9111, section 5.3). */
function isFreshByDate({ fields }: ResponseMessage, directives: ReadonlyMap<string, string>): boolean {
  if (directives.has('max-age')) return false;
  const expires = Date.parse(fieldValue(fields, 'expires') ?? '');
  const date = Date.parse(fieldValue(fields, 'date') ?? '');
  return expires > date;
}
