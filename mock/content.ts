/** The content of a request, read no further than a limit. */

/**
 * The content of a request; undefined when it has none, `'too-large'` when it is over the limit. What came over a socket
 * has content only if it says so (RFC 9112, section 6.3), and then its stream need not be made to see that it is empty.
 */
export async function contentOf(
  request: Request,
  limit: number,
  isFromSocket = false,
): Promise<Uint8Array | undefined | 'too-large'> {
  const length = request.headers.get('content-length');
  if (length !== null) {
    if (Number(length) > limit) return 'too-large';
    return Number(length) === 0 ? undefined : withinLimit(await request.arrayBuffer(), limit);
  }
  const isStreamed = request.headers.has('transfer-encoding');
  if (!isStreamed && (isFromSocket || request.method === 'GET' || request.method === 'HEAD'))
    return undefined;
  return request.body === null ? undefined : readUpTo(request.body, limit);
}

/** In process a length may be wrong, and GET may have a length but no content that can be read. */
function withinLimit(content: ArrayBuffer, limit: number): Uint8Array | undefined | 'too-large' {
  if (content.byteLength > limit) return 'too-large';
  return content.byteLength === 0 ? undefined : new Uint8Array(content);
}

async function readUpTo(
  body: ReadableStream<Uint8Array>,
  limit: number,
): Promise<Uint8Array | undefined | 'too-large'> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) return 'too-large';
    chunks.push(chunk);
  }
  return size === 0 ? undefined : Buffer.concat(chunks);
}
