/** The shipped documents, read and judged once for every start to come. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { preparedSamples } from '../cli/prepared-sample.js';
import { type KnownSample, triedSample } from '../cli/sample-request.js';
import { createMock } from '../mock/app.js';
import { digestOf, type PreparedDocument } from '../openapi/document/prepared.js';
import { loadContract } from '../openapi/load.js';
import { readDocument } from '../openapi/read-document.js';
import { shippedApis, shippedDocument } from '../openapi/shipped.js';

/**
 * Writes what each shipped document says into a folder.
 * @throws ContractError when a document has a mistake.
 */
export async function prepareDocuments(folder: string): Promise<void> {
  for (const api of shippedApis()) {
    const prepared = await preparedOf(shippedDocument(api) ?? '');
    if (prepared !== undefined) await writeFile(path.join(folder, `${api}.json`), JSON.stringify(prepared));
  }
}

/** Which request to try each of the APIs with. */
export async function prepareSamples(folder: string): Promise<void> {
  const samples: Record<string, KnownSample> = {};
  for (const name of shippedApis()) {
    const contract = await loadContract(name);
    const probe = createMock(contract, { seed: 1, control: false });
    const text = contract.documents.sources.get(contract.documents.root)?.text ?? '';
    for (const api of probe.apis()) {
      const sample = await triedSample(probe, api);
      if (sample !== undefined) samples[digestOf(text)] = sample;
    }
  }
  await writeFile(path.join(folder, preparedSamples), JSON.stringify(samples));
}

/** The document as a start needs it; undefined when it is in several files, whose texts would all have to be compared. */
async function preparedOf(file: string): Promise<PreparedDocument | undefined> {
  const { documents, version } = await readDocument(file, { strict: true });
  const source = documents.sources.get(file);
  if (source === undefined || documents.sources.size > 1) return undefined;
  return { digest: digestOf(source.text), version, value: source.value };
}
