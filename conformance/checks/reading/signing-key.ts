/** Signed tokens among texts, and the key of HMAC-signed ones: the proof is that it makes the signature. */

import { createHmac, timingSafeEqual } from 'node:crypto';

const algorithms: { readonly [alg: string]: string } = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
/** No key is shorter, and nothing longer is tried. */
const shortest = 4;
const longest = 1024;

/** Whether a text is a signed token in the compact form (RFC 7515, section 7.1). */
export function isToken(text: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}

/** A signed token taken apart: the function that its header names, undefined for any other than HMAC, and what is signed. */
export type SignedToken = {
  readonly algorithm: string | undefined;
  readonly signed: string;
  readonly signature: Buffer;
};

export function signedToken(token: string): SignedToken {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return {
    algorithm: algorithms[algorithmOf(header)],
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Whether a text has the length of a key, and is no token. */
export function mayBeKey(text: string): boolean {
  return text.length >= shortest && text.length <= longest && !isToken(text);
}

/** The text that is the key of one of the tokens: as it stands, in hexadecimal digits, or in Base64. */
export function signingKeyIn(texts: readonly string[], tokens: readonly SignedToken[]): string | undefined {
  if (tokens.length === 0) return undefined;
  return texts
    .filter(mayBeKey)
    .find((text) => keysOf(text).some((key) => tokens.some((token) => isSignedWith(token, key))));
}

function keysOf(text: string): readonly Buffer[] {
  return [
    Buffer.from(text),
    ...(/^(?:[\da-f]{2})+$/i.test(text) ? [Buffer.from(text, 'hex')] : []),
    ...(/^[\w+/-]+=*$/.test(text) ? [Buffer.from(text, 'base64')] : []),
  ];
}

function isSignedWith({ algorithm, signed, signature }: SignedToken, key: Buffer): boolean {
  if (algorithm === undefined || key.byteLength === 0) return false;
  const made = createHmac(algorithm, key).update(signed).digest();
  return made.byteLength === signature.byteLength && timingSafeEqual(made, signature);
}

function algorithmOf(header: string): string {
  return /"alg"\s*:\s*"(\w+)"/.exec(Buffer.from(header, 'base64url').toString())?.[1] ?? '';
}
