/** The operations that a walk may call, each in its forms, and the parts of a request by which the rules decide. */

import type { Contract, Operation } from '../../../openapi/contract.js';
import { asObject, type Json, jsonEquals } from '../../../openapi/json.js';
import { seededRandom } from '../../../openapi/random.js';
import type { Effect } from '../../../openapi/rules.js';
import type { Template } from '../../../openapi/workflow.js';
import { bodyFor } from '../body.js';
import {
  goalsOf,
  nameOfPart,
  partOfValue,
  plainConditions,
  producersOf,
  responseExpression,
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
  /** The collections that its rules look at or change. */
  readonly collections: ReadonlySet<string>;
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
      collections: collectionsOf(targets),
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
    else if (known.from === 'server' && part.from === 'server')
      found.set(part.name, {
        ...known,
        collections: [...known.collections, ...part.collections],
        outside: known.outside ?? part.outside,
      });
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
      const isGivenOut = producers.some(({ put }) => responseExpression(put.key) !== undefined);
      if (key !== undefined && (isGivenOut || key === 'credential'))
        add({
          name: key,
          from: 'server',
          collections: [collection],
          outside: isKnownOutside(contract, collection) ? collection : undefined,
        });
      else add(named(key, 'clients'));
      for (const [, value] of condition.where) add(named(partOfValue(value), 'delivery'));
    }
  }
  return [...found.values()];
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

function collectionsOf(targets: readonly Target[]): ReadonlySet<string> {
  return new Set(
    targets.flatMap(({ transition }) => [
      ...plainConditions(transition).flatMap((each) => (each.kind === 'in' ? [each.collection] : [])),
      ...transition.effects.flatMap((effect) => (effect.kind === 'send' ? [] : [effect.collection])),
    ]),
  );
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

/** Some forms that have to do with each other: those that look at and change the same collections. */
export function related(forms: readonly Form[], first: Form, most: number): readonly Form[] {
  if (forms.length <= most) return forms;
  const chosen = new Set([first]);
  const touched = new Set(first.collections);
  for (let size = 0; size < chosen.size && chosen.size < most; ) {
    size = chosen.size;
    for (const form of forms) {
      if (chosen.size >= most) break;
      if (![...form.collections].some((collection) => touched.has(collection))) continue;
      chosen.add(form);
      for (const collection of form.collections) touched.add(collection);
    }
  }
  return [...chosen];
}

/** The name by which an input asks for a part. */
export function asksFor(part: Part): string {
  return nameOfPart(part.name);
}
