/** JSON Schema by Ajv: plain schemas under the names that they refer to each other by. */

import type {
  Ajv2020,
  AnySchemaObject,
  ErrorObject,
  FuncKeywordDefinition,
  ValidateFunction,
} from 'ajv/dist/2020.js';
import type { SchemaError } from '../document/choices.js';
import { isObject, type Json, type JsonObject, jsonEquals, pointerTo } from '../json.js';
import { ajvPackages } from './ajv.js';
import { regExpOf } from './pattern.js';
import { type Look, unevaluatedItems, unevaluatedMembers } from './unevaluated.js';
import type { BrokenKeyword } from './violation.js';

export type Validator = {
  /** How a value breaks the schema of a name, and all that it refers to. */
  errors(name: string, value: Json): readonly BrokenKeyword[];
};

const options = {
  allErrors: true,
  verbose: true,
  strict: false,
  validateSchema: false,
  logger: false,
  ownProperties: true,
  // What is optimized away costs more than it saves: most schemas see few values.
  code: { optimize: false, regExp: Object.assign(regExpOf, { code: 'regExpOf' }) },
} as const;

/**
 * Schemas that refer to each other by name. Each is made and compiled when a value first comes to it: what a schema refers
 * to, and no value of it has, costs nothing, however large the contract is.
 */
export function createValidator(schemaOf: (name: string) => JsonObject | boolean): Validator {
  const made = new Map<string, JsonObject | boolean>();
  const compiled = new WeakMap<object, ValidateFunction>();
  const schemaNamed = (name: string): JsonObject | boolean => {
    const schema = made.get(name) ?? schemaOf(name);
    made.set(name, schema);
    return schema;
  };
  const validate = (schema: JsonObject): ValidateFunction => {
    const known = compiled.get(schema) ?? compiler().compile(schema);
    compiled.set(schema, known);
    return known;
  };
  const errorsOf = (schema: Json, value: Json): readonly BrokenKeyword[] =>
    isObject(schema)
      ? run(validate(schema), value)
      : schema === false
        ? run(compiler().compile(false), value)
        : [];
  const look: Look = {
    isValid: (schema, value) => errorsOf(schema, value).length === 0,
    resolve: (name) => schemaNamed(name),
  };
  let ajvMade: Ajv2020 | undefined; // once a value is looked at
  const compiler = (): Ajv2020 => {
    if (ajvMade !== undefined) return ajvMade;
    const ajv = createAjv();
    // What was looked at is found out below.
    ajv.opts.unevaluated = false;
    addReferences(ajv, (name) => {
      const schema = schemaNamed(name);
      return isObject(schema) ? validate(schema) : ajv.compile(schema);
    });
    addUnevaluated(ajv, look, errorsOf);
    ajvMade = ajv;
    return ajv;
  };
  return { errors: (name, value) => errorsOf(schemaNamed(name), value) };
}

/** References that are followed when a value comes to them. */
function addReferences(ajv: Ajv2020, validateNamed: (name: string) => ValidateFunction): void {
  const references = new Map<string, Reference>();
  const referenceTo = (name: string): Reference => {
    const known = references.get(name);
    if (known !== undefined) return known;
    let target: ValidateFunction | undefined;
    const reference: Reference = (value, context) => {
      target ??= validateNamed(name);
      const isValid = target(value, context);
      reference.errors = target.errors;
      return isValid;
    };
    references.set(name, reference);
    return reference;
  };
  const { callRef } = ajvPackages();
  ajv.removeKeyword('$ref');
  ajv.addKeyword({
    keyword: '$ref',
    schemaType: 'string',
    code: (context) =>
      callRef(context, context.gen.scopeValue('validate', { ref: referenceTo(context.schema) })),
  });
}

type Reference = {
  (...given: Parameters<ValidateFunction>): boolean;
  errors?: ValidateFunction['errors'];
};

/** A check of any value against one schema of our own: its errors, empty when it is valid. */
export function schemaCheck(schema: object): (value: Json) => readonly SchemaError[] {
  const ajv = createAjv({ verbose: false });
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : [...(validate.errors ?? [])]);
}

const formatChecks = new Map<string, (value: Json) => boolean>();
let formatAjv: Ajv2020 | undefined;

/** Whether a value is of a format, as far as the format is known and says something of values of its kind. */
export function isOfFormat(name: string, value: Json): boolean {
  let check = formatChecks.get(name);
  if (check === undefined) {
    formatAjv ??= createAjv({ verbose: false });
    const compiled = formatAjv.compile({ format: name });
    check = (each) => compiled(each) === true;
    formatChecks.set(name, check);
  }
  return check(value);
}

/** A schema that comes to no end says nothing: where one was not noticed before, the stack ends first. */
function run(validate: ValidateFunction, value: Json): readonly BrokenKeyword[] {
  try {
    return validate(value) ? [] : [...(validate.errors ?? [])];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function createAjv(settings: { readonly verbose?: boolean } = {}): Ajv2020 {
  const { Ajv2020: Ajv, addFormats, _, str } = ajvPackages();
  const ajv = new Ajv({ ...options, ...settings });
  addFormats(ajv);
  // Beyond 2^53 a number is read as the nearest that there is: 2^63 may have been the greatest that is allowed.
  ajv.addFormat('int64', {
    type: 'number',
    validate: (value: number) => Number.isInteger(value) && Math.abs(value) <= 2 ** 63,
  });
  ajv.addFormat('float', { type: 'number', validate: () => true });
  ajv.addFormat('double', { type: 'number', validate: () => true });
  ajv.addFormat('byte', { type: 'string', validate: isBase64 });
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    validate: (divisor: number, value: number) => isMultiple(value, divisor),
    errors: false,
    error: {
      message: ({ schemaCode }) => str`must be multiple of ${schemaCode}`,
      params: ({ schemaCode }) => _`{ multipleOf: ${schemaCode} }`,
    },
  });
  addEquality(ajv);
  return ajv;
}

/** Ajv's own comparison of objects calls members of theirs such as `toString`, which are anything in JSON. */
function addEquality(ajv: Ajv2020): void {
  const { _ } = ajvPackages();
  for (const keyword of ['enum', 'const', 'uniqueItems']) ajv.removeKeyword(keyword);
  ajv.addKeyword({
    keyword: 'enum',
    schemaType: 'array',
    compile: (values: readonly Json[]) => {
      const texts = new Set(values.map(sortedText));
      return (value: Json) => texts.has(sortedText(value));
    },
    errors: false,
    error: {
      message: 'must be equal to one of the allowed values',
      params: ({ schemaCode }) => _`{ allowedValues: ${schemaCode} }`,
    },
  });
  ajv.addKeyword({
    keyword: 'const',
    compile: (only: Json) => (value: Json) => jsonEquals(only, value),
    errors: false,
    error: {
      message: 'must be equal to constant',
      params: ({ schemaCode }) => _`{ allowedValue: ${schemaCode} }`,
    },
  });
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (isAsked: boolean, items: readonly Json[]) =>
      !isAsked || new Set(items.map(sortedText)).size === items.length,
    errors: false,
    error: { message: 'must not have the same item twice' },
  });
}

/** A text that is the same for the same value, in whatever order its members stand. */
function sortedText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sortedText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value === 0 ? 0 : value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${sortedText(value[name] ?? null)}`).join(',')}}`;
}

/** Whether a number is a multiple of another, as they are written: 19.99 is one of 0.01. */
function isMultiple(value: number, divisor: number): boolean {
  const quotient = value / divisor;
  if (!Number.isFinite(quotient)) return value % divisor === 0;
  return Math.abs(Math.round(quotient) - quotient) <= 1e-9;
}

/** Base64 (RFC 4648, section 4), in one line or several (RFC 2045, 6.8). */
function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/\r?\n/g, ''));
}

type Compile = NonNullable<FuncKeywordDefinition['compile']>;
type Check = ReturnType<Compile>;
type ErrorsOf = (schema: Json, value: Json) => readonly BrokenKeyword[];

/**
 * The keywords for what no other speaks of, over what was looked at: Ajv's own pass over `contains`, and over whether an
 * `if` held.
 */
function addUnevaluated(ajv: Ajv2020, look: Look, errorsOf: ErrorsOf): void {
  const check = (keyword: string, schema: Json, parentSchema: AnySchemaObject): Check => {
    const validate: Check = (value: Json, context) => {
      const path = context?.instancePath ?? '';
      validate.errors = unevaluated(parentSchema, value, look).flatMap(
        ([token, inner]): Partial<ErrorObject>[] =>
          schema === false
            ? [refusal(keyword, token, path, parentSchema)]
            : errorsOf(schema, inner).map((error) => within(error, pointerTo(path, token))),
      );
      return validate.errors.length === 0;
    };
    return validate;
  };
  for (const [keyword, type] of [
    ['unevaluatedProperties', 'object'],
    ['unevaluatedItems', 'array'],
  ] as const) {
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      keyword,
      type,
      compile: (schema, parentSchema) => check(keyword, schema, parentSchema),
    });
  }
}

function unevaluated(schema: JsonObject, value: Json, look: Look): readonly (readonly [string, Json])[] {
  if (Array.isArray(value))
    return unevaluatedItems(schema, value, look).map((index) => [String(index), value[index] ?? null]);
  if (!isObject(value)) return [];
  return unevaluatedMembers(schema, value, look).map((name) => [name, value[name] ?? null]);
}

function refusal(
  keyword: string,
  token: string,
  instancePath: string,
  parentSchema: JsonObject,
): Partial<ErrorObject> {
  const params = keyword === 'unevaluatedItems' ? { unevaluatedItem: token } : { unevaluatedProperty: token };
  return { keyword, instancePath, schemaPath: '', params, parentSchema };
}

/** An error of what is within, seen from without. Ajv would write the outer schema into it. */
function within(error: BrokenKeyword, path: string): Partial<ErrorObject> {
  const { keyword, params, message, schema, parentSchema, propertyName } = error;
  return {
    ...{ keyword, params, instancePath: `${path}${error.instancePath}` },
    ...(message === undefined ? {} : { message }),
    ...(propertyName === undefined ? {} : { propertyName }),
    ...(isObject(parentSchema) ? { parentSchema } : {}),
    get schema() {
      return schema;
    },
    set schema(_) {},
  };
}
