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
  const asked = new AskedBy(request);
  const match = contract.match(request.path, asked);
  if (match === undefined) return undefined;
  return { ...match, methods: [...new Set([...match.value.operations.keys(), ...asked.methods])] };
}

/** What a request has for a path that says more than a path; what turns out to lack its method leaves its own. */
export class AskedBy implements Asked<PathItem> {
  /** The methods of what was passed over. */
  methods: readonly string[] = [];
  readonly #request: RequestMessage;
  #query: URLSearchParams | undefined;
  #form: URLSearchParams | undefined;

  constructor(request: RequestMessage) {
    this.#request = request;
  }

  values(name: string): readonly string[] {
    this.#query ??= new URLSearchParams(this.#request.query);
    this.#form ??= formOf(this.#request);
    const field = fieldValue(this.#request.fields, name);
    return [...this.#query.getAll(name), ...this.#form.getAll(name), ...(field === undefined ? [] : [field])];
  }

  accepts(item: PathItem): boolean {
    const accepted = operationFor(item, this.#request.method) !== undefined;
    if (!accepted) this.methods = [...this.methods, ...item.operations.keys()];
    return accepted;
  }
}

function formOf({ fields, content }: RequestMessage): URLSearchParams {
  const type = fieldValue(fields, 'content-type') ?? '';
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(type);
  return new URLSearchParams(isForm ? new TextDecoder().decode(content) : '');
}
