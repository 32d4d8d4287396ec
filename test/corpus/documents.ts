/** The OpenAPI documents of a folder: those that no other document is made of. */

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { readValue, referencesIn, spotOf, type Version, versionOf } from './reading.js';

export type Document = { readonly file: string; readonly version: Version; readonly bytes: number };

export type Folder = {
  readonly documents: readonly Document[];
  /** Files that are no OpenAPI documents. */
  readonly passedOver: readonly string[];
};

/** Finds documents in a folder and the folders in it, or takes a single file. */
export function documentsIn(place: string): Folder {
  const passedOver: string[] = [];
  const found: Document[] = [];
  const referredTo = new Set<string>();
  for (const file of filesIn(path.resolve(place))) {
    const seen = lookAt(file);
    if (seen === undefined) passedOver.push(file);
    else {
      found.push(seen.document);
      for (const each of seen.refersTo) if (each !== file) referredTo.add(each);
    }
  }
  return { documents: found.filter(({ file }) => !referredTo.has(file)), passedOver };
}

function filesIn(place: string): string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|ya?ml)$/i.test(name) && !/(^|\/)(node_modules|\.git)\//.test(name))
    .map((name) => path.join(place, name))
    .filter((file) => statSync(file).isFile())
    .toSorted();
}

/** The whole of a large file is not read to find out that it is none, nor of one file all that it refers to. */
function lookAt(
  file: string,
): { readonly document: Document; readonly refersTo: readonly string[] } | undefined {
  try {
    const value = readValue(file);
    const version = versionOf(value);
    if (version === undefined) return undefined;
    const refersTo = referencesIn(value)
      .filter((reference) => !reference.startsWith('#'))
      .map((reference) => spotOf(file, reference).file);
    return { document: { file, version, bytes: statSync(file).size }, refersTo };
  } catch {
    return undefined; // it is neither JSON nor YAML
  }
}
