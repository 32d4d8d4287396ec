/** Values of the state rules, evaluated: expressions read, parts taken and joined, the rest made anew. */

import type { Place } from '../document/documents.js';
import { isObject, type Json, setMember } from '../json.js';
import { evaluate, type Scope } from './expression.js';
import { listed } from './listing.js';
import type { Value } from './rules.js';
import { hintsOf, isUnknown, known, unknown } from './unknown.js';

/**
 * Makes a value from the schema at a place, with members bound over it; or takes the example, when there is one. `unlike`
 * names a collection that has no entry with this key.
 */
export type Make = (
  schema: Place,
  bound: Json | undefined,
  example: Json | undefined,
  unlike: string | undefined,
) => Json;

/** The value; undefined when what it names is not there. Members that are not there are left out. */
export function evaluateValue(value: Value, scope: Scope, make?: Make): Json | undefined {
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'expression':
      return evaluate(value.expression, scope);
    case 'array':
      return value.items.map((item) => evaluateValue(item, scope, make) ?? null);
    case 'object': {
      const members: Record<string, Json> = {};
      for (const [name, member] of value.members) {
        const evaluated = evaluateValue(member, scope, make);
        if (evaluated !== undefined) setMember(members, name, evaluated);
      }
      return members;
    }
    case 'first': {
      const values = value.values.map((candidate) => evaluateValue(candidate, scope, make));
      return (
        values.find((candidate) => candidate !== undefined && candidate !== null && candidate !== '') ??
        values.at(-1)
      );
    }
    case 'generate': {
      const example = value.example && evaluateValue(value.example, scope, make);
      return make === undefined
        ? example
        : make(value.schema, value.with && evaluateValue(value.with, scope, make), example, value.unlike);
    }
    case 'sum':
      return sumOf(value.values.map((each) => evaluateValue(each, scope, make)));
    case 'merge':
      return value.values
        .map((each) => evaluateValue(each, scope, make))
        .reduce((lower, upper) => (upper === undefined ? lower : overlay(lower, upper)), undefined);
    case 'pick': {
      const from = evaluateValue(value.from, scope, make);
      const like = evaluateValue(value.like, scope, make);
      return from === undefined || like === undefined ? undefined : picked(from, like, value.nulls);
    }
    case 'entries': {
      const records = scope.entries?.(value.collection);
      if (scope.entries === undefined) return unknown();
      return (
        records &&
        listed(records, value.listing, (each, named) => {
          const within = named === undefined ? scope : { ...scope, state: { ...scope.state, ...named } };
          return each && evaluateValue(each, within, make);
        })
      );
    }
  }
}

/** Unknown where one of them is. What is no number counts as nothing, but for the text of one, as a query has it. */
function sumOf(values: readonly (Json | undefined)[]): Json {
  let sum = 0;
  for (const each of values) {
    const value = each === undefined ? undefined : known(each);
    if (isUnknown(value)) return unknown();
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) sum += number;
  }
  return sum;
}

/** Of a value the members that another one has as well, all the way in; the value itself where that is no object. */
function picked(value: Json, like: Json, nulls: boolean): Json {
  const [from, shape] = [known(value), known(like)];
  if (isUnknown(from) || isUnknown(shape)) return unknown();
  if (!isObject(from) || !isObject(shape)) return from;
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, inner]) => {
      const member = Object.hasOwn(from, name) ? from[name] : undefined;
      if (member === undefined || (member === null && !nulls)) return [];
      return [[name, picked(member, inner, nulls)] as const];
    }),
  );
}

/**
 * One value laid over another: objects member by member, in the order of the lower; anything else replaces, and so does what
 * is not known yet.
 */
export function overlay(lower: Json | undefined, upper: Json): Json {
  const below = lower === undefined ? undefined : known(lower);
  if (isUnknown(upper) || !isObject(upper)) return upper;
  if (isUnknown(below)) return unknown(undefined, overlay(hintsOf(below).bound, upper));
  if (!isObject(below)) return upper;
  const merged: Record<string, Json> = { ...below };
  for (const [name, value] of Object.entries(upper))
    setMember(merged, name, overlay(Object.hasOwn(below, name) ? below[name] : undefined, value));
  return merged;
}
