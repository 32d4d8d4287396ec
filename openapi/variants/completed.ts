/** A value with what its schema leaves open filled in: every optional member, an item in each list, an entry in each map. */

import type { Place } from '../document/documents.js';
import { mergedSchema } from '../generate/merged-schema.js';
import { asObject, isObject, type Json, type JsonObject, pointedTo } from '../json.js';
import { regExpOf } from '../schema/pattern.js';
import { keyOf, rootsOf, type Site, sitesOf, type Walk } from './sites.js';
import { withValueAt } from './value-at.js';

/** Makes a value of a schema. */
export type Sample = (schema: JsonObject) => Json;

const rounds = 6;
const largest = 400;
/** So much is filled in, the outermost first: a wide schema that stands within itself has no end otherwise. */
const most = 300;
/** As many leading items of a list are made. */
const longest = 20;
/** As often may a schema stand within itself. */
const recursions = 1;

/** The value completed, as far as it stays valid. Members that do not travel in this direction are not made. */
export function completed(at: Place, base: Json, walk: Walk, sample: Sample): Json {
  const isValid = (value: Json): boolean => walk.schemas.isValid(at, value, walk.direction);
  let value = base;
  const done = new Set<string>();
  let left = most;
  for (let round = 0; round < rounds; round += 1) {
    const sites = sitesOf(at, value, walk).slice(0, largest);
    const open = sites.filter(({ pointer }) => !done.has(pointer));
    if (open.length === 0) return value;
    for (const site of open) {
      done.add(site.pointer);
      if (isRecursive(site)) continue;
      if (left <= 0) return value;
      const changes = changesOf(site, base, walk, sample).slice(0, left);
      left -= changes.length;
      // All at once; one by one where they do not go together.
      const whole = changed(value, site, changes);
      if (isValid(whole)) value = whole;
      else
        for (const change of changes) {
          const next = changed(value, site, [change]);
          if (isValid(next)) value = next;
        }
    }
  }
  return value;
}

type Change = (value: Json) => Json;

function changed(value: Json, { pointer }: Site, changes: readonly Change[]): Json {
  const inner = pointedTo(value, pointer);
  if (inner === undefined || changes.length === 0) return value;
  return withValueAt(
    value,
    pointer,
    changes.reduce((current, change) => change(current), inner),
  );
}

function changesOf(site: Site, base: Json, walk: Walk, sample: Sample): readonly Change[] {
  if (Array.isArray(site.value)) return listChanges(site, site.value, sample);
  if (!isObject(site.value)) return [];
  const own = site.value;
  const isWritten = (name: string) => Object.hasOwn(asObject(pointedTo(base, site.pointer)), name);
  const removed = Object.keys(own)
    .filter((name) => !isWritten(name) && !isMade(rootsOf(site, name), walk))
    .map(
      (name): Change =>
        (value) =>
          withoutMember(asObject(value), name),
    );
  const added = memberNames(site)
    .filter((name) => !Object.hasOwn(own, name))
    .flatMap((name): Change[] => {
      const roots = rootsOf(site, name);
      if (!isMade(roots, walk)) return [];
      const member = sample({ allOf: roots });
      return [(value) => ({ ...asObject(value), ...Object.fromEntries([[name, member]]) })];
    });
  const mapped = entryNames(site, sample).map((name): Change => {
    const member = sample({ allOf: rootsOf(site, name) });
    return (value) => ({ ...asObject(value), ...Object.fromEntries([[name, member]]) });
  });
  return [...removed, ...added, ...mapped];
}

/** An item in a list that has none, and the leading items that are described. */
function listChanges(site: Site, items: readonly Json[], sample: Sample): readonly Change[] {
  const leading = Math.max(
    1,
    ...site.schemas.map(({ schema: { prefixItems } }) =>
      Array.isArray(prefixItems) ? prefixItems.length : 0,
    ),
  );
  const added: Json[] = [];
  for (let index = items.length; index < Math.min(leading, longest); index += 1) {
    const roots = rootsOf(site, String(index));
    if (roots.length === 0 || roots.includes(false)) break;
    added.push(sample({ allOf: roots }));
  }
  return added.length === 0 ? [] : [(value) => [...(Array.isArray(value) ? value : []), ...added]];
}

/** Names of entries that a map has room for: one that no property has, and one of each pattern. */
function entryNames(site: Site, sample: Sample): readonly string[] {
  const own = Object.keys(asObject(site.value));
  const described = new Set(memberNames(site));
  const patterns = site.schemas.flatMap(({ schema }) => Object.entries(asObject(schema.patternProperties)));
  const byPattern = patterns.flatMap(([pattern, schema]): string[] => {
    const matches = (name: string): boolean => regExpOf(pattern).test(name);
    if (!saysSomething(schema) || own.some(matches)) return [];
    const name = String(sample({ type: 'string', pattern }));
    return matches(name) && !described.has(name) ? [name] : [];
  });
  const isOther = (name: string): boolean =>
    !described.has(name) && !patterns.some(([pattern]) => regExpOf(pattern).test(name));
  const hasRoom = !own.some(isOther) && isOther(entryName) && rootsOf(site, entryName).some(saysSomething);
  return hasRoom ? [...byPattern, entryName] : byPattern;
}

const entryName = 'member1';

function saysSomething(schema: Json): boolean {
  return isObject(schema) && Object.keys(schema).length > 0;
}

/** The members that the schemas of a site name. */
export function memberNames({ schemas }: Site): readonly string[] {
  return [...new Set(schemas.flatMap(({ schema }) => Object.keys(asObject(schema.properties))))];
}

export function withoutMember(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== name));
}

/** Whether a member may be there, and travels in this direction. */
export function isMade(roots: readonly Json[], { plain, direction }: Walk): boolean {
  const { not, readOnly, writeOnly } = mergedSchema({ allOf: roots }, plain.resolve);
  const isForbidden = roots.includes(false) || (isObject(not) && Object.keys(not).length === 0);
  return !isForbidden && (direction === 'request' ? readOnly : writeOnly) !== true;
}

function isRecursive(site: Site): boolean {
  const key = keyOf(site);
  return key !== '' && site.trail.filter((other) => other === key).length >= recursions;
}
