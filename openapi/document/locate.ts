/** Source files: JSON or YAML text into a value, and a JSON Pointer into the line and column it stands at. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Node as JsonNode } from 'jsonc-parser';
import type { Alias, Document, LineCounter, Node, YAMLError } from 'yaml';
import { ContractError, type ContractProblem, type Location } from '../contract-error.js';
import { type Json, pointerTokens } from '../json.js';

/** A file as read: its text, the value that the text holds, and where in the text each part of the value stands. */
export type Source = {
  readonly file: string;
  readonly text: string;
  readonly value: Json;
  readonly locationAt: LocationAt;
};

/** Where a JSON Pointer points: at the member's name or the item; or at the nearest that exists. */
export type LocationAt = (pointer: string) => Location;

/** The parsers are loaded when the first text needs them: JSON alone, and what the build has read, needs none. */
const yaml = (): typeof import('yaml') => createRequire(import.meta.url)('yaml');
const jsonc = (): typeof import('jsonc-parser') => createRequire(import.meta.url)('jsonc-parser');

type OffsetAt = (tokens: readonly string[]) => number;
type Parsed = { readonly offsetAt: OffsetAt; readonly lines: LineCounter };
type Mistake = { readonly what: string; readonly fix: string; readonly offset: number };

/**
 * Parses JSON or YAML 1.2.
 * @throws ContractError with every syntax error of the file.
 */
export function parseSource(file: string, text: string): Source {
  const json = parseJson(text);
  if (json !== undefined) return knownSource(file, text, json);
  const { document, lines } = parseYaml(text);
  const mistakes = [...document.errors.map(mistakeOf), ...aliasMistakes(document)];
  const problems = mistakes
    .filter(({ offset }, index) => mistakes.findIndex((other) => other.offset === offset) === index)
    .map(({ what, fix, offset }): ContractProblem => {
      const location = { file: displayName(file), ...positionOf(lines, offset) };
      return { code: 'syntax', what, fix, location };
    });
  if (problems.length > 0) throw new ContractError(problems);
  const locationAt = locator(file, () => yamlPlaces(parseYaml(text)), text, yamlPlaces({ document, lines }));
  return { file, text, value: toJson(document, file), locationAt };
}

/** A file whose text is known to hold this value: it is parsed when somebody asks where a part of it stands. */
export function knownSource(file: string, text: string, value: Json): Source {
  const places = isLikeJson(text) ? () => jsonPlaces(text) : () => yamlPlaces(parseYaml(text));
  return { file, text, value, locationAt: locator(file, places, text) };
}

/** The same file with another value, whose places are those of the text as far as it has them, or as they are said to be. */
export function withValue(source: Source, value: Json, locationAt: LocationAt = source.locationAt): Source {
  return { ...source, value, locationAt };
}

/** Where a JSON Pointer points in a source. It is looked up when its line or column is asked for. */
export function locate(source: Source, pointer: string): Location {
  let known: Location | undefined;
  const found = (): Location => {
    known ??= source.locationAt(pointer);
    return known;
  };
  return {
    get file() {
      return found().file;
    },
    get line() {
      return found().line;
    },
    get column() {
      return found().column;
    },
  };
}

/** Texts longer than this are parsed again rather than kept as trees, when memory is short. */
const longText = 1_000_000;

function locator(file: string, parse: () => Parsed, { length }: string, first?: Parsed): LocationAt {
  let kept = length > longText ? undefined : first;
  let held = first === undefined ? undefined : new WeakRef(first);
  return (pointer) => {
    const parsed = kept ?? held?.deref() ?? parse();
    if (length > longText) held = new WeakRef(parsed);
    else kept = parsed;
    return { file: displayName(file), ...positionOf(parsed.lines, parsed.offsetAt(pointerTokens(pointer))) };
  };
}

const otherFiles = new Map<string, Source | undefined>();

/** Where a JSON Pointer points in a file that belongs to no contract, such as a document of workflows; its start when it cannot be read. */
export function locateInFile(file: string, pointer: string): Location {
  if (!otherFiles.has(file)) otherFiles.set(file, sourceIfReadable(file));
  const source = otherFiles.get(file);
  return source === undefined ? { file: displayName(file), line: 1, column: 1 } : locate(source, pointer);
}

function sourceIfReadable(file: string): Source | undefined {
  try {
    return parseSource(file, readFileSync(file, 'utf8'));
  } catch {
    return undefined; // it was readable when it was loaded: for a place in it its name must do
  }
}

/** A file's path relative to the working directory when it lies below it, else as it is. */
export function displayName(file: string): string {
  if (isRemote(file)) return file;
  const relative = path.relative('', file);
  return relative === '' || isAbove(relative) ? file : relative;
}

/** Whether a relative path leads out of the folder that it starts from. */
export function isAbove(relative: string): boolean {
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
}

export function isRemote(file: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(file);
}

function positionOf(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function yamlPlaces({ document, lines }: { document: Document; lines: LineCounter }): Parsed {
  return { lines, offsetAt: (tokens) => offsetOf(document, tokens) };
}

/** JSON is YAML, but a parser of its own takes an eighth of the time. */
function jsonPlaces(text: string): Parsed {
  const lines = new (yaml().LineCounter)();
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  const root = jsonc().parseTree(text);
  return { lines, offsetAt: (tokens) => (root === undefined ? 0 : jsonOffset(root, tokens)) };
}

function jsonOffset(root: JsonNode, tokens: readonly string[]): number {
  let node: JsonNode | undefined = root;
  let offset = root.offset;
  for (const token of tokens) {
    const children: readonly JsonNode[] = node?.children ?? [];
    if (node?.type === 'array') {
      node = children[Number(token)];
      offset = node?.offset ?? offset;
    } else {
      const member: JsonNode | undefined = children.findLast(
        ({ children: [name] = [] }) => name?.value === token,
      );
      node = member?.children?.[1];
      offset = member?.offset ?? offset;
    }
    if (node === undefined) break;
  }
  return offset;
}

function offsetOf(document: Document, tokens: readonly string[]): number {
  const { isAlias, isMap, isScalar, isSeq } = yaml();
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const token of tokens) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      // A name that stands twice is an error in YAML; in JSON the last one counts (ECMA-262, 25.5.1).
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === token);
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(token)];
      if (item === undefined) return offset;
      offset = startOf(item) ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return typeof node === 'object' && node !== null ? (node as Node).range?.[0] : undefined;
}

function parseYaml(text: string): { readonly document: Document; readonly lines: LineCounter } {
  const { LineCounter, parseDocument } = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  return { document, lines };
}

function parseJson(text: string): Json | undefined {
  if (!isLikeJson(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

function mistakeOf({ code, message, pos: [offset] }: YAMLError): Mistake {
  if (code === 'DUPLICATE_KEY')
    return { what: 'this name stands here for the second time', fix: 'Keep one of the two', offset };
  if (code === 'MULTIPLE_DOCS')
    return { what: 'a second YAML document begins here', fix: 'Keep one document in a file', offset };
  const [reason = message] = message.split('\n');
  const missing = /(?:end with a |closing )(.)/.exec(reason)?.[1];
  if (missing !== undefined) return { what: `a closing ${missing} is missing here`, fix: 'Add it', offset };
  const words = reason.replace('flow map', 'an object').replace('flow sequence', 'an array');
  return {
    what: `not valid YAML or JSON: ${words.replace(/[.:]$/, '')}`,
    fix: 'Mend the text there',
    offset,
  };
}

/** Aliases of nothing, and those that stand within what they name: their value would have no end. */
function aliasMistakes(document: Document): Mistake[] {
  const mistakes: Mistake[] = [];
  const anchored = new Map<string, Node>(); // an alias means the last one before it (YAML 1.2.2, section 3.2.2.2)
  const check = (alias: Alias, around: readonly unknown[]): void => {
    const target = anchored.get(alias.source);
    const offset = startOf(alias) ?? 0;
    if (target === undefined)
      mistakes.push({ what: `there is no anchor &${alias.source} before this`, fix: 'Add it', offset });
    else if (around.includes(target))
      mistakes.push({
        what: `*${alias.source} stands within what it names`,
        fix: 'Use a $ref, which may lead back to itself',
        offset,
      });
  };
  yaml().visit(document, {
    Alias: (_, alias, around) => check(alias, around),
    Value: (_, node) => {
      if (node.anchor !== undefined) anchored.set(node.anchor, node);
    },
  });
  return mistakes;
}

function toJson(document: Document, file: string): Json {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch {
    const location = { file: displayName(file), line: 1, column: 1 };
    const what = 'the aliases of this file stand for too much';
    throw new ContractError([{ code: 'syntax', what, fix: 'Use a $ref instead', location }]);
  }
}
