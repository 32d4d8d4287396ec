/** Content of parts (RFC 2046, section 5.1; forms of them, RFC 7578): texts and files, read from bytes and written as such. */

import { type Field, fieldValue } from '../http/message.js';
import { formatOf, type MediaType, parseMediaType } from './media-type.js';

/** One part. The octets of a file stand as text, one unit each; the text of any other part is UTF-8. */
export type FormPart = {
  /** Empty where it has none, as parts of no form may. */
  readonly name: string;
  readonly fileName: string | undefined;
  readonly mediaType: string | undefined;
  readonly text: string;
  /** Its other fields. */
  readonly fields?: readonly Field[];
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
  const isForm = mediaType.subtype === 'form-data';
  for (const piece of pieces.slice(1, -1)) {
    const part = parsePart(piece, isForm);
    if (typeof part === 'string') return part;
    parts.push(part);
  }
  return parts;
}

/** A part as it stands behind its boundary: padding (RFC 2046, 5.1.1), header fields, an empty line, what it holds. */
function parsePart(piece: string, isForm: boolean): FormPart | string {
  const start = /^[ \t]*\r\n/.exec(piece)?.[0];
  if (start === undefined) return 'has a part that does not begin on a line of its own';
  const part = piece.slice(start.length);
  const end = part.startsWith('\r\n') ? -2 : part.indexOf('\r\n\r\n');
  if (end === -1) return 'has a part without an end of its header';
  const lines = part
    .slice(0, Math.max(end, 0))
    .split('\r\n')
    .filter(Boolean)
    .map((line): Field => [line.split(':', 1)[0]?.trim() ?? '', line.slice(line.indexOf(':') + 1).trim()]);
  const disposition = fieldValue(lines, 'content-disposition') ?? '';
  const name = dispositionParameter(disposition, 'name');
  if (name === undefined && isForm) return 'has a part without a name';
  const mediaType = fieldValue(lines, 'content-type');
  const others = lines.filter(([field]) => !/^content-(?:disposition|type)$/i.test(field));
  const head = {
    name: name ?? '',
    fileName: dispositionParameter(disposition, 'filename'),
    mediaType,
    ...(others.length === 0 ? {} : { fields: others }),
  };
  const held = part.slice(end + 4);
  if (head.fileName !== undefined || isOctets(mediaType)) return { ...head, text: held };
  const text = decoded(held);
  return text === undefined ? `has a part ${head.name} that is not valid UTF-8` : { ...head, text };
}

function isOctets(mediaType: string | undefined): boolean {
  const parsed = mediaType === undefined ? undefined : parseMediaType(mediaType);
  return parsed !== undefined && ['binary', 'multipart'].includes(formatOf(parsed));
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

/** Parts as content and the boundary between them, which stands in none of them; those of a form have names. */
export function writeMultipart(
  parts: readonly FormPart[],
  isForm = true,
): {
  readonly content: Uint8Array;
  readonly boundary: string;
} {
  const holds = parts.map((part) =>
    part.fileName === undefined && !isOctets(part.mediaType)
      ? encoder.encode(part.text)
      : Buffer.from(part.text, isOneUnitEach(part.text) ? 'latin1' : 'utf8'),
  );
  const heads = parts.map((part) => headOf(part, isForm));
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

function headOf({ name, fileName, mediaType, fields = [] }: FormPart, isForm: boolean): string {
  const file = fileName === undefined ? '' : `; filename="${escaped(fileName)}"`;
  const disposition = !isForm ? [] : [`Content-Disposition: form-data; name="${escaped(name)}"${file}`];
  // A part without a name says at least what it is, for its head would be nothing.
  const type = mediaType ?? (isForm ? undefined : 'text/plain');
  return [
    ...disposition,
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...fields.map(([field, value]) => `${field}: ${value}`),
  ].join('\r\n');
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
