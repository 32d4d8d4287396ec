/** A parting retold: the calls that lead to it, in words that hold for both servers, and as an Arazzo document. */

import { arazzoDocument, durationText } from '../../openapi/arazzo/arazzo-write.js';
import type { Criterion, Step, Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import { isObject, type Json, type JsonObject, pointerTokens } from '../../openapi/json.js';
import { slug } from '../plan/draft.js';
import { type Plan, restsOn } from '../planned.js';
import { renamed } from '../story/renamed.js';
import { stepNames, usersOf } from '../story/words.js';
import type { Difference } from './difference.js';
import type { PartingStep } from './event.js';
import type { Parted } from './together.js';

/** The calls of a parting, numbered by their order. */
export function stepsOf({ taken }: Pick<Parted, 'taken'>, workflow: Workflow): readonly PartingStep[] {
  const places = new Map(taken.map(({ step }, index) => [step.id, index + 1] as const));
  const users = usersOf({ ...workflow, steps: taken.map(({ step }) => step) });
  return taken.map(({ step, records }) => {
    const first = records.A[0]?.request;
    return {
      user: users.get(step.id),
      call: first === undefined ? step.id : `${first.method} ${withoutValues(step, first.path)}`,
      sent: sentBy(step, places),
      wait: step.wait && durationText(step.wait),
      exchanges: records,
    };
  });
}

/** The path as the contract writes it, where a value stands in it; as it was sent, where an alteration makes it another. */
function withoutValues({ call }: Step, sent: string): string {
  return call.kind === 'operation' ? call.operation.path : sent;
}

/** What a step sends, in words: literal values as they are, others by where they come from. */
function sentBy(step: Step, places: ReadonlyMap<string, number>): readonly string[] {
  const words = (value: Json): string => wordsOf(value, places);
  const parameters = step.parameters.map(({ name, value }) =>
    name.toLowerCase() === 'authorization' ? words(value) : `${name} ${words(value)}`,
  );
  const payload = step.requestBody === undefined ? [] : [words(step.requestBody.payload)];
  const replaced = (step.requestBody?.replacements ?? []).map(
    ({ target, value }) => `${pointerTokens(target).join('/')} ${words(value)}`,
  );
  const { alteration, times } = step;
  const altered =
    alteration === undefined
      ? []
      : [
          ...(alteration.method === undefined ? [] : [`as ${alteration.method}`]),
          ...alteration.withoutFields.map((name) => `without ${name}`),
          ...alteration.fields.map(([name, value]) => `${name}: ${words(value)}`),
          ...(alteration.content === undefined ? [] : [`content ${alteration.content ?? 'none'}`]),
        ];
  const often = times.count === 1 ? [] : [`${times.count} times${times.atOnce ? ' at once' : ''}`];
  return [...parameters, ...payload, ...replaced, ...altered, ...often];
}

function wordsOf(value: Json, places: ReadonlyMap<string, number>): string {
  if (typeof value === 'string') return textWords(value, places);
  if (Array.isArray(value)) return `[${value.map((item: Json) => wordsOf(item, places)).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => {
    const told = wordsOf(member, places);
    return told === name ? name : `${name}: ${told}`;
  });
  return `{ ${members.join(', ')} }`;
}

const output = /\{?\$steps\.([\w-]+)\.outputs\.([\w.-]+?)(?:#\/[^}\s]*)?(?:\}|(?=\s|$))/g;
const given = /\{?\$inputs\.([\w.-]+)(?:\}|(?=\s|$))/g;

function textWords(text: string, places: ReadonlyMap<string, number>): string {
  const told = text
    .replace(output, (_, id: string, name: string) => `${name} of call ${places.get(id) ?? id}`)
    .replace(given, (_, name: string) => name);
  return told === text ? JSON.stringify(text) : told;
}

/** The sequence as a document. The last step asks for what A answered, as far as one condition can say it. */
export function documentOf(
  contract: Contract,
  plan: Plan,
  workflow: Workflow,
  { difference, operation, taken }: Parted,
): JsonObject {
  const answer = taken.at(-1)?.records.A.at(-1)?.outcome;
  const status = answer?.kind === 'response' ? answer.response.status : undefined;
  const criteria = [
    ...(status === undefined ? [] : [`$statusCode == ${status}`]),
    ...contentCriterion(difference),
  ].map((condition): Criterion => ({ condition, type: 'simple', context: undefined, at: undefined }));
  const last = workflow.steps.at(-1);
  const steps = workflow.steps.map(
    (step): Step =>
      step === last && step.call.kind === 'operation'
        ? { ...step, description: difference.title, successCriteria: criteria }
        : { ...step, successCriteria: [] },
  );
  const id = slug(`${operation?.id ?? ''} ${difference.title}`);
  const whole = { ...workflow, id, summary: difference.title, steps };
  const told = renamed(whole, stepNames(whole, usersOf(whole)));
  return arazzoDocument(contract, [...restsOn(told, plan.setups), told], difference.title);
}

/** A value that is fixed can be asked for; one of the server's making is another each time. */
function contentCriterion({ kind, at, a }: Difference): readonly string[] {
  if (kind !== 'content' || at.includes('#')) return [];
  if (/^"[^"\\']*"$/.test(a)) return [`$response.body#${at} == '${a.slice(1, -1)}'`];
  return /^(?:true|false|null|-?\d+)$/.test(a) ? [`$response.body#${at} == ${a}`] : [];
}
