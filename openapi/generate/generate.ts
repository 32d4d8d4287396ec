/** Values made from a schema: tokens and instants by what they are, everything else by what the schema allows. */

import { type Documents, nodeAt, type Place } from '../document/documents.js';
import { type Duration, parseDuration, plusDuration } from '../duration.js';
import { instantText } from '../instant-text.js';
import {
  asObject,
  isObject,
  type Json,
  type JsonObject,
  pointedTo,
  pointerTokens,
  setMember,
} from '../json.js';
import type { Random } from '../random.js';
import { rememberedBy } from '../remembered.js';
import { overlay } from '../rules/value.js';
import type { Dialect, Direction } from '../schema/dialect.js';
import { signedToken } from '../token.js';
import { createLikely } from './likely.js';
import { mergedSchema, type Resolve } from './merged-schema.js';
import { createPlainSchemas, type PlainSchemas } from './plain-schemas.js';
import { sampleOf } from './sample.js';
import { singular } from './words.js';

export type GenerateContext = {
  readonly random: Random;
  /** The instant at which it is made. */
  readonly now: number;
  /** The instant near which made-up instants lie; that at which it is made where nothing is said. */
  readonly near?: number;
  /** The key that tokens are signed with. */
  readonly secret: string;
  /** Values to take for texts of a format, by the name of the format. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Whether examples and defaults in the schema are passed over for something new. */
  readonly dynamic: boolean;
  /** Which way it is to travel: members that only travel the other way are not made. A response where nothing is said. */
  readonly direction?: Direction;
};

/** Makes a value that conforms to the schema at a place; `bound` is laid over it (over the claims of a token). */
export type Generate = (schema: Place, context: GenerateContext, bound?: Json, example?: Json) => Json;

/** A generator for the schemas of a contract's documents. Nothing is compiled: what is made is read against its schema. */
export function createGenerator(documents: Documents, dialect: Dialect): Generate {
  const plain = new Map<Direction, PlainSchemas>();
  const known = { request: new WeakMap<Place, Subject>(), response: new WeakMap<Place, Subject>() };
  const subjectAt = (at: Place, direction: Direction): Subject => {
    const before = known[direction].get(at);
    if (before !== undefined) return before;
    const schemas = plain.get(direction) ?? createPlainSchemas(documents, dialect, direction, 'kept');
    plain.set(direction, schemas);
    const subject = { schema: schemas.schemaAt(at), resolve: schemas.resolve, ...namesAt(documents, at) };
    known[direction].set(at, subject);
    return subject;
  };
  return (at, context, bound, example) =>
    generate(subjectAt(at, context.direction ?? 'response'), context, bound, example);
}

/** A schema, and what its values are called. */
type Subject = {
  readonly schema: JsonObject | boolean;
  readonly resolve: Resolve;
  readonly name: string;
  readonly owner: string;
};

function generate(subject: Subject, context: GenerateContext, bound?: Json, example?: Json): Json {
  const { schema, resolve, name, owner } = subject;
  const merged = mergedSchema(schema, resolve);
  const fixed = typeof merged.format === 'string' ? context.fixed[merged.format] : undefined;
  const given = fixed ?? example;
  if (given !== undefined) return given;
  if (isToken(merged)) return token(merged, resolve, context, bound);
  const value = sampleOf(schema, {
    resolve,
    // An example that breaks its own schema is passed over, here and wherever it is within the value.
    known: (attempt) => (inner) =>
      knownValue(inner, resolve, attempt === 0 ? context : { ...context, dynamic: true }),
    random: context.random,
    direction: context.direction ?? 'response',
    likely: createLikely(context.random, context.near ?? context.now),
    now: context.near ?? context.now,
    name,
    owner,
  });
  return bound === undefined ? value : overlay(value, bound);
}

/** What the values at a place are called: by a header's or a parameter's name, else by the path. */
function namesAt(documents: Documents, { file, pointer }: Place): Pick<Subject, 'name' | 'owner'> {
  const parent = nodeAt(documents, { file, pointer: pointer.slice(0, pointer.lastIndexOf('/')) });
  const tokens = pointerTokens(pointer);
  const header = tokens[tokens.lastIndexOf('headers') + 1];
  const named = asObject(parent?.value).name;
  const name = tokens.includes('headers') ? header : typeof named === 'string' ? named : undefined;
  const path = tokens[0] === 'paths' ? (tokens[1] ?? '') : '';
  const resource = path.split('/').filter((segment) => /^[A-Za-z_-]+$/.test(segment));
  const owner = tokens[0] === 'components' ? (tokens[2] ?? '') : (resource.at(-1) ?? '');
  return { name: name ?? '', owner: singular(owner) };
}

/** What needs no guessing: a constant, an instant that lies a lifetime ahead, a UUID, a token, an example. */
function knownValue(schema: JsonObject, resolve: Resolve, context: GenerateContext): Json | undefined {
  if (schema.const !== undefined) return schema.const;
  if (typeof schema.format === 'string' && context.fixed[schema.format] !== undefined)
    return context.fixed[schema.format];
  if (isToken(schema)) return token(schema, resolve, context);
  const expiry = lifetimeEnd(schema, context.now);
  if (expiry !== undefined && schema.format === 'date-time') return new Date(expiry).toISOString();
  if (typeof schema['x-instant'] === 'string') return instantText(context.now, schema['x-instant']);
  if (!context.dynamic) {
    const examples = Array.isArray(schema.examples) ? schema.examples : [];
    const example = [...examples, schema.example, schema.default].find((value) => value !== undefined);
    if (example !== undefined) return example;
  }
  return schema.format === 'uuid' && schema.pattern === undefined ? context.random.uuid() : undefined;
}

function isToken(schema: JsonObject): boolean {
  return schema.contentMediaType === 'application/jwt' && isObject(schema.contentSchema);
}

/** A signed JSON Web Token (RFC 7519): header and claims as described, in the order in which they are described. */
function token(schema: JsonObject, resolve: Resolve, context: GenerateContext, bound?: Json): string {
  const { header, claims, lifetime } = tokenParts(schema, resolve);
  const given = isObject(bound) ? bound : {};
  const told = members(claims, resolve, context, given, registeredClaims(context, lifetime));
  for (const [name, value] of Object.entries(given))
    if (!Object.hasOwn(told, name)) setMember(told, name, value);
  return signedToken(members(header, resolve, context, {}, {}), told, context.secret);
}

/** RFC 7519, 4.1.4 to 4.1.7: instants are whole seconds, and each token has an identifier of its own. */
function registeredClaims({ now, random }: GenerateContext, lifetime: Duration | undefined): JsonObject {
  const seconds = Math.floor(now / 1000);
  const jti = random.uuid();
  if (lifetime === undefined) return { iat: seconds, nbf: seconds, jti };
  const exp = Math.floor(plusDuration(seconds * 1000, lifetime) / 1000);
  return { iat: seconds, nbf: seconds, jti, exp };
}

/** What is described as the header and the claims of a token, and for how long it is good. */
type TokenParts = {
  readonly header: readonly DescribedMember[];
  readonly claims: readonly DescribedMember[];
  readonly lifetime: Duration | undefined;
};

type DescribedMember = {
  readonly name: string;
  readonly schema: JsonObject | boolean;
  readonly isRequired: boolean;
  /** The one value that it can have. */
  readonly only: Json | undefined;
};

const tokenParts = rememberedBy((schema: JsonObject, resolve: Resolve): TokenParts => {
  const parts = pointedTo(schema, '/contentSchema/prefixItems');
  const [header = true, claims = true] = Array.isArray(parts) ? parts : [];
  return {
    header: describedMembers(header, resolve),
    claims: describedMembers(claims, resolve),
    lifetime: lifetimeOf(schema),
  };
});

function describedMembers(described: Json, resolve: Resolve): readonly DescribedMember[] {
  const { properties, required } = mergedSchema(described, resolve);
  const names = Array.isArray(required) ? required : [];
  return Object.entries(asObject(properties)).map(([name, property]) => {
    const schema = isObject(property) ? property : true;
    return { name, schema, isRequired: names.includes(name), only: mergedSchema(schema, resolve).const };
  });
}

/** The described members of an object, each as given, as is usual, or else made; optional ones only as given or usual. */
function members(
  described: readonly DescribedMember[],
  resolve: Resolve,
  context: GenerateContext,
  given: JsonObject,
  usual: JsonObject,
): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const { name, schema, isRequired, only } of described) {
    const told = Object.hasOwn(given, name)
      ? given[name]
      : Object.hasOwn(usual, name)
        ? usual[name]
        : undefined;
    const value = told === undefined && isRequired ? only : told;
    if (value !== undefined) setMember(values, name, value);
    else if (isRequired) setMember(values, name, generate({ schema, resolve, name, owner: '' }, context));
  }
  return values;
}

function lifetimeOf(schema: JsonObject): Duration | undefined {
  const lifetime = schema['x-lifetime'];
  return typeof lifetime === 'string' ? parseDuration(lifetime) : undefined;
}

function lifetimeEnd(schema: JsonObject, from: number): number | undefined {
  const duration = lifetimeOf(schema);
  return duration && plusDuration(from, duration);
}
