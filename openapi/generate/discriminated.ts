/** Schemas that are told apart by a discriminator though no choice lists them: a schema and those that inherit from it. */

import { asObject, isObject, type Json, type JsonObject } from '../json.js';
import { isContradictory } from './alternatives.js';
import { mergedSchema, mergedWith, origins, type Resolve, tagOf } from './merged-schema.js';
import type { Context, Site } from './sampling.js';

function discriminatorOf(
  merged: JsonObject,
): { readonly property: string; readonly mapping: JsonObject } | undefined {
  const { propertyName, mapping } = asObject(merged.discriminator);
  return typeof propertyName === 'string'
    ? { property: propertyName, mapping: asObject(mapping) }
    : undefined;
}

const namesOf = ({ [origins]: names }: JsonObject): readonly string[] =>
  Array.isArray(names) ? names.map(String) : [];

/** Of a schema that others inherit from (OpenAPI 3.1, 4.8.25.2), one of those; undefined where it stands for itself. */
export function heirOf(
  schema: Json,
  merged: JsonObject,
  site: Site,
  { resolve, random }: Pick<Context, 'resolve' | 'random'>,
): Json | undefined {
  const discriminator = discriminatorOf(merged);
  const [own] = namesOf(merged);
  const isReferred = isObject(schema) && schema.$ref === own;
  if (discriminator === undefined || own === undefined || !isReferred) return undefined;
  const base = resolve(own);
  if (!isObject(base) || base.discriminator === undefined) return undefined;
  const heirs = [...new Set(Object.values(discriminator.mapping).map(String))].filter(
    (name) => name !== own && !site.trail.includes(name),
  );
  const heir = heirs[random.integer(0, Math.max(heirs.length - 1, 0))];
  if (heir === undefined) return undefined;
  return namesOf(mergedSchema({ $ref: heir }, resolve)).includes(own) ? { $ref: heir } : undefined;
}

const tagged = new WeakMap<JsonObject, JsonObject>();

/** A merged schema with the value of the discriminating property that leads to it, where that is allowed there. */
export function taggedSchema(merged: JsonObject, resolve: Resolve): JsonObject {
  const discriminator = discriminatorOf(merged);
  if (discriminator === undefined) return merged;
  const before = tagged.get(merged);
  if (before !== undefined) return before;
  const { property, mapping } = discriminator;
  const [named] = namesOf(merged).flatMap((name) => {
    const withTag = mergedWith(merged, tagOf(property, mapping, name));
    return isContradictory(withTag, resolve) ? [] : [withTag];
  });
  const found = named ?? merged;
  tagged.set(merged, found);
  return found;
}
