/** The keywords of a schema by what they mean, where somebody wrote what JSON Schema does not allow. */

import { isObject, type Json, type JsonObject } from '../json.js';
import { isRegExp } from './pattern.js';

/**
 * What the value of a keyword means, schemas aside: itself; what was plainly meant; undefined when it means nothing, and then
 * the schema is read as if the keyword were not there.
 */
export function meaningOf(keyword: string, value: Json, schema: JsonObject): Json | undefined {
  const read = Object.hasOwn(meanings, keyword) ? meanings[keyword] : undefined;
  return read === undefined ? value : read(value, schema);
}

type Meaning = (value: Json, schema: JsonObject) => Json | undefined;

const typeNames = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];

/** The types that a schema names, in the spelling of JSON Schema; undefined when one of them is none. */
function typesOf(value: Json | undefined): readonly string[] | undefined {
  const listed = Array.isArray(value);
  const names = [value].flat().map((each) => {
    if (typeof each === 'string') return each.toLowerCase();
    // What is written without quotes in a list can only be meant as the type.
    return each === null && listed ? 'null' : '';
  });
  const isSound = names.length > 0 && names.every((name) => typeNames.includes(name));
  return isSound ? [...new Set(names)] : undefined;
}

const type: Meaning = (value) => {
  const types = typesOf(value);
  return types?.length === 1 ? types[0] : types;
};

const boolean: Meaning = (value) => {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return typeof value === 'boolean' ? value : undefined;
};

const number: Meaning = (value) => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return Number.isFinite(Number(value)) ? Number(value) : undefined;
};

/** A bound that OpenAPI 3.0 may write as true or false, beside `minimum` or `maximum`. */
const exclusive: Meaning = (value, schema) => boolean(value, schema) ?? number(value, schema);

const positive: Meaning = (value, schema) => {
  const read = number(value, schema);
  return typeof read === 'number' && read > 0 ? read : undefined;
};

const count: Meaning = (value, schema) => {
  const read = number(value, schema);
  return typeof read === 'number' && Number.isInteger(read) && read >= 0 ? read : undefined;
};

const names: Meaning = (value) =>
  Array.isArray(value) ? [...new Set(value.filter((name) => typeof name === 'string'))] : undefined;

const namesByName: Meaning = (value, schema) =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, list]) => {
          const read = names(list, schema);
          return read === undefined ? [] : [[name, read]];
        }),
      )
    : undefined;

/** The values of a list; those written in another type than the only one that may be, in that type as well. */
const values: Meaning = (value, schema) => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const [only, ...others] = typesOf(schema.type)?.filter((name) => name !== 'null') ?? [];
  if (only === undefined || others.length > 0) return value;
  const meant = value.flatMap((each) => inType(each, only));
  return meant.length === 0 ? value : [...value, ...meant];
};

/** A number or truth value as the text that it was meant as, and the other way round; nothing where it is neither. */
function inType(value: Json, type: string): readonly Json[] {
  const isText = typeof value === 'string';
  if (type === 'string')
    return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
  if (type === 'boolean') return isText && /^(?:true|false)$/i.test(value) ? [/^t/i.test(value)] : [];
  if (type !== 'number' && type !== 'integer') return [];
  return isText && value.trim() !== '' && Number.isFinite(Number(value)) ? [Number(value)] : [];
}

/** Not a name that every object has. */
const format: Meaning = (value) => (typeof value === 'string' && !(value in {}) ? value : undefined);
const pattern: Meaning = (value) => (typeof value === 'string' && isRegExp(value) ? value : undefined);

const meanings: Readonly<Record<string, Meaning>> = {
  type,
  enum: values,
  minimum: number,
  maximum: number,
  exclusiveMinimum: exclusive,
  exclusiveMaximum: exclusive,
  multipleOf: positive,
  minLength: count,
  maxLength: count,
  pattern,
  format,
  minItems: count,
  maxItems: count,
  uniqueItems: boolean,
  minContains: count,
  maxContains: count,
  required: names,
  minProperties: count,
  maxProperties: count,
  dependentRequired: namesByName,
  nullable: boolean,
  // Where these hold schemas they are read as such.
  additionalProperties: boolean,
  unevaluatedProperties: boolean,
  unevaluatedItems: boolean,
  items: boolean,
};

/** Further keywords by which a schema refuses values. */
const others = new Set([
  ...['const', 'properties', 'patternProperties', 'dependentSchemas', 'dependencies', 'propertyNames'],
  ...['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'],
  ...['prefixItems', 'additionalItems', 'contains'],
]);

/** Whether a keyword is one by which a schema refuses values. */
export function asserts(keyword: string): boolean {
  return keyword !== 'nullable' && (Object.hasOwn(meanings, keyword) || others.has(keyword));
}
