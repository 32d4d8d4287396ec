/** What a schema allows in outline: enough to read a parameter's text as the value that was meant. */

import {
  type DocumentNode,
  type Documents,
  followReferences,
  membersOf,
  nodeAt,
  type Place,
} from './documents.js';
import { isObject, type Json, type JsonObject, pointedTo } from './json.js';

/** What a schema allows, as far as reading a text needs it; an empty set of types allows anything. */
export type ParameterShape = {
  readonly types: ReadonlySet<'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object'>;
  readonly items?: ParameterShape;
  readonly properties?: ReadonlyMap<string, ParameterShape>;
  readonly additional?: ParameterShape;
  /** Of a file in a multipart form: the media type that it is described with. */
  readonly file?: string;
};

type TypeName = ParameterShape['types'] extends ReadonlySet<infer Name> ? Name : never;

const typeNames = new Set<string>(['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']);

const anything: ParameterShape = { types: new Set() };

/** The shape of the values that the schema at a place allows. An empty set of types allows any. */
export function shapeOf(documents: Documents, at: Place | undefined): ParameterShape {
  const node = at === undefined ? undefined : nodeAt(documents, at);
  return node === undefined ? anything : shapeOfNode(documents, node, 0);
}

function shapeOfNode(documents: Documents, start: DocumentNode, depth: number): ParameterShape {
  const node = followReferences(documents, start);
  if (node === undefined || !isObject(node.value) || depth > 4) return anything;
  const inner = (member: DocumentNode): ParameterShape => shapeOfNode(documents, member, depth + 1);
  const member = (name: string) => membersOf(documents, node).find(([key]) => key === name)?.[1];
  const alternatives = ['allOf', 'anyOf', 'oneOf'].flatMap((name) =>
    membersOf(documents, member(name)).map(([, alternative]) => inner(alternative)),
  );
  const own = new Set(typesOf(node.value));
  const types = own.size > 0 ? own : new Set(alternatives.flatMap((shape) => [...shape.types]));
  const properties = new Map([
    ...alternatives.flatMap((shape) => [...(shape.properties ?? [])]),
    ...membersOf(documents, member('properties')).map(([name, schema]) => [name, inner(schema)] as const),
  ]);
  const items = member('items');
  const additional = member('additionalProperties');
  const file = fileTypeOf(node.value);
  return {
    types,
    ...(file === undefined ? {} : { file }),
    ...(items === undefined ? {} : { items: inner(items) }),
    ...(properties.size === 0 ? {} : { properties }),
    ...(additional === undefined || additional.value === false ? {} : { additional: inner(additional) }),
  };
}

/** The media type of octets that stand as they are, in no encoding (OpenAPI 3.1, 4.8.24.2; in 3.0, `format: binary`). */
function fileTypeOf(schema: JsonObject): string | undefined {
  const { contentMediaType, contentEncoding, format } = schema;
  if (contentEncoding !== undefined) return undefined;
  if (typeof contentMediaType === 'string') return contentMediaType;
  return format === 'binary' ? 'application/octet-stream' : undefined;
}

function typesOf(schema: Json): TypeName[] {
  const declared = [pointedTo(schema, '/type') ?? []].flat();
  if (pointedTo(schema, '/nullable') === true) declared.push('null');
  if (declared.length > 0) return declared.filter(isTypeName);
  const constant = pointedTo(schema, '/const');
  const fixed = constant === undefined ? pointedTo(schema, '/enum') : [constant];
  return Array.isArray(fixed) ? fixed.map(typeOf) : [];
}

function typeOf(value: Json): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : 'object';
}

function isTypeName(value: Json): value is TypeName {
  return typeof value === 'string' && typeNames.has(value);
}
