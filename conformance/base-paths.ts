/** Operations with servers of their own: each is asked below its own base path, whatever the others are asked below. */

import { type Contract, operationFor } from '../openapi/contract.js';
import { matchRequest } from '../openapi/http/match-request.js';
import type { RequestMessage } from '../openapi/http/message.js';
import { controlPath } from './mock-target.js';
import type { Target } from './target.js';

type Served = Pick<Contract, 'match' | 'basePaths' | 'operations'>;

/**
 * A server's root as a target for messages whose paths are those of the contract: each is sent below the base path of its
 * operation, what is for none below that of the contract. The mock's own API stays at the root.
 */
export function belowBasePaths(root: Target, contract: Served): Target {
  const hasOwn = contract.operations.some(({ basePaths }) => basePaths !== undefined);
  const [usual = ''] = contract.basePaths;
  if (!hasOwn && usual === '') return root;
  const baseOf = (message: RequestMessage): string =>
    (hasOwn ? ownBasePath(contract, message) : undefined) ?? usual;
  return (message, signal) =>
    message.path.startsWith('/') && !message.path.startsWith(controlPath)
      ? root({ ...message, path: `${baseOf(message)}${message.path}` }, signal)
      : root(message, signal);
}

/** The first base path of the operation that a message is for, of the first of its path where its method has none. */
function ownBasePath(contract: Served, message: RequestMessage): string | undefined {
  const item = matchRequest(contract, message)?.value;
  const operation = item && (operationFor(item, message.method) ?? [...item.operations.values()][0]);
  return operation?.basePaths?.[0];
}

/**
 * The URL above the base path of a contract, for whose operations some have their own; undefined where none has, or where
 * the URL does not end in the base path of the contract: then it is taken as it is, for all of them.
 */
export function rootAbove(url: string, { basePaths, operations }: Served): string | undefined {
  if (operations.every((operation) => operation.basePaths === undefined)) return undefined;
  const [usual = ''] = basePaths;
  const given = url.replace(/\/+$/, '');
  return given.endsWith(usual) ? given.slice(0, given.length - usual.length) : undefined;
}
