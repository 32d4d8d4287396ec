/** An answer as it can be compared: with what differs from run to run (tokens, ids, instants) put in words. */

import type { Reply } from './wire.js';

/** What a test sees of an answer. Two of them are the same when their texts as JSON are. */
export type Observation = {
  readonly status: number;
  /** Without Date; the length of the content is among the faults when it is wrong. */
  readonly fields: readonly string[];
  readonly faults: readonly string[];
  /** The content as text, with tokens, ids, passwords and instants replaced. */
  readonly text: string;
  /** The content as JSON, with them in words; undefined when it is no JSON. */
  readonly json?: unknown;
};

/** What a test has seen so far of one server. */
export type Observer = {
  observe(reply: Reply): Observation;
  /** A value that is random and has this name in observations from now on. */
  name(value: string, name: string): void;
};

const jwt = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** `now` is the clock of the server, in milliseconds. */
export function observer(now: () => number): Observer {
  const names = new Map<string, string>();
  const seen = new Set<string>();
  let users = 0;

  /** The users are numbered as they appear. */
  const user = (id: unknown): unknown => {
    if (typeof id !== 'string' || id === '') return id;
    if (!names.has(id)) {
      users += 1;
      names.set(id, `user ${users}`);
    }
    return names.get(id);
  };

  const fromNow = (milliseconds: number): string => {
    const seconds = Math.round((milliseconds - now()) / 1000);
    return Math.abs(seconds) <= 5 ? 'now' : `now ${signed(Math.round(seconds / 10) * 10)} s`;
  };

  const claim = (name: string, value: unknown, iat: unknown): unknown => {
    if (name === 'sub') return user(value);
    if (name === 'jti' && typeof value === 'string') {
      const isNew = !seen.has(value);
      seen.add(value);
      return `${isNew ? 'new' : 'seen'} ${uuid.test(value) ? 'UUID' : 'text'}`;
    }
    if (typeof value !== 'number') return value;
    if (name === 'exp' && typeof iat === 'number') return `iat ${signed(value - iat)} s`;
    return fromNow(value * 1000);
  };

  const token = (text: string): unknown => {
    const [header, claims] = text.split('.').slice(0, 2).map(decoded);
    if (header === undefined || claims === undefined) return text;
    return {
      header,
      claims: Object.fromEntries(
        Object.entries(claims).map(([name, value]) => [name, claim(name, value, claims.iat)]),
      ),
    };
  };

  const inWords = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => inWords(item, ''));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inWords(member, name)]));
    }
    if (key === '_id' || key === 'id') return user(value);
    if (typeof value !== 'string') return value;
    if (jwt.test(value)) return token(value);
    if (instant.test(value)) return fromNow(Date.parse(value));
    return names.get(value) ?? value;
  };

  const replaced = (text: string): string => {
    const plain = text
      .replace(/(?<![\w-])[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, 'TOKEN')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT');
    return [...names].reduce((all, [value, name]) => all.replaceAll(value, name), plain);
  };

  return {
    name: (value, name) => void names.set(value, name),
    observe({ status, fields, content, faults }) {
      const parsed = parse(content);
      const json = parsed === undefined ? {} : { json: inWords(parsed.value, '') };
      const kept = fields.filter(([name]) => !['date', 'content-length', 'etag'].includes(name));
      const shown = ([name, value]: Reply['fields'][number]): string =>
        `${name}: ${name === 'allow' ? value.split(', ').toSorted().join(', ') : value}`;
      const text = replaced(content.toString());
      return { status, fields: kept.map(shown), faults, text, ...json };
    },
  };
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

const signed = (value: number): string => (value < 0 ? `- ${-value}` : `+ ${value}`);

function decoded(part: string): Readonly<Record<string, unknown>> | undefined {
  const value = parse(Buffer.from(part, 'base64url'))?.value;
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function parse(content: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)) };
  } catch {
    return undefined;
  }
}
