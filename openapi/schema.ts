/** JSON Schema 2020-12 by Ajv: each schema compiled when it is first needed, each violation with its place. */

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { ContractProblem } from './contract-error.js';
import { type Dialect, type Direction, plainSchema } from './dialect.js';
import { type Documents, followReferences, nodeAt, type Place, placeIn } from './documents.js';
import { isObject, type Json, pointedTo, pointerTo } from './json.js';
import type { ObjectNode } from './objects.js';
import { regExpOf } from './pattern.js';
import { problemsAt, type SchemaError } from './structure.js';
import {
  type BrokenKeyword,
  differsInKind,
  isChoice,
  isComposite,
  isTelling,
  type PlacedError,
  type SchemaViolation,
  type Trial,
  typesInstead,
  violationOf,
  without,
} from './violation.js';

export type { SchemaViolation };

export type Schemas = {
  /** The places of the alternatives (`oneOf`, `anyOf`) that the schema at a place offers; none when it offers no choice. */
  alternatives(schema: Place): readonly Place[];
  /** How a value breaks the schema at a place; empty when it does not. */
  violations(schema: Place, value: Json, direction: Direction): readonly SchemaViolation[];
};

const options = {
  allErrors: true,
  verbose: true,
  strict: false,
  validateSchema: false,
  logger: false,
  ownProperties: true,
  multipleOfPrecision: 9,
  code: { regExp: Object.assign(regExpOf, { code: 'regExpOf' }) },
} as const;

/** Schemas of a contract's documents. Nothing is compiled before it is asked for. */
export function createSchemas(documents: Documents, dialect: Dialect): Schemas {
  const ajv = new Ajv2020(options);
  formats.default(ajv);
  const places = new WeakMap<object, Place>();
  const compiled = {
    request: new WeakMap<Place, ValidateFunction>(),
    response: new WeakMap<Place, ValidateFunction>(),
  };
  const validators = new Map<string, ValidateFunction>();
  const names = new Map<string, string>();

  /** The name to refer to the schema at a place by; it and all that it refers to are known to Ajv then. */
  const register = (at: Place, direction: Direction): string => {
    const pending: Place[] = [];
    const nameOf = (place: Place): string => {
      const key = `${direction} ${place.file}#${place.pointer}`;
      const name = names.get(key) ?? `contract:/${names.size}`;
      if (!names.has(key)) pending.push(place);
      names.set(key, name);
      return name;
    };
    const made = (schema: object, place: Place) => places.set(schema, place);
    const plain = { documents, dialect, direction, refer: nameOf, made, annotated: false };
    const name = nameOf(at);
    // What is pending grows while it is gone through: a chain of references may be longer than the stack is deep.
    for (const place of pending) {
      const node = nodeAt(documents, place);
      if (node !== undefined) ajv.addSchema(plainSchema(node, plain), nameOf(place));
    }
    return name;
  };

  const compile = (at: Place, direction: Direction): ValidateFunction => {
    const known = compiled[direction].get(at);
    if (known !== undefined) return known;
    const name = register(at, direction);
    const validate = validators.get(name) ?? ajv.compile({ $ref: name });
    validators.set(name, validate);
    compiled[direction].set(at, validate);
    return validate;
  };

  const errorsOf = (at: Place, value: Json, direction: Direction): readonly PlacedError[] => {
    const validate = compile(at, direction);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => ({ error, at: placeOf(error, places, at) }));
  };

  const violations: Schemas['violations'] = (at, value, direction) => {
    let errors: readonly PlacedError[] = errorsOf(at, value, direction).filter(isTelling);
    const instead = new Map<PlacedError, readonly SchemaViolation[]>();
    // An outer choice comes after those within its alternatives, whose errors are told by way of it or not at all.
    for (const error of errors.toReversed()) {
      if (!isComposite(error) || !errors.includes(error)) continue;
      const tried = trialsOf(error, value, direction);
      errors = without(errors, tried.flatMap((trial) => trial.errors).filter(isTelling));
      if (isChoice(error)) instead.set(error, ofMeantAlternative(error, tried, value, direction));
    }
    const found = errors.flatMap((error) => instead.get(error) ?? [violationOf(error)]);
    const key = ({ pointer, keyword, schema }: SchemaViolation): string =>
      [pointer, keyword, schema.file, schema.pointer].join(' ');
    return [...new Map(found.map((violation) => [key(violation), violation])).values()];
  };

  /** What became of each try to fit a value to the alternatives of a choice, or of its items to `contains`. */
  const trialsOf = ({ error, at }: PlacedError, value: Json, direction: Direction): readonly Trial[] => {
    const data = pointedTo(value, error.instancePath) ?? null;
    const isContains = error.keyword === 'contains';
    const cases = isContains ? (Array.isArray(data) ? data : []) : [error.schema].flat();
    return cases.map((each: Json, index) => {
      const place = isContains ? at : placeIn(at, index);
      const inner = isContains ? pointerTo(error.instancePath, index) : error.instancePath;
      const errors = errorsOf(place, isContains ? each : data, direction).map((found) => ({
        at: found.at,
        error: { ...found.error, instancePath: `${inner}${found.error.instancePath}` },
      }));
      return { place, errors };
    });
  };

  /**
   * Of a value that fits no alternative, what is wrong with the one that was meant, where only one can have been: all
   * others differ in kind. Otherwise just that none fits.
   */
  const ofMeantAlternative = (
    choice: PlacedError,
    tried: readonly Trial[],
    value: Json,
    direction: Direction,
  ): readonly SchemaViolation[] => {
    const path = choice.error.instancePath;
    const failed = tried.filter(({ errors }) => errors.length > 0);
    if (failed.length < tried.length) return [violationOf(choice)];
    const meant = failed.filter(({ errors }) => !errors.some((error) => differsInKind(error, path)));
    const [only, ...others] = meant;
    if (only === undefined) return [typesInstead(choice, failed) ?? violationOf(choice)];
    if (others.length > 0) return [violationOf(choice)];
    const data = pointedTo(value, path) ?? null;
    return violations(only.place, data, direction).map((found) => {
      return { ...found, pointer: `${path}${found.pointer}` };
    });
  };

  const alternatives: Schemas['alternatives'] = (at) => {
    const start = nodeAt(documents, at);
    const node = start && followReferences(documents, start);
    if (node === undefined || !isObject(node.value)) return [];
    for (const keyword of ['oneOf', 'anyOf']) {
      const offered = node.value[keyword];
      if (Array.isArray(offered)) return offered.map((_, index) => placeIn(placeIn(node.at, keyword), index));
    }
    return [];
  };

  return { alternatives, violations };
}

let metaSchemas: Ajv2020 | undefined;

/** What the meta-schema of JSON Schema 2020-12 finds wrong with the schemas among the objects of a contract. */
export function schemaFormProblems(documents: Documents, objects: readonly ObjectNode[]): ContractProblem[] {
  const schemas = objects.filter(({ slot }) => slot === 'schema');
  metaSchemas ??= new Ajv2020({ ...options, validateSchema: true, verbose: false });
  const ajv = metaSchemas;
  const places = new Set(schemas.map(({ at }) => `${at.file}#${at.pointer}`));
  // It looks into a schema by itself.
  const isInner = ({ file, pointer }: Place): boolean => {
    const parent = pointer.slice(0, pointer.lastIndexOf('/'));
    return [parent, parent.slice(0, parent.lastIndexOf('/'))].some((above) => places.has(`${file}#${above}`));
  };
  return schemas
    .filter(({ at }) => !isInner(at))
    .flatMap(({ value, at }) =>
      ajv.validateSchema(plainData(value)) === true
        ? []
        : problemsAt(documents, at, ajv.errors ?? [], 'invalid-schema'),
    );
}

/** A check of any value against one schema of our own: its errors, empty when it is valid. */
export function schemaCheck(schema: object): (value: Json) => readonly SchemaError[] {
  const ajv = new Ajv2020({ ...options, verbose: false });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : [...(validate.errors ?? [])]);
}

function placeOf(error: BrokenKeyword, places: WeakMap<object, Place>, fallback: Place): Place {
  const { parentSchema } = error;
  const place =
    typeof parentSchema === 'object' && parentSchema !== null ? places.get(parentSchema) : undefined;
  return place === undefined ? fallback : placeIn(place, error.keyword);
}

function plainData(value: Json): object | boolean {
  return isObject(value) ? value : value !== false;
}
