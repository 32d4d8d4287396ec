/** Whether the state rules of a contract are well-formed, and name only what the contract has. */

import { type ContractProblem, orOneOf } from '../contract-error.js';
import {
  type DocumentNode,
  type Documents,
  memberOf,
  membersOf,
  type Place,
  placeIn,
} from '../document/documents.js';
import { problemsAt } from '../document/structure.js';
import { asObject, isObject, type Json, pointedTo } from '../json.js';
import { knownSchemaErrors } from '../schema/known-schemas.js';
import type { OperationNode, Report } from './consistency.js';
import { ruleWords } from './rule-words.js';

/** What the published schema of the state rules finds wrong. */
export function ruleFormProblems(
  documents: Documents,
  root: DocumentNode,
  operations: readonly OperationNode[],
): ContractProblem[] {
  const state = memberOf(documents, root, 'x-state');
  const owners = [...securitySchemes(documents, root).values(), ...operations.map((each) => each.operation)];
  const transitions = owners.flatMap((owner) => memberOf(documents, owner, 'x-transitions') ?? []);
  const problems = (node: DocumentNode, part: 'state' | 'transitions') =>
    problemsAt(documents, node.at, knownSchemaErrors(part, node.value), 'invalid-rule', ruleWords);
  return [
    ...(state === undefined ? [] : problems(state, 'state')),
    ...transitions.flatMap((node) => problems(node, 'transitions')),
  ];
}

function securitySchemes(documents: Documents, root: DocumentNode): ReadonlyMap<string, DocumentNode> {
  const components = memberOf(documents, root, 'components');
  const schemes = components && memberOf(documents, components, 'securitySchemes');
  return new Map(membersOf(documents, schemes));
}

/** Rules must name responses, examples, collections and values that exist, and no two of one owner have one name. */
export function checkRules(
  documents: Documents,
  root: DocumentNode,
  operations: readonly OperationNode[],
  report: Report,
): void {
  const collections = Object.keys(asObject(memberOf(documents, root, 'x-state')?.value));
  const schemes = securitySchemes(documents, root);
  const transitionsOf = (owner: DocumentNode): DocumentNode[] =>
    membersOf(documents, memberOf(documents, owner, 'x-transitions')).map(([, transition]) => transition);
  for (const owner of [...schemes.values(), ...operations.map(({ operation }) => operation)])
    checkTransitions(transitionsOf(owner), collections, report);
  for (const { name, operation } of operations) {
    const security = memberOf(documents, operation, 'security') ?? memberOf(documents, root, 'security');
    const required = membersOf(documents, security).flatMap(([, { value }]) => Object.keys(value ?? {}));
    const owners = [operation, ...new Set(required.flatMap((scheme) => schemes.get(scheme) ?? []))];
    for (const transition of owners.flatMap(transitionsOf))
      checkResponse(documents, name, operation, transition, report);
  }
}

function checkTransitions(
  transitions: readonly DocumentNode[],
  collections: readonly string[],
  report: Report,
): void {
  const names = new Set<Json>();
  for (const transition of transitions) {
    const name = pointedTo(transition.value, '/name') ?? '';
    const what = `the name "${String(name)}" is taken by another rule`;
    if (names.has(name)) report('invalid-rule', placeIn(transition.at, 'name'), what, 'Choose another');
    names.add(name);
    for (const { collection, at } of collectionsNamed(transition)) {
      if (collections.includes(collection)) continue;
      const fix = orOneOf('Add it to x-state', collections);
      report('invalid-rule', at, `there is no collection "${collection}"`, fix);
    }
    const known = [...valuesNamed(transition.value), ...valuesOf(transition).flatMap(nameOfListed)];
    for (const { value, at } of valuesRead(transition)) {
      if (known.includes(value)) continue;
      const fix = orOneOf('Name it in "let" or by the "as" of a condition', known);
      report('invalid-rule', at, `nothing in this rule is named "${value}"`, fix);
    }
  }
}

function checkResponse(
  documents: Documents,
  operationName: string,
  operation: DocumentNode,
  transition: DocumentNode,
  report: Report,
): void {
  const [status = '', ...rest] = String(pointedTo(transition.value, '/response')).split('#');
  const example = rest.length === 0 ? undefined : rest.join('#');
  const at = placeIn(transition.at, 'response');
  const responses = new Map(membersOf(documents, memberOf(documents, operation, 'responses')));
  const wanted = [status, `${status.charAt(0)}XX`, `${status.charAt(0)}xx`, 'default'];
  const response = wanted.flatMap((each) => responses.get(each) ?? [])[0];
  if (response === undefined) {
    const what = `${operationName} documents no response ${status}`;
    report('invalid-rule', at, what, orOneOf('Document it', [...responses.keys()]));
    return;
  }
  const examples = membersOf(documents, memberOf(documents, response, 'content')).flatMap(([, content]) => [
    ...(pointedTo(content.value, '/example') === undefined ? [] : ['example']),
    ...membersOf(documents, memberOf(documents, content, 'examples')).map(([name]) => name),
  ]);
  if (example === undefined || examples.includes(example)) return;
  const what = `the response ${status} of ${operationName} has no example "${example}"`;
  report('invalid-rule', at, what, orOneOf('Add it', examples));
}

function collectionsNamed(transition: DocumentNode): { readonly collection: string; readonly at: Place }[] {
  const found: { readonly collection: string; readonly at: Place }[] = [];
  const collect = (raw: Json, at: Place): void => {
    for (const member of ['in', 'put', 'remove']) {
      const collection = pointedTo(raw, `/${member}`);
      if (typeof collection === 'string') found.push({ collection, at: placeIn(at, member) });
    }
    const negated = pointedTo(raw, '/not');
    if (negated !== undefined) collect(negated, placeIn(at, 'not'));
  };
  for (const list of ['guard', 'effects']) {
    const items = [pointedTo(transition.value, `/${list}`) ?? []].flat();
    for (const [index, item] of items.entries()) collect(item, placeIn(placeIn(transition.at, list), index));
  }
  return [...found, ...valuesOf(transition).flatMap(collectionsOfValue)];
}

/** The collections that a value lists, or is the key of none of the entries of. */
function collectionsOfValue({ value, at }: DocumentNode): { collection: string; at: Place }[] {
  if (!isObject(value)) return [];
  const name = value.$entries === undefined ? 'unlike' : '$entries';
  const isOne = name === '$entries' || value.$generate !== undefined;
  const collection = value[name];
  return isOne && typeof collection === 'string' ? [{ collection, at: placeIn(at, name) }] : [];
}

/** The names that a transition gives: `as` of its conditions and listings, and the members of `let`. */
function valuesNamed(transition: Json): string[] {
  const conditions = [pointedTo(transition, '/guard') ?? []].flat();
  const effects = [pointedTo(transition, '/effects') ?? []].flat();
  const records = [...conditions, ...effects].flatMap((each) => pointedTo(each, '/as') ?? []);
  return [...records.map(String), ...Object.keys(asObject(pointedTo(transition, '/let')))];
}

function nameOfListed({ value }: DocumentNode): string[] {
  return isObject(value) && value.$entries !== undefined && typeof value.as === 'string' ? [value.as] : [];
}

type Read = { readonly value: string; readonly at: Place };

/** Every `$state.NAME` of a transition. */
function valuesRead(transition: DocumentNode): Read[] {
  return valuesOf(transition).flatMap(({ value, at }) => {
    const name = typeof value === 'string' ? /^\$state\.([A-Za-z0-9_-]+)/.exec(value)?.[1] : undefined;
    return name === undefined ? [] : [{ value: name, at }];
  });
}

/** Every value within a transition, but for what a schema to generate from holds. */
function valuesOf(transition: DocumentNode): DocumentNode[] {
  const visit = (value: Json, at: Place): DocumentNode[] => [
    { value, at },
    ...(typeof value === 'string' ? [] : Object.entries(value ?? {}))
      .filter(([name]) => name !== '$generate')
      .flatMap(([name, member]) => visit(member, placeIn(at, name))),
  ];
  return ['guard', 'let', 'content', 'effects'].flatMap((name) =>
    visit(pointedTo(transition.value, `/${name}`) ?? null, placeIn(transition.at, name)),
  );
}
