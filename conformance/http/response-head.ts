/** The head of an HTTP/1.1 response as it came: its status line, its field lines, and how both break the grammar. */

import type { Field } from '../../openapi/http/message.js';
import type { Fault } from '../target.js';

export type ResponseHead = {
  /** The number after `HTTP/1.`. */
  readonly minorVersion: number;
  readonly status: number;
  /** All field lines as sent, in order; a folded line is one with a space in the place of the fold. */
  readonly fields: readonly Field[];
  /** The values by names in lower case, several lines joined by a comma. */
  readonly values: ReadonlyMap<string, string>;
};

/** Values by names in lower case, several lines joined by a comma (RFC 9110, section 5.3). */
export function valuesOf(fields: readonly Field[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    const before = values.get(lower);
    values.set(lower, before === undefined ? value : `${before}, ${value}`);
  }
  return values;
}

const statusLine = /^HTTP\/1\.(\d) (\d{3})(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const looseStatusLine = /^[ \t]*HTTP\/1\.(\d)[ \t]+(\d{3})(?!\d)/i;
const fieldName = /^[!#$%&'*+.^_`|~\w-]+$/;
const bareLineFeed = /(?<!\r)\n/;
const controlCharacter = /[^\t\x20-\x7e\x80-\xff]/;

/** Reads a head with the empty line that ends it; undefined when its first line is no status line. Adds faults. */
export function readHead(text: string, faults: Fault[]): ResponseHead | undefined {
  const [first = '', ...rest] = linesOf(text, faults).slice(0, -2);
  const start = readStatusLine(first, faults);
  if (start === undefined) return undefined;
  const fields = readFieldLines(rest, faults);
  return { minorVersion: start.minorVersion, status: start.status, fields, values: valuesOf(fields) };
}

function linesOf(text: string, faults: Fault[]): string[] {
  if (!bareLineFeed.test(text)) return text.split('\r\n');
  faults.push({
    name: 'bare-line-feed',
    detail: 'A line of the head ends in a line feed without a carriage return',
    section: 'RFC 9112, section 2.2',
  });
  return text.split(/\r?\n/);
}

function readStatusLine(
  line: string,
  faults: Fault[],
): Pick<ResponseHead, 'minorVersion' | 'status'> | undefined {
  const match = statusLine.exec(line) ?? looseStatusLine.exec(line);
  if (match === null || !statusLine.test(line)) faults.push(malformedStatusLine(line));
  if (match === null) return undefined;
  const status = Number(match[2]);
  if (/^HTTP\/1\.\d \d{3}$/.test(line)) {
    faults.push({
      name: 'status-line-without-space',
      detail: `The status line is ${quoted(line)}, without a space after the status code`,
      section: 'RFC 9112, section 4',
    });
  }
  if (status < 100 || status > 599) {
    faults.push({
      name: 'status-code-invalid',
      detail: `The status code is ${match[2]}`,
      section: 'RFC 9110, section 15',
    });
  }
  return { minorVersion: Number(match[1]), status };
}

/** What came in the place of a status line. */
export function malformedStatusLine(line: string): Fault {
  return {
    name: 'status-line-malformed',
    detail: `The answer begins with ${quoted(line)}`,
    section: 'RFC 9112, section 4',
  };
}

/** Fields are read even where they break the grammar, as far as it is plain what was meant. */
export function readFieldLines(lines: readonly string[], faults: Fault[]): Field[] {
  const fields: Field[] = [];
  for (const line of lines) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      const last = fields.at(-1);
      faults.push(fieldFault('field-line-folded', `${quoted(line)} continues the line before`, 5.2));
      if (last !== undefined) fields[fields.length - 1] = [last[0], `${last[1]} ${line.trim()}`.trim()];
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === -1) {
      faults.push(fieldFault('field-line-malformed', `${quoted(line)} has no colon`, 5));
      continue;
    }
    const name = line.slice(0, colon).trimEnd();
    const value = withoutSpace(line, colon + 1);
    if (name.length < colon)
      faults.push(fieldFault('space-before-colon', `${quoted(line)} has space before its colon`, 5.1));
    if (!fieldName.test(name)) {
      faults.push({
        name: 'field-name-invalid',
        detail: `${quoted(name)} is no field name`,
        section: 'RFC 9110, section 5.1',
      });
    }
    if (controlCharacter.test(value)) {
      faults.push({
        name: 'field-value-invalid',
        detail: `${name} has a control character: ${quoted(value)}`,
        section: 'RFC 9110, section 5.5',
      });
    }
    fields.push([name, value]);
  }
  return fields;
}

/** The rest of a line without the spaces and tabs around it; others are part of the value. */
function withoutSpace(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isSpace(line.charCodeAt(start))) start += 1;
  while (end > start && isSpace(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

function fieldFault(name: string, detail: string, section: number): Fault {
  return { name, detail, section: `RFC 9112, section ${section}` };
}

/** Bytes as they can be shown: in double quotes, what cannot be printed escaped, cut after sixty characters. */
export function quoted(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(shown).replace(
    /[\x7f-\x9f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}
