/** A value walked beside its schema: at each place of the value, the schemas that apply there, each with its own place. */

import { type Documents, type Place, placeIn } from '../document/documents.js';
import { mergedSchema, mergedWith } from '../generate/merged-schema.js';
import { createPlainSchemas, type PlainSchemas } from '../generate/plain-schemas.js';
import { asObject, isObject, type Json, type JsonObject, pointerTo } from '../json.js';
import type { Dialect, Direction } from '../schema/dialect.js';
import { regExpOf } from '../schema/pattern.js';
import type { Schemas } from '../schema/schema.js';

/** A schema as plain JSON Schema, and where the contract writes it. */
export type PlacedSchema = { readonly schema: JsonObject; readonly at: Place };

/** A place in a value, and what is said of it. */
export type Site = {
  readonly pointer: string;
  readonly value: Json;
  /** What its parent says of it, references not followed. */
  readonly roots: readonly Json[];
  /** Every schema that applies: what is referred to and combined is listed beside what does so. */
  readonly schemas: readonly PlacedSchema[];
  /** What stands around it, the outermost first: by which schemas each is known. */
  readonly trail: readonly string[];
};

/** What the walk needs to know of a contract, in one direction. */
export type Walk = {
  readonly plain: PlainSchemas;
  readonly schemas: Schemas;
  readonly direction: Direction;
};

/** As many places of a value are looked at, and so deep. */
const most = 2000;
const deepest = 100;

/** The places of a value in a response, the outermost first, with the schemas that apply at each. */
export type Describe = (schema: Place, value: Json) => readonly Pick<Site, 'pointer' | 'value' | 'schemas'>[];

/** Describes values of responses by the schemas of a contract's documents. */
export function createDescriber(documents: Documents, dialect: Dialect, schemas: Schemas): Describe {
  const plain = createPlainSchemas(documents, dialect, 'response');
  const walk = { plain, schemas, direction: 'response' } as const;
  // Several ask of one response: values do not change, so what was found holds as long as the value is there.
  const latest = new WeakMap<object, { readonly at: Place; readonly sites: readonly Site[] }>();
  return (at, value) => {
    if (typeof value !== 'object' || value === null) return sitesOf(at, value, walk);
    const before = latest.get(value);
    if (before?.at.file === at.file && before.at.pointer === at.pointer) return before.sites;
    const sites = sitesOf(at, value, walk);
    latest.set(value, { at, sites });
    return sites;
  };
}

/**
 * The places of a value, the outermost first. Of alternatives those apply that the value fits; where it fits none, those
 * that it is nearest to.
 */
export function sitesOf(at: Place, value: Json, walk: Walk): readonly Site[] {
  return sitesFrom(siteOf('', value, [walk.plain.schemaAt(at)], [], walk), walk);
}

/** The places of another value that stands where a site is. */
export function sitesWithin({ pointer, roots, trail }: Site, value: Json, walk: Walk): readonly Site[] {
  return sitesFrom(siteOf(pointer, value, roots, trail, walk), walk);
}

function sitesFrom(first: Site, walk: Walk): readonly Site[] {
  const sites = [first];
  // What is looked at grows while it is gone through.
  for (const site of sites) {
    if (site.trail.length >= deepest || typeof site.value !== 'object' || site.value === null) continue;
    const trail = [...site.trail, keyOf(site)];
    for (const [token, inner] of Object.entries(site.value)) {
      if (sites.length >= most) return sites;
      sites.push(siteOf(pointerTo(site.pointer, token), inner, rootsOf(site, token), trail, walk));
    }
  }
  return sites;
}

function siteOf(
  pointer: string,
  value: Json,
  roots: readonly Json[],
  trail: readonly string[],
  walk: Walk,
): Site {
  return { pointer, value, roots, schemas: appliedTo(value, roots, walk), trail };
}

/** By which schemas a site is known: two of the same key have the same said of them. */
export function keyOf({ schemas }: Pick<Site, 'schemas'>): string {
  const common = commons.get(schemas);
  if (common === undefined) return schemas.map(({ at }) => `${at.file}#${at.pointer}`).join(' ');
  common.key ??= schemas.map(({ at }) => `${at.file}#${at.pointer}`).join(' ');
  return common.key;
}

/** What holds wherever the same schemas apply: their key, and what they say of members and items by token. */
type Common = {
  key: string | undefined;
  readonly members: Map<string, readonly Json[]>;
  readonly items: Map<string, readonly Json[]>;
};

/** Of schemas that apply to every value at a place: others come only once. */
const commons = new WeakMap<readonly PlacedSchema[], Common>();

/** Of so many names is remembered what is said of them: the keys of a dictionary never end. */
const mostNames = 200;

/** Of the items of a list, and of what stands within itself, the first: the others have the same said of them. */
export function distinctSites(sites: readonly Site[]): readonly Site[] {
  const seen = new Set<string>();
  return sites.filter((site) => {
    const parent = site.pointer.slice(0, site.pointer.lastIndexOf('/'));
    const key = keyOf(site);
    const isItem = /\/\d+$/.test(site.pointer);
    const name = isItem ? `${parent} ${key}` : site.pointer;
    const isRepeated = seen.has(name) || (key !== '' && site.trail.includes(key));
    seen.add(name);
    return !isRepeated;
  });
}

/** All that is said of a site, in one schema without references, choices and conditions. */
export function flatSchema({ schemas }: Site): JsonObject {
  return schemas.map(({ schema }) => ownKeywords(schema)).reduce(mergedWith, {});
}

/** The keywords of a schema that say something by themselves. */
function ownKeywords(schema: JsonObject): JsonObject {
  const { $ref, allOf, oneOf, anyOf, if: test, then, else: otherwise, dependentSchemas, ...own } = schema;
  return own;
}

/** The place of a keyword. */
export function keywordPlace({ at }: PlacedSchema, keyword: string): Place {
  return placeIn(at, keyword);
}

/** Deeper than this a schema only refers and combines. */
const lastDepth = 50;

/** What schemas apply to every value that they are asked of: of those that offer no choice and set no condition. */
const always = new WeakMap<PlainSchemas, WeakMap<JsonObject, readonly PlacedSchema[] | 'depends'>>();

function appliedTo(value: Json, roots: readonly Json[], walk: Walk): readonly PlacedSchema[] {
  const [root] = roots;
  if (roots.length !== 1 || !isObject(root)) return roots.flatMap((each) => applied(each, value, walk, 0));
  const known = always.get(walk.plain) ?? new WeakMap<JsonObject, readonly PlacedSchema[] | 'depends'>();
  always.set(walk.plain, known);
  const before = known.get(root);
  if (before !== undefined && before !== 'depends') return before;
  const schemas = applied(root, value, walk, 0);
  if (before !== undefined) return schemas;
  const depends = dependsOnValue(root, walk, 0);
  known.set(root, depends ? 'depends' : schemas);
  if (!depends) commons.set(schemas, { key: undefined, members: new Map(), items: new Map() });
  return schemas;
}

function dependsOnValue(schema: Json, walk: Walk, depth: number): boolean {
  if (!isObject(schema) || depth > lastDepth) return false;
  const { $ref, allOf, oneOf, anyOf, if: test, dependentSchemas } = schema;
  if (oneOf !== undefined || anyOf !== undefined || test !== undefined || dependentSchemas !== undefined)
    return true;
  const inner = (each: Json): boolean => dependsOnValue(each, walk, depth + 1);
  if (typeof $ref === 'string' && inner(walk.plain.resolve($ref))) return true;
  return Array.isArray(allOf) && allOf.some(inner);
}

/** The schema, and all that it applies to the same value (JSON Schema 2020-12 core, 10.2). */
function applied(schema: Json, value: Json, walk: Walk, depth: number): readonly PlacedSchema[] {
  if (!isObject(schema) || depth > lastDepth) return [];
  const inner = (each: Json): readonly PlacedSchema[] => applied(each, value, walk, depth + 1);
  const list = (keyword: string): readonly Json[] => {
    const listed = schema[keyword];
    return Array.isArray(listed) ? listed : [];
  };
  const at = walk.plain.placeOf(schema);
  const dependent = Object.entries(asObject(schema.dependentSchemas)).filter(
    ([name]) => isObject(value) && Object.hasOwn(value, name),
  );
  return [
    ...(at === undefined ? [] : [{ schema, at }]),
    ...(typeof schema.$ref === 'string' ? inner(walk.plain.resolve(schema.$ref)) : []),
    ...list('allOf').flatMap(inner),
    ...meant(list('oneOf'), value, walk).slice(0, 1).flatMap(inner),
    ...meant(list('anyOf'), value, walk).flatMap(inner),
    ...(schema.if === undefined ? [] : inner(conditional(schema, value, walk) ?? true)),
    ...dependent.flatMap(([, each]) => inner(each)),
  ];
}

/** The alternatives that a value fits; else those that it is nearest to. */
function meant(alternatives: readonly Json[], value: Json, walk: Walk): readonly Json[] {
  const distances = alternatives.map((alternative) => distanceOf(alternative, value, walk));
  const least = Math.min(...distances);
  return alternatives.filter((_, index) => distances[index] === least);
}

/** 0 where the value fits; else how much is wrong with it, and how many members of it are not described. */
function distanceOf(schema: Json, value: Json, walk: Walk): number {
  const at = isObject(schema) ? walk.plain.placeOf(schema) : undefined;
  if (at === undefined) return schema === false ? 1 : 0;
  if (walk.schemas.isValid(at, value, walk.direction)) return 0;
  const violations = walk.schemas.violations(at, value, walk.direction);
  if (violations.some(({ pointer, keyword }) => pointer === '' && keyword === 'type'))
    return Number.MAX_SAFE_INTEGER;
  const { properties } = mergedSchema(schema, walk.plain.resolve);
  const unknown = Object.keys(asObject(value)).filter((name) => !Object.hasOwn(asObject(properties), name));
  return violations.length + unknown.length;
}

function conditional(schema: JsonObject, value: Json, walk: Walk): Json | undefined {
  const test = schema.if ?? true;
  const isPlaced = isObject(test) && walk.plain.placeOf(test) !== undefined;
  const holds = isPlaced || !isObject(test) ? distanceOf(test, value, walk) === 0 : isTagged(test, value);
  return holds ? schema.then : schema.else;
}

/** The condition that a discriminator becomes stands nowhere: each of its members has one of the values listed. */
function isTagged(test: JsonObject, value: Json): boolean {
  return Object.entries(asObject(test.properties)).every(([name, rule]) => {
    const tags = asObject(rule).enum;
    const tag = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return Array.isArray(tags) && tag !== undefined && tags.includes(tag);
  });
}

/** What the schemas of a site say of one of its members or items (JSON Schema 2020-12 core, 10.3 and 11). */
export function rootsOf({ schemas, value }: Pick<Site, 'schemas' | 'value'>, token: string): readonly Json[] {
  const isList = Array.isArray(value);
  const common = commons.get(schemas);
  const known = isList ? common?.items : common?.members;
  const before = known?.get(token);
  if (before !== undefined) return before;
  const roots = rootsIn(schemas, isList, token);
  if (known !== undefined && known.size < mostNames) known.set(token, roots);
  return roots;
}

function rootsIn(schemas: readonly PlacedSchema[], isList: boolean, token: string): readonly Json[] {
  const roots = schemas.flatMap(({ schema }) =>
    isList ? itemSchemas(schema, Number(token)) : memberSchemas(schema, token),
  );
  if (roots.length > 0) return roots;
  return schemas.flatMap(({ schema }) => {
    const others = isList ? schema.unevaluatedItems : schema.unevaluatedProperties;
    return others === undefined ? [] : [others];
  });
}

function itemSchemas({ prefixItems, items }: JsonObject, index: number): readonly Json[] {
  const prefix = Array.isArray(prefixItems) ? prefixItems : [];
  const schema = index < prefix.length ? prefix[index] : items;
  return schema === undefined ? [] : [schema];
}

function memberSchemas(schema: JsonObject, name: string): readonly Json[] {
  const properties = asObject(schema.properties);
  const patterned = Object.entries(asObject(schema.patternProperties))
    .filter(([pattern]) => regExpOf(pattern).test(name))
    .map(([, each]) => each);
  const own = Object.hasOwn(properties, name) ? [properties[name] ?? true, ...patterned] : patterned;
  if (own.length > 0) return own;
  return schema.additionalProperties === undefined ? [] : [schema.additionalProperties];
}
