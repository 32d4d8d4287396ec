/** What the mock lists of a resource: what is there, by the page, limit and filter parameters that the document has. */

import { type DocumentNode, type Documents, memberOf, membersOf } from '../document/documents.js';
import { asObject, type Json, type JsonObject } from '../json.js';
import { propertiesOf, typesOf } from '../schema/schema-properties.js';
import { answerSchema, successes } from './inferred-resources.js';
import { type Inference, makerOf, ruleOf } from './inferred-rule.js';

/** A server may list as it likes, and later than it says; only the mock has to decide. */
export function listTransition({ documents, resource, created }: Inference, operation: DocumentNode): Json[] {
  const { collection, path, outer, id } = resource;
  const [status] = successes(documents, operation, 'list');
  const schema = status === undefined ? undefined : answerSchema(documents, operation, status);
  const place = schema && itemsOf(documents, schema, id, collection);
  if (status === undefined || schema === undefined || place === undefined) return [];
  const properties = propertiesOf(documents, place.items);
  const required = [asObject(place.items.value).required ?? []].flat().map(String);
  if (!required.every((name) => created.has(name))) return [];
  const parameters = parametersOf(documents, resource.path, operation);
  const entries: JsonObject = {
    $entries: collection,
    member: 'shown',
    ...(outer.length === 0
      ? {}
      : { where: Object.fromEntries(outer.map((name) => [`path-${name}`, `$request.path.${name}`])) }),
    filter: Object.fromEntries(
      [...parameters.keys()]
        .filter((name) => properties.has(name))
        .map((name) => [name, `$request.query.${name}`]),
    ),
  };
  const paged = { ...entries, ...pagingOf(documents, parameters, place.list) };
  const total = place.member === undefined ? undefined : totalOf(documents, schema);
  const content: Json =
    place.member === undefined
      ? paged
      : {
          $generate: {},
          example: {
            [place.member]: paged,
            ...(total === undefined ? {} : { [total]: { ...entries, count: true } }),
          },
        };
  const reason = `the path is that of a resource: GET ${path} lists what ${makerOf(resource)} has created`;
  return [ruleOf(resource, { name: 'list', reason, response: status, content, unspecified: true })];
}

type Items = {
  /** The member of the answer that is the list; undefined when the whole answer is. */
  readonly member: string | undefined;
  readonly list: DocumentNode;
  readonly items: DocumentNode;
};

/** Where in the answer the things are. */
function itemsOf(
  documents: Documents,
  schema: DocumentNode,
  id: string,
  collection: string,
): Items | undefined {
  const listOf = (list: DocumentNode): DocumentNode | undefined => {
    const items = memberOf(documents, list, 'items');
    return items !== undefined && propertiesOf(documents, items).has(id) ? items : undefined;
  };
  const whole = listOf(schema);
  if (whole !== undefined) return { member: undefined, list: schema, items: whole };
  const lists = [...propertiesOf(documents, schema)].flatMap(([member, list]): Items[] => {
    const items = listOf(list);
    return items === undefined ? [] : [{ member, list, items }];
  });
  const named = lists.find(
    ({ member }) => member === collection || /^(items|data|results)$/.test(member ?? ''),
  );
  return lists.length === 1 ? lists[0] : named;
}

function parametersOf(
  documents: Documents,
  path: string,
  operation: DocumentNode,
): ReadonlyMap<string, DocumentNode> {
  const root: DocumentNode = {
    value: documents.sources.get(documents.root)?.value ?? null,
    at: { file: documents.root, pointer: '' },
  };
  const paths = memberOf(documents, root, 'paths');
  const item = paths && memberOf(documents, paths, path);
  const owners = [item, operation].flatMap((owner) => owner ?? []);
  const all = owners.flatMap((owner) => membersOf(documents, memberOf(documents, owner, 'parameters')));
  return new Map(
    all.flatMap(([, parameter]) => {
      const { in: where, name } = asObject(parameter.value);
      return where === 'query' && typeof name === 'string' ? [[name, parameter] as const] : [];
    }),
  );
}

const limits = /^(limit|per_?page|page_?size|size|top|\$top|max_?results|first|take)$/i;
const offsets = /^(offset|skip|\$skip|start)$/i;
const pages = /^(page|page_?number|page_?no)$/i;

/** Which part of the list is asked for, by the names that such parameters commonly have. */
function pagingOf(
  documents: Documents,
  parameters: ReadonlyMap<string, DocumentNode>,
  list: DocumentNode,
): JsonObject {
  const read = (names: RegExp): Json | undefined => {
    const [name, parameter] = [...parameters].find(([each]) => names.test(each)) ?? [];
    if (name === undefined || parameter === undefined) return undefined;
    const schema = memberOf(documents, parameter, 'schema');
    const value = `$request.query.${name}`;
    if (schema === undefined || typesOf(documents, schema)?.includes('integer') !== true) return undefined;
    const usual = asObject(schema.value).default;
    return Number.isInteger(usual) ? { $first: [value, usual ?? null] } : value;
  };
  const most = asObject(list.value).maxItems;
  const limit = read(limits) ?? most;
  const [offset, page] = [read(offsets), read(pages)];
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    ...(page === undefined ? {} : { page }),
  };
}

/** The member that tells how many there are in all. */
function totalOf(documents: Documents, schema: DocumentNode): string | undefined {
  const totals = /^(total|count|total_?count|total_?items|total_?results)$/i;
  return [...propertiesOf(documents, schema)].find(
    ([name, property]) => totals.test(name) && typesOf(documents, property)?.includes('integer') === true,
  )?.[0];
}
