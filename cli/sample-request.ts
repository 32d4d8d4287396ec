/** The request to try an API with: one that its contract documents and that succeeds as soon as the mock stands. */

import { isDeepStrictEqual } from 'node:util';
import type { Mock, ServedApi } from '../mock/index.js';
import { servedPath } from '../mock/mount.js';
import type { Operation, SecurityScheme } from '../openapi/contract.js';
import { writeDescribed } from '../openapi/http/described-parameter.js';
import type { Field, RequestMessage } from '../openapi/http/message.js';
import { expandPath, percentEncoded, templateNames } from '../openapi/http/path.js';
import { pathOfKey } from '../openapi/http/path-key.js';
import { seededRandom } from '../openapi/random.js';

/** So many documented examples of an API are tried, so that a large contract does not hold up the start. */
const mostTried = 24;

/**
 * Tries the documented request examples of an API, each on a probe as it starts, and gives the one whose success has the
 * largest content: it shows the most. Without any, the first GET that succeeds and has no required parameters.
 */
export async function sampleRequest(probe: Mock, api: ServedApi): Promise<RequestMessage | undefined> {
  const open = api.contract.operations.filter(
    ({ parameters }) => !parameters.some(({ required }) => required),
  );
  const documented = open.flatMap((operation) => exampleRequests(api, operation)).slice(0, mostTried);
  const plain = open.filter(({ method }) => method === 'GET').slice(0, mostTried);
  const others = api.contract.operations.filter((each) => each.method === 'GET' && !open.includes(each));
  const gets = [...plain, ...others.slice(0, mostTried)];
  return (
    (await fullest(probe, documented)) ??
    (await fullest(
      probe,
      gets.flatMap((operation) => getRequest(probe, api, operation)),
      1,
    ))
  );
}

/** Which of the documented request examples of an API it is. */
export type KnownSample = {
  readonly operation: string;
  readonly mediaType: string;
  readonly example: string;
};

/** What `sampleRequest` would find by trying among the documented examples. */
export async function triedSample(probe: Mock, api: ServedApi): Promise<KnownSample | undefined> {
  const request = await sampleRequest(probe, api);
  return knownSamples(api).find((known) => isDeepStrictEqual(knownRequest(api, known), request));
}

/** The request of an example; undefined when there is no such example. */
export function knownRequest(api: ServedApi, known: KnownSample): RequestMessage | undefined {
  const operation = api.contract.operations.find(({ id }) => id === known.operation);
  if (operation === undefined) return undefined;
  const isMeant = (each: KnownSample): boolean =>
    each.mediaType === known.mediaType && each.example === known.example;
  return exampleRequests(api, operation, isMeant)[0];
}

function knownSamples({ contract }: ServedApi): readonly KnownSample[] {
  return contract.operations.flatMap(({ id, requestBody }) =>
    (requestBody?.content ?? []).flatMap(({ mediaType, examples }) =>
      examples.map(({ name }) => ({ operation: id, mediaType, example: name })),
    ),
  );
}

/** A GET with what it needs: parameters as examples show them, else made from their schemas. */
function getRequest(probe: Mock, api: ServedApi, operation: Operation): RequestMessage[] {
  const { seed, secret, clock } = probe;
  const context = { random: seededRandom(seed), now: clock.now(), secret, fixed: {}, dynamic: false };
  const path: Record<string, string> = {};
  const query: string[] = [];
  const fields: Field[] = [];
  for (const parameter of operation.parameters.filter(({ required }) => required)) {
    const shown = parameter.examples[0]?.value;
    const { schema } = parameter;
    const value = shown ?? (schema && api.contract.generate(schema, { ...context, direction: 'request' }));
    const written = value === undefined ? undefined : writeDescribed(parameter, value);
    if (written === undefined) return [];
    if (written.in === 'path') path[parameter.name] = written.text;
    else if (written.in === 'query') query.push(written.text);
    else fields.push(written.in === 'header' ? [written.name, written.value] : ['cookie', written.text]);
  }
  const written = servedPath(api, operation);
  const key = pathOfKey(written);
  const [, fixed] = /^\?([^{}#]+)$/.exec(written.slice(key.length)) ?? [];
  if (fixed !== undefined) query.unshift(fixed);
  if (templateNames(key).some((name) => !Object.hasOwn(path, name))) return [];
  const request = message('GET', expandPath(key, path), fields, undefined);
  return [withCredential(operation, { ...request, query: query.join('&') })];
}

/** The request with a credential, where one is asked for and any will do. */
function withCredential({ security }: Operation, request: RequestMessage): RequestMessage {
  const [requirement] = security;
  let sent = request;
  for (const { scheme } of requirement ?? []) {
    if (scheme.transitions.length > 0) return request;
    sent = withCredentialOf(scheme, sent);
  }
  return sent;
}

function withCredentialOf({ carrier }: SecurityScheme, request: RequestMessage): RequestMessage {
  const withField = (name: string, value: string): RequestMessage => {
    return { ...request, fields: [...request.fields, [name, value]] };
  };
  switch (carrier.kind) {
    case 'mutualTLS':
      return request;
    case 'oauth2':
    case 'openIdConnect':
      return withField('authorization', 'Bearer token');
    case 'http':
      return withField(
        'authorization',
        carrier.scheme === 'basic' ? 'Basic dXNlcjpwYXNz' : `${carrier.scheme} token`,
      );
    case 'apiKey': {
      if (carrier.in === 'header') return withField(carrier.parameter, 'key');
      if (carrier.in === 'cookie') return withField('cookie', `${carrier.parameter}=key`);
      const pair = `${percentEncoded(carrier.parameter)}=key`;
      return { ...request, query: request.query === '' ? pair : `${request.query}&${pair}` };
    }
  }
}

/** The request whose success has the largest content, the earlier of two alike; of the first so many that succeed. */
async function fullest(
  probe: Mock,
  requests: readonly RequestMessage[],
  enough: number = requests.length,
): Promise<RequestMessage | undefined> {
  const found: { readonly request: RequestMessage; readonly size: number }[] = [];
  for (const request of requests) {
    if (found.length >= enough) break;
    const size = await sizeOfSuccess(probe, request);
    if (size !== undefined) found.push({ request, size });
  }
  const largest = Math.max(...found.map(({ size }) => size));
  return found.find(({ size }) => size === largest)?.request;
}

/** The size of the content that a request is answered with, undefined unless with success. The probe forgets the request. */
async function sizeOfSuccess(probe: Mock, request: RequestMessage): Promise<number | undefined> {
  const { method, query, fields, content } = request;
  const path = query === '' ? request.path : `${request.path}?${query}`;
  const headers = fields.map(([name, value]): [string, string] => [name, value]);
  const response = await probe.request(path, { method, headers, body: content?.slice() ?? null });
  const { byteLength } = await response.arrayBuffer();
  probe.reset();
  return response.ok ? byteLength : undefined;
}

/** The documented examples of an operation's request; only those whose content is JSON or text can stand in a shell line. */
function exampleRequests(
  api: ServedApi,
  operation: Operation,
  isWanted: (example: KnownSample) => boolean = () => true,
): RequestMessage[] {
  const { method, requestBody } = operation;
  if (method === 'GET' || method === 'HEAD' || method === 'TRACE') return [];
  return (requestBody?.content ?? []).flatMap(({ mediaType, examples }) =>
    examples.flatMap(({ name, value }) => {
      if (!isWanted({ operation: operation.id, mediaType, example: name })) return [];
      const isJson = /^[\w.+-]+\/(?:[\w.-]+\+)?json\b/i.test(mediaType);
      const text = isJson ? JSON.stringify(value) : value;
      if (typeof text !== 'string') return [];
      const path = pathOfKey(servedPath(api, operation));
      return [withCredential(operation, message(method, path, [['content-type', mediaType]], text))];
    }),
  );
}

function message(
  method: string,
  path: string,
  fields: readonly Field[],
  text: string | undefined,
): RequestMessage {
  const content = text === undefined ? undefined : new TextEncoder().encode(text);
  return { method, path, query: '', fields, content };
}
