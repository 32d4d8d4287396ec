/** One rule that is concluded of a resource, as data: its guard, the values that it speaks of, what it leaves behind. */

import type { DocumentNode, Documents } from '../document/documents.js';
import { asObject, type Json, type JsonObject } from '../json.js';
import type { Properties } from '../schema/schema-properties.js';
import type { Resource } from './inferred-resources.js';

/** What the rules of all operations of a resource are made from. */
export type Inference = {
  readonly documents: Documents;
  readonly resource: Resource;
  /** The properties of a thing as POST shows it. */
  readonly created: Properties;
};

/** The collection that remembers what has been deleted. */
export function deletedOf({ collection }: Pick<Resource, 'collection'>): string {
  return `${collection}-deleted`;
}

/** The operation that creates the things of a resource. */
export function makerOf({ operations, path, itemPath }: Resource): string {
  return operations.has('post') ? `POST ${path}` : `PUT ${itemPath}`;
}

/** What a rule of a resource says. */
export type Rule = {
  readonly name: string;
  readonly reason: string;
  readonly response: string;
  readonly guard?: readonly Json[];
  readonly content?: Json | undefined;
  readonly whole?: boolean;
  readonly effects?: readonly Json[];
  readonly alternative?: boolean;
  readonly unspecified?: boolean;
};

/** A rule as `x-transitions` has it, marked as concluded. */
export function ruleOf({ collection }: Resource, { name, reason, content, ...rule }: Rule): Json {
  return {
    name,
    'x-provenance': 'inferred',
    'x-reason': reason,
    'x-resource': collection,
    ...rule,
    ...(content === undefined ? {} : { content }),
  };
}

/** Rules for each of several statuses: the first is what a server does, the others what it may do as well. */
export function eachStatus(
  resource: Resource,
  statuses: readonly string[],
  rule: (status: string) => Omit<Rule, 'response'>,
): Json[] {
  return statuses.map((response, index) => {
    const { name, ...rest } = rule(response);
    const own = index === 0 ? { name } : { name: `${name}-${response}`, alternative: true };
    return ruleOf(resource, { ...rest, ...own, response });
  });
}

/** A reference to a schema from the file in which the rules of a resource stand. */
export function reference({ operations }: Resource, { at }: DocumentNode): Json {
  const from = [...operations.values()][0]?.at;
  const pointer = encodeURI(at.pointer).replaceAll('#', '%23');
  return from?.file === at.file ? `#${pointer}` : `${at.file}#${pointer}`;
}

/** A value that the mock answers with, and a server as it likes. */
export function free(...values: readonly Json[]): Json {
  return { $generate: {}, example: { $merge: [{}, ...values] } };
}

/** Values laid over one another; those that are empty left out. */
export function merged(...values: readonly Json[]): Json {
  const some = values.filter((value) => Object.keys(asObject(value)).length > 0);
  return some.length === 0 ? {} : { $merge: some };
}

function shape(names: Iterable<string>): JsonObject {
  return Object.fromEntries([...names].map((name) => [name, null]));
}

/** Of a value the members of these names. */
export function picked(value: Json, names: readonly string[]): Json {
  return names.length === 0 ? {} : { $pick: value, like: shape(names) };
}

/** The same, but for what is null: servers leave that out or not. */
export function claimed(value: Json, names: readonly string[]): Json {
  return names.length === 0 ? {} : { $pick: value, like: shape(names), nulls: false };
}

/** The entry of the thing that a request names. */
export function entryOf(resource: Resource, collection: string, as?: string): JsonObject {
  const { key, outer } = resource;
  const where = Object.fromEntries(outer.map((name) => [`path-${name}`, `$request.path.${name}`]));
  return {
    in: collection,
    key: `$request.path.${key}`,
    ...(outer.length === 0 ? {} : { where }),
    ...(as === undefined ? {} : { as }),
  };
}

/** What is kept of a thing: as it is shown, and the part of that which is sure to stay. */
export function recordOf({ outer }: Resource, shown: Json, sent: Json): JsonObject {
  return {
    ...Object.fromEntries(outer.map((name) => [`path-${name}`, `$request.path.${name}`])),
    shown,
    sent,
  };
}
