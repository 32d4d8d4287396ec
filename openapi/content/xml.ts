/** XML text as elements, and elements as text. The one user of fast-xml-parser, which is loaded on first use. */

import { createRequire } from 'node:module';

/** An element of XML with what is within it, in order (XML 1.0, section 3). */
export type XmlElement = {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlNode[];
};

/** What stands in an element: another, or text; `cdata` is text that is written without escapes. */
export type XmlNode =
  | { readonly kind: 'element'; readonly element: XmlElement }
  | { readonly kind: 'text' | 'cdata'; readonly text: string };

type FastXmlParser = typeof import('fast-xml-parser');

/** Deeper than this nobody means it. */
const deepest = 200;

/** The root element of an XML document; or why it is none. */
export function parseXml(text: string): XmlElement | string {
  const { XMLParser, XMLValidator }: FastXmlParser = createRequire(import.meta.url)('fast-xml-parser');
  const validity = XMLValidator.validate(text);
  if (validity !== true) return reasonOf(validity.err);
  if (text.slice(text.lastIndexOf('>') + 1).trim() !== '') return 'has text behind its root element';
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    htmlEntities: true,
    cdataPropName,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: deepest,
    onDangerousProperty: (name) => name,
  });
  try {
    const parsed: unknown = parser.parse(text);
    const nodes = nodesOf(parsed).filter((node) => node.kind === 'element' || node.text.trim() !== '');
    const [root, ...others] = nodes;
    if (root?.kind !== 'element') return 'has no root element';
    return others.length === 0 ? root.element : 'has more than one root element';
  } catch (error) {
    return error instanceof Error ? lowered(error.message.replace(/^\[\w+\] /, '')) : String(error);
  }
}

const cdataPropName = '#cdata';
const attributesName = ':@';

function reasonOf({ msg, line }: { readonly msg: string; readonly line: number }): string {
  const why = lowered(msg.replace(/\.$/, ''));
  return line > 0 ? `${why} (line ${line})` : why;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The parser keeps the order of nodes as a list of objects, each with one member beside the attributes. */
function nodesOf(parsed: unknown): XmlNode[] {
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((each: unknown): XmlNode[] => {
    const members = entriesOf(each);
    const [name, held] = members.find(([key]) => key !== attributesName) ?? [];
    if (name === undefined) return [];
    if (name === '#text') return [{ kind: 'text', text: String(held) }];
    if (name === cdataPropName)
      return nodesOf(held).map((node) => (node.kind === 'text' ? { ...node, kind: 'cdata' } : node));
    const attributes = entriesOf(members.find(([key]) => key === attributesName)?.[1]);
    const element: XmlElement = {
      name,
      attributes: attributes.map(([key, value]) => [key, String(value)] as const),
      children: nodesOf(held),
    };
    return [{ kind: 'element', element }];
  });
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** An element as an XML document, in characters that XML has (XML 1.0, section 2.2). */
export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root)}`;
}

function elementText({ name, attributes, children }: XmlElement): string {
  const written = attributes.map(([key, value]) => ` ${key}="${escaped(value, /[<&"\t\r\n]/g)}"`);
  const head = `${name}${written.join('')}`;
  return children.length === 0 ? `<${head}/>` : `<${head}>${children.map(nodeText).join('')}</${name}>`;
}

function nodeText(node: XmlNode): string {
  if (node.kind === 'element') return elementText(node.element);
  if (node.kind === 'text') return escaped(node.text, /[<>&\r]/g);
  return `<![CDATA[${allowed(node.text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

function escaped(text: string, characters: RegExp): string {
  return allowed(text).replace(characters, (each) => entities[each] ?? `&#${each.charCodeAt(0)};`);
}

const notAllowed = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function allowed(text: string): string {
  return text.replace(notAllowed, '\ufffd');
}

/** A text as the name of an element or attribute: what no name has is left as a low line (XML 1.0, section 2.3). */
export function xmlName(text: string): string {
  const name = text.replace(/[^\p{L}\p{N}_.:-]/gu, '_');
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`;
}

/** The name without its prefix (Namespaces in XML 1.0, section 4). */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
