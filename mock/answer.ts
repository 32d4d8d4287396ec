/** Steps six to eight: a selection rendered, and what it leaves behind; or a problem of our own. */

import type { GenerateContext } from '../openapi/generate/generate.js';
import { type Field, fieldValue, type ResponseMessage, withFields } from '../openapi/http/message.js';
import { type ProblemName, problemDetails, problemResponse } from '../openapi/http/problem.js';
import type { Json, JsonObject } from '../openapi/json.js';
import { type Random, seededRandom, seedOf } from '../openapi/random.js';
import { isExpired, type StateReader } from '../openapi/rules/entries.js';
import type { Scope } from '../openapi/rules/expression.js';
import type { Value } from '../openapi/rules/rules.js';
import { responseValues, scopeWith } from '../openapi/rules/scope.js';
import { advance, bindValues, type Choice, type Refusal } from '../openapi/rules/state.js';
import { isUsedIn, unusedKey } from '../openapi/rules/unused-key.js';
import { evaluateValue, type Make } from '../openapi/rules/value.js';
import { challengeFields } from './authenticate.js';
import type { Decision } from './decision.js';
import type { Answer, Api, Exchange, MockContext } from './exchange.js';
import type { AskedForMethods, Unmatched } from './match.js';
import { type Preferences, preferenceApplied } from './prefer.js';
import { type Bound, render } from './render.js';
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
  const { api, operation } = matched;
  const generating = generateContext(context, preferences);
  const ruled = selection.choice && ruledBy(exchange, selection.choice, seen, generating);
  const rendered = render(
    api.contract,
    selection,
    ruled?.bound,
    fieldValue(request.fields, 'accept'),
    renderContext(exchange, generating),
    selection.status === 401 && fieldValue(fields, 'www-authenticate') === undefined
      ? challengeFields(operation, api.contract.title)
      : noFields,
  );
  const isRead = ruled !== undefined || operation.callbacks.length > 0;
  const after = isRead
    ? scopeWith(ruled?.scope ?? seen, { response: responseValues(rendered.message, rendered.body) })
    : seen;
  const left = ruled === undefined ? nothing : advance(ruled.choice, after, context.now, ruled.make);
  const honoured = honouredBy(step, preferences, rendered.isGenerated);
  return {
    api,
    response: withFields(rendered.message, [...fields, ...preferenceApplied(honoured)]),
    changes: left.changes,
    deliveries: left.deliveries,
    finished: operation.callbacks.length === 0 ? undefined : { operation, scope: after },
    delay: preferences.delay ?? 0,
    decision: decisionOf(exchange, step, selection, refused),
  };
}

/** What a transition says of the answer: the choice with its values, and what it binds in the content. */
type Ruled = {
  readonly choice: Choice;
  readonly bound: Bound;
  readonly scope: Scope;
  readonly make: Make;
};

/** Undefined for a transition that only names its response. */
function ruledBy(
  { context, matched }: Exchange,
  chosen: Choice,
  seen: Scope,
  generating: GenerateContext,
): Ruled | undefined {
  const { contract, state } = matched.api;
  const { bindings, content, effects } = chosen.transition;
  if (bindings.length === 0 && content === undefined && effects.length === 0) return undefined;
  const make: Make = (schema, bound, example, unlike) =>
    unlike === undefined
      ? contract.generate(schema, { ...generating, dynamic: false }, bound, example)
      : unusedKey(contract, schema, generating, isUsedIn(state, unlike));
  const scope = scopeWith(seen, { entries: (collection) => recordsOf(state, collection, context.now) });
  const choice = bindValues(chosen, scope, make);
  const value = content && evaluateValue(content, scopeWith(scope, { state: choice.state }), make);
  return { choice, bound: { value, isRecord: isRecord(content, chosen, choice) }, scope, make };
}

/** Whether a value is a record that the guard has found, or a part of one: neither made for this request nor changed by it. */
function isRecord(value: Value | undefined, found: Choice, choice: Choice): boolean {
  if (value?.kind !== 'expression' || value.expression.kind !== 'state') return false;
  const { name } = value.expression;
  return Object.hasOwn(found.state, name) && found.state[name] === choice.state[name];
}

const noFields: readonly Field[] = [];

/** The records of a collection that are alive. */
function recordsOf(state: StateReader, collection: string, now: number): readonly Json[] | undefined {
  const entries = state.entries?.(collection);
  return entries && [...entries].filter((entry) => !isExpired(entry, now)).map(({ value }) => value);
}

const nothing = { changes: [], deliveries: [], finished: undefined };
/** Shared, because the journal keeps it. */
const noViolations: Decision['violations'] = [];

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
    violations: noViolations,
    refused,
  };
}

function generateContext(context: MockContext, { dynamic }: Preferences): GenerateContext {
  return dynamic === true ? { ...context, dynamic } : context;
}

/**
 * What content is made up with. Whoever asks again, by a method that may be repeated (RFC 9110, section 9.2.2), about what the
 * path names is told the same again, unless something new is asked for.
 */
function renderContext(exchange: Exchange, generating: GenerateContext): GenerateContext {
  const isRepeatable = repeatable.has(exchange.matched.operation.method) && !generating.dynamic;
  return isRepeatable ? new RepeatedContext(exchange, generating) : generating;
}

const repeatable: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PUT',
  'DELETE',
]);

class RepeatedContext implements GenerateContext {
  readonly now: number;
  readonly near: number;
  readonly secret: string;
  readonly fixed: GenerateContext['fixed'];
  readonly dynamic = false;
  readonly #exchange: Exchange;
  #random: Random | undefined;

  constructor(exchange: Exchange, { now, secret, fixed }: GenerateContext) {
    this.now = now;
    this.near = exchange.context.started;
    this.secret = secret;
    this.fixed = fixed;
    this.#exchange = exchange;
  }

  /** Made when it is drawn from: most answers are documented. */
  get random(): Random {
    this.#random ??= seededRandom(this.#seed());
    return this.#random;
  }

  #seed(): number {
    const { context, matched } = this.#exchange;
    const { api, operation, parameters } = matched;
    const named = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
    return seedOf(context.seed, JSON.stringify([api.contract.name, operation.method, operation.path, named]));
  }
}

/** What an answer made of the preferences: status and example only count where they led to it. */
function honouredBy(step: Decision['step'], asked: Preferences, isGenerated: boolean): Partial<Preferences> {
  const { code, example, dynamic, delay } = asked;
  const chosen = step === 'prefer' ? { code, example } : {};
  return { ...chosen, dynamic: dynamic === true && !isGenerated ? undefined : dynamic, delay };
}
