/** The content of a request, read no further than a limit. */

import type { IncomingMessage } from 'node:http';

/** The content; undefined when there is none, `'too-large'` when it is over the limit. */
export type RequestContent = Uint8Array | undefined | 'too-large';

/**
 * The content of a request: at once where there is none. What came over a socket has content only if it says so
 * (RFC 9112, section 6.3), and then its stream need not be made to see that it is empty.
 */
export function contentOf(
  request: Request,
  limit: number,
  incoming?: IncomingMessage,
): RequestContent | Promise<RequestContent> {
  const length = incoming ? incoming.headers['content-length'] : request.headers.get('content-length');
  if (typeof length === 'string') {
    if (Number(length) > limit) return 'too-large';
    if (Number(length) === 0) return undefined;
    return incoming === undefined
      ? request.arrayBuffer().then((content) => withinLimit(content, limit))
      : received(incoming);
  }
  const isStreamed = incoming
    ? incoming.headers['transfer-encoding'] !== undefined
    : request.headers.has('transfer-encoding');
  if (!isStreamed && (incoming !== undefined || request.method === 'GET' || request.method === 'HEAD'))
    return undefined;
  return request.body === null ? undefined : readUpTo(request.body, limit);
}

/** What has arrived, in memory of its own: the chunks lie in blocks that would be kept as a whole. */
function received(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    incoming.on('data', (chunk: Uint8Array) => void chunks.push(chunk));
    incoming.once('end', () => resolve(Buffer.concat(chunks)));
    incoming.once('error', reject);
  });
}

/** In process a length may be wrong, and GET may have a length but no content that can be read. */
function withinLimit(content: ArrayBuffer, limit: number): RequestContent {
  if (content.byteLength > limit) return 'too-large';
  return content.byteLength === 0 ? undefined : new Uint8Array(content);
}

async function readUpTo(body: ReadableStream<Uint8Array>, limit: number): Promise<RequestContent> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) return 'too-large';
    chunks.push(chunk);
  }
  return size === 0 ? undefined : Buffer.concat(chunks);
}
