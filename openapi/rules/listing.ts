/** Records of a collection as a list: those that are asked for, the page that is asked for. */

import { isObject, type Json, type JsonObject, jsonEquals } from '../json.js';
import type { Listing, Value } from './rules.js';

/**
 * The records that a listing asks for, or how many there are; `read` evaluates its values, with what they are to find
 * under names.
 */
export function listed(
  records: readonly Json[],
  listing: Listing,
  read: (value: Value | undefined, named?: Readonly<Record<string, Json>>) => Json | undefined,
): Json {
  const where = listing.where.map(([name, value]) => [name, read(value)] as const);
  const filter = listing.filter.map(([name, value]) => [name, read(value)] as const);
  const ordered = listing.reverse ? records.toReversed() : records;
  const items = ordered
    .filter((record) => where.every(([name, wanted]) => jsonEquals(memberOf(record, name), wanted)))
    .map((record) => (listing.member === undefined ? record : (memberOf(record, listing.member) ?? null)))
    .filter((item) => filter.every(([name, wanted]) => isWanted(memberOf(item, name), wanted)));
  const shown = listing.gather === undefined ? items : gathered(items, listing.gather, listing.gathered);
  if (listing.count) return shown.length;
  const limit = countOf(read(listing.limit));
  const page = countOf(read(listing.page));
  const from = countOf(read(listing.offset)) ?? (page === undefined ? 0 : (page - 1) * (limit ?? 0));
  const asked = shown.slice(Math.max(from, 0), limit === undefined ? undefined : Math.max(from, 0) + limit);
  const { as, each, by } = listing;
  const made = (item: Json): Json =>
    each === undefined ? item : (read(each, as === undefined ? {} : { [as]: item }) ?? null);
  if (by === undefined) return asked.map(made);
  return Object.fromEntries(asked.map((item) => [textOf(memberOf(item, by)), made(item)] as const));
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** Of what is alike but for a list, one with all that stands in these lists; and how many they were. */
function gathered(items: readonly Json[], list: string, count: string | undefined): readonly Json[] {
  const groups = new Map<string, { readonly first: JsonObject; readonly all: Json[]; size: number }>();
  for (const item of items.filter(isObject)) {
    const kind = JSON.stringify({ ...item, [list]: null });
    const group = groups.get(kind) ?? { first: item, all: [], size: 0 };
    groups.set(kind, group);
    group.all.push(...[memberOf(item, list) ?? []].flat());
    group.size += 1;
  }
  return [...groups.values()].map(({ first, all, size }) => ({
    ...first,
    ...(count === undefined ? {} : { [count]: size }),
    ...(Object.hasOwn(first, list) ? { [list]: all } : {}),
  }));
}

/** What nobody has asked for is as it likes; a list of values asks for any of them, and a list has each of its items. */
function isWanted(value: Json | undefined, wanted: Json | undefined): boolean {
  if (wanted === undefined) return true;
  const values = [value ?? []].flat();
  return [wanted].flat().some((each) => values.some((own) => String(own) === String(each)));
}

function countOf(value: Json | undefined): number | undefined {
  const count = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : undefined;
}

function memberOf(value: Json, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
