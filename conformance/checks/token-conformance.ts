/** Tokens are what the contract and RFC 7519 say they are. */

import { hash } from 'node:crypto';
import type { Place } from '../../openapi/document/documents.js';
import { fieldValue } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import { decodeToken } from '../../openapi/token.js';
import {
  type FoundToken,
  instantViolation,
  responseInstants,
  responseTokens,
  tokenViolations,
} from '../../openapi/token-violations.js';
import type { Check, Deviation, Exchange } from '../check.js';
import { isSafe } from './reading/request.js';
import { describedBy, mediaTypeOf } from './reading/response.js';
import {
  documentedResponse,
  loose,
  type Standing,
  standingOf,
  standingOfResponse,
} from './reading/standing.js';
import { shortened, shown } from './reading/words.js';

type Seen = { readonly texts: Map<string, string>; readonly identifiers: Map<string, string> };

/**
 * Looks into the tokens that the contract describes: their form, header and claims, that they live for the documented time
 * from now, and that no two of a run are the same. What only samples tell is a note; what RFC 7519 says is an error.
 */
export const tokenConformance: Check = {
  name: 'token-conformance',
  promise: 'Tokens have the documented form, claims and lifetime, and no two are the same.',
  specification: {
    sentence:
      'exp, nbf and iat are numbers of seconds, a jti is given to one token only, and a token lives as long as is documented.',
    section: 'RFC 7519, sections 2 and 4.1, and x-lifetime',
  },
  severity: 'error',
  begin: () => {
    const seen: Seen = { texts: new Map(), identifiers: new Map() };
    return (exchange) => {
      const documented = documentedResponse(exchange);
      const { contract, request, response, body } = exchange;
      const mediaType = response && mediaTypeOf(response);
      if (documented === undefined || mediaType === undefined || body === undefined) return [];
      const schema = describedBy(documented, mediaType)?.schema;
      if (schema === undefined || standingOfResponse(exchange, documented) === undefined) return [];
      const tokens = responseTokens(contract, schema, body);
      return [
        ...twins(exchange, tokens),
        ...tokens.flatMap((token) => [
          ...formOf(exchange, token),
          ...issuedWhen(exchange, token),
          ...(isSafe(request.method) ? [] : repetition(token, seen)),
        ]),
        ...instants(exchange, schema, body, tokens),
      ];
    };
  },
};

/** As far as the clock of a server may be off, in seconds. */
const drift = 300;
/** As far as two roundings may be apart. */
const rounding = 2;

function standingAt({ contract }: Exchange, at: Place): Standing {
  return standingOf(contract.reasonFor(at) !== undefined);
}

function formOf(exchange: Exchange, { pointer, schema, token }: FoundToken): readonly Deviation[] {
  // An encrypted token (RFC 7516, section 7.1) is one that cannot be looked into.
  if (token.split('.').length === 5) return [];
  const decoded = decodeToken(token);
  const actual =
    decoded === undefined ? shortened(token) : `${shown(decoded.header)} ${shown(decoded.claims)}`;
  const found = tokenViolations(exchange.contract, schema, token, pointer).map((violation): Deviation => {
    const { byStandard, message, section } = violation;
    const expected = section === undefined ? 'the token that the contract describes' : `what ${section} says`;
    const standing = byStandard ? {} : standingAt(exchange, violation.schema);
    return {
      ...standing,
      at: violation.schema,
      pointer,
      title: `the token at ${pointer}: ${message}`,
      expected,
      actual,
    };
  });
  if (decoded === undefined || typeof decoded.header.alg === 'string') return found;
  const title = `the header of the token at ${pointer} has no alg`;
  return [...found, { at: schema, pointer, title, expected: 'alg (RFC 7515, section 4.1.1)', actual }];
}

/** The instant of the response in milliseconds: by the clock of the server or, without a Date field, of this machine. */
function instantOf({ response, startedAt }: Exchange): { readonly now: number; readonly isOwn: boolean } {
  const date = Date.parse(fieldValue(response?.fields ?? [], 'date') ?? '');
  return Number.isNaN(date) ? { now: startedAt, isOwn: false } : { now: date, isOwn: true };
}

/** Whether instants of the response can be compared with now. What GET shows may have been made at any time. */
function isOfNow({ clockMoved, request }: Exchange): boolean {
  return !clockMoved && !isSafe(request.method);
}

function issuedWhen(exchange: Exchange, { pointer, schema, token }: FoundToken): readonly Deviation[] {
  const iat = decodeToken(token)?.claims.iat;
  if (!isOfNow(exchange) || typeof iat !== 'number' || iat >= firstMilliseconds) return [];
  const { now, isOwn } = instantOf(exchange);
  const distance = Math.round(iat - now / 1000);
  if (Math.abs(distance) <= drift) return [];
  return [
    {
      ...(isOwn ? {} : loose),
      at: schema,
      pointer,
      title: `the token at ${pointer} says that it was issued at another time than now`,
      expected: `iat ${Math.round(now / 1000)}`,
      actual: `iat ${iat}, ${Math.round(Math.abs(distance) / 60)} minutes ${distance < 0 ? 'before' : 'after'}`,
    },
  ];
}

/** In seconds the year 5138: a greater number is meant as milliseconds, which is told as such. */
const firstMilliseconds = 1e11;

/** Two tokens of one response that are one. */
function twins(exchange: Exchange, tokens: readonly FoundToken[]): readonly Deviation[] {
  return tokens.flatMap(({ pointer, schema, token }, index) => {
    const twin = tokens.slice(0, index).find((other) => other.token === token);
    if (twin === undefined) return [];
    const title = `the tokens at ${twin.pointer} and ${pointer} are the same`;
    const expected = 'two tokens';
    return [
      { ...standingAt(exchange, schema), at: schema, pointer, title, expected, actual: shortened(token) },
    ];
  });
}

/** A token or a `jti` that was given out before. */
function repetition({ pointer, schema, token }: FoundToken, seen: Seen): readonly Deviation[] {
  const own = hash('sha256', token, 'base64');
  const before = seen.texts.get(own);
  seen.texts.set(own, pointer);
  if (before !== undefined) {
    if (before !== pointer) return [];
    const title = `the token at ${pointer} was given out before`;
    return [{ ...loose, at: schema, pointer, title, expected: 'a new token', actual: shortened(token) }];
  }
  const { jti, iss } = decodeToken(token)?.claims ?? {};
  if (typeof jti !== 'string') return [];
  const identifier = JSON.stringify([iss ?? null, jti]);
  const other = seen.identifiers.get(identifier);
  seen.identifiers.set(identifier, pointer);
  if (other === undefined) return [];
  return [
    {
      at: schema,
      pointer,
      title: 'two tokens have the same jti',
      expected: 'a jti of its own for each token (RFC 7519, section 4.1.7)',
      actual: `jti ${shown(jti)}, as in the token at ${other} before`,
    },
  ];
}

/** Instants that are documented to lie a time from now: beside a token they are its `exp`. */
function instants(
  exchange: Exchange,
  schema: Place,
  body: Json,
  tokens: readonly FoundToken[],
): readonly Deviation[] {
  return responseInstants(exchange.contract, schema, body).flatMap((found): readonly Deviation[] => {
    const { pointer, instant } = found;
    if (instant === undefined) return [];
    const actual = new Date(instant).toISOString();
    const parent = pointer.slice(0, pointer.lastIndexOf('/') + 1);
    const beside = tokens.find((token) => token.pointer.startsWith(parent));
    const exp = beside && decodeToken(beside.token)?.claims.exp;
    if (typeof exp === 'number' && exp < firstMilliseconds) {
      if (Math.abs(exp - instant / 1000) <= rounding) return [];
      const title = `${pointer} is not the exp of the token beside it`;
      const expected = new Date(exp * 1000).toISOString();
      return [{ ...standingAt(exchange, found.schema), at: found.schema, pointer, title, expected, actual }];
    }
    const { now, isOwn } = instantOf(exchange);
    const violation = isOfNow(exchange) ? instantViolation(found, now, drift) : undefined;
    if (violation === undefined) return [];
    const standing = isOwn ? standingAt(exchange, violation.schema) : loose;
    const expected = `${found.lifetime} after ${new Date(now).toISOString()}`;
    return [
      {
        ...standing,
        at: violation.schema,
        pointer,
        title: `${pointer} ${violation.message}`,
        expected,
        actual,
      },
    ];
  });
}
