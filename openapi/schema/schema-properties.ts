/** The properties that a schema names, and the types of each: what can be told of its values without making one. */

import {
  type DocumentNode,
  type Documents,
  followReferences,
  memberOf,
  membersOf,
} from '../document/documents.js';
import { isObject, type Json, jsonEquals } from '../json.js';

/** The properties of a schema by name, those that it combines by `allOf` among them; each with its references followed. */
export type Properties = ReadonlyMap<string, DocumentNode>;

/** A schema that refers only to itself comes to no end. */
const lastDepth = 8;

/** The properties of a schema; none when it is a choice, or names none. */
export function propertiesOf(documents: Documents, schema: DocumentNode | undefined, depth = 0): Properties {
  const node = schema && followReferences(documents, schema);
  if (node === undefined || !isObject(node.value) || depth > lastDepth) return new Map();
  const combined = membersOf(documents, memberOf(documents, node, 'allOf')).flatMap(([, part]) => [
    ...propertiesOf(documents, part, depth + 1),
  ]);
  return new Map([...combined, ...membersOf(documents, memberOf(documents, node, 'properties'))]);
}

/** The types that a schema allows, `null` left out; undefined when it does not say. */
export function typesOf(documents: Documents, schema: DocumentNode): readonly string[] | undefined {
  const { value } = schema;
  if (!isObject(value)) return undefined;
  const types = [value.type ?? []].flat().filter((type) => type !== 'null');
  if (types.length > 0) return types.map(String);
  const listed = value.const === undefined ? value.enum : [value.const];
  if (Array.isArray(listed)) return [...new Set(listed.filter((each) => each !== null).map(typeOf))];
  if (value.properties !== undefined) return ['object'];
  if (value.items !== undefined) return ['array'];
  const parts = membersOf(documents, memberOf(documents, schema, 'allOf')).map(([, part]) => part);
  return parts.map((part) => typesOf(documents, part)).find((each) => each !== undefined);
}

/** Whether what conforms to one schema is sure enough to conform to another: they are the same, or the other asks for less. */
export function fits(documents: Documents, from: DocumentNode, to: DocumentNode): boolean {
  if (from.value === to.value || jsonEquals(from.value, to.value)) return true;
  const [sent, shown] = [typesOf(documents, from), typesOf(documents, to)];
  if (sent === undefined || shown === undefined || !isObject(to.value)) return false;
  if ([...sent, ...shown].some((type) => type === 'object' || type === 'array')) return false;
  const { enum: listed, const: constant, pattern, format } = to.value;
  if (listed !== undefined || constant !== undefined) return false;
  if (pattern !== undefined && !isSame(from.value, pattern, 'pattern')) return false;
  if (format !== undefined && !isSame(from.value, format, 'format')) return false;
  return sent.every((type) => shown.includes(type) || (type === 'integer' && shown.includes('number')));
}

function isSame(schema: Json, value: Json, keyword: string): boolean {
  return isObject(schema) && jsonEquals(schema[keyword], value);
}

function typeOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
