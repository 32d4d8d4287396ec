/** Values made from a schema: tokens and instants by what they are, everything else by what the schema allows. */

import { sampleOf } from './arbitrary.js';
import type { Dialect } from './dialect.js';
import type { Documents, Place } from './documents.js';
import { parseDuration, plusDuration } from './duration.js';
import { instantText } from './instant-text.js';
import { asObject, isObject, type Json, type JsonObject, pointedTo } from './json.js';
import { mergedSchema, type Resolve } from './merged-schema.js';
import { createPlainSchemas } from './plain-schemas.js';
import type { Random } from './random.js';
import type { Schemas } from './schema.js';
import { signedToken } from './token.js';
import { overlay } from './value.js';

export type GenerateContext = {
  readonly random: Random;
  /** The instant at which it is made. */
  readonly now: number;
  /** The key that tokens are signed with. */
  readonly secret: string;
  /** Values to take for texts of a format, by the name of the format. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Whether examples and defaults in the schema are passed over for something new. */
  readonly dynamic: boolean;
};

/** Makes a value that conforms to the schema at a place; `bound` is laid over it (over the claims of a token). */
export type Generate = (schema: Place, context: GenerateContext, bound?: Json, example?: Json) => Json;

/** A generator for the schemas of a contract's documents. */
export function createGenerator(documents: Documents, dialect: Dialect, schemas: Schemas): Generate {
  const plain = createPlainSchemas(documents, dialect, 'response');
  const byPlace = new WeakMap<Place, JsonObject | boolean>();
  return (at, context, bound, example) => {
    const schema = byPlace.get(at) ?? plain.schemaAt(at);
    byPlace.set(at, schema);
    const conforms = (value: Json): boolean => schemas.violations(at, value, 'response').length === 0;
    return generate({ schema, resolve: plain.resolve, context, conforms }, bound, example);
  };
}

type Generation = {
  readonly schema: JsonObject | boolean;
  readonly resolve: Resolve;
  readonly context: GenerateContext;
  readonly conforms: (value: Json) => boolean;
};

function generate({ schema, resolve, context, conforms }: Generation, bound?: Json, example?: Json): Json {
  const merged = mergedSchema(schema, resolve);
  const fixed = typeof merged.format === 'string' ? context.fixed[merged.format] : undefined;
  const given = fixed ?? example;
  if (given !== undefined) return given;
  if (isToken(merged)) return token(merged, resolve, context, bound);
  // An example that breaks its own schema is passed over, here and wherever it is within the value.
  const known = (attempt: number) => (inner: JsonObject) =>
    knownValue(inner, resolve, attempt === 0 ? context : { ...context, dynamic: true });
  const first = known(0)(merged);
  const value =
    first !== undefined && conforms(first)
      ? first
      : sampleOf(schema, resolve, known, context.random, conforms);
  return bound === undefined ? value : overlay(value, bound);
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
  const parts = pointedTo(schema, '/contentSchema/prefixItems');
  const [headerSchema = true, claimsSchema = true] = Array.isArray(parts) ? parts : [];
  const header = members(headerSchema, resolve, context, {});
  const lifetimeOver = lifetimeEnd(schema, Math.floor(context.now / 1000) * 1000);
  const registered = registeredClaims(context, lifetimeOver);
  const claims = members(claimsSchema, resolve, context, {
    ...registered,
    ...(isObject(bound) ? bound : {}),
  });
  const extra = Object.entries(isObject(bound) ? bound : {}).filter(([name]) => !Object.hasOwn(claims, name));
  return signedToken(header, { ...claims, ...Object.fromEntries(extra) }, context.secret);
}

/** RFC 7519, 4.1.4 to 4.1.7: instants are whole seconds, and each token has an identifier of its own. */
function registeredClaims({ now, random }: GenerateContext, lifetimeOver: number | undefined): JsonObject {
  const seconds = Math.floor(now / 1000);
  const exp = lifetimeOver === undefined ? {} : { exp: Math.floor(lifetimeOver / 1000) };
  return { iat: seconds, nbf: seconds, jti: random.uuid(), ...exp };
}

/** The described members of an object, each as given or else generated; optional ones only as given. */
function members(described: Json, resolve: Resolve, context: GenerateContext, given: JsonObject): JsonObject {
  const schema = mergedSchema(described, resolve);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.fromEntries(
    Object.entries(asObject(schema.properties)).flatMap(([name, property]) => {
      const value = given[name];
      if (value !== undefined) return [[name, value] as const];
      if (!required.includes(name)) return [];
      const member = isObject(property) ? property : true;
      return [[name, generate({ schema: member, resolve, context, conforms: () => true })] as const];
    }),
  );
}

function lifetimeEnd(schema: JsonObject, from: number): number | undefined {
  const lifetime = schema['x-lifetime'];
  const duration = typeof lifetime === 'string' ? parseDuration(lifetime) : undefined;
  return duration && plusDuration(from, duration);
}
