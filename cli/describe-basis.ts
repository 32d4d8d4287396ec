/** What a statement rests on, in words for the ledger. */

import type { Provenance } from '../openapi/index.js';
import { inline, link, pageLink } from './markdown.js';

/** An asterisk for what is inferred. */
export function mark(basis: Provenance): string {
  return basis.kind === 'inferred' ? '*' : '';
}

/** What a statement rests on, for a cell of a table. */
export function basisText(basis: Provenance, sources: readonly string[]): string {
  if (basis.kind === 'inferred') return `inferred: ${basis.reason}`;
  const pages = new Set(basis.source === undefined ? sources : [basis.source, ...sources]);
  return pages.size === 0 ? 'no page is named' : [...pages].map(pageLink).join(', ');
}

/** What a statement rests on, as a sentence. */
export function basisSentence(basis: Provenance): string {
  if (basis.kind === 'inferred') return `*Inferred:* ${inline(basis.reason)}`;
  return basis.source === undefined ? 'Documented; no page is named.' : `Documented: ${link(basis.source)}`;
}

/** The ground of what is inferred, in brackets; nothing for what is documented. */
export function inferredNote(basis: Provenance): string {
  return basis.kind === 'inferred' ? ` (inferred: ${inline(basis.reason)})` : '';
}
