/** The path item that a request belongs to: by its path and, where keys of `paths` ask for more, by what else was sent. */

import { type Contract, operationFor, type PathItem } from '../contract.js';
import { fieldValue, type RequestMessage } from './message.js';
import type { PathMatch } from './path.js';
import type { Asked } from './path-key.js';

/** A path item with the path parameters as sent, and every method that its path has: keys may differ behind their path. */
export type RequestMatch = PathMatch<PathItem> & { readonly methods: readonly string[] };

/** The path item that a request belongs to; undefined when the contract has none for its path. */
export function matchRequest(
  contract: Pick<Contract, 'match'>,
  request: RequestMessage,
): RequestMatch | undefined {
  const methods = new Set<string>();
  const match = contract.match(request.path, askedBy(request, methods));
  if (match === undefined) return undefined;
  return { ...match, methods: [...new Set([...match.value.operations.keys(), ...methods])] };
}

/** What a request has for a path that says more than a path; what turns out to lack its method leaves its own. */
export function askedBy(request: RequestMessage, methods: Set<string>): Asked<PathItem> {
  let query: URLSearchParams | undefined;
  let form: URLSearchParams | undefined;
  return {
    values(name) {
      query ??= new URLSearchParams(request.query);
      form ??= formOf(request);
      const field = fieldValue(request.fields, name);
      return [...query.getAll(name), ...form.getAll(name), ...(field === undefined ? [] : [field])];
    },
    accepts(item) {
      const accepted = operationFor(item, request.method) !== undefined;
      if (!accepted) for (const method of item.operations.keys()) methods.add(method);
      return accepted;
    },
  };
}

function formOf({ fields, content }: RequestMessage): URLSearchParams {
  const type = fieldValue(fields, 'content-type') ?? '';
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(type);
  return new URLSearchParams(isForm ? new TextDecoder().decode(content) : '');
}
