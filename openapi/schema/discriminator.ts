/** Discriminators: which alternative a value names (OpenAPI 3.1, 4.8.25; OpenAPI 3.2, 4.25). */

import {
  type DocumentNode,
  type Documents,
  followReferences,
  nodeAt,
  type Place,
  placeIn,
  referenceTarget,
} from '../document/documents.js';
import { asObject, isObject, type Json, pointedTo, pointerTokens } from '../json.js';
import { partsOf } from './in-place.js';

/** The schemas for a discriminated `oneOf`: what its property may be, and a case for each alternative. */
export type Split = { readonly tag: Json; readonly property: Json; readonly cases: readonly Json[] };

/**
 * Where each alternative fixes the discriminating property to values of its own, says so with if and then: the same
 * instances are valid, but only the alternative that was meant reports errors (OpenAPI 3.1, 4.8.25).
 */
export function splitByDiscriminator(
  documents: Documents,
  node: DocumentNode,
  alternatives: readonly Json[],
  siblings: boolean,
): Split | undefined {
  const name = pointedTo(node.value, '/discriminator/propertyName');
  if (typeof name !== 'string') return undefined;
  const branches = alternatives.map((branch, index) => ({
    branch,
    values: fixedValues(documents, placeIn(placeIn(node.at, 'oneOf'), index), name, siblings),
  }));
  const values = branches.flatMap((branch) => branch.values);
  if (branches.some((branch) => branch.values.length === 0) || new Set(values).size !== values.length)
    return undefined;
  const property: Json = { enum: values };
  const tag: Json = { type: 'object', required: [name], properties: { [name]: property } };
  const cases = branches.map(({ branch, values: own }) => ({
    if: { type: 'object', required: [name], properties: { [name]: { enum: own } } },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: branch,
  }));
  return { tag, property, cases };
}

/** The texts that a schema fixes one of its properties to, by `const` or `enum`; none where it may be left out. */
function fixedValues(documents: Documents, at: Place, property: string, siblings: boolean): readonly Json[] {
  const start = nodeAt(documents, at);
  const parts = start === undefined ? [] : partsOf(documents, start, siblings);
  const isRequired = parts.some(({ value: { required } }) => [required].flat().includes(property));
  if (!isRequired) return [];
  for (const part of parts) {
    const value = asObject(part.value.properties)[property];
    const place = placeIn(placeIn(part.at, 'properties'), property);
    const rule = value === undefined ? undefined : followReferences(documents, { value, at: place })?.value;
    if (!isObject(rule)) continue;
    if (rule.const !== undefined) return [rule.const];
    if (Array.isArray(rule.enum)) return rule.enum.every((each) => typeof each === 'string') ? rule.enum : [];
  }
  return [];
}

/**
 * Which of the alternatives at a place a value names by its discriminator: by `mapping`, else by the name of a schema, else
 * by the `defaultMapping` of OpenAPI 3.2. undefined where that is not certain.
 */
export function namedAlternative(documents: Documents, choice: Place, value: Json): number | undefined {
  const at = { ...choice, pointer: choice.pointer.slice(0, choice.pointer.lastIndexOf('/')) };
  const schema = asObject(nodeAt(documents, at)?.value);
  const { propertyName, mapping, defaultMapping } = asObject(schema.discriminator);
  if (typeof propertyName !== 'string' || !isObject(value)) return undefined;
  const alternatives = nodeAt(documents, choice)?.value;
  const references = (Array.isArray(alternatives) ? alternatives : []).map(({ $ref }) =>
    typeof $ref === 'string' ? referenceTarget(documents, at, $ref) : undefined,
  );
  /** A mapping is a reference, or the name of a schema. */
  const meant = (text: Json | undefined): number | undefined => {
    if (typeof text !== 'string') return undefined;
    const target = referenceTarget(documents, at, text);
    const byPlace = references.findIndex(
      (each) => each?.file === target.file && each.pointer === target.pointer,
    );
    if (byPlace !== -1) return byPlace;
    const byName = references.flatMap((each, index) => {
      return each !== undefined && pointerTokens(each.pointer).at(-1) === text ? [index] : [];
    });
    return byName.length === 1 ? byName[0] : undefined;
  };
  const given = Object.hasOwn(value, propertyName) ? value[propertyName] : undefined;
  const named = typeof given === 'string' ? given : undefined;
  const mapped =
    named !== undefined && isObject(mapping) && Object.hasOwn(mapping, named) ? mapping[named] : named;
  return meant(mapped) ?? (given === undefined || named !== undefined ? meant(defaultMapping) : undefined);
}
