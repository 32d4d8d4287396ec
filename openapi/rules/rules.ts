/** The state rules of a contract, read from `x-state` and `x-transitions` into data that can be solved and explained. */

import type { Provenance } from '../contract.js';
import { ContractError, type ContractProblem } from '../contract-error.js';
import {
  type DocumentNode,
  type Documents,
  locationOf,
  type Place,
  placeIn,
  referencePlace,
} from '../document/documents.js';
import { type Duration, parseDuration } from '../duration.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import { provenanceOf } from '../provenance.js';
import { type Expression, parseExpression } from './expression.js';

/** A JSON value with holes: expressions, generated values, parts of others, and what a collection holds. */
export type Value =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Value])[] }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  | { readonly kind: 'first'; readonly values: readonly Value[] }
  /** Numbers added up; those that are not there count as nothing. */
  | { readonly kind: 'sum'; readonly values: readonly Value[] }
  /** Objects laid one over another, the later ones on top; those that are not there are left out. */
  | { readonly kind: 'merge'; readonly values: readonly Value[] }
  /** Of a value the members that another one has as well; those that are null only with `nulls`. */
  | { readonly kind: 'pick'; readonly from: Value; readonly like: Value; readonly nulls: boolean }
  /** The records of a collection: who observes a server from outside cannot know all of them. */
  | { readonly kind: 'entries'; readonly collection: string; readonly listing: Listing }
  | {
      readonly kind: 'generate';
      readonly schema: Place;
      readonly with: Value | undefined;
      readonly example: Value | undefined;
      /** A collection that has no entry whose key is this value. */
      readonly unlike: string | undefined;
    };

/** Which records of a collection are listed, and how. */
export type Listing = {
  /** The member of each record that is listed. */
  readonly member: string | undefined;
  /** Members of the record that must be so. */
  readonly where: readonly (readonly [string, Value])[];
  /** Members of what is listed that must be so, where a value is given. */
  readonly filter: readonly (readonly [string, Value])[];
  readonly limit: Value | undefined;
  readonly offset: Value | undefined;
  /** The number of a page, from 1 on. */
  readonly page: Value | undefined;
  /** A member that is a list: what is alike but for it is listed once, with all that stands in these lists. */
  readonly gather: string | undefined;
  /** The member that says how many are gathered. */
  readonly gathered: string | undefined;
  /** How many there are in all, instead of the records. */
  readonly count: boolean;
  /** Whether those that came last are listed first. */
  readonly reverse: boolean;
  /** The name by which `each` reads what is listed. */
  readonly as: string | undefined;
  /** What each becomes. */
  readonly each: Value | undefined;
  /** The member of what is listed by whose text an object holds them, instead of a list. */
  readonly by: string | undefined;
};

export type Condition =
  | { readonly kind: 'present' | 'absent'; readonly expression: Expression; readonly source: Json }
  | {
      readonly kind: 'equals';
      readonly expression: Expression;
      readonly equals: Value;
      readonly source: Json;
    }
  | {
      readonly kind: 'in';
      readonly collection: string;
      readonly key: Value;
      readonly where: readonly (readonly [string, Value])[];
      readonly expired: boolean;
      readonly as: string | undefined;
      readonly source: Json;
    }
  | { readonly kind: 'not'; readonly condition: Condition; readonly source: Json };

export type Effect =
  | {
      readonly kind: 'put';
      readonly collection: string;
      readonly key: Value;
      readonly value: Value;
      readonly lifetime: Duration | undefined;
      /** How often it is done, and the name by which its values read the number of the time, from 1 on. */
      readonly times: Value | undefined;
      readonly as: string | undefined;
    }
  | { readonly kind: 'remove'; readonly collection: string; readonly key: Value }
  | { readonly kind: 'send'; readonly channel: string; readonly to: Value; readonly content: Value };

/** One rule: when its guard holds, the API answers this and is then changed so. */
export type Transition = {
  readonly name: string;
  readonly guard: readonly Condition[];
  readonly bindings: readonly (readonly [string, Value])[];
  /** The status of a documented response and, when one is named, its example. */
  readonly response: { readonly status: string; readonly example: string | undefined };
  readonly content: Value | undefined;
  /** Whether the content is all of the answer, and nothing lies beneath it. */
  readonly whole: boolean;
  readonly effects: readonly Effect[];
  readonly alternative: boolean;
  readonly unspecified: boolean;
  readonly provenance: Provenance;
  /** The collection of the resource that it was concluded for from paths; undefined when the contract itself has it. */
  readonly resource: string | undefined;
  readonly at: Place;
};

/** Reads transitions that the schema of the state rules has found well-formed. */
export function readTransitions(documents: Documents, node: DocumentNode | undefined): Transition[] {
  if (node === undefined || !Array.isArray(node.value)) return [];
  return node.value
    .filter(isObject)
    .map((raw, index) => readTransition(documents, raw, placeIn(node.at, index)));
}

/** Reads a value; the place is needed for the schemas that it generates from. */
export function readValue(documents: Documents, raw: Json, at: Place): Value {
  if (typeof raw === 'string' && raw.startsWith('$')) {
    return { kind: 'expression', expression: expressionAt(documents, raw, at) };
  }
  if (Array.isArray(raw)) {
    return { kind: 'array', items: raw.map((item, index) => readValue(documents, item, placeIn(at, index))) };
  }
  if (!isObject(raw)) return { kind: 'literal', value: raw };
  const inner = (name: string): Value | undefined =>
    raw[name] === undefined ? undefined : readValue(documents, raw[name], placeIn(at, name));
  if (raw.$generate !== undefined) {
    const schema =
      typeof raw.$generate === 'string' ? referencePlace(at.file, raw.$generate) : placeIn(at, '$generate');
    const unlike = typeof raw.unlike === 'string' ? raw.unlike : undefined;
    return { kind: 'generate', schema, with: inner('with'), example: inner('example'), unlike };
  }
  const list = (name: string): Value[] =>
    [raw[name] ?? []]
      .flat()
      .map((item, index) => readValue(documents, item, placeIn(placeIn(at, name), index)));
  if (Array.isArray(raw.$sum)) return { kind: 'sum', values: list('$sum') };
  if (Array.isArray(raw.$merge)) return { kind: 'merge', values: list('$merge') };
  const from = inner('$pick');
  if (from !== undefined) {
    const like = inner('like') ?? { kind: 'literal', value: null };
    return { kind: 'pick', from, like, nulls: raw.nulls !== false };
  }
  if (typeof raw.$entries === 'string') {
    const members = (name: string) => readMembers(documents, raw[name], placeIn(at, name));
    const listing: Listing = {
      member: typeof raw.member === 'string' ? raw.member : undefined,
      where: members('where'),
      filter: members('filter'),
      limit: inner('limit'),
      offset: inner('offset'),
      page: inner('page'),
      gather: typeof raw.gather === 'string' ? raw.gather : undefined,
      gathered: typeof raw.gathered === 'string' ? raw.gathered : undefined,
      count: raw.count === true,
      reverse: raw.reverse === true,
      as: typeof raw.as === 'string' ? raw.as : undefined,
      each: inner('each'),
      by: typeof raw.by === 'string' ? raw.by : undefined,
    };
    return { kind: 'entries', collection: raw.$entries, listing };
  }
  if (Array.isArray(raw.$first)) return { kind: 'first', values: list('$first') };
  return { kind: 'object', members: readMembers(documents, raw, at) };
}

function readMembers(documents: Documents, raw: Json | undefined, at: Place): (readonly [string, Value])[] {
  if (!isObject(raw)) return [];
  return Object.entries(raw).map(
    ([name, value]) => [name, readValue(documents, value, placeIn(at, name))] as const,
  );
}

function readTransition(documents: Documents, raw: JsonObject, at: Place): Transition {
  const [status = '', example] = splitResponse(text(raw.response));
  return {
    name: text(raw.name),
    guard: objects(raw.guard).map((item, index) =>
      readCondition(documents, item, placeIn(placeIn(at, 'guard'), index)),
    ),
    bindings: readMembers(documents, raw.let, placeIn(at, 'let')),
    response: { status, example },
    content:
      raw.content === undefined ? undefined : readValue(documents, raw.content, placeIn(at, 'content')),
    effects: objects(raw.effects).map((item, index) =>
      readEffect(documents, item, placeIn(placeIn(at, 'effects'), index)),
    ),
    whole: raw.whole === true,
    alternative: raw.alternative === true,
    unspecified: raw.unspecified === true,
    provenance: provenanceOf(raw),
    resource: typeof raw['x-resource'] === 'string' ? raw['x-resource'] : undefined,
    at,
  };
}

function readCondition(documents: Documents, raw: JsonObject, at: Place): Condition {
  const source: Json = raw;
  const expression = (name: string): Expression =>
    expressionAt(documents, text(raw[name]), placeIn(at, name));
  if (raw.present !== undefined) return { kind: 'present', expression: expression('present'), source };
  if (raw.absent !== undefined) return { kind: 'absent', expression: expression('absent'), source };
  if (raw.equals !== undefined) {
    const equals = readValue(documents, raw.equals, placeIn(at, 'equals'));
    return { kind: 'equals', expression: expression('value'), equals, source };
  }
  if (isObject(raw.not)) {
    return { kind: 'not', condition: readCondition(documents, raw.not, placeIn(at, 'not')), source };
  }
  return {
    kind: 'in',
    collection: text(raw.in),
    key: readValue(documents, raw.key ?? null, placeIn(at, 'key')),
    where: readMembers(documents, raw.where, placeIn(at, 'where')),
    expired: raw.expired === true,
    as: typeof raw.as === 'string' ? raw.as : undefined,
    source,
  };
}

function readEffect(documents: Documents, raw: JsonObject, at: Place): Effect {
  const value = (name: string): Value => readValue(documents, raw[name] ?? null, placeIn(at, name));
  if (raw.remove !== undefined) return { kind: 'remove', collection: text(raw.remove), key: value('key') };
  if (raw.send !== undefined) {
    return { kind: 'send', channel: text(raw.send), to: value('to'), content: value('content') };
  }
  const lifetime = raw.lifetime === undefined ? undefined : durationAt(documents, text(raw.lifetime), at);
  return {
    kind: 'put',
    collection: text(raw.put),
    key: value('key'),
    value: value('value'),
    lifetime,
    times: raw.times === undefined ? undefined : value('times'),
    as: typeof raw.as === 'string' ? raw.as : undefined,
  };
}

function durationAt(documents: Documents, raw: string, at: Place): Duration {
  const duration = parseDuration(raw);
  if (duration !== undefined) return duration;
  throw ruleError(
    documents,
    placeIn(at, 'lifetime'),
    `"${raw}" is not a duration`,
    'Write ISO 8601, for example PT10M',
  );
}

function expressionAt(documents: Documents, raw: string, at: Place): Expression {
  const expression = parseExpression(raw);
  if (expression !== undefined) return expression;
  const fix = 'Use $request.body#/…, $request.header.…, $response.body#/…, $state.NAME#/… or $credential';
  throw ruleError(documents, at, `"${raw}" is not a runtime expression`, fix);
}

function ruleError(documents: Documents, at: Place, what: string, fix: string): ContractError {
  const problem: ContractProblem = { code: 'invalid-rule', what, fix, location: locationOf(documents, at) };
  return new ContractError([problem]);
}

function splitResponse(response: string): [string, string | undefined] {
  const hash = response.indexOf('#');
  return hash === -1 ? [response, undefined] : [response.slice(0, hash), response.slice(hash + 1)];
}

function objects(raw: Json | undefined): readonly JsonObject[] {
  return Array.isArray(raw) ? raw.filter(isObject) : [];
}

function text(raw: Json | undefined): string {
  return typeof raw === 'string' ? raw : '';
}
