/** The files of one contract as a web of nodes: walking into members, following references, telling places. */

import path from 'node:path';
import type { Location } from './contract-error.js';
import { isObject, type Json, pointedTo, pointerTo } from './json.js';
import { displayName, isRemote, locate, locateInFile, type Source } from './locate.js';

export { displayName, isRemote };

/** A place in a contract: a file and a JSON Pointer (RFC 6901) in it. */
export type Place = { readonly file: string; readonly pointer: string };

/** A value of a document and the place where it stands. */
export type DocumentNode = { readonly value: Json; readonly at: Place };

/** The files of a contract, by absolute path or URL. The root is the OpenAPI document itself. */
export type Documents = { readonly root: string; readonly sources: ReadonlyMap<string, Source> };

/** The node at a place; undefined when nothing stands there. */
export function nodeAt(documents: Documents, at: Place): DocumentNode | undefined {
  const value = pointedTo(documents.sources.get(at.file)?.value, at.pointer);
  return value === undefined ? undefined : { value, at };
}

/** The file and pointer that a reference names, seen from a file (RFC 3986, section 5; RFC 6901, section 6). */
export function referencePlace(fromFile: string, reference: string): Place {
  const hash = reference.indexOf('#');
  const target = hash === -1 ? reference : reference.slice(0, hash);
  const fragment = hash === -1 ? '' : reference.slice(hash + 1);
  return { file: target === '' ? fromFile : resolveFile(fromFile, target), pointer: decoded(fragment) };
}

/** Follows `$ref` until something else stands there; undefined for a dangling or endless chain. */
export function followReferences(documents: Documents, node: DocumentNode): DocumentNode | undefined {
  let current: DocumentNode | undefined = node;
  for (let hops = 0; hops < 100; hops += 1) {
    if (current === undefined || !isObject(current.value)) return current;
    const reference: Json | undefined = current.value.$ref;
    if (typeof reference !== 'string') return current;
    current = nodeAt(documents, referencePlace(current.at.file, reference));
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

/** The place one step further in. */
export function placeIn(at: Place, token: string | number): Place {
  return { file: at.file, pointer: pointerTo(at.pointer, token) };
}

/** The line and column of a place. */
export function locationOf(documents: Documents, at: Place): Location {
  const source = documents.sources.get(at.file);
  return source === undefined ? locateInFile(at.file, at.pointer) : locate(source, at.pointer);
}

function resolveFile(fromFile: string, target: string): string {
  if (isRemote(target)) return target;
  if (isRemote(fromFile)) return URL.canParse(target, fromFile) ? new URL(target, fromFile).href : target;
  return path.resolve(path.dirname(fromFile), decoded(target));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
