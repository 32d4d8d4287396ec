/** The steps of a finding with their success criteria and descriptions, and what other tools cannot do of it. */

import { criterionHolds } from '../../openapi/arazzo/criterion.js';
import type { Criterion, Step, Workflow } from '../../openapi/arazzo/workflow.js';
import type { WorkflowScope } from '../../openapi/arazzo/workflow-expression.js';
import type { Contract } from '../../openapi/contract.js';
import { requestScope, responseValues } from '../../openapi/rules/scope.js';
import type { ExchangeRecord } from '../event.js';
import type { Shown } from '../findings.js';
import { bodyOf } from '../judge/exchange.js';
import { criteriaAtEnd, criteriaBefore, unlikeEachOther } from './criteria.js';
import { describedInputs } from './inputs.js';
import type { Told } from './retold.js';
import { createNaming } from './values.js';
import { deedOf, descriptionOf, usersOf } from './words.js';

/** A workflow that says what should have happened, and why only Counterfoil can tell whether it does. */
export type Judged = { readonly workflow: Workflow; readonly reasons: readonly string[] };

/** `told` are the steps of the workflow in order, `parting` is the one at which server and contract part. */
export function judged(
  contract: Contract,
  workflow: Workflow,
  told: readonly Told[],
  parting: number,
  shown: Shown,
): Judged {
  const users = usersOf(workflow);
  const last = told[parting];
  const naming = createNaming(told.slice(0, parting), last);
  // Of requests at the same moment each may be answered otherwise: that one of them must be is nothing to say of a step.
  const atEnd = last?.step.times.atOnce === true ? [] : criteriaAtEnd(shown, naming.nameValue);
  const steps = told.map((each, index): Step => {
    const isEnd = index === parting;
    const own = isEnd
      ? atEnd
      : criteriaBefore(each).filter((criterion) => holdsInAll(criterion, each.records));
    const step = naming.withOutputs(withMediaType(each.step));
    return {
      ...step,
      successCriteria: unlikeEachOther([...step.successCriteria, ...own]),
      description: step.description ?? (isEnd ? endOf(each.step, users, shown) : descriptionOf(each, users)),
    };
  });
  const record = last?.records.at(-1);
  const isStated =
    record !== undefined && steps[parting]?.successCriteria.some((each) => !holds(each, record)) === true;
  const reasons = [
    ...steps.flatMap(beyondArazzo),
    ...(isStated || record === undefined
      ? []
      : [
          `No success criterion can state what is wrong at the step ${last?.step.id ?? ''}: the check ${shown.check.name} tells it.`,
        ]),
  ];
  const summary =
    last === undefined ? workflow.summary : `${deedOf(last.step, users)}: ${shown.deviation.expected}`;
  const inputs = describedInputs(contract, { ...workflow, steps });
  const description = [`Tried: ${workflow.summary ?? workflow.id}.`, ...reasons].join('\n');
  return { workflow: { ...workflow, steps, inputs, summary, description }, reasons };
}

/** What came instead stands in the finding; here is what should come, so that it stays true when it does. */
function endOf(step: Step, users: ReadonlyMap<string, string>, { deviation }: Shown): string {
  return `${deedOf(step, users)}. Expected: ${deviation.expected}. Came: ${deviation.actual}.`;
}

/** The media type is written out: not every tool takes the first that is described. */
function withMediaType(step: Step): Step {
  const { requestBody, call } = step;
  if (requestBody === undefined || requestBody.contentType !== undefined || call.kind === 'workflow')
    return step;
  return {
    ...step,
    requestBody: { ...requestBody, contentType: call.operation.requestBody?.content[0]?.mediaType },
  };
}

/** What a step says in extensions that other tools pass over. */
function beyondArazzo({ id, alteration, wait, times }: Step): readonly string[] {
  return [
    ...(alteration === undefined
      ? []
      : [`The request of the step ${id} is another than the operation describes, as x-request says.`]),
    ...(wait === undefined ? [] : [`Before the step ${id} time must pass, as x-wait says.`]),
    ...(times.count === 1
      ? []
      : [
          `The step ${id} is taken ${times.count} times${times.atOnce ? ' at the same moment' : ''}, as x-times says.`,
        ]),
  ];
}

function holdsInAll(criterion: Criterion, records: readonly ExchangeRecord[]): boolean {
  return records.length > 0 && records.every((record) => holds(criterion, record));
}

/** Whether a criterion held for an exchange. Of one that names what else was sent or answered, that is what it was made for: it did not. */
function holds(criterion: Criterion, { request, outcome }: ExchangeRecord): boolean {
  if (outcome.kind !== 'response') return false;
  if (/\$(?:inputs|steps|workflows)\./.test(`${criterion.condition} ${criterion.context ?? ''}`))
    return false;
  const exchange = {
    ...requestScope(request, {}),
    response: responseValues(outcome.response, bodyOf(outcome.response)),
  };
  const scope: WorkflowScope = { inputs: {}, steps: {}, workflows: {}, outputs: {}, exchange };
  return criterionHolds(criterion, scope).holds;
}
