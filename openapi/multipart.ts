/** multipart/form-data (RFC 7578): a form whose parts are texts and files, read from its bytes and written as such. */

import { type MediaType, parseMediaType } from './media-type.js';

/** One part. The octets of a file stand as text, one unit each; the text of any other part is UTF-8. */
export type FormPart = {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly mediaType: string | undefined;
  readonly text: string;
};

const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { fatal: true });
const dashes = '--';

/** The parts of a form, in the order in which they came; or why it is none. */
export function parseMultipart(content: Uint8Array, mediaType: MediaType): readonly FormPart[] | string {
  const [, boundary = ''] = mediaType.parameters.find(([name]) => name === 'boundary') ?? [];
  if (boundary === '') return 'has no boundary';
  // Each octet is one unit, so that places in the text are places in the content.
  const whole = `\r\n${Buffer.from(content).toString('latin1')}`;
  const pieces = whole.split(`\r\n${dashes}${boundary}`);
  const last = pieces.at(-1);
  if (pieces.length < 2 || last === undefined || !last.startsWith(dashes))
    return 'does not end with its boundary';
  const parts: FormPart[] = [];
  for (const piece of pieces.slice(1, -1)) {
    const part = parsePart(piece);
    if (typeof part === 'string') return part;
    parts.push(part);
  }
  return parts;
}

/** A part as it stands behind its boundary: padding (RFC 2046, 5.1.1), header fields, an empty line, what it holds. */
function parsePart(piece: string): FormPart | string {
  const start = /^[ \t]*\r\n/.exec(piece)?.[0];
  if (start === undefined) return 'has a part that does not begin on a line of its own';
  const part = piece.slice(start.length);
  const end = part.startsWith('\r\n') ? -2 : part.indexOf('\r\n\r\n');
  if (end === -1) return 'has a part without an end of its header';
  const fields = new Map(
    part
      .slice(0, Math.max(end, 0))
      .split('\r\n')
      .map((line) => [line.split(':', 1)[0]?.trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const disposition = fields.get('content-disposition') ?? '';
  const name = dispositionParameter(disposition, 'name');
  if (name === undefined) return 'has a part without a name';
  const fileName = dispositionParameter(disposition, 'filename');
  const held = part.slice(end + 4);
  const mediaType = fields.get('content-type');
  if (fileName !== undefined || isOctets(mediaType)) return { name, fileName, mediaType, text: held };
  const text = decoded(held);
  return text === undefined
    ? `has a part ${name} that is not valid UTF-8`
    : { name, fileName, mediaType, text };
}

function isOctets(mediaType: string | undefined): boolean {
  const type = mediaType === undefined ? undefined : parseMediaType(mediaType)?.type;
  return type !== undefined && type !== 'text' && !/json/i.test(mediaType ?? '');
}

/** Browsers write a quotation mark within a name as %22, and line ends as %0D and %0A. */
function dispositionParameter(disposition: string, wanted: string): string | undefined {
  const [, quoted, token] =
    new RegExp(`;\\s*${wanted}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(disposition) ?? [];
  const raw = quoted?.replaceAll(/\\(.)/g, '$1') ?? token;
  if (raw === undefined) return undefined;
  const text = raw.replaceAll(/%(22|0D|0A)/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decoded(text) ?? text;
}

function decoded(octets: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(octets, 'latin1'));
  } catch {
    return undefined;
  }
}

/** A form as its content and the boundary between its parts, which stands in none of them. */
export function writeMultipart(parts: readonly FormPart[]): {
  readonly content: Uint8Array;
  readonly boundary: string;
} {
  const holds = parts.map((part) =>
    part.fileName === undefined && !isOctets(part.mediaType)
      ? encoder.encode(part.text)
      : Buffer.from(part.text, isOneUnitEach(part.text) ? 'latin1' : 'utf8'),
  );
  const heads = parts.map(headOf);
  const boundary = boundaryUnlike([...heads, ...holds.map((each) => Buffer.from(each).toString('latin1'))]);
  const chunks = parts.flatMap((_, index) => [
    encoder.encode(`${dashes}${boundary}\r\n${heads[index] ?? ''}\r\n\r\n`),
    holds[index] ?? new Uint8Array(),
    encoder.encode('\r\n'),
  ]);
  return {
    content: Buffer.concat([...chunks, encoder.encode(`${dashes}${boundary}${dashes}\r\n`)]),
    boundary,
  };
}

function isOneUnitEach(text: string): boolean {
  return [...text].every((unit) => unit.charCodeAt(0) < 256 && unit.length === 1);
}

function headOf({ name, fileName, mediaType }: FormPart): string {
  const file = fileName === undefined ? '' : `; filename="${escaped(fileName)}"`;
  const disposition = `Content-Disposition: form-data; name="${escaped(name)}"${file}`;
  return mediaType === undefined ? disposition : `${disposition}\r\nContent-Type: ${mediaType}`;
}

function escaped(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function boundaryUnlike(texts: readonly string[]): string {
  let boundary = 'counterfoil-form';
  for (let number = 2; texts.some((text) => text.includes(boundary)); number += 1)
    boundary = `counterfoil-form-${number}`;
  return boundary;
}
