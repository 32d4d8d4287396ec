/** The files of one contract as a web of nodes: walking into members, following references, telling places. */

import type { Location } from '../contract-error.js';
import { isObject, type Json, pointedTo, pointerTo } from '../json.js';
import { referenceTarget } from './identifiers.js';
import { displayName, isRemote, locate, locateInFile } from './locate.js';
import { type DocumentNode, type Documents, nodeAt, type Place, placeIn, referencePlace } from './places.js';

export {
  type DocumentNode,
  type Documents,
  displayName,
  isRemote,
  nodeAt,
  type Place,
  placeIn,
  referencePlace,
  referenceTarget,
};

/** Follows `$ref` until something else stands there; undefined for a dangling or endless chain. */
export function followReferences(documents: Documents, node: DocumentNode): DocumentNode | undefined {
  let current: DocumentNode | undefined = node;
  for (let hops = 0; hops < 100; hops += 1) {
    if (current === undefined || !isObject(current.value)) return current;
    const reference: Json | undefined = current.value.$ref;
    if (typeof reference !== 'string') return current;
    current = nodeAt(documents, referenceTarget(documents, current.at, reference));
  }
  return undefined;
}
/** A member or item of a node, with references followed. */
export function memberOf(
  documents: Documents,
  node: DocumentNode,
  token: string | number,
): DocumentNode | undefined {
  const value = pointedTo(node.value, pointerTo('', token));
  if (value === undefined) return undefined;
  return followReferences(documents, { value, at: placeIn(node.at, token) });
}

/** The members or items of a node, by name, with references followed. */
export function membersOf(
  documents: Documents,
  node: DocumentNode | undefined,
): readonly (readonly [string, DocumentNode])[] {
  if (node === undefined || typeof node.value !== 'object' || node.value === null) return [];
  return Object.keys(node.value).flatMap((name) => {
    const member = memberOf(documents, node, name);
    return member === undefined ? [] : [[name, member] as const];
  });
}

/** The line and column of a place. */
export function locationOf(documents: Documents, at: Place): Location {
  const source = documents.sources.get(at.file);
  return source === undefined ? locateInFile(at.file, at.pointer) : locate(source, at.pointer);
}
