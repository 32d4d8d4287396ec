/** Schema Objects as they are written, brought to plain JSON Schema 2020-12 for one direction of a message. */

import { type DocumentNode, type Documents, nodeAt, type Place, placeIn } from '../document/documents.js';
import { slotOf } from '../document/objects.js';
import { keptDiscriminator } from '../generate/kept-discriminator.js';
import { asObject, isObject, type Json, type JsonObject } from '../json.js';
import { type Direction, excusedMembers, unknowinglyRequired } from './direction.js';
import { splitByDiscriminator } from './discriminator.js';
import { loopBy } from './in-place.js';
import { asserts, meaningOf } from './keywords.js';
import { isRegExp } from './pattern.js';
import { entered, inner, isSilent, seen, targetsOf } from './view.js';

export type { Direction };

export type Dialect = '3.0' | '3.1';

/** How a schema refers to another: the place it stands at becomes the text of a `$ref`. */
type Referrer = (at: Place) => string;

type Plain = { [keyword: string]: Json };

/** What says nothing about a value. Members that begin with `$` are left out as well. */
const leftOut = new Set(['id', 'definitions', 'discriminator', 'xml', 'externalDocs', 'deprecated']);
/** What says something to a generator, and nothing to a validator. */
const annotations = new Set(['example', 'examples', 'default', 'contentSchema', 'x-lifetime', 'x-instant']);
/** What is applied to the same value, and cannot turn what it says into its opposite. */
const inPlace = new Set(['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas']);

export type PlainSchemas = {
  readonly documents: Documents;
  readonly dialect: Dialect;
  readonly direction: Direction;
  readonly refer: Referrer;
  /** Told the place of every object that is made, so that an error in it can be placed. */
  readonly made: (schema: object, at: Place) => void;
  /**
   * Whether it is for a generator: what a validator has no use for is kept (examples, defaults, what the content of a text
   * is), and nothing is allowed that its author meant, but that the specification does not allow.
   */
  readonly annotated: boolean;
  /** Whether discriminators stay as they are, with references for what they name; otherwise they are split into conditions. */
  readonly discriminators?: 'split' | 'kept';
};

/**
 * The plain schema of a node. Its references are left as references, by way of the referrer. A keyword whose value means
 * nothing is left out, and so is a reference that leads nowhere.
 */
export function plainSchema(node: DocumentNode, schemas: PlainSchemas): JsonObject | boolean {
  const written = node.value;
  if (!isObject(written)) return written !== false;
  const { documents, dialect } = schemas;
  const at = entered(documents, node.at);
  const here = { value: written, at };
  const plain: Plain = {};
  schemas.made(plain, at);
  const excused = excusedHere(here, schemas);
  const references = targetsOf(documents, here).map((to) => referred(here, to, excused, schemas));
  const [first, ...others] = references.filter((each) => each !== undefined);
  if (first !== undefined) Object.assign(plain, first);
  const isReference = typeof written.$ref === 'string' || typeof written.$dynamicRef === 'string';
  if (!isReference || dialect !== '3.0') {
    for (const [keyword, value] of Object.entries(written)) {
      if (isLeftOut(keyword, at, schemas)) continue;
      const place = inPlace.has(keyword) ? seen(at, { ...at.view, excused, chosen: false }) : inner(at);
      const meant = plainKeyword(keyword, { value, at: placeIn(place, keyword) }, written, schemas);
      if (meant !== undefined) plain[keyword] = meant;
    }
    fromEarlierDrafts(plain, here, schemas);
    boundsFromDraft4(plain);
    openIfUncertain(plain, written);
    if (!schemas.annotated) protoAsPattern(plain);
    // In 2020-12 a list of nothing allows nothing (validation, 6.1.2); before that it was none.
    const isNone = Array.isArray(written.enum) && written.enum.length === 0 && dialect !== '3.0';
    if (isNone && !isLeftOut('enum', at, schemas))
      plain.allOf = [...listed(plain.allOf), nothing(at, schemas)];
    if (schemas.discriminators === 'kept') Object.assign(plain, keptDiscriminator(here, schemas));
    else split(plain, here, schemas);
    if (Array.isArray(plain.required)) plain.required = requiredHere(plain.required, excused, at);
  }
  if (others.length > 0) plain.allOf = [...listed(plain.allOf), ...others];
  const isNullable = meaningOf('nullable', written.nullable ?? false, written) === true;
  return isNullable && (!isReference || dialect !== '3.0') ? withNull(plain, here, schemas) : plain;
}

/** A reference as the schema that stands for it; undefined when it says nothing. */
function referred(
  { value, at }: DocumentNode,
  to: Place,
  excused: readonly string[],
  schemas: PlainSchemas,
): Plain | undefined {
  const { documents, direction, dialect } = schemas;
  const loop = typeof asObject(value).$ref === 'string' ? loopBy(documents, at, to) : undefined;
  if (loop === 'endless') return undefined;
  if (loop === 'nothing') return { not: {} };
  const target = nodeAt(documents, to);
  const told =
    target === undefined ? [] : unknowinglyRequired(documents, target, excused, direction, dialect === '3.1');
  const view = { anchors: at.view?.anchors ?? new Map(), excused: told, chosen: loop === 'chosen' };
  return { $ref: schemas.refer(seen(to, view)) };
}

function isLeftOut(keyword: string, at: Place, schemas: PlainSchemas): boolean {
  if (leftOut.has(keyword) || keyword.startsWith('$')) return true;
  if (at.view?.chosen === true && (keyword === 'oneOf' || keyword === 'anyOf')) return true;
  if (annotations.has(keyword)) return !schemas.annotated;
  if (keyword.startsWith('x-')) return true;
  if (!schemas.annotated && !asserts(keyword)) return true;
  return isSilent(schemas.documents, at, keyword);
}

function plainKeyword(
  keyword: string,
  node: DocumentNode,
  written: JsonObject,
  schemas: PlainSchemas,
): Json | undefined {
  const { value } = node;
  const part = (each: Json, token: string | number): Json => {
    const at = placeIn(node.at, token);
    return each === false ? nothing(at, schemas) : plainSchema({ value: each, at }, schemas);
  };
  switch (slotOf('schema', null, keyword)) {
    case '{schema}': {
      if (!isObject(value) || keyword === 'dependencies') return undefined;
      const entries = Object.entries(value).filter(
        ([name]) => keyword !== 'patternProperties' || isRegExp(name),
      );
      return Object.fromEntries(entries.map(([name, each]) => [name, part(each, name)]));
    }
    case '[schema]': {
      if (!Array.isArray(value) || value.length === 0) return undefined;
      // What may be anything is no choice.
      const isChoice = keyword === 'anyOf' || keyword === 'oneOf';
      return isChoice && !value.every(isSchema) ? undefined : value.map(part);
    }
    case 'schema':
      return isSchema(value) ? plainSchema(node, schemas) : truthOf(meaningOf(keyword, value, written));
    default:
      return meaningOf(keyword, value, written);
  }
}

/** The schema that a text such as "false" was meant as. */
function truthOf(meant: Json | undefined): boolean | undefined {
  return typeof meant === 'boolean' ? meant : undefined;
}

function isSchema(value: Json): boolean {
  return isObject(value) || typeof value === 'boolean';
}

/** The schema `false` as an object, which is known by its place. */
function nothing(at: Place, schemas: PlainSchemas): JsonObject {
  const plain = { not: {} };
  schemas.made(plain, at);
  return plain;
}

/** `items` as a list, `additionalItems` and `dependencies` (until 2019-09) as 2020-12 says them. */
function fromEarlierDrafts(plain: Plain, { value, at }: DocumentNode, schemas: PlainSchemas): void {
  const { items, additionalItems, dependencies } = asObject(value);
  const part = (keyword: string, token: string | number, each: Json): Json =>
    plainSchema({ value: each, at: placeIn(placeIn(inner(at), keyword), token) }, schemas);
  delete plain.additionalItems;
  delete plain.dependencies;
  if (Array.isArray(items) && items.length > 0) {
    plain.prefixItems = items.map((each, index) => part('items', index, each));
    if (additionalItems !== undefined && isSchema(additionalItems))
      plain.items = plainSchema(
        { value: additionalItems, at: placeIn(inner(at), 'additionalItems') },
        schemas,
      );
  }
  for (const [name, each] of Object.entries(asObject(dependencies))) {
    const names = Array.isArray(each);
    const keyword = names ? 'dependentRequired' : 'dependentSchemas';
    const meant = names
      ? each.filter((other) => typeof other === 'string')
      : part('dependencies', name, each);
    plain[keyword] = { ...asObject(plain[keyword]), [name]: meant };
  }
}

/** The boolean bounds of OpenAPI 3.0 (4.7.24) as JSON Schema 2020-12 says them. */
function boundsFromDraft4(plain: Plain): void {
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const strict = plain[exclusive];
    if (typeof strict !== 'boolean') continue;
    delete plain[exclusive];
    const limit = plain[bound];
    if (!strict || limit === undefined) continue;
    plain[exclusive] = limit;
    delete plain[bound];
  }
}

/** Members that are described by a pattern which nobody can read may be any: so none is one too many. */
function openIfUncertain(plain: Plain, written: JsonObject): void {
  const { properties, patternProperties } = written;
  const isCertain =
    (properties === undefined || isObject(properties)) &&
    (patternProperties === undefined ||
      (isObject(patternProperties) && Object.keys(patternProperties).every(isRegExp)));
  if (isCertain) return;
  delete plain.additionalProperties;
  delete plain.unevaluatedProperties;
}

/** The one property that Ajv leaves out, by a pattern of its name. */
function protoAsPattern(plain: Plain): void {
  const { properties } = plain;
  if (!isObject(properties) || !Object.hasOwn(properties, '__proto__')) return;
  const own = Object.entries(properties);
  plain.properties = Object.fromEntries(own.filter(([name]) => name !== '__proto__'));
  const named = own.filter(([name]) => name === '__proto__').map(([, schema]) => ['^__proto__$', schema]);
  plain.patternProperties = { ...asObject(plain.patternProperties), ...Object.fromEntries(named) };
}

/**
 * `nullable` of OpenAPI 3.0 (3.0.3, 4.7.24.1). It speaks of a `type` beside it; elsewhere, and in later versions, it has no
 * meaning, but what is meant is plain.
 */
function withNull(plain: Plain, { at }: DocumentNode, schemas: PlainSchemas): Plain {
  delete plain.nullable;
  if (schemas.annotated && schemas.dialect !== '3.0') return plain;
  if (plain.type !== undefined) {
    plain.type = [...new Set([...listed(plain.type), 'null'])];
    if (Array.isArray(plain.enum) && !schemas.annotated) plain.enum = [...plain.enum, null];
  }
  const isSaid =
    plain.type !== undefined &&
    !('$ref' in plain || 'allOf' in plain || 'oneOf' in plain || 'anyOf' in plain);
  if (schemas.annotated || isSaid) return plain;
  const nullable: Plain = { if: { type: 'null' }, else: plain };
  schemas.made(nullable, at);
  return nullable;
}

function excusedHere(node: DocumentNode, { documents, direction, dialect }: PlainSchemas): readonly string[] {
  const before = node.at.view?.excused ?? [];
  const { required, allOf, $ref, properties, oneOf, anyOf, then, else: otherwise } = asObject(node.value);
  // A schema that is one reference and nothing else leaves it to what it refers to.
  const isDivided = [allOf, oneOf, anyOf, then, otherwise].some((each) => each !== undefined);
  const isBeside = $ref !== undefined && properties !== undefined;
  if (required === undefined && !isDivided && !isBeside) return before;
  const own = excusedMembers(documents, node, direction, dialect === '3.1');
  return own.length === 0 ? before : [...new Set([...before, ...own])];
}

/** A required `readOnly` member is not required of a request, nor a `writeOnly` one of a response. */
function requiredHere(required: readonly Json[], excused: readonly string[], at: Place): readonly Json[] {
  const left = required.filter((name) => typeof name !== 'string' || !excused.includes(name));
  // An alternative that asks for nothing any more would fit beside the others.
  return left.length === 0 && /\/oneOf\/\d+$/.test(at.pointer) ? required : left;
}

function split(plain: Plain, node: DocumentNode, schemas: PlainSchemas): void {
  if (!Array.isArray(plain.oneOf)) return;
  const found = splitByDiscriminator(schemas.documents, node, plain.oneOf, schemas.dialect === '3.1');
  if (found === undefined) return;
  delete plain.oneOf;
  for (const made of [found.tag, found.property])
    if (isObject(made)) schemas.made(made, placeIn(node.at, 'discriminator'));
  plain.allOf = [...listed(plain.allOf), found.tag, ...found.cases];
}

function listed(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : [value].flat();
}
