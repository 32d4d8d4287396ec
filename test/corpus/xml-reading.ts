/** XML as the value that a schema describes by it (OpenAPI 3.1, 4.8.26; 3.2, 4.26), read without our own reader. */

import { asObject, isObject, type Json, type JsonObject, pointerTo } from '../../openapi/json.js';
import { ofType, type ReadContent } from './content-reading.js';
import { type Files, type Spot, spotOf, valueAt } from './reading.js';

/** An element: its name with its prefix, its attributes, and what is in it. */
type Element = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
};

/** What a schema says of an element, all parts of it together. */
type Outline = {
  type: Json | undefined;
  readonly properties: Map<string, Spot>;
  readonly required: Set<Json>;
  items: Spot | undefined;
  additional: Spot | undefined;
  xml: JsonObject;
  /** The last name that the schema was referred to by. */
  name: string | undefined;
  hasAlternatives: boolean;
};

/** Reads parsed XML by its schema. Where that has alternatives, nothing is said. */
export function xmlValue(files: Files, schema: Spot, parsed: unknown): ReadContent {
  const roots = elementsIn(parsed);
  const [root] = roots;
  if (root === undefined || roots.length > 1)
    return { kind: 'unreadable', why: `there are ${roots.length} elements at the top` };
  const outline = outlineOf(files, schema);
  const { name = outline.name } = outline.xml;
  if (typeof name === 'string' && localName(root.name) !== name)
    return { kind: 'unreadable', why: `the element is ${root.name}, not ${name}` };
  const value = valueIn(files, schema, root, root.name);
  return value === undefined
    ? { kind: 'unchecked', why: 'the schema of the XML has alternatives' }
    : { kind: 'value', value };
}

function elementsIn(nodes: unknown): Element[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.filter(isObject).flatMap((node): Element[] => {
    const [name] = Object.keys(node).filter(
      (key) => key !== ':@' && !key.startsWith('#') && !key.startsWith('?'),
    );
    if (name === undefined) return [];
    const attributes = new Map(
      Object.entries(asObject(node[':@'])).map(([key, value]) => [key, String(value)]),
    );
    const inner: readonly unknown[] = [node[name] ?? []].flat();
    const text = inner
      .map((each) => (isObject(each) && '#text' in each ? String(each['#text']) : ''))
      .join('');
    return [{ name, attributes, children: elementsIn(inner), text }];
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function outlineOf(files: Files, at: Spot): Outline {
  const outline: Outline = {
    type: undefined,
    properties: new Map(),
    required: new Set(),
    items: undefined,
    additional: undefined,
    xml: {},
    name: undefined,
    hasAlternatives: false,
  };
  gather(files, at, outline, 0);
  return outline;
}

function gather(files: Files, at: Spot, outline: Outline, hops: number): void {
  const schema = asObject(valueAt(files, at));
  const within = (...tokens: string[]): Spot => ({
    file: at.file,
    pointer: tokens.reduce((pointer, token) => pointerTo(pointer, token), at.pointer),
  });
  if (hops > 50) return;
  outline.hasAlternatives ||= schema.oneOf !== undefined || schema.anyOf !== undefined;
  outline.type ??= schema.type;
  outline.xml = { ...asObject(schema.xml), ...outline.xml };
  for (const name of Object.keys(asObject(schema.properties)))
    if (!outline.properties.has(name)) outline.properties.set(name, within('properties', name));
  for (const name of Array.isArray(schema.required) ? schema.required : []) outline.required.add(name);
  if (isObject(schema.items)) outline.items ??= within('items');
  if (isObject(schema.additionalProperties)) outline.additional ??= within('additionalProperties');
  if (Array.isArray(schema.allOf))
    for (const index of schema.allOf.keys()) gather(files, within('allOf', String(index)), outline, hops + 1);
  if (typeof schema.$ref !== 'string') return;
  const target = spotOf(at.file, schema.$ref);
  if (hops === 0) outline.name ??= target.pointer.split('/').at(-1);
  gather(files, target, outline, hops + 1);
}

function valueIn(files: Files, at: Spot, element: Element, name: string): Json | undefined {
  const outline = outlineOf(files, at);
  if (outline.hasAlternatives) return undefined;
  const isArray = [outline.type].flat().includes('array') || outline.items !== undefined;
  if (isArray) return listOf(files, outline, element.children, name);
  const isEmpty = outline.properties.size === 0 && outline.additional === undefined;
  if (![outline.type].flat().includes('object') && isEmpty) return ofType(outline.type, element.text);
  return objectOf(files, outline, element);
}

function objectOf(files: Files, outline: Outline, element: Element): Json | undefined {
  const members: Record<string, Json> = {};
  const used = new Set<string>();
  for (const [property, at] of outline.properties) {
    const own = outlineOf(files, at);
    const { name = property, attribute, nodeType, wrapped } = own.xml;
    if (attribute === true || nodeType === 'attribute') {
      const found = [...element.attributes].find(([key]) => localName(key) === name);
      if (found !== undefined) members[property] = ofType(own.type, found[1]);
      continue;
    }
    if (nodeType === 'text' || nodeType === 'cdata') {
      members[property] = ofType(own.type, element.text);
      continue;
    }
    const isWrapped = wrapped === true || nodeType === 'element';
    const isList = own.items !== undefined && !isWrapped;
    const inner = isList && own.items !== undefined ? outlineOf(files, own.items).xml.name : undefined;
    const wanted = String(isList ? (inner ?? property) : name);
    const found = element.children.filter((each) => localName(each.name) === wanted);
    used.add(wanted);
    // A list that nothing is wrapped around has no element when it is empty.
    if (isList && found.length === 0 && outline.required.has(property)) members[property] = [];
    if (found.length === 0) continue;
    if (!isList && found.length > 1) return `${wanted} stands ${found.length} times`;
    const value = isList
      ? listOf(files, own, found, wanted)
      : found[0] && valueIn(files, at, found[0], wanted);
    if (value === undefined) return undefined;
    members[property] = value;
  }
  for (const child of element.children) {
    const name = localName(child.name);
    if (used.has(name)) continue;
    const value =
      outline.additional === undefined ? child.text : valueIn(files, outline.additional, child, name);
    if (value === undefined) return undefined;
    members[name] = value;
  }
  return members;
}

function listOf(
  files: Files,
  { items }: Outline,
  elements: readonly Element[],
  name: string,
): Json | undefined {
  const values = elements.map((each) =>
    items === undefined ? each.text : valueIn(files, items, each, name),
  );
  return values.some((value) => value === undefined) ? undefined : values.flatMap((value) => [value ?? null]);
}
