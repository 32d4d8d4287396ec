/** Errors of a schema as violations: which of them tell something, what they mean, and where the schema says so. */

import type { SchemaError } from '../document/choices.js';
import type { Place } from '../document/documents.js';
import { isObject, pointerTo } from '../json.js';

/** One way in which a value breaks its schema. */
export type SchemaViolation = {
  /** Where in the value: a JSON Pointer. For a missing member, the pointer that it would have. */
  readonly pointer: string;
  /** The keyword of JSON Schema that is broken. */
  readonly keyword: string;
  /** What must hold, in words. */
  readonly message: string;
  /** The place of the schema that says so. */
  readonly schema: Place;
};

/** An error in the form that Ajv gives it, with the value of the keyword and the schema that has it. */
export type BrokenKeyword = SchemaError & { readonly schema?: unknown; readonly parentSchema?: unknown };

/** An error and the place of the keyword that it is about. */
export type PlacedError = { readonly error: BrokenKeyword; readonly at: Place };

/** An alternative and what is wrong with a value that it was tried on. */
export type Trial = { readonly place: Place; readonly errors: readonly PlacedError[] };

export function isChoice({ error }: PlacedError): boolean {
  return error.keyword === 'oneOf' || error.keyword === 'anyOf';
}

/** Whether the errors before it may come from what it tried. */
export function isComposite(error: PlacedError): boolean {
  return isChoice(error) || error.error.keyword === 'contains';
}

/** Leaves out what only repeats other errors: that a condition led to them, that a name is wrong, what was not looked at. */
export function isTelling({ error }: PlacedError, _: number, all: readonly PlacedError[]): boolean {
  const { keyword, instancePath } = error;
  if (keyword === 'if' || keyword === 'propertyNames') return false;
  if (!keyword.startsWith('unevaluated')) return true;
  return !all.some((other) => {
    const isBranch = isChoice(other) || other.error.keyword === 'if';
    return isBranch && other.error.instancePath === instancePath;
  });
}

/** The errors without as many of each kind as there are in others. */
export function without(
  errors: readonly PlacedError[],
  others: readonly PlacedError[],
): readonly PlacedError[] {
  const key = ({ error, at }: PlacedError): string =>
    [at.file, at.pointer, error.instancePath, memberOf(error)].join(' ');
  const counts = new Map<string, number>();
  for (const other of others) counts.set(key(other), (counts.get(key(other)) ?? 0) + 1);
  return errors.filter((error) => {
    const count = counts.get(key(error)) ?? 0;
    counts.set(key(error), count - 1);
    return count <= 0;
  });
}

/** The member that an error is about: at one place there may be one for each. */
function memberOf({ params, propertyName }: BrokenKeyword): unknown {
  return params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty ?? propertyName;
}

/**
 * Another type, or another fixed value of the whole or of one of its members: a value of another kind. So is every value where
 * nothing is allowed.
 */
export function differsInKind({ error }: PlacedError, path: string): boolean {
  const { instancePath, keyword } = error;
  const pointer = instancePath.slice(path.length);
  if (keyword === 'type' || isOfNothing(error)) return pointer === '';
  return (keyword === 'const' || keyword === 'enum') && pointer.lastIndexOf('/') <= 0;
}

/** The types that a value may have, where that is all that is wrong with it. */
export function typesInstead(choice: PlacedError, failed: readonly Trial[]): SchemaViolation | undefined {
  const errors = failed.flatMap((trial) => trial.errors.map(({ error }) => error));
  const isType = errors.every(({ keyword, instancePath }) => {
    return keyword === 'type' && instancePath === choice.error.instancePath;
  });
  if (!isType) return undefined;
  const type = [...new Set(errors.flatMap(({ params }) => params.type))];
  return violationOf({ error: { ...choice.error, keyword: 'type', params: { type } }, at: choice.at });
}

export function violationOf({ error, at }: PlacedError): SchemaViolation {
  const { keyword, instancePath, propertyName } = error;
  const member = memberOf(error);
  const pointer = typeof member === 'string' ? pointerTo(instancePath, member) : instancePath;
  const message = propertyName === undefined ? words(error) : `has a name that ${words(error)}`;
  return { pointer, keyword, message, schema: { file: at.file, pointer: at.pointer } };
}

function isOfNothing({ keyword, schema }: Pick<BrokenKeyword, 'keyword' | 'schema'>): boolean {
  return keyword === 'not' && isObject(schema) && Object.keys(schema).length === 0;
}

function words({ keyword, params, message, schema }: BrokenKeyword): string {
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not a known member';
    case 'unevaluatedItems':
      return 'is an item too many';
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'enum':
      return `must be one of ${[params.allowedValues]
        .flat()
        .map((value) => JSON.stringify(value))
        .join(', ')}`;
    case 'type':
      return `must be of type ${[params.type].flat().join(' or ')}`;
    case 'oneOf':
    case 'anyOf':
      return Array.isArray(params.passingSchemas)
        ? 'fits more than one alternative'
        : 'fits none of the alternatives';
    case 'uniqueItems':
      return 'has the same item twice';
    case 'false schema':
      return 'is not allowed';
    case 'not':
      return isOfNothing({ keyword, schema }) ? 'is not allowed' : 'fits what is ruled out';
    default:
      return (message ?? `breaks ${keyword}`).replace(/^must NOT/, 'must not');
  }
}
