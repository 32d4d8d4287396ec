/** A workflow played against the rules themselves: what a server that keeps the contract would answer to each step. */

import type { Step, Template, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import {
  evaluateTemplate,
  mentionedInputs,
  type WorkflowScope,
} from '../../openapi/arazzo/workflow-expression.js';
import type { Contract } from '../../openapi/contract.js';
import { plusDuration } from '../../openapi/duration.js';
import type { RequestMessage, ResponseMessage } from '../../openapi/http/message.js';
import { isObject, type Json } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import type { Entry, StateReader } from '../../openapi/rules/entries.js';
import type { Scope } from '../../openapi/rules/expression.js';
import { responseValues } from '../../openapi/rules/scope.js';
import { advance, bindValues, type Change, type Delivery } from '../../openapi/rules/state.js';
import { knownThroughout, unknown } from '../../openapi/rules/unknown.js';
import { evaluateValue, type Make, overlay } from '../../openapi/rules/value.js';
import { derived } from '../input/derived.js';
import type { Possible, Situation } from '../judge/judge.js';
import { situationOf } from '../judge/situation.js';
import { requestOf } from '../step-request.js';
import { producersOf } from './goal.js';
import { clockStart, makeUp } from './make-up.js';
import { neverGiven } from './never-given.js';

/** What a step comes to. */
type Simulated = {
  readonly step: Step;
  readonly request: RequestMessage;
  readonly situation: Situation;
  /** The transition that is made; undefined when the request is refused before the rules are asked, or there are none. */
  readonly predicted: Possible | undefined;
  readonly body: Json | undefined;
  readonly changes: readonly Change[];
};

/** A workflow as played: what each step came to, and the state that it leaves behind. */
export type Trace = {
  readonly steps: readonly Simulated[];
  readonly state: ReadonlyMap<string, ReadonlyMap<string, Entry>>;
  /** The templates that texts which occurred have come from: outputs of steps, and inputs. */
  readonly sources: ReadonlyMap<string, Template>;
};

/** A server that keeps the rules, to try steps on. */
export type Player = {
  /** Takes a step; false when its request cannot be made. */
  play(step: Step, inputs: readonly WorkflowInput[]): boolean;
  /** What a step would come to now; nothing changes. Undefined when its request cannot be made. */
  peek(step: Step, inputs: readonly WorkflowInput[]): Pick<Simulated, 'situation' | 'predicted'> | undefined;
  trace(): Trace;
  /** Another player that has come to the same point; from here on they know nothing of each other. */
  fork(): Player;
};

/** What a player has come to. */
type Past = {
  readonly store: Map<string, Map<string, Entry>>;
  readonly played: Simulated[];
  readonly sources: Map<string, Template>;
  readonly inbox: Delivery[];
  readonly inputs: Record<string, Json>;
  readonly outputs: Record<string, Record<string, Json>>;
  /** How many values of each schema were made up. */
  readonly counts: Map<string, number>;
  now: number;
};

/** A player at the beginning. */
export function createPlayer(contract: Contract): Player {
  return playerFrom(contract, {
    store: new Map(),
    played: [],
    sources: new Map(),
    inbox: [],
    inputs: {},
    outputs: {},
    counts: new Map(),
    now: clockStart,
  });
}

function playerFrom(contract: Contract, past: Past): Player {
  const { store, played, sources, inbox, inputs, outputs, counts } = past;
  const reference = referenceOf(contract);
  const state: StateReader = {
    get(collection, key) {
      const isFixture = reference.has(collection) && contract.initialState.get(collection)?.has(key);
      return (
        store.get(collection)?.get(key) ??
        (isFixture ? { value: unknown(), expiresAt: undefined } : undefined)
      );
    },
  };

  const scope = (exchange: Scope | undefined): WorkflowScope => ({
    inputs,
    steps: outputs,
    workflows: {},
    outputs: {},
    exchange,
  });
  const evaluate = (template: Template, exchange?: Scope): Json | undefined =>
    evaluateTemplate(template, scope(exchange));
  const apply = (changes: readonly Change[]): void => {
    for (const change of changes) {
      const entries = store.get(change.collection) ?? new Map<string, Entry>();
      store.set(change.collection, entries);
      if (change.kind === 'remove') entries.delete(change.key);
      else entries.set(change.key, change.entry);
    }
  };
  const supply = (needed: WorkflowInput, all: readonly WorkflowInput[]): void => {
    if (Object.hasOwn(inputs, needed.name)) return;
    supplyAll(needed.for, all);
    const given = evaluate(needed.for);
    const value = imagined(needed, isObject(given) ? given : {}, inbox, Object.keys(inputs).length);
    inputs[needed.name] = value;
    if (typeof value === 'string') sources.set(value, `$inputs.${needed.name}`);
    const collection = needed.schema['x-in'];
    if (typeof collection === 'string' && typeof value === 'string')
      apply([{ kind: 'put', collection, key: value, entry: { value: unknown(), expiresAt: undefined } }]);
  };

  const supplyAll = (mentioning: Template, all: readonly WorkflowInput[]): void => {
    for (const name of mentionedInputs(mentioning)) {
      const needed = all.find((each) => each.name === name);
      if (needed !== undefined) supply(needed, all);
    }
  };
  const request = (step: Step, all: readonly WorkflowInput[]): RequestMessage | undefined => {
    if (step.call.kind !== 'operation') return undefined;
    const { parameters, requestBody, alteration } = step;
    const mentioned = [
      parameters.map(({ value }) => value),
      requestBody?.payload ?? null,
      alteration?.fields.map(([, value]) => value) ?? null,
      alteration?.content ?? null,
    ];
    supplyAll(mentioned, all);
    const built = requestOf(step.call.operation, step, [], evaluate);
    return built.kind === 'request' ? built.request : undefined;
  };
  const peek: Player['peek'] = (step, all) => {
    const message = request(step, all);
    if (message === undefined) return undefined;
    const at = step.wait === undefined ? past.now : plusDuration(past.now, step.wait);
    const { situation } = situationOf(contract, message, { state, now: at, credentials: anyGiven });
    return { situation, predicted: predictedOf(situation) };
  };
  const play: Player['play'] = (step, all) => {
    if (step.wait !== undefined) past.now = plusDuration(past.now, step.wait);
    const { now } = past;
    const message = request(step, all);
    if (message === undefined) return false;
    const view = { state, now, credentials: anyGiven };
    for (let time = 0; time < step.times.count; time += 1) {
      const random = seededRandom(7 + 7919 * played.length);
      const make = makeUp(contract, counts, { random, now, state });
      const { situation, scope: before } = situationOf(contract, message, view);
      const predicted = predictedOf(situation);
      const answer = predicted === undefined ? undefined : answerOf(predicted, before, make);
      const after: Scope = { ...before, response: answer?.response };
      const left =
        answer === undefined
          ? { changes: [], deliveries: [], elsewhere: [] }
          : advance(answer.choice, after, now, make);
      apply(left.changes);
      inbox.push(...left.deliveries);
      played.push({
        step,
        request: message,
        situation,
        predicted,
        body: answer?.body,
        changes: left.changes,
      });
      outputs[step.id] = {};
      for (const [name, expression] of step.outputs) {
        supplyAll(expression, all);
        const value = evaluate(expression, after);
        if (value === undefined) continue;
        outputs[step.id] = { ...outputs[step.id], [name]: value };
        if (typeof value === 'string' || typeof value === 'number')
          sources.set(String(value), `$steps.${step.id}.outputs.${name}`);
      }
    }
    return true;
  };
  return {
    play,
    peek,
    trace: () => ({ steps: played, state: store, sources }),
    fork: () => playerFrom(contract, copyOf(past)),
  };
}

function copyOf({ store, played, sources, inbox, inputs, outputs, counts, now }: Past): Past {
  return {
    store: new Map([...store].map(([collection, entries]) => [collection, new Map(entries)])),
    played: [...played],
    sources: new Map(sources),
    inbox: [...inbox],
    inputs: { ...inputs },
    outputs: { ...outputs },
    counts: new Map(counts),
    now,
  };
}

const references = new WeakMap<Contract, ReadonlySet<string>>();

/** The collections that no call puts anything into. */
function referenceOf(contract: Contract): ReadonlySet<string> {
  const known = references.get(contract);
  if (known !== undefined) return known;
  const collections = [...contract.initialState.keys()];
  const found = new Set(collections.filter((each) => producersOf(contract, each).length === 0));
  references.set(contract, found);
  return found;
}

/** Where no rule tells which credentials are good, those are that somebody has given. */
const anyGiven = { has: (credential: string) => !credential.includes(neverGiven) };

/** The transition that a server makes which keeps the rules; none where they are not asked. */
function predictedOf({ kind, permitted }: Situation): Possible | undefined {
  const possible = permitted.find(({ choice }) => !choice.transition.alternative);
  return possible !== undefined && (kind === 'valid' || possible.of === 'security') ? possible : undefined;
}

/** The answer of a transition, its values made up. */
function answerOf(
  { choice: permitted, response, example }: Possible,
  scope: Scope,
  make: Make,
): {
  readonly choice: Possible['choice'];
  readonly body: Json | undefined;
  readonly response: Scope['response'];
} {
  const choice = bindValues(permitted, scope, make);
  const bound =
    choice.transition.content &&
    evaluateValue(choice.transition.content, { ...scope, state: choice.state }, make);
  const shown = response.content
    .flatMap(({ examples }) => examples)
    .find(({ name }) => name === example)?.value;
  const isWhole = choice.transition.whole && bound !== undefined;
  const value = bound === undefined ? shown : overlay(isWhole ? undefined : shown, bound);
  const body = value === undefined ? undefined : knownThroughout(value);
  const named = choice.transition.response.status;
  const status = /^\d{3}$/.test(named) ? Number(named) : 200;
  const message: ResponseMessage = { status, fields: [], content: undefined };
  return { choice, body, response: responseValues(message, body) };
}

/** A value for an input: what was sent to somebody, what is derived from another, or a text unlike all others. */
function imagined(
  { name, asks, schema }: WorkflowInput,
  given: { readonly [name: string]: Json },
  inbox: readonly Delivery[],
  count: number,
): Json {
  if (asks.startsWith('derived:')) return derived(asks.slice('derived:'.length), given.of ?? '') ?? '';
  const to = Object.values(given);
  const message = inbox.findLast(
    (delivery) => to.includes(delivery.to) && isObject(delivery.content) && asks in delivery.content,
  );
  const told = message !== undefined && isObject(message.content) ? message.content[asks] : undefined;
  if (told !== undefined) return told;
  return typeof schema['x-in'] === 'string' ? `given-${name}` : String(910_000_000_000 + count);
}
