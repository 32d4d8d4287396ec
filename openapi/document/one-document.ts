/** A contract of many files as one document, for a validator that knows neither files nor references. */

import { asObject, isObject, type Json, pointerTo, pointerTokens } from '../json.js';
import type { OpenApiVersion } from './document-kind.js';
import { type DocumentNode, type Documents, nodeAt, type Place, placeIn } from './documents.js';
import { mayRefer, type Reference, referencesIn, type Slot, slotOf } from './objects.js';
import { asOf31 } from './older-form.js';
import { leadsSomewhere } from './references.js';

export type OneDocument = {
  /** The document. Its references are replaced by one that means nothing, what they lead to is added to it. */
  readonly value: { readonly [member: string]: unknown };
  /** The place that a pointer into it comes from. */
  readonly originOf: (pointer: string) => Place;
};

/** Where Components keep what may be referred to (OpenAPI 3.1, 4.8.7). */
const sections: Readonly<Record<string, Slot>> = {
  schemas: 'schema',
  responses: 'response',
  parameters: 'parameter',
  examples: 'example',
  requestBodies: 'requestBody',
  headers: 'header',
  securitySchemes: 'securityScheme',
  links: 'link',
  callbacks: 'callback',
};

/** A reference to somewhere, which is all that the schemas of OpenAPI ask of one; two to one place are the same. */
const somewhere = 'counterfoil:';

type Copy = Record<string, unknown>;

/** Makes one document of the files of a contract. */
export function oneDocument(documents: Documents, version: OpenApiVersion): OneDocument {
  const origins = new Map<string, Place>();
  const named = new Map<string, string>();
  /** Operations of methods that the validator does not know. */
  const operations: DocumentNode[] = [];
  const added = new Map<string, { readonly node: DocumentNode; readonly section: string }>();
  const open = new Set<string>();

  const copy = (node: DocumentNode, slot: Slot | undefined, pointer: string): unknown => {
    const { value } = node;
    if (typeof value !== 'object' || value === null) return value;
    if (slot === undefined || !mayRefer(slot)) return literal(value);
    const [reference] = referencesIn(documents, { ...node, slot }).filter((each) =>
      each.at.pointer.endsWith('/$ref'),
    );
    return reference === undefined ? copyMembers(node, slot, pointer) : copyOfTarget(reference, pointer);
  };

  const copyMembers = ({ value, at }: DocumentNode, slot: Slot, pointer: string): unknown => {
    const inner = (member: Json, token: string | number): unknown => {
      const node = { value: member, at: placeIn(at, token) };
      return copy(node, slotOf(slot, value, token), pointerTo(pointer, token));
    };
    if (Array.isArray(value)) return value.map(inner);
    const own = isObject(value) ? Object.entries(value) : [];
    const made: Copy = Object.fromEntries(own.map(([name, member]) => [name, inner(member, name)]));
    // Names of schemes are compared without regard to case (RFC 9110, 11.1); the schema of 3.1 forgets it.
    if (slot === 'securityScheme' && typeof made.scheme === 'string') made.scheme = made.scheme.toLowerCase();
    if (version !== '3.2') return made;
    if (slot === 'pathItem') operations.push(...otherOperations({ value, at }));
    return asOf31(slot, made);
  };

  /** What may stand in Components is put there, once; anything else is put in the place of the reference. */
  const copyOfTarget = (reference: Reference, pointer: string): unknown => {
    const { target, slot } = reference;
    const section = Object.keys(sections).find((name) => sections[name] === slot);
    const found = leadsSomewhere(documents, reference) ? nodeAt(documents, target) : undefined;
    const key = `${slot} ${target.file}#${target.pointer}`;
    if (section !== undefined) {
      if (found !== undefined && !isComponent(documents, target, section))
        added.set(key, { node: found, section });
      const text = named.get(key) ?? `${somewhere}${named.size}`;
      named.set(key, text);
      return { $ref: text };
    }
    if (found === undefined || open.has(key)) return slot.startsWith('[') ? [] : {};
    open.add(key);
    origins.set(pointer, target);
    const made = copy(found, slot, pointer);
    open.delete(key);
    return made;
  };

  const root = nodeAt(documents, { file: documents.root, pointer: '' });
  const made = root === undefined ? {} : copy(root, 'openapi', '');
  const value: Copy = isObject(made) ? { ...made } : {};
  const components: Copy = isObject(value.components) ? { ...value.components } : {};
  let count = 0;
  // What is added may add more, and a Map is iterated to the end that it then has.
  for (const { node, section } of added.values()) {
    count += 1;
    const name = `counterfoil.${count}`;
    const pointer = `/components/${section}/${name}`;
    const held = components[section];
    origins.set(pointer, node.at);
    components[section] = {
      ...(isObject(held) ? held : {}),
      [name]: copy(node, sections[section], pointer),
    };
    value.components = components;
  }
  for (const [index, node] of operations.entries()) {
    const name = `counterfoil.operation.${index}`;
    const pointer = `/components/pathItems/${name}/get`;
    const held = components.pathItems;
    origins.set(pointer, node.at);
    components.pathItems = {
      ...(isObject(held) ? held : {}),
      [name]: { get: copy(node, 'operation', pointer) },
    };
    value.components = components;
  }
  return { value, originOf: (pointer) => originIn(origins, { file: documents.root, pointer: '' }, pointer) };
}

/** The operations of a path item that 3.1 has no field for. */
function otherOperations({ value, at }: DocumentNode): DocumentNode[] {
  const { query, additionalOperations } = asObject(value);
  const place = placeIn(at, 'additionalOperations');
  const others = Object.entries(asObject(additionalOperations));
  return [
    ...(isObject(query) ? [{ value: query, at: placeIn(at, 'query') }] : []),
    ...others.map(([method, operation]) => ({ value: operation, at: placeIn(place, method) })),
  ];
}

function originIn(origins: ReadonlyMap<string, Place>, root: Place, pointer: string): Place {
  let at = root;
  let walked = '';
  for (const token of pointerTokens(pointer)) {
    walked = pointerTo(walked, token);
    at = origins.get(walked) ?? placeIn(at, token);
  }
  return at;
}

function isComponent(documents: Documents, target: Place, section: string): boolean {
  const [components, held, name, ...more] = pointerTokens(target.pointer);
  return (
    target.file === documents.root &&
    components === 'components' &&
    held === section &&
    name !== undefined &&
    more.length === 0
  );
}

/** Data, in which `$ref` has no meaning: it is written so that nobody gives it one. */
function literal(value: Json): unknown {
  if (Array.isArray(value)) return value.map(literal);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name === '$ref' ? 'ref' : name, literal(member)]),
  );
}
