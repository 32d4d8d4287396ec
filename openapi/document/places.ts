/** Places in the files of a contract, and what stands there. */

import path from 'node:path';
import { type Json, pointedTo, pointerTo } from '../json.js';
import { isRemote, type Source } from './locate.js';
import { metaSchema } from './meta-schema.js';

/** A place in a contract: a file and a JSON Pointer (RFC 6901) in it. */
export type Place = {
  readonly file: string;
  readonly pointer: string;
  /** How the schema there is to be understood; as it stands when that is not said. */
  readonly view?: View;
};

/** What a schema takes from where it is referred to. */
export type View = {
  /** The same text for the same view. */
  readonly key: string;
  /** Where the dynamic anchors lead that were met on the way (JSON Schema 2020-12 core, 8.2.3.2). */
  readonly anchors: ReadonlyMap<string, Place>;
  /** Members that nobody requires in this direction, for another branch says that they are read or written only. */
  readonly excused: readonly string[];
  /** Whether one of the alternatives of the schema was chosen already: it is applied without its choices. */
  readonly chosen: boolean;
};

/** A value of a document and the place where it stands. */
export type DocumentNode = { readonly value: Json; readonly at: Place };

/** The files of a contract, by absolute path or URL. The root is the OpenAPI document itself. */
export type Documents = { readonly root: string; readonly sources: ReadonlyMap<string, Source> };

/** The node at a place; undefined when nothing stands there. */
export function nodeAt(documents: Documents, at: Place): DocumentNode | undefined {
  if (at.pointer !== '' && !at.pointer.startsWith('/')) return undefined;
  const value = pointedTo(documents.sources.get(at.file)?.value ?? metaSchema(at.file), at.pointer);
  return value === undefined ? undefined : { value, at };
}

/** The file and pointer that a reference names, seen from a file (RFC 3986, section 5; RFC 6901, section 6). */
export function referencePlace(fromFile: string, reference: string): Place {
  const [target, fragment] = referenceParts(reference);
  return { file: target === '' ? fromFile : resolveFile(fromFile, target), pointer: decoded(fragment) };
}

/** What stands before the `#` of a reference, and what comes after it. */
export function referenceParts(reference: string): readonly [target: string, fragment: string] {
  const hash = reference.indexOf('#');
  return hash === -1 ? [reference, ''] : [reference.slice(0, hash), reference.slice(hash + 1)];
}

/** The place one step further in. */
export function placeIn(at: Place, token: string | number): Place {
  const pointer = pointerTo(at.pointer, token);
  return at.view === undefined ? { file: at.file, pointer } : { file: at.file, pointer, view: at.view };
}

/** The same text for the same place, seen in the same way. */
export function placeKey({ file, pointer, view }: Place): string {
  return view === undefined ? `${file}#${pointer}` : `${file}#${pointer} ${view.key}`;
}

/** A text with its percent-escapes read; as it is where they mean nothing. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function resolveFile(fromFile: string, target: string): string {
  if (isRemote(target)) return target;
  if (isRemote(fromFile)) return URL.canParse(target, fromFile) ? new URL(target, fromFile).href : target;
  return path.resolve(path.dirname(fromFile), decoded(target));
}
