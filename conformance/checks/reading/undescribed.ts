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
    if (!isObject(site.value)) continue;
    const described = describedBy(site.schemas);
    if (described === undefined) continue;
    for (const name of Object.keys(site.value)) {
      if (described.names.has(name) || described.patterns.some((each) => each.test(name))) continue;
      const { at } = described;
      const key = `${at.file}#${at.pointer} ${name}`;
      if (!found.has(key)) found.set(key, { pointer: pointerTo(site.pointer, name), at });
    }
  }
  return [...found.values()];
}

type Schemas = ReturnType<Contract['describe']>[number]['schemas'];

/** What schemas say of the members of an object, and where the first of them says it. */
type Described = {
  readonly at: Place;
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
};

/** Most values of a run are described by the same few lists of schemas. */
const known = new WeakMap<Schemas, { readonly described: Described | undefined }>();

/** Undefined where the schemas describe no member, or say what holds for all others. */
function describedBy(schemas: Schemas): Described | undefined {
  const before = known.get(schemas);
  if (before !== undefined) return before.described;
  const first = schemas.find(({ schema }) => Object.keys(asObject(schema.properties)).length > 0);
  const isOpen = schemas.every(({ schema }) => !isClosed(schema));
  const described =
    first === undefined || !isOpen
      ? undefined
      : {
          at: first.at,
          names: new Set(schemas.flatMap(({ schema }) => Object.keys(asObject(schema.properties)))),
          patterns: schemas.flatMap(({ schema }) =>
            Object.keys(asObject(schema.patternProperties)).map((pattern) => regExpOf(pattern)),
          ),
        };
  known.set(schemas, { described });
  return described;
}

function isClosed({ additionalProperties, unevaluatedProperties }: JsonObject): boolean {
  return additionalProperties !== undefined || unevaluatedProperties !== undefined;
}
