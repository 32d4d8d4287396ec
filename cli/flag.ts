/** What the values of flags must look like: each function reads the text after a flag, or says what to write instead. */

import { InvalidArgumentError } from 'commander';

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
