/** The contracts of a command: one, with its mistakes told, or several, with the problems of all of them in one error. */

import type { Contract } from '../openapi/contract.js';
import { ContractError } from '../openapi/contract-error.js';
import { type LoadOptions, loadContract } from '../openapi/load.js';
import { mistakesText } from './mistakes.js';
import { type ReadingFlags, readingBy } from './reading.js';

/**
 * Loads contracts by the names that stand on the command line.
 * @throws ContractError listing the problems of every contract that cannot be read.
 */
export async function loadContracts(
  names: readonly string[],
  options: LoadOptions,
): Promise<readonly Contract[]> {
  const results = await Promise.allSettled(names.map((name) => loadContract(name, options)));
  const reasons: readonly unknown[] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  for (const reason of reasons) if (!(reason instanceof ContractError)) throw reason;
  const problems = reasons.flatMap((reason) => (reason instanceof ContractError ? reason.problems : []));
  if (problems.length > 0) throw new ContractError(problems);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/**
 * Loads the contract of a command. Mistakes that it is read in spite of are told on standard error.
 * @throws ContractError listing every problem of a contract that cannot be read.
 */
export async function contractFor(api: string, flags: ReadingFlags): Promise<Contract> {
  const contract = await loadContract(api, readingBy(flags));
  const mistakes = mistakesText(contract);
  if (mistakes !== undefined) process.stderr.write(`${mistakes}\n\n`);
  return contract;
}
