/** What leads to each documented response and example of an operation: rules, a situation that every API has, or nothing. */

import {
  type Contract,
  type DocumentedResponse,
  type Example,
  type Operation,
  responseNamed,
} from '../contract.js';
import type { Transition } from '../rules/rules.js';
import type { Reached } from './description.js';
import { unreachedReason } from './unreached.js';

/** The rules that decide about an operation: the rejections of its security schemes, then its own. */
function rulesOver(operation: Operation): readonly { readonly name: string; readonly rule: Transition }[] {
  const schemes = new Set(operation.security.flat().map(({ scheme }) => scheme));
  return [
    ...[...schemes].flatMap(({ name, transitions }) =>
      transitions.map((rule) => ({ name: `${name}: ${rule.name}`, rule })),
    ),
    ...operation.transitions.map((rule) => ({ name: rule.name, rule })),
  ];
}

/** How a response is reached. */
export function responseReached(
  contract: Contract,
  operation: Operation,
  response: DocumentedResponse,
): Reached {
  const rules = rulesOver(operation)
    .filter(({ rule }) => responseNamed(operation, rule.response.status) === response)
    .map(({ name }) => name);
  if (rules.length > 0) return { kind: 'rules', rules: [...new Set(rules)] };
  const situation = situationOf(operation, response);
  return situation === undefined
    ? { kind: 'nothing', reason: unreachedReason(contract.documents, response) }
    : { kind: 'situation', situation };
}

/** How an example of a response is reached. A rule that names none gives the first. */
export function exampleReached(
  contract: Contract,
  operation: Operation,
  response: DocumentedResponse,
  example: Example,
): Reached {
  const isFirst = response.content.some(({ examples }) => examples[0] === example);
  const rules = rulesOver(operation)
    .filter(
      ({ rule }) =>
        responseNamed(operation, rule.response.status) === response &&
        (rule.response.example === undefined ? isFirst : rule.response.example === example.name),
    )
    .map(({ name }) => name);
  if (rules.length > 0) return { kind: 'rules', rules: [...new Set(rules)] };
  const whole = responseReached(contract, operation, response);
  if (isFirst && whole.kind === 'situation') return whole;
  return {
    kind: 'nothing',
    reason: unreachedReason(contract.documents, example) ?? unreachedReason(contract.documents, response),
  };
}

/** What is answered without a rule: the first success where there are none, and refusals that no rule gives a meaning. */
function situationOf(operation: Operation, response: DocumentedResponse): string | undefined {
  const { transitions, responses, security, requestBody, parameters } = operation;
  if (transitions.length === 0) {
    const success = /^2/;
    const first = responses.filter(({ status }) => success.test(status)).sort(byStatus)[0];
    if ((first ?? responses.find(({ status }) => status === 'default')) === response)
      return 'no rule speaks of the operation';
  }
  const takesInput = requestBody !== undefined || parameters.length > 0;
  const claimed = new Set(transitions.map((rule) => rule.response.status));
  const isFree = (wanted: string): boolean =>
    !claimed.has(wanted) && responses.some(({ status }) => status === wanted);
  const situations: Readonly<Record<string, string | false>> = {
    '400': takesInput && !isFree('422') && 'the request breaks its description',
    '401': security.length > 0 && 'the credential is missing',
    '403': security.length > 0 && !isFree('401') && 'the credential is missing',
    '406': 'no media type that the client accepts can be sent',
    '413': requestBody !== undefined && 'the content is too large',
    '415': requestBody !== undefined && 'the content is of another media type',
    '422': takesInput && 'the request breaks its description',
  };
  return (Object.hasOwn(situations, response.status) ? situations[response.status] : false) || undefined;
}

function byStatus(a: DocumentedResponse, b: DocumentedResponse): number {
  return a.status.localeCompare(b.status);
}
