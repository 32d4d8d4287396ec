/** Values as XML, by the XML Objects of their schemas (OpenAPI 3.2, section 4.26), written and read. */

import { coerced } from '../http/parameter.js';
import { isObject, type Json } from '../json.js';
import { anyShape, type ParameterShape } from '../schema/shape.js';
import { type ParsedContent, parsedAs } from './content-text.js';
import { localName, parseXml, writeXml, type XmlElement, type XmlNode, xmlName } from './xml.js';

type NodeType = 'element' | 'attribute' | 'text' | 'cdata' | 'none';
type Attribute = readonly [name: string, value: string];

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance';

/** What stands for text beside others where no schema says what it is called. */
const textMember = '#text';

/** A value as an XML document. The root is called as its schema says, or else as the component that this is. */
export function xmlContent(value: Json, shape: ParameterShape): string {
  const name = rootName(shape);
  const nodes = nodesOf(name, value, shape);
  const [only, ...others] = nodes;
  if (only?.kind === 'element' && others.length === 0 && !isBareList(value, shape))
    return writeXml(only.element);
  return writeXml({
    name: xmlName(shape.xml?.name ?? listName(shape)),
    attributes: namespaceOf(shape),
    children: nodes,
  });
}

function rootName({ xml, component, items }: ParameterShape): string {
  return xml?.name ?? component ?? items?.xml?.name ?? items?.component ?? 'root';
}

/** An XML document has one root, so that a list has an element even where its schema asks for none. */
function isBareList(value: Json, shape: ParameterShape): boolean {
  return Array.isArray(value) && nodeTypeOf(shape, value) !== 'element';
}

function listName({ component }: ParameterShape): string {
  return component ?? 'items';
}

/** Lists have no node of their own unless they ask for one. */
function nodeTypeOf({ xml, types }: ParameterShape, value?: Json): NodeType {
  if (xml?.nodeType !== undefined) return xml.nodeType;
  const isList = value === undefined ? isListShape({ types }) : Array.isArray(value);
  return isList ? 'none' : 'element';
}

function isListShape({ types }: ParameterShape): boolean {
  return types.has('array') && !types.has('object');
}

function nameOf(name: string, { xml }: ParameterShape): string {
  const own = xml?.name ?? name;
  return xmlName(xml?.prefix === undefined ? own : `${xml.prefix}:${own}`);
}

function namespaceOf({ xml }: ParameterShape): Attribute[] {
  if (xml?.namespace === undefined) return [];
  return [[xml.prefix === undefined ? 'xmlns' : `xmlns:${xml.prefix}`, xml.namespace]];
}

/** The nodes of a value that is called so; attributes are those of the element that they are in. */
function nodesOf(name: string, value: Json, shape: ParameterShape): XmlNode[] {
  const nodeType = nodeTypeOf(shape, value);
  if (nodeType === 'text' || nodeType === 'cdata') return [{ kind: nodeType, text: plainText(value) }];
  if (nodeType === 'none') return contentNodes(name, value, shape);
  const attributes = [...namespaceOf(shape), ...attributesOf(value, shape)];
  if (value === null) {
    const nil: Attribute[] = [
      ['xmlns:xsi', schemaInstance],
      ['xsi:nil', 'true'],
    ];
    return [elementNode(nameOf(name, shape), [...attributes, ...nil], [])];
  }
  const inner = Array.isArray(value) ? (shape.xml?.name ?? name) : name;
  return [elementNode(nameOf(name, shape), attributes, contentNodes(inner, value, shape))];
}

function elementNode(name: string, attributes: readonly Attribute[], children: readonly XmlNode[]): XmlNode {
  return { kind: 'element', element: { name, attributes, children } };
}

function contentNodes(name: string, value: Json, shape: ParameterShape): XmlNode[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, index) => nodesOf(name, item, itemShape(shape, index)));
  }
  if (!isObject(value))
    return value === null || value === '' ? [] : [{ kind: 'text', text: plainText(value) }];
  return Object.entries(value).flatMap(([key, member]) => {
    const own = memberShape(shape, key);
    if (nodeTypeOf(own, member) === 'attribute') return [];
    return key === textMember && own === anyShape
      ? [{ kind: 'text', text: plainText(member) } as const]
      : nodesOf(key, member, own);
  });
}

function attributesOf(value: Json, shape: ParameterShape): Attribute[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]): Attribute[] => {
    const own = memberShape(shape, key);
    if (nodeTypeOf(own, member) !== 'attribute' || member === null) return [];
    return [...namespaceOf(own), [nameOf(key, own), plainText(member)]];
  });
}

function memberShape({ properties, additional }: ParameterShape, name: string): ParameterShape {
  return properties?.get(name) ?? additional ?? anyShape;
}

function itemShape({ prefixItems, items }: ParameterShape, index: number): ParameterShape {
  return prefixItems?.[index] ?? items ?? anyShape;
}

function plainText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The value in an XML document, its texts as what the schema allows. */
export function parseXmlContent(text: string, shape: ParameterShape): ParsedContent {
  const root = parseXml(text);
  if (typeof root === 'string')
    return { kind: 'malformed', keyword: 'xml', message: `is not well-formed XML: ${root}` };
  // A text that holds XML is a text.
  if (shape.types.size === 1 && shape.types.has('string')) return parsedAs(text);
  const expected = shape.xml?.name;
  if (
    expected !== undefined &&
    nodeTypeOf(shape) !== 'none' &&
    localName(root.name) !== localName(expected)
  ) {
    const message = `has the root element ${root.name}, and ${expected} is described`;
    return { kind: 'malformed', keyword: 'xml', message };
  }
  return parsedAs(elementValue(root, shape));
}

function elementValue(element: XmlElement, shape: ParameterShape): Json {
  const isNil = element.attributes.some(
    ([name, value]) => localName(name) === 'nil' && /^(?:true|1)$/.test(value),
  );
  if (isNil) return null;
  if (isListShape(shape)) return listValue(element.children, shape, shape.xml?.name);
  const isPlain =
    element.children.every(({ kind }) => kind !== 'element') && ownAttributes(element).length === 0;
  const isObjectShape = shape.types.has('object') || shape.properties !== undefined;
  if (isPlain && !isObjectShape) return textValue(element.children, shape);
  if (isPlain && element.children.length === 0 && shape.properties === undefined) return {};
  return objectValue(element, shape);
}

/** The text of nodes; around a number or truth value space says nothing. */
function textValue(nodes: readonly XmlNode[], shape: ParameterShape): Json {
  const text = nodes.map((node) => (node.kind === 'element' ? '' : node.text)).join('');
  const trimmed = coerced(text.trim(), shape);
  return typeof trimmed === 'string' ? text : trimmed;
}

/** The items of a list, from the nodes that stand for them. */
function listValue(nodes: readonly XmlNode[], shape: ParameterShape, name: string | undefined): Json[] {
  const telling = nodes.filter((node) => node.kind === 'element' || node.text.trim() !== '');
  const wanted = shape.items?.xml?.name ?? name;
  const isNamed = telling.some((node) => node.kind === 'element' && isCalled(node.element.name, wanted));
  return telling
    .filter((node) => shape.prefixItems !== undefined || node.kind === 'element')
    .filter((node) => !isNamed || node.kind !== 'element' || isCalled(node.element.name, wanted))
    .map((node, index) => {
      const own = itemShape(shape, index);
      return node.kind === 'element' ? elementValue(node.element, own) : textValue([node], own);
    });
}

function isCalled(name: string, wanted: string | undefined): boolean {
  return wanted !== undefined && localName(name) === localName(xmlName(wanted));
}

/** What says where names are from is no member (Namespaces in XML 1.0, section 3). */
function ownAttributes({ attributes }: XmlElement): readonly Attribute[] {
  return attributes.filter(([name]) => !/^(?:xmlns|xsi|xml)(?::|$)/.test(name));
}

function objectValue(element: XmlElement, shape: ParameterShape): Json {
  const members = new Map<string, Json>();
  const taken = new Set<XmlNode>();
  const takenAttributes = new Set<Attribute>();
  for (const [key, own] of shape.properties ?? []) {
    const value = memberOf(key, own, element, taken, takenAttributes);
    if (value !== undefined) members.set(key, value);
  }
  for (const attribute of ownAttributes(element))
    if (!takenAttributes.has(attribute)) members.set(localName(attribute[0]), attribute[1]);
  for (const [name, nodes] of untaken(element.children, taken)) {
    const own = shape.additional ?? anyShape;
    const values = nodes.map((node) => elementValue(node, own));
    members.set(name, values.length === 1 ? (values[0] ?? null) : values);
  }
  const left = element.children.filter((node) => node.kind !== 'element' && !taken.has(node));
  const text = left.map((node) => (node.kind === 'element' ? '' : node.text)).join('');
  if (text.trim() !== '') members.set(textMember, text);
  return Object.fromEntries(members);
}

/** Elements that no property stands for, by their names. */
function untaken(children: readonly XmlNode[], taken: ReadonlySet<XmlNode>): Map<string, XmlElement[]> {
  const elements = new Map<string, XmlElement[]>();
  for (const node of children) {
    if (node.kind !== 'element' || taken.has(node)) continue;
    const name = localName(node.element.name);
    elements.set(name, [...(elements.get(name) ?? []), node.element]);
  }
  return elements;
}

/** The value of a property in an element; undefined when nothing there stands for it. */
function memberOf(
  key: string,
  shape: ParameterShape,
  element: XmlElement,
  taken: Set<XmlNode>,
  takenAttributes: Set<Attribute>,
): Json | undefined {
  const name = shape.xml?.name ?? key;
  const nodeType = nodeTypeOf(shape);
  if (nodeType === 'attribute') {
    const found = ownAttributes(element).find(([each]) => isCalled(each, name));
    if (found === undefined) return undefined;
    takenAttributes.add(found);
    return coerced(found[1], shape);
  }
  if (nodeType === 'text' || nodeType === 'cdata') {
    const texts = element.children.filter((node) => node.kind !== 'element');
    for (const node of texts) taken.add(node);
    const telling =
      nodeType === 'cdata' && texts.some(({ kind }) => kind === 'cdata')
        ? texts.filter(({ kind }) => kind === 'cdata')
        : texts;
    return telling.length === 0 ? undefined : textValue(telling, shape);
  }
  if (nodeType === 'none' && !isListShape(shape)) {
    const value = objectValue(element, { ...pickedOf(shape), additional: undefined });
    for (const node of element.children)
      if (
        node.kind === 'element' &&
        [...(shape.properties ?? [])].some(([each, own]) =>
          isCalled(node.element.name, own.xml?.name ?? each),
        )
      )
        taken.add(node);
    return value;
  }
  const wanted = nodeType === 'none' ? (shape.items?.xml?.name ?? key) : name;
  const found = element.children.filter(
    (node) => node.kind === 'element' && isCalled(node.element.name, wanted),
  );
  if (found.length === 0) return undefined;
  for (const node of found) taken.add(node);
  if (nodeType === 'none') return listValue(found, shape, wanted);
  const values = found.flatMap((node) =>
    node.kind === 'element' ? [elementValue(node.element, shape)] : [],
  );
  return values.length === 1 ? values[0] : values;
}

/** The members of an object whose nodes stand among those of the element around it. */
function pickedOf({ types, properties }: ParameterShape): ParameterShape {
  return { types, properties };
}
