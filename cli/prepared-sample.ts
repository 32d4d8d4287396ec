/** The requests to try the shipped APIs with, as the build has found them by trying. */

import { readFileSync } from 'node:fs';
import type { Contract } from '../openapi/contract.js';
import { digestOf } from '../openapi/document/prepared.js';
import { builtFile } from '../openapi/shipped.js';
import type { KnownSample } from './sample-request.js';

/** By the digest of the document. */
type PreparedSamples = { readonly [digest: string]: KnownSample };

/** The file of the build that holds them. */
export const preparedSamples = 'samples.json';

/** The request for a contract; undefined when the build knows none for what its document says now. */
export function preparedSample({ documents, problems }: Contract): KnownSample | undefined {
  const text = documents.sources.get(documents.root)?.text;
  const samples = samplesOfBuild();
  if (text === undefined || samples === undefined || problems.length > 0) return undefined;
  return samples[digestOf(text)];
}

function samplesOfBuild(): PreparedSamples | undefined {
  const file = builtFile(preparedSamples);
  if (file === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // it saves time, and nothing needs it
  }
}
