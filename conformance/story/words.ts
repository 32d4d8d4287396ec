/** What the steps of a finding are called, and what is said of them: as a person would who wrote them down. */

import type { Step, Template, Workflow, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import type { Operation } from '../../openapi/contract.js';
import { isObject, type Json } from '../../openapi/json.js';
import { slug } from '../plan/draft.js';
import { words } from '../plan/words.js';
import type { Told } from './retold.js';

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'] as const;

/** `first`, `second`, `9th`. */
function ordinal(index: number): string {
  return ordinals[index] ?? `${index + 1}th`;
}

/** Who takes each step: `second user`, by the id of the step; nothing where there is only one user. */
export function usersOf({ steps, inputs }: Workflow): ReadonlyMap<string, string> {
  const byStep = new Map<string, number | undefined>();
  for (const step of steps) {
    const mentioned = [...textOf(step).matchAll(/\$(?:inputs\.([\w-]+)|steps\.([\w-]+)\.outputs)/g)];
    const casts = mentioned.flatMap(([, input, earlier]): readonly number[] => {
      const cast = input === undefined ? byStep.get(earlier ?? '') : castOf(input, inputs);
      return cast === undefined ? [] : [cast];
    });
    byStep.set(step.id, casts[0]);
  }
  const all = new Set([...byStep.values()].flatMap((cast) => cast ?? []));
  const known = [...byStep].flatMap(([id, cast]) =>
    cast === undefined ? [] : [[id, `${ordinal(cast)} user`] as const],
  );
  return new Map(all.size < 2 ? [] : known);
}

/** Which user an input is of, by its name: 0 is the first; undefined where it tells of nobody. */
export function castOf(name: string, inputs: readonly WorkflowInput[]): number | undefined {
  const input = inputs.find((each) => each.name === name);
  if (input === undefined || input.asks.startsWith('derived:')) return undefined;
  const prefix = name.replace(/_\d+$/, '').replace(new RegExp(`_?${input.asks.replace(/\W/g, '\\$&')}$`), '');
  if (prefix === 'other' || prefix === 'second') return 1;
  if (prefix === 'third') return 2;
  const [, number] = /^user_(\d+)$/.exec(prefix) ?? [];
  return number === undefined ? 0 : Number(number) - 1;
}

/** What a step does, in the words of the contract: the summary of the documented request that it is, or of the operation. */
function phraseOf(step: Step): string {
  if (step.call.kind === 'workflow') return step.call.workflowId.replaceAll('-', ' ');
  const { operation } = step.call;
  const text =
    requestSummary(operation, step.requestBody?.payload) ?? operation.summary ?? spaced(operation.id);
  return text
    .trim()
    .replace(/[.\s]+$/, '')
    .replace(/\s+/g, ' ');
}

function spaced(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

/** The documented request that a payload is like: what is written out in it must be the same, as often as in no other. */
function requestSummary({ requestBody }: Operation, payload: Template | undefined): string | undefined {
  if (!isObject(payload)) return undefined;
  const examples = (requestBody?.content ?? []).flatMap((content) => content.examples);
  const likeness = examples.flatMap(({ summary, value }) => {
    if (summary === undefined || !isObject(value)) return [];
    const members = new Set([...Object.keys(value), ...Object.keys(payload)]);
    const same = [...members].filter((name) => isSame(payload[name], value[name])).length;
    return [{ summary, same, other: members.size - same }];
  });
  const [best, next] = likeness.toSorted((a, b) => b.same - b.other - (a.same - a.other));
  if (best === undefined || best.same === 0) return undefined;
  return next !== undefined && next.same - next.other === best.same - best.other ? undefined : best.summary;
}

/** An expression may be anything that is there. */
function isSame(written: Json | undefined, documented: Json | undefined): boolean {
  if (typeof written === 'string' && written.startsWith('$')) return documented !== undefined;
  return written !== undefined && JSON.stringify(written) === JSON.stringify(documented);
}

/** Names for steps that a plan has made, by the ids that they have; authored steps keep theirs. */
export function stepNames(
  workflow: Workflow,
  users: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const taken = new Set(workflow.steps.filter(({ at }) => at !== undefined).map(({ id }) => id));
  const names = new Map<string, string>();
  for (const step of workflow.steps) {
    if (step.at !== undefined) continue;
    const user = users.get(step.id);
    const isFirst = user === undefined || user.startsWith('first');
    const base = slug(`${shortPhrase(step)}${isFirst ? '' : ` as the ${user}`}`) || 'step';
    const candidates = [base, `${base}-again`, `${base}-a-third-time`, `${base}-a-fourth-time`];
    let name = candidates.find((each) => !taken.has(each));
    for (let number = 5; name === undefined; number += 1)
      if (!taken.has(`${base}-${number}`)) name = `${base}-${number}`;
    taken.add(name);
    names.set(step.id, name);
  }
  return names;
}

/** The longest beginning of an id that is still read at a glance. */
const longestName = 40;

/** The phrase, where it makes a short id; else the operation. */
function shortPhrase(step: Step): string {
  const phrase = phraseOf(step);
  if (slug(phrase).length <= longestName) return phrase;
  return step.call.kind === 'operation' ? step.call.operation.id : phrase.slice(0, longestName);
}

/** A sentence on a step before the last: who does what with what, and what comes of it. */
export function descriptionOf({ step, records, by }: Told, users: ReadonlyMap<string, string>): string {
  const statuses = records.flatMap(({ outcome }) =>
    outcome.kind === 'response' ? [outcome.response.status] : [],
  );
  // Of a success the deed says enough; why something is refused, only the rule does.
  const refusals = by.filter((each) => each !== undefined && !each.response.status.startsWith('2'));
  const names = refusals.flatMap((each) => (each === undefined ? [] : [words(each.choice)]));
  const answers = [...new Set(statuses)].join(' or ');
  const rules = [...new Set(names)].join(' or ');
  const came = [answers, rules].filter((part) => part !== '').join(', ');
  return `${deedOf(step, users)}${came === '' ? '' : `: ${came}`}.`;
}

/** Who does what with what. */
export function deedOf(step: Step, users: ReadonlyMap<string, string>): string {
  const user = users.get(step.id);
  const [, earlier, output] = /\$steps\.([\w-]+)\.outputs\.([\w-]+)/.exec(textOf(step)) ?? [];
  const often =
    step.times.count === 1
      ? ''
      : `, ${step.times.count} times${step.times.atOnce ? ' at the same moment' : ''}`;
  const late = step.wait === undefined ? '' : ', after a while';
  const withWhat = earlier === undefined ? '' : `, with the ${output} of ${earlier}`;
  return `${phraseOf(step)}${user === undefined ? '' : `, as the ${user}`}${withWhat}${often}${late}`;
}

function textOf({ parameters, requestBody, alteration }: Step): string {
  return JSON.stringify([
    requestBody?.payload ?? null,
    parameters.map(({ value }) => value),
    alteration ?? null,
  ]);
}
