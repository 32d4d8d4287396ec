/** Whether what a contract records about itself is well-formed: its decisions, what was not seen, and remarks on examples. */

import type { ContractProblem } from '../contract-error.js';
import { type DocumentNode, type Documents, locationOf, memberOf, placeIn } from '../document/documents.js';
import type { ObjectNode } from '../document/objects.js';
import { problemsAt } from '../document/structure.js';
import { isObject, type Json } from '../json.js';
import { knownSchemaErrors } from '../schema/known-schemas.js';
import { ruleWords } from './rule-words.js';

/** The members of the root that hold records, with their definitions in the published schema. */
const records = { 'x-decisions': 'decisions', 'x-unseen': 'unseen' } as const;

/** What is wrong with `x-decisions` and `x-unseen` at the root, and with `x-repaired` and `x-unreached` wherever they stand. */
export function recordProblems(
  documents: Documents,
  root: DocumentNode,
  objects: readonly ObjectNode[],
): ContractProblem[] {
  const misshapen = Object.entries(records).flatMap(([member, part]) => {
    const node = memberOf(documents, root, member);
    if (node === undefined) return [];
    return problemsAt(documents, node.at, knownSchemaErrors(part, node.value), 'invalid-rule', ruleWords);
  });
  return [...misshapen, ...objects.flatMap((object) => remarkProblems(documents, object))];
}

/** Where each remark may stand. */
const remarks: Readonly<Record<string, readonly ObjectNode['slot'][]>> = {
  'x-repaired': ['example'],
  'x-unreached': ['example', 'response'],
};

function remarkProblems(documents: Documents, { value, at, slot }: ObjectNode): ContractProblem[] {
  if (!isObject(value)) return [];
  return Object.entries(remarks).flatMap(([name, slots]): ContractProblem[] => {
    const remark: Json | undefined = value[name];
    if (remark === undefined || !slots.includes(slot)) return [];
    if (typeof remark === 'string' && remark.trim() !== '') return [];
    const location = locationOf(documents, placeIn(at, name));
    return [{ code: 'invalid-rule', what: `"${name}" must be a text`, fix: 'Write a sentence', location }];
  });
}
