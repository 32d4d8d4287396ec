/** Requests that must be refused between those of a sequence: what is refused changes nothing, so that the rest goes on. */

import type { Action, Step, Template, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import type { Json } from '../../openapi/json.js';
import { isObject } from '../../openapi/json.js';
import type { Planned } from '../planned.js';
import { toldAtOnce } from './begun.js';
import { withStep } from './draft.js';
import type { Target } from './goal.js';
import { probe } from './probes.js';
import { type Reached, reach, reachProducer } from './reach.js';
import { playerAfter } from './replay.js';
import { planned } from './scenarios.js';
import type { Scene } from './scene.js';
import type { Player } from './simulate.js';
import { words } from './words.js';

/** What is taken, though nobody has to refuse it, is another matter: then nothing is known of what comes after. */
const endOnSuccess: Action = {
  name: 'taken',
  type: 'end',
  workflowId: undefined,
  stepId: undefined,
  retryAfter: 0,
  retryLimit: 1,
  criteria: [{ condition: '$statusCode < 300', type: 'simple', context: undefined, at: undefined }],
};

/** The workflows of refused requests for the transitions of an operation; one for all whose last requests look alike. */
export function refusalCases(scene: Scene, targets: readonly Target[]): readonly Planned[] {
  const seen = new Set<string>();
  return targets
    .toSorted((a, b) => lengthOf(scene, a) - lengthOf(scene, b))
    .flatMap((target) => {
      const payload = reach(scene.ground, target)?.step.requestBody?.payload ?? null;
      const shape = JSON.stringify(payload).replace(/\$[\w.-]+/g, '$');
      const found = seen.has(shape) ? undefined : refusals(scene, target, targets);
      if (found !== undefined) seen.add(shape);
      return found ?? [];
    });
}

function lengthOf({ ground }: Scene, target: Target): number {
  return reach(ground, target)?.draft.steps.length ?? Number.POSITIVE_INFINITY;
}

/** The workflows that have refused requests before the last step of the way to a transition, and ask about everything after it. */
function refusals(scene: Scene, target: Target, others: readonly Target[]): readonly Planned[] {
  const { ground, bystanders } = scene;
  const { transition } = target;
  if (transition.effects.length === 0 || !transition.response.status.startsWith('2')) return [];
  const reached = reachProducer(ground, target, { draft: bystanders }) ?? reachProducer(ground, target);
  if (reached === undefined || reached.draft.steps.some(({ wait }) => wait !== undefined)) return [];
  const last = reached.step;
  const tried = (step: Step): readonly Step[] => [...broken(step), ...refusedByRules(scene, step, others)];
  const earlier = reached.draft.steps.filter((step) => step !== last && isOfSame(step, last)).flatMap(tried);
  const own = tried(last);
  const groups = Array.from({ length: Math.ceil(own.length / patience) }, (_, index) =>
    own.slice(index * patience, (index + 1) * patience),
  );
  return [earlier, ...groups].flatMap((group, index) => refusalsBefore(scene, reached, group, index) ?? []);
}

/** Who has failed more often than this with one code may be locked out. */
const patience = 2;

function refusalsBefore(
  scene: Scene,
  { draft: whole, step: last, target }: Reached,
  tried: readonly Step[],
  index: number,
): Planned | undefined {
  const { operation, transition } = target;
  let draft = toldAtOnce({ ...whole, steps: whole.steps.slice(0, -1) });
  const player = playerAfter(scene.contract, draft);
  if (player === undefined) return undefined;
  const first = draft.steps.length;
  for (const step of tried) {
    if (!isRefused(player, step, draft.inputs)) continue;
    const added = withStep(draft, step);
    if (player.play(added.step, added.draft.inputs)) draft = added.draft;
  }
  if (draft.steps.length === first) return undefined;
  const right = withStep(draft, last);
  if (!player.play(right.step, right.draft.inputs)) return undefined;
  draft = probe(right.draft, player, { ...scene, changing: false, prefix: 'then' });
  const part = index === 0 ? '' : `, part ${index + 1}`;
  const summary = `${words(target)} after requests that were refused: these have changed nothing${part}`;
  const id = `${operation.id} ${transition.name} after refusals ${index + 1}`;
  return planned(operation, draft, id, summary, false);
}

/** Whether a server that keeps the contract refuses a request, and nothing comes of it. */
function isRefused(player: Player, step: Step, inputs: readonly WorkflowInput[]): boolean {
  const peeked = player.peek(step, inputs);
  if (peeked === undefined || peeked.situation.kind !== 'valid') return peeked !== undefined;
  const made = peeked.predicted?.choice.transition;
  return made?.effects.length === 0 && !made.response.status.startsWith('2');
}

/** Steps of the last user: those whose content is about the same. */
function isOfSame(step: Step, last: Step): boolean {
  if (step === last) return true;
  const inputs = (each: Step): readonly string[] =>
    JSON.stringify(each.requestBody?.payload ?? null).match(/\$(?:inputs|steps)\.[\w.-]+/g) ?? [];
  return inputs(step).some((name) => inputs(last).includes(name));
}

/** The step with content that breaks the contract: each member missing, and each that a template stands for in a list. */
function broken(step: Step): Step[] {
  const { requestBody } = step;
  const { payload } = requestBody ?? {};
  if (requestBody === undefined || !isObject(payload)) return [];
  const withPayload = (title: string, changed: Template): Step => ({
    ...step,
    id: `${step.id} ${title}`,
    outputs: [],
    onSuccess: [endOnSuccess],
    requestBody: { ...requestBody, payload: changed },
  });
  const members: readonly (readonly [string, Json])[] = Object.entries(payload);
  const missing = members.map(([name]) =>
    withPayload(`without ${name}`, Object.fromEntries(members.filter(([other]) => other !== name))),
  );
  const listed = members
    .filter(([, value]) => typeof value === 'string' && value.startsWith('$'))
    .map(([name, value]) => withPayload(`with ${name} in a list`, { ...payload, [name]: [value] }));
  const asText: Step = {
    ...step,
    id: `${step.id} as text/plain`,
    outputs: [],
    onSuccess: [endOnSuccess],
    alteration: {
      method: undefined,
      withoutFields: ['content-type'],
      fields: [['content-type', 'text/plain']],
      content: undefined,
    },
  };
  return [...missing, ...listed, asText];
}

/** The step with what earns a refusal by a rule laid over it: an organization that there is none of. */
function refusedByRules({ ground }: Scene, step: Step, others: readonly Target[]): Step[] {
  const refusing = others.filter(
    ({ transition }) => transition.effects.length === 0 && !transition.response.status.startsWith('2'),
  );
  return refusing.flatMap((other): Step[] => {
    const found: Reached | undefined = reach(ground, other);
    const { requestBody } = step;
    const payload = requestBody?.payload;
    const theirs = found?.step.requestBody?.payload;
    if (found === undefined || requestBody === undefined || !isObject(payload) || !isObject(theirs))
      return [];
    const isSameOperation =
      step.call.kind === 'operation' &&
      step.call.operation === other.operation &&
      found.step.wait === undefined;
    const added = Object.entries(theirs).filter(
      ([name, value]) => !(name in payload) && !JSON.stringify(value).includes('$'),
    );
    if (!isSameOperation || added.length === 0) return [];
    const changed = { ...payload, ...Object.fromEntries(added) };
    const id = `${step.id} yet ${words(other)}`;
    return [{ ...step, id, outputs: [], requestBody: { ...requestBody, payload: changed } }];
  });
}
