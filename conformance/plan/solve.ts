/** Sequences of calls that lead to a transition: each condition of its guard is brought about by a call that does so. */

import type { Step, Template } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import type { Duration } from '../../openapi/duration.js';
import { jsonEquals } from '../../openapi/json.js';
import type { Condition, Transition } from '../../openapi/rules/rules.js';
import { furtherInputs, schemeInput } from './body.js';
import { castName, type Draft, input, unlike, withInput, withStep } from './draft.js';
import { effortsOf } from './effort.js';
import {
  clientKeysOf,
  type Goal,
  goalsOf,
  nameOfPart,
  type Producer,
  partOfValue,
  producersOf,
  type Target,
} from './goal.js';
import { linkValue } from './linked-value.js';
import { neverGiven } from './never-given.js';
import { requestStep } from './step-for.js';

/** The parts of a request that are set, by the names that `partOf` gives them. */
export type Parts = ReadonlyMap<string, Template>;

/** A draft whose last step is the one that was wanted, and what was set in its request. */
export type Solved = {
  readonly draft: Draft;
  readonly step: Step;
  readonly target: Target;
  readonly parts: Parts;
  /** For each part that a guard compares with something kept: how right values come about. */
  readonly secrets: ReadonlyMap<string, Source>;
};

/**
 * Where a value comes from that the server knows: it was sent to somebody, answered, sent by us, stands in
 * the fixtures, or was given to us from outside.
 */
export type Source = 'input' | 'response' | 'request' | 'fixture' | 'given';

export type Solving = {
  readonly contract: Contract;
  /** Whom the calls are made as: 0 is the first user, whose inputs have their plain names. */
  readonly cast: number;
  /** The order in which conditions are brought about. */
  readonly reversed: boolean;
  /** Transitions that are being brought about already. */
  readonly within: readonly unknown[];
  /** Parts of the requests that are otherwise free. */
  readonly free: Parts;
  /** Whether the server writes to nobody, so that the addresses of the documentation may be used. */
  readonly harmless: boolean;
  /** What was learnt of transitions by trying them. */
  readonly lessons: ReadonlyMap<Transition, Lesson>;
  /** Transitions by which nothing is brought about here. */
  readonly without: readonly Transition[];
  /** A sequence of more steps is too long. */
  readonly most: number;
};

/** What it takes for a transition to be made, and not one that comes before it. */
export type Lesson = {
  /** What must be so besides its guard. */
  readonly goals: readonly Goal[];
  /** What puts something where it is looked for, but not what is wanted. */
  readonly without: readonly Transition[];
};

/** There may be a sequence, but not of so few steps. */
type TooLong = 'too long';

const noLesson: Lesson = { goals: [], without: [] };

/** Brings a transition about, as far as its rules tell how; undefined when they do not. */
export function solve(draft: Draft, target: Target, solving: Solving): Solved | TooLong | undefined {
  const { operation, transition } = target;
  if (draft.steps.length + effortsOf(solving.contract)(target) > solving.most) return 'too long';
  const { goals: learnt, without } = solving.lessons.get(transition) ?? noLesson;
  const inner = {
    ...solving,
    within: [...solving.within, transition],
    without: [...solving.without, ...without],
    most: solving.most - 1,
  };
  const goals = [...goalsOf(target), ...learnt];
  const literals = goals.flatMap(literalOf);
  const credential = target.of === 'operation' ? schemeInput(operation) : undefined;
  const carried = credential === undefined ? [] : [['credential', `$inputs.${credential}`] as const];
  const needed = [credential ?? [], target.of === 'operation' ? furtherInputs(operation) : []].flat();
  const given = needed.reduce((made, name) => withInput(made, input(name, name)), draft);
  const parts: Parts = new Map([...literals, ...carried]);
  const state: State = { draft: given, parts, secrets: new Map(), wait: undefined };
  const there = goals.filter(({ condition, holds }) => condition.kind === 'in' && holds);
  const ordered = solving.reversed ? there.toReversed() : there;
  let reached = state;
  // What must be there comes first: what must not be there is then left alone.
  for (const each of [...ordered, ...goals.filter((goal) => !there.includes(goal))]) {
    const brought = bringAbout(reached, each, inner);
    if (brought === undefined || brought === 'too long') return brought;
    reached = brought;
  }
  const identified = identify(reached, target, inner);
  if (!solving.harmless && writesToFixture(identified, target)) return undefined;
  const made = requestStep(operation, transition.name, identified, goals, inner);
  if (made === undefined) return undefined;
  const added = withStep(identified.draft, made.step);
  return { draft: added.draft, step: added.step, target, parts: made.parts, secrets: identified.secrets };
}

type State = {
  readonly draft: Draft;
  readonly parts: Parts;
  readonly secrets: Solved['secrets'];
  readonly wait: Duration | undefined;
};

/** What must equal a literal is set to it. */
function literalOf({ condition, holds }: Goal): (readonly [string, Template])[] {
  if (condition.kind !== 'equals' || !holds || condition.equals.kind !== 'literal') return [];
  const part = partOfValue({ kind: 'expression', expression: condition.expression });
  return part === undefined ? [] : [[part, condition.equals.value]];
}

function bringAbout(state: State, { condition, holds }: Goal, solving: Solving): State | TooLong | undefined {
  if (condition.kind !== 'in') return state; // the request is made to fit it when it is made
  const part = partOfValue(condition.key);
  // What is looked up by a record found before is there with it, or else no transition is found to be made.
  if (holds && part !== undefined) return provide(state, condition, part, solving);
  if (holds) return condition.key.kind === 'array' ? (produce(state, condition, solving) ?? state) : state;
  if (part === undefined || state.parts.has(part)) return state;
  const isReference = producersOf(solving.contract, condition.collection).length === 0;
  // A credential that is in no collection: one that nobody was given. The same goes for the name of what is always there.
  if (part !== 'credential' && !(isReference && condition.where.length === 0)) return state;
  return { ...state, parts: new Map([...state.parts, [part, neverGiven]]) };
}

type In = Extract<Condition, { kind: 'in' }>;

/** Puts an entry into a collection by the call that does so; by a fixture or an input, where no call does. */
function provide(state: State, condition: In, part: string, solving: Solving): State | TooLong | undefined {
  const produced = produce(state, condition, solving);
  if (produced !== undefined) return produced;
  if (condition.expired || condition.where.length > 0) return undefined;
  if (state.parts.has(part)) return state;
  return provideFromOutside(state, condition, part, solving);
}

/** Puts an entry into a collection by the call that does so with the fewest steps; undefined when none does. */
function produce(state: State, condition: In, solving: Solving): State | TooLong | undefined {
  const effort = effortsOf(solving.contract);
  const ways = producersOf(solving.contract, condition.collection)
    .map((producer) => ({ producer, least: effort(producer) }))
    .filter(({ least }) => least < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.least - b.least);
  const before = state.draft.steps.length;
  let shortest: State | undefined;
  let isCut = false;
  for (const { producer, least } of ways) {
    if (shortest !== undefined && least >= shortest.draft.steps.length - before) break;
    if ([...solving.within, ...solving.without].includes(producer.transition)) continue;
    if (condition.expired && producer.put.lifetime === undefined) continue;
    const most = Math.min(solving.most, (shortest?.draft.steps.length ?? Number.POSITIVE_INFINITY) - 1);
    const made = solve(state.draft, producer, { ...solving, most });
    if (made === 'too long') {
      isCut = true;
      continue;
    }
    const linked = made && link(state, made, producer, condition, solving);
    if (linked === undefined) continue;
    if (shortest === undefined || linked.draft.steps.length < shortest.draft.steps.length) shortest = linked;
  }
  return shortest ?? (isCut ? 'too long' : undefined);
}

/** Reference data stands in the fixtures; anything else has to be given, and so has a credential, but for a mock. */
function provideFromOutside(state: State, { collection }: In, part: string, solving: Solving): State {
  const isReference =
    producersOf(solving.contract, collection).length === 0 && (part !== 'credential' || solving.harmless);
  const [fixture] = solving.contract.initialState.get(collection)?.keys() ?? [];
  if (isReference && fixture !== undefined) {
    const secrets = new Map([...state.secrets, [part, 'fixture' as const]]);
    return { ...state, parts: new Map([...state.parts, [part, fixture]]), secrets };
  }
  // Each is another one: what was given once may be used up.
  const base = nameOfPart(part);
  const taken = new Set(state.draft.inputs.map((each) => each.name));
  const name = unlike(taken, castName(base, solving.cast), '_');
  const needed = input(name, base, {}, { 'x-in': collection });
  return {
    ...state,
    draft: withInput(state.draft, needed),
    parts: new Map([...state.parts, [part, `$inputs.${name}`]]),
    secrets: new Map([...state.secrets, [part, 'given']]),
  };
}

/** The values that a call has put into a collection, as the parts of the request that is to find them there. */
function link(
  state: State,
  made: Solved,
  { put }: Producer,
  condition: In,
  solving: Solving,
): State | undefined {
  const parts = new Map(state.parts);
  const secrets = new Map(state.secrets);
  let draft = made.draft;
  const set = (name: string, template: Template): boolean => {
    const before = parts.get(name);
    parts.set(name, template);
    return before === undefined || JSON.stringify(before) === JSON.stringify(template);
  };
  for (const [part, kept] of keyParts(condition.key, put.key)) {
    const linked = linkValue({ ...made, draft }, kept, solving);
    if (linked === undefined || !set(part, linked.template)) return undefined;
    secrets.set(part, linked.from);
    draft = linked.draft;
  }
  for (const [member, value] of condition.where) {
    const wanted = partOfValue(value);
    const kept =
      put.value.kind === 'object' ? put.value.members.find(([name]) => name === member)?.[1] : undefined;
    if (kept === undefined) return undefined;
    if (wanted === undefined) {
      // What is no part of the request is so or is not: that shows when the sequence is played.
      if (value.kind === 'literal' && kept.kind === 'literal' && !jsonEquals(value.value, kept.value))
        return undefined;
      continue;
    }
    const found = linkValue({ ...made, draft }, kept, solving);
    if (found === undefined || !set(wanted, found.template)) return undefined;
    secrets.set(wanted, found.from);
    draft = found.draft;
  }
  const wait = condition.expired && put.lifetime !== undefined ? lengthened(put.lifetime) : state.wait;
  return { draft, parts, secrets, wait };
}

/** The parts of a request that a key is looked up by, each with what it was put under. */
function keyParts(key: In['key'], put: In['key']): (readonly [part: string, kept: In['key']])[] {
  const [sought, kept] = [key, put].map((each) => (each.kind === 'array' ? each.items : [each]));
  return (sought ?? []).flatMap((value, index) => {
    const part = partOfValue(value);
    const under = kept?.[index];
    return part === undefined || under === undefined ? [] : [[part, under] as const];
  });
}

/** Well past the end of a lifetime, so that no clock that goes wrong by a little decides. */
function lengthened(lifetime: Duration): Duration {
  return { ...lifetime, seconds: (lifetime.seconds ?? 0) + 120 };
}

/**
 * Keys that clients choose, and addresses that something is sent to, are inputs: a plan makes up nobody's phone number. So
 * are those by which a rule of the operation looks something up that clients have chosen the key of.
 */
function identify(state: State, { operation, transition }: Target, solving: Solving): State {
  const written = transition.effects.map((effect) =>
    partOfValue(effect.kind === 'send' ? effect.to : effect.key),
  );
  const parts = new Map(state.parts);
  let { draft } = state;
  for (const part of [...written, ...clientKeysOf(operation, solving.contract)]) {
    if (part === undefined || part === 'credential' || parts.has(part)) continue;
    const base = nameOfPart(part);
    const name = castName(base, solving.cast);
    draft = withInput(draft, input(name, base));
    parts.set(part, `$inputs.${name}`);
  }
  return { ...state, draft, parts };
}

/** Whether somebody is written to whose address only the documentation has given. */
function writesToFixture({ secrets }: State, { transition }: Target): boolean {
  return transition.effects.some((effect) => {
    const part = effect.kind === 'send' ? partOfValue(effect.to) : undefined;
    return part !== undefined && secrets.get(part) === 'fixture';
  });
}
