/** The objects of a contract's documents, each with its kind, and every reference among them. */

import { isObject } from '../json.js';
import {
  type DocumentNode,
  type Documents,
  followReferences,
  nodeAt,
  type Place,
  placeIn,
  referenceTarget,
} from './documents.js';
import { mayRefer, type Slot, slotOf } from './slots.js';

export { mayRefer, type Slot, slotOf };

/** A node of a document and what it is. */
export type ObjectNode = DocumentNode & { readonly slot: Slot };

/** A reference, and what it ought to lead to. `at` is the place of its text. */
export type Reference = {
  readonly text: string;
  readonly at: Place;
  readonly target: Place;
  readonly slot: Slot;
};

/**
 * Every object of the documents that a place leads to, the document itself if none is named. What many references lead to
 * is there once.
 */
export function objectsOf(documents: Documents, from?: Place, slot: Slot = 'openapi'): readonly ObjectNode[] {
  const walk = walkThrough(documents, from, slot);
  walk.goOn();
  return walk.objects;
}

/** A walk through the objects of documents, to which files may be added on the way. */
export type Walk = {
  readonly objects: readonly ObjectNode[];
  /** The references. */
  readonly references: readonly Reference[];
  /** Goes on to all that can be reached by now, and says which files are referred to and not there. */
  goOn(): ReadonlySet<string>;
};

/** A walk that starts at a place, the document itself if none is named. */
export function walkThrough(documents: Documents, from?: Place, slotOfPlace: Slot = 'openapi'): Walk {
  const objects: ObjectNode[] = [];
  const references: Reference[] = [];
  const seen = new Set<string>();
  let next = 0;
  let waiting: number[] = [];
  const add = (node: DocumentNode | undefined, slot: Slot): void => {
    if (node === undefined || typeof node.value !== 'object' || node.value === null) return;
    const key = `${slot} ${node.at.file}#${node.at.pointer}`;
    if (seen.has(key)) return;
    seen.add(key);
    objects.push({ ...node, slot });
  };
  const follow = (reference: Reference, index: number): void => {
    const { target, slot } = reference;
    references[index] = reference;
    if (documents.sources.has(target.file)) add(nodeAt(documents, target), slot);
    else waiting.push(index);
  };
  /** A name that a schema has given itself leads somewhere only when the file that it is in is there. */
  const followAgain = (index: number): void => {
    const reference = references[index];
    if (reference === undefined) return;
    const { file, pointer } = reference.at;
    const holder = { file, pointer: pointer.slice(0, pointer.lastIndexOf('/')) };
    follow({ ...reference, target: referenceTarget(documents, holder, reference.text) }, index);
  };
  add(nodeAt(documents, from ?? { file: documents.root, pointer: '' }), slotOfPlace);
  return {
    objects,
    references,
    goOn() {
      const before = waiting;
      waiting = [];
      before.forEach(followAgain);
      for (let object = objects[next]; object !== undefined; object = objects[next]) {
        next += 1;
        for (const [name, value] of Object.entries(object.value ?? {})) {
          const slot = slotOf(object.slot, object.value, name);
          if (slot !== undefined) add({ value, at: placeIn(object.at, name) }, slot);
        }
        for (const reference of referencesIn(documents, object)) follow(reference, references.length);
      }
      return new Set(waiting.flatMap((index) => references[index]?.target.file ?? []));
    },
  };
}

/** The references that an object is, or makes. */
export function referencesIn(documents: Documents, { value, at, slot }: ObjectNode): readonly Reference[] {
  if (!isObject(value)) return [];
  const names = slot === 'schema' ? ['$ref', '$dynamicRef'] : slot === 'value' ? ['$generate'] : ['$ref'];
  return names.flatMap((name): Reference[] => {
    const text = value[name];
    if (typeof text !== 'string' || (name === '$ref' && !mayRefer(slot))) return [];
    const target = referenceTarget(documents, at, text);
    return [{ text, at: placeIn(at, name), target, slot: name === '$generate' ? 'schema' : slot }];
  });
}

/** Whether a chain of references that starts here comes back to itself. */
export function isEndless(documents: Documents, { target }: Reference): boolean {
  const start = nodeAt(documents, target);
  if (start === undefined || followReferences(documents, start) !== undefined) return false;
  const seen = new Set<string>();
  for (let node: DocumentNode | undefined = start; node !== undefined && isObject(node.value); ) {
    const key = `${node.at.file}#${node.at.pointer}`;
    if (seen.has(key)) return true;
    seen.add(key);
    if (typeof node.value.$ref !== 'string') return false;
    node = nodeAt(documents, referenceTarget(documents, node.at, node.value.$ref));
  }
  return false;
}
