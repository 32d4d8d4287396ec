/** What must be so for a transition to be made: the conditions of its guard, and that the credential is taken. */

import type { Contract, Operation } from '../../openapi/contract.js';
import type { Duration } from '../../openapi/duration.js';
import { pointerTo } from '../../openapi/json.js';
import { rememberedBy } from '../../openapi/remembered.js';
import type { Expression } from '../../openapi/rules/expression.js';
import type { Condition, Effect, Transition, Value } from '../../openapi/rules/rules.js';

/** A condition that is no negation of another. */
export type PlainCondition = Exclude<Condition, { kind: 'not' }>;

/** A condition that is to hold, or not to hold. */
export type Goal = { readonly condition: PlainCondition; readonly holds: boolean };

/** A transition of an operation, or of a security scheme that the operation asks for. */
export type Target = {
  readonly operation: Operation;
  readonly transition: Transition;
  readonly of: 'operation' | 'security';
};

/** A transition that puts something into a collection. */
export type Producer = Target & { readonly put: Extract<Effect, { kind: 'put' }> };

/** Every transition that an operation may answer with: those of its security schemes, then its own. */
export function targetsOf(operation: Operation): readonly Target[] {
  const schemes = new Set(operation.security.flat().map(({ scheme }) => scheme));
  return [
    ...[...schemes].flatMap(({ transitions }) =>
      transitions.map((transition): Target => ({ operation, transition, of: 'security' })),
    ),
    ...operation.transitions.map((transition): Target => ({ operation, transition, of: 'operation' })),
  ];
}

/** The transitions that put something into a collection, documented ones and those with few conditions first. */
export function producersOf(contract: Contract, collection: string): readonly Producer[] {
  const known = producers.get(contract) ?? new Map<string, readonly Producer[]>();
  producers.set(contract, known);
  const found = known.get(collection) ?? findProducers(contract, collection);
  known.set(collection, found);
  return found;
}

/** How long things live that the rules put anywhere. */
export function lifetimesIn(contract: Contract): readonly Duration[] {
  return [...contract.initialState.keys()].flatMap((collection) =>
    producersOf(contract, collection).flatMap(({ put }) => put.lifetime ?? []),
  );
}

/** A plan asks for the same ones a thousand times. */
const producers = new WeakMap<Contract, Map<string, readonly Producer[]>>();

function findProducers(contract: Contract, collection: string): readonly Producer[] {
  return contract.operations
    .flatMap((operation) => operation.transitions.map((transition) => ({ operation, transition })))
    .flatMap(({ operation, transition }): Producer[] =>
      transition.effects.flatMap((put) =>
        put.kind === 'put' && put.collection === collection && !transition.unspecified
          ? [{ operation, transition, of: 'operation', put }]
          : [],
      ),
    )
    .sort((a, b) => weight(a) - weight(b));
}

function weight({ transition }: Producer): number {
  const doubtful = (transition.provenance.kind === 'inferred' ? 100 : 0) + (transition.alternative ? 50 : 0);
  return doubtful + transition.guard.length;
}

/** The parts of a request by which rules of the operation look something up that clients have chosen the key of. */
export const clientKeysOf: (operation: Operation, contract: Contract) => readonly string[] = rememberedBy(
  ({ transitions }, contract) =>
    transitions.flatMap(plainConditions).flatMap((condition) => {
      const isLookedUp = condition.kind === 'in' && isKeyedByClients(contract, condition.collection);
      return (isLookedUp ? partOfValue(condition.key) : undefined) ?? [];
    }),
);

/** Whether clients choose the keys of a collection. */
function isKeyedByClients(contract: Contract, collection: string): boolean {
  return producersOf(contract, collection).some(({ put, transition }) => {
    const part = partOfValue(put.key);
    // Who changes what is there has not chosen its key.
    const isThere = transition.guard.some(
      (each) => each.kind === 'in' && each.collection === collection && partOfValue(each.key) === part,
    );
    return part !== undefined && part !== 'credential' && !isThere;
  });
}

/** The goals of a transition: its guard; and for one of the operation, that no security scheme refuses. */
export function goalsOf(target: Target): readonly Goal[] {
  const { operation, transition } = target;
  const known = goals.get(operation) ?? new Map<Transition, readonly Goal[]>();
  goals.set(operation, known);
  const found = known.get(transition) ?? findGoals(target);
  known.set(transition, found);
  return found;
}

/** The solver asks for the same ones whatever comes before. */
const goals = new WeakMap<Operation, Map<Transition, readonly Goal[]>>();

function findGoals({ operation, transition, of }: Target): readonly Goal[] {
  const own = transition.guard.map((condition) => goal(condition, true));
  if (of === 'security') return own;
  const [requirement = []] = operation.security;
  const refusals = requirement.flatMap(({ scheme }) =>
    scheme.transitions.filter(({ alternative }) => !alternative),
  );
  const access = refusals.flatMap(({ guard }): readonly Goal[] => {
    const last = guard.at(-1);
    return last === undefined ? [] : [goal(last, false)];
  });
  return [...access, ...own];
}

/** A condition as a goal, whatever it denies. */
export function goal(condition: Condition, holds: boolean): Goal {
  return condition.kind === 'not' ? goal(condition.condition, !holds) : { condition, holds };
}

/** What a guard looks at, whether it is to hold or not. */
export function plainConditions({ guard }: Transition): readonly PlainCondition[] {
  return guard.map((condition) => goal(condition, true).condition);
}

/** A name for the part of a request that an expression reads; undefined when it reads no part that can be set. */
export const partOf: (expression: Expression) => string | undefined = rememberedBy(findPart);

function findPart(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'credential':
      return 'credential';
    case 'body':
      return expression.of === 'request' ? `body ${pointerText(expression.tokens)}` : undefined;
    case 'part':
      return expression.of === 'request' ? `${expression.part} ${expression.name}` : undefined;
    default:
      return undefined;
  }
}

/** The same for a value of a rule that is an expression. */
export function partOfValue(value: Value): string | undefined {
  return value.kind === 'expression' ? partOf(value.expression) : undefined;
}

/** The pointer of a part that lies in the body; undefined for any other. */
export function bodyPointer(part: string | undefined): string | undefined {
  return part?.startsWith('body ') ? part.slice('body '.length) : undefined;
}

/** The pointers of the body that the rules of an operation compare with something. */
export function comparedIn({ transitions }: Operation): readonly string[] {
  const parts = transitions.flatMap(plainConditions).flatMap((condition) => {
    if (condition.kind === 'in')
      return [condition.key, ...condition.where.map(([, value]) => value)].flatMap(partsIn);
    const other = condition.kind === 'equals' ? partsIn(condition.equals) : [];
    return [partOf(condition.expression), ...other];
  });
  return parts.flatMap((part) => bodyPointer(part) ?? []);
}

/** The parts of a request that a value of a rule is made of. */
function partsIn(value: Value): readonly (string | undefined)[] {
  switch (value.kind) {
    case 'expression':
      return [partOf(value.expression)];
    case 'object':
      return value.members.flatMap(([, member]) => partsIn(member));
    case 'array':
      return value.items.flatMap(partsIn);
    default:
      return 'values' in value ? value.values.flatMap(partsIn) : [];
  }
}

/** The text of an expression that reads a response, as a workflow writes it. */
export function responseExpression(value: Value): string | undefined {
  if (value.kind !== 'expression') return undefined;
  const { expression } = value;
  if (expression.kind === 'body' && expression.of === 'response')
    return `$response.body#${pointerText(expression.tokens)}`;
  if (expression.kind === 'part' && expression.of === 'response')
    return `$response.${expression.part}.${expression.name}`;
  return undefined;
}

/** The text of an expression that reads a value from the response of a transition, wherever its content shows it. */
export function shownExpression({ content }: Transition, value: Value): string | undefined {
  const own = responseExpression(value);
  if (own !== undefined || value.kind !== 'expression' || content?.kind !== 'object') return own;
  const pointer = pointerOf(content, JSON.stringify(value.expression));
  return pointer === undefined ? undefined : `$response.body#${pointer}`;
}

/** Where an object of a rule has this expression. */
function pointerOf({ members }: Extract<Value, { kind: 'object' }>, expression: string): string | undefined {
  for (const [name, member] of members) {
    const at = pointerTo('', name);
    if (member.kind === 'expression' && JSON.stringify(member.expression) === expression) return at;
    const inner = member.kind === 'object' ? pointerOf(member, expression) : undefined;
    if (inner !== undefined) return `${at}${inner}`;
  }
  return undefined;
}

/** Whether the server gives out the keys of a collection. */
export function isGivenOut(contract: Contract, collection: string): boolean {
  return producersOf(contract, collection).some(isGiving);
}

/** Whether the server gives out the key under which a transition puts something. */
export function isGiving({ transition, put }: Producer): boolean {
  return shownExpression(transition, put.key) !== undefined;
}

/** The reference tokens of a part of the body. */
function pointerText(tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A short name for what a part or an expression is about: `phone_number` of `body /phone_number`. */
export function nameOfPart(part: string): string {
  return part.split(/[ /.#]/).findLast((word) => word !== '') ?? part;
}
