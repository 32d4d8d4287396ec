/** Records of a collection as a list: those that are asked for, the page that is asked for. */

import { isObject, type Json, jsonEquals } from './json.js';
import type { Listing, Value } from './rules.js';

/** The records that a listing asks for, or how many there are; `read` evaluates its values. */
export function listed(
  records: readonly Json[],
  listing: Listing,
  read: (value: Value | undefined) => Json | undefined,
): Json {
  const where = listing.where.map(([name, value]) => [name, read(value)] as const);
  const filter = listing.filter.map(([name, value]) => [name, read(value)] as const);
  const shown = records
    .filter((record) => where.every(([name, wanted]) => jsonEquals(memberOf(record, name), wanted)))
    .map((record) => (listing.member === undefined ? record : (memberOf(record, listing.member) ?? null)))
    .filter((item) => filter.every(([name, wanted]) => isWanted(memberOf(item, name), wanted)));
  if (listing.count) return shown.length;
  const limit = countOf(read(listing.limit));
  const page = countOf(read(listing.page));
  const from = countOf(read(listing.offset)) ?? (page === undefined ? 0 : (page - 1) * (limit ?? 0));
  return shown.slice(Math.max(from, 0), limit === undefined ? undefined : Math.max(from, 0) + limit);
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
