/** The shortest known way to each transition: solved by the rules, and played against them to be sure. */

import type { Template } from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import type { Transition } from '../../openapi/rules/rules.js';
import type { Draft } from './draft.js';
import { emptyDraft, withOutput, withParameterInputs } from './draft.js';
import { effortsOf } from './effort.js';
import { type Goal, goal, shownExpression, type Target, targetsOf } from './goal.js';
import { simulate } from './replay.js';
import type { Trace } from './simulate.js';
import { type Lesson, type Parts, type Solved, solve } from './solve.js';

export type Reached = Solved & { readonly trace: Trace };

export type Reaching = {
  /** What comes before. */
  readonly draft?: Draft;
  readonly cast?: number;
  readonly free?: Parts;
  /** Whether another transition with the same response will do: who is known already logs in by what would register him. */
  readonly alike?: boolean;
};

/** Where sequences are looked for; what was found once is not looked for again. */
export type Ground = {
  readonly contract: Contract;
  /** Whether the server writes to nobody, so that the addresses of the documentation may be used. */
  readonly harmless: boolean;
  readonly found: Map<Operation, Map<Transition, readonly (Reached | undefined)[]>>;
  /** What was learnt of transitions by trying them. */
  readonly lessons: Map<Transition, Lesson>;
};

export function groundOf(contract: Contract, harmless: boolean): Ground {
  return { contract, harmless, found: new Map(), lessons: new Map() };
}

/** What is learnt of those that take few calls serves those that build on them: these are looked for first. */
function learnInOrder(ground: Ground): void {
  const { contract } = ground;
  const effort = effortsOf(contract);
  const ruled = contract.operations
    .flatMap(targetsOf)
    .filter(({ of, transition }) => of === 'operation' && transition.resource === undefined);
  for (const target of ruled.toSorted((a, b) => effort(a) - effort(b))) reach(ground, target);
}

/** The grounds that have been gone over once: when something is first looked for there, and not before. */
const learning = new WeakSet<Ground>();

/** A sequence of calls whose last one makes a transition, if the server keeps the rules; undefined when none is found. */
export function reach(ground: Ground, target: Target, reaching: Reaching = {}): Reached | undefined {
  if (!learning.has(ground)) {
    learning.add(ground);
    learnInOrder(ground);
  }
  const { draft, cast = 0, free } = reaching;
  if (draft !== undefined || free !== undefined) return find(ground, target, reaching);
  const byTransition =
    ground.found.get(target.operation) ?? new Map<Transition, readonly (Reached | undefined)[]>();
  ground.found.set(target.operation, byTransition);
  const known = byTransition.get(target.transition) ?? [];
  if (cast in known) return known[cast];
  const found = find(ground, target, reaching);
  byTransition.set(target.transition, Object.assign([...known], { [cast]: found }));
  return found;
}

/** How often a way is looked for anew. */
const mostLessons = 6;

/**
 * The shortest way. Where a transition is made that comes before the wanted one, what led to it is denied, and then what was
 * brought about in vain is brought about otherwise; what has helped is remembered for whatever goes this way.
 */
function find(ground: Ground, target: Target, reaching: Reaching): Reached | undefined {
  const { lessons } = ground;
  const before = lessons.get(target.transition);
  for (let tries = 0; tries <= mostLessons; tries += 1) {
    const found = findOnce(ground, target, reaching);
    if (found.kind === 'reached') return found.reached;
    const lesson = found.kind === 'another' && learnt(target, found, lessons.get(target.transition));
    if (!lesson) break;
    lessons.set(target.transition, lesson);
  }
  if (before === undefined) lessons.delete(target.transition);
  else lessons.set(target.transition, before);
  return undefined;
}

/** What is to be tried otherwise: the last condition of the transition that was made must not hold. */
function learnt(
  { operation, transition }: Target,
  { made, trace }: Extract<Found, { kind: 'another' }>,
  { goals, without }: Lesson = { goals: [], without: [] },
): Lesson | undefined {
  const { transitions } = operation;
  const last = made.guard.at(-1);
  const at = transitions.indexOf(made);
  if (last === undefined || at === -1 || at >= transitions.indexOf(transition)) return undefined;
  const denied = goal(last, false);
  const { condition } = denied;
  if (goals.every((each) => each.condition !== condition))
    return { goals: [...goals.filter((each) => !isWeaker(each, denied)), denied], without };
  if (condition.kind !== 'in') return undefined;
  const vain = trace.steps.findLast(({ changes }) =>
    changes.some(({ kind, collection }) => kind === 'put' && collection === condition.collection),
  )?.predicted?.choice.transition;
  return vain === undefined || without.includes(vain) ? undefined : { goals, without: [...without, vain] };
}

/** Whether a goal asks for no more than that there is something which another one says more of. */
function isWeaker({ condition: weaker, holds }: Goal, { condition, holds: isWanted }: Goal): boolean {
  if (weaker.kind !== 'in' || condition.kind !== 'in' || !holds || !isWanted) return false;
  const sought = ({ collection, key }: typeof weaker): string => JSON.stringify([collection, key]);
  return weaker.where.length === 0 && !weaker.expired && sought(weaker) === sought(condition);
}

type Found =
  | { readonly kind: 'reached'; readonly reached: Reached }
  /** The last step makes another transition than the wanted one. */
  | { readonly kind: 'another'; readonly made: Transition; readonly trace: Trace }
  | { readonly kind: 'none' };

function findOnce({ contract, harmless, lessons }: Ground, target: Target, reaching: Reaching): Found {
  const { draft = emptyDraft, cast = 0, free = new Map(), alike = false } = reaching;
  const solving = { contract, cast, within: [], free, harmless, lessons, without: [] };
  let found: Found = { kind: 'none' };
  for (const reversed of [false, true]) {
    const most = found.kind === 'reached' ? found.reached.draft.steps.length - 1 : Number.POSITIVE_INFINITY;
    const solved = solve(draft, target, { ...solving, reversed, most });
    if (solved === undefined || solved === 'too long' || solved.draft.steps.length > most) continue;
    const whole = withParameterInputs(solved.draft);
    const trace = simulate(contract, whole);
    const made = trace?.steps.at(-1)?.predicted?.choice.transition;
    if (trace !== undefined && (made === target.transition || (alike && isAlike(made, target.transition))))
      found = { kind: 'reached', reached: { ...solved, draft: whole, trace } };
    else if (trace !== undefined && made !== undefined && found.kind === 'none')
      found = { kind: 'another', made, trace };
  }
  return found;
}

function isAlike(made: Transition | undefined, wanted: Transition): boolean {
  const collections = ({ effects }: Transition): string =>
    JSON.stringify(effects.flatMap((effect) => (effect.kind === 'put' ? [effect.collection] : [])));
  return (
    made?.response.status === wanted.response.status &&
    made.response.example === wanted.response.example &&
    made.provenance.kind === 'documented' &&
    JSON.parse(collections(made)).every((each: string) => collections(wanted).includes(each))
  );
}

/** The same, with outputs for the keys that the server gives out. */
export function reachProducer(
  ground: Ground,
  producer: Target,
  reaching: Reaching = {},
): Reached | undefined {
  const reached = reach(ground, producer, reaching);
  return reached && withKeys(ground, reached);
}

/** What was reached, with outputs for the keys that the server gives out by it. */
function withKeys(ground: Ground, reached: Reached): Reached | undefined {
  const draft = keysOf(reached.target).reduce(
    (current, expression) => withOutput(current, reached.step.id, expression).draft,
    reached.draft,
  );
  const trace = simulate(ground.contract, draft);
  const step = draft.steps.find(({ id }) => id === reached.step.id);
  return trace === undefined || step === undefined ? undefined : { ...reached, draft, step, trace };
}

/** What a server that keeps the rules has given out for a template; undefined when that comes from outside. */
export function sampleOf({ trace }: Pick<Reached, 'trace'>, template: Template): string | undefined {
  if (typeof template !== 'string' || !template.startsWith('$steps.')) return undefined;
  return [...trace.sources].find(([, source]) => source === template)?.[0];
}

function keysOf({ transition }: Target): string[] {
  return transition.effects.flatMap((effect) => {
    const expression = effect.kind === 'put' ? shownExpression(transition, effect.key) : undefined;
    return expression === undefined ? [] : [expression];
  });
}
