/** The fifth step: which documented response a request gets, by rule, by preference, or as the first success. */

import { type DocumentedResponse, type Operation, responseFor, responseNamed } from '../openapi/contract.js';
import type { Choice } from '../openapi/rules/state.js';
import type { Preferences } from './prefer.js';

/** A documented response and, when one is meant, its example; with the transition that it comes from, if any. */
export type Selection = {
  readonly response: DocumentedResponse;
  readonly status: number;
  readonly example: string | undefined;
  readonly choice: Choice | undefined;
  /** What is wrong with the request, in words, where it is refused before any rule is asked. */
  readonly detail?: string;
};

export type Selected =
  | { readonly kind: 'selected'; readonly selection: Selection }
  | { readonly kind: 'impossible'; readonly why: string };

/**
 * The response of a transition.
 * @throws TypeError when the operation does not document it, which loading has ruled out.
 */
export function selectionOf(operation: Operation, choice: Choice): Selection {
  const { status, example } = choice.transition.response;
  const response = responseNamed(operation, status);
  if (response === undefined) throw new TypeError(`${operation.id} documents no response ${status}`);
  return { response, status: statusCode(status), example, choice };
}

/**
 * The response that the mock gives by itself: of the first transition that is permitted and no alternative; without
 * rules, the first success.
 */
export function regular(operation: Operation, choices: readonly Choice[]): Selection | undefined {
  const choice = choices.find(({ transition }) => !transition.alternative);
  if (choice !== undefined) return selectionOf(operation, choice);
  const response = operation.transitions.length === 0 ? firstSuccess(operation) : undefined;
  if (response === undefined) return undefined;
  // Where nothing but `default` could be a success, it describes that too.
  const status = /^default$/i.test(response.status) ? 200 : statusCode(response.status);
  return { response, status, example: undefined, choice: undefined };
}

/**
 * The response that was asked for by status, by example, or by both. When a permitted transition leads there it is made,
 * otherwise the documented example is given as it stands and nothing is changed.
 */
export function preferred(
  operation: Operation,
  choices: readonly Choice[],
  { code, example }: Preferences,
): Selected {
  const candidates = candidatesFor(operation, code);
  if (candidates.length === 0) {
    return {
      kind: 'impossible',
      why: `${operation.id} documents no response ${code}, only ${statuses(operation)}`,
    };
  }
  const statusOf = (response: DocumentedResponse): number =>
    isStatus(code) ? Number(code) : statusCode(response.status);
  for (const choice of choices) {
    const selection = selectionOf(operation, choice);
    if (!candidates.includes(selection.response)) continue;
    if (example !== undefined && selection.example !== example) continue;
    return { kind: 'selected', selection: { ...selection, status: statusOf(selection.response) } };
  }
  const response =
    example === undefined
      ? candidates[0]
      : candidates.find((candidate) => exampleNames(candidate).includes(example));
  if (response === undefined) {
    const names = candidates.flatMap(exampleNames);
    const known = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
    return {
      kind: 'impossible',
      why: `no response${code === undefined ? '' : ` ${code}`} of ${operation.id} has an example "${example}"; ${known}`,
    };
  }
  return {
    kind: 'selected',
    selection: { response, status: statusOf(response), example, choice: undefined },
  };
}

/**
 * The error that a client asks for: it needs neither a credential nor valid content, for who styles an error screen has
 * no use for either. Undefined when no error is asked for.
 */
export function forcedError(operation: Operation, preferences: Preferences): Selected | undefined {
  const { code, example } = preferences;
  if (code === undefined && example === undefined) return undefined;
  const selected = preferred(operation, [], preferences);
  return selected.kind === 'selected' && selected.selection.status < 400 ? undefined : selected;
}

/** The names of the examples of a response, over all its media types. */
export function exampleNames(response: DocumentedResponse): string[] {
  return [...new Set(response.content.flatMap(({ examples }) => examples.map(({ name }) => name)))];
}

/** The status code to send for a documented status: of a range its first, of `default` 500. */
function statusCode(status: string): number {
  if (/^\d{3}$/.test(status)) return Number(status);
  return /^[1-5]XX$/i.test(status) ? Number(status.charAt(0)) * 100 : 500;
}

/** The documented responses that a preference leaves. An interim one (RFC 9110, section 15.2) cannot be the answer. */
function candidatesFor(operation: Operation, code: string | undefined): readonly DocumentedResponse[] {
  if (code === undefined) return operation.responses.filter(({ status }) => !status.startsWith('1'));
  if (!isStatus(code)) return operation.responses.filter(({ status }) => isWithin(status, code));
  const response = responseFor(operation, Number(code));
  return response === undefined ? [] : [response];
}

function isStatus(code: string | undefined): boolean {
  return code !== undefined && /^\d{3}$/.test(code);
}

/** Whether a documented status is the range or the `default` that was asked for, or lies in the range. */
function isWithin(status: string, code: string): boolean {
  if (status.toLowerCase() === code.toLowerCase()) return true;
  return !/^default$/i.test(code) && isStatus(status) && status.charAt(0) === code.charAt(0);
}

function firstSuccess(operation: Operation): DocumentedResponse | undefined {
  const byStatus = (pattern: RegExp) =>
    operation.responses
      .filter(({ status }) => pattern.test(status))
      .sort((a, b) => a.status.localeCompare(b.status))[0];
  return byStatus(/^2/) ?? byStatus(/^default$/i) ?? byStatus(/^3/) ?? byStatus(/^[45]/);
}

function statuses(operation: Operation): string {
  return operation.responses.map(({ status }) => status).join(', ');
}
