/** Where each of several APIs is served, and that none is in another's way. */

import type { Contract, Operation } from '../openapi/contract.js';
import { ContractError, type ContractProblem } from '../openapi/contract-error.js';
import { sameShape } from '../openapi/path.js';

/** The path that the mock's own API is served below; no path of a contract may lie there. */
export const controlPrefix = '/__counterfoil';

export type MountPoint = { readonly contract: Contract; readonly prefix: string };

/**
 * The paths that contracts are served below: the path of their first server, or their name.
 * @throws ContractError when a path is reserved, or two contracts have one name or describe the same operation.
 */
export function mountPoints(contracts: readonly Contract[], byName: boolean): readonly MountPoint[] {
  const mounted = contracts.map((contract) => ({
    contract,
    prefix: byName ? `/${contract.name}` : serverPath(contract),
  }));
  const problems = [...sameNames(contracts), ...reserved(mounted), ...collisions(mounted)];
  if (problems.length > 0) throw new ContractError(problems);
  return mounted;
}

/** The path of the first server (OpenAPI 3.1, 4.8.5), which may be relative, without a slash at its end. */
function serverPath({ servers }: Contract): string {
  const [server = '/'] = servers;
  const root = 'http://localhost/';
  return URL.canParse(server, root) ? new URL(server, root).pathname.replace(/\/+$/, '') : '';
}

/** State, journal and inbox are told apart by name. */
function sameNames(contracts: readonly Contract[]): ContractProblem[] {
  return contracts.flatMap((contract, index): ContractProblem[] => {
    const isFirst = contracts.findIndex(({ name }) => name === contract.name) === index;
    if (isFirst) return [];
    const [file = contract.name] = contract.files;
    const at = contract.locate({ file, pointer: '' });
    const fix = 'Name each after its own folder or file, or serve it once';
    return [
      { code: 'ambiguous-name', what: `another API is named "${contract.name}" too`, fix, location: at },
    ];
  });
}

function reserved(mounted: readonly MountPoint[]): ContractProblem[] {
  return eachOperation(mounted)
    .filter(({ path }) => path === controlPrefix || path.startsWith(`${controlPrefix}/`))
    .map(({ contract, operation, path }) => ({
      code: 'reserved-path',
      what: `the path ${path} lies below ${controlPrefix}, where the mock's own API is served`,
      fix: 'Serve the API below its name (--by-name), or rename the path',
      location: contract.locate(operation.at),
    }));
}

function collisions(mounted: readonly MountPoint[]): ContractProblem[] {
  const taken = new Map<string, string>();
  return eachOperation(mounted).flatMap(({ contract, operation, path }): ContractProblem[] => {
    const key = `${operation.method} ${sameShape(path)}`;
    const other = taken.get(key);
    taken.set(key, other ?? contract.title);
    if (other === undefined) return [];
    const what = `${operation.method} ${path} is described by ${other} too`;
    const fix = 'Serve each API below its name (--by-name), or one of them alone';
    return [{ code: 'ambiguous-path', what, fix, location: contract.locate(operation.at) }];
  });
}

function eachOperation(
  mounted: readonly MountPoint[],
): { contract: Contract; operation: Operation; path: string }[] {
  return mounted.flatMap(({ contract, prefix }) =>
    contract.operations.map((operation) => ({ contract, operation, path: `${prefix}${operation.path}` })),
  );
}
