/** The parts of an Arazzo document: its objects with their places, reusable ones found, and the operations that it names. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contract, Operation } from '../contract.js';
import { orOneOf } from '../contract-error.js';
import { type DocumentNode, type Documents, placeIn, referencePlace } from '../document/documents.js';
import { displayName, isRemote } from '../document/locate.js';
import { nearestPath } from '../http/path.js';
import { asObject, isObject, type Json, type JsonObject, pointerTo } from '../json.js';

/** A document whose form is right, and the contract whose operations its steps call. */
export type ArazzoDocument = {
  readonly documents: Documents;
  readonly root: ArazzoNode;
  readonly contract: Contract;
};

/** An object of the document, and where it stands. */
export type ArazzoNode = DocumentNode & { readonly value: JsonObject };

/** What is wrong with a name, and what to do. */
export type Unresolved = { readonly what: string; readonly fix: string };

/** An object of a list, or the component that the list refers to; `use` is where the list has it. */
export type ArazzoItem =
  | { readonly kind: 'found'; readonly node: ArazzoNode; readonly use: ArazzoNode }
  | { readonly kind: 'unresolved'; readonly unresolved: Unresolved; readonly use: ArazzoNode };

/** The objects in a list of an object. */
export function nodesOf(owner: ArazzoNode, list: string): readonly ArazzoNode[] {
  const value = owner.value[list];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) =>
    isObject(item) ? [{ value: item, at: placeIn(placeIn(owner.at, list), index) }] : [],
  );
}

/** The objects in a list of an object, or what stands for them among the components of a kind. */
export function itemsOf(
  { root }: ArazzoDocument,
  owner: ArazzoNode,
  list: string,
  kind: 'parameters' | 'successActions' | 'failureActions',
): readonly ArazzoItem[] {
  return nodesOf(owner, list).map((use): ArazzoItem => {
    const { reference, value } = use.value;
    if (typeof reference !== 'string') return { kind: 'found', node: use, use };
    const components = asObject(asObject(root.value.components)[kind]);
    const prefix = `$components.${kind}.`;
    const name = reference.startsWith(prefix) ? reference.slice(prefix.length) : undefined;
    const component = name !== undefined && Object.hasOwn(components, name) ? components[name] : undefined;
    if (name === undefined || !isObject(component)) {
      const known = Object.keys(components).map((each) => `${prefix}${each}`);
      const what = `there is no component "${reference}"`;
      return {
        kind: 'unresolved',
        use,
        unresolved: { what, fix: orOneOf(`Add it to components/${kind}`, known) },
      };
    }
    const at = placeIn(placeIn(placeIn(root.at, 'components'), kind), name);
    const overridden = value === undefined ? component : { ...component, value };
    return { kind: 'found', node: { value: overridden, at }, use };
  });
}

/** A text member of an object; undefined when it has none. */
export function textIn(node: ArazzoNode, member: string): string | undefined {
  const value = node.value[member];
  return typeof value === 'string' ? value : undefined;
}

/** The members of a map of texts. */
export function textsIn(node: ArazzoNode, member: string): readonly (readonly [string, string])[] {
  return Object.entries(asObject(node.value[member])).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
}

/** The workflow that a step, an action or `dependsOn` names; or why it cannot be had. */
export function workflowOf(
  document: ArazzoDocument,
  name: string,
): { readonly workflow: ArazzoNode } | { readonly unresolved: Unresolved } {
  const workflows = nodesOf(document.root, 'workflows');
  const workflow = workflows.find((each) => each.value.workflowId === name);
  if (workflow !== undefined) return { workflow };
  if (name.startsWith('$'))
    return {
      unresolved: {
        what: `"${name}" is a workflow of another Arazzo document, which is not read`,
        fix: 'Write that workflow into this document',
      },
    };
  const known = workflows.flatMap((each) => textIn(each, 'workflowId') ?? []);
  const unresolved = { what: `there is no workflow "${name}"`, fix: orOneOf('Add it', near(name, known)) };
  return { unresolved };
}

/** The operation that a step names; or why it cannot be had. */
export function operationOf(
  document: ArazzoDocument,
  step: ArazzoNode,
): { readonly operation: Operation } | { readonly unresolved: Unresolved } {
  const id = textIn(step, 'operationId');
  return id === undefined
    ? operationAtPath(document, textIn(step, 'operationPath') ?? '')
    : operationWithId(document, id);
}

type Resolved = ReturnType<typeof operationOf>;

function operationWithId(document: ArazzoDocument, id: string): Resolved {
  const [, source, named = id] = /^\$sourceDescriptions\.([A-Za-z0-9_-]+)\.(.+)$/.exec(id) ?? [];
  const foreign = source === undefined ? undefined : foreignSource(document, source);
  if (foreign !== undefined) return { unresolved: foreign };
  const known = document.contract.operations.filter(hasOperationId);
  const operation = known.find((each) => each.id === named);
  if (operation !== undefined) return { operation };
  const names = near(
    named,
    known.map((each) => each.id),
  );
  return {
    unresolved: {
      what: `the contract has no operation "${named}"`,
      fix: orOneOf('Add it to the contract', names),
    },
  };
}

function operationAtPath(document: ArazzoDocument, text: string): Resolved {
  const found = /^\{?\$sourceDescriptions\.([A-Za-z0-9_-]+)\.url\}?(#.*)$/.exec(text);
  if (found?.[1] === undefined || found[2] === undefined)
    return {
      unresolved: {
        what: `"${text}" names no operation by its path`,
        fix: "Write '{$sourceDescriptions.NAME.url}#/paths/~1x/get'",
      },
    };
  const foreign = foreignSource(document, found[1]);
  if (foreign !== undefined) return { unresolved: foreign };
  const { pointer } = referencePlace('', found[2]);
  const { operations } = document.contract;
  const operation = operations.find((each) => operationPointer(each) === pointer);
  if (operation !== undefined) return { operation };
  // To the search for the nearest, braces would stand for anything.
  const plain = (each: Operation): string => operationPointer(each).replace(/[{}]/g, '');
  const names = near(pointer.replace(/[{}]/g, ''), operations.map(plain));
  const known = operations.filter((each) => names.includes(plain(each))).map(operationPointer);
  return {
    unresolved: {
      what: `the contract has no operation at "${pointer}"`,
      fix: orOneOf('Correct the pointer', known),
    },
  };
}

/** Where an operation stands below the paths of its document. */
export function operationPointer({ path: template, method }: Operation): string {
  return pointerTo(pointerTo('/paths', template), method.toLowerCase());
}

/** Whether an operation has an operationId, and is not known by its method and path instead. */
export function hasOperationId({ id, method, path: template }: Operation): boolean {
  return id !== `${method} ${template}`;
}

/** What is wrong with the name of a source description, when it is not that of the contract. */
function foreignSource(document: ArazzoDocument, name: string): Unresolved | undefined {
  const names = ownSources(document);
  if (names.includes(name)) return undefined;
  const known = nodesOf(document.root, 'sourceDescriptions').some((each) => each.value.name === name);
  const what = known
    ? `the source "${name}" is not ${displayName(document.contract.files[0] ?? '')}, the contract that is called`
    : `there is no source description "${name}"`;
  return { what, fix: orOneOf('Correct the name', names) };
}

/** The names of the source descriptions that are the contract: that with its file; or else the only one of an API. */
export function ownSources({ root, documents, contract }: ArazzoDocument): readonly string[] {
  const apis = nodesOf(root, 'sourceDescriptions').filter((each) => each.value.type !== 'arazzo');
  const same = apis.filter((each) => fileOf(each.value.url, documents.root) === contract.files[0]);
  const own = same.length === 0 && apis.length === 1 ? apis : same;
  return own.flatMap((each) => textIn(each, 'name') ?? []);
}

function fileOf(url: Json | undefined, from: string): string | undefined {
  if (typeof url !== 'string') return undefined;
  if (url.startsWith('file:')) return URL.canParse(url) ? fileURLToPath(url) : undefined;
  return isRemote(url) ? url : path.normalize(referencePlace(from, url).file);
}

/** The names to offer instead of one: the nearest, or all when none is near. */
export function near(name: string, known: readonly string[]): readonly string[] {
  const nearest = nearestPath(name, known);
  return nearest === undefined ? known : [nearest];
}
