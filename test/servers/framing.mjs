/** Ways to break the bytes of an answer, whatever it says: the defects of framing that the servers of node:http share. */

import { STATUS_CODES } from 'node:http';
import { gzipSync } from 'node:zlib';
import { option } from './control.mjs';

/** Sends an answer as the defect breaks it; false, and nothing sent, when the defect is none of framing. */
export function sendBroken(defect, response, status, fields, text) {
  const length = Buffer.byteLength(text);
  const send = (content, more = {}) => {
    response.writeHead(status, { ...fields, 'content-length': Buffer.byteLength(content), ...more });
    response.end(content);
  };
  const list = Object.entries(fields).map((field) => field.join(': '));
  switch (defect) {
    case 'content-length-short':
      send(text, { 'content-length': length - 5 });
      return true;
    case 'content-length-long':
      response.writeHead(status, { ...fields, 'content-length': length + 10 });
      response.write(text, () => response.socket?.end());
      return true;
    case 'content-never-complete':
      response.writeHead(status, { ...fields, 'content-length': length + 10 });
      response.write(text);
      return true;
    case 'two-content-lengths':
      sendLines(
        response,
        status,
        [...list, `content-length: ${length}`, `content-length: ${length - 5}`],
        text,
      );
      return true;
    case 'chunk-truncated':
      response.writeHead(status, { ...fields, 'transfer-encoding': 'chunked' });
      response.write(text.slice(0, -5), () => response.socket?.end());
      return true;
    case 'duplicate-content-type':
      sendLines(response, status, [...list, 'content-type: text/html', `content-length: ${length}`], text);
      return true;
    case 'byte-order-mark':
      send(`\ufeff${text}`);
      return true;
    case 'gzip-mislabelled':
      send(text, { 'content-encoding': 'gzip' });
      return true;
    case 'gzip-unlabelled':
      send(gzipSync(text));
      return true;
    case 'duplicate-keys':
      send(text.replace(/^\{("\w+"):/, '{$1:null,$1:'));
      return true;
    case 'trailing-garbage':
      send(`${text}\n<!-- made in 3 ms -->`);
      return true;
    case 'json-cut-short':
      send(text.slice(0, -2));
      return true;
    case 'empty-content':
      send('');
      return true;
    case 'garbage-bytes':
      response.socket?.end(Buffer.from(Array.from({ length: 256 }, (_, index) => 255 - index)));
      return true;
    case 'connection-reset':
      response.socket?.resetAndDestroy();
      return true;
    case 'hanging':
      return true;
    case 'dripping':
      response.writeHead(status, { ...fields, 'content-length': length });
      drip(response, [...Buffer.from(text)]);
      return true;
    case 'endless':
      response.writeHead(status, fields);
      response.write('{"message":"');
      gush(response);
      return true;
    case 'redirect-elsewhere':
      response.writeHead(307, { location: `${elsewhere}${response.req.url}`, 'content-length': 0 });
      response.end();
      return true;
    default:
      return false;
  }
}

/** Where the redirect leads: `--elsewhere URL`, else a name that no resolver knows (RFC 6761, section 6.4). */
const elsewhere = option('elsewhere') ?? 'http://elsewhere.invalid';

/** What node:http would not send as it stands. */
function sendLines(response, status, lines, text) {
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, 'connection: close'];
  response.socket?.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}

/** A byte every half second. */
function drip(response, bytes) {
  const timer = setInterval(() => {
    const byte = bytes.shift();
    if (byte === undefined) response.end();
    else response.write(Uint8Array.of(byte));
  }, 500);
  response.once('close', () => clearInterval(timer));
}

/** As much as the client takes, until it has gone. */
function gush(response) {
  while (!response.destroyed && response.write('x'.repeat(65_536)));
  if (!response.destroyed) response.once('drain', () => gush(response));
}
