/** An OpenAPI document read without our own loader: its files, its operations, and what is documented of their answers. */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { asObject, isObject, type Json, type JsonObject, pointedTo, pointerTo } from '../../openapi/json.js';

/** A place in a file. */
export type Spot = { readonly file: string; readonly pointer: string };

/** A value with its place. */
export type Found = { readonly value: Json; readonly at: Spot };

export type DescribedContent = {
  readonly mediaType: string;
  readonly schema: Spot | undefined;
  /** The schema of each item of a stream (OpenAPI 3.2, 4.14). */
  readonly itemSchema: Spot | undefined;
};

export type DescribedResponse = {
  readonly status: string;
  readonly content: readonly DescribedContent[];
  /** Names of headers that must be there, in lower case. */
  readonly requiredHeaders: readonly string[];
};

export type DescribedOperation = {
  readonly method: string;
  readonly path: string;
  readonly responses: readonly DescribedResponse[];
};

export type Version = '2.0' | '3.0' | '3.1' | '3.2';

export type Files = ReadonlyMap<string, Json>;

/** A document as it is written. */
export type Description = {
  readonly root: string;
  readonly version: Version;
  readonly files: Files;
  readonly operations: readonly DescribedOperation[];
};

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** The value in a file of JSON or YAML. */
export function readValue(file: string): Json {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch {
    const value: Json = parse(text, { merge: true, maxAliasCount: -1, strict: false, uniqueKeys: false });
    // As JSON has it: the names of members are texts.
    return JSON.parse(JSON.stringify(value ?? null));
  }
}

/** The version of OpenAPI that a value is written in; undefined when it is no such document. */
export function versionOf(value: Json): Version | undefined {
  const { openapi, swagger } = asObject(value);
  if (String(swagger) === '2.0' || swagger === 2) return '2.0';
  const text = /^(3\.[012])\b/.exec(String(openapi))?.[1];
  return text === '3.0' || text === '3.1' || text === '3.2' ? text : undefined;
}

/** Reads a document and the files that it refers to. */
export function readDescription(root: string): Description {
  const files = filesOf(root);
  const version = versionOf(files.get(root) ?? null);
  if (version === undefined) throw new TypeError(`${root} is no OpenAPI document`);
  const operations = operationsOf(files, root, version);
  return { root, version, files, operations };
}

/** Every file that is referred to, the document first. What is not there is left out. */
function filesOf(root: string): Map<string, Json> {
  const files = new Map<string, Json>();
  const waiting = [root];
  for (const file of waiting) {
    if (files.has(file) || !existsSync(file)) continue;
    const value = readValue(file);
    files.set(file, value);
    for (const reference of referencesIn(value)) {
      const { file: target } = spotOf(file, reference);
      if (!isRemote(reference) && !files.has(target)) waiting.push(target);
    }
  }
  return files;
}

/** The texts of all `$ref` in a value. */
export function referencesIn(value: Json): readonly string[] {
  const found: string[] = [];
  const waiting: Json[] = [value];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    if (isObject(part) && typeof part.$ref === 'string') found.push(part.$ref);
    for (const each of Object.values(part)) if (typeof each === 'object' && each !== null) waiting.push(each);
  }
  return found;
}

function isRemote(reference: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(reference);
}

/** What a reference names, seen from a file. */
export function spotOf(from: string, reference: string): Spot {
  const [target = '', fragment = ''] = reference.split('#');
  const file = target === '' ? from : path.resolve(path.dirname(from), decoded(target));
  return { file, pointer: decoded(fragment) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The value at a place; undefined when nothing stands there. */
export function valueAt(files: Files, { file, pointer }: Spot): Json | undefined {
  return pointer === '' || pointer.startsWith('/') ? pointedTo(files.get(file), pointer) : undefined;
}

/** What stands at a place when references are followed. */
function follow(files: Files, at: Spot, hops = 0): Found | undefined {
  const value = valueAt(files, at);
  if (value === undefined || hops > 50) return undefined;
  if (!isObject(value) || typeof value.$ref !== 'string') return { value, at };
  return isRemote(value.$ref) ? undefined : follow(files, spotOf(at.file, value.$ref), hops + 1);
}

function member(files: Files, { value, at }: Found, name: string): Found | undefined {
  return isObject(value) && Object.hasOwn(value, name)
    ? follow(files, { file: at.file, pointer: pointerTo(at.pointer, name) })
    : undefined;
}

function members(
  files: Files,
  whole: Found | undefined,
  name: string,
): readonly (readonly [string, Found])[] {
  const map = whole && member(files, whole, name);
  if (map === undefined || !isObject(map.value)) return [];
  return Object.keys(map.value).flatMap((key) => {
    const found = member(files, map, key);
    return found === undefined ? [] : [[key, found] as const];
  });
}

function operationsOf(files: Files, root: string, version: Version): DescribedOperation[] {
  const document = follow(files, { file: root, pointer: '' });
  const produced = textsIn(asObject(document?.value ?? null).produces);
  return members(files, document, 'paths')
    .filter(([template]) => template.startsWith('/'))
    .flatMap(([template, item]) => {
      const known = methods.flatMap((method) => {
        const found = member(files, item, method);
        return found !== undefined && isObject(found.value) ? [[method, found] as const] : [];
      });
      return [...known, ...members(files, item, 'additionalOperations')].map(([method, operation]) => {
        const name = methods.includes(method) ? method.toUpperCase() : method;
        const produces = textsIn(asObject(operation.value).produces) ?? produced ?? ['application/json'];
        const responses = members(files, operation, 'responses')
          .filter(([status]) => /^(\d{3}|\dXX|default)$/i.test(status))
          .map(([status, response]) => responseOf(files, status, response, version, produces));
        return { method: name, path: template, responses };
      });
    });
}

function textsIn(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function responseOf(
  files: Files,
  status: string,
  response: Found,
  version: Version,
  produces: readonly string[],
): DescribedResponse {
  const requiredHeaders = members(files, response, 'headers')
    .filter(([name, { value }]) => asObject(value).required === true && name.toLowerCase() !== 'content-type')
    .map(([name]) => name.toLowerCase());
  if (version !== '2.0') {
    const content = members(files, response, 'content').map(([mediaType, { value, at }]) => ({
      mediaType,
      schema: placeOf(value, at, 'schema'),
      itemSchema: version === '3.2' ? placeOf(value, at, 'itemSchema') : undefined,
    }));
    return { status, content, requiredHeaders };
  }
  const schema = placeOf(response.value, response.at, 'schema');
  // What is only shown by examples is content as well, of which nothing more is said.
  const shown = members(files, response, 'examples').map(([mediaType]) => mediaType);
  const mediaTypes = schema === undefined ? shown : produces;
  const content = mediaTypes.map((mediaType) => ({ mediaType, schema, itemSchema: undefined }));
  return { status, content, requiredHeaders };
}

function placeOf(value: Json, at: Spot, name: string): Spot | undefined {
  const { [name]: schema }: JsonObject = asObject(value);
  return schema === undefined ? undefined : { file: at.file, pointer: pointerTo(at.pointer, name) };
}
