/** What a schema allows in outline: enough to read a text as the value that was meant, and to write a value as one. */

import { hintsOf, type XmlHints } from '../content/xml-hints.js';
import {
  type DocumentNode,
  type Documents,
  nodeAt,
  type Place,
  placeIn,
  referencePlace,
} from '../document/documents.js';
import { isObject, type Json, pointerTokens } from '../json.js';

/**
 * What a schema allows, as far as reading and writing need it; an empty set of types allows anything. What is within is
 * looked at when it is asked for, so that a shape may be as deep as its schema, or without end.
 */
export type ParameterShape = {
  readonly types: ReadonlySet<TypeName>;
  /** The only texts that it allows; undefined where it allows none, or others too. */
  readonly texts?: ReadonlySet<string> | undefined;
  readonly items?: ParameterShape | undefined;
  readonly prefixItems?: readonly ParameterShape[] | undefined;
  readonly properties?: ReadonlyMap<string, ParameterShape> | undefined;
  readonly additional?: ParameterShape | undefined;
  /** Of octets that stand as they are: the media type that they are described with. */
  readonly file?: string | undefined;
  /** Whether it is a text that holds octets in an encoding such as base64. */
  readonly isEncoded?: boolean;
  /** Whether its values are only answered, or only sent (JSON Schema 2020-12 Validation, section 9.4). */
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  /** The name of the component that the schema is, or refers to. */
  readonly component?: string | undefined;
  readonly xml?: XmlHints | undefined;
  /** What tells it from others: the place where it is written. */
  readonly key?: string;
};

type TypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

const typeNames = new Set<string>(['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']);

/** The shape that allows anything. */
export const anyShape: ParameterShape = { types: new Set() };

/** The shape of the values that the schema at a place allows. */
export function shapeOf(documents: Documents, at: Place | undefined): ParameterShape {
  return at === undefined ? anyShape : new SchemaShape(documents, at, []);
}

class SchemaShape implements ParameterShape {
  readonly #documents: Documents;
  readonly #at: Place;
  /** What it is an alternative of, and that of, and so on: alternatives may go round in circles. */
  readonly #trail: readonly string[];
  #known: Known | undefined;

  constructor(documents: Documents, at: Place, trail: readonly string[]) {
    this.#documents = documents;
    this.#at = at;
    this.#trail = trail;
  }

  get #now(): Known {
    this.#known ??= knownAt(this.#documents, this.#at, this.#trail);
    return this.#known;
  }

  get types(): ReadonlySet<TypeName> {
    return this.#now.types;
  }
  get texts(): ReadonlySet<string> | undefined {
    return this.#now.texts;
  }
  get items(): ParameterShape | undefined {
    return this.#now.items;
  }
  get prefixItems(): readonly ParameterShape[] | undefined {
    return this.#now.prefixItems;
  }
  get properties(): ReadonlyMap<string, ParameterShape> | undefined {
    return this.#now.properties;
  }
  get additional(): ParameterShape | undefined {
    return this.#now.additional;
  }
  get file(): string | undefined {
    return this.#now.file;
  }
  get isEncoded(): boolean {
    return this.#now.isEncoded === true;
  }
  get readOnly(): boolean {
    return this.#now.readOnly === true;
  }
  get writeOnly(): boolean {
    return this.#now.writeOnly === true;
  }
  get component(): string | undefined {
    return this.#now.component;
  }
  get xml(): XmlHints | undefined {
    return this.#now.xml;
  }
  get key(): string {
    return this.#now.key;
  }
}

type Known = ParameterShape & { readonly key: string };

const shared = new WeakMap<Documents, Map<string, Known>>();

/** What is known of the schema at a place. It is the same for all that only refer to it. */
function knownAt(documents: Documents, at: Place, trail: readonly string[]): Known {
  if (trail.length > 0) return knownOf(documents, at, trail);
  const byPlace = shared.get(documents) ?? new Map<string, Known>();
  shared.set(documents, byPlace);
  const meant = meantBy(documents, at);
  const key = `${meant.file}#${meant.pointer}`;
  const known = byPlace.get(key) ?? knownOf(documents, meant, trail);
  byPlace.set(key, known);
  return known;
}

/** The place that another one refers to, and says nothing else; a component is called as it is. */
function meantBy(documents: Documents, at: Place, hops = 0): Place {
  const value = nodeAt(documents, at)?.value;
  if (!isObject(value) || hops > 100 || componentPlace.test(at.pointer)) return at;
  const { $ref, ...rest } = value;
  if (typeof $ref !== 'string' || Object.keys(rest).length > 0) return at;
  const to = referencePlace(at.file, $ref);
  return nodeAt(documents, to) === undefined ? at : meantBy(documents, to, hops + 1);
}

function knownOf(documents: Documents, at: Place, trail: readonly string[]): Known {
  const layers = layersOf(documents, at);
  const member = (name: string): DocumentNode | undefined => ownMember(layers, name);
  const value = (name: string): Json | undefined => member(name)?.value;
  const own = layers.at(-1)?.at ?? at;
  const key = `${own.file}#${own.pointer}`;
  const inner = (place: Place, within: readonly string[] = []): ParameterShape =>
    new SchemaShape(documents, place, within);
  const schemaAt = (name: string): ParameterShape | undefined => {
    const node = member(name);
    return node === undefined || node.value === false ? undefined : inner(node.at);
  };
  const alternatives = (trail.includes(key) ? [] : ['allOf', 'anyOf', 'oneOf']).flatMap((name) =>
    listOf(member(name)).map((each) => inner(each, [...trail, key])),
  );
  const combined = alternatives.slice(0, listOf(member('allOf')).length);
  const offered = <T>(pick: (shape: ParameterShape) => T | undefined): T | undefined =>
    alternatives.map(pick).find((each) => each !== undefined);
  const declared = typesOf(value);
  const types = new Set(declared.length > 0 ? declared : alternatives.flatMap((shape) => [...shape.types]));
  const properties = new Map([
    ...alternatives.flatMap((shape) => [...(shape.properties ?? [])]),
    ...layers
      .toReversed()
      .flatMap((layer) => propertiesOf(layer).map(([name, place]) => [name, inner(place)] as const)),
  ]);
  const prefix = listOf(member('prefixItems')).map((each) => inner(each));
  return {
    key,
    types,
    texts: declared.length > 0 ? textsOf(value) : textsOfAll(alternatives),
    items: schemaAt('items') ?? offered(({ items }) => items),
    prefixItems: prefix.length > 0 ? prefix : undefined,
    properties: properties.size > 0 ? properties : undefined,
    additional: schemaAt('additionalProperties') ?? offered(({ additional }) => additional),
    file: fileTypeOf(value) ?? offered(({ file }) => file),
    isEncoded: value('contentEncoding') !== undefined || value('format') === 'byte',
    readOnly:
      layers.some((layer) => isFlagged(layer, 'readOnly')) || alternatives.some((each) => each.readOnly),
    writeOnly:
      layers.some((layer) => isFlagged(layer, 'writeOnly')) || alternatives.some((each) => each.writeOnly),
    component: componentOf(layers) ?? (alternatives.length === 1 ? alternatives[0]?.component : undefined),
    xml:
      hintsOf(layers) ??
      combined.map(({ xml }) => xml).find((each) => each !== undefined) ??
      (alternatives.length === 1 ? alternatives[0]?.xml : undefined),
  };
}

/** A schema and what it refers to, the nearest first: from OpenAPI 3.1 on what stands beside a reference counts. */
function layersOf(documents: Documents, at: Place): DocumentNode[] {
  const layers: DocumentNode[] = [];
  for (let node = nodeAt(documents, at); node !== undefined && layers.length < 100; ) {
    layers.push(node);
    const reference = isObject(node.value) ? (node.value.$ref ?? node.value.$dynamicRef) : undefined;
    node =
      typeof reference === 'string' ? nodeAt(documents, referencePlace(node.at.file, reference)) : undefined;
  }
  return layers;
}

function ownMember(layers: readonly DocumentNode[], name: string): DocumentNode | undefined {
  for (const { value, at } of layers) {
    const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined) return { value: member, at: placeIn(at, name) };
  }
  return undefined;
}

function listOf(node: DocumentNode | undefined): Place[] {
  return Array.isArray(node?.value) ? node.value.map((_, index) => placeIn(node.at, index)) : [];
}

function propertiesOf({ value, at }: DocumentNode): (readonly [string, Place])[] {
  const properties = isObject(value) ? value.properties : undefined;
  if (!isObject(properties)) return [];
  const place = placeIn(at, 'properties');
  return Object.keys(properties).map((name) => [name, placeIn(place, name)] as const);
}

function isFlagged({ value }: DocumentNode, flag: string): boolean {
  return isObject(value) && value[flag] === true;
}

type Keyword = (name: string) => Json | undefined;

/**
 * The media type of octets that stand as they are, in no encoding (OpenAPI 3.2, section 4.23.4.2.3; in 3.0,
 * `format: binary`). A text within a text, such as HTML, is a text.
 */
function fileTypeOf(keyword: Keyword): string | undefined {
  if (keyword('contentEncoding') !== undefined) return undefined;
  const [mediaType, format] = [keyword('contentMediaType'), keyword('format')];
  const isBinary =
    format === 'binary' || (format === 'file' && keyword('type') !== 'object') || keyword('type') === 'file';
  const isText =
    keyword('type') !== undefined && typeof mediaType === 'string' && /^text\/|json|xml|jwt/i.test(mediaType);
  if (typeof mediaType === 'string' && (isBinary || !isText)) return mediaType;
  return isBinary ? 'application/octet-stream' : undefined;
}

function typesOf(keyword: Keyword): TypeName[] {
  const declared = [keyword('type') ?? []].flat();
  if (keyword('nullable') === true && declared.length > 0) declared.push('null');
  if (declared.length > 0) return declared.filter(isTypeName);
  return (fixedValues(keyword) ?? []).map(typeOf);
}

function fixedValues(keyword: Keyword): readonly Json[] | undefined {
  const constant = keyword('const');
  const fixed = constant === undefined ? keyword('enum') : [constant];
  return Array.isArray(fixed) ? fixed : undefined;
}

function textsOf(keyword: Keyword): ReadonlySet<string> | undefined {
  const fixed = fixedValues(keyword);
  return fixed && new Set(fixed.filter((value) => typeof value === 'string'));
}

/** The texts that some alternatives allow, where each that allows any allows no others. */
function textsOfAll(alternatives: readonly ParameterShape[]): ReadonlySet<string> | undefined {
  const allowing = alternatives.filter(({ types }) => types.has('string'));
  if (allowing.length === 0 || allowing.some(({ texts }) => texts === undefined)) return undefined;
  return new Set(allowing.flatMap(({ texts = new Set<string>() }) => [...texts]));
}

function typeOf(value: Json): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : 'object';
}

function isTypeName(value: Json): value is TypeName {
  return typeof value === 'string' && typeNames.has(value);
}

const componentPlace = /^(?:\/components\/schemas|\/definitions)\/([^/]+)$/;

function componentOf(layers: readonly DocumentNode[]): string | undefined {
  return layers
    .map(({ at }) => componentPlace.exec(at.pointer)?.[0])
    .flatMap((pointer) => (pointer === undefined ? [] : pointerTokens(pointer).slice(-1)))[0];
}
