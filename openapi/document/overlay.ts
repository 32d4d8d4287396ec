/** Overlays (Overlay Specification 1.0 and 1.1): a document changed by the actions of another, its places kept. */

import { ContractError, type ContractProblem } from '../contract-error.js';
import { asObject, isObject, type Json, pointerTo, pointerTokens } from '../json.js';
import { type Draft, draftOf, jsonPathMistake, jsonPathNodes } from './json-path.js';
import { locate, type Source, withValue } from './locate.js';

/** The changed document, and what is not quite right about the overlay: actions that change nothing. */
export type Overlaid = { readonly source: Source; readonly problems: readonly ContractProblem[] };

type Action = {
  readonly target: string;
  readonly update: Json | undefined;
  readonly copy: string | undefined;
  readonly remove: boolean;
  readonly pointer: string;
};

/** Where a value comes from: a pointer into a source. */
type Origin = { readonly source: Source; readonly pointer: string };
type Container = Draft[] | { [member: string]: Draft };

/**
 * Applies the actions of an overlay in their order (Overlay 1.0, 4.4.3). Objects are merged, arrays grow by what is added.
 * @throws ContractError when the overlay is not well-formed.
 */
export function overlaid(source: Source, overlay: Source): Overlaid {
  const actions = actionsOf(overlay);
  const target = { root: draftOf(source.value), origins: new Origins(source) };
  const problems: ContractProblem[] = [];
  for (const action of actions) {
    const mistake = applied(target, action, overlay);
    if (mistake !== undefined)
      problems.push(problemAt(overlay, `${action.pointer}/target`, mistake.what, mistake.fix));
  }
  const { root, origins } = target;
  const value: Json = JSON.parse(JSON.stringify(root ?? null));
  const changed = withValue(source, value, (pointer) => {
    const origin = origins.originOf(root, pointer);
    return origin.source.locationAt(origin.pointer);
  });
  return { source: changed, problems };
}

/** The document that an overlay says it is for (4.4.1, `extends`), as it is written there. */
export function extended(overlay: Source): string | undefined {
  const { extends: target } = asObject(overlay.value);
  return typeof target === 'string' ? target : undefined;
}

function actionsOf(overlay: Source): readonly Action[] {
  const { overlay: version, actions } = asObject(overlay.value);
  const refuse = (pointer: string, what: string, fix: string): never => {
    throw new ContractError([problemAt(overlay, pointer, what, fix)]);
  };
  if (typeof version !== 'string' || !/^1\.[01]\.\d+$/.test(version)) {
    const what =
      version === undefined
        ? 'this is not an overlay: it has no "overlay" field'
        : `Overlay ${String(version)} is not supported`;
    refuse('/overlay', what, 'Write overlay: "1.0.0"');
  }
  if (!Array.isArray(actions) || actions.length === 0)
    return refuse('/actions', '"actions" must be a list of at least one action', 'Add one, with a target');
  return actions.map((action: Json, index): Action => {
    const pointer = `/actions/${index}`;
    const { target, update, copy, remove } = asObject(action);
    if (typeof target !== 'string')
      return refuse(pointer, 'the action has no "target"', 'Add a JSONPath, for example $.info');
    for (const [name, path] of [
      ['target', target],
      ['copy', copy],
    ] as const) {
      const mistake = typeof path === 'string' ? jsonPathMistake(path) : undefined;
      if (mistake !== undefined)
        refuse(
          `${pointer}/${name}`,
          `"${String(path)}" is not a JSONPath: ${mistake}`,
          'Write it as in RFC 9535',
        );
    }
    if (update === undefined && copy === undefined && remove !== true)
      refuse(pointer, 'the action has neither "update" nor "remove"', 'Add one of them');
    return {
      target,
      update,
      copy: typeof copy === 'string' ? copy : undefined,
      remove: remove === true,
      pointer,
    };
  });
}

type Target = { root: Draft; readonly origins: Origins };
type Mistake = { readonly what: string; readonly fix: string };

function applied(target: Target, action: Action, overlay: Source): Mistake | undefined {
  const places = jsonPathNodes(action.target, target.root);
  if (places.length === 0)
    return { what: `the target ${action.target} selects nothing`, fix: 'Correct it, or remove the action' };
  if (action.remove) {
    // From the back, so that the indexes of what is still to be removed stay as they are.
    for (const place of places.toReversed()) removed(target, place);
    return undefined;
  }
  const added = additionOf(target, action, overlay);
  if (added === undefined)
    return { what: `${action.copy ?? 'the action'} selects no single value to copy`, fix: 'Correct it' };
  for (const place of places) {
    const held = valueIn(target.root, place);
    const isFitting = Array.isArray(held) || isContainer(held) === isObject(added.value);
    if (!isFitting) {
      const kind = isContainer(held) ? 'an object' : 'a single value';
      return {
        what: `the target ${action.target} selects ${kind}, and what is to be added is none`,
        fix: 'Select what holds it',
      };
    }
    const [parent, name] = [containerOf(target.root, place), place.at(-1)];
    const merged = mergedInto(held, added, target.origins);
    if (parent === undefined || name === undefined) target.root = merged;
    else {
      if (!isContainer(held)) target.origins.mark(parent, name, added.origin);
      assign(parent, name, merged);
    }
  }
  return undefined;
}

type Added = { readonly value: Json; readonly origin: Origin };

function additionOf(target: Target, { update, copy, pointer }: Action, overlay: Source): Added | undefined {
  if (update !== undefined)
    return { value: update, origin: { source: overlay, pointer: `${pointer}/update` } };
  const [place, ...others] = copy === undefined ? [] : jsonPathNodes(copy, target.root);
  if (place === undefined || others.length > 0) return undefined;
  const value: Json = JSON.parse(JSON.stringify(valueIn(target.root, place) ?? null));
  return { value, origin: target.origins.originOf(target.root, place.reduce<string>(pointerTo, '')) };
}

/** What is there with what is added to it: objects member by member, arrays by their items, anything else replaced. */
function mergedInto(held: Draft, added: Added, origins: Origins): Draft {
  const { value, origin } = added;
  const inner = (token: string | number): Origin => ({
    ...origin,
    pointer: pointerTo(origin.pointer, token),
  });
  if (Array.isArray(held)) {
    const items: readonly Json[] = Array.isArray(value) ? value : [value];
    for (const [index, item] of items.entries()) {
      origins.mark(held, held.length, Array.isArray(value) ? inner(index) : origin);
      held.push(draftOf(item));
    }
    return held;
  }
  if (typeof held !== 'object' || held === null || !isObject(value)) return draftOf(value);
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(held, name) ? held[name] : undefined;
    const isMerged = Array.isArray(known) ? Array.isArray(member) : isContainer(known) && isObject(member);
    if (!isMerged) origins.mark(held, name, inner(name));
    assign(
      held,
      name,
      isMerged ? mergedInto(known, { value: member, origin: inner(name) }, origins) : draftOf(member),
    );
  }
  return held;
}

function removed(target: Target, place: readonly (string | number)[]): void {
  const parent = containerOf(target.root, place);
  const name = place.at(-1);
  if (parent === undefined || name === undefined) return;
  if (!Array.isArray(parent)) delete parent[name];
  else {
    target.origins.shift(parent, Number(name));
    parent.splice(Number(name), 1);
  }
}

/** Where the members and items of a changed document come from. What is not marked stands where it stood. */
class Origins {
  readonly #marks = new Map<Container, Map<string, Origin>>();
  /** Of arrays that lost items: where each of those that are left stood. */
  readonly #indexes = new Map<Container, number[]>();
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  mark(container: Container, name: string | number, origin: Origin): void {
    const marks = this.#marks.get(container) ?? new Map<string, Origin>();
    this.#marks.set(container, marks.set(String(name), origin));
  }

  shift(items: Draft[], index: number): void {
    const indexes = this.#indexes.get(items) ?? items.map((_, own) => own);
    indexes.splice(index, 1);
    this.#indexes.set(items, indexes);
    const marks = [...(this.#marks.get(items) ?? [])].filter(([own]) => Number(own) !== index);
    const moved = marks.map(
      ([own, origin]) => [String(Number(own) > index ? Number(own) - 1 : own), origin] as const,
    );
    this.#marks.set(items, new Map(moved));
  }

  originOf(root: Draft, pointer: string): Origin {
    let value = root;
    let origin: Origin = { source: this.#source, pointer: '' };
    for (const token of pointerTokens(pointer)) {
      const container = isContainer(value) ? value : undefined;
      const marked = container && this.#marks.get(container)?.get(token);
      const index = container && this.#indexes.get(container)?.[Number(token)];
      origin = marked ?? { ...origin, pointer: pointerTo(origin.pointer, index ?? token) };
      value = container && valueIn(container, [token]);
    }
    return origin;
  }
}

function isContainer(value: Draft): value is Container {
  return typeof value === 'object' && value !== null;
}

function containerOf(root: Draft, place: readonly (string | number)[]): Container | undefined {
  const value = place.length === 0 ? undefined : valueIn(root, place.slice(0, -1));
  return isContainer(value) ? value : undefined;
}

function valueIn(root: Draft, place: readonly (string | number)[]): Draft {
  let value = root;
  for (const token of place) {
    if (Array.isArray(value)) value = value[Number(token)];
    else if (isContainer(value)) value = Object.hasOwn(value, token) ? value[token] : undefined;
    else return undefined;
  }
  return value;
}

/** Sets a member, `__proto__` as well. */
function assign(container: Container, name: string | number, value: Draft): void {
  Object.defineProperty(container, name, { value, writable: true, enumerable: true, configurable: true });
}

function problemAt(overlay: Source, pointer: string, what: string, fix: string): ContractProblem {
  return { code: 'invalid-document', what, fix, location: locate(overlay, pointer) };
}
