/** Where each of several APIs is served, and that none is in another's way. */

import type { Contract, Operation } from '../openapi/contract.js';
import { ContractError, type ContractProblem } from '../openapi/contract-error.js';
import { sameShape } from '../openapi/http/path.js';
import { type OAuthEndpoint, oauthEndpoints } from './oauth2.js';

/** The path that the mock's own API is served below; no path of a contract may lie there. */
export const controlPrefix = '/__counterfoil';

/** A contract and where it is served. `prefix` is the first base path; below its name it has no other. */
export type MountPoint = {
  readonly contract: Contract;
  readonly prefix: string;
  /** Every base path that some operation of it is served below, the longest first. */
  readonly prefixes: readonly string[];
  readonly isByName: boolean;
  /** Where OAuth 2.0 tokens are given out, unless an operation stands there. */
  readonly oauth: readonly OAuthEndpoint[];
};

/** The base paths of an operation: of the servers that are its own, else of those of the contract. */
export function basePathsFor(
  { contract, prefix, isByName }: Pick<MountPoint, 'contract' | 'prefix' | 'isByName'>,
  operation: Operation,
): readonly string[] {
  return isByName ? [prefix] : (operation.basePaths ?? contract.basePaths);
}

/** The path template of an operation below the root of the mock, by its first base path. */
export function servedPath(
  api: Pick<MountPoint, 'contract' | 'prefix' | 'isByName'>,
  operation: Operation,
): string {
  return `${basePathsFor(api, operation)[0] ?? api.prefix}${operation.path}`;
}

/**
 * The paths that contracts are served below: those of their servers, or their name.
 * @throws ContractError when a path is reserved, or two contracts have one name or describe the same operation.
 */
export function mountPoints(contracts: readonly Contract[], byName: boolean): readonly MountPoint[] {
  const mounted = contracts.map((contract) => mountPoint(contract, byName));
  const problems = [...sameNames(contracts), ...reserved(mounted), ...collisions(mounted)];
  if (problems.length > 0) throw new ContractError(problems);
  return mounted;
}

function mountPoint(contract: Contract, isByName: boolean): MountPoint {
  const prefix = isByName ? `/${contract.name}` : (contract.basePaths[0] ?? '');
  const own = contract.operations.flatMap(({ basePaths }) => basePaths ?? []);
  const all = isByName ? [prefix] : [...new Set([...contract.basePaths, ...own])];
  const prefixes = all.sort((a, b) => b.length - a.length);
  return { contract, prefix, prefixes, isByName, oauth: oauthEndpoints(contract, prefix, isByName) };
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

/** Within one contract the first is served; that it is written twice is for the reader of the contract to tell. */
function collisions(mounted: readonly MountPoint[]): ContractProblem[] {
  if (mounted.length < 2) return [];
  const taken = new Map<string, Contract>();
  return eachOperation(mounted).flatMap(({ contract, operation, path }): ContractProblem[] => {
    const key = `${operation.method} ${sameShape(path)}`;
    const other = taken.get(key);
    taken.set(key, other ?? contract);
    if (other === undefined || other === contract) return [];
    const what = `${operation.method} ${path} is described by ${other.title} too`;
    const fix = 'Serve each API below its name (--by-name), or one of them alone';
    return [{ code: 'ambiguous-path', what, fix, location: contract.locate(operation.at) }];
  });
}

function eachOperation(
  mounted: readonly MountPoint[],
): { contract: Contract; operation: Operation; path: string }[] {
  return mounted.flatMap((point) =>
    point.contract.operations.flatMap((operation) =>
      basePathsFor(point, operation).map((base) => {
        return { contract: point.contract, operation, path: `${base}${operation.path}` };
      }),
    ),
  );
}
