/** Path templates: what they name, which one a path matches, which one was probably meant. */

import { distance } from 'fastest-levenshtein';
import { type Asked, type Fits, type FixedPart, fixedParts, isSent, pathOfKey } from './path-key.js';
import { escapeOf, keptEncoded, normalise } from './percent.js';

export { percentDecoded, percentEncoded } from './percent.js';

/** The template that a path matched, with the text of its parameters as sent: still percent-encoded. */
export type PathMatch<T> = {
  readonly template: string;
  readonly value: T;
  readonly parameters: Readonly<Record<string, string>>;
};

/** The literal texts of a template segment, normalised, with one template expression between each two of them. */
type Segment = { readonly literals: readonly string[]; readonly names: readonly string[] };

type Leaf<T> = {
  readonly template: string;
  readonly value: T;
  readonly names: readonly string[];
  readonly fixed: readonly FixedPart[];
};

type Pattern<T> = { readonly expression: RegExp; readonly literalLength: number; readonly node: Node<T> };

type Node<T> = {
  readonly literals: Map<string, Node<T>>;
  /** The partly templated segments that may follow, most literal text first. */
  readonly patterns: Pattern<T>[];
  whole: Node<T> | undefined;
  /** What ends here, those that ask for most first. */
  readonly leaves: Leaf<T>[];
};

const templateExpression = /\{([^{}]*)\}/;
const everyExpression = /\{([^{}]*)\}/g;
const slashOutsideExpression = /\/(?![^{}]*\})/;
const literalUnits = /%[\dA-F]{2}|./gsu;
const syntaxCharacters = /[\\^$.*+?()[\]{}|/]/g;
/** A character or an escape of a path segment, never half an escape. */
const unit = '(?:[^%]|%[\\dA-Fa-f]{2}|%(?![\\dA-Fa-f]{2}))';

/** The names of the template expressions, in order (OpenAPI 3.1, section 4.8.8.1). */
export function templateNames(template: string): readonly string[] {
  return Array.from(template.matchAll(everyExpression), ([, name = '']) => name);
}

/**
 * A matcher for many templates (OpenAPI 3.1, section 4.8.8.2). At each segment, from the left, literal text comes
 * before a partly templated segment, and that before a wholly templated one; when the rest of the path then does
 * not match, the next is tried. Literal text is compared as RFC 3986, section 6.2.2 says: `%7E` is `~`, but `%2F`
 * is no slash. A parameter is never empty. Of templates of the same shape the first counts that has what is asked for,
 * and else the first; of keys that differ in what stands behind a `?` or `#`, the one that asks for most of what was sent.
 */
export function compilePaths<T>(
  entries: Iterable<readonly [template: string, value: T]>,
  fits?: Fits<T>,
): (path: string, asked?: Asked<T>) => PathMatch<T> | undefined {
  const root = emptyNode<T>();
  for (const [template, value] of entries) {
    let node = root;
    for (const segment of segmentsOf(template)) node = following(node, segment);
    const names = templateNames(pathOfKey(template));
    node.leaves.push({ template, value, names, fixed: fixedParts(template) });
    if (node.leaves.length > 1) node.leaves.sort((a, b) => b.fixed.length - a.fixed.length);
  }
  return (path, asked) => {
    const texts: string[] = [];
    const leaf = find(root, path, 0, texts, asked && { asked, fits });
    if (leaf === undefined) return undefined;
    return { template: leaf.template, value: leaf.value, parameters: parametersOf(leaf, texts) };
  };
}

/** The path of a template with percent-encoded values in it. A value that is missing is a TypeError. */
export function expandPath(template: string, parameters: Readonly<Record<string, string>>): string {
  // What is no ASCII between the names is encoded as it is sent (RFC 3986, section 2.1).
  const sent = template.replace(/\{[^{}]*\}|[^\x21-\x7e]+/g, (part) =>
    part.startsWith('{') ? part : encodeURIComponent(part),
  );
  return sent.replace(everyExpression, (_, name: string) => {
    const text = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (text === undefined) throw new TypeError(`The path ${template} needs a value for '${name}'.`);
    return text;
  });
}

/** A key that is equal for templates which differ only in names: those are identical (OpenAPI 3.1, section 4.8.8.2). */
export function sameShape(template: string): string {
  const path = segmentsOf(template)
    .map((segment) => segment.literals.join('{}'))
    .join('/');
  const fixed = fixedParts(template).map(({ name, value = '' }) => `${name}=${value}`);
  return fixed.length === 0 ? path : `${path}?${fixed.join('&')}`;
}

/**
 * The template that a person most likely meant by a path that matches none. Text in the place of a template
 * expression costs nothing; undefined when the rest differs in more than half of the template's own text.
 */
export function nearestPath(path: string, templates: Iterable<string>): string | undefined {
  const sent = path.split('/').map(normalise);
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const template of templates) {
    const segments = segmentsOf(template);
    const edits = editsBetween(sent, segments);
    const length = segments.reduce((sum, segment) => sum + literalLength(segment) + 1, -1);
    if (edits < least && edits <= Math.ceil(length / 2)) [nearest, least] = [template, edits];
  }
  return nearest;
}

function segmentsOf(template: string): Segment[] {
  return pathOfKey(template)
    .split(slashOutsideExpression)
    .map((segment) => {
      const parts = segment.split(templateExpression);
      return {
        literals: parts.filter((_, index) => index % 2 === 0).map(normalise),
        names: parts.filter((_, index) => index % 2 === 1),
      };
    });
}

function emptyNode<T>(): Node<T> {
  return { literals: new Map(), patterns: [], whole: undefined, leaves: [] };
}

/** The node that a segment leads to, made when it is new. */
function following<T>(node: Node<T>, segment: Segment): Node<T> {
  if (segment.names.length === 0) {
    const literal = segment.literals.join('');
    const known = node.literals.get(literal) ?? emptyNode<T>();
    node.literals.set(literal, known);
    return known;
  }
  if (isWhole(segment)) {
    node.whole ??= emptyNode<T>();
    return node.whole;
  }
  const expression = segmentExpression(segment);
  const known = node.patterns.find((pattern) => pattern.expression.source === expression.source);
  if (known !== undefined) return known.node;
  const pattern = { expression, literalLength: literalLength(segment), node: emptyNode<T>() };
  node.patterns.push(pattern);
  node.patterns.sort((a, b) => b.literalLength - a.literalLength);
  return pattern.node;
}

function isWhole(segment: Segment): boolean {
  return segment.names.length === 1 && literalLength(segment) === 0;
}

function literalLength(segment: Segment): number {
  return segment.literals.reduce((sum, literal) => sum + literal.length, 0);
}

/**
 * Each value is as long as it can be, the first foremost. The others do not run past the literal before them, except
 * at their end, where it could be their own: this changes no match, but keeps the time linear in the segment's length.
 */
function segmentExpression({ literals }: Segment): RegExp {
  const sources = literals.map((literal) => literal.replace(literalUnits, unitExpression));
  const values = literals.map((literal, index) => {
    const width = Math.max(1, literal.match(literalUnits)?.length ?? 0);
    return index === 0 ? `(${unit}+)` : `((?:(?!${sources[index]})${unit})*${unit}{1,${width}})`;
  });
  return new RegExp(`^${sources.map((source, index) => (values[index - 1] ?? '') + source).join('')}$`);
}

/** A literal character in any equivalent spelling; a reserved one only as the template spells it. */
function unitExpression(unit: string): string {
  if (unit.length === 3 && unit.startsWith('%')) return hexInEitherCase(unit);
  const plain = unit.replace(syntaxCharacters, '\\$&');
  return unit.search(keptEncoded) === 0 ? plain : `(?:${plain}|${hexInEitherCase(escapeOf(unit))})`;
}

function hexInEitherCase(escapes: string): string {
  return escapes.replace(/[A-F]/g, (digit) => `[${digit}${digit.toLowerCase()}]`);
}

/** The leaf that the path leads to from a node, the parameter texts on the way left in `texts`. */
function find<T>(
  node: Node<T>,
  path: string,
  start: number,
  texts: string[],
  wanted: Wanted<T> | undefined,
): Leaf<T> | undefined {
  if (start > path.length) return leafFor(node.leaves, texts, wanted);
  const slash = path.indexOf('/', start);
  const end = slash === -1 ? path.length : slash;
  const segment = path.slice(start, end);
  const literal = node.literals.get(normalise(segment));
  const found = literal && find(literal, path, end + 1, texts, wanted);
  return (
    found ??
    findPattern(node, segment, path, end, texts, wanted) ??
    findWhole(node, segment, path, end, texts, wanted)
  );
}

function parametersOf<T>({ names }: Leaf<T>, texts: readonly string[]): Readonly<Record<string, string>> {
  if (names.length === 0) return noParameters;
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}

/** What a request asks for, and how it is seen what fits. */
type Wanted<T> = { readonly asked: Asked<T>; readonly fits: Fits<T> | undefined };

const noParameters = Object.freeze({});

/**
 * Of what ends at a place: what has all that it asks for among what was sent and is accepted, first what the parameters fit;
 * else what is not accepted.
 */
function leafFor<T>(
  leaves: readonly Leaf<T>[],
  texts: readonly string[],
  wanted: Wanted<T> | undefined,
): Leaf<T> | undefined {
  const [first] = leaves;
  if (wanted === undefined || (leaves.length === 1 && first?.fixed.length === 0)) return first;
  const { asked, fits } = wanted;
  const sent = leaves.filter(({ fixed }) => fixed.every((part) => isSent(part, asked)));
  const accepted = sent.filter(({ value }) => asked.accepts(value));
  const meant =
    accepted.length < 2 || fits === undefined
      ? undefined
      : accepted.find((leaf) => fits(leaf.value, parametersOf(leaf, texts)));
  return meant ?? accepted[0] ?? sent[0];
}

function findPattern<T>(
  node: Node<T>,
  segment: string,
  path: string,
  end: number,
  texts: string[],
  wanted: Wanted<T> | undefined,
): Leaf<T> | undefined {
  for (const pattern of node.patterns) {
    const captures = pattern.expression.exec(segment);
    if (captures === null) continue;
    const known = texts.length;
    texts.push(...captures.slice(1));
    const found = find(pattern.node, path, end + 1, texts, wanted);
    if (found !== undefined) return found;
    texts.length = known;
  }
  return undefined;
}

function findWhole<T>(
  node: Node<T>,
  segment: string,
  path: string,
  end: number,
  texts: string[],
  wanted: Wanted<T> | undefined,
): Leaf<T> | undefined {
  if (node.whole === undefined || segment === '') return undefined;
  texts.push(segment);
  const found = find(node.whole, path, end + 1, texts, wanted);
  if (found === undefined) texts.pop();
  return found;
}

/** The least edits that make the segments sent those of the template, a missing or extra segment included. */
function editsBetween(sent: readonly string[], segments: readonly Segment[]): number {
  let above = [0];
  for (const text of sent) above.push((above.at(-1) ?? 0) + text.length + 1);
  for (const segment of segments) {
    const row = [(above[0] ?? 0) + literalLength(segment) + 1];
    for (const [index, text] of sent.entries()) {
      const replaced = (above[index] ?? 0) + editsWithin(text, segment);
      const inserted = (above[index + 1] ?? 0) + literalLength(segment) + 1;
      const removed = (row[index] ?? 0) + text.length + 1;
      row.push(Math.min(replaced, inserted, removed));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}

function editsWithin(text: string, segment: Segment): number {
  const literal = segment.literals.join('');
  const edits = distance(text, literal);
  if (segment.names.length === 0) return edits;
  return text === '' ? edits + 1 : edits - Math.max(0, text.length - literal.length);
}
