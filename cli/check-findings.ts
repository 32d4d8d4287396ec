/** Findings saved as files: each as a workflow that this and other tools can run, with the contract where they find it. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding, Mask } from '../conformance/event.js';
import { isRemote } from '../openapi/document/locate.js';
import { asObject, isObject, type JsonObject } from '../openapi/json.js';
import { shippedApis, shippedDocument } from '../openapi/shipped.js';
import { eachTried, writeWhole } from './check-reports.js';

/**
 * Saves the workflow of each finding, as `<id>.arazzo.json` in a folder: what `--replay` takes. It refers to the contract
 * relative to that folder; a contract that ships with this package is copied there, for the package may be anywhere.
 */
export function saveFindings(folder: string, findings: readonly Finding[], mask: Mask): void {
  const copies = new Map<string, string>();
  const placed = findings.map(({ id, workflow }) => ({
    id,
    document: withSources(workflow, folder, copies),
  }));
  eachTried([
    ...[...copies].map(
      ([copy, file]) =>
        () =>
          writeWhole(path.join(folder, copy), readFileSync(file, 'utf8')),
    ),
    ...placed.map(({ id, document }) => () => {
      writeWhole(path.join(folder, `${id}.arazzo.json`), `${mask(JSON.stringify(document, undefined, 2))}\n`);
    }),
  ]);
}

/** The document with the URLs of its sources as they are read from a folder; what must be copied there is noted. */
function withSources(document: JsonObject, folder: string, copies: Map<string, string>): JsonObject {
  const { sourceDescriptions } = document;
  if (!Array.isArray(sourceDescriptions)) return document;
  const sources = sourceDescriptions.filter(isObject).map((source) => {
    const { url } = asObject(source);
    return typeof url === 'string' ? { ...source, url: urlFrom(folder, url, copies) } : source;
  });
  return { ...document, sourceDescriptions: sources };
}

function urlFrom(folder: string, named: string, copies: Map<string, string>): string {
  if (isRemote(named)) return named;
  const file = path.resolve(named);
  const shipped = shippedApis().find((api) => shippedDocument(api) === file);
  if (shipped !== undefined) {
    const copy = `${shipped}.openapi.yaml`;
    copies.set(copy, file);
    return `./${copy}`;
  }
  const relative = path.relative(path.resolve(folder), file);
  // On another drive nothing is relative.
  if (path.isAbsolute(relative)) return pathToFileURL(file).href;
  const url = relative.split(path.sep).map(encodeURIComponent).join('/');
  return url.startsWith('../') ? url : `./${url}`;
}
