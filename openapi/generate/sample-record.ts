/** Objects that fit a schema: which members there are, and what each is. */

import { asObject, isObject, type Json, type JsonObject } from '../json.js';
import { isContradictory, memberRule, resolved } from './alternatives.js';
import { leastDepth } from './endings.js';
import { choices, lastSegment, mergedSchema, mergedWith } from './merged-schema.js';
import { nameSample } from './sample-text.js';
import {
  type Context,
  type Extent,
  generousDepth,
  impliedType,
  type Made,
  namesOf,
  type Site,
} from './sampling.js';

/** An object of a schema without choices. */
export function recordSample(schema: JsonObject, site: Site, extent: Extent, context: Context): Made {
  const names = chosenNames(schema, site, extent, context);
  const depending = withDependents(schema, names, context);
  if (depending !== undefined) return recordSample(depending, site, extent, context);
  const within = inside(schema, site, names, context);
  const required = requiredOf(schema);
  const members: (readonly [string, Json])[] = [];
  let isFit = true;
  for (const name of names) {
    const made = context.make(memberRule(schema, name), { ...within, name }, innerExtent(extent, within));
    if (made.isFit || required.has(name)) members.push([name, made.value]);
    isFit &&= made.isFit || !required.has(name);
  }
  members.push(...additional(schema, members, within, site, extent, context));
  return { value: Object.fromEntries(members), isFit };
}

function requiredOf({ required }: JsonObject): Set<string> {
  return new Set(Array.isArray(required) ? required.map(String) : []);
}

/** Where there is no room for more, what stands within is made with what it needs alone. */
function innerExtent(extent: Extent, { budget, depth }: Site): Extent {
  if (extent === 'some') return 'some';
  return extent === 'least' || budget < 1 || depth > generousDepth ? 'least' : 'whole';
}

/** The members that are made, in the order in which they are described. */
function chosenNames(schema: JsonObject, site: Site, extent: Extent, context: Context): readonly string[] {
  const properties = Object.keys(asObject(schema.properties));
  const required = requiredOf(schema);
  const most = typeof schema.maxProperties === 'number' ? schema.maxProperties : Number.POSITIVE_INFINITY;
  const optional = properties.filter(
    (name) => !required.has(name) && isWanted(schema, name, site, extent, context),
  );
  const chosen = new Set([...required, ...optional.slice(0, Math.max(most - required.size, 0))]);
  const dependent = asObject(schema.dependentRequired);
  // A Set is iterated to the end that it then has.
  for (const name of chosen)
    for (const needed of Object.hasOwn(dependent, name) ? [dependent[name] ?? []].flat() : [])
      chosen.add(String(needed));
  return [...new Set([...properties, ...chosen])].filter((name) => chosen.has(name));
}

/** What is known of a member before any value is made. */
type Member = {
  readonly name: string;
  /** Whether something can stand there that travels in this direction and comes to an end. */
  readonly isPossible: boolean;
  readonly isNested: boolean;
  readonly origins: readonly string[];
};

type Known = WeakMap<JsonObject, Map<string, Member>>;
const known: { readonly request: Known; readonly response: Known } = {
  request: new WeakMap(),
  response: new WeakMap(),
};

function memberOf(schema: JsonObject, name: string, { resolve, direction }: Context): Member {
  const members = known[direction].get(schema) ?? new Map<string, Member>();
  known[direction].set(schema, members);
  const before = members.get(name);
  if (before !== undefined) return before;
  const rule = memberRule(schema, name);
  const merged = mergedSchema(rule, resolve);
  const travels = (direction === 'request' ? merged.readOnly : merged.writeOnly) !== true;
  const isPossible =
    rule !== false &&
    travels &&
    !isContradictory(merged, resolve) &&
    leastDepth(merged, resolve) !== Number.POSITIVE_INFINITY;
  const made = { name, isPossible, isNested: isNested(merged), origins: namesOf(merged) };
  members.set(name, made);
  return made;
}

/** Whether an optional member is made. */
function isWanted(schema: JsonObject, name: string, site: Site, extent: Extent, context: Context): boolean {
  if (extent === 'least') return false;
  if (extent === 'some' && context.random.integer(0, 1) === 0) return false;
  const member = memberOf(schema, name, context);
  if (!member.isPossible || !member.isNested) return member.isPossible;
  // What stands within its like is told once.
  if (site.depth >= generousDepth || site.budget < 1) return false;
  return !member.origins.some((origin) => site.trail.filter((each) => each === origin).length > 1);
}

/** Whether the values of a schema have members or items of their own. */
function isNested(merged: JsonObject): boolean {
  if (merged.const !== undefined || merged.enum !== undefined) return false;
  if (merged[choices] !== undefined && merged.type === undefined) return true;
  return [merged.type ?? impliedType(merged)].flat().some((type) => type === 'object' || type === 'array');
}

/** What a member that is there brings with it; undefined when it brings nothing that is not there yet. */
function withDependents(
  schema: JsonObject,
  names: readonly string[],
  context: Context,
): JsonObject | undefined {
  const dependent = asObject(schema.dependentSchemas);
  const name = names.find((each) => Object.hasOwn(dependent, each));
  if (name === undefined) return undefined;
  const { [name]: brought = true, ...others } = dependent;
  const merged = mergedWith({ ...schema, dependentSchemas: others }, mergedSchema(brought, context.resolve));
  if (isContradictory(merged, context.resolve)) return without(schema, others, name);
  for (const flat of resolved(merged, context.resolve, (options) => options)) return flat;
  return without(schema, others, name);
}

/** The schema without a member, where what it brings cannot be. */
function without(schema: JsonObject, dependentSchemas: JsonObject, name: string): JsonObject {
  return mergedWith({ ...schema, dependentSchemas }, { properties: Object.fromEntries([[name, false]]) });
}

/** The site of the members: what they belong to, and how much each may hold. */
function inside(schema: JsonObject, site: Site, names: readonly string[], context: Context): Site {
  const nested = names.filter((name) => memberOf(schema, name, context).isNested).length;
  const [origin] = namesOf(schema);
  return {
    name: '',
    owner: [site.name, origin === undefined ? site.owner : lastSegment(origin)]
      .filter((each) => each !== '')
      .join('|'),
    self: {},
    depth: site.depth + 1,
    budget: (site.budget - names.length) / Math.max(nested, 1),
    trail: [...site.trail, ...namesOf(schema)],
  };
}

/** As many names are tried for each member that is not described. */
const triesOfName = 30;

/** Members that are not described by name: as many as are asked for, and of a map a few. */
function additional(
  schema: JsonObject,
  members: readonly (readonly [string, Json])[],
  within: Site,
  site: Site,
  extent: Extent,
  context: Context,
): readonly (readonly [string, Json])[] {
  const least = typeof schema.minProperties === 'number' ? schema.minProperties : 0;
  const most = typeof schema.maxProperties === 'number' ? schema.maxProperties : Number.POSITIVE_INFINITY;
  const isMap =
    extent === 'whole' &&
    members.length === 0 &&
    site.depth <= generousDepth &&
    site.budget >= 1 &&
    Object.keys(asObject(schema.properties)).length === 0 &&
    (isObject(schema.additionalProperties) || schema.patternProperties !== undefined);
  const some = site.depth < 2 && site.budget > 20 ? context.random.integer(1, 3) : 1;
  const wanted = Math.min(Math.max(least - members.length, isMap ? some : 0), most - members.length);
  const added = new Map<string, Json>();
  for (let tries = 0; added.size < wanted && tries < wanted * triesOfName; tries += 1) {
    const name = nameSample(schema, site, context, tries);
    if (name === undefined) return [...added];
    if (added.has(name) || members.some(([other]) => other === name)) continue;
    if (schema.propertyNames !== undefined && !context.fits(schema.propertyNames, name)) continue;
    const rule = memberRule(schema, name);
    if (rule === false || isContradictory(mergedSchema(rule, context.resolve), context.resolve)) continue;
    const inner = { ...within, name: site.name, budget: within.budget / Math.max(wanted, 1) };
    const made = context.make(rule, inner, innerExtent(extent, inner));
    if (made.isFit) added.set(name, made.value);
    else if (least === 0) return [...added];
  }
  return [...added];
}
