/** The values of the state rules in plain words of Markdown. */

import { asObject, isObject, type Json, type JsonObject } from '../json.js';
import { type Expression, parseExpression } from '../rules/expression.js';

/** Text as a code span, whatever is in it (CommonMark 0.31, 6.1). */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 || line.trim() === '' ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** What a runtime expression stands for. One that nobody knows is shown as it is. */
function expressionText(text: string): string {
  const expression = parseExpression(text);
  if (expression === undefined) return code(text);
  switch (expression.kind) {
    case 'url':
      return 'the URL';
    case 'method':
      return 'the method';
    case 'status-code':
      return 'the status';
    case 'credential':
      return 'the credential';
    case 'body':
    case 'state':
      return bodyOrState(expression);
    case 'part': {
      const { of, part, name } = expression;
      const kind = { header: 'the header', query: 'the query parameter', path: 'the path parameter' }[part];
      return `${kind} ${code(name)}${of === 'response' ? ' of the answer' : ''}`;
    }
  }
}

function member(tokens: readonly string[], owner: string): string {
  return tokens.length === 0 ? owner : `${code(tokens.join('.'))} of ${owner}`;
}

/** A value as the rules write it. What nobody has words for is shown as it is. */
export function valueText(raw: Json): string {
  if (typeof raw === 'string') return raw.startsWith('$') ? expressionText(raw) : code(JSON.stringify(raw));
  if (Array.isArray(raw))
    return raw.length === 0 ? 'an empty list' : `a list of ${listed(raw.map(valueText))}`;
  if (!isObject(raw)) return code(JSON.stringify(raw));
  const operator = Object.keys(raw).find((name) => name.startsWith('$'));
  if (operator !== undefined) return madeText(operator, raw);
  if (Object.keys(raw).length === 0) return 'an empty record';
  return isPlain(raw) ? code(JSON.stringify(raw)) : `a record (${memberTexts(raw).join('; ')})`;
}

/** The key of an entry; several values are one key together. */
export function keyText(raw: Json): string {
  return Array.isArray(raw) ? listed(raw.map(valueText)) : valueText(raw);
}

/** `a` is B and `c` is D. */
export function membersText(raw: JsonObject): string {
  return listed(memberTexts(raw));
}

/** What each member is; those that are taken over as they are, together. */
function memberTexts(raw: JsonObject): readonly string[] {
  const taken = new Map<string, string[]>();
  const rest: string[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const owner = ownerOf(name, value);
    if (owner === undefined) rest.push(`${code(name)} is ${valueText(value)}`);
    else taken.set(owner, [...(taken.get(owner) ?? []), code(name)]);
  }
  const together = [...taken].map(([owner, names]) =>
    names.length === 1 ? `${names.join('')} is that of ${owner}` : `${listed(names)} are those of ${owner}`,
  );
  return [...rest, ...together];
}

/** What a member is taken from, when it has the same name there. */
function ownerOf(name: string, value: Json): string | undefined {
  const expression = typeof value === 'string' ? parseExpression(value) : undefined;
  if (expression?.kind !== 'body' && expression?.kind !== 'state') return undefined;
  if (expression.tokens.at(-1) !== name) return undefined;
  const outer = { ...expression, tokens: expression.tokens.slice(0, -1) };
  return bodyOrState(outer);
}

function bodyOrState(expression: Extract<Expression, { kind: 'body' | 'state' }>): string {
  if (expression.kind === 'state') return member(expression.tokens, `*${expression.name}*`);
  return member(expression.tokens, expression.of === 'request' ? 'the body' : 'the answer');
}

/** What a rule says beyond what there are words for. */
export function restText(raw: JsonObject, known: readonly string[]): string {
  const rest = Object.entries(raw).filter(([name]) => !known.includes(name));
  if (rest.length === 0) return '';
  return ` (${rest.map(([name, value]) => `${code(name)}: ${valueText(value)}`).join(', ')})`;
}

/** One, two and three. */
export function listed(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join('');
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

function isPlain(raw: Json): boolean {
  if (typeof raw === 'string') return !raw.startsWith('$');
  if (typeof raw !== 'object' || raw === null) return true;
  return Object.entries(raw).every(([name, value]) => !name.startsWith('$') && isPlain(value));
}

/** A value that is made of others. */
function madeText(operator: string, raw: JsonObject): string {
  const operand = raw[operator] ?? null;
  const parts = [operand].flat().map(valueText);
  switch (operator) {
    case '$generate':
      return generatedText(operand, raw);
    case '$first':
      return `the first that is there of ${listed(parts)}`;
    case '$merge':
      return parts.join(', overlaid with ');
    case '$sum':
      return `the sum of ${listed(parts)}`;
    case '$pick': {
      const nulls = raw.nulls === false ? ', but for those that are null' : '';
      return `those members of ${valueText(operand)} that ${valueText(raw.like ?? null)} has too${nulls}${restText(raw, [operator, 'like', 'nulls'])}`;
    }
    case '$entries':
      return entriesText(operand, raw);
    default:
      return code(JSON.stringify(raw));
  }
}

function generatedText(schema: Json, raw: JsonObject): string {
  const bound = raw.with === undefined ? '' : ` whose ${boundText(raw.with)}`;
  const unlike = raw.unlike === undefined ? '' : ` that is no key of ${code(String(raw.unlike))} yet`;
  const made = `a new ${schemaText(schema)}${bound}${unlike}`;
  const rest = restText(raw, ['$generate', 'with', 'example', 'unlike']);
  return raw.example === undefined ? `${made}${rest}` : `${valueText(raw.example)}, or else ${made}${rest}`;
}

function boundText(raw: Json): string {
  return isObject(raw) ? membersText(raw) : `value is ${valueText(raw)}`;
}

function schemaText(schema: Json): string {
  const reference = typeof schema === 'string' ? schema : asObject(schema).$ref;
  if (typeof reference === 'string') return code(reference.slice(reference.lastIndexOf('/') + 1));
  const { type, format } = asObject(schema);
  const name = typeof type === 'string' ? type : 'value';
  return typeof format === 'string' ? `${name} (${format})` : name;
}

function entriesText(collection: Json, raw: JsonObject): string {
  const records = `the records of ${code(String(collection))}`;
  const what = raw.count === true ? 'the number of ' : '';
  const of = typeof raw.member === 'string' ? `${code(raw.member)} of ` : '';
  const where = isObject(raw.where) ? ` whose ${membersText(raw.where)}` : '';
  const filter = isObject(raw.filter)
    ? `, of these those whose ${membersText(raw.filter)}, where that is given`
    : '';
  const gathered = typeof raw.gathered === 'string' ? `, their number as ${code(raw.gathered)}` : '';
  const gather =
    typeof raw.gather === 'string' ? `, those alike gathered by ${code(raw.gather)}${gathered}` : '';
  const order = raw.reverse === true ? ', the last first' : '';
  const bounds = ['page', 'limit', 'offset'].flatMap((name) =>
    raw[name] === undefined ? [] : [`, ${name} ${valueText(raw[name])}`],
  );
  const as = typeof raw.as === 'string' ? ` (*${raw.as}*)` : '';
  const each = raw.each === undefined ? '' : `, each${as} as ${valueText(raw.each)}`;
  const by = typeof raw.by === 'string' ? `, by their ${code(raw.by)}` : '';
  const known = ['$entries', 'count', 'member', 'where', 'filter', 'gather', 'gathered', 'reverse'];
  const rest = restText(raw, [...known, 'page', 'limit', 'offset', 'as', 'each', 'by']);
  return `${what}${of}${records}${where}${filter}${gather}${order}${bounds.join('')}${each}${by}${rest}`;
}
