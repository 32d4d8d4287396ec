/** The request to try an API with: one that its contract documents and that succeeds as soon as the mock stands. */

import type { Mock, ServedApi } from '../mock/index.js';
import type { Operation } from '../openapi/contract.js';
import type { Field, RequestMessage } from '../openapi/message.js';

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
  const documented = open.flatMap((operation) => exampleRequests(operation, api.prefix)).slice(0, mostTried);
  const gets = open.filter(({ method }) => method === 'GET').slice(0, mostTried);
  const plain = gets.map(({ path }) => message('GET', `${api.prefix}${path}`, [], undefined));
  return (await fullest(probe, documented)) ?? (await fullest(probe, plain, 1));
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
  const { method, path, fields, content } = request;
  const headers = fields.map(([name, value]): [string, string] => [name, value]);
  const response = await probe.request(path, { method, headers, body: content?.slice() ?? null });
  const { byteLength } = await response.arrayBuffer();
  probe.reset();
  return response.ok ? byteLength : undefined;
}

/** The documented examples of an operation's request; only those whose content is JSON or text can stand in a shell line. */
function exampleRequests({ method, path, requestBody }: Operation, prefix: string): RequestMessage[] {
  if (method === 'GET' || method === 'HEAD' || method === 'TRACE') return [];
  return (requestBody?.content ?? []).flatMap(({ mediaType, examples }) =>
    examples.flatMap(({ value }) => {
      const isJson = /^[\w.+-]+\/(?:[\w.-]+\+)?json\b/i.test(mediaType);
      const text = isJson ? JSON.stringify(value) : value;
      if (typeof text !== 'string') return [];
      return [message(method, `${prefix}${path}`, [['content-type', mediaType]], text)];
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
