/** What making a value works with: where it stands, what is known of it, and how much there may be. */

import type { Json, JsonObject } from '../json.js';
import type { Random } from '../random.js';
import { origins, type Resolve } from './merged-schema.js';

/** The value of a merged schema that needs no making; undefined when it does. The first attempt may be at an example. */
export type Known = (attempt: number) => (schema: JsonObject) => Json | undefined;

/** Where a value is to stand: what it is called, and what it belongs to. */
export type Site = {
  readonly name: string;
  readonly owner: string;
  /** What is the same for all members of one object. */
  readonly self: object;
  readonly depth: number;
  /** How many values may be made here, as far as they are optional. */
  readonly budget: number;
  /** The names of the schemas that this stands within. */
  readonly trail: readonly string[];
};

/** A value that looks real for where it stands; undefined where nothing is known of that. */
export type Likely = (site: Site, type: string, schema: JsonObject) => Json | undefined;

export type Sampling = {
  readonly resolve: Resolve;
  readonly known: Known;
  readonly random: Random;
  /** Which members are left out: those that only travel in the other direction. */
  readonly direction: 'request' | 'response';
  readonly likely?: Likely | undefined;
  /** The instant near which instants lie. */
  readonly now?: number;
  readonly name?: string;
  readonly owner?: string;
  /** How many values are made though they are optional. */
  readonly budget?: number;
};

/** How much of what is optional is made: all, nothing, or some by chance. */
export type Extent = 'whole' | 'least' | 'some';

export type Made = { readonly value: Json; readonly isFit: boolean };

export type Context = Sampling & {
  readonly make: (schema: Json, site: Site, extent: Extent) => Made;
  readonly fits: (schema: Json, value: Json) => boolean;
  /** How many more values are made before whatever there is has to do. */
  readonly work: { left: number };
  /** Whether each value is looked at, and not only those that are not right by their making. */
  readonly isStrict: boolean;
};

/** How deep what is optional is made. */
export const generousDepth = 5;

/** The names of what a merged schema refers to, the outermost first. */
export function namesOf(merged: JsonObject): readonly string[] {
  const names = merged[origins];
  return Array.isArray(names) ? names.map(String) : [];
}

/** The type that the keywords of a schema without one are about. */
export function impliedType(schema: JsonObject): string {
  const implied = Object.entries(impliedTypes).find(([, keywords]) =>
    keywords.some((keyword) => schema[keyword] !== undefined),
  );
  return implied?.[0] ?? 'string';
}

const impliedTypes: Readonly<Record<string, readonly string[]>> = {
  object: [
    ...['properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties'],
    ...['maxProperties', 'propertyNames', 'dependentRequired', 'dependentSchemas', 'unevaluatedProperties'],
  ],
  array: ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems', 'unevaluatedItems'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};
