/** What `counterfoil describe` does: reads a contract with its workflows and writes their ledger. */

import { loadAuthoredWorkflows } from '../openapi/arazzo/arazzo.js';
import { describeContract } from '../openapi/describe/describe.js';
import { contractFor } from './contracts.js';
import { markdownOf } from './describe-markdown.js';
import type { ReadingFlags } from './reading.js';

type Wanted = ReadingFlags & { readonly json?: boolean };

/**
 * The ledger of an API, as a page of Markdown or as JSON.
 * @throws ContractError listing every problem of a contract that cannot be read.
 */
export async function describedText(api: string, wanted: Wanted): Promise<string> {
  const contract = await contractFor(api, wanted);
  const description = describeContract(contract, await loadAuthoredWorkflows(contract));
  return wanted.json === true ? `${JSON.stringify(description, null, 2)}\n` : markdownOf(description);
}
