/** What the values of flags must look like: each function reads the text after a flag, or says what to write instead. */

import { InvalidArgumentError } from 'commander';
import { nearestPath } from '../openapi/http/path.js';

/** A port; 0 is any free one. */
export function readPort(text: string): number {
  return integer(text, 65_535, 'Give a number from 0 to 65535; 0 is any free port.');
}

/** A seed: 32 bits. */
export function readSeed(text: string): number {
  return integer(text, 4_294_967_295, 'Give a whole number from 0 to 4294967295.');
}

/** The name or address of an interface of this machine. */
export function readHost(text: string): string {
  if (/^[\w.:%-]+$/.test(text)) return text;
  throw new InvalidArgumentError('Give an address alone, such as 127.0.0.1, 0.0.0.0, ::1 or localhost.');
}

/** Hosts, separated by commas; `*` is any, `*.example.com` all below that one. */
export function readHosts(text: string): readonly string[] {
  const hosts = text.split(',').map((host) => host.trim());
  if (hosts.every((host) => host === '*' || /^(?:\*\.)?[\w.:-]+$/.test(host))) return hosts;
  throw new InvalidArgumentError('Give hosts alone, such as hooks.example.com, *.example.com or *.');
}

/** A one-time password. */
export function readOtp(text: string): string {
  if (/^\d{1,32}$/.test(text)) return text;
  throw new InvalidArgumentError('Give digits alone, for example 00000.');
}

/** The key that tokens are signed with. */
export function readSecret(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('Give at least one character.');
}

/** Seconds, with or without a fraction. */
export function readDelay(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 3600) return Number(text);
  throw new InvalidArgumentError('Give seconds from 0 to 3600, for example 0.5.');
}

/** Origins (RFC 6454, section 6.1), separated by commas; `*` is any. */
export function readOrigins(text: string): true | readonly string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  return origins.includes('*') ? true : origins.map(readOrigin);
}

/** A bearer token (RFC 6750, section 2.1). */
export function readToken(text: string): string {
  if (/^[\w.~+/-]+=*$/.test(text)) return text;
  throw new InvalidArgumentError('Give letters, digits and -._~+/ alone.');
}

function readOrigin(text: string): string {
  const origin =
    /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (origin === undefined) {
    throw new InvalidArgumentError(
      `"${text}" is no origin. Give scheme, host and port, for example http://localhost:5173, with commas between several; leave the flag out for any origin.`,
    );
  }
  return origin.origin === 'null' ? text.toLowerCase() : origin.origin;
}

function integer(text: string, largest: number, advice: string): number {
  if (/^\d+$/.test(text) && Number(text) <= largest) return Number(text);
  throw new InvalidArgumentError(advice);
}

/** A count: 0, 1, 2 and so on. */
export function readCount(text: string): number {
  return integer(text, 1_000_000_000, 'Give a whole number.');
}

/** A number above 0, with or without a fraction. */
export function readPositive(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('Give a number above 0, for example 2.5.');
}

/** The URL of a server, http or https. */
export function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('Give a whole URL, for example http://127.0.0.1:4010.');
}

/** A count that is not 0. */
export function readAmount(text: string): number {
  const amount = integer(text, 1_000_000_000, 'Give a whole number from 1 on.');
  if (amount > 0) return amount;
  throw new InvalidArgumentError('Give a whole number from 1 on.');
}

/** A name and a value, with an equals sign between them. */
export function readNamed(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0)).trim();
  if (name !== '') return [name, text.slice(at + 1)];
  throw new InvalidArgumentError('Give a name and a value: otp=12345.');
}

/** A field of a message (RFC 9110, sections 5.1 and 5.5). */
export function readField(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:[ \t]*([^\r\n\0]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value.trimEnd()];
  throw new InvalidArgumentError("Give a field, its name and its value: 'X-Tenant: a'.");
}

/** The name of a check and what its findings are. */
export function readLevel(text: string): readonly [check: string, level: 'off' | 'note' | 'error'] {
  const [check, level] = readNamed(text);
  if (level === 'off' || level === 'note' || level === 'error') return [check, level];
  throw new InvalidArgumentError('Give a check and off, note or error: challenge-present=off.');
}

const reportNames = [
  'terminal',
  'junit',
  'json',
  'jsonl',
  'html',
  'sarif',
  'github',
  'github-summary',
  'har',
];

/** The name of a report and, after a colon, the file that it goes to. */
export function readReport(text: string): string {
  const [name = '', ...file] = text.split(':');
  if (file.length === 1 && file[0] === '')
    throw new InvalidArgumentError(`Give a file after the colon, or ${name} alone for standard output.`);
  if (reportNames.includes(name)) return text;
  throw new InvalidArgumentError(
    `There is no report "${name}"${meant(name)}, only ${reportNames.join(', ')}.`,
  );
}

function meant(name: string): string {
  const nearest = nearestPath(name, reportNames);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

/** A flag that may be given several times. */
export function several<Value>(
  read: (text: string) => Value,
): (text: string, before?: readonly Value[]) => readonly Value[] {
  return (text, before = []) => [...before, read(text)];
}

/** A name of anything. */
export function name(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Give a name.');
  return text;
}
