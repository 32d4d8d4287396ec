/** What may be asked next, wherever a walk stands: requests whose parts are drawn from all that is known by then. */

import type { Step, StepParameter, Template } from '../../../openapi/arazzo/workflow.js';
import type { Contract } from '../../../openapi/contract.js';
import type { Place } from '../../../openapi/document/documents.js';
import { pointerTokens } from '../../../openapi/json.js';
import { type Random, seededRandom } from '../../../openapi/random.js';
import type { Transition, Value } from '../../../openapi/rules/rules.js';
import { replacedAt } from '../../step-request.js';
import { furtherInputs, partsOf, requestBodyFor, schemeInput } from '../body.js';
import { callStep, type Draft, input, outputName, unlike, withInput, withStep } from '../draft.js';
import { bodyPointer, nameOfPart, partOfValue, shownExpression } from '../goal.js';
import type { Form } from './forms.js';
import { inputNames, offerFor, pick, type Situated } from './offers.js';

/** A step that may come next, with the draft that it is in, and the transition that it makes: none when it must be refused. */
export type Move = {
  readonly draft: Draft;
  readonly step: Step;
  readonly form: Form;
  readonly transition: Transition | undefined;
  /** What it sends of what was given out before. */
  readonly sent: readonly string[];
};

/** One in so many requests waits before, is sent several times, differs from the documented body, and so on. */
const oneIn = { wait: 8, atOnce: 24, again: 12, valid: 10, invalid: 20, respelt: 8, detail: 4 } as const;

/** A request in a form, its parts drawn; undefined when the rules do not foretell what comes of it. */
export function drawMove(form: Form, at: Situated): Move | undefined {
  const { contract, player, random } = at;
  const { operation } = form;
  let { draft } = at;
  const cast = random.integer(0, at.users - 1);
  const parts = new Map(form.fixed);
  for (const part of form.parts) {
    if (parts.has(part.name)) continue;
    const offer = offerFor(part, { ...at, draft }, cast, parts);
    if (offer === undefined) continue;
    for (const needed of offer.needs) draft = withInput(draft, needed);
    if (offer.value !== undefined) parts.set(part.name, offer.value);
  }
  const credential = schemeInput(operation);
  if (credential !== undefined && !parts.has('credential')) {
    draft = withInput(draft, input(credential, credential));
    parts.set('credential', `$inputs.${credential}`);
  }
  for (const name of parts.has('credential') ? furtherInputs(operation) : [])
    draft = withInput(draft, input(name, name));
  const sent = [...parts.values()].filter(isGiven);
  const parameters = partsOf(contract, operation, parts, cast);
  if (parameters === undefined) return undefined;
  const wait = chance(random, oneIn.wait) ? pick(at.waits, random) : undefined;
  const body = drawBody(form, at, parts);
  const plain = callStep(operation.id, operation, {
    parameters: chance(random, oneIn.respelt) ? respelt(parameters) : parameters,
    requestBody: body,
    wait,
  });
  const peeked = player.peek(plain, draft.inputs);
  if (peeked === undefined) return undefined;
  const transition = peeked.predicted?.choice.transition;
  if (transition === undefined && peeked.situation.kind === 'invalid') {
    const refused = withStep(draft, { ...plain, id: `${operation.id} refused` });
    return { ...refused, form, transition, sent };
  }
  if (transition === undefined || transition.unspecified) return undefined;
  const named = withStep(draft, { ...plain, id: transition.name });
  const kept = withOutputs(contract, named.draft, named.step, transition, parts);
  const dear = kept.draft.inputs.filter(({ asks }) => at.isDear(asks));
  if (dear.length > mostDear) return undefined;
  const times = timesOf(kept.step, transition, random);
  return { ...replaced(kept.draft, { ...kept.step, times }), form, transition, sent };
}

/** Whether a template stands for what a step has given out. */
function isGiven(template: Template): template is string {
  return typeof template === 'string' && template.startsWith('$steps.');
}

/** How many values of which there are few one walk may ask for. */
const mostDear = 3;

/** How often a request is sent: what gives nothing out that later steps use may be sent several times. */
function timesOf({ times, outputs }: Step, { effects }: Transition, random: Random): Step['times'] {
  if (outputs.length > 0) return times;
  if (effects.length > 0 && chance(random, oneIn.atOnce)) return { count: 2, atOnce: true };
  return chance(random, oneIn.again) ? { count: random.integer(2, 5), atOnce: false } : times;
}

function chance(random: Random, one: number): boolean {
  return random.integer(1, one) === 1;
}

/** The body of a request: mostly the documented one with its parts, now and then another one. */
function drawBody(
  form: Form,
  { contract, random }: Situated,
  parts: ReadonlyMap<string, Template>,
): Step['requestBody'] {
  const detailed = new Map(parts);
  const documented = (): Step['requestBody'] => requestBodyFor(contract, form.operation, detailed);
  if (form.operation.requestBody === undefined) return documented();
  const kind = chance(random, oneIn.invalid) ? 'invalid' : chance(random, oneIn.valid) ? 'valid' : undefined;
  const other = kind === undefined ? undefined : pick(form.others()[kind], random);
  if (other === undefined) {
    // Other values for what no rule compares with anything.
    for (const name of form.details())
      if (chance(random, oneIn.detail) && !detailed.has(`body /${name}`))
        detailed.set(`body /${name}`, pick(detailsLike(name, random), random) ?? name);
    return documented();
  }
  const payload = [...parts].reduce<Template>((whole, [part, value]) => {
    const pointer = bodyPointer(part);
    return pointer === undefined ? whole : replacedAt(whole, pointerTokens(pointer), value);
  }, other.value);
  return { contentType: undefined, payload, replacements: [] };
}

/** Texts for a member that may be any: most of them plain, some hard to keep as they are. */
function detailsLike(name: string, random: Random): readonly string[] {
  const plain = `${name} ${random.integer(1, 99)}`;
  return [plain, plain, plain, `${plain} & <b>'"</b>`, `${plain} ${'and so on '.repeat(5)}to the end`];
}

/** The name of an authentication scheme is the same in any letter case (RFC 9110, section 11.1). */
function respelt(parameters: readonly StepParameter[]): readonly StepParameter[] {
  return parameters.map((parameter) => {
    const { name, value } = parameter;
    const scheme =
      typeof value === 'string' && name === 'Authorization' ? /^\w+(?= )/.exec(value)?.[0] : undefined;
    return scheme === undefined || typeof value !== 'string'
      ? parameter
      : { ...parameter, value: `${scheme.toLowerCase()}${value.slice(scheme.length)}` };
  });
}

/** The step with outputs for what the server gives out by it, and for what it sends to somebody. */
function withOutputs(
  contract: Contract,
  draft: Draft,
  step: Step,
  transition: Transition,
  parts: ReadonlyMap<string, Template>,
): { readonly draft: Draft; readonly step: Step } {
  const outputs: (readonly [string, string])[] = tokensIn(contract, transition.content).map((pointer) => {
    const expression = `$response.body#${pointer}`;
    return [outputName(expression), expression];
  });
  let current = draft;
  for (const effect of transition.effects) {
    const expression = effect.kind === 'put' ? shownExpression(transition, effect.key) : undefined;
    if (expression !== undefined && !outputs.some(([, known]) => known === expression))
      outputs.push([outputName(expression), expression]);
    if (effect.kind !== 'send' || effect.content.kind !== 'object') continue;
    const address = partOfValue(effect.to);
    const to = address === undefined ? undefined : parts.get(address);
    if (address === undefined || to === undefined) continue;
    for (const [member] of effect.content.members) {
      const asked = unlike(inputNames(current), member, '_');
      const given = { [nameOfPart(address)]: to };
      current = withInput(current, input(asked, member, given, { 'x-after': step.id }));
      outputs.push([member, `$inputs.${asked}`]);
    }
  }
  return replaced(current, { ...step, outputs });
}

/** The draft with another last step. */
function replaced(draft: Draft, step: Step): { readonly draft: Draft; readonly step: Step } {
  return { draft: { ...draft, steps: [...draft.steps.slice(0, -1), step] }, step };
}

/** Where the content of an answer has tokens. */
function tokensIn(contract: Contract, content: Value | undefined, pointer = ''): string[] {
  if (content?.kind === 'object')
    return content.members.flatMap(([name, member]) => tokensIn(contract, member, `${pointer}/${name}`));
  return content?.kind === 'generate' && isToken(contract, content.schema) ? [pointer] : [];
}

const tokenSchemas = new WeakMap<Contract, Map<string, boolean>>();

/** Whether values of a schema are tokens of the common form. */
function isToken(contract: Contract, schema: Place): boolean {
  const known = tokenSchemas.get(contract) ?? new Map<string, boolean>();
  tokenSchemas.set(contract, known);
  const key = `${schema.file}#${schema.pointer}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const making = { random: seededRandom(1), now: 0, secret: 'plan', fixed: {}, dynamic: false };
  const sample = contract.generate(schema, making);
  const is = typeof sample === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(sample);
  known.set(key, is);
  return is;
}
