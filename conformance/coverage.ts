/** What of the contract was exercised, and what was not. */

import { type Contract, type Operation, type Parameter, responseFor } from '../openapi/contract.js';
import { unreachedReason } from '../openapi/describe/unreached.js';
import { isIgnored } from '../openapi/http/described-parameter.js';
import { readParameter } from '../openapi/http/parameter.js';
import { jsonEquals } from '../openapi/json.js';
import { credentialOf } from '../openapi/rules/credential.js';
import type { Exchange } from './check.js';
import type { Coverage, NotExercised } from './event.js';
import { targetsOf } from './plan/goal.js';
import { isMade } from './plan/scenarios.js';
import {
  type Answers,
  type Circumstances,
  noAnswers,
  took,
  whyNotAnswered,
  whyNotCalled,
} from './why-not.js';

/** Learns from exchanges what was exercised. */
export type Tally = {
  take(exchange: Exchange): void;
  /** Why something could not be exercised, by its name; the reason of a workflow that was about it. */
  result(
    reasons: ReadonlyMap<string, string>,
    circumstances?: Circumstances,
  ): {
    readonly coverage: readonly Coverage[];
    readonly notExercised: readonly NotExercised[];
  };
};

type Item = { readonly kind: NotExercised['kind']; readonly what: string; readonly operation: Operation };

/** A tally of these operations of a contract. Default: all. */
export function createTally(
  { documents, operations: all }: Pick<Contract, 'documents' | 'operations'>,
  operations: readonly Operation[] = all,
): Tally {
  const every = operations.flatMap(itemsOf);
  const items = [...new Map(every.map((item) => [`${item.kind} ${item.what}`, item])).values()];
  const done = new Set<string>();
  const answers = new Map<string, Answers>();
  const answersOf = ({ id }: Operation): Answers => answers.get(id) ?? noAnswers();
  const mark = (kind: NotExercised['kind'], what: string): void => void done.add(`${kind} ${what}`);
  const parameters = new Map<Operation, Set<Parameter>>();
  /** The parameters of an operation that nobody has sent yet: only these are looked for. */
  const unsent = (operation: Operation): Set<Parameter> => {
    const left =
      parameters.get(operation) ?? new Set(operation.parameters.filter((each) => !isIgnored(each)));
    parameters.set(operation, left);
    return left;
  };
  return {
    take({ operation, situation, request, response, body, judgement }) {
      if (operation === undefined) return;
      const own = answersOf(operation);
      answers.set(operation.id, own);
      took(own, { situation, response });
      if (response === undefined) return;
      const endpoint = endpointOf(operation);
      if (response.status < 500) mark('operation', endpoint);
      const documented = responseFor(operation, response.status);
      if (documented !== undefined) mark('response', `${endpoint} ${documented.status}`);
      for (const { name, value } of documented?.content.flatMap(({ examples }) => examples) ?? [])
        if (value !== undefined && body !== undefined && jsonEquals(value, body))
          mark('example', `${endpoint} ${documented?.status}#${name}`);
      if (judgement.kind === 'explained') {
        const { choice, example, response: answered } = judgement.by;
        mark('rule', `${endpoint}: ${choice.transition.name}`);
        if (example !== undefined) mark('example', `${endpoint} ${answered.status}#${example}`);
      }
      for (const parameter of unsent(operation)) {
        const { name, in: where, form } = parameter;
        const isSent = where === 'path' || readParameter(form, { ...request, path: {} }) !== undefined;
        if (!isSent) continue;
        mark('parameter', `${endpoint} ${where} ${name}`);
        unsent(operation).delete(parameter);
      }
      for (const { scheme } of operation.security.flat()) {
        const credential = credentialOf(scheme, request);
        if (situation.authentication === 'accepted' && credential !== undefined && response.status < 400)
          mark('security-scheme', scheme.name);
      }
    },
    result(reasons, circumstances = {}) {
      const kinds = [...new Set(items.map(({ kind }) => kind))];
      const isDone = ({ kind, what }: Item): boolean => done.has(`${kind} ${what}`);
      return {
        coverage: kinds.map((kind) => {
          const all = items.filter((item) => item.kind === kind);
          return { kind, exercised: all.filter(isDone).length, total: all.length };
        }),
        notExercised: items
          .filter((item) => !isDone(item))
          .map(({ kind, what, operation }) => ({
            kind,
            what,
            operation: operation.id,
            reason:
              reasons.get(`${kind} ${what}`) ??
              reasonOf({ kind, what, operation }, documents, answersOf(operation), circumstances),
          })),
      };
    },
  };
}

function endpointOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function itemsOf(operation: Operation): Item[] {
  const endpoint = endpointOf(operation);
  const item = (kind: Item['kind'], what: string): Item => ({ kind, what, operation });
  return [
    item('operation', endpoint),
    ...operation.responses.map(({ status }) => item('response', `${endpoint} ${status}`)),
    ...operation.responses.flatMap(({ status, content }) =>
      content.flatMap(({ examples }) =>
        examples.map(({ name }) => item('example', `${endpoint} ${status}#${name}`)),
      ),
    ),
    ...targetsOf(operation)
      .filter(({ transition }) => transition.resource === undefined || isMade(transition))
      .map(({ transition }) => item('rule', `${endpoint}: ${transition.name}`)),
    ...operation.parameters
      .filter((parameter) => !isIgnored(parameter))
      .map(({ name, in: where }) => item('parameter', `${endpoint} ${where} ${name}`)),
    ...[...new Set(operation.security.flat().map(({ scheme }) => scheme.name))].map((name) =>
      item('security-scheme', name),
    ),
  ];
}

/** Why nothing led there, as far as the contract tells. */
function reasonOf(
  { kind, what, operation }: Item,
  documents: Contract['documents'],
  answers: Answers,
  circumstances: Circumstances,
): string {
  if (kind === 'response' || kind === 'example') {
    const [status, example] = what.slice(`${endpointOf(operation)} `.length).split('#');
    const documented = operation.responses.find((response) => response.status === status);
    const all = documented?.content.flatMap(({ examples }) => examples) ?? [];
    const shown = example === undefined ? all : all.filter(({ name }) => name === example);
    const [told, ...others] = shown.map((each) => unreachedReason(documents, each));
    const whole = documented && unreachedReason(documents, documented);
    if (told !== undefined && !others.includes(undefined)) return told;
    if (whole !== undefined) return whole;
    const leads = targetsOf(operation).filter(({ transition: { response } }) => {
      return response.status === status && (example === undefined || response.example === example);
    });
    if (operation.transitions.length > 0 && leads.length === 0) return 'no rule of the contract leads there';
    if (leads.length > 0 && leads.every(({ transition }) => transition.alternative))
      return 'whether it is given is the server’s choice';
    return whyNotAnswered(operation, status ?? '', answers, circumstances) ?? 'the server did not answer so';
  }
  if (kind === 'rule') {
    const target = targetsOf(operation).find(({ transition }) => what.endsWith(`: ${transition.name}`));
    if (target?.transition.unspecified === true) return 'the contract does not say what is answered';
    if (target?.transition.alternative === true) return 'whether it is made is the server’s choice';
    return 'no sequence of calls led there';
  }
  if (kind === 'operation' || answers.sent === 0)
    return whyNotCalled(operation, answers, circumstances) ?? 'no request came to it';
  if (kind === 'security-scheme') return 'no request with such a credential succeeded';
  return 'no request came to it';
}
