/** Hides secrets in texts: each by the same mask wherever and however it is written. */

import type { ExchangeRecord, Mask } from '../event.js';
import { credentialsOf } from './credentials.js';
import { type DecodedText, decodedOnce, escapeKinds, type Range } from './encoded-text.js';
import { isSecretName, plainName } from './secret-names.js';

export { openMembers, secretMembers } from './secret-names.js';

export type Redactor = {
  /** From now on the secret is hidden. `kind` is what its mask calls it: `otp`, `access_token`. */
  add(secret: string, kind: string): void;
  /** Adds the credentials that an exchange carries: by the names of fields and members, and tokens by their form. */
  learn(record: ExchangeRecord): void;
  /** `masked-otp-1` for the first OTP: letters, digits and hyphens, so that it means the same in any format. */
  readonly mask: Mask;
};

type Form = { readonly text: string; readonly mask: string };
type Hit = Range & { readonly mask: string };

/** Fewer characters than these must stand as a whole value; fewer than these, not within a longer run. */
const shortest = 3;
const telling = 8;
/** A secret of this length is also hidden when it is cut off after so many characters: `eyJhbGciOiJI…`. */
const cuttable = 24;
const leastOfCut = 12;
/** Longer forms are not looked for within each other. */
const long = 64;
/** Even longer ones are not looked for within a word: a run of one letter would be compared with itself for ever. */
const longest = 4096;
/** So much of a form is looked up at once; the rest is compared. */
const longestKey = 256;
/** JSON in JSON in a URL. */
const layers = 3;

/**
 * Makes a redactor. `secretNames` are names of members, parameters and fields whose values are secrets, besides those
 * that always are; those of `openNames` are not, whatever they are called. Letter case and separators do not count.
 */
export function createRedactor(
  secretNames: readonly string[] = [],
  openNames: readonly string[] = [],
): Redactor {
  const secret = new Set(secretNames.map(plainName));
  const open = new Set(openNames.map(plainName));
  const isSecret = (name: string): boolean => {
    const plain = plainName(name);
    if (secret.has(plain)) return true;
    return !open.has(plain) && isSecretName(name);
  };

  const masks = new Map<string, string>();
  const counts = new Map<string, number>();
  const forms = new Map<string, Form[]>(); // by their first characters, at most `longestKey` of them
  const lengths = new Map<string, number[]>(); // of those keys, by the first three characters, the longest first
  // Whether a form may begin with three characters of this hash: what is most often asked is answered first.
  const beginnings = new Uint8Array(0x10000);
  let hasEscapes = false;
  const cuttables = new Map<string, Form[]>();
  let wholes = new Map<string, string>();
  let wholePattern: RegExp | undefined;

  const addForm = (text: string, mask: string): void => {
    if (text.length < shortest) {
      if (wholes.has(text)) return;
      wholes = new Map([...wholes, [text, mask]]);
      const alternatives = [...wholes.keys()].sort((a, b) => b.length - a.length).map(literal);
      wholePattern = new RegExp(
        `(?<=^|["'=>]|: )(?:${alternatives.join('|')})(?=$|["'](?!\\s*:)|[&;<]|\\r?\\n)`,
        'g',
      );
      return;
    }
    const key = text.slice(0, longestKey);
    const others = forms.get(key) ?? [];
    if (others.some((form) => form.text === text)) return;
    forms.set(
      key,
      [...others, { text, mask }].sort((a, b) => b.text.length - a.text.length),
    );
    const beginning = text.slice(0, shortest);
    const known = lengths.get(beginning) ?? [];
    if (!known.includes(key.length))
      lengths.set(
        beginning,
        [...known, key.length].sort((a, b) => b - a),
      );
    beginnings[hashAt(text, 0)] = 1;
    if (/[\\%&]/.test(text)) hasEscapes = true;
    if (text.length >= cuttable) {
      const cuts = cuttables.get(beginning);
      if (cuts === undefined) cuttables.set(beginning, [{ text, mask }]);
      else cuts.push({ text, mask });
    }
  };

  const add = (text: string, kind: string): void => {
    if (text === '' || masks.has(text)) return;
    const name = maskName(kind, text);
    const number = (counts.get(name) ?? 0) + 1;
    const mask = `masked-${name}-${number}`;
    counts.set(name, number);
    masks.set(text, mask);
    for (const form of formsOf(text, mask)) addForm(form.text, form.mask);
    addForm(mask, mask); // lest a mask be masked
  };

  const formAt = (text: string, at: number, isCut: boolean): Form | undefined => {
    const beginning = text.slice(at, at + shortest);
    for (const length of lengths.get(beginning) ?? []) {
      if (at + length > text.length) continue;
      const form = forms
        .get(text.slice(at, at + length))
        ?.find((each) => standsAlone(text, at, each.text) && text.startsWith(each.text, at));
      if (form !== undefined) return form;
    }
    for (const form of (isCut && cuttables.get(beginning)) || []) {
      const length = commonLength(text, at, form.text);
      if (length >= leastOfCut && /^(?:…|\.\.\.)/.test(text.slice(at + length, at + length + 3)))
        return { text: form.text.slice(0, length), mask: form.mask };
    }
    return undefined;
  };

  const hitsIn = (text: string): Hit[] => {
    const hits: Hit[] = [];
    const isCut = /…|\.\.\./.test(text);
    for (let at = 0; at + shortest <= text.length; at += 1) {
      if (beginnings[hashAt(text, at)] === 0) continue;
      const form = formAt(text, at, isCut);
      if (form === undefined) continue;
      hits.push({ start: at, end: at + form.text.length, mask: form.mask });
      if (form.text.length > long) at += form.text.length - 1;
    }
    if (wholePattern === undefined) return hits;
    for (const match of text.matchAll(wholePattern)) {
      const mask = wholes.get(match[0]) ?? '';
      hits.push({ start: match.index, end: match.index + match[0].length, mask });
    }
    return hits;
  };

  const mask: Mask = (text) => {
    if (masks.size === 0) return text;
    const hits = hitsIn(text);
    const look = (decoded: DecodedText, origin: DecodedText['origin']): void => {
      for (const hit of hitsIn(decoded.text)) hits.push({ ...origin(hit), mask: hit.mask });
    };
    let decoded = decodedOnce(text);
    let origin: DecodedText['origin'] = (range) => range;
    for (let layer = 0; layer < layers && decoded !== undefined; layer += 1) {
      const { origin: step } = decoded;
      const outer = origin;
      origin = (range) => outer(step(range));
      look(decoded, origin);
      decoded = decodedOnce(decoded.text);
    }
    // A secret that itself looks like an escape of one kind survives only when the other kinds alone are undone.
    for (const kind of hasEscapes ? escapeKinds : []) {
      const single = decodedOnce(text, kind);
      if (single !== undefined) look(single, single.origin);
    }
    return replaced(text, hits);
  };

  return {
    add,
    learn: (record) => {
      for (const { secret: text, kind } of credentialsOf(record, isSecret)) add(text, kind);
    },
    mask,
  };
}

/**
 * The texts that a secret travels as. JSON, percent-encoding, HTML, XML and shell quotes are not among them: those are
 * undone where they stand. Of a token (RFC 7519) payload and signature tell as much as the whole; the header does not.
 */
function formsOf(secret: string, mask: string): readonly Form[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = bytes.toString('base64');
  const same = [secret, secret.replaceAll(' ', '+'), secret.replaceAll("'", `'\\''`)];
  if (bytes.length >= shortest) same.push(base64, base64.replace(/=+$/, ''), bytes.toString('base64url'));
  const [, payload = '', signature = ''] = /^e[wy][\w-]+\.[\w-]+\.[\w-]*$/.test(secret)
    ? secret.split('.')
    : [];
  return [
    ...same.map((text) => ({ text, mask })),
    ...(payload.length < telling ? [] : [{ text: payload, mask: `${mask}-payload` }]),
    ...(signature.length < telling ? [] : [{ text: signature, mask: `${mask}-signature` }]),
  ];
}

/** The kind in letters, digits and hyphens; `secret` where that would tell the secret itself. */
function maskName(kind: string, secret: string): string {
  const name = kind
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return name === '' || name.includes(secret.toLowerCase()) ? 'secret' : name;
}

/** The text with each hit replaced. Hits that overlap are one, with the mask of the longest. */
function replaced(text: string, hits: Hit[]): string {
  if (hits.length === 0) return text;
  hits.sort((a, b) => a.start - b.start || b.end - a.end);
  const parts: string[] = [];
  let done = 0;
  for (let index = 0; index < hits.length; ) {
    let longest = hits[index] as Hit;
    const { start } = longest;
    let { end } = longest;
    for (index += 1; index < hits.length; index += 1) {
      const next = hits[index] as Hit;
      if (next.start >= end) break;
      end = Math.max(end, next.end);
      if (next.end - next.start > longest.end - longest.start) longest = next;
    }
    parts.push(text.slice(done, start), longest.mask);
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

/** Whether a short secret is no part of a longer number or word: 12345 is not in 9123456, but it is in `otp12345`. */
function standsAlone(text: string, at: number, form: string): boolean {
  if (form.length > longest) return !continues(text.charAt(at - 1), form.charAt(0));
  if (form.length >= telling) return true;
  const end = at + form.length;
  return !(
    continues(text.charAt(at - 1), form.charAt(0)) ||
    continues(form.charAt(form.length - 1), text.charAt(end))
  );
}

function continues(before: string, after: string): boolean {
  return (/\d/.test(before) && /\d/.test(after)) || (/\p{L}/u.test(before) && /\p{L}/u.test(after));
}

function commonLength(text: string, at: number, form: string): number {
  let length = 0;
  while (length < form.length && text.charCodeAt(at + length) === form.charCodeAt(length)) length += 1;
  return length;
}

function hashAt(text: string, at: number): number {
  return ((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) & 0xffff;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
