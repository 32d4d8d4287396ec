/** Swagger 2.0 as OpenAPI 3.0, with the places of the document as it was written. The one user of swagger2openapi. */

import { ContractError, type ContractProblem } from '../contract-error.js';
import {
  asObject,
  isObject,
  type Json,
  type JsonObject,
  pointedTo,
  pointerTo,
  pointerTokens,
} from '../json.js';
import { referencePlace } from './documents.js';
import { locate, type Source, withValue } from './locate.js';

/** Reads a file that is referred to; what went wrong is left to those who follow the reference later. */
export type ReadFile = (file: string) => Promise<Source | undefined>;

/**
 * The document as OpenAPI 3.0. What only Swagger knows (parameters, responses and paths in other files) is drawn into it;
 * references to schemas in other files stay, for they read the same.
 * @throws ContractError when the converter cannot make sense of it.
 */
export async function fromSwagger(source: Source, read: ReadFile): Promise<Source> {
  const { default: converter } = await import('swagger2openapi');
  const whole = await drawnTogether(source, read);
  try {
    const options = { patch: true, warnOnly: true, anchors: true, resolve: false };
    const { openapi } = await converter.convertObj(swaggerDocument(whole), options);
    const value = JSON.parse(JSON.stringify(openapi));
    return withValue(source, value, (pointer) => source.locationAt(pointerBefore(whole, value, pointer)));
  } catch (error) {
    const what = `this Swagger 2.0 document cannot be converted (${error instanceof Error ? error.message : String(error)})`;
    const problem: ContractProblem = {
      code: 'invalid-document',
      what,
      fix: 'Correct it, or convert it to OpenAPI 3.1',
      location: locate(source, '/swagger'),
    };
    throw new ContractError([problem]);
  }
}

type SwaggerDocument = Parameters<typeof import('swagger2openapi').convertObj>[0];

/** The converter changes what it is given; and what is wrong with it, it mends as far as it can. */
function swaggerDocument(value: Json): SwaggerDocument {
  return JSON.parse(JSON.stringify(value));
}

/** What a value is by where it stands; a schema, or data, unless its name says otherwise. */
type Standing = 'root' | 'paths' | 'pathItem' | 'operation' | 'parameters' | 'responses' | 'part' | 'other';

const within: Readonly<Record<Standing, (name: string) => Standing>> = {
  root: (name) => (name === 'paths' || name === 'parameters' || name === 'responses' ? name : 'other'),
  paths: () => 'pathItem',
  pathItem: (name) => (name === 'parameters' ? 'parameters' : 'operation'),
  operation: (name) => (name === 'parameters' || name === 'responses' ? name : 'other'),
  parameters: () => 'part',
  responses: () => 'part',
  part: () => 'other',
  other: () => 'other',
};

async function drawnTogether(source: Source, read: ReadFile): Promise<Json> {
  const drawn = async (value: Json, file: string, standing: Standing, depth: number): Promise<Json> => {
    if (Array.isArray(value))
      return Promise.all(value.map((item) => drawn(item, file, within[standing](''), depth)));
    if (!isObject(value)) return value;
    if (typeof value.$ref === 'string' && standing !== 'root') {
      const target = referencePlace(file, value.$ref);
      const isElsewhere = target.file !== source.file;
      if (!isElsewhere) return { ...value, $ref: `#${target.pointer}` };
      const isOfSwagger = standing === 'pathItem' || standing === 'part';
      const held = isOfSwagger && depth < 100 ? await read(target.file) : undefined;
      const found = pointedTo(held?.value, target.pointer);
      if (found !== undefined) return drawn(found, target.file, standing, depth + 1);
      return { ...value, $ref: `${target.file}${target.pointer === '' ? '' : `#${target.pointer}`}` };
    }
    const members = await Promise.all(
      Object.entries(value).map(
        async ([name, member]) => [name, await drawn(member, file, within[standing](name), depth)] as const,
      ),
    );
    return Object.fromEntries(members);
  };
  return drawn(source.value, source.file, 'root', 0);
}

const sections: Readonly<Record<string, string>> = {
  schemas: 'definitions',
  responses: 'responses',
  parameters: 'parameters',
  requestBodies: 'parameters',
  securitySchemes: 'securityDefinitions',
};

/** The pointer into the Swagger document at which the conversion found what it put at a pointer, or what that came of. */
function pointerBefore(swagger: Json, converted: Json, pointer: string): string {
  const [first, second = '', third = '', ...rest] = pointerTokens(pointer);
  if (first === 'components') return pointerOf([sections[second] ?? second, third, ...contentBefore(rest)]);
  if (first === 'servers') return pointedTo(swagger, '/host') === undefined ? '/basePath' : '/host';
  if (first !== 'paths') return pointer;
  const [part, token, ...inner] = rest;
  const owner = pointerOf(['paths', second, third]);
  if (part === 'requestBody') {
    const list = asArray(pointedTo(swagger, `${owner}/parameters`));
    const member = inner[inner.indexOf('properties') + 1];
    const index = list.findIndex(
      ({ in: where, name }) => where === 'body' || (where === 'formData' && name === member),
    );
    return index === -1
      ? pointerTo(owner, 'parameters')
      : pointerOf([
          'paths',
          second,
          third,
          'parameters',
          String(index),
          ...contentBefore([token ?? '', ...inner]),
        ]);
  }
  if (part === 'parameters' && token !== undefined) {
    const { name, in: where } = asObject(pointedTo(converted, `${owner}/parameters/${token}`));
    const list = asArray(pointedTo(swagger, `${owner}/parameters`));
    const index = list.findIndex((each) => each.name === name && each.in === where);
    const shown = inner[0] === 'schema' ? inner.slice(1) : inner;
    return pointerOf(['paths', second, third, 'parameters', index === -1 ? token : String(index), ...shown]);
  }
  return part === 'responses' && token !== undefined
    ? pointerOf(['paths', second, third, part, token, ...contentBefore(inner)])
    : pointer;
}

/** Swagger has one schema where OpenAPI has one for each media type. */
function contentBefore(tokens: readonly string[]): readonly string[] {
  const [content, , ...inner] = tokens;
  return content === 'content' ? inner : tokens;
}

function asArray(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function pointerOf(tokens: readonly string[]): string {
  return tokens.reduce(pointerTo, '');
}
