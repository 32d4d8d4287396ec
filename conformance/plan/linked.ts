/** Links followed: the operation that has the link is called, and then the one that it leads to, with what was answered. */

import type { StepParameter, Template } from '../../openapi/arazzo/workflow.js';
import { expressionTexts } from '../../openapi/arazzo/workflow-expression.js';
import { parseExpression } from '../../openapi/rules/expression.js';
import type { Planned } from '../planned.js';
import type { Base } from './base.js';
import { type Draft, mapTexts, withInput, withOutput, withStep, workflowOf } from './draft.js';
import { plainDraft } from './plain-draft.js';
import type { Ground } from './reach.js';
import { linksOf } from './sources.js';

/** The workflows that follow each link of an operation's answers (OpenAPI 3.1, section 4.8.20). */
export function linkCases({ contract }: Ground, { operation, draft, step }: Base): readonly Planned[] {
  const links = linksOf(contract).filter((each) => each.operation === operation);
  return links.flatMap(({ link, target }): readonly Planned[] => {
    if (target.transitions.some(({ resource }) => resource === undefined)) return []; // its rules lead there
    const asked = withStep(draft, { ...step, id: operation.id, outputs: [] });
    let current: Draft = asked.draft;
    const taken = (template: Template): Template =>
      mapTexts(template, (text) =>
        expressionTexts(text).reduce((whole, expression) => {
          if (parseExpression(expression) === undefined) return whole;
          const { draft: putting, name } = withOutput(current, asked.step.id, expression);
          current = putting;
          return whole.replace(expression, `$steps.${asked.step.id}.outputs.${name}`);
        }, text),
      );
    const given = link.parameters.flatMap(({ name, in: where, value }): StepParameter[] => {
      const described = target.parameters.find(
        (each) => each.name === name && (where === undefined || each.in === where),
      );
      return described === undefined ? [] : [{ name, in: described.in, value: taken(value) }];
    });
    const plain = plainDraft(contract, target);
    const others = plain.step.parameters.filter(
      (each) => !given.some(({ name, in: where }) => name === each.name && where === each.in),
    );
    const payload = link.requestBody === undefined ? undefined : taken(link.requestBody);
    const requestBody =
      payload === undefined ? plain.step.requestBody : { contentType: undefined, payload, replacements: [] };
    const called = { ...plain.step, parameters: [...others, ...given], requestBody };
    const complete = plain.draft.inputs.reduce(withInput, current);
    const summary = `${operation.id}, then ${target.id}: the link ${link.name}`;
    const workflow = workflowOf(summary, summary, withStep(complete, called).draft);
    return [{ workflow, phase: 'examples', operation: target, takesTime: false }];
  });
}
