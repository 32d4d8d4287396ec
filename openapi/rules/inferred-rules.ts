/** State rules that nobody has written: concluded from paths that are those of resources, and put where others stand. */

import type { Contract } from '../contract.js';
import { type Documents, type Place, placeIn } from '../document/documents.js';
import { withValue } from '../document/locate.js';
import { isObject, type Json, type JsonObject, pointerTokens } from '../json.js';
import { propertiesOf } from '../schema/schema-properties.js';
import { shownIn } from './inferred-envelope.js';
import {
  answerContent,
  answerSchema,
  createdSchema,
  examplesOf,
  type Resource,
  type ResourceMethod,
  resourcesIn,
  successes,
} from './inferred-resources.js';
import { deletedOf, type Inference } from './inferred-rule.js';
import { transitionsOf } from './inferred-transitions.js';

/**
 * The documents with `x-transitions` for the operations of resources that have none of their own, each marked as inferred, and
 * with the collections in `x-state`. The same documents when there are no such resources.
 */
export function withInferredRules(documents: Documents): Documents {
  const resources = resourcesIn(documents);
  if (resources.length === 0) return documents;
  const additions = new Map<string, Addition>();
  for (const resource of resources) {
    for (const [operation, transitions] of rulesOf(documents, resource))
      add(additions, placeIn(operation, 'x-transitions'), transitions);
    const root: Place = { file: documents.root, pointer: '/x-state' };
    add(additions, placeIn(root, resource.collection), fixturesOf(documents, resource));
    add(additions, placeIn(root, deletedOf(resource)), {});
  }
  const sources = [...documents.sources].map(([file, source]) => {
    const addition = additions.get(file);
    return [
      file,
      addition === undefined ? source : withValue(source, added(source.value, addition)),
    ] as const;
  });
  return { ...documents, sources: new Map(sources) };
}

/** The resources of a contract whose rules are concluded: the paths that make each up. */
export function inferredResources(
  contract: Contract,
): readonly { readonly collection: string; readonly paths: readonly string[] }[] {
  const paths = new Map<string, Set<string>>();
  for (const { path, transitions } of contract.operations) {
    for (const { resource } of transitions) {
      if (resource === undefined) continue;
      paths.set(resource, (paths.get(resource) ?? new Set()).add(path));
    }
  }
  return [...paths].map(([collection, own]) => ({ collection, paths: [...own] }));
}

function rulesOf(documents: Documents, resource: Resource): (readonly [Place, Json])[] {
  const schema = createdSchema(documents, resource.operations);
  const created = shownIn(documents, schema, resource)?.properties ?? propertiesOf(documents, schema);
  const inference: Inference = { documents, resource, created };
  return [...resource.operations].flatMap(([method, operation]) => {
    const transitions = transitionsOf(inference, method, operation);
    return transitions.length === 0 ? [] : [[operation.at, transitions] as const];
  });
}

/** The things that the examples of the document show: they are there from the start. */
function fixturesOf(documents: Documents, resource: Resource): JsonObject {
  const { id, outer, operations } = resource;
  if (outer.length > 0) return {}; // whose they are is not said
  const shown = (method: ResourceMethod): Json[] => {
    const operation = operations.get(method);
    const [status] = operation === undefined ? [] : successes(documents, operation, method);
    if (operation === undefined || status === undefined) return [];
    return examplesOf(documents, answerContent(documents, operation, status));
  };
  const listed = shown('list').flatMap((example) =>
    [example, ...(isObject(example) ? Object.values(example) : [])].filter(Array.isArray).flat(),
  );
  const envelope = envelopeOf(documents, resource);
  const read = shown('get').map((example) =>
    envelope === undefined || !isObject(example) ? example : (example[envelope] ?? null),
  );
  const things = [...listed, ...read].filter(isObject).filter((thing) => !isExpression(thing));
  return Object.fromEntries(
    things.flatMap((thing) => {
      const key = thing[id];
      if (typeof key !== 'string' && typeof key !== 'number') return [];
      return [[String(key), { shown: thing, sent: {} }] as const];
    }),
  );
}

/** The member that GET shows the thing in. */
function envelopeOf(documents: Documents, resource: Resource): string | undefined {
  const operation = resource.operations.get('get');
  const [status] = operation === undefined ? [] : successes(documents, operation, 'get');
  if (operation === undefined || status === undefined) return undefined;
  return shownIn(documents, answerSchema(documents, operation, status), resource)?.member;
}

/** Whether a value would be read as an expression, or as something to be made. */
function isExpression(value: Json): boolean {
  if (typeof value === 'string') return value.startsWith('$');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => name.startsWith('$') || isExpression(member));
}

/** What is added to a value: at it, or at members of it. */
type Addition = { value: Json | undefined; readonly members: Map<string, Addition> };

function add(additions: Map<string, Addition>, { file, pointer }: Place, value: Json): void {
  let addition = additions.get(file) ?? { value: undefined, members: new Map() };
  additions.set(file, addition);
  for (const token of pointerTokens(pointer)) {
    const inner: Addition = addition.members.get(token) ?? { value: undefined, members: new Map() };
    addition.members.set(token, inner);
    addition = inner;
  }
  addition.value = value;
}

/** The value with everything that is added to it; what nothing is added to stays the very same. */
function added(value: Json | undefined, addition: Addition): Json {
  if (addition.value !== undefined) return addition.value;
  if (Array.isArray(value))
    return value.map((item, index) => {
      const inner = addition.members.get(String(index));
      return inner === undefined ? item : added(item, inner);
    });
  const members = new Map(Object.entries(isObject(value) ? value : {}));
  for (const [name, inner] of addition.members) members.set(name, added(members.get(name), inner));
  return Object.fromEntries(members);
}
