/** Access tokens of OAuth 2.0, by client credentials (RFC 6749, section 4.4). */

import type { SecurityScheme } from '../../openapi/contract.js';
import { type Documents, nodeAt } from '../../openapi/document/documents.js';
import { readerAt } from '../../openapi/document/reader.js';
import type { Field, RequestMessage, ResponseMessage } from '../../openapi/http/message.js';
import { asObject, isObject, type Json, type JsonObject } from '../../openapi/json.js';
import type { Target } from '../target.js';

/** A token, and when it ends if the server says so; or why there is none. `isAway`: nobody has answered. */
export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: string; readonly expiresAt: number | undefined }
  | { readonly kind: 'none'; readonly why: string; readonly isAway: boolean };

export type ClientCredentials = {
  readonly id: string;
  readonly secret: string;
  readonly scopes: readonly string[];
  /** Where tokens are given out; `discovered`: a document that says where (OpenID Connect Discovery 1.0, section 4). */
  readonly endpoint: { readonly url: URL; readonly discovered: boolean };
  /** The server of a URL, to which the path of the message is added. */
  readonly reach: (origin: string) => Target;
  readonly clock: () => number;
  readonly signal?: AbortSignal;
};

/**
 * Where a scheme gives out tokens: the token URL of its client credentials flow, else of another flow, else what its
 * OpenID Connect document says. A relative URL is meant from the server on (OpenAPI 3.1.1, section 4.3.2). Undefined when
 * the contract says nothing.
 */
export function tokenEndpoint(
  documents: Documents,
  { at }: SecurityScheme,
  base: string | undefined,
): ClientCredentials['endpoint'] | undefined {
  if (nodeAt(documents, at) === undefined) return undefined;
  const scheme = readerAt(documents, at);
  const flows = ['clientCredentials', 'password', 'authorizationCode'].flatMap(
    (name) => scheme.member('flows')?.member(name)?.text('tokenUrl') ?? [],
  );
  const [token] = flows;
  const written = token ?? scheme.text('openIdConnectUrl');
  if (written === undefined || !URL.canParse(written, base)) return undefined;
  const url = new URL(written, base);
  return /^https?:$/.test(url.protocol) ? { url, discovered: token === undefined } : undefined;
}

/** A way to fetch tokens that remembers how the server wants the client to authenticate. */
export function tokenSource(options: ClientCredentials): () => Promise<TokenAnswer> {
  let inContent = false;
  let scopes = options.scopes;
  let known: URL | undefined = options.endpoint.discovered ? undefined : options.endpoint.url;
  return async () => {
    if (known === undefined) {
      const found = await discovered(options);
      if (!(found instanceof URL)) return found;
      known = found;
    }
    for (;;) {
      const answer = await asked(known, { ...options, scopes }, inContent);
      if (answer.kind !== 'refused') return answer;
      // Every server must take Basic, and some take only the content (RFC 6749, section 2.3.1).
      if (answer.error === 'invalid_client' && !inContent) inContent = true;
      // Without scopes a server gives those that it gives by default (RFC 6749, section 3.3).
      else if (answer.error === 'invalid_scope' && scopes.length > 0) scopes = [];
      else return none(answer.why);
    }
  };
}

type Asked = TokenAnswer | { readonly kind: 'refused'; readonly error: string; readonly why: string };

async function asked(url: URL, options: ClientCredentials, inContent: boolean): Promise<Asked> {
  const { id, secret, scopes, clock } = options;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  if (inContent) form.set('client_id', id);
  if (inContent) form.set('client_secret', secret);
  const basic = Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64');
  const fields: readonly Field[] = [
    ['accept', 'application/json'],
    ['content-type', 'application/x-www-form-urlencoded'],
    ...(inContent ? [] : [['authorization', `Basic ${basic}`] as const]),
  ];
  const content = new TextEncoder().encode(form.toString());
  const asking = clock();
  const response = await exchanged(url, { method: 'POST', fields, content }, options);
  if ('kind' in response) return response;
  const body = bodyOf(response);
  const where = `${url.origin}${url.pathname}`;
  if (response.status === 200) {
    const { access_token: token, token_type: type, expires_in: seconds } = body;
    if (typeof token !== 'string' || token === '')
      return none(`${where} answers 200 without an access_token`);
    if (typeof type === 'string' && /^(?:mac|dpop|pop)$/i.test(type))
      return none(`${where} gives a token of the type ${type}, which no Authorization: Bearer carries`);
    const lifetime = Number(seconds);
    const expiresAt = lifetime > 0 ? asking + lifetime * 1000 - Math.min(10_000, lifetime * 100) : undefined;
    return { kind: 'token', token, expiresAt };
  }
  const said = typeof body.error === 'string' ? body.error : '';
  const error = said === '' && response.status === 401 ? 'invalid_client' : said;
  const told = typeof body.error_description === 'string' ? `: ${body.error_description.slice(0, 200)}` : '';
  return { kind: 'refused', error, why: `${where} answers ${`${response.status} ${said}`.trim()}${told}` };
}

async function discovered(options: ClientCredentials): Promise<URL | (TokenAnswer & { kind: 'none' })> {
  const { url } = options.endpoint;
  const message = { method: 'GET', fields: [['accept', 'application/json']] as const, content: undefined };
  const response = await exchanged(url, message, options);
  if ('kind' in response) return response;
  const endpoint = bodyOf(response).token_endpoint;
  if (typeof endpoint === 'string' && URL.canParse(endpoint)) return new URL(endpoint);
  return none(`${url.origin}${url.pathname} answers ${response.status} and names no token_endpoint`);
}

async function exchanged(
  url: URL,
  message: Pick<RequestMessage, 'method' | 'fields' | 'content'>,
  { reach, signal }: ClientCredentials,
): Promise<ResponseMessage | (TokenAnswer & { kind: 'none' })> {
  const request = { ...message, path: url.pathname, query: url.search.slice(1) };
  const outcome = await reach(url.origin)(request, signal);
  if (outcome.kind === 'response') return outcome.response;
  return none(`${url.origin}${url.pathname} gives no answer: ${outcome.why}`, true);
}

function bodyOf({ content = new Uint8Array() }: ResponseMessage): JsonObject {
  try {
    const value: Json = JSON.parse(new TextDecoder().decode(content));
    return isObject(value) ? value : {};
  } catch {
    return asObject(undefined);
  }
}

/** As names and passwords of clients stand in Basic (RFC 6749, section 2.3.1 and appendix B). */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

function none(why: string, isAway = false): TokenAnswer & { kind: 'none' } {
  return { kind: 'none', why, isAway };
}
