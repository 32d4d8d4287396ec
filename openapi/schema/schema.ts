/** The schemas of a contract: each compiled when it is first needed, each violation with its place. */

import type { ContractProblem } from '../contract-error.js';
import { type Documents, followReferences, nodeAt, type Place, placeIn } from '../document/documents.js';
import type { ObjectNode } from '../document/objects.js';
import { placeKey } from '../document/places.js';
import { problemsAt } from '../document/structure.js';
import { isObject, type Json, pointedTo, pointerTo } from '../json.js';
import { type Dialect, type Direction, plainSchema } from './dialect.js';
import { namedAlternative } from './discriminator.js';
import { schemaErrors } from './known-schemas.js';
import { createValidator, schemaCheck } from './validator.js';
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

export { type SchemaViolation, schemaCheck };

export type Schemas = {
  /** The places of the alternatives (`oneOf`, `anyOf`) that the schema at a place offers; none when it offers no choice. */
  alternatives(schema: Place): readonly Place[];
  /** Whether a value keeps the schema at a place. */
  isValid(schema: Place, value: Json, direction: Direction): boolean;
  /** How a value breaks the schema at a place; empty when it does not. */
  violations(schema: Place, value: Json, direction: Direction): readonly SchemaViolation[];
};

/** Schemas of a contract's documents. Nothing is compiled before it is asked for. */
export function createSchemas(documents: Documents, dialect: Dialect): Schemas {
  const places = new WeakMap<object, Place>();
  const names = new Map<string, string>();
  const named = new Map<string, readonly [at: Place, direction: Direction]>();
  const known = { request: new WeakMap<Place, string>(), response: new WeakMap<Place, string>() };
  const made = (schema: object, place: Place) => places.set(schema, place);

  /** The name to refer to the schema at a place by. */
  const nameAt = (at: Place, direction: Direction): string => {
    const before = known[direction].get(at);
    if (before !== undefined) return before;
    const key = `${direction} ${placeKey(at)}`;
    const name = names.get(key) ?? `contract:/${names.size}`;
    names.set(key, name);
    named.set(name, [at, direction]);
    known[direction].set(at, name);
    return name;
  };

  const validator = createValidator((name) => {
    const [at, direction] = named.get(name) ?? [];
    const node = at && nodeAt(documents, at);
    if (node === undefined || direction === undefined) return true;
    const refer = (to: Place) => nameAt(to, direction);
    return plainSchema(node, { documents, dialect, direction, refer, made, annotated: false });
  });

  const errorsOf = (at: Place, value: Json, direction: Direction): readonly PlacedError[] =>
    validator
      .errors(nameAt(at, direction), value)
      .map((error) => ({ error, at: placeOf(error, places, at) }));

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
      const tried = isContains ? error.schema : each;
      const place =
        (isObject(tried) ? places.get(tried) : undefined) ?? (isContains ? at : placeIn(at, index));
      const inner = isContains ? pointerTo(error.instancePath, index) : error.instancePath;
      const errors = errorsOf(place, isContains ? each : data, direction).map((found) => ({
        at: found.at,
        error: { ...found.error, instancePath: `${inner}${found.error.instancePath}` },
      }));
      return { place, errors };
    });
  };

  /**
   * Of a value that fits no alternative, what is wrong with the one that was meant: the one that its discriminator names,
   * or the only one that it can have been, as all others differ in kind. Otherwise just that none fits.
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
    const named = tried[namedAlternative(documents, choice.at, pointedTo(value, path) ?? null) ?? -1];
    if (named !== undefined) return ofAlternative(named.place, path, value, direction);
    const meant = failed.filter(({ errors }) => !errors.some((error) => differsInKind(error, path)));
    const [only, ...others] = meant;
    if (only === undefined) return [typesInstead(choice, failed) ?? violationOf(choice)];
    if (others.length > 0) return [violationOf(choice)];
    return ofAlternative(only.place, path, value, direction);
  };

  const ofAlternative = (
    at: Place,
    path: string,
    value: Json,
    direction: Direction,
  ): readonly SchemaViolation[] =>
    violations(at, pointedTo(value, path) ?? null, direction).map((found) => {
      return { ...found, pointer: `${path}${found.pointer}` };
    });

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

  const isValid: Schemas['isValid'] = (at, value, direction) =>
    validator.errors(nameAt(at, direction), value).length === 0;

  return { alternatives, isValid, violations };
}

/** What the meta-schema of JSON Schema 2020-12 finds wrong with the schemas among the objects of a contract. */
export function schemaFormProblems(documents: Documents, objects: readonly ObjectNode[]): ContractProblem[] {
  const schemas = objects.filter(({ slot }) => slot === 'schema');
  const places = new Set(schemas.map(({ at }) => `${at.file}#${at.pointer}`));
  // It looks into a schema by itself.
  const isInner = ({ file, pointer }: Place): boolean => {
    const parent = pointer.slice(0, pointer.lastIndexOf('/'));
    return [parent, parent.slice(0, parent.lastIndexOf('/'))].some((above) => places.has(`${file}#${above}`));
  };
  return schemas
    .filter(({ at }) => !isInner(at))
    .flatMap(({ value, at }) => problemsAt(documents, at, schemaErrors(value), 'invalid-schema'));
}

function placeOf(error: BrokenKeyword, places: WeakMap<object, Place>, fallback: Place): Place {
  const { parentSchema } = error;
  const place =
    typeof parentSchema === 'object' && parentSchema !== null ? places.get(parentSchema) : undefined;
  return place === undefined ? fallback : placeIn(place, error.keyword);
}
