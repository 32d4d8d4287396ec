/** Tokens as an attacker would make them of a real one. */

const parts = (token: string): readonly [header: string, claims: string, signature: string] => {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return [header, claims, signature];
};

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const changed = (token: string): string => {
  try {
    const claims = JSON.parse(Buffer.from(parts(token)[1], 'base64url').toString());
    return encoded({ ...claims, exp: claims.exp + 1 });
  } catch {
    return 'e30'; // it was no JWT
  }
};

export type Forgery =
  | 'alg-none'
  | 'claims-changed'
  | 'signature-changed'
  | 'signature-end-changed'
  | 'cut-short';

export const forgeries: Readonly<Record<Forgery, (token: string) => string>> = {
  /** The header says that there is no signature, and there is none (RFC 7515, appendix A.5). */
  'alg-none': (token) => `${encoded({ alg: 'none', typ: 'JWT' })}.${parts(token)[1]}.`,
  /** The claims are others than those that were signed. */
  'claims-changed': (token) => `${parts(token)[0]}.${changed(token)}.${parts(token)[2]}`,
  /** The first byte of the signature is another. */
  'signature-changed': (token) => {
    const [header, claims, signature] = parts(token);
    return `${header}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  },
  /** Of the signature only the beginning is right. */
  'signature-end-changed': (token) => {
    const [header, claims, signature] = parts(token);
    return `${header}.${claims}.${signature.slice(0, 20)}${'A'.repeat(signature.length - 20)}`;
  },
  /** The last three characters are missing. */
  'cut-short': (token) => token.slice(0, -3),
};
