/** Members of a value that its schema neither describes nor forbids. */

import type { Contract } from '../../../openapi/contract.js';
import type { Place } from '../../../openapi/document/documents.js';
import { asObject, isObject, type Json, type JsonObject, pointerTo } from '../../../openapi/json.js';
import { regExpOf } from '../../../openapi/schema/pattern.js';

/** A member that nobody describes, and the place of the schema of the object that has it. */
export type Undescribed = { readonly pointer: string; readonly at: Place };

/**
 * The members that no `properties` names, in objects that say nothing of other members (`additionalProperties`,
 * `unevaluatedProperties`). An object without any `properties` describes none of its members, and means to. Each name is
 * told once for its schema.
 */
export function undescribedMembers(contract: Contract, schema: Place, value: Json): readonly Undescribed[] {
  const found = new Map<string, Undescribed>();
  for (const site of contract.describe(schema, value)) {
    const describing = site.schemas.find((each) => Object.keys(asObject(each.schema.properties)).length > 0);
    const isOpen = site.schemas.every((each) => !isClosed(each.schema));
    if (!isObject(site.value) || describing === undefined || !isOpen) continue;
    for (const name of Object.keys(site.value)) {
      if (site.schemas.some((each) => names(each.schema, name))) continue;
      const key = `${describing.at.file}#${describing.at.pointer} ${name}`;
      if (!found.has(key)) found.set(key, { pointer: pointerTo(site.pointer, name), at: describing.at });
    }
  }
  return [...found.values()];
}

function isClosed({ additionalProperties, unevaluatedProperties }: JsonObject): boolean {
  return additionalProperties !== undefined || unevaluatedProperties !== undefined;
}

function names({ properties, patternProperties }: JsonObject, name: string): boolean {
  return (
    Object.hasOwn(asObject(properties), name) ||
    Object.keys(asObject(patternProperties)).some((pattern) => regExpOf(pattern).test(name))
  );
}
