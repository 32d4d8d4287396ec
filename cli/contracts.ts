/** Several contracts, loaded side by side, with the problems of all of them in one error. */

import { type Contract, ContractError, type LoadOptions, loadContract } from '../openapi/index.js';

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
