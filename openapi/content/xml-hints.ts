/** What the XML Objects of a schema and of what it refers to say together. */

import type { DocumentNode } from '../document/documents.js';
import { isObject } from '../json.js';

/** What the XML Object of a schema says (OpenAPI 3.2, section 4.26; `attribute` and `wrapped` as node types). */
export type XmlHints = {
  readonly nodeType: 'element' | 'attribute' | 'text' | 'cdata' | 'none' | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly prefix: string | undefined;
};

const nodeTypes = ['element', 'attribute', 'text', 'cdata', 'none'] as const;

/** The XML Objects of the layers as one, what stands nearest first. */
export function hintsOf(layers: readonly DocumentNode[]): XmlHints | undefined {
  const objects = layers.flatMap(({ value }) => (isObject(value) && isObject(value.xml) ? [value.xml] : []));
  if (objects.length === 0) return undefined;
  const text = (name: string): string | undefined =>
    objects.map((xml) => xml[name]).find((each) => typeof each === 'string');
  const flagged = (name: string): boolean => objects.some((xml) => xml[name] === true);
  const said = text('nodeType');
  return {
    nodeType:
      nodeTypes.find((each) => each === said) ??
      (flagged('attribute') ? 'attribute' : flagged('wrapped') ? 'element' : undefined),
    name: text('name'),
    namespace: text('namespace'),
    prefix: text('prefix'),
  };
}
