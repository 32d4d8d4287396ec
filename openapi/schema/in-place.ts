/** What a schema applies to the value that it is applied to itself: its parts, and where that comes to no end. */

import {
  type DocumentNode,
  type Documents,
  nodeAt,
  type Place,
  placeIn,
  referenceTarget,
} from '../document/documents.js';
import { placeKey } from '../document/places.js';
import { isObject, type JsonObject } from '../json.js';

/** The schemas that all hold wherever one does: itself, what it refers to, its `allOf`, and theirs. */
export function partsOf(
  documents: Documents,
  node: DocumentNode,
  /** Whether what stands beside a reference counts (from OpenAPI 3.1 on). */
  siblings: boolean,
): readonly (DocumentNode & { readonly value: JsonObject })[] {
  const parts: (DocumentNode & { readonly value: JsonObject })[] = [];
  const seen = new Set<unknown>();
  const open: (DocumentNode | undefined)[] = [node];
  for (const part of open) {
    if (part === undefined || !isObject(part.value) || seen.has(part.value)) continue;
    const { value, at } = part;
    seen.add(value);
    const { $ref, allOf } = value;
    if (typeof $ref === 'string') open.push(nodeAt(documents, referenceTarget(documents, at, $ref)));
    if (typeof $ref === 'string' && !siblings) continue;
    parts.push({ value, at });
    if (!Array.isArray(allOf)) continue;
    const place = placeIn(at, 'allOf');
    for (const [index, inner] of allOf.entries()) open.push({ value: inner, at: placeIn(place, index) });
  }
  return parts;
}

/** A step to a schema that is applied to the same value: as a reference, as one of several, or as it stands. */
type Step = { readonly to: Place; readonly is: 'reference' | 'choice' | 'part' };

/**
 * What becomes of a reference by which a schema would be applied to one value again and again (JSON Schema 2020-12 core,
 * 9.4.1): `chosen` when that is because the other schema lists this one among its alternatives, of which it is one already;
 * `nothing` when one alternative leads back to its own choice; `endless` when nothing else is said. undefined, as almost
 * always, when it comes to an end.
 */
export function loopBy(
  documents: Documents,
  from: Place,
  target: Place,
): 'chosen' | 'nothing' | 'endless' | undefined {
  if (stepsFrom(documents, target).length === 0 || !areInOneLoop(documents, from, target)) return undefined;
  const leads = (follows: (step: Step, at: Place) => boolean) =>
    reach(documents, target, follows).has(bare(from));
  if (isAlternative(from)) return bare(from).startsWith(`${bare(target)}/`) ? 'nothing' : undefined;
  if (!leads((step, at) => step.is !== 'choice' || bare(at) !== bare(target))) return 'chosen';
  return leads((step) => step.is !== 'choice') ? 'endless' : undefined;
}

type Loops = {
  /** Places in the order in which they were come to. */
  readonly orders: Map<string, number>;
  /** The first place of the loop that a place is in. */
  readonly loops: Map<string, number>;
};

const known = new WeakMap<Documents, Loops>();

/** Whether a schema that refers to another is reached from there: both are in one strongly connected component. */
function areInOneLoop(documents: Documents, from: Place, target: Place): boolean {
  const found = known.get(documents) ?? { orders: new Map(), loops: new Map() };
  known.set(documents, found);
  if (!found.orders.has(bare(from))) findLoops(documents, from, found);
  const loop = found.loops.get(bare(from));
  return loop !== undefined && loop === found.loops.get(bare(target));
}

type Visit = { readonly key: string; readonly order: number; low: number; readonly rest: string[] };

/** Tarjan's algorithm, without recursion: a chain of references may be longer than the stack is deep. */
function findLoops(documents: Documents, from: Place, { orders, loops }: Loops): void {
  const places = new Map<string, Place>();
  const path: Visit[] = [];
  const pending: Visit[] = [];
  const open = new Set<string>();
  const enter = (key: string): void => {
    const at = places.get(key);
    const steps = at === undefined ? [] : stepsFrom(documents, at);
    for (const { to } of steps) places.set(bare(to), to);
    const visit = { key, order: orders.size, low: orders.size, rest: steps.map(({ to }) => bare(to)) };
    orders.set(key, visit.order);
    open.add(key);
    path.push(visit);
    pending.push(visit);
  };
  places.set(bare(from), from);
  enter(bare(from));
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    const next = last.rest.pop();
    if (next === undefined) {
      path.pop();
      const before = path.at(-1);
      if (before !== undefined) before.low = Math.min(before.low, last.low);
      if (last.low === last.order) {
        for (const { key } of pending.splice(pending.indexOf(last))) {
          loops.set(key, last.order);
          open.delete(key);
        }
      }
    } else if (!orders.has(next)) enter(next);
    else if (open.has(next)) last.low = Math.min(last.low, orders.get(next) ?? last.low);
  }
}

/** The schemas that are applied to the value that one is applied to, as far as the steps are followed. */
function reach(
  documents: Documents,
  from: Place,
  follows: (step: Step, at: Place) => boolean,
): ReadonlySet<string> {
  const seen = new Set([bare(from)]);
  const open = [from];
  for (const at of open) {
    for (const step of stepsFrom(documents, at)) {
      if (seen.has(bare(step.to)) || !follows(step, at)) continue;
      seen.add(bare(step.to));
      open.push(step.to);
    }
  }
  return seen;
}

function stepsFrom(documents: Documents, at: Place): readonly Step[] {
  const value = nodeAt(documents, at)?.value;
  if (!isObject(value)) return [];
  const steps: Step[] = [];
  if (typeof value.$ref === 'string')
    steps.push({ to: referenceTarget(documents, at, value.$ref), is: 'reference' });
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const inner = value[keyword];
    if (!Array.isArray(inner)) continue;
    const place = placeIn(at, keyword);
    const is = keyword === 'allOf' ? 'part' : 'choice';
    for (const index of inner.keys()) steps.push({ to: placeIn(place, index), is });
  }
  for (const keyword of ['then', 'else'])
    if (isObject(value[keyword])) steps.push({ to: placeIn(at, keyword), is: 'part' });
  return steps;
}

function isAlternative({ pointer }: Place): boolean {
  return /\/(?:any|one)Of\/\d+$/.test(pointer);
}

function bare({ file, pointer }: Place): string {
  return placeKey({ file, pointer });
}
