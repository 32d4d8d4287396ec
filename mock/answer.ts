/** Steps six to eight: a selection rendered, and what it leaves behind; or a problem of our own. */

import type { GenerateContext } from '../openapi/generate/generate.js';
import { type Field, fieldValue, type ResponseMessage } from '../openapi/http/message.js';
import { type ProblemName, problemDetails, problemResponse } from '../openapi/http/problem.js';
import type { Json, JsonObject } from '../openapi/json.js';
import { type Random, seededRandom, seedOf } from '../openapi/random.js';
import type { Scope } from '../openapi/rules/expression.js';
import { responseValues } from '../openapi/rules/scope.js';
import { advance, bindValues, isExpired, type Refusal, type StateReader } from '../openapi/rules/state.js';
import { isUsedIn, unusedKey } from '../openapi/rules/unused-key.js';
import { evaluateValue, type Make } from '../openapi/rules/value.js';
import { challengesOf } from './authenticate.js';
import type { Decision } from './decision.js';
import type { Answer, Api, Exchange, MockContext } from './exchange.js';
import type { AskedForMethods, Unmatched } from './match.js';
import { type Preferences, preferenceApplied } from './prefer.js';
import { render } from './render.js';
import type { Selection } from './select.js';

/** The answer that a selection gives; its transition, if it has one, is made. */
export function answer(
  exchange: Exchange,
  step: Decision['step'],
  selection: Selection,
  seen: Scope,
  refused: readonly Refusal[],
  fields: readonly Field[] = [],
): Answer {
  const { context, request, matched, preferences } = exchange;
  const { contract } = matched.api;
  const generating = generateContext(context, preferences);
  const make: Make = (schema, bound, example, unlike) =>
    unlike === undefined
      ? contract.generate(schema, { ...generating, dynamic: false }, bound, example)
      : unusedKey(contract, schema, generating, isUsedIn(matched.api.state, unlike));
  const scope: Scope = {
    ...seen,
    entries: (collection) => recordsOf(matched.api.state, collection, context.now),
  };
  const choice = selection.choice && bindValues(selection.choice, scope, make);
  const content = choice?.transition.content;
  const bound = content && evaluateValue(content, { ...scope, state: choice.state }, make);
  const accept = fieldValue(request.fields, 'accept');
  const rendered = render(contract, selection, bound, accept, renderContext(exchange));
  const after = {
    ...scope,
    response: responseValues(rendered.message, rendered.body),
  };
  const left = choice === undefined ? nothing : advance(choice, after, context.now, make);
  const honoured = honouredBy(step, preferences, rendered.isGenerated);
  return {
    api: matched.api,
    response: withFields(rendered.message, [
      ...fields,
      ...(fieldValue(fields, 'www-authenticate') === undefined ? challengeFields(exchange, selection) : []),
      ...preferenceApplied(honoured),
    ]),
    changes: left.changes,
    deliveries: left.deliveries,
    finished: { operation: matched.operation, scope: after },
    delay: preferences.delay ?? 0,
    decision: decisionOf(exchange, step, selection, refused),
  };
}

/** The records of a collection that are alive. */
function recordsOf(state: StateReader, collection: string, now: number): readonly Json[] | undefined {
  const entries = state.entries?.(collection);
  return entries && [...entries].filter((entry) => !isExpired(entry, now)).map(({ value }) => value);
}

const nothing = { changes: [], deliveries: [], finished: undefined };

/** Whoever gets a 401 is told how to authenticate (RFC 9110, section 15.5.2), whether the contract describes the field or not. */
function challengeFields({ matched }: Exchange, { status }: Selection): Field[] {
  if (status !== 401) return [];
  const challenges = challengesOf(matched.operation, matched.api.contract.title);
  return challenges.map((each): Field => ['www-authenticate', each]);
}

/** A problem of our own, where the contract documents nothing for the situation. */
export function problem(
  exchange: Exchange,
  step: Decision['step'],
  name: ProblemName,
  detail: string,
  extensions: JsonObject = {},
  fields: readonly Field[] = [],
): Answer {
  const { delay } = exchange.preferences;
  const applied = preferenceApplied({ delay });
  return {
    api: exchange.matched.api,
    response: problemResponse(problemDetails(name, detail, extensions), [...fields, ...applied]),
    ...nothing,
    delay: delay ?? 0,
    decision: { ...decisionOf(exchange, step, undefined, []), problem: name },
  };
}

/** The answer to a request that no operation is for. */
export function unmatchedAnswer(match: Unmatched): Answer {
  const response = problemResponse(
    problemDetails(match.problem, match.detail, match.extensions),
    match.fields,
  );
  return {
    ...foundAnswer(match.api, 'match', response),
    decision: matching(match.api, 'match', match.problem),
  };
}

/** The answer to OPTIONS where the contract does not speak of it: the methods (RFC 9110, section 9.3.7). */
export function methodsAnswer({ api, allowed }: AskedForMethods): Answer {
  const fields: readonly Field[] = [['allow', allowed.join(', ')]];
  return foundAnswer(api, 'match', { status: 204, fields, content: undefined });
}

/** An answer that no operation gives, and no problem is. */
export function foundAnswer(api: Api | undefined, step: Decision['step'], response: ResponseMessage): Answer {
  return { api, response, ...nothing, delay: 0, decision: matching(api, step, undefined) };
}

function matching(api: Api | undefined, step: Decision['step'], problem: ProblemName | undefined): Decision {
  return {
    step,
    api: api?.contract.name,
    operation: undefined,
    response: undefined,
    transition: undefined,
    provenance: undefined,
    problem,
    preferred: false,
    violations: [],
    refused: [],
  };
}

function decisionOf(
  { matched }: Exchange,
  step: Decision['step'],
  selection: Selection | undefined,
  refused: readonly Refusal[],
): Decision {
  const transition = selection?.choice?.transition;
  const example = selection?.example;
  return {
    step,
    api: matched.api.contract.name,
    operation: matched.operation.id,
    response: selection && `${selection.status}${example === undefined ? '' : `#${example}`}`,
    transition: transition?.name,
    provenance: transition?.provenance ?? selection?.response.provenance,
    problem: undefined,
    preferred: step === 'prefer' && selection !== undefined,
    violations: [],
    refused,
  };
}

function generateContext(context: MockContext, preferences: Preferences): GenerateContext {
  const { random, now, secret, fixed } = context;
  return { random, now, secret, fixed, dynamic: preferences.dynamic === true };
}

/**
 * What content is made up with. Whoever asks again, by a method that may be repeated (RFC 9110, section 9.2.2), about what the
 * path names is told the same again, unless something new is asked for.
 */
function renderContext({ context, matched, preferences }: Exchange): GenerateContext {
  const generating = generateContext(context, preferences);
  const { api, operation, parameters } = matched;
  if (generating.dynamic || !isRepeatable.test(operation.method)) return generating;
  let random: Random | undefined;
  return {
    ...generating,
    near: context.started,
    // Most answers are documented and draw nothing.
    get random() {
      if (random !== undefined) return random;
      const named = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
      const asked = JSON.stringify([api.contract.name, operation.method, operation.path, named]);
      random = seededRandom(seedOf(context.seed, asked));
      return random;
    },
  };
}

const isRepeatable = /^(?:GET|HEAD|OPTIONS|TRACE|QUERY|PUT|DELETE)$/;

/** What an answer made of the preferences: status and example only count where they led to it. */
function honouredBy(step: Decision['step'], asked: Preferences, isGenerated: boolean): Partial<Preferences> {
  const { code, example, dynamic, delay } = asked;
  const chosen = step === 'prefer' ? { code, example } : {};
  return { ...chosen, dynamic: dynamic === true && !isGenerated ? undefined : dynamic, delay };
}

/** The message with these fields too, but for those that it documents itself. */
function withFields(message: ResponseMessage, fields: readonly Field[]): ResponseMessage {
  const own = message.fields;
  const added = fields.filter(([name]) => fieldValue(own, name) === undefined);
  return added.length === 0 ? message : { ...message, fields: [...own, ...added] };
}
