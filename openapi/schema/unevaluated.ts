/** Which members and items of a value a schema has looked at (JSON Schema 2020-12 core, section 11). */

import { isObject, type Json, type JsonObject } from '../json.js';
import { regExpOf } from './pattern.js';

/** What it takes to look through plain schemas. */
export type Look = {
  readonly isValid: (schema: Json, value: Json) => boolean;
  /** The schema that a reference names. */
  readonly resolve: (name: string) => Json | undefined;
};

/** The names of the members that no keyword beside `unevaluatedProperties`, nor any within them, speaks of. */
export function unevaluatedMembers(schema: JsonObject, value: JsonObject, look: Look): readonly string[] {
  const { unevaluatedProperties: _, ...others } = schema;
  const seen = new Set<string>();
  for (const part of evaluating(others, value, look)) {
    const { properties, patternProperties, additionalProperties, unevaluatedProperties } = part;
    if (additionalProperties !== undefined || unevaluatedProperties !== undefined) return [];
    const patterns = Object.keys(patternProperties ?? {}).map((each) => regExpOf(each));
    for (const name of Object.keys(value)) {
      const isNamed = isObject(properties) && Object.hasOwn(properties, name);
      if (isNamed || patterns.some((pattern) => pattern.test(name))) seen.add(name);
    }
  }
  return Object.keys(value).filter((name) => !seen.has(name));
}

/** The indexes of the items that no keyword beside `unevaluatedItems`, nor any within them, speaks of. */
export function unevaluatedItems(schema: JsonObject, value: readonly Json[], look: Look): readonly number[] {
  const { unevaluatedItems: _, ...others } = schema;
  const seen = new Set<number>();
  for (const part of evaluating(others, value, look)) {
    const { prefixItems, items, contains, unevaluatedItems: rest } = part;
    if (items !== undefined || rest !== undefined) return [];
    const first = Array.isArray(prefixItems) ? prefixItems.length : 0;
    for (const [index, item] of value.entries())
      if (index < first || (contains !== undefined && look.isValid(contains, item))) seen.add(index);
  }
  return [...value.keys()].filter((index) => !seen.has(index));
}

/** The schema, and every schema applied to the same value by it that the value fits. */
function evaluating(schema: JsonObject, value: Json, look: Look): readonly JsonObject[] {
  const found: JsonObject[] = [];
  const visited = new Set<Json>();
  const enter = (part: Json | undefined): void => {
    if (!isObject(part) || visited.has(part)) return;
    visited.add(part);
    found.push(part);
    const { $ref, allOf, anyOf, oneOf, if: test, then, else: otherwise, dependentSchemas } = part;
    if (typeof $ref === 'string') enter(look.resolve($ref));
    if (Array.isArray(allOf)) allOf.forEach(enter);
    for (const choice of [anyOf, oneOf])
      if (Array.isArray(choice)) choice.filter((each) => look.isValid(each, value)).forEach(enter);
    if (test !== undefined) {
      const holds = look.isValid(test, value);
      if (holds) enter(test);
      enter(holds ? then : otherwise);
    }
    if (isObject(dependentSchemas) && isObject(value))
      for (const [name, each] of Object.entries(dependentSchemas))
        if (Object.hasOwn(value, name)) enter(each);
  };
  enter(schema);
  return found;
}
