/** Values that a call has left with the server, as templates for the calls that go by them. */

import type { Template } from '../../openapi/arazzo/workflow.js';
import { castName, type Draft, input, withInput, withOutput } from './draft.js';
import { nameOfPart, type Producer, partOfValue, shownExpression } from './goal.js';
import type { Solved, Solving, Source } from './solve.js';

type Linked = { readonly draft: Draft; readonly template: Template; readonly from: Source };

/** A value that a transition has kept, as a template: from its response, from its request, or as it was sent to somebody. */
export function linkValue(made: Solved, value: Producer['put']['key'], solving: Solving): Linked | undefined {
  const response = shownExpression(made.target.transition, value);
  if (response !== undefined) {
    const { draft, name } = withOutput(made.draft, made.step.id, response);
    return { draft, template: `$steps.${made.step.id}.outputs.${name}`, from: 'response' };
  }
  const part = partOfValue(value);
  const sent = part === undefined ? undefined : made.parts.get(part);
  if (sent !== undefined) return { draft: made.draft, template: sent, from: 'request' };
  return deliveredValue(made, value, solving);
}

/** A value that was made up by the server and sent to somebody: an input that whoever received it can give. */
function deliveredValue(made: Solved, value: Producer['put']['key'], { cast }: Solving): Linked | undefined {
  for (const effect of made.target.transition.effects) {
    if (effect.kind !== 'send' || effect.content.kind !== 'object') continue;
    const [name] = effect.content.members.find(([, content]) => isSameValue(content, value)) ?? [];
    const address = partOfValue(effect.to);
    const to = address === undefined ? undefined : made.parts.get(address);
    if (name === undefined || address === undefined || to === undefined) continue;
    const inputName = unusedInput(made.draft, castName(name, cast), made.step.id);
    const needed = input(inputName, name, { [nameOfPart(address)]: to }, { 'x-after': made.step.id });
    return { draft: withInput(made.draft, needed), template: `$inputs.${inputName}`, from: 'input' };
  }
  return undefined;
}

/** An input of this name that was sent by another step is another one. */
function unusedInput(draft: Draft, wanted: string, step: string): string {
  const isOther = (name: string): boolean =>
    draft.inputs.some((each) => each.name === name && each.schema['x-after'] !== step);
  let name = wanted;
  for (let number = 2; isOther(name); number += 1) name = `${wanted}_${number}`;
  return name;
}

function isSameValue(a: Producer['put']['key'], b: Producer['put']['key']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
