/** What a statement of the contract rests on: `x-source`, or `x-provenance: inferred` with `x-reason`. */

import type { Provenance } from './contract.js';
import { type Documents, nodeAt, type Place } from './document/documents.js';
import { isObject, type JsonObject, pointerTo, pointerTokens } from './json.js';

/** The provenance written beside a statement. Documented is the default. */
export function provenanceOf(raw: JsonObject): Provenance {
  if (raw['x-provenance'] === 'inferred') {
    return { kind: 'inferred', reason: typeof raw['x-reason'] === 'string' ? raw['x-reason'] : '' };
  }
  return { kind: 'documented', source: typeof raw['x-source'] === 'string' ? raw['x-source'] : undefined };
}

/** What the statement at a place rests on: what the nearest object around it says of that. Documented is the default. */
export function provenanceAt(documents: Documents, at: Place): Provenance {
  const tokens = pointerTokens(at.pointer);
  for (let length = tokens.length; length >= 0; length -= 1) {
    const pointer = tokens.slice(0, length).reduce(pointerTo, '');
    const value = nodeAt(documents, { file: at.file, pointer })?.value;
    if (isObject(value) && (value['x-provenance'] ?? value['x-source']) !== undefined)
      return provenanceOf(value);
  }
  return { kind: 'documented', source: undefined };
}

/** Why the statement at a place is only inferred; undefined when it is documented, or nothing says so. */
export function reasonFor(documents: Documents, at: Place): string | undefined {
  const provenance = provenanceAt(documents, at);
  return provenance.kind === 'inferred' ? provenance.reason : undefined;
}
