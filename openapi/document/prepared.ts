/** Shipped documents as the build has read and judged them, so that a start need not do it again. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Json } from '../json.js';
import type { ReadDocument } from '../read-document.js';
import { preparedFile } from '../shipped.js';
import type { OpenApiVersion } from './document-kind.js';
import { knownSource } from './locate.js';

/** A document in one file without a mistake: what its text says, and the digest of the text that says it. */
export type PreparedDocument = {
  readonly digest: string;
  readonly version: OpenApiVersion;
  readonly value: Json;
};

/** What a text is known by. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** The document at a path as the build has read it; undefined when it has not, or the text is another since. */
export async function preparedDocument(file: string): Promise<ReadDocument | undefined> {
  const from = preparedFile(file);
  if (from === undefined) return undefined;
  const [text, made] = await Promise.all([file, from].map(textIfThere));
  if (text === undefined || made === undefined) return undefined;
  const { digest, version, value }: PreparedDocument = JSON.parse(made);
  if (digest !== digestOf(text)) return undefined;
  const sources = new Map([[file, knownSource(file, text, value)]]);
  return { documents: { root: file, sources }, version, problems: [], besides: [] };
}

async function textIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
