/** Which members a message need not have, for they are sent in the other direction only. */

import { type DocumentNode, type Documents, placeIn } from '../document/documents.js';
import { asObject } from '../json.js';
import { partsOf } from './in-place.js';

/** Requests leave out `readOnly` members, responses `writeOnly` ones (OpenAPI 3.0, 4.7.24; JSON Schema 2020-12, 9.4). */
export type Direction = 'request' | 'response';

type Memo = WeakMap<object, readonly string[]>;
const known: Readonly<Record<Direction | 'required', WeakMap<Documents, Memo>>> = {
  request: new WeakMap(),
  response: new WeakMap(),
  required: new WeakMap(),
};

/** The members that a schema, or another that holds wherever it does, marks as sent in the other direction only. */
export function excusedMembers(
  documents: Documents,
  node: DocumentNode,
  direction: Direction,
  siblings: boolean,
): readonly string[] {
  return remembered(known[direction], documents, node, () => {
    const flag = direction === 'request' ? 'readOnly' : 'writeOnly';
    const marked = partsOf(documents, node, siblings).flatMap(({ value, at }) => {
      const place = placeIn(at, 'properties');
      return Object.entries(asObject(value.properties)).flatMap(([name, property]) => {
        const inner = { value: property, at: placeIn(place, name) };
        const isMarked = partsOf(documents, inner, siblings).some((part) => part.value[flag] === true);
        return isMarked ? [name] : [];
      });
    });
    return [...new Set(marked)];
  });
}

/** Those of the members that the schema at a place would require all the same, did it not know that they are excused. */
export function unknowinglyRequired(
  documents: Documents,
  node: DocumentNode,
  excused: readonly string[],
  direction: Direction,
  siblings: boolean,
): readonly string[] {
  if (excused.length === 0) return [];
  const required = remembered(known.required, documents, node, () =>
    partsOf(documents, node, siblings).flatMap((part) => {
      return Array.isArray(part.value.required) ? part.value.required.map(String) : [];
    }),
  );
  const own = excusedMembers(documents, node, direction, siblings);
  return excused.filter((name) => required.includes(name) && !own.includes(name));
}

function remembered(
  memos: WeakMap<Documents, Memo>,
  documents: Documents,
  { value }: DocumentNode,
  make: () => readonly string[],
): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const memo: Memo = memos.get(documents) ?? new WeakMap();
  memos.set(documents, memo);
  const found = memo.get(value) ?? make();
  memo.set(value, found);
  return found;
}
