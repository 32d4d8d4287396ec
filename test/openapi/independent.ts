/** Another validator of JSON Schema, which sees the schemas of a document as they are written: its verdicts on values. */

import {
  hasSchema,
  type OutputUnit,
  registerSchema,
  type SchemaObject,
  setShouldValidateFormat,
  setShouldValidateSchema,
  validate,
} from '@hyperjump/json-schema/draft-2020-12';
import { addFormat, BASIC, setFormatHandler } from '@hyperjump/json-schema/experimental';
import '@hyperjump/json-schema/formats';
import '@hyperjump/json-schema/openapi-3-0';
import '@hyperjump/json-schema/openapi-3-1';
import type { Documents } from '../../openapi/document/documents.js';
import { isObject, type Json, type JsonObject, pointedTo } from '../../openapi/json.js';
import type { Variant } from '../../openapi/variants/variants.js';

setShouldValidateSchema(false);
setShouldValidateFormat(true);
registerFormats();

/** A keyword that a value breaks, and where in the value: a JSON Pointer, with `*` before it for the name of a member. */
export type Broken = {
  /** For a schema that is `false`, the keyword that has it, or the name that it is listed under. */
  readonly keyword: string;
  readonly at: string;
  readonly isOfFalse: boolean;
};

/** What a value breaks, alternatives that it does not fit included; undefined when it is valid. */
export type Verdict = (value: Json) => readonly Broken[] | undefined;

const dialects = {
  '3.0': 'https://spec.openapis.org/oas/3.0/schema',
  '3.1': 'https://spec.openapis.org/oas/3.1/schema-base',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
} as const;

export type IndependentDialect = keyof typeof dialects;

/** The formats that JSON Schema leaves to OpenAPI (OpenAPI format registry), and those that it has only since draft 7. */
function registerFormats(): void {
  const keywords = ['draft-2020-12/format', 'draft-2020-12/format-assertion', 'draft-04/format'];
  const isWithin = (bits: number) => (value: Json) =>
    typeof value !== 'number' ||
    (Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value <= 2 ** (bits - 1) - 1);
  const handlers: Readonly<Record<string, (value: Json) => boolean>> = {
    int32: isWithin(32),
    int64: isWithin(64),
    byte: (value) => typeof value !== 'string' || isBase64(value),
  };
  for (const [name, handler] of Object.entries(handlers)) {
    addFormat({ id: `https://example.test/format/${name}`, handler });
    for (const each of keywords)
      setFormatHandler(keywordOf(each), name, `https://example.test/format/${name}`);
  }
  for (const name of [
    'date',
    'time',
    'duration',
    'uuid',
    'uri-reference',
    'regex',
    'json-pointer',
    'uri-template',
  ])
    setFormatHandler(keywordOf('draft-04/format'), name, `https://json-schema.org/format/${name}`);
  for (const each of keywords) setFormatHandler(keywordOf(each), 'url', 'https://json-schema.org/format/uri');
}

/** RFC 4648, sections 3.3 and 4: nothing but the alphabet, padded. */
function isBase64(text: string): boolean {
  try {
    return (
      atob(text).length === (text.length / 4) * 3 - (/=*$/.exec(text)?.[0].length ?? 0) && !/\s/.test(text)
    );
  } catch {
    return false;
  }
}

function keywordOf(name: string): string {
  return `https://json-schema.org/keyword/${name}`;
}

let registered = 0;

/** Verdicts by the schemas of one document, each by its JSON Pointer. */
export function independentVerdicts(
  document: Json,
  dialect: IndependentDialect,
): (pointer: string) => Promise<Verdict> {
  registered += 1;
  const uri = `https://example.test/${registered}`;
  const whole = forRequests(document, document);
  const copy: SchemaObject = JSON.parse(JSON.stringify(whole));
  registerSchema(copy, uri, dialects[dialect]);
  return async (pointer) => {
    const fragment = pointer.split('/').map(encodeURIComponent).join('/');
    const judge = await validate(`${uri}#${fragment}`);
    return (value) => {
      // As it is received: a member called `__proto__` is one.
      const output = judge(JSON.parse(JSON.stringify(value)), BASIC);
      return output.valid ? undefined : (output.errors ?? []).map(brokenOf);
    };
  };
}

/** Makes the remote documents known that schemas may refer to by their addresses. */
export function independentResources({ sources }: Documents): void {
  for (const [uri, { value }] of sources) {
    if (!uri.startsWith('http') || hasSchema(uri)) continue;
    const copy: SchemaObject = JSON.parse(JSON.stringify(value));
    registerSchema(copy, uri, dialects['2020-12']);
  }
}

function brokenOf({ keyword, absoluteKeywordLocation, instanceLocation }: OutputUnit): Broken {
  const isOfFalse = keyword.endsWith('/evaluation/validate');
  const location = isOfFalse ? absoluteKeywordLocation : keyword;
  const name = decodeURIComponent(location.slice(location.lastIndexOf('/') + 1));
  return { keyword: name, at: decodeURIComponent(instanceLocation.slice(1)), isOfFalse };
}

/** The document without what it requires of responses only: members that are `readOnly` (OpenAPI 3.0, 4.7.24.2; 3.1, 4.8.24). */
function forRequests(part: Json, document: Json): Json {
  if (Array.isArray(part)) return part.map((each: Json) => forRequests(each, document));
  if (!isObject(part)) return part;
  const { required, properties } = part;
  const members = Object.entries(part).map(([name, each]) => [name, forRequests(each, document)] as const);
  const made: JsonObject = Object.fromEntries(members);
  if (!Array.isArray(required) || !isObject(properties)) return made;
  const sent = required.filter((name: Json) => !isReadOnly(properties[String(name)], document));
  return { ...made, required: sent };
}

function isReadOnly(schema: Json | undefined, document: Json): boolean {
  if (!isObject(schema)) return false;
  if (schema.readOnly === true || typeof schema.$ref !== 'string') return schema.readOnly === true;
  return isReadOnly(pointedTo(document, decodeURIComponent(schema.$ref.replace(/^[^#]*#/, ''))), document);
}

/** Whether a verdict agrees that a variant breaks the keyword that it names, where it names it. */
export function agrees(verdict: readonly Broken[], { keyword = '', pointer, place }: Variant): boolean {
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  const breaks = (name: string, ...places: readonly string[]): boolean =>
    verdict.some(({ keyword: broken, at }) => broken === name && places.includes(at));
  // The tag of a discriminator is one of those that its alternatives have: in JSON Schema only they say so.
  if (/\/discriminator(?:\/|$)/.test(place.pointer)) return breaks('oneOf', parent);
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return breaks(keyword, parent);
    case 'false schema':
    case 'not': {
      // Ours is told the schema `false` as one that rules everything out.
      const places = [pointer, `*${pointer}`];
      return (
        breaks(keyword, pointer) || verdict.some(({ isOfFalse, at }) => isOfFalse && places.includes(at))
      );
    }
    case 'items':
    case 'unevaluatedItems':
      // Ours is told of the list, not of the first item that is too many.
      return verdict.some(
        ({ keyword: broken, at }) => broken === keyword && /^\/\d+$/.test(at.slice(pointer.length)),
      );
    case 'oneOf':
    case 'anyOf':
      return verdict.some(
        ({ keyword: broken, at }) => broken === keyword && `${pointer}/`.startsWith(`${at}/`),
      );
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      // In OpenAPI 3.0 they say of a bound that it is excluded.
      return breaks(keyword, pointer) || breaks(keyword.replace(/^exclusiveM/, 'm'), pointer);
    default:
      return breaks(keyword, pointer, `*${pointer}`);
  }
}
