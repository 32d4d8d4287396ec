/** A discriminator with references for what its mapping names (OpenAPI 3.1, 4.8.25). */

import {
  type DocumentNode,
  type Documents,
  nodeAt,
  type Place,
  referenceTarget,
} from '../document/documents.js';
import { asObject, type JsonObject } from '../json.js';

type Referring = { readonly documents: Documents; readonly refer: (at: Place) => string };

/** The discriminator of a schema as a member of its plain schema; none where it has none. */
export function keptDiscriminator({ value, at }: DocumentNode, { documents, refer }: Referring): JsonObject {
  const { propertyName, mapping } = asObject(asObject(value).discriminator);
  if (typeof propertyName !== 'string') return {};
  const mapped = Object.entries(asObject(mapping)).flatMap(([tag, target]) => {
    if (typeof target !== 'string') return [];
    // A mapping is a reference, or the name of a schema.
    const named = { file: documents.root, pointer: `/components/schemas/${target}` };
    const place = nodeAt(documents, named) === undefined ? referenceTarget(documents, at, target) : named;
    return nodeAt(documents, place) === undefined ? [] : [[tag, refer(place)] as const];
  });
  return { discriminator: { propertyName, mapping: Object.fromEntries(mapped) } };
}
