/** What the schemas of OpenAPI and of the state rules cannot say: names that must agree across a contract. */

import { type ContractProblem, type ContractProblemCode, orOneOf } from '../contract-error.js';
import type { OpenApiVersion } from '../document/document-kind.js';
import {
  type DocumentNode,
  type Documents,
  locationOf,
  memberOf,
  membersOf,
  type Place,
  placeIn,
} from '../document/documents.js';
import type { ObjectNode } from '../document/objects.js';
import { methodMembers } from '../document/slots.js';
import { sameShape, templateNames } from '../http/path.js';
import { isObject, type Json, pointedTo } from '../json.js';
import { schemaFormProblems } from '../schema/schema.js';
import { checkLinks } from './link-consistency.js';
import { recordProblems } from './record-consistency.js';
import { checkRules, ruleFormProblems } from './rule-consistency.js';
import { schemaConsistencyProblems } from './schema-consistency.js';

export type Report = (code: ContractProblemCode, at: Place, what: string, fix: string) => void;

export type OperationNode = {
  /** Method and path, as people say it. */
  readonly name: string;
  readonly method: string;
  readonly template: string;
  readonly item: DocumentNode;
  readonly operation: DocumentNode;
};

/** Everything about well-formed documents that makes no sense, each with its place. */
export function contractProblems(
  documents: Documents,
  version: OpenApiVersion,
  objects: readonly ObjectNode[],
): ContractProblem[] {
  const problems: ContractProblem[] = [];
  const report: Report = (code, at, what, fix) =>
    problems.push({ code, what, fix, location: locationOf(documents, at) });
  const root: DocumentNode = {
    value: documents.sources.get(documents.root)?.value ?? null,
    at: { file: documents.root, pointer: '' },
  };
  const operations = operationsOf(documents, root);
  checkPaths(documents, root, operations, report);
  checkParameters(documents, operations, report);
  checkOperationIds(operations, report);
  checkSecurity(documents, root, operations, report);
  checkProvenance(objects, report);
  checkLinks(documents, objects, operations, report);
  problems.push(...recordProblems(documents, root, objects));
  const misshapen = ruleFormProblems(documents, root, operations);
  if (misshapen.length === 0) checkRules(documents, root, operations, report);
  // The schema of OpenAPI 3.0 describes its Schema Objects itself.
  if (version !== '3.0') problems.push(...schemaFormProblems(documents, objects));
  return [...problems, ...misshapen, ...schemaConsistencyProblems(documents, objects)];
}

function operationsOf(documents: Documents, root: DocumentNode): OperationNode[] {
  return pathItems(documents, root).flatMap(([template, item]) => {
    const fixed = membersOf(documents, item)
      .filter(([name]) => methodMembers.includes(name))
      .map(([method, operation]) => [method.toUpperCase(), operation] as const);
    const others = membersOf(documents, memberOf(documents, item, 'additionalOperations'));
    return [...fixed, ...others]
      .filter(([, operation]) => isObject(operation.value))
      .map(([method, operation]) => ({ name: `${method} ${template}`, method, template, item, operation }));
  });
}

function pathItems(documents: Documents, root: DocumentNode): (readonly [string, DocumentNode])[] {
  return membersOf(documents, memberOf(documents, root, 'paths')).filter(([name]) => name.startsWith('/'));
}

/** Paths of one shape may share out the methods between them. */
function checkPaths(
  documents: Documents,
  root: DocumentNode,
  operations: readonly OperationNode[],
  report: Report,
): void {
  const taken = new Map<string, string>();
  const told = new Set<string>();
  const paths = memberOf(documents, root, 'paths');
  for (const { method, template } of operations) {
    const key = `${method} ${sameShape(template)}`;
    const other = taken.get(key);
    taken.set(key, other ?? template);
    if (other === undefined || paths === undefined || told.has(template)) continue;
    told.add(template);
    const at = placeIn(paths.at, template);
    report('ambiguous-path', at, `"${template}" and "${other}" match the same paths`, 'Keep one of them');
  }
}

/** A parameter with the place at which it is used, which is not where it is described when it is referred to. */
type ParameterUse = { readonly name: Json | undefined; readonly in: Json | undefined; readonly at: Place };

function parametersOf(documents: Documents, owner: DocumentNode): ParameterUse[] {
  const list = memberOf(documents, owner, 'parameters');
  if (list === undefined) return [];
  return membersOf(documents, list).map(([index, { value }]) => {
    return { name: pointedTo(value, '/name'), in: pointedTo(value, '/in'), at: placeIn(list.at, index) };
  });
}

function checkParameters(documents: Documents, operations: readonly OperationNode[], report: Report): void {
  for (const { name: operationName, template, item, operation } of operations) {
    const lists = [parametersOf(documents, item), parametersOf(documents, operation)];
    for (const list of lists) checkNames(list, report);
    const inPath = lists.flat().filter((parameter) => parameter.in === 'path');
    const names = templateNames(template);
    for (const name of names) {
      if (inPath.some((parameter) => parameter.name === name)) continue;
      const what = `the path parameter {${name}} of ${operationName} is not described`;
      report('invalid-document', operation.at, what, `Add a parameter "${name}" with in: path`);
    }
    for (const { name, at } of inPath) {
      if (typeof name !== 'string' || names.includes(name)) continue;
      const what = `the path ${template} has no {${name}}`;
      report('invalid-document', at, what, 'Correct the name or the path');
    }
  }
}

/** Of the parameters in one list, each has a name that none of the others in the same part of the request has. */
function checkNames(list: readonly ParameterUse[], report: Report): void {
  const seen = new Set<string>();
  for (const { name, in: location, at } of list) {
    if (typeof name !== 'string') {
      report('invalid-document', at, 'the parameter has no "name"', 'Add it');
      continue;
    }
    const key = `${String(location)} ${name}`;
    const what = `the parameter "${name}" in the ${String(location)} is described twice`;
    if (seen.has(key)) report('invalid-document', at, what, 'Keep one of the two');
    seen.add(key);
  }
}

function checkOperationIds(operations: readonly OperationNode[], report: Report): void {
  const seen = new Map<Json, string>();
  for (const { name, operation } of operations) {
    const id = pointedTo(operation.value, '/operationId');
    if (id === undefined) continue;
    const other = seen.get(id);
    if (other === undefined) seen.set(id, name);
    else {
      const what = `the operationId "${String(id)}" is that of ${other} already`;
      report('invalid-document', placeIn(operation.at, 'operationId'), what, 'Choose another');
    }
  }
}

function checkSecurity(
  documents: Documents,
  root: DocumentNode,
  operations: readonly OperationNode[],
  report: Report,
): void {
  const components = memberOf(documents, root, 'components');
  const schemes = components && memberOf(documents, components, 'securitySchemes');
  const known = membersOf(documents, schemes).map(([name]) => name);
  for (const owner of [root, ...operations.map(({ operation }) => operation)]) {
    for (const [, requirement] of membersOf(documents, memberOf(documents, owner, 'security'))) {
      for (const name of Object.keys(requirement.value ?? {})) {
        if (known.includes(name)) continue;
        const fix = orOneOf('Add it to components/securitySchemes', known);
        report(
          'invalid-document',
          placeIn(requirement.at, name),
          `there is no security scheme "${name}"`,
          fix,
        );
      }
    }
  }
}

/** Inferred statements give their reason. Those of the state rules are held to it by their own schema. */
function checkProvenance(objects: readonly ObjectNode[], report: Report): void {
  for (const { value, at, slot } of objects) {
    if (!isObject(value) || slot === 'transition' || slot === 'value') continue;
    const { 'x-provenance': provenance, 'x-reason': reason } = value;
    if (provenance === undefined || provenance === 'documented') continue;
    const place = placeIn(at, 'x-provenance');
    if (provenance !== 'inferred')
      report('invalid-rule', place, '"x-provenance" must be "documented" or "inferred"', 'Correct it');
    else if (typeof reason !== 'string' || reason === '')
      report('invalid-rule', place, 'inferred, and no "x-reason" says from what', 'Add it');
  }
}
