/** Runtime expressions of workflows (Arazzo 1.0, section 4.8): parsed, and evaluated over a workflow that runs. */

import { isObject, type Json, pointerTokens, valueAt } from '../json.js';
import { remembered } from '../remembered.js';
import { type Expression, evaluate, parseExpression, type Scope } from '../rules/expression.js';
import type { Template } from './workflow.js';

export type WorkflowExpression =
  | { readonly kind: 'exchange'; readonly expression: Expression }
  | {
      readonly kind: 'named';
      readonly source: NamedSource;
      /** With dots in it, either the name itself or a name and the members to walk into. */
      readonly name: string;
      readonly tokens: readonly string[];
    };

/** Whose inputs or outputs an expression names. */
type NamedSource =
  | { readonly kind: 'inputs' | 'outputs' }
  | { readonly kind: 'step'; readonly id: string }
  | { readonly kind: 'workflow'; readonly id: string; readonly of: 'inputs' | 'outputs' };

type Values = Readonly<Record<string, Json>>;

/** What the expressions of a workflow are evaluated over, as far as it has run. */
export type WorkflowScope = {
  readonly inputs: Values;
  /** The outputs of the steps that were taken, by the step's id. */
  readonly steps: Readonly<Record<string, Values>>;
  /** The workflows that have run, by id. */
  readonly workflows: Readonly<Record<string, { readonly inputs: Values; readonly outputs: Values }>>;
  /** What `$outputs` names: at a step that calls a workflow the outputs of that, else those of the workflow itself. */
  readonly outputs: Values;
  /** The last exchange; undefined before the first. */
  readonly exchange: Scope | undefined;
};

const id = '[A-Za-z0-9_-]+';
const named = new RegExp(
  `^\\$(?:(inputs|outputs)|steps\\.(${id})\\.outputs|workflows\\.(${id})\\.(inputs|outputs))\\.([^#\\s{}]+)(?:#(/.*)?)?$`,
  's',
);
const embedded = /\{(\$[^{}]+)\}/g;

/** Parses an expression; undefined when the text is none, so that it stands for itself. */
export const parseWorkflowExpression: (text: string) => WorkflowExpression | undefined =
  remembered(readWorkflowExpression);

function readWorkflowExpression(text: string): WorkflowExpression | undefined {
  const [, own, step, workflow, of, name, pointer] = named.exec(text) ?? [];
  if (name !== undefined) {
    const source: NamedSource =
      step !== undefined
        ? { kind: 'step', id: step }
        : workflow !== undefined
          ? { kind: 'workflow', id: workflow, of: of === 'inputs' ? 'inputs' : 'outputs' }
          : { kind: own === 'inputs' ? 'inputs' : 'outputs' };
    return { kind: 'named', source, name, tokens: pointerTokens(pointer ?? '') };
  }
  const members = /^(\$(?:request|response)\.body)\.([^#\s{}]+)$/.exec(text);
  const expression = parseExpression(members?.[1] ?? text);
  if (expression === undefined || expression.kind === 'credential' || expression.kind === 'state')
    return undefined;
  if (expression.kind !== 'body' || members?.[2] === undefined) return { kind: 'exchange', expression };
  return { kind: 'exchange', expression: { ...expression, tokens: members[2].split('.') } };
}

/** The value of an expression; undefined when what it names is not there. */
export function evaluateWorkflowExpression(
  expression: WorkflowExpression,
  scope: WorkflowScope,
): Json | undefined {
  if (expression.kind === 'exchange')
    return scope.exchange === undefined ? undefined : evaluate(expression.expression, scope.exchange);
  const values = valuesOf(expression.source, scope) ?? {};
  if (Object.hasOwn(values, expression.name)) return valueAt(values[expression.name], expression.tokens);
  const found = readings(expression.name).find(([name]) => Object.hasOwn(values, name));
  return found && valueAt(values[found[0]], [...found[1], ...expression.tokens]);
}

/** The names that the name of an expression may mean, the longest first, each with the members that are left over. */
export function readings(name: string): readonly (readonly [name: string, members: readonly string[]])[] {
  const parts = name.split('.');
  return parts.map((_, index) => {
    const length = parts.length - index;
    return [parts.slice(0, length).join('.'), parts.slice(length)] as const;
  });
}

/** The value of a template; undefined when an expression in it, however deep, names what is not there. */
export function evaluateTemplate(template: Template, scope: WorkflowScope): Json | undefined {
  if (typeof template === 'string') return evaluateText(template, scope);
  if (Array.isArray(template)) {
    const items = template.map((item) => evaluateTemplate(item, scope));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isObject(template)) return template;
  const members: [string, Json][] = [];
  for (const [name, member] of Object.entries(template)) {
    const value = evaluateTemplate(member, scope);
    if (value === undefined) return undefined;
    members.push([name, value]);
  }
  return Object.fromEntries(members);
}

function evaluateText(text: string, scope: WorkflowScope): Json | undefined {
  if (!text.includes('$')) return text;
  const whole = text.startsWith('$') ? parseWorkflowExpression(text) : undefined;
  if (whole !== undefined) return evaluateWorkflowExpression(whole, scope);
  return withValues(text, scope, textOf);
}

/** A text with the values of the expressions in it, each written as told; undefined when one of them is not there. */
export function withValues(
  text: string,
  scope: WorkflowScope,
  write: (value: Json) => string,
): string | undefined {
  let complete = true;
  const written = text.replace(embedded, (match, inner: string) => {
    const expression = parseWorkflowExpression(inner);
    if (expression === undefined) return match;
    const value = evaluateWorkflowExpression(expression, scope);
    complete &&= value !== undefined;
    return value === undefined ? '' : write(value);
  });
  return complete ? written : undefined;
}

/** A value as text: a text as it is, anything else as JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The texts in a text that stand where an expression may: the whole of it, or each in braces. */
export function expressionTexts(text: string): readonly string[] {
  return text.startsWith('$') ? [text] : embeddedTexts(text);
}

/** The texts in braces that begin with `$`. */
export function embeddedTexts(text: string): readonly string[] {
  return [...text.matchAll(embedded)].flatMap(([, inner]) => inner ?? []);
}

/** Whether a text was clearly meant as an expression: it begins like one. */
export function isMeantAsExpression(text: string): boolean {
  return /^\$(?:inputs|outputs|steps|workflows|request|response|sourceDescriptions|components)\./.test(text);
}

/**
 * The names that a template mentions as `$inputs.NAME`. A name with dots is followed by the shorter ones that it may mean:
 * `$inputs.user.name` mentions `user.name` and `user`.
 */
export function mentionedInputs(template: Template): readonly string[] {
  if (typeof template === 'string') return mentionedIn(template);
  return [...new Set(textsOf(template).flatMap(mentionedIn))];
}

const mentionedIn = remembered((text) => inputNames(expressionTexts(text).map(parseWorkflowExpression)));

/** The inputs among what expressions name, in the same way. */
export function inputNames(expressions: readonly (WorkflowExpression | undefined)[]): readonly string[] {
  const names = expressions.flatMap((expression) =>
    expression?.kind === 'named' && expression.source.kind === 'inputs' ? readings(expression.name) : [],
  );
  return [...new Set(names.map(([name]) => name))];
}

/** The texts in a template that may have expressions in them. */
function textsOf(template: Template, found: string[] = []): readonly string[] {
  if (typeof template === 'string') {
    if (template.includes('$')) found.push(template);
  } else if (typeof template === 'object' && template !== null)
    for (const member of Object.values(template)) textsOf(member, found);
  return found;
}

function valuesOf(source: NamedSource, scope: WorkflowScope): Values | undefined {
  switch (source.kind) {
    case 'step':
      return own(scope.steps, source.id);
    case 'workflow':
      return own(scope.workflows, source.id)?.[source.of];
    default:
      return scope[source.kind];
  }
}

function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
