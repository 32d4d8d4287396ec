/** What a statement of the contract rests on: `x-source`, or `x-provenance: inferred` with `x-reason`. */

import type { Provenance } from './contract.js';
import type { JsonObject } from './json.js';

/** The provenance written beside a statement. Documented is the default. */
export function provenanceOf(raw: JsonObject): Provenance {
  if (raw['x-provenance'] === 'inferred') {
    return { kind: 'inferred', reason: typeof raw['x-reason'] === 'string' ? raw['x-reason'] : '' };
  }
  return { kind: 'documented', source: typeof raw['x-source'] === 'string' ? raw['x-source'] : undefined };
}
