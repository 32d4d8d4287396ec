/** Inputs for our own mock, which wants nothing given: read from its inbox, made up, or put into its state first. */

import { createHmac } from 'node:crypto';
import type { Contract } from '../../openapi/contract.js';
import { type Duration, plusDuration } from '../../openapi/duration.js';
import { isObject, type Json, type JsonObject } from '../../openapi/json.js';
import type { Random } from '../../openapi/random.js';
import type { Entry } from '../../openapi/rules/entries.js';
import type { Scope } from '../../openapi/rules/expression.js';
import type { Transition, Value } from '../../openapi/rules/rules.js';
import { evaluateValue } from '../../openapi/rules/value.js';
import type { Abilities } from '../mock-target.js';
import { isGiving, producersOf } from '../plan/goal.js';
import { type InputAnswer, type InputAsk, type InputSource, none, notGiven, plainName } from './input.js';

/**
 * The inputs of a contract's workflows on a mock of ours. What was sent to somebody is read from the inbox. An input that
 * some call makes known to the server, as a phone number is by asking for an OTP, is made up and fresh. One that must be
 * known before any call, as a refresh token, is put into the state.
 */
export function mockInputs(abilities: Abilities, contract: Contract, random: Random): InputSource {
  const transitions = contract.operations.flatMap((operation) => operation.transitions);
  const made = madeByCalls(transitions);
  const given = new Set<string>();
  const isGivenOut = (collection: string): boolean => {
    const producers = producersOf(contract, collection);
    return producers.length > 0 && producers.every(isGiving);
  };
  /** A key like the first of these, that is none of them and that nobody has been given. */
  const newKey = (samples: readonly string[]): string => {
    let value = keyLike(samples[0], random);
    // A sample may be too short to be like it and another.
    for (let tries = 0; given.has(value) || samples.includes(value); tries += 1)
      value = tries < 10 ? keyLike(samples[0], random) : longerKey(samples[0], random);
    given.add(value);
    return value;
  };
  const fresh = (samples: readonly string[]): InputAnswer => {
    return { kind: 'value', value: newKey(samples), fresh: true };
  };
  const seeded = async (collection: string): Promise<InputAnswer> => {
    const now = await abilities.now();
    if (now === undefined) return none('the mock does not tell the time');
    const like = seedEntry(contract, collection, undefined, random, now);
    if (like === undefined) return none(`the contract has no example of an entry of ${collection}`);
    // What somebody has sold stays sold: nothing comes back under a key that a workflow may know.
    const there = [...(contract.initialState.get(collection)?.keys() ?? [])];
    const isTaken = there.includes(like.key) || given.has(like.key);
    const own = isTaken ? newKey([like.key, ...there]) : like.key;
    given.add(own);
    const seed = (isTaken ? seedEntry(contract, collection, own, random, now) : undefined) ?? like;
    const { value, expiresAt } = seed.entry;
    const expires = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
    const done = await abilities.putState(contract.name, {
      [collection]: { [seed.key]: { value, expires } },
    });
    return done.kind === 'done' ? { kind: 'value', value: seed.key, fresh: false } : none(done.why);
  };
  return async (ask) => {
    const received = await abilities.inputs(ask);
    if (received.kind === 'value') return received;
    const collections = keyedBy(ask, transitions);
    const samples = collections.flatMap((name) => [...(contract.initialState.get(name)?.keys() ?? [])]);
    if (!collections.some(isGivenOut) && collections.some((name) => made.has(name)))
      return fresh(isPhone(ask) ? [phoneSample] : samples);
    const known = collections.find((name) => (contract.initialState.get(name)?.size ?? 0) > 0);
    if (known !== undefined) return seeded(known);
    if (isPhone(ask)) return fresh([phoneSample]);
    const shown = collections.length === 0 ? shownAs(contract, ask.name) : undefined;
    if (shown !== undefined) return { kind: 'value', value: shown, fresh: false };
    return Object.keys(ask.for).length > 0 ? received : notGiven(ask);
  };
}

/**
 * An entry like those that a collection of the contract starts with, at a key of its own: `key`, or one like theirs, which
 * of a token is another token. Undefined when the collection starts empty, so that there is nothing to be like.
 */
export function seedEntry(
  contract: Contract,
  collection: string,
  key: string | undefined,
  random: Random,
  now: number,
): { readonly key: string; readonly entry: Entry } | undefined {
  const [sample] = contract.initialState.get(collection) ?? [];
  if (sample === undefined) return undefined;
  const [likeKey, likeValue] = sample;
  const context = { random, now, secret: random.hex(32), fixed: {}, dynamic: false };
  const value = evaluateValue(likeValue, nothing, (schema, bound, example) =>
    contract.generate(schema, context, bound, example),
  );
  const lifetime = lifetimeOf(contract, collection);
  const expiresAt = lifetime && plusDuration(now, lifetime);
  const own = key ?? tokenLike(likeKey, random, now, expiresAt) ?? keyLike(likeKey, random);
  return { key: own, entry: { value: replaced(value ?? null, likeKey, own), expiresAt } };
}

const absent = (): undefined => undefined;
const nothing: Scope = {
  url: '',
  method: '',
  request: { header: absent, query: absent, path: absent, body: undefined },
  response: undefined,
  credential: undefined,
  state: {},
};

/** A number of India, as E.164 has it, without the plus. */
const phoneSample = '919000000000';

function isPhone({ name }: InputAsk): boolean {
  return /phone|mobile|msisdn/.test(plainName(name));
}

/** The collections that calls can fill from nothing, one call after the other. */
function madeByCalls(transitions: readonly Transition[]): ReadonlySet<string> {
  const made = new Set<string>();
  for (let before = -1; before < made.size; ) {
    before = made.size;
    for (const { guard, effects } of transitions) {
      if (!guard.every((condition) => condition.kind !== 'in' || made.has(condition.collection))) continue;
      for (const effect of effects) if (effect.kind === 'put') made.add(effect.collection);
    }
  }
  return made;
}

/** The collections in which a guard looks for the input, in the order of the rules. */
function keyedBy({ name }: InputAsk, transitions: readonly Transition[]): readonly string[] {
  const conditions = transitions.flatMap(({ guard }) => guard);
  const found = conditions.flatMap((condition) => {
    const isKey = condition.kind === 'in' && plainName(sentName(condition.key) ?? '') === plainName(name);
    return isKey ? [condition.collection] : [];
  });
  return [...new Set(found)];
}

/** What the examples of requests show under a name: where no rule looks at it, the mock takes it as it is. */
function shownAs(contract: Contract, name: string): Json | undefined {
  const known = shown.get(contract) ?? shownIn(contract);
  shown.set(contract, known);
  return known.get(plainName(name));
}

const shown = new WeakMap<Contract, ReadonlyMap<string, Json | undefined>>();

/** The first value that is shown under each name: those in bodies count before those of parameters. */
function shownIn({ operations }: Contract): ReadonlyMap<string, Json | undefined> {
  const bodies = operations
    .flatMap(({ requestBody }) => requestBody?.content ?? [])
    .flatMap(({ examples }) => examples)
    .flatMap(({ value }) => (isObject(value) ? Object.entries(value) : []));
  const parameters = operations
    .flatMap((operation) => operation.parameters)
    .flatMap((each) => each.examples.map(({ value }) => [each.name, value] as const));
  const first = new Map<string, Json | undefined>();
  for (const [name, value] of [...bodies, ...parameters]) {
    const plain = plainName(name);
    if (!first.has(plain)) first.set(plain, value);
  }
  return first;
}

/** The name that a value has in the request, when it is one of the request. */
function sentName(value: Value): string | undefined {
  if (value.kind !== 'expression') return undefined;
  const { expression } = value;
  if (expression.kind === 'body' && expression.of === 'request') return expression.tokens.at(-1);
  return expression.kind === 'part' && expression.of === 'request' ? expression.name : undefined;
}

function lifetimeOf({ operations }: Contract, collection: string): Duration | undefined {
  return operations
    .flatMap(({ transitions }) => transitions.flatMap(({ effects }) => effects))
    .map((effect) =>
      effect.kind === 'put' && effect.collection === collection ? effect.lifetime : undefined,
    )
    .find((lifetime) => lifetime !== undefined);
}

/** A text of the same shape: digits for digits, letters for letters, and the first two characters as they are. */
function keyLike(sample: string | undefined, random: Random): string {
  if (sample === undefined) return random.hex(8);
  const isHex = /^[\da-f]*$/.test(sample) && /[a-f]/.test(sample) && sample.length >= 8;
  const any = (from: string): string => from.charAt(random.integer(0, from.length - 1));
  return sample.replace(/[\dA-Za-z]/g, (character, index: number) => {
    if (index < 2 && !isHex) return character;
    if (isHex) return any('0123456789abcdef');
    if (/\d/.test(character)) return any('0123456789');
    return any(/[A-Z]/.test(character) ? 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' : 'abcdefghijklmnopqrstuvwxyz');
  });
}

/** A text that is longer than a sample and made of the same: of a number it is a number. */
function longerKey(sample: string | undefined, random: Random): string {
  return /^[1-9]\d*$/.test(sample ?? '') ? `${sample}${random.integer(1000, 9999)}` : random.hex(8);
}

/** A token like another (RFC 7519), newly issued; undefined when the other is none. */
function tokenLike(
  sample: string,
  random: Random,
  now: number,
  expiresAt: number | undefined,
): string | undefined {
  const parts = sample.split('.');
  const [header, claims] = parts.slice(0, 2).map(decoded);
  if (parts.length !== 3 || header === undefined || claims === undefined) return undefined;
  const seconds = Math.floor(now / 1000);
  const { iat, exp } = claims;
  const age = typeof exp === 'number' && typeof iat === 'number' ? exp - iat : undefined;
  const end = expiresAt === undefined ? age && seconds + age : Math.floor(expiresAt / 1000);
  const issued: JsonObject = {
    ...claims,
    iat: seconds,
    ...(claims.nbf === undefined ? {} : { nbf: seconds }),
    ...(end === undefined ? {} : { exp: end }),
    jti: random.uuid(),
  };
  const signed = [header, issued]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', random.hex(32)).update(signed).digest('base64url')}`;
}

function decoded(part: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The value with one text in the place of another, wherever that is a whole text in it. */
function replaced(value: Json, text: string, by: string): Json {
  if (value === text) return by;
  if (Array.isArray(value)) return value.map((item: Json) => replaced(item, text, by));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, replaced(member, text, by)]),
  );
}
