/** The shortest known way to each transition: solved by the rules, and played against them to be sure. */

import type { Contract, Operation } from '../../openapi/contract.js';
import type { Transition } from '../../openapi/rules.js';
import type { Template } from '../../openapi/workflow.js';
import type { Draft } from './draft.js';
import { emptyDraft, withOutput, withParameterInputs } from './draft.js';
import type { Target } from './goal.js';
import { shownExpression } from './goal.js';
import { simulate } from './replay.js';
import type { Trace } from './simulate.js';
import { type Parts, type Solved, solve } from './solve.js';

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
};

export function groundOf(contract: Contract, harmless: boolean): Ground {
  return { contract, harmless, found: new Map() };
}

/** A sequence of calls whose last one makes a transition, if the server keeps the rules; undefined when none is found. */
export function reach(ground: Ground, target: Target, reaching: Reaching = {}): Reached | undefined {
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

function find({ contract, harmless }: Ground, target: Target, reaching: Reaching): Reached | undefined {
  const { draft = emptyDraft, cast = 0, free = new Map(), alike = false } = reaching;
  let shortest: Reached | undefined;
  for (const reversed of [false, true]) {
    const solved = solve(draft, target, { contract, cast, reversed, within: [], free, harmless });
    if (
      solved === undefined ||
      (shortest !== undefined && solved.draft.steps.length >= shortest.draft.steps.length)
    )
      continue;
    const whole = withParameterInputs(solved.draft);
    const trace = simulate(contract, whole);
    const made = trace?.steps.at(-1)?.predicted?.choice.transition;
    if (trace !== undefined && (made === target.transition || (alike && isAlike(made, target.transition))))
      shortest = { ...solved, draft: whole, trace };
  }
  return shortest;
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
