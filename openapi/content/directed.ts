/** Values without what only travels the other way: `readOnly` members in requests, `writeOnly` ones in responses. */

import type { Content } from '../contract.js';
import { isObject, type Json } from '../json.js';
import type { Direction } from '../schema/dialect.js';
import type { ParameterShape } from '../schema/shape.js';

const otherWay = { request: 'readOnly', response: 'writeOnly' } as const;

const known = { request: new WeakMap<object, boolean>(), response: new WeakMap<object, boolean>() };

/** As many schemas are looked through; where there are more, any of them may say so. */
const most = 60;

/** The value without members that do not travel in this direction (OpenAPI 3.2, 4.23.5.2). */
export function directed(value: Json, content: Content, direction: Direction): Json {
  const { shape, itemShape } = content;
  let has = known[direction].get(content);
  if (has === undefined) {
    has = [shape, itemShape].some((each) => each !== undefined && mentions(each, direction));
    known[direction].set(content, has);
  }
  if (!has) return value;
  if (itemShape !== undefined && Array.isArray(value))
    return value.map((item: Json) => directedBy(item, itemShape, direction));
  return directedBy(value, shape, direction);
}

/** Whether some schema within says that it travels the other way only. */
function mentions(start: ParameterShape, direction: Direction): boolean {
  const seen = new Set<string>();
  const pending = [start];
  for (let shape = pending.pop(); shape !== undefined; shape = pending.pop()) {
    if (shape[otherWay[direction]] === true || seen.size > most) return true;
    if (shape.key === undefined || seen.has(shape.key)) continue;
    seen.add(shape.key);
    const { items, prefixItems = [], properties, additional } = shape;
    pending.push(...prefixItems, ...(properties?.values() ?? []));
    for (const inner of [items, additional]) if (inner !== undefined) pending.push(inner);
  }
  return false;
}

function directedBy(value: Json, shape: ParameterShape, direction: Direction): Json {
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => {
      const inner = shape.prefixItems?.[index] ?? shape.items;
      return inner === undefined ? item : directedBy(item, inner, direction);
    });
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]): (readonly [string, Json])[] => {
    const inner = shape.properties?.get(name) ?? shape.additional;
    if (inner === undefined) return [[name, member]];
    return inner[otherWay[direction]] === true ? [] : [[name, directedBy(member, inner, direction)]];
  });
  return Object.fromEntries(members);
}
