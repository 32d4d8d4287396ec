/** Several users made one, and several values of one user made one. */

import type { Workflow, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import { unlike } from '../plan/draft.js';
import { rewriteWorkflow } from '../rewritten.js';
import { type Move, withoutOrphans } from './leaving-out.js';
import { castOf, inputsOf, renameInputs, tidied } from './references.js';

/** Each other user made the first, with the same sessions or with sessions of his own; then each value made an earlier one. */
export function merging(workflow: Workflow): readonly Move[] {
  const inputs = plainInputs(tidied(workflow));
  // The first user has the plain names, whoever comes first now.
  const casts = [...new Set(['', ...inputs.map(castOf)])];
  const users = casts.flatMap((cast, index) =>
    casts
      .slice(0, index)
      .flatMap((first): readonly Move[] => [
        (current) => asOneUser(current, cast, first, true),
        (current) => asOneUser(current, cast, first, false),
      ]),
  );
  const values = inputs.flatMap((input, index) =>
    inputs
      .slice(0, index)
      .filter(({ asks }) => asks === input.asks)
      .flatMap(({ name }): readonly Move[] => {
        const merged: Move = (current) => asOneInput(current, input.name, name);
        return [
          (current) => {
            const made = merged(current);
            return made && withoutOrphans(current, made);
          },
          (current) => (isSent(input) ? undefined : merged(current)),
        ];
      }),
  );
  return [...users, ...values];
}

/** The inputs in the order in which they are asked for. */
function askedIn(workflow: Workflow): readonly WorkflowInput[] {
  return [...new Set(workflow.steps.flatMap((step) => [...inputsOf(step, workflow)]))];
}

/** Those that are not made from others. */
function plainInputs(workflow: Workflow): readonly WorkflowInput[] {
  return askedIn(workflow).filter(({ asks }) => !asks.startsWith('derived:'));
}

/** Whether it is a code or the like, that some step has sent to somebody. */
function isSent({ schema }: WorkflowInput): boolean {
  return schema['x-after'] !== undefined;
}

/**
 * The workflow in which one user is another. `apart`: what the server has given to each of them, to be known from outside,
 * stays apart; else that is one as well. Codes that are sent stay what each sending has brought.
 */
function asOneUser(workflow: Workflow, cast: string, first: string, apart: boolean): Workflow | undefined {
  const inputs = plainInputs(workflow);
  const own = inputs.filter((input) => castOf(input) === cast);
  const taken = new Set(askedIn(workflow).map(({ name }) => name));
  const names = new Map<string, string>();
  let isMerged = own.length > 0 && !inputs.some((input) => castOf(input) === first && !isSent(input));
  for (const input of own) {
    const wanted = `${first}${input.name.slice(cast.length)}`;
    const isGivenOut = input.schema['x-in'] !== undefined;
    const isSame = inputs.some(({ name, asks }) => name === wanted && asks === input.asks);
    const isKept = isSent(input) || (apart && isGivenOut) || !isSame;
    const name = isKept ? unlike(taken, wanted, '_') : wanted;
    isMerged ||= !isKept || isGivenOut;
    taken.add(name);
    names.set(input.name, name);
  }
  return isMerged ? renamed(workflow, names) : undefined;
}

/** The workflow in which one input is another; undefined when they depend on different things. */
function asOneInput(workflow: Workflow, name: string, other: string): Workflow | undefined {
  const [one, two] = [name, other].map((wanted) => workflow.inputs.find((each) => each.name === wanted));
  if (one === undefined || two === undefined || castOf(one) !== castOf(two)) return undefined;
  if (JSON.stringify(one.for) !== JSON.stringify(two.for)) return undefined;
  return renamed(workflow, new Map([[name, other]]));
}

/** The workflow with inputs under other names; of several with one name the first stays. */
function renamed(workflow: Workflow, names: ReadonlyMap<string, string>): Workflow {
  const asked = { ...workflow, inputs: askedIn(workflow) };
  const rewritten = rewriteWorkflow(asked, (text) => renameInputs(text, names));
  const inputs = new Map<string, WorkflowInput>();
  const [others, own] = [false, true].map((is) =>
    rewritten.inputs.filter(({ name }) => names.has(name) === is),
  );
  for (const input of [...(others ?? []), ...(own ?? [])]) {
    const name = names.get(input.name) ?? input.name;
    if (!inputs.has(name)) inputs.set(name, { ...input, name });
  }
  return { ...rewritten, inputs: [...inputs.values()] };
}
