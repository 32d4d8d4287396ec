/** The files of a document as its responses are to be read: without what is required of requests only, and what names nothing. */

import { hasDialect } from '@hyperjump/json-schema/experimental';
import { isObject, type Json, type JsonObject } from '../../openapi/json.js';
import { type Files, type Spot, spotOf, valueAt } from './reading.js';

const types = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];

/** The members that hold values of the user: nothing in them is a schema. */
const values = ['enum', 'const'];
/** Of these, those that no value is held against. */
const samples = ['example', 'examples', 'default'];
/** The members that hold things by names of the user: of these, one called `default` is a thing. */
const maps =
  /^(properties|patternProperties|schemas|definitions|\$defs|dependentSchemas|responses|examples|headers|paths|callbacks|webhooks|parameters|variables|links)$/;

/**
 * The files, changed where they say what no answer can keep or no validator can read: a member that is only written is not
 * required of a response (OpenAPI 3.0, 4.7.24.2; 3.1, 4.8.24), a reference to nothing and a type that there is none of say nothing.
 */
export function forResponses(files: Files): Files {
  return new Map([...files].map(([file, value]) => [file, changed(files, { file, pointer: '' }, value, '')]));
}

function changed(files: Files, at: Spot, part: Json, name: string): Json {
  if (Array.isArray(part)) return part.map((each: Json) => changed(files, at, each, ''));
  if (!isObject(part)) return part;
  const isMap = maps.test(name);
  const made: Record<string, Json> = {};
  for (const [key, each] of Object.entries(part)) {
    if (!isMap && (samples.includes(key) || (key === '$schema' && !hasDialect(String(each))))) continue;
    const left = !isMap && values.includes(key);
    Object.defineProperty(made, key, {
      value: left ? each : changed(files, at, each, isMap ? '' : key),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return isMap ? made : ofSchema(files, at, made);
}

function ofSchema(files: Files, at: Spot, part: JsonObject): JsonObject {
  const { $ref, required, type, properties } = part;
  if (typeof $ref === 'string' && !leads(files, at, $ref)) {
    const { $ref: _, ...others } = part;
    return others;
  }
  const { required: _, type: __, ...others } = part;
  const isRequired = (each: Json): boolean =>
    !(isObject(properties) && isWriteOnly(files, at, properties[String(each)], 0));
  const isType = [type ?? 'string'].flat().every((each: Json) => types.includes(String(each)));
  return {
    ...others,
    ...(Array.isArray(required) ? { required: required.filter(isRequired) } : {}),
    ...(type !== undefined && isType ? { type } : {}),
  };
}

function leads(files: Files, at: Spot, reference: string): boolean {
  const spot = spotOf(at.file, reference);
  if (spot.pointer !== '' && !spot.pointer.startsWith('/')) return true; // an anchor
  return valueAt(files, spot) !== undefined || (!files.has(spot.file) && isIdentifier(reference));
}

/** Whether a reference may be to an `$id`: what has neither a file nor a pointer to it. */
function isIdentifier(reference: string): boolean {
  return !reference.startsWith('#') && !/\.(ya?ml|json)(#|$)/.test(reference) && !/^https?:/.test(reference);
}

function isWriteOnly(files: Files, at: Spot, schema: Json | undefined, hops: number): boolean {
  if (!isObject(schema) || hops > 20) return false;
  if (schema.writeOnly === true) return true;
  if (typeof schema.$ref === 'string') {
    const spot = spotOf(at.file, schema.$ref);
    return isWriteOnly(files, spot, valueAt(files, spot), hops + 1);
  }
  return (
    Array.isArray(schema.allOf) && schema.allOf.some((each: Json) => isWriteOnly(files, at, each, hops + 1))
  );
}
