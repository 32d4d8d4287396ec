/** What `counterfoil describe` does: reads a contract with its workflows and writes their ledger. */

import { describeContract } from '../openapi/describe.js';
import { loadAuthoredWorkflows, loadContract } from '../openapi/index.js';
import { markdownOf } from './describe-markdown.js';

type Wanted = {
  readonly json?: boolean;
  readonly allowRemote?: boolean;
  readonly allowOutside?: boolean;
  readonly inferredRules?: boolean;
};

/**
 * The ledger of an API, as a page of Markdown or as JSON.
 * @throws ContractError listing every problem of a contract that cannot be read.
 */
export async function describedText(api: string, wanted: Wanted): Promise<string> {
  const contract = await loadContract(api, {
    remote: wanted.allowRemote === true,
    outside: wanted.allowOutside === true,
    inferredRules: wanted.inferredRules !== false,
  });
  const description = describeContract(contract, await loadAuthoredWorkflows(contract));
  return wanted.json === true ? `${JSON.stringify(description, null, 2)}\n` : markdownOf(description);
}
