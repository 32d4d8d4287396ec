/** The operations that a walk may call, each in its forms, and the parts of a request by which the rules decide. */

import type { Template } from '../../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../../openapi/contract.js';
import { asObject, type Json, jsonEquals } from '../../../openapi/json.js';
import { seededRandom } from '../../../openapi/random.js';
import type { Effect, Value } from '../../../openapi/rules/rules.js';
import { bodyFor } from '../body.js';
import { effortsOf } from '../effort.js';
import {
  goalsOf,
  isGivenOut,
  nameOfPart,
  partOfValue,
  plainConditions,
  producersOf,
  type Target,
  targetsOf,
} from '../goal.js';
import { isMade } from '../scenarios.js';

/** A part of a request by which a rule decides, and where the values come from by which it does. */
export type Part = { readonly name: string } & (
  | { readonly from: 'clients' }
  /** The server has given it out, as a key of these collections. */
  | {
      readonly from: 'server';
      readonly collections: readonly string[];
      /** Keys of what stands in the fixtures and is looked up like what was given out. */
      readonly keys: readonly string[];
      /** The collection of which somebody outside knows a key, where no call puts the first one into any. */
      readonly outside: string | undefined;
    }
  /** It was sent to somebody outside of HTTP. */
  | { readonly from: 'delivery' }
  /** Keys of what stands in the fixtures and is never put anywhere. */
  | { readonly from: 'reference'; readonly keys: readonly string[] }
);

/** A body that a walk may send in the place of the documented one, and where it differs from that. */
type OtherBody = { readonly value: Json; readonly pointer: string };

/** The request of an operation in one of its forms: what its rules compare with fixed values is set. */
export type Form = {
  readonly operation: Operation;
  readonly fixed: ReadonlyMap<string, Template>;
  readonly parts: readonly Part[];
  /** Names of members of the body that are texts and that no rule compares with anything. */
  readonly details: () => readonly string[];
  /** Bodies that the contract allows, and bodies that it forbids; none of them differs where somebody is addressed. */
  readonly others: () => { readonly valid: readonly OtherBody[]; readonly invalid: readonly OtherBody[] };
  /** The collections that its rules look at. */
  readonly needs: ReadonlySet<string>;
  /** Those into which it puts something, and how many calls that takes at least. */
  readonly begins: ReadonlyMap<string, number>;
};

/** The forms of operations that have rules. `harmless`: the credentials of the fixtures may be used. What takes long to know of a form is worked out when it is asked for. */
export function formsOf(
  contract: Contract,
  operations: readonly Operation[],
  harmless: boolean,
): readonly Form[] {
  return operations.flatMap((operation) => {
    const targets = targetsOf(operation).filter(({ transition }) => isMade(transition));
    if (targets.length === 0) return [];
    const addresses = new Set(targets.flatMap(({ transition }) => addressesOf(transition.effects)));
    const fixing = targets.map((target) => ({ target, fixed: fixedOf(target) }));
    const own = fixing.flatMap(({ target, fixed }) => (target.of === 'operation' ? [fixed] : []));
    const distinct = new Map(own.map((fixed) => [JSON.stringify([...fixed]), fixed]));
    const forms = distinct.size === 0 ? [new Map<string, Template>()] : [...distinct.values()];
    const parts = partsLookedAt(contract, targets, addresses, harmless);
    const compared = new Set([
      ...parts.map(({ name }) => name),
      ...own.flatMap((fixed) => [...fixed.keys()]),
    ]);
    const bodies = once(() => bodiesOf(contract, operation, compared));
    const shared = {
      operation,
      details: () => bodies().details,
      others: bodies,
      needs: new Set(targets.flatMap(neededBy)),
      begins: begunBy(contract, targets),
    };
    return forms.map((form) => {
      // What only other forms are decided by is left out.
      const decided = fixing.flatMap(({ target, fixed }) => (isCompatible(form, fixed) ? [target] : []));
      return { ...shared, fixed: form, parts: partsLookedAt(contract, decided, addresses, harmless) };
    });
  });
}

function isCompatible(form: ReadonlyMap<string, Template>, fixed: ReadonlyMap<string, Template>): boolean {
  return [...fixed].every(([part, value]) => !form.has(part) || jsonEquals(form.get(part), value));
}

/** What the rules of a target compare with fixed values. */
function fixedOf(target: Target): ReadonlyMap<string, Template> {
  return new Map(
    goalsOf(target).flatMap(({ condition, holds }) => {
      if (condition.kind !== 'equals' || !holds || condition.equals.kind !== 'literal') return [];
      const part = partOfValue({ kind: 'expression', expression: condition.expression });
      return part === undefined ? [] : [[part, condition.equals.value] as const];
    }),
  );
}

/** An address is nobody's but the users' own, whatever the fixtures know of it. */
function partsLookedAt(
  contract: Contract,
  targets: readonly Target[],
  addressed: ReadonlySet<string>,
  harmless: boolean,
): readonly Part[] {
  const found = new Map<string, Part>();
  const add = (part: Part | undefined): void => {
    const known = part && found.get(part.name);
    if (part === undefined) return;
    if (
      known === undefined ||
      (known.from === 'clients' && part.from === 'server' && !addressed.has(part.name))
    )
      found.set(part.name, part);
    else {
      const both = together(known, part) ?? together(part, known);
      if (both !== undefined) found.set(part.name, both);
    }
  };
  const named = (name: string | undefined, from: 'clients' | 'delivery'): Part | undefined =>
    name === undefined ? undefined : { name, from };
  for (const address of addressed) add(named(address, 'clients'));
  for (const { transition } of targets) {
    for (const condition of plainConditions(transition)) {
      if (condition.kind !== 'in') continue;
      const { collection } = condition;
      const key = partOfValue(condition.key);
      const producers = producersOf(contract, collection);
      if (producers.length === 0 && key !== undefined && (key !== 'credential' || harmless)) {
        const keys = [...(contract.initialState.get(collection)?.keys() ?? [])];
        add({ name: key, from: 'reference', keys });
        continue;
      }
      if (key !== undefined && (isGivenOut(contract, collection) || key === 'credential'))
        add({
          name: key,
          from: 'server',
          collections: [collection],
          keys: [],
          outside: isKnownOutside(contract, collection) ? collection : undefined,
        });
      else add(named(key, 'clients'));
      for (const [member, value] of condition.where)
        if (isDelivered(contract, collection, member)) add(named(partOfValue(value), 'delivery'));
    }
  }
  return [...found.values()];
}

/** A part that is looked up in several collections, in one of which the server puts what it gives out. */
function together(known: Part, part: Part): Part | undefined {
  if (known.from !== 'server') return undefined;
  if (part.from === 'reference') return { ...known, keys: [...known.keys, ...part.keys] };
  if (part.from !== 'server') return undefined;
  return {
    ...known,
    collections: [...known.collections, ...part.collections],
    keys: [...known.keys, ...part.keys],
    outside: known.outside ?? part.outside,
  };
}

/** Whether a member of what is kept in a collection has been sent to somebody. */
function isDelivered(contract: Contract, collection: string, member: string): boolean {
  return producersOf(contract, collection).some(({ put, transition }) => {
    const [, kept] =
      (put.value.kind === 'object' && put.value.members.find(([name]) => name === member)) || [];
    const text = JSON.stringify(kept);
    return transition.effects.some(
      (effect) =>
        effect.kind === 'send' &&
        effect.content.kind === 'object' &&
        effect.content.members.some(([, sent]) => JSON.stringify(sent) === text),
    );
  });
}

/**
 * Whether somebody outside has to tell a key of a collection: no call puts the first one into it. What is a key of a
 * resource, and not given out in the walk, is of something that others own.
 */
function isKnownOutside(contract: Contract, collection: string): boolean {
  const producers = producersOf(contract, collection);
  const begins = producers.some(({ transition }) =>
    transition.guard.every((condition) => condition.kind !== 'in' || condition.collection !== collection),
  );
  if (begins || producers.some(({ transition }) => transition.resource !== undefined)) return false;
  return producers.length > 0 || (contract.initialState.get(collection)?.size ?? 0) > 0;
}

function addressesOf(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === 'send' ? (partOfValue(effect.to) ?? []) : []));
}

function neededBy({ transition }: Target): readonly string[] {
  const { bindings, content } = transition;
  return [
    ...plainConditions(transition).flatMap((each) => (each.kind === 'in' ? [each.collection] : [])),
    ...bindings.flatMap(([, value]) => listedIn(value)),
    ...(content === undefined ? [] : listedIn(content)),
  ];
}

/** The collections whose records a value of a rule lists. */
function listedIn(value: Value): readonly string[] {
  switch (value.kind) {
    case 'entries':
      return [value.collection];
    case 'object':
      return value.members.flatMap(([, member]) => listedIn(member));
    case 'array':
      return value.items.flatMap(listedIn);
    case 'pick':
      return [value.from, value.like].flatMap(listedIn);
    default:
      return 'values' in value ? value.values.flatMap(listedIn) : [];
  }
}

function begunBy(contract: Contract, targets: readonly Target[]): ReadonlyMap<string, number> {
  const effort = effortsOf(contract);
  const begun = new Map<string, number>();
  for (const target of targets)
    for (const effect of target.transition.effects)
      if (effect.kind === 'put')
        begun.set(
          effect.collection,
          Math.min(effort(target), begun.get(effect.collection) ?? Number.POSITIVE_INFINITY),
        );
  return begun;
}

/** How many bodies of each kind are made up. */
const mostOthers = 24;

/** The bodies next to the documented ones, and which of their members may be any text. */
function bodiesOf(
  contract: Contract,
  operation: Operation,
  compared: ReadonlySet<string>,
): ReturnType<Form['others']> & { readonly details: readonly string[] } {
  const [content] = operation.requestBody?.content ?? [];
  const examples = content?.examples.flatMap(({ value }) => (value === undefined ? [] : [value])) ?? [];
  const usual = bodyFor(contract, operation, new Map(), [], []);
  const bases = examples.length > 0 || usual === undefined ? examples : [usual];
  const schema = content?.schema;
  const random = seededRandom(1);
  const variants =
    schema === undefined
      ? []
      : bases.map((base) =>
          contract.variants(schema, base, { direction: 'request', random, budget: mostOthers }),
        );
  const isFree = ({ pointer, value }: OtherBody): boolean =>
    !compared.has(`body ${pointer}`) && !JSON.stringify(value).includes('$');
  const valid = variants.flatMap((each) => each.valid).filter(isFree);
  const texts = [...bases, ...valid.map(({ value }) => value)].flatMap((body) =>
    Object.entries(asObject(body)).flatMap(([name, value]) => (typeof value === 'string' ? [name] : [])),
  );
  const details = [...new Set(texts)].filter((name) => !compared.has(`body /${name}`));
  return { details, valid, invalid: variants.flatMap((each) => each.invalid).filter(isFree) };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The name by which an input asks for a part. */
export function asksFor(part: Part): string {
  return nameOfPart(part.name);
}
