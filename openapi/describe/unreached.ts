/** Documented answers that no rule leads to, by what the contract itself says of them (`x-unreached`). */

import type { DocumentedResponse, Example } from '../contract.js';
import { type Documents, nodeAt } from '../document/documents.js';
import { asObject } from '../json.js';

/** Why nothing leads to a response or an example; undefined where the contract does not say. */
export function unreachedReason(
  documents: Documents,
  { at }: DocumentedResponse | Example,
): string | undefined {
  const reason = asObject(nodeAt(documents, at)?.value)['x-unreached'];
  return typeof reason === 'string' ? reason.trim() : undefined;
}
