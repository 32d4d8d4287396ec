/** Criteria (Arazzo 1.0, section 4.6.12): whether one holds, and what was compared with what. */

import { draftOf, jsonPathMistake, jsonPathNodes } from '../document/json-path.js';
import type { Json } from '../json.js';
import { remembered } from '../remembered.js';
import { isRegExp, regExpOf } from '../schema/pattern.js';
import {
  type ConditionMistake,
  conditionExpressions,
  conditionHolds,
  parseCondition,
  type SimpleCondition,
} from './condition.js';
import type { Criterion } from './workflow.js';
import {
  embeddedTexts,
  evaluateWorkflowExpression,
  inputNames,
  parseWorkflowExpression,
  textOf,
  type WorkflowScope,
  withValues,
} from './workflow-expression.js';

/** Whether a criterion holds, and why, in one clause without a full stop, which is written when it is read. */
export type CriterionResult = { readonly holds: boolean; readonly why: string };

/** Whether a criterion holds now. Nothing is thrown for what a server has answered: what cannot be asked does not hold. */
export function criterionHolds(criterion: Criterion, scope: WorkflowScope): CriterionResult {
  try {
    return criterion.type === 'simple' ? simpleHolds(criterion, scope) : appliedHolds(criterion, scope);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { holds: false, why: `${criterion.condition} cannot be asked of content that nests so deeply` };
  }
}

/** What is wrong with the condition of a criterion; undefined when nothing is. */
export function conditionMistake({ type, condition }: Criterion): ConditionMistake | undefined {
  if (type === 'simple') {
    const parsed = parseCondition(condition);
    return 'mistake' in parsed ? parsed.mistake : undefined;
  }
  const sample = condition.replace(/\{\$[^{}]+\}/g, '0');
  if (type === 'regex')
    return isRegExp(sample)
      ? undefined
      : { what: `"${condition}" is not a regular expression`, fix: 'Correct it' };
  const why = jsonPathMistake(sample);
  return why === undefined
    ? undefined
    : { what: `"${condition}" is not a JSONPath`, fix: `Write it as in RFC 9535: ${why}` };
}

/** The names that a criterion mentions as `$inputs.NAME`, in its condition or its context. */
export function criterionInputs({ type, condition, context }: Criterion): readonly string[] {
  const around = context === undefined ? [] : [parseWorkflowExpression(context)];
  if (type !== 'simple')
    return inputNames([...around, ...embeddedTexts(condition).map(parseWorkflowExpression)]);
  const parsed = parsedCondition(condition);
  const within = 'mistake' in parsed ? [] : conditionExpressions(parsed);
  return inputNames([...around, ...within.map(({ expression }) => expression)]);
}

const parsedCondition = remembered(parseCondition);

function simpleHolds({ condition }: Criterion, scope: WorkflowScope): CriterionResult {
  const parsed = parsedCondition(condition);
  if ('mistake' in parsed)
    return { holds: false, why: `${condition} is no condition: ${parsed.mistake.what}` };
  return told(conditionHolds(parsed, scope), condition, () => valuesIn(parsed, scope));
}

/** What each expression of a condition is, each told once. */
function valuesIn(condition: SimpleCondition, scope: WorkflowScope): readonly string[] {
  const sources = new Map(conditionExpressions(condition).map((each) => [each.source, each.expression]));
  return [...sources].map(
    ([source, expression]) => `${source} is ${shown(evaluateWorkflowExpression(expression, scope))}`,
  );
}

function appliedHolds(
  { type, condition, context = '$response.body' }: Criterion,
  scope: WorkflowScope,
): CriterionResult {
  const expression = parseWorkflowExpression(context);
  const value = expression && evaluateWorkflowExpression(expression, scope);
  const values = (): readonly string[] => [`${context} is ${shown(value)}`];
  const isPattern = type === 'regex';
  const written = withValues(condition, scope, (each) => (isPattern ? literally(each) : quoted(each)));
  if (value === undefined || written === undefined) return told(false, condition, values);
  try {
    const holds = isPattern
      ? regExpOf(written).test(textOf(value))
      : jsonPathNodes(written, draftOf(value)).length > 0;
    return told(holds, condition, values);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return told(false, condition, () => [...values(), `it could not be asked (${shortened(why)})`]);
  }
}

function told(holds: boolean, condition: string, valuesOf: () => readonly string[]): CriterionResult {
  return {
    holds,
    get why() {
      const verdict = `${condition} ${holds ? 'holds' : 'does not hold'}`;
      const values = valuesOf();
      return values.length === 0 ? verdict : `${verdict}: ${values.join(', ')}`;
    },
  };
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'not there' : shortened(JSON.stringify(value));
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > 200 ? `${characters.slice(0, 199).join('')}…` : text;
}

/** A value within a regular expression, standing for itself. */
function literally(value: Json): string {
  return textOf(value).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** A value within a JSONPath: a text for between quotes of either kind, anything else as JSON. */
function quoted(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replace(/["']/g, quoteEscape);
}

/** Either quote as \u escape, which both kinds of quotes take. */
function quoteEscape(quote: string): string {
  return quote === '"' ? '\\u0022' : '\\u0027';
}
