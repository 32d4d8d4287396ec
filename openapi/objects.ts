/** What stands where in an OpenAPI document: every object with its kind (OpenAPI 3.1, 4.8), and every reference. */

import {
  type DocumentNode,
  type Documents,
  followReferences,
  nodeAt,
  type Place,
  placeIn,
  referencePlace,
} from './documents.js';
import { isObject, type Json } from './json.js';

/** The kinds of objects that hold others; `plain` ones hold none. */
type Kind =
  | 'openapi'
  | 'components'
  | 'paths'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'requestBody'
  | 'mediaType'
  | 'encoding'
  | 'responses'
  | 'response'
  | 'callback'
  | 'example'
  | 'link'
  | 'header'
  | 'schema'
  | 'securityScheme'
  | 'transition'
  | 'condition'
  | 'effect'
  | 'value';

/** What a member holds: an object of a kind, a list of them, or a map from names to them. */
export type Slot = Kind | `[${Kind}]` | `{${Kind}}`;

/** A node of a document and what it is. */
export type ObjectNode = DocumentNode & { readonly slot: Slot };

/** A reference, and what it ought to lead to. `at` is the place of its text. */
export type Reference = {
  readonly text: string;
  readonly at: Place;
  readonly target: Place;
  readonly slot: Slot;
};

type Slots = { readonly [member: string]: Slot };

const pathItem: Slots = {
  parameters: '[parameter]',
  get: 'operation',
  put: 'operation',
  post: 'operation',
  delete: 'operation',
  options: 'operation',
  head: 'operation',
  patch: 'operation',
  trace: 'operation',
};

const parameter: Slots = { schema: 'schema', content: '{mediaType}', examples: '{example}' };

/** The keywords of JSON Schema 2020-12 that hold schemas. */
const schema: Slots = {
  $defs: '{schema}',
  definitions: '{schema}',
  properties: '{schema}',
  patternProperties: '{schema}',
  dependentSchemas: '{schema}',
  allOf: '[schema]',
  anyOf: '[schema]',
  oneOf: '[schema]',
  prefixItems: '[schema]',
  items: 'schema',
  additionalProperties: 'schema',
  unevaluatedProperties: 'schema',
  unevaluatedItems: 'schema',
  contains: 'schema',
  propertyNames: 'schema',
  not: 'schema',
  if: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: 'schema',
  else: 'schema',
  contentSchema: 'schema',
};

/** The members of each kind that hold objects. `*` is every other one that is no extension. */
const members: Readonly<Record<Kind, Slots>> = {
  openapi: { paths: 'paths', webhooks: '{pathItem}', components: 'components', 'x-state': '{value}' },
  components: {
    schemas: '{schema}',
    responses: '{response}',
    parameters: '{parameter}',
    examples: '{example}',
    requestBodies: '{requestBody}',
    headers: '{header}',
    securitySchemes: '{securityScheme}',
    links: '{link}',
    callbacks: '{callback}',
    pathItems: '{pathItem}',
  },
  paths: { '*': 'pathItem' },
  pathItem,
  operation: {
    parameters: '[parameter]',
    requestBody: 'requestBody',
    responses: 'responses',
    callbacks: '{callback}',
    'x-transitions': '[transition]',
  },
  parameter,
  requestBody: { content: '{mediaType}' },
  mediaType: { schema: 'schema', examples: '{example}', encoding: '{encoding}' },
  encoding: { headers: '{header}' },
  responses: { '*': 'response' },
  response: { headers: '{header}', content: '{mediaType}', links: '{link}' },
  callback: { '*': 'pathItem' },
  example: {},
  link: {},
  header: parameter,
  schema,
  securityScheme: { 'x-transitions': '[transition]' },
  transition: { guard: '[condition]', let: '{value}', content: 'value', effects: '[effect]' },
  condition: { equals: 'value', key: 'value', where: '{value}', not: 'condition' },
  effect: { key: 'value', value: 'value', to: 'value', content: 'value' },
  value: {},
};

/** What a member holds; undefined when that is data. */
export function slotOf(slot: Slot, value: Json, member: string | number): Slot | undefined {
  const inner = slot.slice(1, -1);
  if (slot.startsWith('{') || slot.startsWith('[')) return isKind(inner) ? inner : undefined;
  if (slot === 'value')
    return isObject(value) && value.$generate !== undefined && member === '$generate' ? 'schema' : 'value';
  const own = isKind(slot) ? members[slot] : {};
  if (Object.hasOwn(own, member)) return own[member];
  return String(member).startsWith('x-') ? undefined : own['*'];
}

/** Whether an object of this kind may be a reference instead; in values `$ref` is a member like any other. */
export function mayRefer(slot: Slot): boolean {
  return !/^(?:value|transition)$|condition|effect/.test(slot);
}

/**
 * Every object of the documents that a place leads to, the document itself if none is named. What many references lead to
 * is there once.
 */
export function objectsOf(
  documents: Documents,
  from?: Place,
  slotOfPlace: Slot = 'openapi',
): readonly ObjectNode[] {
  const objects: ObjectNode[] = [];
  const seen = new Set<string>();
  const add = (node: DocumentNode | undefined, slot: Slot): void => {
    if (node === undefined || typeof node.value !== 'object' || node.value === null) return;
    const key = `${slot} ${node.at.file}#${node.at.pointer}`;
    if (seen.has(key)) return;
    seen.add(key);
    objects.push({ ...node, slot });
  };
  add(nodeAt(documents, from ?? { file: documents.root, pointer: '' }), slotOfPlace);
  for (const object of objects) {
    for (const [name, value] of Object.entries(object.value ?? {})) {
      const slot = slotOf(object.slot, object.value, name);
      if (slot !== undefined) add({ value, at: placeIn(object.at, name) }, slot);
    }
    for (const { target, slot } of referencesIn(object)) add(nodeAt(documents, target), slot);
  }
  return objects;
}

/** The references that an object is, or makes. */
export function referencesIn({ value, at, slot }: ObjectNode): readonly Reference[] {
  if (!isObject(value)) return [];
  const names = slot === 'schema' ? ['$ref', '$dynamicRef'] : slot === 'value' ? ['$generate'] : ['$ref'];
  return names.flatMap((name): Reference[] => {
    const text = value[name];
    if (typeof text !== 'string' || (name === '$ref' && !mayRefer(slot))) return [];
    const target = referencePlace(at.file, text);
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
    node = nodeAt(documents, referencePlace(node.at.file, node.value.$ref));
  }
  return false;
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(members, text);
}
