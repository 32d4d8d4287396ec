/** HTTP/1.1 by hand: what goes out is what the test wrote, and what comes back is kept as it came, broken or not. */

import { connect } from 'node:net';

export type Request = {
  readonly method: string;
  /** An absolute URL. */
  readonly url: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly content?: Buffer;
};

export type Reply = {
  /** 0 when what came is no answer. */
  readonly status: number;
  /** Names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The content as its framing has it, or all that came when the framing is broken. */
  readonly content: Buffer;
  /** What is wrong with the framing (RFC 9112, section 6), how the connection ended; empty when all is well. */
  readonly faults: readonly string[];
  readonly milliseconds: number;
};

const mostBytes = 1_048_576;

/** Sends one request on a connection of its own and reads until the server closes it, or for so many milliseconds. */
export function exchange(request: Request, within = 10_000): Promise<Reply> {
  const { hostname, port } = new URL(request.url);
  const start = performance.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const socket = connect(Number(port), hostname);
    const finish = (...faults: string[]): void => {
      clearTimeout(timer);
      socket.destroy();
      const milliseconds = performance.now() - start;
      resolve({ ...readReply(request.method, Buffer.concat(chunks), faults), milliseconds });
    };
    const timer = setTimeout(() => finish('is not over in time'), within);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > mostBytes) finish('has no end');
    });
    socket.once('end', () => finish());
    socket.once('error', (error: NodeJS.ErrnoException) => finish(`fails with ${error.code}`));
    socket.write(Buffer.concat([Buffer.from(headOf(request)), request.content ?? Buffer.alloc(0)]));
  });
}

function headOf({ method, url, fields, content }: Request): string {
  const { host, pathname, search } = new URL(url);
  const length = content === undefined ? [] : [['content-length', String(content.length)] as const];
  const all = [['host', host] as const, ...fields, ...length, ['connection', 'close'] as const];
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

type Read = Omit<Reply, 'milliseconds'>;

function readReply(method: string, bytes: Buffer, faults: readonly string[]): Read {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined)
    return { status: 0, fields: [], content: bytes, faults: [...faults, 'is no HTTP'] };
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const { content, fault } = unframed(method, Number(status), fields, bytes.subarray(end + 4));
  return {
    status: Number(status),
    fields,
    content,
    faults: fault === undefined ? faults : [...faults, fault],
  };
}

function unframed(
  method: string,
  status: number,
  fields: Read['fields'],
  rest: Buffer,
): { readonly content: Buffer; readonly fault?: string } {
  const lengths = fields.filter(([name]) => name === 'content-length').map(([, value]) => value);
  if (method === 'HEAD' || status === 204 || status === 304) {
    return rest.length === 0 ? { content: rest } : { content: rest, fault: 'has content where none may be' };
  }
  if (fields.some(([name, value]) => name === 'transfer-encoding' && value === 'chunked'))
    return unchunked(rest);
  if (lengths.length > 1) return { content: rest, fault: `has lengths ${lengths}` };
  const over = lengths.length === 0 ? 0 : rest.length - Number(lengths[0]);
  if (over === 0) return { content: rest };
  return { content: rest, fault: over < 0 ? `lacks ${-over} bytes` : `has ${over} bytes too many` };
}

function unchunked(rest: Buffer): { readonly content: Buffer; readonly fault?: string } {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = rest.indexOf('\r\n', at);
    const size = line === -1 ? Number.NaN : Number.parseInt(rest.subarray(at, line).toString('latin1'), 16);
    if (size === 0) return { content: Buffer.concat(chunks) };
    const start = line + 2;
    if (!(start + size + 2 <= rest.length)) return { content: rest, fault: 'breaks off in a chunk' };
    chunks.push(rest.subarray(start, start + size));
    at = start + size + 2;
  }
}
