/** The expressions and conditions of a workflow: which of them cannot be read, or name what is not there. */

import type { Report } from '../consistency/consistency.js';
import { orOneOf } from '../contract-error.js';
import { type Place, placeIn } from '../document/documents.js';
import { isObject, type Json } from '../json.js';
import {
  type ArazzoDocument,
  type ArazzoItem,
  type ArazzoNode,
  itemsOf,
  near,
  nodesOf,
  textIn,
  textsIn,
  workflowOf,
} from './arazzo-document.js';
import { inputsOf, placeOfSubject } from './arazzo-inputs.js';
import { readCriterion } from './arazzo-read.js';
import { conditionExpressions, expressionFix, parseCondition } from './condition.js';
import { conditionMistake } from './criterion.js';
import {
  embeddedTexts,
  expressionTexts,
  isMeantAsExpression,
  parseWorkflowExpression,
  readings,
  type WorkflowExpression,
} from './workflow-expression.js';

/** Where expressions stand: in which workflow, in which step, and whether an answer has come by then. */
type Spot = {
  readonly document: ArazzoDocument;
  readonly workflow: ArazzoNode;
  readonly step: ArazzoNode | undefined;
  readonly answered: boolean;
  readonly report: Report;
};

/** Checks every expression and condition of a workflow. */
export function checkExpressions(document: ArazzoDocument, workflow: ArazzoNode, report: Report): void {
  const whole: Spot = { document, workflow, step: undefined, answered: true, report };
  checkParameters({ ...whole, answered: false }, workflow);
  for (const input of inputsOf(document, workflow)) {
    const place = placeOfSubject(workflow, input.name);
    checkTemplate({ ...whole, answered: false }, input.for, place);
  }
  checkOutputs(whole, workflow);
  for (const list of ['successActions', 'failureActions'] as const)
    checkActionCriteria(whole, itemsOf(document, workflow, list, list));
  for (const step of nodesOf(workflow, 'steps')) checkStep({ ...whole, step }, step);
}

function checkStep(spot: Spot, step: ArazzoNode): void {
  const { document } = spot;
  const before = { ...spot, answered: false };
  checkParameters(before, step);
  const body = step.value.requestBody;
  if (isObject(body)) checkTemplate(before, body, placeIn(step.at, 'requestBody'));
  const { 'x-request': alteration } = step.value;
  const fields = isObject(alteration) ? alteration.fields : undefined;
  if (fields !== undefined) checkTemplate(before, fields, placeIn(placeIn(step.at, 'x-request'), 'fields'));
  for (const criterion of nodesOf(step, 'successCriteria')) checkCriterion(spot, criterion);
  checkActionCriteria(spot, itemsOf(document, step, 'onSuccess', 'successActions'));
  checkActionCriteria(spot, itemsOf(document, step, 'onFailure', 'failureActions'));
  checkOutputs(spot, step);
}

function checkParameters(spot: Spot, owner: ArazzoNode): void {
  for (const item of itemsOf(spot.document, owner, 'parameters', 'parameters')) {
    if (item.kind === 'unresolved') continue;
    const { value = null } = item.node.value;
    // A value that the list gives in the place of the component's own stands in the list.
    const owner = item.use.value.value === undefined ? item.node : item.use;
    checkTemplate(spot, value, placeIn(owner.at, 'value'));
  }
}

function checkOutputs(spot: Spot, owner: ArazzoNode): void {
  for (const [name, text] of textsIn(owner, 'outputs')) {
    const at = placeIn(placeIn(owner.at, 'outputs'), name);
    const expression = parseWorkflowExpression(text);
    if (expression === undefined)
      spot.report('invalid-workflow', at, `"${text}" is not a runtime expression`, expressionFix);
    else checkNames(spot, expression, text, at);
  }
}

function checkActionCriteria(spot: Spot, actions: readonly ArazzoItem[]): void {
  for (const action of actions)
    if (action.kind === 'found')
      for (const criterion of nodesOf(action.node, 'criteria')) checkCriterion(spot, criterion);
}

function checkCriterion(spot: Spot, node: ArazzoNode): void {
  const { report } = spot;
  const at = placeIn(node.at, 'condition');
  const raw = node.value.type;
  const language = isObject(raw) ? raw.type : raw;
  if (language === 'xpath') {
    const fix = 'Use a JSONPath, a regular expression or a simple condition';
    report('invalid-workflow', placeIn(node.at, 'type'), 'conditions in XPath are not supported', fix);
    return;
  }
  checkVersion(spot, node);
  const criterion = readCriterion(node);
  const mistake = conditionMistake(criterion);
  if (mistake !== undefined) report('invalid-workflow', at, mistake.what, mistake.fix);
  checkContext(spot, node, criterion.type);
  if (criterion.type === 'simple') {
    const parsed = parseCondition(criterion.condition);
    if ('mistake' in parsed) return;
    for (const { expression, source } of conditionExpressions(parsed))
      checkNames(spot, expression, source, at);
    return;
  }
  for (const text of embeddedTexts(criterion.condition)) checkText(spot, text, at);
}

const jsonPathVersions = ['rfc9535', 'draft-goessner-dispatch-jsonpath-00'];

function checkVersion({ report }: Spot, node: ArazzoNode): void {
  const { type } = node.value;
  if (!isObject(type) || typeof type.version !== 'string' || jsonPathVersions.includes(type.version)) return;
  const what = `"${type.version}" is no version of JSONPath`;
  const at = placeIn(placeIn(node.at, 'type'), 'version');
  report('invalid-workflow', at, what, orOneOf('Correct it', jsonPathVersions));
}

function checkContext(spot: Spot, node: ArazzoNode, type: string): void {
  const context = textIn(node, 'context');
  if (context === undefined) {
    if (type === 'simple') return;
    const what = `a condition of type ${type} does not say what it is applied to`;
    spot.report('invalid-workflow', node.at, what, 'Add a "context", for example $response.body');
    return;
  }
  const at = placeIn(node.at, 'context');
  const expression = parseWorkflowExpression(context);
  if (expression === undefined)
    spot.report('invalid-workflow', at, `"${context}" is not a runtime expression`, expressionFix);
  else checkNames(spot, expression, context, at);
}

function checkTemplate(spot: Spot, template: Json, at: Place): void {
  if (typeof template === 'string') {
    for (const text of expressionTexts(template)) checkText(spot, text, at);
    return;
  }
  const members = Array.isArray(template) ? [...template.entries()] : Object.entries(template ?? {});
  for (const [name, member] of members) checkTemplate(spot, member, placeIn(at, name));
}

/** A text that only begins with `$` stands for itself; one that begins like an expression must be one. */
function checkText(spot: Spot, text: string, at: Place): void {
  const expression = parseWorkflowExpression(text);
  if (expression !== undefined) checkNames(spot, expression, text, at);
  else if (isMeantAsExpression(text))
    spot.report('invalid-workflow', at, `"${text}" is not a runtime expression`, expressionFix);
}

function checkNames(spot: Spot, expression: WorkflowExpression, text: string, at: Place): void {
  const mistake =
    expression.kind === 'exchange' ? tooEarly(spot, expression, text) : unknownName(spot, expression);
  if (mistake !== undefined) spot.report('invalid-workflow', at, mistake.what, mistake.fix);
}

type Mistake = { readonly what: string; readonly fix: string } | undefined;

function tooEarly(
  { answered }: Spot,
  { expression }: Extract<WorkflowExpression, { kind: 'exchange' }>,
  text: string,
): Mistake {
  const ofResponse =
    expression.kind === 'status-code' || ('of' in expression && expression.of === 'response');
  if (answered || !ofResponse) return undefined;
  const fix = 'Name it in the outputs of that step, and write $steps.ID.outputs.NAME';
  return { what: `"${text}" has no value before the request is sent`, fix };
}

function unknownName(spot: Spot, expression: Extract<WorkflowExpression, { kind: 'named' }>): Mistake {
  const { document, workflow, step } = spot;
  const { source, name } = expression;
  switch (source.kind) {
    case 'inputs':
      return missing(name, inputNamesOf(document, workflow), 'this workflow has no input');
    case 'outputs': {
      const called = step && textIn(step, 'workflowId');
      const found = called === undefined ? { workflow } : workflowOf(document, called);
      if ('unresolved' in found) return undefined;
      const owner = called === undefined ? 'this workflow' : `the workflow "${called}"`;
      return missing(name, outputNames(found.workflow), `${owner} has no output`);
    }
    case 'workflow': {
      const found = workflowOf(document, source.id);
      if ('unresolved' in found) return found.unresolved;
      const known =
        source.of === 'inputs' ? inputNamesOf(document, found.workflow) : outputNames(found.workflow);
      return missing(name, known, `the workflow "${source.id}" has no ${source.of.slice(0, -1)}`);
    }
    case 'step':
      return unknownStepOutput(spot, source.id, name);
  }
}

function unknownStepOutput({ workflow, step }: Spot, id: string, name: string): Mistake {
  const steps = nodesOf(workflow, 'steps');
  const index = steps.findIndex((each) => each.value.stepId === id);
  const named = steps[index];
  if (named === undefined) {
    const known = steps.flatMap((each) => textIn(each, 'stepId') ?? []);
    return { what: `this workflow has no step "${id}"`, fix: orOneOf('Add it', near(id, known)) };
  }
  const here =
    step === undefined ? steps.length : steps.findIndex((each) => each.at.pointer === step.at.pointer);
  // A jump may come back to a step before it; a component may be one.
  const jumps = /"(?:goto|reference)"/.test(JSON.stringify(workflow.value));
  if (index >= here && here >= 0 && !jumps) {
    const what = `the step "${id}" has not run by then`;
    return { what, fix: 'Name a step that comes before this one' };
  }
  return missing(name, outputNames(named), `the step "${id}" has no output`);
}

function missing(name: string, known: readonly string[], what: string): Mistake {
  if (readings(name).some(([each]) => known.includes(each))) return undefined;
  return { what: `${what} "${name}"`, fix: orOneOf('Add it', near(name, known)) };
}

function inputNamesOf(document: ArazzoDocument, workflow: ArazzoNode): readonly string[] {
  return inputsOf(document, workflow).map(({ name }) => name);
}

function outputNames(workflow: ArazzoNode): readonly string[] {
  return textsIn(workflow, 'outputs').map(([name]) => name);
}
