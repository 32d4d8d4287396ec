/** What the OpenAPI schema, and others like it, find wrong: told once each, in plain words, at their places. */

import type { ContractProblem, ContractProblemCode } from '../contract-error.js';
import { asObject, type Json, pointerTokens } from '../json.js';
import { type SchemaError, withoutUnmeant } from './choices.js';
import { type Documents, locationOf, nodeAt, type Place, placeIn } from './documents.js';
import type { OneDocument } from './one-document.js';

export type { SchemaError };

/** What is wrong and what to do about it. */
export type Wording = { readonly what: string; readonly fix: string };

/** Words for an error that a schema of our own can put better; undefined when the usual ones will do. */
export type Words = (error: SchemaError, name: string, value: Json | undefined) => Wording | undefined;

/** The problems of a document of OpenAPI, from errors whose paths point into its one-document form. */
export function structureProblems(
  documents: Documents,
  document: OneDocument,
  errors: readonly SchemaError[],
): ContractProblem[] {
  return tellingErrors(errors).map((error) =>
    problemOf(documents, error, document.originOf(error.instancePath), 'invalid-document', openApiWords),
  );
}

/** The problems of one value inside a document, from errors whose paths start at that value. */
export function problemsAt(
  documents: Documents,
  at: Place,
  errors: readonly SchemaError[],
  code: ContractProblemCode,
  words: Words = () => undefined,
): ContractProblem[] {
  return tellingErrors(errors).map((error) => {
    const place = pointerTokens(error.instancePath).reduce<Place>(placeIn, at);
    return problemOf(documents, error, place, code, words);
  });
}

/** Members that the schema of OpenAPI 3.1 knows only as long as the rest of their object is right. */
const conditionalMembers = new Set([
  ...['style', 'explode', 'allowReserved', 'schema', 'content', 'example', 'examples'],
  ...['name', 'in', 'scheme', 'bearerFormat', 'flows', 'openIdConnectUrl'],
]);

/** Leaves out what only follows from another error, and what is said twice. */
function tellingErrors(errors: readonly SchemaError[]): SchemaError[] {
  const meant = withoutUnmeant(errors).filter(
    // An error in a name is told by the error that says which name it is.
    ({ keyword, propertyName }) =>
      keyword !== 'if' && (propertyName === undefined || keyword === 'propertyNames'),
  );
  const wrongNames = new Set(
    meant.flatMap(({ keyword, instancePath, params }) =>
      keyword === 'propertyNames' ? [`${instancePath} ${String(params.propertyName)}`] : [],
    ),
  );
  const told = new Map<string, SchemaError>();
  for (const error of meant) {
    const { instancePath, keyword, params } = error;
    const others = meant.filter((other) => other !== error && !other.keyword.startsWith('unevaluated'));
    if (follows(error, others) || wrongNames.has(`${instancePath} ${unknownMember(error)}`)) continue;
    const isEnum = keyword === 'enum' && Array.isArray(params.allowedValues);
    const key = `${instancePath} ${keyword} ${isEnum ? '' : JSON.stringify(params)}`;
    told.set(key, isEnum ? withMoreValues(error, told.get(key)) : error);
  }
  return [...told.values()];
}

function follows(error: SchemaError, others: readonly SchemaError[]): boolean {
  const { instancePath, keyword, params } = error;
  if (keyword === 'oneOf' && Array.isArray(params.passingSchemas))
    return others.some((other) => other.instancePath === instancePath);
  if (!keyword.startsWith('unevaluated') || !conditionalMembers.has(unknownMember(error) ?? '')) return false;
  return others.some((other) => `${other.instancePath}/`.startsWith(`${instancePath}/`));
}

/** The constants that several alternatives allow at one place, together. */
function withMoreValues(error: SchemaError, known: SchemaError | undefined): SchemaError {
  const values = [known?.params.allowedValues ?? [], error.params.allowedValues].flat();
  return { ...error, params: { allowedValues: [...new Set(values)] } };
}

function problemOf(
  documents: Documents,
  error: SchemaError,
  at: Place,
  code: ContractProblemCode,
  words: Words,
): ContractProblem {
  const member = unknownMember(error) ?? error.params.propertyName;
  const place = typeof member === 'string' ? placeIn(at, member) : at;
  const name = nameOf(documents, at);
  const value = nodeAt(documents, at)?.value;
  const wording = words(error, name, value) ?? usualWords(error, name, value);
  return { code, ...wording, location: locationOf(documents, place) };
}

/** What a person calls the value at a place: by its name; an item by the name of its list. */
function nameOf(documents: Documents, at: Place): string {
  const tokens = pointerTokens(at.pointer);
  const last = tokens.at(-1);
  if (last === undefined) return at.file === documents.root ? 'the document' : 'the file';
  const parent = at.pointer.slice(0, at.pointer.lastIndexOf('/'));
  const isItem = Array.isArray(nodeAt(documents, { file: at.file, pointer: parent })?.value);
  return isItem && tokens.length > 1 ? `"${tokens.at(-2)}[${last}]"` : `"${last}"`;
}

function unknownMember({ params }: SchemaError): string | undefined {
  const member = params.additionalProperty ?? params.unevaluatedProperty;
  return typeof member === 'string' ? member : undefined;
}

/** What only OpenAPI can mean. */
const openApiWords: Words = (error, name, value) => {
  const member = unknownMember(error);
  const { keyword, params } = error;
  if (member !== undefined && error.instancePath === '/paths')
    return { what: `the path "${member}" does not begin with a slash`, fix: `Write "/${member}"` };
  if (member !== undefined && name === '"responses"') {
    const fix = 'Use a status such as "200", a range such as "2XX", or default';
    return { what: `"${member}" is no status`, fix };
  }
  if (keyword === 'required' && params.missingProperty === 'required')
    return { what: `${name} is in the path and does not say that it is required`, fix: 'Add required: true' };
  if (keyword !== 'not' && !(keyword === 'oneOf' && Array.isArray(params.passingSchemas))) return undefined;
  const own = asObject(value);
  const both = exclusive.find((names) => names.every((each) => own[each] !== undefined));
  return both && { what: `${name} has both "${both[0]}" and "${both[1]}"`, fix: 'Remove one of them' };
};

const exclusive = [
  ['schema', 'content'],
  ['example', 'examples'],
  ['operationId', 'operationRef'],
] as const;

function usualWords(error: SchemaError, name: string, value: Json | undefined): Wording {
  const { keyword, params } = error;
  const member = unknownMember(error);
  if (member !== undefined) {
    const fix = 'Check its spelling, remove it, or begin its name with x-';
    return { what: `${name} has an unknown field "${member}"`, fix };
  }
  if (keyword === 'required')
    return { what: `${name} has no "${String(params.missingProperty)}"`, fix: 'Add it' };
  if (keyword === 'propertyNames') {
    const what = `"${String(params.propertyName)}" in ${name} is not a valid name`;
    return { what, fix: 'Use letters, digits, ".", "-" and "_" only' };
  }
  if (Array.isArray(params.needed)) {
    const [first, ...more] = params.needed.map((each) => JSON.stringify(each));
    return { what: `${name} has neither ${first} nor ${more.join(' nor ')}`, fix: 'Add one of them' };
  }
  const isUnquoted = keyword === 'type' && params.type === 'string' && typeof value === 'number';
  return { what: `${name} ${explained(error)}`, fix: isUnquoted ? 'Put it in quotes' : 'Correct it' };
}

function explained({ keyword, params, message }: SchemaError): string {
  switch (keyword) {
    case 'type':
      return `must be ${[params.type].flat().map(typeWords).join(' or ')}`;
    case 'enum':
      return `must be ${oneOf([params.allowedValues ?? []].flat())}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${String(params.limit)} members`;
    case 'uniqueItems':
      return 'has the same item twice';
    case 'oneOf':
    case 'anyOf':
      return Array.isArray(params.passingSchemas)
        ? 'fits more than one of the forms that may stand here'
        : 'fits none of the forms that may stand here';
    case 'not':
      return 'has members that exclude each other';
    default:
      return (message ?? 'is not valid').replace(/^must NOT/, 'must not');
  }
}

function typeWords(type: unknown): string {
  const words = String(type).split(',');
  return words
    .map((word) => (word === 'null' ? word : `${/^[aio]/.test(word) ? 'an' : 'a'} ${word}`))
    .join(' or ');
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length > 2 ? `one of ${texts.join(', ')}` : texts.join(' or ');
}
