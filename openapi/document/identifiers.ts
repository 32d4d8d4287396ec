/** Schemas by the names that they give themselves: `$id`, `$anchor`, `$dynamicAnchor` (JSON Schema 2020-12 core, 8.2). */

import { pathToFileURL } from 'node:url';
import { asObject, isObject, type Json } from '../json.js';
import { isRemote } from './locate.js';
import { metaSchema } from './meta-schema.js';
import {
  type DocumentNode,
  type Documents,
  decoded,
  nodeAt,
  type Place,
  placeIn,
  referenceParts,
  referencePlace,
} from './places.js';
import { mayRefer, type Slot, slotOf } from './slots.js';

/** A schema with an `$id` of its own and all within it that has none; or a file. */
export type Resource = {
  readonly at: Place;
  /** What references in it are relative to. */
  readonly base: string;
  readonly anchors: ReadonlyMap<string, Place>;
  /** Those of its anchors that are dynamic. The empty name is that of `$recursiveAnchor` (2019-09, 8.2.4.2.2). */
  readonly dynamic: ReadonlyMap<string, Place>;
  /** The address of its meta-schema. */
  readonly schema: string | undefined;
};

type Making = Resource & {
  readonly anchors: Map<string, Place>;
  readonly dynamic: Map<string, Place>;
};

type Identifiers = {
  readonly byPlace: ReadonlyMap<string, Resource>;
  readonly byAddress: ReadonlyMap<string, Resource>;
};

/** What there must be in a text before anything in it has a name. */
const naming =
  /\$(?:id|anchor|dynamicAnchor|recursiveAnchor|vocabulary)\b|\$ref["']?:\s*["']?https:\/\/json-schema\.org\//;

/** Words of which one is in every such text, to pass over the others quickly. */
const words = ['$id', '$anchor', '$dynamicAnchor', '$recursiveAnchor', '$vocabulary', '//json-schema.org/'];

const known = new WeakMap<Documents, { readonly files: number; readonly found: Identifiers | undefined }>();

/** The names in documents; undefined when there are none. They are looked for once, and again when files were added. */
function identifiersOf(documents: Documents): Identifiers | undefined {
  const before = known.get(documents);
  if (before?.files === documents.sources.size) return before.found;
  const names = [...documents.sources.values()].some(({ text }) => {
    return words.some((word) => text.includes(word)) && naming.test(text);
  });
  const found = names ? gathered(documents) : undefined;
  known.set(documents, { files: documents.sources.size, found });
  return found;
}

/** The resource that a place is in; undefined when nothing in the documents has a name. */
export function resourceAt(documents: Documents, at: Place): Resource | undefined {
  const identifiers = identifiersOf(documents);
  return identifiers && enclosing(identifiers.byPlace, at);
}

/**
 * The place that a reference leads to, from the place where it stands. Where it leads nowhere by the `$id` around it, it is
 * taken as one from the file: that is how many are meant.
 */
export function referenceTarget(documents: Documents, from: Place, reference: string): Place {
  const identifiers = identifiersOf(documents);
  const usual = referencePlace(from.file, reference);
  if (identifiers === undefined) return usual;
  return named(identifiers, documents, from, reference) ?? usual;
}

/** The dynamic anchor that a reference leads to at first; undefined when it leads to none (2020-12 core, 8.2.3.2). */
export function dynamicAnchorAt(documents: Documents, from: Place, reference: string): string | undefined {
  const [, fragment] = referenceParts(reference);
  const target = referenceTarget(documents, from, reference);
  const resource = resourceAt(documents, target);
  const anchor = resource?.dynamic.get(decoded(fragment));
  return anchor?.pointer === target.pointer ? decoded(fragment) : undefined;
}

function named(
  { byPlace, byAddress }: Identifiers,
  documents: Documents,
  from: Place,
  reference: string,
): Place | undefined {
  const [target, fragment] = referenceParts(reference);
  const here = enclosing(byPlace, from);
  const resource = target === '' ? here : byAddress.get(resolved(here?.base ?? '', target));
  if (resource === undefined) return undefined;
  const name = decoded(fragment);
  if (name !== '' && !name.startsWith('/')) return resource.anchors.get(name);
  const place = { file: resource.at.file, pointer: `${resource.at.pointer}${name}` };
  return nodeAt(documents, place) === undefined ? undefined : place;
}

function enclosing<R extends Resource>(
  byPlace: ReadonlyMap<string, R>,
  { file, pointer }: Place,
): R | undefined {
  for (let part = pointer; ; part = part.slice(0, part.lastIndexOf('/'))) {
    const resource = byPlace.get(`${file}#${part}`);
    if (resource !== undefined || part === '') return resource;
  }
}

type Object = DocumentNode & { readonly slot: Slot };

/** Every name in the schemas that the documents hold or refer to. */
function gathered(documents: Documents): Identifiers {
  const byPlace = new Map<string, Making>();
  const byAddress = new Map<string, Making>();
  const addResource = (at: Place, base: string, value: Json): Making => {
    const { $schema } = asObject(value);
    const schema = typeof $schema === 'string' ? referenceParts($schema)[0] : undefined;
    const made = { at, base, anchors: new Map(), dynamic: new Map(), schema };
    byPlace.set(`${at.file}#${at.pointer}`, made);
    byAddress.set(base, made);
    return made;
  };
  const addFile = (file: string): void => {
    const value = nodeAt(documents, { file, pointer: '' })?.value;
    if (value !== undefined && !byPlace.has(`${file}#`))
      addResource({ file, pointer: '' }, addressOf(file), value);
  };
  for (const file of documents.sources.keys()) addFile(file);

  const objects: Object[] = [];
  const seen = new Set<string>();
  const add = (node: DocumentNode | undefined, slot: Slot): void => {
    if (node === undefined || typeof node.value !== 'object' || node.value === null) return;
    const key = `${slot} ${node.at.file}#${node.at.pointer}`;
    if (!seen.has(key)) objects.push({ value: node.value, at: node.at, slot });
    seen.add(key);
  };
  add(nodeAt(documents, { file: documents.root, pointer: '' }), 'openapi');
  let references: (readonly [at: Place, text: string, slot: Slot])[] = [];
  let read = 0;
  while (read < objects.length) {
    for (; read < objects.length; read += 1) {
      const object = objects[read];
      if (object === undefined) continue;
      const { value, at, slot } = object;
      if (slot === 'schema' && isObject(value)) addNames({ value, at }, byPlace, addResource);
      for (const [name, member] of Object.entries(value ?? {})) {
        const inner = slotOf(slot, value, name);
        if (inner !== undefined) add({ value: member, at: placeIn(at, name) }, inner);
        if (/^\$(?:dynamicR|r)ef$/.test(name) && typeof member === 'string' && mayRefer(slot))
          references.push([at, member, slot]);
      }
    }
    const open: typeof references = [];
    for (const reference of references) {
      const [at, text, slot] = reference;
      const [address] = referenceParts(text);
      const url = resolved(enclosing(byPlace, at)?.base ?? '', address);
      if (metaSchema(url) !== undefined) addFile(url);
      const found = named({ byPlace, byAddress }, documents, at, text) ?? referencePlace(at.file, text);
      const node = nodeAt(documents, found);
      // An anchor is found when the file that it is in was gone through.
      if (node === undefined) open.push(reference);
      add(node ?? nodeAt(documents, byAddress.get(url)?.at ?? at), slot);
    }
    references = open;
  }
  return { byPlace, byAddress };
}

/** What a schema calls itself, or the resource that it stands in. */
function addNames(
  { value, at }: DocumentNode,
  byPlace: ReadonlyMap<string, Making>,
  addResource: (at: Place, base: string, value: Json) => Making,
): void {
  const { $id, $anchor, $dynamicAnchor, $recursiveAnchor } = asObject(value);
  const isName = typeof $id === 'string' && $id.startsWith('#');
  const outer = enclosing(byPlace, at);
  const base = typeof $id === 'string' && !isName ? resolved(outer?.base ?? '', referenceParts($id)[0]) : '';
  const resource = base === '' ? outer : addResource(at, base, value);
  if (resource === undefined) return;
  // Until draft-07 an anchor was written as an `$id` (draft-07 core, 8.2.3).
  if (isName) resource.anchors.set($id.slice(1), at);
  if (typeof $anchor === 'string') resource.anchors.set($anchor, at);
  if (typeof $dynamicAnchor === 'string') {
    resource.anchors.set($dynamicAnchor, at);
    resource.dynamic.set($dynamicAnchor, at);
  }
  if ($recursiveAnchor === true && resource.at.pointer === at.pointer) resource.dynamic.set('', at);
}

/** An address against the one that it is relative to (RFC 3986, section 5); as it stands where there is no such thing. */
function resolved(base: string, address: string): string {
  if (URL.canParse(address, base)) return new URL(address, base).href;
  return URL.canParse(address) ? new URL(address).href : address;
}

/** The address that a file was read from. */
function addressOf(file: string): string {
  return isRemote(file) ? resolved('', file) : pathToFileURL(file).href;
}
