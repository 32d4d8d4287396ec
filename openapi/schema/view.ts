/** How a schema is understood by way of the references that led to it. */

import {
  type DocumentNode,
  type Documents,
  nodeAt,
  type Place,
  referenceTarget,
} from '../document/documents.js';
import { dynamicAnchorAt, resourceAt } from '../document/identifiers.js';
import { placeKey, type View } from '../document/places.js';
import { asObject, isObject } from '../json.js';

/** A place with the dynamic anchors of the resource that it is in, those that were met before going before them. */
export function entered(documents: Documents, at: Place): Place {
  const dynamic = resourceAt(documents, at)?.dynamic;
  if (dynamic === undefined || dynamic.size === 0) return at;
  const before = at.view?.anchors;
  if (before !== undefined && [...dynamic.keys()].every((name) => before.has(name))) return at;
  return seen(at, { ...at.view, anchors: new Map([...dynamic, ...(before ?? [])]) });
}

/** A place as it is seen with what a view adds; as it stands when that is nothing. */
export function seen({ file, pointer }: Place, view: Partial<Omit<View, 'key'>>): Place {
  const { anchors = new Map<string, Place>(), excused = [], chosen = false } = view;
  if (anchors.size === 0 && excused.length === 0 && !chosen) return { file, pointer };
  const dynamic = [...anchors].map(([name, to]) => `${name}=${placeKey(to)}`).sort();
  const key = JSON.stringify([dynamic, [...excused].sort(), chosen]);
  return { file, pointer, view: { key, anchors, excused, chosen } };
}

/** The place for what is within a schema, but applied to another value: only the dynamic anchors are the same. */
export function inner(at: Place): Place {
  if (at.view === undefined) return at;
  return seen(at, { anchors: at.view.anchors });
}

/** Where the references of a schema lead: `$ref`, and `$dynamicRef` or `$recursiveRef` by the anchors that were met. */
export function targetsOf(documents: Documents, { value, at }: DocumentNode): readonly Place[] {
  const { $ref, $dynamicRef, $recursiveRef } = asObject(value);
  return [
    ...(typeof $ref === 'string' ? [referenceTarget(documents, at, $ref)] : []),
    ...(typeof $dynamicRef === 'string' ? [dynamicTarget(documents, at, $dynamicRef)] : []),
    ...(typeof $recursiveRef === 'string' ? [dynamicTarget(documents, at, $recursiveRef)] : []),
  ].filter((target) => nodeAt(documents, target) !== undefined);
}

function dynamicTarget(documents: Documents, at: Place, reference: string): Place {
  const name = dynamicAnchorAt(documents, at, reference);
  const anchor = name === undefined ? undefined : at.view?.anchors.get(name);
  return anchor ?? referenceTarget(documents, at, reference);
}

/** The keywords of the vocabularies that a meta-schema may do without (JSON Schema 2020-12 core, 8.1.2; validation, 6). */
const vocabularies: Readonly<Record<string, readonly string[]>> = {
  validation: [
    ...['type', 'enum', 'const', 'multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
    ...[
      'maxLength',
      'minLength',
      'pattern',
      'maxItems',
      'minItems',
      'uniqueItems',
      'maxContains',
      'minContains',
    ],
    ...['maxProperties', 'minProperties', 'required', 'dependentRequired'],
  ],
  unevaluated: ['unevaluatedItems', 'unevaluatedProperties'],
};

/** Whether a keyword says nothing where it stands, for the meta-schema of the schema leaves its vocabulary out. */
export function isSilent(documents: Documents, at: Place, keyword: string): boolean {
  const address = resourceAt(documents, at)?.schema;
  if (address === undefined) return false;
  const meta = nodeAt(documents, { file: address, pointer: '/$vocabulary' })?.value;
  if (!isObject(meta)) return false;
  return Object.entries(vocabularies).some(([name, keywords]) => {
    return keywords.includes(keyword) && !Object.keys(meta).some((each) => each.endsWith(`/vocab/${name}`));
  });
}
