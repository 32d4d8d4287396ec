/** What the form of an Arazzo document cannot say: names that must be there, be there once, and not go in circles. */

import type { Report } from '../consistency/consistency.js';
import { type ContractProblem, orOneOf } from '../contract-error.js';
import { locationOf, placeIn } from '../document/documents.js';
import { displayName } from '../document/locate.js';
import { templateNames } from '../http/path.js';
import {
  type ArazzoDocument,
  type ArazzoItem,
  type ArazzoNode,
  itemsOf,
  near,
  nodesOf,
  operationOf,
  ownSources,
  textIn,
  workflowOf,
} from './arazzo-document.js';
import { checkExpressions } from './arazzo-expressions.js';
import { inputMistakes, inputsOf } from './arazzo-inputs.js';

/** Everything about a well-formed Arazzo document that makes no sense, each with its place. */
export function workflowProblems(document: ArazzoDocument): ContractProblem[] {
  const problems: ContractProblem[] = [];
  const report: Report = (code, at, what, fix) =>
    problems.push({ code, what, fix, location: locationOf(document.documents, at) });
  checkSources(document, report);
  const workflows = nodesOf(document.root, 'workflows');
  checkOnce(workflows, 'workflowId', 'workflow', report);
  for (const workflow of workflows) {
    checkWorkflow(document, workflow, report);
    checkExpressions(document, workflow, report);
  }
  checkCircles(document, workflows, report);
  return problems;
}

function checkSources(document: ArazzoDocument, report: Report): void {
  const sources = nodesOf(document.root, 'sourceDescriptions');
  checkOnce(sources, 'name', 'source description', report);
  if (ownSources(document).length > 0) return;
  const what = `no source description is ${displayName(document.contract.files[0] ?? '')}, the contract that is called`;
  report('invalid-workflow', placeIn(document.root.at, 'sourceDescriptions'), what, 'Add it');
}

function checkOnce(nodes: readonly ArazzoNode[], member: string, kind: string, report: Report): void {
  const seen = new Set<string>();
  for (const node of nodes) {
    const name = textIn(node, member) ?? '';
    const what = `there is another ${kind} "${name}"`;
    if (seen.has(name)) report('invalid-workflow', placeIn(node.at, member), what, 'Choose another name');
    seen.add(name);
  }
}

function checkWorkflow(document: ArazzoDocument, workflow: ArazzoNode, report: Report): void {
  for (const { code, at, what, fix } of inputMistakes(document, workflow)) report(code, at, what, fix);
  const steps = nodesOf(workflow, 'steps');
  checkOnce(steps, 'stepId', 'step', report);
  checkDependencies(document, workflow, report);
  checkNames('parameter', itemsOf(document, workflow, 'parameters', 'parameters'), report);
  for (const list of ['successActions', 'failureActions'] as const)
    checkActions(document, steps, itemsOf(document, workflow, list, list), report);
  for (const step of steps) checkStep(document, steps, step, report);
}

function checkDependencies(document: ArazzoDocument, workflow: ArazzoNode, report: Report): void {
  for (const [index, name] of dependenciesOf(workflow).entries()) {
    const found = workflowOf(document, name);
    if ('workflow' in found) continue;
    const { what, fix } = found.unresolved;
    report('invalid-workflow', placeIn(placeIn(workflow.at, 'dependsOn'), index), what, fix);
  }
}

function dependenciesOf(workflow: ArazzoNode): readonly string[] {
  const { dependsOn } = workflow.value;
  return Array.isArray(dependsOn) ? dependsOn.map(String) : [];
}

const calls = ['operationId', 'operationPath', 'workflowId'] as const;

function checkStep(
  document: ArazzoDocument,
  steps: readonly ArazzoNode[],
  step: ArazzoNode,
  report: Report,
): void {
  const parameters = itemsOf(document, step, 'parameters', 'parameters');
  checkNames('parameter', parameters, report);
  checkActions(document, steps, itemsOf(document, step, 'onSuccess', 'successActions'), report);
  checkActions(document, steps, itemsOf(document, step, 'onFailure', 'failureActions'), report);
  const [call, second] = calls.filter((each) => step.value[each] !== undefined);
  const name = `the step "${textIn(step, 'stepId')}"`;
  if (call === undefined) {
    const fix = 'Add "operationId", "operationPath" or "workflowId"';
    report('invalid-workflow', step.at, `${name} calls nothing`, fix);
  } else if (second !== undefined) {
    const what = `${name} has both "${call}" and "${second}"`;
    report('invalid-workflow', placeIn(step.at, second), what, 'Remove one of them');
  } else if (call === 'workflowId') checkWorkflowCall(document, step, parameters, report);
  else checkOperationCall(document, step, call, parameters, report);
}

const onlyOfOperations = ['requestBody', 'x-request', 'x-times'] as const;

function checkWorkflowCall(
  document: ArazzoDocument,
  step: ArazzoNode,
  parameters: readonly ArazzoItem[],
  report: Report,
): void {
  for (const member of onlyOfOperations) {
    if (step.value[member] === undefined) continue;
    const what = `a step that calls a workflow takes no "${member}"`;
    report('invalid-workflow', placeIn(step.at, member), what, 'Remove it');
  }
  const called = workflowOf(document, textIn(step, 'workflowId') ?? '');
  if ('unresolved' in called) {
    const { what, fix } = called.unresolved;
    report('invalid-workflow', placeIn(step.at, 'workflowId'), what, fix);
    return;
  }
  const known = inputsOf(document, called.workflow).map(({ name }) => name);
  for (const item of parameters) {
    const name = item.kind === 'found' ? textIn(item.node, 'name') : undefined;
    if (name === undefined || known.includes(name)) continue;
    const what = `the workflow "${textIn(called.workflow, 'workflowId')}" has no input "${name}"`;
    report('invalid-workflow', item.use.at, what, orOneOf('Declare it there', near(name, known)));
  }
}

function checkOperationCall(
  document: ArazzoDocument,
  step: ArazzoNode,
  call: string,
  parameters: readonly ArazzoItem[],
  report: Report,
): void {
  if (step.value['x-shared'] !== undefined) {
    const what = 'only a step that calls a workflow can share it';
    report('invalid-workflow', placeIn(step.at, 'x-shared'), what, 'Remove it');
  }
  const found = operationOf(document, step);
  if ('unresolved' in found)
    report('invalid-workflow', placeIn(step.at, call), found.unresolved.what, found.unresolved.fix);
  for (const item of parameters) {
    if (item.kind === 'unresolved') continue;
    const name = textIn(item.node, 'name') ?? '';
    if (item.node.value.in === undefined) {
      const what = `the parameter "${name}" does not say where it is sent`;
      const fix = 'Add in: path, query, header or cookie';
      report('invalid-workflow', item.use.at, what, fix);
    } else if (item.node.value.in === 'path' && 'operation' in found) {
      const known = templateNames(found.operation.path);
      const what = `the path ${found.operation.path} has no {${name}}`;
      if (!known.includes(name))
        report('invalid-workflow', item.use.at, what, orOneOf('Correct the name', known));
    }
  }
}

/** Of the items of one list, each has a name that none of the others has: of parameters, in the same part of the request. */
function checkNames(kind: 'parameter' | 'action', items: readonly ArazzoItem[], report: Report): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (item.kind === 'unresolved') {
      report('unresolved-reference', item.use.at, item.unresolved.what, item.unresolved.fix);
      continue;
    }
    const name = textIn(item.node, 'name') ?? '';
    const key = `${textIn(item.node, 'in') ?? ''} ${name}`;
    const what = `the ${kind} "${name}" is given twice`;
    if (seen.has(key)) report('invalid-workflow', item.use.at, what, 'Keep one of the two');
    seen.add(key);
  }
}

function checkActions(
  document: ArazzoDocument,
  steps: readonly ArazzoNode[],
  items: readonly ArazzoItem[],
  report: Report,
): void {
  checkNames('action', items, report);
  for (const item of items) if (item.kind === 'found') checkTarget(document, steps, item.node, report);
}

/** Where an action leads: a `goto` to one place, a `retry` to at most one, an `end` nowhere. */
function checkTarget(
  document: ArazzoDocument,
  steps: readonly ArazzoNode[],
  action: ArazzoNode,
  report: Report,
): void {
  const [name, type] = [textIn(action, 'name'), textIn(action, 'type')];
  const [stepId, workflowId] = [textIn(action, 'stepId'), textIn(action, 'workflowId')];
  const wrong = (what: string, fix: string, member?: string): void =>
    report('invalid-workflow', member === undefined ? action.at : placeIn(action.at, member), what, fix);
  if (type === 'goto' && stepId === undefined && workflowId === undefined)
    wrong(`the action "${name}" does not say where to go`, 'Add "stepId" or "workflowId"');
  if (stepId !== undefined && workflowId !== undefined)
    wrong(`the action "${name}" has both "stepId" and "workflowId"`, 'Remove one of them', 'workflowId');
  for (const member of ['stepId', 'workflowId'] as const) {
    if (type !== 'end' || action.value[member] === undefined) continue;
    wrong(`the action "${name}" ends the workflow, and names a "${member}"`, 'Remove it', member);
  }
  const known = steps.flatMap((step) => textIn(step, 'stepId') ?? []);
  if (stepId !== undefined && !known.includes(stepId)) {
    const fix = orOneOf('Add it', near(stepId, known));
    wrong(`this workflow has no step "${stepId}"`, fix, 'stepId');
  }
  const found = workflowId === undefined ? undefined : workflowOf(document, workflowId);
  if (found !== undefined && 'unresolved' in found)
    wrong(found.unresolved.what, found.unresolved.fix, 'workflowId');
}

/** No workflow waits for itself, by what it depends on or by what its steps call. */
function checkCircles(document: ArazzoDocument, workflows: readonly ArazzoNode[], report: Report): void {
  const needsOf = (workflow: ArazzoNode): readonly string[] => [
    ...dependenciesOf(workflow),
    ...nodesOf(workflow, 'steps').flatMap((step) => textIn(step, 'workflowId') ?? []),
  ];
  const told = new Set<string>();
  const follow = (workflow: ArazzoNode, trail: readonly string[]): void => {
    const id = textIn(workflow, 'workflowId') ?? '';
    if (trail.includes(id)) {
      const circle = trail.slice(trail.indexOf(id));
      if (circle.some((each) => told.has(each))) return;
      for (const each of circle) told.add(each);
      const what = `the workflow "${id}" needs itself: ${[...circle, id].join(' -> ')}`;
      report('invalid-workflow', placeIn(workflow.at, 'workflowId'), what, 'Break the circle');
      return;
    }
    if (done.has(id)) return;
    for (const name of needsOf(workflow)) {
      const found = workflowOf(document, name);
      if ('workflow' in found) follow(found.workflow, [...trail, id]);
    }
    done.add(id);
  };
  const done = new Set<string>();
  for (const workflow of workflows) follow(workflow, []);
}
