/** Reading a document node by node: members with their references followed, and places. */

import { isObject, type Json } from '../json.js';
import {
  type DocumentNode,
  type Documents,
  memberOf,
  membersOf,
  nodeAt,
  type Place,
  placeIn,
} from './documents.js';

/** A node of the documents with what is asked of it. */
export type Reader = {
  readonly node: DocumentNode;
  readonly member: (name: string) => Reader | undefined;
  readonly members: (name: string) => readonly (readonly [string, Reader])[];
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean;
  /** The place of a member as written, its reference not followed: what a schema is known by. */
  readonly place: (name: string) => Place | undefined;
};

/** The reader of the node at a place. It is a programming error when nothing stands there. */
export function readerAt(documents: Documents, at: Place): Reader {
  const node = nodeAt(documents, at);
  if (node === undefined) throw new TypeError(`nothing stands at ${at.file}#${at.pointer}`);
  return readerOf(documents, node);
}

function readerOf(documents: Documents, node: DocumentNode): Reader {
  const raw = (name: string): Json | undefined =>
    isObject(node.value) && Object.hasOwn(node.value, name) ? node.value[name] : undefined;
  const child = (name: string): DocumentNode | undefined => memberOf(documents, node, name);
  return {
    node,
    member: (name) => {
      const member = child(name);
      return member === undefined ? undefined : readerOf(documents, member);
    },
    members: (name) =>
      membersOf(documents, child(name)).map(([key, member]) => [key, readerOf(documents, member)] as const),
    text: (name) => {
      const value = raw(name);
      return typeof value === 'string' ? value : undefined;
    },
    flag: (name) => raw(name) === true,
    place: (name) => (raw(name) === undefined ? undefined : placeIn(node.at, name)),
  };
}
