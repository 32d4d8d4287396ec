/** Schema Objects as they are written, brought to plain JSON Schema 2020-12 for one direction of a message. */

import {
  type DocumentNode,
  type Documents,
  followReferences,
  nodeAt,
  type Place,
  placeIn,
  referencePlace,
} from './documents.js';
import { isObject, type Json, type JsonObject, pointedTo } from './json.js';
import { slotOf } from './objects.js';

/** Requests leave out `readOnly` members, responses `writeOnly` ones (OpenAPI 3.0, 4.7.24; JSON Schema 2020-12, 9.4). */
export type Direction = 'request' | 'response';

export type Dialect = '3.0' | '3.1';

/** How a schema refers to another: the place it stands at becomes the text of a `$ref`. */
type Referrer = (at: Place) => string;

type Plain = { [keyword: string]: Json };

/** What says nothing about a value. Members that begin with `$` are left out as well. */
const leftOut = new Set(['definitions', 'discriminator', 'xml', 'externalDocs', 'deprecated']);
/** What says something to a generator, and nothing to a validator. */
const annotations = new Set(['example', 'examples', 'default', 'contentSchema', 'x-lifetime', 'x-instant']);

export type PlainSchemas = {
  readonly documents: Documents;
  readonly dialect: Dialect;
  readonly direction: Direction;
  readonly refer: Referrer;
  /** Told the place of every object that is made, so that an error in it can be placed. */
  readonly made: (schema: object, at: Place) => void;
  /** Whether what a validator has no use for is kept: examples, defaults, what the content of a text is. */
  readonly annotated: boolean;
};

/** The plain schema of a node. Its references are left as references, by way of the referrer. */
export function plainSchema(node: DocumentNode, schemas: PlainSchemas): JsonObject | boolean {
  if (!isObject(node.value)) return node.value !== false;
  const plain: Plain = {};
  schemas.made(plain, node.at);
  const reference = node.value.$ref ?? node.value.$dynamicRef;
  if (typeof reference === 'string') plain.$ref = schemas.refer(referencePlace(node.at.file, reference));
  if (plain.$ref !== undefined && schemas.dialect === '3.0') return plain;
  for (const [keyword, value] of Object.entries(node.value)) {
    if (leftOut.has(keyword) || isLeftOut(keyword, schemas)) continue;
    plain[keyword] = plainKeyword(keyword, { value, at: placeIn(node.at, keyword) }, schemas);
  }
  if (schemas.dialect === '3.0') fromDraft4(plain);
  splitByDiscriminator(plain, node, schemas);
  requireInDirection(plain, node, schemas);
  return plain;
}

function isLeftOut(keyword: string, schemas: PlainSchemas): boolean {
  if (annotations.has(keyword)) return !schemas.annotated;
  return keyword.startsWith('$') || keyword.startsWith('x-');
}

function plainKeyword(keyword: string, node: DocumentNode, schemas: PlainSchemas): Json {
  const inner = (value: Json, token: string | number): Json => {
    const at = placeIn(node.at, token);
    return value === false ? nothing(at, schemas) : plainSchema({ value, at }, schemas);
  };
  const slot = slotOf('schema', null, keyword);
  if (slot === '{schema}' && isObject(node.value)) {
    return Object.fromEntries(Object.entries(node.value).map(([name, value]) => [name, inner(value, name)]));
  }
  if (slot === '[schema]' && Array.isArray(node.value)) return node.value.map(inner);
  if (slot === 'schema' && (isObject(node.value) || typeof node.value === 'boolean'))
    return plainSchema(node, schemas);
  return node.value;
}

/** The schema `false` as an object, which is known by its place. */
function nothing(at: Place, schemas: PlainSchemas): JsonObject {
  const plain = { not: {} };
  schemas.made(plain, at);
  return plain;
}

/** `nullable` and the boolean bounds of OpenAPI 3.0 (4.7.24) as JSON Schema 2020-12 says them. */
function fromDraft4(plain: Plain): void {
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const strict = plain[exclusive];
    if (typeof strict !== 'boolean') continue;
    delete plain[exclusive];
    const limit = plain[bound];
    if (!strict || limit === undefined) continue;
    plain[exclusive] = limit;
    delete plain[bound];
  }
  if (plain.nullable === true && typeof plain.type === 'string') {
    plain.type = [plain.type, 'null'];
    if (Array.isArray(plain.enum) && !plain.enum.includes(null)) plain.enum = [...plain.enum, null];
  }
  delete plain.nullable;
}

/** What a member is for, alone: a required `readOnly` member is not required of a request, nor `writeOnly` of a response. */
function requireInDirection(plain: Plain, node: DocumentNode, schemas: PlainSchemas): void {
  if (!Array.isArray(plain.required) || !isObject(plain.properties)) return;
  const flag = schemas.direction === 'request' ? 'readOnly' : 'writeOnly';
  const required = plain.required.filter((name) => {
    const property = {
      value: pointedTo(node.value, '/properties') ?? null,
      at: placeIn(node.at, 'properties'),
    };
    const value = isObject(property.value) && typeof name === 'string' ? property.value[name] : undefined;
    if (value === undefined) return true;
    const resolved = followReferences(schemas.documents, { value, at: placeIn(property.at, String(name)) });
    // Beside a reference the flag counts from OpenAPI 3.1 on (4.8.24).
    const owners = [schemas.dialect === '3.1' ? value : undefined, resolved?.value];
    return !owners.some((owner) => isObject(owner) && owner[flag] === true);
  });
  if (required.length !== plain.required.length) plain.required = required;
}

/**
 * Where each alternative fixes the discriminating property to values of its own, says so with if and then: the same
 * instances are valid, but only the alternative that was meant reports errors (OpenAPI 3.1, 4.8.25).
 */
function splitByDiscriminator(plain: Plain, node: DocumentNode, schemas: PlainSchemas): void {
  if (!isObject(node.value) || !Array.isArray(plain.oneOf)) return;
  const property = pointedTo(node.value, '/discriminator/propertyName');
  if (typeof property !== 'string') return;
  const branches = plain.oneOf.map((branch, index) => ({
    branch,
    values: fixedValues(schemas.documents, placeIn(placeIn(node.at, 'oneOf'), index), property),
  }));
  const values = branches.flatMap((branch) => branch.values);
  if (branches.some((branch) => branch.values.length === 0) || new Set(values).size !== values.length) return;
  delete plain.oneOf;
  const tag: Json = { type: 'object', required: [property], properties: { [property]: { enum: values } } };
  const cases = branches.map(({ branch, values: own }) => ({
    if: { type: 'object', required: [property], properties: { [property]: { enum: own } } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: branch,
  }));
  for (const made of [tag, pointedTo(tag, `/properties/${property}`)])
    if (isObject(made)) schemas.made(made, placeIn(node.at, 'discriminator'));
  plain.allOf = [...(Array.isArray(plain.allOf) ? plain.allOf : []), tag, ...cases];
}

/** The texts that a schema fixes one of its properties to, by `const` or `enum`. */
function fixedValues(documents: Documents, at: Place, property: string): Json[] {
  const start = nodeAt(documents, at);
  const schema = start === undefined ? undefined : followReferences(documents, start);
  if (schema === undefined || !isObject(schema.value)) return [];
  const required = schema.value.required;
  if (!Array.isArray(required) || !required.includes(property)) return [];
  const rule = pointedTo(schema.value, `/properties/${property}`);
  if (!isObject(rule)) return [];
  if (rule.const !== undefined) return [rule.const];
  return Array.isArray(rule.enum) ? [...rule.enum] : [];
}
