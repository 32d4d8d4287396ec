/** What the meta-schema of JSON Schema cannot say: texts that mean nothing, and schemas that come to no end. */

import type { ContractProblem } from '../contract-error.js';
import { type Documents, locationOf, type Place, placeIn } from '../document/documents.js';
import { type ObjectNode, referencesIn } from '../document/objects.js';
import { placeKey } from '../document/places.js';
import { parseDuration } from '../duration.js';
import { asObject, isObject, type Json } from '../json.js';
import { isRegExp } from '../schema/pattern.js';

/** What is wrong with the schemas among the objects of a contract, however well-formed they are. */
export function schemaConsistencyProblems(
  documents: Documents,
  objects: readonly ObjectNode[],
): ContractProblem[] {
  const schemas = objects.filter(({ slot }) => slot === 'schema');
  return [
    ...schemas.flatMap((schema) => textProblems(documents, schema)),
    ...endlessReferences(documents, schemas).map((at): ContractProblem => {
      const what = 'the reference applies the schema that it stands in to the same value, without end';
      const fix = 'Refer from a member or an item, or leave out one of the references';
      return { code: 'invalid-schema', what, fix, location: locationOf(documents, at) };
    }),
  ];
}

function textProblems(documents: Documents, { value, at }: ObjectNode): ContractProblem[] {
  if (!isObject(value)) return [];
  const problem = (place: Place, text: Json, is: string, fix: string): ContractProblem => {
    const what = `${JSON.stringify(text)} is not ${is}`;
    return { code: 'invalid-schema', what, fix, location: locationOf(documents, place) };
  };
  const names = placeIn(at, 'patternProperties');
  const patterns = [
    ...(typeof value.pattern === 'string' ? [[placeIn(at, 'pattern'), value.pattern] as const] : []),
    ...Object.keys(asObject(value.patternProperties)).map((name) => [placeIn(names, name), name] as const),
  ];
  const lifetime = value['x-lifetime'];
  const isLifetime = typeof lifetime === 'string' && parseDuration(lifetime) !== undefined;
  const instant = value['x-instant'];
  return [
    ...(instant === undefined || typeof instant === 'string'
      ? []
      : [problem(placeIn(at, 'x-instant'), instant, 'a text', 'Write a form, for example dd/MM/yyyy HH:mm')]),
    ...patterns
      .filter(([, text]) => !isRegExp(text))
      .map(([place, text]) => problem(place, text, 'a regular expression', 'Correct it')),
    ...(lifetime === undefined || isLifetime
      ? []
      : [problem(placeIn(at, 'x-lifetime'), lifetime, 'a duration', 'Write ISO 8601, for example PT10M')]),
  ];
}

/** Keywords whose schemas are applied to the value that the schema itself is applied to (JSON Schema core, 10.2). */
const inPlace = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas'];

type Step = { readonly to: string; readonly at: Place };

/** The references by which a schema would have to be applied to one value again and again (JSON Schema core, 9.4.1). */
function endlessReferences(documents: Documents, schemas: readonly ObjectNode[]): Place[] {
  const steps = new Map(schemas.map((schema) => [placeKey(schema.at), stepsFrom(documents, schema)]));
  const found: Place[] = [];
  const done = new Set<string>();
  for (const start of steps.keys()) {
    const open = new Set<string>();
    const trail: { readonly key: string; readonly rest: Step[] }[] = [];
    const enter = (key: string): void => {
      open.add(key);
      trail.push({ key, rest: [...(steps.get(key) ?? [])] });
    };
    if (!done.has(start)) enter(start);
    for (let last = trail.at(-1); last !== undefined; last = trail.at(-1)) {
      const step = last.rest.pop();
      if (step === undefined) {
        open.delete(last.key);
        done.add(last.key);
        trail.pop();
      } else if (open.has(step.to)) found.push(step.at);
      else if (!done.has(step.to)) enter(step.to);
    }
  }
  return found;
}

function stepsFrom(documents: Documents, schema: ObjectNode): readonly Step[] {
  const { value, at } = schema;
  const inner = inPlace.flatMap((keyword) => {
    const held = asObject(value)[keyword];
    const place = placeIn(at, keyword);
    const isMap = keyword === 'dependentSchemas';
    if (Array.isArray(held) || isMap) return Object.keys(held ?? {}).map((name) => placeIn(place, name));
    return held === undefined ? [] : [place];
  });
  return [
    ...inner.map((place) => ({ to: placeKey(place), at: place })),
    ...referencesIn(documents, schema).map((reference) => ({
      to: placeKey(reference.target),
      at: reference.at,
    })),
  ];
}
