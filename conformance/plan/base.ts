/** For each operation, requests that a server which keeps the contract takes: what the variants of requests start from. */

import type { Step, Template, Workflow } from '../../openapi/arazzo/workflow.js';
import { evaluateTemplate } from '../../openapi/arazzo/workflow-expression.js';
import { contentOfType, parseContent } from '../../openapi/content/content.js';
import { parseMediaType } from '../../openapi/content/media-type.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { fieldValue } from '../../openapi/http/message.js';
import { type Json, pointerTokens } from '../../openapi/json.js';
import { replacedAt } from '../step-request.js';
import { type Draft, outputName } from './draft.js';
import { bodyPointer, comparedIn, partOfValue, shownExpression, targetsOf } from './goal.js';
import { otherTokens } from './other-tokens.js';
import { plainDraft } from './plain-draft.js';
import { askAbout, slotsOf } from './probes.js';
import { type Ground, type Reached, reach, sampleOf } from './reach.js';
import { isMade } from './scenarios.js';
import { asShared } from './setups.js';

/** A request that should succeed, and what has to be done before it. */
export type Base = {
  readonly operation: Operation;
  /** What it is called: the transition that it makes, or the operation. */
  readonly name: string;
  readonly setup: Workflow | undefined;
  readonly draft: Draft;
  /** The step of the request; it is not in the draft. */
  readonly step: Step;
  /** Its body with made-up values where templates stand. */
  readonly body: Json | undefined;
  /** Pointers of the body at which templates stand. */
  readonly bound: ReadonlyMap<string, Template>;
  /** Pointers of the body that somebody is written to at: a plan makes up nobody's address. */
  readonly addresses: readonly string[];
  /** Pointers of the body that rules compare with something. */
  readonly compared: readonly string[];
  /** How what the request has given can be looked at afterwards, given the id of its step; none where it cannot. */
  readonly lookBack: readonly LookBack[];
  /** A credential like the one that is sent; undefined when that comes from outside. */
  readonly credential: string | undefined;
  /** Other tokens that came with the credential, by name. */
  readonly others: readonly (readonly [string, Template])[];
};

/** An output to take from the response to a request, and the step that shows by it what has become of the request. */
type LookBack = {
  readonly output: readonly [name: string, expression: string];
  readonly step: (stepId: string) => Step | undefined;
};

/** The base requests of an operation: one for each transition with a success; one at all, where it has no rules. */
export function basesOf(ground: Ground, operation: Operation): readonly Base[] {
  const targets = targetsOf(operation).filter(
    ({ of, transition }) =>
      of === 'operation' && isMade(transition) && transition.response.status.startsWith('2'),
  );
  const reached = targets.flatMap((target) => {
    const found = reach(ground, target);
    const takesTime = found?.draft.steps.some(({ wait }) => wait !== undefined) ?? true;
    return found === undefined || takesTime ? [] : [found];
  });
  const shortest = reached.toSorted((a, b) => a.draft.steps.length - b.draft.steps.length);
  const distinct = new Map(shortest.map((each) => [shapeOf(each), each] as const).toReversed());
  if (distinct.size > 0) return [...distinct.values()].toReversed().map((each) => baseOf(ground, each));
  const isRuled = operation.transitions.some(({ resource }) => resource === undefined);
  return isRuled ? [] : ruleless(ground.contract, operation);
}

/** Two ways to requests that look alike are one base: the same body to be varied. */
function shapeOf({ step, secrets }: Reached): string {
  const fixed = [...secrets].flatMap(([part, from]) => (from === 'fixture' ? (bodyPointer(part) ?? []) : []));
  const body = fixed.reduce<Json>(
    (whole, pointer) => replacedAt(whole, pointerTokens(pointer), '$'),
    step.requestBody?.payload ?? null,
  );
  return JSON.stringify([body, step.parameters]).replace(/\$[\w.-]+/g, '$');
}

function baseOf({ contract }: Ground, reached: Reached): Base {
  const { operation, transition } = reached.target;
  const withOthers = otherTokens(reached, 'credential');
  const { setup, draft, rewrite } = asShared(
    withOthers.reached,
    withOthers.others.map(([, value]) => value),
  );
  const others = withOthers.others.map(([name, template]) => [name, rewrite(template)] as const);
  const { step } = withOthers.reached;
  const parameters = step.parameters.map((each) => ({ ...each, value: rewrite(each.value) }));
  const requestBody = step.requestBody && { ...step.requestBody, payload: rewrite(step.requestBody.payload) };
  const addresses = transition.effects.flatMap((effect) => {
    const part = effect.kind === 'send' ? partOfValue(effect.to) : undefined;
    return bodyPointer(part) ?? [];
  });
  return {
    operation,
    name: transition.name,
    setup,
    draft,
    step: { ...step, parameters, requestBody },
    body: madeUp(withOthers.reached),
    bound: boundIn(requestBody?.payload ?? null),
    addresses,
    compared: comparedIn(operation),
    lookBack: lookBacks(contract, reached),
    credential: sampleOf(reached, reached.parts.get('credential') ?? null),
    others,
  };
}

/** By what the server gives out, a safe request can ask what is kept behind it. */
function lookBacks(contract: Contract, { target }: Reached): LookBack[] {
  const safe = slotsOf(contract).filter(({ operation }) => operation.method === 'GET');
  return target.transition.effects.flatMap((effect) => {
    const expression = effect.kind === 'put' ? shownExpression(target.transition, effect.key) : undefined;
    const slot =
      effect.kind === 'put'
        ? safe.find(({ collections }) => collections.includes(effect.collection))
        : undefined;
    if (expression === undefined || slot === undefined) return [];
    const name = outputName(expression);
    const step: LookBack['step'] = (id) =>
      askAbout(contract, slot, `$steps.${id}.outputs.${name}`, `then ${slot.operation.id}`);
    return [{ output: [name, expression], step }];
  });
}

/** The body of the last step as a server that keeps the rules was sent it. */
function madeUp({ trace, target }: Reached): Json | undefined {
  const request = trace.steps.at(-1)?.request;
  const mediaType = request && parseMediaType(fieldValue(request.fields, 'content-type') ?? '');
  if (request?.content === undefined || mediaType === undefined) return undefined;
  const described = contentOfType(target.operation.requestBody?.content ?? [], mediaType);
  const parsed = parseContent(request.content, mediaType, described);
  return parsed.kind === 'value' ? parsed.value : undefined;
}

/** The pointers at which a body has templates. */
function boundIn(payload: Template, pointer = ''): Map<string, Template> {
  if (typeof payload === 'string') return payload.includes('$') ? new Map([[pointer, payload]]) : new Map();
  if (typeof payload !== 'object' || payload === null) return new Map();
  return new Map(
    Object.entries(payload).flatMap(([name, member]) => [...boundIn(member, `${pointer}/${name}`)]),
  );
}

/** An operation without rules: its documented examples, or what its schemas allow. */
function ruleless(contract: Contract, operation: Operation): readonly Base[] {
  const { draft, step } = plainDraft(contract, operation);
  const scope = { inputs: {}, steps: {}, workflows: {}, outputs: {}, exchange: undefined };
  const body = step.requestBody && evaluateTemplate(step.requestBody.payload, scope);
  return [
    {
      operation,
      name: operation.id,
      setup: undefined,
      draft,
      step,
      body,
      bound: new Map(),
      addresses: [],
      compared: comparedIn(operation),
      lookBack: [],
      credential: undefined,
      others: [],
    },
  ];
}
