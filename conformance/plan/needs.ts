/** What an operation is called with that another one must have given: ids in its path, its query and its content. */

import type { Contract, Operation, Parameter } from '../../openapi/contract.js';
import { isObject, type Json, pointerTo } from '../../openapi/json.js';
import { requestBodyFor } from './body.js';
import { isId, plainWords, thingOf } from './resource-words.js';

/** A value that somebody must have given. */
export type Need = {
  /** As the parts of a request are called: `path orderId`, `query customer_id`, `body /product_id`. */
  readonly part: string;
  /** What it is called where it stands. */
  readonly name: string;
  /** What it is the id of, in words; the surest first. */
  readonly things: readonly string[];
  /** The path of the things that it is one of, where the path of the operation tells. */
  readonly collection: string | undefined;
  /** The types that it may be of; undefined where that is not said or does not matter. */
  readonly types: readonly string[] | undefined;
};

/** What an operation needs by its path and query: the ids of things. */
export function needOfParameter(operation: Operation, { name, in: where }: Parameter): Need | undefined {
  const part = `${where} ${name}`;
  if (where === 'path') {
    const before = operation.path.slice(0, operation.path.indexOf(`{${name}}`)).replace(/\/$/, '');
    const segment = before.split('/').at(-1) ?? '';
    const isNamed = segment !== '' && !segment.includes('{');
    const named = thingOf(name) ?? (isId(name) ? undefined : plainWords(name));
    const things = [...(named === undefined ? [] : [named]), ...(isNamed ? [plainWords(segment)] : [])];
    const collection = isNamed && before.endsWith(`/${segment}`) ? before : undefined;
    return things.length === 0 ? undefined : { part, name, things, collection, types: undefined };
  }
  const thing = where === 'query' ? thingOf(name) : undefined;
  return thing === undefined
    ? undefined
    : { part, name, things: [thing], collection: undefined, types: undefined };
}

/** What an operation needs in its content, as far as the content that a plan sends by itself has it. */
export function needsOfContent(contract: Contract, operation: Operation): readonly Need[] {
  return needsWithin(usualContent(contract, operation) ?? null, '', undefined);
}

const contents = new WeakMap<Operation, { readonly payload: Json | undefined }>();

/** The content that a plan sends where nothing else is asked for. */
export function usualContent(contract: Contract, operation: Operation): Json | undefined {
  const known = contents.get(operation) ?? {
    payload: requestBodyFor(contract, operation, new Map())?.payload,
  };
  contents.set(operation, known);
  return known.payload;
}

/** Ids deeper than this are those of things within things, which come with them. */
const deepest = 4;

function needsWithin(value: Json, pointer: string, of: string | undefined, depth = 0): readonly Need[] {
  if (depth > deepest) return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => needsWithin(item, `${pointer}/${index}`, of, depth + 1));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]): readonly Need[] => {
    const at = pointerTo(pointer, name);
    if (typeof member === 'object' && member !== null) {
      // `product_ids: ["…"]` has ids as its items; `product: { id }` an id of a product.
      const listed = Array.isArray(member) ? thingOf(name) : undefined;
      if (listed !== undefined && Array.isArray(member))
        return member.flatMap((item, index) => needOf(`${at}/${index}`, name, listed, item));
      return needsWithin(member, at, plainWords(name), depth + 1);
    }
    const thing = isId(name) ? of : thingOf(name);
    return thing === undefined ? [] : needOf(at, name, thing, member);
  });
}

function needOf(pointer: string, name: string, thing: string, value: Json): readonly Need[] {
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const types = typeof value === 'string' ? ['string'] : ['integer', 'number'];
  return [{ part: `body ${pointer}`, name, things: [thing], collection: undefined, types }];
}

/** Whether an operation deletes what it is called with, or ends it for good. */
export function isDeleting({ method, path }: Pick<Operation, 'method' | 'path'>): boolean {
  if (method === 'DELETE') return true;
  return (
    method !== 'GET' &&
    method !== 'HEAD' &&
    /[/:._-](?:delete|remove|destroy|cancel|revoke|terminate|purge|archive|close)$/i.test(path)
  );
}
