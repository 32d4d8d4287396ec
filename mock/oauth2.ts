/** Where OAuth 2.0 tokens are given out (RFC 6749), for schemes without rules: any client gets one, if it asks as it should. */

import type { Contract, SecurityScheme } from '../openapi/contract.js';
import { nodeAt } from '../openapi/document/documents.js';
import { type Reader, readerAt } from '../openapi/document/reader.js';
import { type Field, fieldValue, type ResponseMessage } from '../openapi/http/message.js';
import { isObject, type Json, type JsonObject } from '../openapi/json.js';
import type { Random } from '../openapi/random.js';
import type { MockRequest } from './exchange.js';

/** What is served at a path: tokens, or the page that sends a browser back with a code. */
export type OAuthEndpoint = {
  readonly kind: 'token' | 'authorization';
  readonly path: string;
  /** The grants of the flows that it belongs to (RFC 6749, sections 4 and 6). */
  readonly grants: readonly string[];
  readonly scopes: readonly string[];
};

const grantOf: Readonly<Record<string, readonly string[]>> = {
  clientCredentials: ['client_credentials'],
  password: ['password', 'refresh_token'],
  authorizationCode: ['authorization_code', 'refresh_token'],
  implicit: ['implicit'],
};

const lifetime = 3600;

/** The endpoints that the schemes of a contract name, below the path that the API is served below. */
export function oauthEndpoints(
  contract: Contract,
  prefix: string,
  isByName: boolean,
): readonly OAuthEndpoint[] {
  const base = `http://localhost${prefix === '' || isByName ? '/' : prefix}`;
  const found = new Map<string, OAuthEndpoint>();
  for (const { name, reader } of flowsOf(contract)) {
    const scopes = reader.members('scopes').map(([scope]) => scope);
    for (const [kind, member] of members) {
      const url = reader.text(member);
      if (url === undefined || !URL.canParse(url, base)) continue;
      const path = `${isByName ? prefix : ''}${new URL(url, base).pathname}`;
      const known = found.get(`${kind} ${path}`) ?? { kind, path, grants: [], scopes: [] };
      const grants = [...new Set([...known.grants, ...(grantOf[name] ?? [])])];
      found.set(`${kind} ${path}`, { ...known, grants, scopes: [...new Set([...known.scopes, ...scopes])] });
    }
  }
  return [...found.values()];
}

const members = [
  ['token', 'tokenUrl'],
  ['token', 'refreshUrl'],
  ['authorization', 'authorizationUrl'],
] as const;

/** The answer of an endpoint. */
export function oauthAnswer(endpoint: OAuthEndpoint, request: MockRequest, random: Random): ResponseMessage {
  if (endpoint.kind === 'authorization') return authorization(request, random);
  if (request.method !== 'POST')
    return refusal(405, 'invalid_request', 'Tokens are asked for with POST.', [['allow', 'POST']]);
  const asked = parametersOf(request);
  const wrong = mistakeIn(endpoint, asked, request);
  return wrong ?? granted(asked, random);
}

/** The flows of the schemes that have no rules: where rules say which token is good, one that is made up is none. */
function flowsOf({ securitySchemes, documents }: Contract): readonly { name: string; reader: Reader }[] {
  const isOpen = ({ carrier, transitions, at }: SecurityScheme) =>
    carrier.kind === 'oauth2' && transitions.length === 0 && nodeAt(documents, at) !== undefined;
  return securitySchemes
    .filter(isOpen)
    .flatMap(({ at }) => readerAt(documents, at).members('flows'))
    .map(([name, reader]) => ({ name, reader }));
}

type Asked = ReadonlyMap<string, string>;

/** What a token request says, in a form (RFC 6749, appendix B) or, as many clients send it, in JSON. */
function parametersOf({ fields, content }: MockRequest): Asked {
  const text = new TextDecoder().decode(content);
  if (!/json/i.test(fieldValue(fields, 'content-type') ?? '')) return new Map(new URLSearchParams(text));
  const value = jsonIn(text);
  return new Map(
    Object.entries(isObject(value) ? value : {}).flatMap(([name, each]): [string, string][] =>
      typeof each === 'string' ? [[name, each]] : [],
    ),
  );
}

function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What each grant needs (RFC 6749, sections 4.1.3, 4.3.2, 4.4.2 and 6). */
const needs: Readonly<Record<string, readonly string[]>> = {
  authorization_code: ['code'],
  password: ['username', 'password'],
  refresh_token: ['refresh_token'],
};

/** What is wrong with a token request (RFC 6749, section 5.2). */
function mistakeIn(
  { grants, scopes }: OAuthEndpoint,
  asked: Asked,
  request: MockRequest,
): ResponseMessage | undefined {
  const grant = asked.get('grant_type');
  if (grant === undefined) return refusal(400, 'invalid_request', 'There is no grant_type.');
  if (!grants.includes(grant))
    return refusal(400, 'unsupported_grant_type', `There is no ${grant} here, only ${grants.join(' and ')}.`);
  const missing = (needs[grant] ?? []).filter((name) => (asked.get(name) ?? '') === '');
  if (missing.length > 0) return refusal(400, 'invalid_request', `There is no ${missing.join(' and no ')}.`);
  if (grant === 'client_credentials' && !isClientKnown(asked, request)) {
    const detail = 'The client sends neither Authorization: Basic nor client_id and client_secret.';
    return refusal(401, 'invalid_client', detail, [['www-authenticate', 'Basic realm="token"']]);
  }
  const unknown = scopesIn(asked).filter((scope) => scopes.length > 0 && !scopes.includes(scope));
  return unknown.length === 0
    ? undefined
    : refusal(
        400,
        'invalid_scope',
        `There is no scope ${unknown.join(' and no ')}, only ${scopes.join(', ')}.`,
      );
}

/** RFC 6749, section 2.3.1. Any client will do. */
function isClientKnown(asked: Asked, { fields }: MockRequest): boolean {
  const isBasic = /^Basic +\S/i.test(fieldValue(fields, 'authorization') ?? '');
  return isBasic || ((asked.get('client_id') ?? '') !== '' && (asked.get('client_secret') ?? '') !== '');
}

function scopesIn(asked: Asked): readonly string[] {
  return (asked.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
}

/** RFC 6749, sections 5.1 and 4.4.3: with its own credentials a client gets no refresh token. */
function granted(asked: Asked, random: Random): ResponseMessage {
  const scope = scopesIn(asked).join(' ');
  return json(200, {
    access_token: random.hex(32),
    token_type: 'Bearer',
    expires_in: lifetime,
    ...(asked.get('grant_type') !== 'client_credentials' && { refresh_token: random.hex(32) }),
    ...(scope !== '' && { scope }),
  });
}

/** Sends the browser back with a code, or with a token in the fragment (RFC 6749, sections 4.1.2 and 4.2.2). */
function authorization({ query }: MockRequest, random: Random): ResponseMessage {
  const asked: Asked = new Map(new URLSearchParams(query));
  const target = asked.get('redirect_uri') ?? '';
  if (!URL.canParse(target)) return refusal(400, 'invalid_request', 'There is no redirect_uri.');
  const type = asked.get('response_type') ?? '';
  const state = asked.get('state');
  const back = new URL(target);
  const answer = new URLSearchParams(
    type === 'code'
      ? { code: random.hex(16) }
      : type === 'token'
        ? { access_token: random.hex(32), token_type: 'Bearer', expires_in: String(lifetime) }
        : { error: 'unsupported_response_type' },
  );
  if (state !== undefined) answer.set('state', state);
  if (type === 'token') back.hash = answer.toString();
  else for (const [name, value] of answer) back.searchParams.set(name, value);
  return { status: 302, fields: [['location', back.href], ...notStored], content: undefined };
}

const notStored: readonly Field[] = [
  ['cache-control', 'no-store'],
  ['pragma', 'no-cache'],
];

function refusal(
  status: number,
  error: string,
  detail: string,
  fields: readonly Field[] = [],
): ResponseMessage {
  const { fields: own, ...answer } = json(status, { error, error_description: detail });
  return { ...answer, fields: [...own, ...fields] };
}

function json(status: number, value: JsonObject): ResponseMessage {
  const content = new TextEncoder().encode(JSON.stringify(value));
  return { status, fields: [['content-type', 'application/json'], ...notStored], content };
}
