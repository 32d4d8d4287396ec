/** The plain schemas of a contract's documents for one direction: each made when it is first looked at, its place kept. */

import { type Documents, nodeAt, type Place } from '../document/documents.js';
import { placeKey } from '../document/places.js';
import type { JsonObject } from '../json.js';
import { type Dialect, type Direction, plainSchema } from '../schema/dialect.js';
import type { Resolve } from './merged-schema.js';

export type PlainSchemas = {
  /** The schema at a place, its references left as references. */
  schemaAt(at: Place): JsonObject | boolean;
  readonly resolve: Resolve;
  /** The place at which a schema is written; undefined for one that was made up. */
  placeOf(schema: object): Place | undefined;
};

/**
 * The plain schemas of the documents, examples and other annotations included. Discriminators are split into conditions, or
 * kept as they are, with references for what they name.
 */
export function createPlainSchemas(
  documents: Documents,
  dialect: Dialect,
  direction: Direction,
  discriminators: 'split' | 'kept' = 'split',
): PlainSchemas {
  const named = new Map<string, Place>();
  const plain = new Map<string, JsonObject | boolean>();
  const places = new WeakMap<object, Place>();
  const refer = (at: Place): string => {
    const name = placeKey(at);
    named.set(name, at);
    return name;
  };
  const made = (schema: object, at: Place): void => {
    places.set(schema, at);
  };
  const schemas = { documents, dialect, direction, refer, made, annotated: true, discriminators } as const;
  /** What a schema refers to is not looked at before it is asked for. */
  const resolve: Resolve = (name) => {
    const known = plain.get(name);
    const at = named.get(name);
    if (known !== undefined || at === undefined) return known ?? true;
    const node = nodeAt(documents, at);
    const schema = node === undefined ? true : plainSchema(node, schemas);
    plain.set(name, schema);
    return schema;
  };
  return { schemaAt: (at) => resolve(refer(at)), resolve, placeOf: (schema) => places.get(schema) };
}
