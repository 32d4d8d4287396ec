/** What a contract only infers, at every level of it, and which operations each inference concerns. */

import type { Contract } from '../contract.js';
import { nodeAt, type Place } from '../document/documents.js';
import { objectsOf, type Slot } from '../document/objects.js';
import { placeKey } from '../document/places.js';
import { isObject, type Json, type JsonObject, pointerTokens } from '../json.js';
import type { TellPlace } from './describe-operation.js';
import type { Inferred } from './description.js';

type Marked = { readonly kind: string; readonly at: Place; readonly value: JsonObject };

/** Every statement that says of itself that it is inferred, in the order of the document. */
export function inferredIn(contract: Contract, tell: TellPlace): readonly Inferred[] {
  const marked = markedIn(contract);
  const users = usersOf(contract, marked);
  return marked.map(({ kind, at, value }) => ({
    kind,
    what: placeText(contract, at),
    states: kind === 'schema' ? statesOf(value) : undefined,
    reason: typeof value['x-reason'] === 'string' ? value['x-reason'].trim() : '',
    usedBy: users.get(placeKey(at)) ?? [],
    at: tell(at),
  }));
}

const isMarked = (value: Json): value is JsonObject =>
  isObject(value) && value['x-provenance'] === 'inferred';

function markedIn({ documents }: Contract): readonly Marked[] {
  const objects = objectsOf(documents).flatMap(({ value, at, slot }): Marked[] =>
    slot !== 'value' && isMarked(value) ? [{ kind: kindOf(slot), at, value }] : [],
  );
  const others = ['info', 'externalDocs', 'servers', 'tags'].flatMap((member): Marked[] => {
    const place = { file: documents.root, pointer: `/${member}` };
    const value = nodeAt(documents, place)?.value ?? null;
    const items = Array.isArray(value) ? value : [value];
    return items.flatMap((item, index): Marked[] => {
      const at = Array.isArray(value) ? { ...place, pointer: `${place.pointer}/${index}` } : place;
      return isMarked(item) ? [{ kind: member.replace(/s$/, ''), at, value: item }] : [];
    });
  });
  const seen = new Set<string>();
  return [...others, ...objects].filter(({ at }) => {
    const isNew = !seen.has(placeKey(at));
    seen.add(placeKey(at));
    return isNew;
  });
}

/** `{schema}` and `[schema]` hold schemas, and are none. */
function kindOf(slot: Slot): string {
  return slot.replace(/[[\]{}]/g, '');
}

/** The operations that lead to each marked place: by a reference, by a rule, or by a security requirement. */
function usersOf(contract: Contract, marked: readonly Marked[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  if (marked.length === 0) return users;
  const wanted = new Set(marked.map(({ at }) => placeKey(at)));
  for (const { id, at, security } of contract.operations) {
    const starts = [
      { at, slot: 'operation' as const },
      ...security.flat().map(({ scheme }) => ({ at: scheme.at, slot: 'securityScheme' as const })),
    ];
    const reached = new Set(
      starts.flatMap((start) =>
        objectsOf(contract.documents, start.at, start.slot).map((each) => placeKey(each.at)),
      ),
    );
    for (const key of reached) if (wanted.has(key)) users.set(key, [...(users.get(key) ?? []), id]);
  }
  return users;
}

/** The keywords by which a schema itself constrains, without those that hold other schemas or only explain. */
function statesOf(schema: JsonObject): JsonObject | undefined {
  const silent =
    /^(?:title|description|x-provenance|x-reason|x-source|\$ref|example|examples|default|deprecated)$/;
  const states = Object.entries(schema).filter(
    ([name, value]) => !silent.test(name) && (!isObject(value) || name === 'const') && !holdsObjects(value),
  );
  return states.length === 0 ? undefined : Object.fromEntries(states);
}

function holdsObjects(value: Json): boolean {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}

/** A place as a person would call it: `schemas › Token › contentSchema`. */
export function placeText({ operations, documents }: Contract, at: Place): string {
  const owner = operations.find(
    (each) => each.at.file === at.file && `${at.pointer}/`.startsWith(`${each.at.pointer}/`),
  );
  const tokens = pointerTokens(owner === undefined ? at.pointer : at.pointer.slice(owner.at.pointer.length));
  const base = owner?.at.pointer ?? '';
  const names = tokens.map((token, index) => {
    const pointer = `${base}/${tokens
      .slice(0, index + 1)
      .map(escaped)
      .join('/')}`;
    const value = nodeAt(documents, { file: at.file, pointer })?.value;
    const name = isObject(value) && /^\d+$/.test(token) ? value.name : undefined;
    return typeof name === 'string' ? name : token;
  });
  const own = owner === undefined && names[0] === 'components' ? names.slice(1) : names;
  return [...(owner === undefined ? [] : [owner.id]), ...own].join(' › ');
}

function escaped(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}
