/** What can be wrong with links: operations and parameters that there are not, and expressions that are none. */

import { orOneOf } from '../contract-error.js';
import {
  type DocumentNode,
  type Documents,
  memberOf,
  membersOf,
  nodeAt,
  placeIn,
  referencePlace,
} from '../document/documents.js';
import type { ObjectNode } from '../document/objects.js';
import { qualified } from '../http/links.js';
import { asObject, isObject, type Json } from '../json.js';
import { parseExpression } from '../rules/expression.js';
import type { Report } from './consistency.js';

/** An operation with the path item that it stands in. */
type Owned = { readonly item: DocumentNode; readonly operation: DocumentNode };

/** Reports what is wrong with the links of a contract (OpenAPI 3.1, section 4.8.20). */
export function checkLinks(
  documents: Documents,
  objects: readonly ObjectNode[],
  operations: readonly Owned[],
  report: Report,
): void {
  const links = objects.filter(({ slot, value }) => slot === 'link' && isObject(value) && !('$ref' in value));
  if (links.length === 0) return;
  const ids = operationIds(objects);
  for (const link of links) {
    const { operationId, operationRef, parameters, requestBody } = asObject(link.value);
    const target = typeof operationId === 'string' ? ids.get(operationId) : undefined;
    if (typeof operationId === 'string' && target === undefined) {
      const fix = orOneOf('Correct it', near(operationId, [...ids.keys()]));
      const what = `there is no operation with the operationId "${operationId}" that the link leads to`;
      report('invalid-document', placeIn(link.at, 'operationId'), what, fix);
    }
    const referred =
      typeof operationRef === 'string' ? referredNode(documents, link, operationRef, report) : undefined;
    const owned = operations.find(({ operation: { at } }) => {
      const own = target?.at ?? referred?.at;
      return own !== undefined && at.file === own.file && at.pointer === own.pointer;
    });
    if (owned !== undefined) checkNames(documents, link, owned, report);
    const values = [...Object.entries(asObject(parameters))].map(
      ([name, value]) => [placeIn(placeIn(link.at, 'parameters'), name), value] as const,
    );
    const body = requestBody === undefined ? [] : [[placeIn(link.at, 'requestBody'), requestBody] as const];
    for (const [at, value] of [...values, ...body]) {
      if (!isMisspelt(value)) continue;
      report('invalid-document', at, `"${value}" is no runtime expression`, 'Write it as $response.body#/id');
    }
  }
}

/** Operations by their ids, those of callbacks and webhooks among them. */
function operationIds(objects: readonly ObjectNode[]): ReadonlyMap<string, DocumentNode> {
  return new Map(
    objects.flatMap(({ slot, value, at }) => {
      const { operationId } = slot === 'operation' ? asObject(value) : {};
      return typeof operationId === 'string' ? [[operationId, { value, at }] as const] : [];
    }),
  );
}

/** Few enough to be read. */
function near(id: string, all: readonly string[]): readonly string[] {
  if (all.length <= 10) return all;
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return all.filter((each) => plain(each).includes(plain(id)) || plain(id).includes(plain(each))).slice(0, 5);
}

function referredNode(
  documents: Documents,
  link: ObjectNode,
  reference: string,
  report: Report,
): DocumentNode | undefined {
  const place = referencePlace(link.at.file, reference);
  if (!documents.sources.has(place.file)) return undefined; // another document, which nobody has read
  const parent = nodeAt(documents, {
    ...place,
    pointer: place.pointer.slice(0, place.pointer.lastIndexOf('/')),
  });
  const method = place.pointer.slice(place.pointer.lastIndexOf('/') + 1);
  const item = parent && followed(documents, parent);
  const found = nodeAt(documents, place) ?? (item && memberOf(documents, item, method));
  if (found === undefined) {
    const what = `the operationRef "${reference}" leads to nothing`;
    report('invalid-document', placeIn(link.at, 'operationRef'), what, 'Correct it');
  }
  return found;
}

function followed(documents: Documents, node: DocumentNode): DocumentNode | undefined {
  const { $ref } = asObject(node.value);
  return typeof $ref === 'string' ? nodeAt(documents, referencePlace(node.at.file, $ref)) : node;
}

function checkNames(
  documents: Documents,
  link: ObjectNode,
  { item, operation }: Owned,
  report: Report,
): void {
  const known = [item, operation].flatMap((owner) =>
    membersOf(documents, memberOf(documents, owner, 'parameters')).map(([, { value }]) => asObject(value)),
  );
  for (const name of Object.keys(asObject(asObject(link.value).parameters))) {
    const wanted = qualified(name);
    const isThere = known.some(
      (each) => each.name === wanted.name && (wanted.in === undefined || each.in === wanted.in),
    );
    // A parameter whose own name has a dot in it.
    if (isThere || known.some((each) => each.name === name)) continue;
    const at = placeIn(placeIn(link.at, 'parameters'), name);
    const names = known.flatMap((each) => (typeof each.name === 'string' ? [each.name] : []));
    const what = `the operation that the link leads to has no parameter "${name}"`;
    report('invalid-document', at, what, orOneOf('Correct it', names));
  }
}

/** A text that begins like an expression and is none. */
function isMisspelt(value: Json): value is string {
  return (
    typeof value === 'string' &&
    /^\$(?:request|response|url|method|statusCode)\b/.test(value) &&
    parseExpression(value) === undefined
  );
}
