/** The first step: which operation of which API a request is for. */

import { type Operation, operationFor } from '../openapi/contract.js';
import type { JsonObject } from '../openapi/json.js';
import type { Field, RequestMessage } from '../openapi/message.js';
import { nearestPath } from '../openapi/path.js';
import type { ProblemName } from '../openapi/problem.js';
import type { Api } from './exchange.js';

export type Matched = {
  readonly kind: 'matched';
  readonly api: Api;
  readonly operation: Operation;
  /** The path parameters as sent. */
  readonly parameters: Readonly<Record<string, string>>;
};

export type Unmatched = {
  readonly kind: 'unmatched';
  readonly api: Api | undefined;
  readonly problem: ProblemName;
  readonly detail: string;
  readonly extensions: JsonObject;
  readonly fields: readonly Field[];
};

/** Finds path and method, over all APIs in order. */
export function matchOperation(apis: readonly Api[], request: RequestMessage): Matched | Unmatched {
  let known: { readonly api: Api; readonly template: string } | undefined;
  const methods = new Set<string>();
  for (const api of apis) {
    const path = below(api.prefix, request.path);
    const match = path === undefined ? undefined : api.contract.match(path);
    if (match === undefined) continue;
    const operation = operationFor(match.value, request.method);
    if (operation !== undefined) return { kind: 'matched', api, operation, parameters: match.parameters };
    known ??= { api, template: `${api.prefix}${match.template}` };
    for (const method of match.value.operations.keys()) methods.add(method);
  }
  return known === undefined
    ? unknownPath(apis, request)
    : unknownMethod(known.api, known.template, [...methods], request);
}

/** The rest of a path below a prefix; undefined when it lies elsewhere. */
function below(prefix: string, path: string): string | undefined {
  if (prefix === '') return path;
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}

function unknownPath(apis: readonly Api[], request: RequestMessage): Unmatched {
  const paths = apis.flatMap(({ contract, prefix }) => [
    ...new Set(contract.operations.map((operation) => `${prefix}${operation.path}`)),
  ]);
  const nearest = nearestPath(request.path, paths);
  const hint =
    nearest === undefined ? `It has: ${paths.slice(0, 10).join(', ')}.` : `Did you mean ${nearest}?`;
  return {
    kind: 'unmatched',
    api: undefined,
    problem: 'unknown-path',
    detail: `The contract has no path ${request.path}. ${hint}`,
    extensions: nearest === undefined ? {} : { nearest },
    fields: [],
  };
}

/** The methods that the path does have go into Allow (RFC 9110, section 15.5.6). */
function unknownMethod(
  api: Api,
  template: string,
  methods: readonly string[],
  request: RequestMessage,
): Unmatched {
  const allowed = methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods;
  return {
    kind: 'unmatched',
    api,
    problem: 'unknown-method',
    detail: `${template} has no ${request.method}, only ${allowed.join(', ')}.`,
    extensions: { allowed },
    fields: [['allow', allowed.join(', ')]],
  };
}
