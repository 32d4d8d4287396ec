/** JSON Web Tokens (RFC 7519): signed, read, and forged as whoever lacks the key would forge them. The one user of jws. */

import { createHmac } from 'node:crypto';
import jws from 'jws';
import { isObject, type Json, type JsonObject } from './json.js';
import { rememberedOnce } from './remembered.js';

/** What a token says. */
export type DecodedToken = {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** Whether there is a signature at all; it is not verified, for which a key would be needed. */
  readonly signed: boolean;
};

/** A signed token (RFC 7515, section 7.1), its members in the order in which they are given. */
export function signedToken(header: JsonObject, claims: JsonObject, secret: string): string {
  return jws.sign({ header: { ...header, alg: 'HS256' }, payload: claims, secret });
}

/** Reads a token without verifying it; undefined when it is none (RFC 7519, section 7.2). */
export const decodeToken: (token: string) => DecodedToken | undefined = rememberedOnce((token) => {
  const [first = '', second = '', signature, ...others] = token.split('.');
  if (signature === undefined || others.length > 0 || !isBase64Url(signature)) return undefined;
  const header = decodedPart(first);
  const claims = header === undefined ? undefined : decodedPart(second);
  if (!isObject(header) || !isObject(claims)) return undefined;
  return { header, claims, signed: signature !== '' };
});

/** Base64url without padding (RFC 7515, section 2); one character more than whole bytes stands for nothing. */
function isBase64Url(text: string): boolean {
  return /^[\w-]*$/.test(text) && text.length % 4 !== 1;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodedPart(part: string): Json | undefined {
  if (part === '' || !isBase64Url(part)) return undefined;
  try {
    return JSON.parse(utf8.decode(Buffer.from(part, 'base64url')));
  } catch {
    return undefined;
  }
}

export type ForgedToken = {
  /** What was done to it: "the signature is removed". Letters, digits and spaces, unlike any other. */
  readonly title: string;
  readonly token: string;
};

/** The letter cases of `none`, of which a careless comparison lets one through. */
const nones = [
  ['none', ''],
  ['None', ' capitalized'],
  ['NONE', ' in capitals'],
  ['nOnE', ' in mixed case'],
] as const;

/** Keys that are printed in documentation and templates, and that some servers never had replaced. */
const printedKeys = ['secret', 'super-secret', 'your-256-bit-secret', 'thisisasamplesecret'] as const;

/** The key of a token that brings its own, which nobody has agreed to (RFC 7515, section 10.11). */
const toldKey = 'the key of whoever sends this token';

/**
 * What a server must refuse in place of a token: nearly the same, unsigned, or signed with a key that it cannot have.
 * Never the token itself. Of a text that is no token, as much of it as makes sense.
 */
export function forgedTokens(token: string): readonly ForgedToken[] {
  const decoded = decodeToken(token);
  const forged = [...(decoded === undefined ? [] : forgedParts(token, decoded)), ...maimed(token)];
  return forged.filter((each) => each.token !== token);
}

function forgedParts(token: string, { header, claims }: DecodedToken): readonly ForgedToken[] {
  const [head = '', body = '', signature = ''] = token.split('.');
  const alg = (name: string): string => encoded({ ...header, alg: name });
  const other = header.alg === 'HS512' ? 'HS256' : 'HS512';
  // The header stays letter for letter as it was, unless it names another algorithm.
  const own = header.alg === 'HS256' ? head : alg('HS256');
  const withKey = (secret: string): string => `${own}.${body}.${hmac(`${own}.${body}`, secret)}`;
  const telling = encoded({ ...header, alg: 'HS256', jwk: { kty: 'oct', k: base64Url(toldKey) } });
  return [
    {
      title: 'a character in the middle of the signature is another',
      token: `${head}.${body}.${otherAt(signature, Math.floor(signature.length / 2))}`,
    },
    {
      title: 'the last character of the signature is another',
      token: `${head}.${body}.${otherAt(signature, signature.length - 1)}`,
    },
    {
      title: 'the letter case of the signature is another',
      token: `${head}.${body}.${inOtherCase(signature)}`,
    },
    {
      title: 'half of the signature is left',
      token: `${head}.${body}.${signature.slice(0, Math.ceil(signature.length / 2))}`,
    },
    { title: 'the signature is removed', token: `${head}.${body}.` },
    ...nones.flatMap(([name, what]) => [
      { title: `alg is none${what} without a signature`, token: `${alg(name)}.${body}.` },
      { title: `alg is none${what} with the old signature`, token: `${alg(name)}.${body}.${signature}` },
    ]),
    { title: 'the subject is another', token: `${head}.${encoded(withOtherSubject(claims))}.${signature}` },
    { title: 'it ends later', token: `${head}.${encoded(withLaterEnd(claims))}.${signature}` },
    { title: 'alg is another', token: `${alg(other)}.${body}.${signature}` },
    { title: 'alg is RS256', token: `${alg('RS256')}.${body}.${signature}` },
    { title: 'it is signed with a made up key', token: withKey('not the key of this server') },
    { title: 'it is signed with an empty key', token: withKey('') },
    ...printedKeys.map((key) => ({ title: `it is signed with the key ${key}`, token: withKey(key) })),
    {
      title: 'its header holds the key that it is signed with',
      token: `${telling}.${body}.${hmac(`${telling}.${body}`, toldKey)}`,
    },
    { title: 'it is cut off after the claims', token: `${head}.${body}` },
    { title: 'it is cut off after the header', token: head },
    { title: 'it has a fourth part', token: `${token}.${signature}` },
  ];
}

function maimed(token: string): readonly ForgedToken[] {
  const middle = Math.floor(token.length / 2);
  return [
    { title: 'its last character is cut off', token: token.slice(0, -1) },
    { title: 'its first character is cut off', token: token.slice(1) },
    { title: 'it has a space inside', token: `${token.slice(0, middle)} ${token.slice(middle)}` },
    { title: 'it is in capitals', token: token.toUpperCase() },
  ].filter((forged) => forged.token !== '');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The text with another character at an index. It differs in its highest bit, because of the last character of a
 * base64url text the lowest ones may stand for nothing (RFC 4648, section 3.5).
 */
function otherAt(text: string, index: number): string {
  const value = alphabet.indexOf(text.charAt(index));
  if (value === -1 || text === '') return text;
  return `${text.slice(0, index)}${alphabet.charAt(value ^ 32)}${text.slice(index + 1)}`;
}

function encoded(part: JsonObject): string {
  return base64Url(JSON.stringify(part));
}

function base64Url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** HMAC with SHA-256 (RFC 7518, section 3.2), with a key of any length, even of none. */
function hmac(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function inOtherCase(text: string): string {
  return text.replace(/[a-z]|[A-Z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

function withOtherSubject(claims: JsonObject): JsonObject {
  return { ...claims, sub: typeof claims.sub === 'string' ? `${claims.sub}1` : 'admin' };
}

function withLaterEnd(claims: JsonObject): JsonObject {
  return { ...claims, exp: (typeof claims.exp === 'number' ? claims.exp : 2_000_000_000) + 86_400 };
}
