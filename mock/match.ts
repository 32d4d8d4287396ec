/** The first step: which operation of which API a request is for. */

import { type Operation, operationFor } from '../openapi/contract.js';
import { AskedBy } from '../openapi/http/match-request.js';
import type { Field, RequestMessage } from '../openapi/http/message.js';
import { nearestPath } from '../openapi/http/path.js';
import type { ProblemName } from '../openapi/http/problem.js';
import type { JsonObject } from '../openapi/json.js';
import type { Api } from './exchange.js';
import { basePathsFor, servedPath } from './mount.js';

export type Matched = {
  readonly kind: 'matched';
  readonly api: Api;
  readonly operation: Operation;
  /** The path parameters as sent. */
  readonly parameters: Readonly<Record<string, string>>;
};

/** Somebody asks which methods a path has, where the contract says nothing of OPTIONS (RFC 9110, section 9.3.7). */
export type AskedForMethods = {
  readonly kind: 'asked-for-methods';
  readonly api: Api;
  readonly allowed: readonly string[];
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
export function matchOperation(
  apis: readonly Api[],
  request: RequestMessage,
): Matched | AskedForMethods | Unmatched {
  let known: { readonly api: Api; readonly template: string } | undefined;
  const methods: string[] = [];
  const asked = new AskedBy(request);
  for (const api of apis) {
    for (const prefix of api.prefixes) {
      const path = below(prefix, request.path);
      const match = path === undefined ? undefined : api.contract.match(path, asked);
      if (match === undefined) continue;
      const operation = operationFor(match.value, request.method);
      if (operation !== undefined && basePathsFor(api, operation).includes(prefix))
        return { kind: 'matched', api, operation, parameters: match.parameters };
      const here = [...match.value.operations.values()].filter((each) =>
        basePathsFor(api, each).includes(prefix),
      );
      if (here.length > 0) known ??= { api, template: `${prefix}${match.template}` };
      methods.push(...here.map(({ method }) => method));
    }
  }
  if (known === undefined) return unknownPath(apis, request);
  const allowed = allowedOf(new Set([...asked.methods, ...methods]));
  return request.method === 'OPTIONS'
    ? { kind: 'asked-for-methods', api: known.api, allowed: [...allowed, 'OPTIONS'] }
    : unknownMethod(known.api, known.template, allowed, request);
}

/** The rest of a path below a prefix; undefined when it lies elsewhere. */
function below(prefix: string, path: string): string | undefined {
  if (prefix === '') return path;
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}

function unknownPath(apis: readonly Api[], request: RequestMessage): Unmatched {
  const elsewhere = servedElsewhere(apis, request);
  const nearest = elsewhere?.template ?? nearestOf(apis, request.path);
  return {
    kind: 'unmatched',
    api: undefined,
    problem: 'unknown-path',
    detail: `The contract has no path ${request.path}. ${elsewhere?.detail ?? hintOf(apis, nearest)}`,
    extensions: nearest === undefined ? {} : { nearest },
    fields: [],
  };
}

/** Whether the path would be one of an API if it stood below another base path: that of its servers, mostly. */
function servedElsewhere(
  apis: readonly Api[],
  request: RequestMessage,
): { readonly template: string; readonly detail: string } | undefined {
  const asked = new AskedBy(request);
  for (const api of apis) {
    for (const prefix of new Set(['', ...api.prefixes])) {
      const path = below(prefix, request.path);
      const match = path === undefined ? undefined : api.contract.match(path, asked);
      const operation = match && operationFor(match.value, request.method);
      if (match === undefined || operation === undefined) continue;
      const [base = ''] = basePathsFor(api, operation);
      const title = operation.basePaths === undefined ? api.contract.title : operation.id;
      const detail = `${title} is served below ${base === '' ? '/' : base}: send it to ${base}${path}.`;
      return { template: `${base}${match.template}`, detail };
    }
  }
  return undefined;
}

function nearestOf(apis: readonly Api[], path: string): string | undefined {
  return nearestPath(path, pathsOf(apis));
}

function hintOf(apis: readonly Api[], nearest: string | undefined): string {
  return nearest === undefined
    ? `It has: ${pathsOf(apis).slice(0, 10).join(', ')}.`
    : `Did you mean ${nearest}?`;
}

function pathsOf(apis: readonly Api[]): readonly string[] {
  return apis.flatMap((api) => [
    ...new Set(api.contract.operations.map((operation) => servedPath(api, operation))),
  ]);
}

/** HEAD is there where GET is (RFC 9110, section 9.3.2). */
function allowedOf(methods: ReadonlySet<string>): readonly string[] {
  return methods.has('GET') && !methods.has('HEAD') ? [...methods, 'HEAD'] : [...methods];
}

/** The methods that the path does have go into Allow (RFC 9110, section 15.5.6). */
function unknownMethod(
  api: Api,
  template: string,
  allowed: readonly string[],
  request: RequestMessage,
): Unmatched {
  return {
    kind: 'unmatched',
    api,
    problem: 'unknown-method',
    detail: `${template} has no ${request.method}, only ${allowed.join(', ')}.`,
    extensions: { allowed },
    fields: [['allow', allowed.join(', ')]],
  };
}
