/** Simple conditions (Arazzo 1.0, section 4.6.12): literals, operators and expressions, parsed and evaluated. */

import { isObject, type Json, jsonEquals } from '../json.js';
import {
  evaluateWorkflowExpression,
  parseWorkflowExpression,
  type WorkflowExpression,
  type WorkflowScope,
} from './workflow-expression.js';

const comparisons = ['==', '!=', '<=', '>=', '<', '>'] as const;
type Comparison = (typeof comparisons)[number];

export type SimpleCondition =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: WorkflowExpression; readonly source: string }
  | { readonly kind: 'member'; readonly of: SimpleCondition; readonly name: SimpleCondition }
  | { readonly kind: 'not'; readonly condition: SimpleCondition }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: SimpleCondition;
      readonly right: SimpleCondition;
    }
  | { readonly kind: 'and' | 'or'; readonly left: SimpleCondition; readonly right: SimpleCondition };

/** What is wrong with a text that is no condition, and what to do. */
export type ConditionMistake = { readonly what: string; readonly fix: string };

type Token = {
  readonly kind: 'literal' | 'expression' | 'operator' | 'member';
  readonly text: string;
};

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['expression', /\{\$[^{}]+\}|\$[^\s=!<>&|()[\]'"]+/y],
  [
    'literal',
    /'(?:[^']|'')*'|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?![\w.])/y,
  ],
  ['operator', /[<>=!]=|&&|\|\||[<>!()[\]]/y],
  ['member', /\.[\w$-]+/y],
];

/** Parses a condition; or tells what is wrong with it. */
export function parseCondition(text: string): SimpleCondition | { readonly mistake: ConditionMistake } {
  try {
    return new Parser(tokensOf(text)).whole();
  } catch (error) {
    if (error instanceof Unreadable) return { mistake: error.mistake };
    throw error;
  }
}

/** Ends the descent of the parser; it never leaves this file. */
class Unreadable extends Error {
  readonly mistake: ConditionMistake;

  constructor(what: string, fix: string) {
    super(what);
    this.mistake = { what, fix };
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === undefined) throw strange(text.slice(at));
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found };
  }
  return undefined;
}

function strange(rest: string): Unreadable {
  if (rest.startsWith("'"))
    return new Unreadable(`no quote ends ${rest}`, "Add ', and write a quote within as ''");
  const [word = rest.charAt(0)] = /^(?:"[^"]*"?|[^\s=!<>&|()[\]]+)/.exec(rest) ?? [];
  if (/^[="\w]/.test(word) && !rest.startsWith('='))
    return new Unreadable(`${word} is no literal`, "Put texts in single quotes, for example 'done'");
  if (rest.startsWith('=')) return new Unreadable('= is no operator', 'Compare with ==');
  return new Unreadable(`${word} cannot stand there`, 'Remove it');
}

/** A descent over the tokens, from what binds least to what binds most. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): SimpleCondition {
    const condition = this.#or();
    const rest = this.#tokens[this.#at];
    if (rest === undefined) return condition;
    if (isComparison(rest.text))
      throw new Unreadable(
        'two comparisons are chained',
        'Join them by && or ||, or group them by parentheses',
      );
    throw new Unreadable(`"${rest.text}" is one too many`, 'Remove it, or add an operator before it');
  }

  #or(): SimpleCondition {
    let left = this.#and();
    while (this.#takes('||')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): SimpleCondition {
    let left = this.#comparison();
    while (this.#takes('&&')) left = { kind: 'and', left, right: this.#comparison() };
    return left;
  }

  #comparison(): SimpleCondition {
    const left = this.#unary();
    const operator = comparisons.find((each) => this.#takes(each));
    return operator === undefined ? left : { kind: 'compare', operator, left, right: this.#unary() };
  }

  #unary(): SimpleCondition {
    if (this.#takes('!')) return { kind: 'not', condition: this.#unary() };
    let value = this.#primary();
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind === 'member') {
        this.#at += 1;
        value = { kind: 'member', of: value, name: { kind: 'literal', value: token.text.slice(1) } };
      } else if (this.#takes('[')) {
        value = { kind: 'member', of: value, name: this.#or() };
        this.#needs(']');
      } else return value;
    }
  }

  #primary(): SimpleCondition {
    if (this.#takes('(')) {
      const inner = this.#or();
      this.#needs(')');
      return inner;
    }
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Unreadable('something is missing at the end', 'Add it');
    this.#at += 1;
    if (token.kind === 'literal') return { kind: 'literal', value: literalOf(token.text) };
    if (token.kind !== 'expression')
      throw new Unreadable(`a value is missing before "${token.text}"`, 'Add it');
    const source = token.text.replace(/^\{(.*)\}$/s, '$1');
    const expression = parseWorkflowExpression(source);
    if (expression !== undefined) return { kind: 'expression', expression, source };
    throw new Unreadable(`"${source}" is not a runtime expression`, expressionFix);
  }

  #takes(operator: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'operator' || token.text !== operator) return false;
    this.#at += 1;
    return true;
  }

  #needs(operator: string): void {
    if (!this.#takes(operator)) throw new Unreadable(`a "${operator}" is missing`, 'Add it');
  }
}

/** What to write where an expression is needed. */
export const expressionFix =
  'Use $statusCode, $response.body#/…, $response.header.…, $request.…, $inputs.NAME, $steps.ID.outputs.NAME or $workflows.ID.outputs.NAME';

function isComparison(text: string): text is Comparison {
  return comparisons.some((each) => each === text);
}

function literalOf(text: string): Json {
  return text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : JSON.parse(text);
}

/** Whether a condition holds. What is not there is as null, a number as its text, and letter case does not matter. */
export function conditionHolds(condition: SimpleCondition, scope: WorkflowScope): boolean {
  return isTrue(valueIn(condition, scope));
}

/** The expressions of a condition, in order, as they are written. */
export function conditionExpressions(
  condition: SimpleCondition,
): readonly { readonly expression: WorkflowExpression; readonly source: string }[] {
  switch (condition.kind) {
    case 'literal':
      return [];
    case 'expression':
      return [condition];
    case 'member':
      return [condition.of, condition.name].flatMap(conditionExpressions);
    case 'not':
      return conditionExpressions(condition.condition);
    default:
      return [condition.left, condition.right].flatMap(conditionExpressions);
  }
}

function valueIn(condition: SimpleCondition, scope: WorkflowScope): Json | undefined {
  switch (condition.kind) {
    case 'literal':
      return condition.value;
    case 'expression':
      return evaluateWorkflowExpression(condition.expression, scope);
    case 'member':
      return memberOf(valueIn(condition.of, scope), valueIn(condition.name, scope));
    case 'not':
      return !conditionHolds(condition.condition, scope);
    case 'and':
      return conditionHolds(condition.left, scope) && conditionHolds(condition.right, scope);
    case 'or':
      return conditionHolds(condition.left, scope) || conditionHolds(condition.right, scope);
    case 'compare':
      return compares(valueIn(condition.left, scope), condition.operator, valueIn(condition.right, scope));
  }
}

function memberOf(value: Json | undefined, name: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(String(name)) ? value[Number(name)] : undefined;
  if (isObject(value) && name !== undefined && Object.hasOwn(value, String(name))) return value[String(name)];
  return undefined;
}

function isTrue(value: Json | undefined): boolean {
  return Array.isArray(value) || isObject(value) || Boolean(value);
}

function compares(left: Json | undefined, operator: Comparison, right: Json | undefined): boolean {
  switch (operator) {
    case '==':
      return isEqual(left ?? null, right ?? null);
    case '!=':
      return !isEqual(left ?? null, right ?? null);
    default:
      return isOrdered(left ?? null, operator, right ?? null);
  }
}

function isEqual(left: Json, right: Json): boolean {
  if (typeof left === 'string' && typeof right === 'string')
    return left.toLowerCase() === right.toLowerCase();
  const numbers = [numberOf(left), numberOf(right)];
  if (numbers.every((each) => each !== undefined)) return numbers[0] === numbers[1];
  if (typeof left === 'boolean' || typeof right === 'boolean')
    return String(left).toLowerCase() === String(right).toLowerCase();
  return jsonEquals(left, right);
}

function isOrdered(left: Json, operator: '<' | '<=' | '>' | '>=', right: Json): boolean {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return inOrder(a, operator, b);
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  return inOrder(left.toLowerCase(), operator, right.toLowerCase());
}

function inOrder<T extends number | string>(a: T, operator: '<' | '<=' | '>' | '>=', b: T): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** Headers and parameters are texts, so that a text of digits counts as their number. */
function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value))
    return undefined;
  return Number(value);
}
