/** The resources of a document: collections and the things in them, told by their paths and by the ids in their content. */

import { isJsonType } from '../content/media-type.js';
import { type DocumentNode, type Documents, memberOf, membersOf } from '../document/documents.js';
import { placeKey } from '../document/places.js';
import { templateNames } from '../http/path.js';
import { asObject, isObject, type Json } from '../json.js';
import { type Properties, typesOf } from '../schema/schema-properties.js';
import { contentsOf, type Shown, sentIn, singular } from './inferred-envelope.js';

/** The methods of a resource that rules can be concluded for. */
export type ResourceMethod = 'post' | 'list' | 'get' | 'put' | 'patch' | 'delete';

/** A collection of things, each of which is known by an id. */
export type Resource = {
  /** A name for it that no other has. */
  readonly collection: string;
  readonly path: string;
  readonly itemPath: string;
  /** The parameter of the path that is the id of a thing, and the parameters before it. */
  readonly key: string;
  readonly keySchema: DocumentNode | undefined;
  readonly outer: readonly string[];
  /** The resource that each of these belongs to. */
  readonly parent: Resource | undefined;
  /** The member of the content that is the id. */
  readonly id: string;
  readonly operations: ReadonlyMap<ResourceMethod, DocumentNode>;
};

/** The resources that no rule of the document speaks of: created by POST with an id in the answer, or by PUT alone. */
export function resourcesIn(documents: Documents): readonly Resource[] {
  const value = documents.sources.get(documents.root)?.value;
  const root: DocumentNode = { value: value ?? null, at: { file: documents.root, pointer: '' } };
  const items = new Map(membersOf(documents, memberOf(documents, root, 'paths')));
  const byPath = new Map([...items].map(([template, item]) => [trimmed(template), { template, item }]));
  const taken = new Set(Object.keys(asObject(memberOf(documents, root, 'x-state')?.value)));
  const shared = sharedItems(items);
  const found = new Map<string, Resource>();
  // Shorter paths first: a thing that belongs to another comes after it.
  const templates = [...byPath.keys()].toSorted((a, b) => a.length - b.length);
  for (const itemPath of templates) {
    const [, path, key] = /^(.*\/[^/{}]+)\/\{([^{}/]+)\}$/.exec(itemPath) ?? [];
    const collectionItem = path === undefined ? undefined : byPath.get(path);
    const thing = byPath.get(itemPath);
    if (path === undefined || key === undefined || collectionItem === undefined || thing === undefined)
      continue;
    if (shared.has(placeKey(collectionItem.item.at)) || shared.has(placeKey(thing.item.at))) continue;
    const operations = operationsOf(documents, collectionItem.item, thing.item);
    const isSpokenOf = [...operations.values()].some((each) => asObject(each.value)['x-transitions']);
    const keySchema = parameterSchema(documents, thing.item, operations, key);
    const id = idOf(documents, createdSchema(documents, operations), key, keySchema, path);
    const collection = nameFor(
      path,
      taken,
      Object.keys(asObject(memberOf(documents, root, 'x-state')?.value)),
    );
    if (isSpokenOf || id === undefined || collection === undefined || operations.size < 2) continue;
    taken.add(collection);
    const outer = templateNames(path);
    const parent = found.get(path.slice(0, path.lastIndexOf('/')));
    const names = { path: collectionItem.template, itemPath: thing.template };
    found.set(itemPath, { collection, ...names, key, keySchema, outer, parent, id, operations });
  }
  return [...found.values()];
}

/** Two paths that lead to one description cannot be told apart by it. */
function sharedItems(items: ReadonlyMap<string, DocumentNode>): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const item of items.values()) {
    const place = placeKey(item.at);
    if (seen.has(place)) shared.add(place);
    seen.add(place);
  }
  return shared;
}

function trimmed(template: string): string {
  return template.length > 1 ? template.replace(/\/$/, '') : template;
}

function operationsOf(
  documents: Documents,
  collection: DocumentNode,
  thing: DocumentNode,
): ReadonlyMap<ResourceMethod, DocumentNode> {
  const named: readonly (readonly [ResourceMethod, DocumentNode | undefined])[] = [
    ['post', memberOf(documents, collection, 'post')],
    ['list', memberOf(documents, collection, 'get')],
    ['get', memberOf(documents, thing, 'get')],
    ['put', memberOf(documents, thing, 'put')],
    ['patch', memberOf(documents, thing, 'patch')],
    ['delete', memberOf(documents, thing, 'delete')],
  ];
  return new Map(named.flatMap(([method, node]) => (node === undefined ? [] : [[method, node] as const])));
}

/** The last word of the path; where that is taken, all its words. A collection that rules speak of has none. */
function nameFor(path: string, taken: ReadonlySet<string>, spoken: readonly string[]): string | undefined {
  const words = path
    .split('/')
    .filter((segment) => !segment.includes('{'))
    .map((segment) => segment.replace(/[^A-Za-z0-9_-]+/g, '-'));
  const last = words.at(-1) ?? '';
  if (spoken.includes(last)) return undefined;
  return [last, words.filter((word) => word !== '').join('-')].find(
    (name) => name !== '' && !taken.has(name),
  );
}

/** The schema of a parameter of the path, as the path or one of its operations describes it. */
function parameterSchema(
  documents: Documents,
  item: DocumentNode,
  operations: ReadonlyMap<ResourceMethod, DocumentNode>,
  name: string,
): DocumentNode | undefined {
  const owners = [item, ...[...operations].flatMap(([method, node]) => (isOfThing(method) ? [node] : []))];
  for (const owner of owners) {
    for (const [, parameter] of membersOf(documents, memberOf(documents, owner, 'parameters'))) {
      const { in: where, name: own } = asObject(parameter.value);
      if (where === 'path' && own === name) return memberOf(documents, parameter, 'schema');
    }
  }
  return undefined;
}

function isOfThing(method: ResourceMethod): boolean {
  return method !== 'post' && method !== 'list';
}

/** Names by which things are known, where they are not known by that of the parameter itself. */
const ids = ['id', '_id', 'uuid', 'guid'];
const names = ['key', 'slug', 'name', 'code', 'username'];

/** The member of what POST answers that is the id in the path: it is called alike, and may be of the same type. */
function idOf(
  documents: Documents,
  created: DocumentNode | undefined,
  key: string,
  keySchema: DocumentNode | undefined,
  path: string,
): string | undefined {
  const [whole, ...members] = contentsOf(documents, created, path);
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [thing = ''] = path.split('/').slice(-1);
  const isId = /id$/.test(plain(key));
  const found = (
    contents: readonly (Shown | undefined)[],
    wanted: (names: string[]) => (string | undefined)[],
  ) =>
    contents.flatMap((content) => {
      const properties: Properties = content?.properties ?? new Map();
      return wanted([...properties.keys()]).filter((name): name is string => {
        const property = name === undefined ? undefined : properties.get(name);
        return property !== undefined && isKey(documents, property, keySchema);
      });
    });
  const telling = found([whole, ...members], (own) => [
    own.find((name) => plain(name) === plain(key)),
    ...ids,
    own.find((name) => plain(name) === `${plain(singular(thing))}id`),
  ]);
  // The name or code of an envelope is not that of the thing in it.
  return [...telling, ...(isId ? [] : found([...members, whole], () => [...names]))][0];
}

/** Whether values of a property can be those of a parameter: a text may be any number, but no number any text. */
function isKey(documents: Documents, property: DocumentNode, keySchema: DocumentNode | undefined): boolean {
  const types = typesOf(documents, property) ?? [];
  const wanted = (keySchema && typesOf(documents, keySchema)) ?? ['string'];
  const { writeOnly } = asObject(property.value);
  if (types.length === 0 || writeOnly === true) return false;
  return types.every(
    (type) =>
      wanted.includes(type) || (wanted.includes('string') && type === 'integer') || isNumber(type, wanted),
  );
}

function isNumber(type: string, wanted: readonly string[]): boolean {
  return type === 'integer' && wanted.includes('number');
}

/**
 * The schema of what is created: what POST answers; where there is none, PUT creates what GET shows (RFC 9110, 9.3.4).
 * Undefined when the document does not say, or shows nothing.
 */
export function createdSchema(
  documents: Documents,
  operations: Resource['operations'],
): DocumentNode | undefined {
  const post = operations.get('post');
  const shows = operations.has('put') ? operations.get('get') : undefined;
  const [method, operation] = post === undefined ? (['get', shows] as const) : (['post', post] as const);
  if (operation === undefined) return undefined;
  const [status] = successes(documents, operation, method).filter((each) => each !== '202');
  return status === undefined ? undefined : answerSchema(documents, operation, status);
}

/** What each method answers by preference when it succeeds; the first is also the usual one where only a range is documented. */
const usual: Readonly<Record<ResourceMethod, readonly string[]>> = {
  post: ['201', '200', '202'],
  list: ['200'],
  get: ['200'],
  put: ['200', '204', '201', '202'],
  patch: ['200', '204', '202'],
  delete: ['204', '200', '202'],
};

/** The statuses of success that an operation documents, those that say most first; none where it documents no success. */
export function successes(documents: Documents, operation: DocumentNode, method: ResourceMethod): string[] {
  const responses = responsesOf(documents, operation);
  const exact = usual[method].filter((status) => responses.has(status));
  const shown = exact.filter((status) => answerSchema(documents, operation, status) !== undefined);
  if (exact.length > 0) return method === 'delete' ? exact : [...new Set([...shown, ...exact])];
  const range = [...responses.keys()].find((status) => status.toUpperCase() === '2XX');
  if (range !== undefined) return [range];
  return responses.has('default') ? usual[method].filter((status) => status !== '202') : [];
}

/** The statuses by which an operation says that a thing is gone. */
export function refusals(documents: Documents, operation: DocumentNode): string[] {
  const responses = responsesOf(documents, operation);
  const exact = ['404', '410'].filter((status) => responses.has(status));
  if (exact.length > 0) return exact;
  return ['4XX', '4xx', 'default'].some((status) => responses.has(status)) ? ['404'] : [];
}

function responsesOf(documents: Documents, operation: DocumentNode): ReadonlyMap<string, DocumentNode> {
  return new Map(membersOf(documents, memberOf(documents, operation, 'responses')));
}

/** The JSON content of the response that covers a status. */
export function answerContent(
  documents: Documents,
  operation: DocumentNode,
  status: string,
): DocumentNode | undefined {
  const responses = responsesOf(documents, operation);
  const response =
    responses.get(status) ??
    responses.get(`${status.charAt(0)}XX`) ??
    responses.get(`${status.charAt(0)}xx`) ??
    responses.get('default');
  return response && jsonContent(documents, response);
}

/** The schema of the JSON content of the response that covers a status. */
export function answerSchema(
  documents: Documents,
  operation: DocumentNode,
  status: string,
): DocumentNode | undefined {
  const content = answerContent(documents, operation, status);
  return content && memberOf(documents, content, 'schema');
}

/** What a request is made of: the thing in it, and whether all its media types show one member by member. */
export function requestOf(
  documents: Documents,
  operation: DocumentNode,
  resource: Pick<Resource, 'path'>,
  created: Properties,
): Shown & { readonly isPlain: boolean } {
  const body = memberOf(documents, operation, 'requestBody');
  const contents = membersOf(documents, body && memberOf(documents, body, 'content'));
  const isPlain = contents.every(
    ([mediaType]) => /[/+]json$|form-urlencoded$/.test(mediaType) && !/json-patch/.test(mediaType),
  );
  const [content] = contents.flatMap(([mediaType, node]) => (isJsonOrAny(mediaType) ? [node] : []));
  const schema = content && memberOf(documents, content, 'schema');
  return { ...sentIn(documents, schema, resource, created), isPlain };
}

function jsonContent(documents: Documents, message: DocumentNode): DocumentNode | undefined {
  const contents = membersOf(documents, memberOf(documents, message, 'content'));
  return contents.find(([mediaType]) => isJsonOrAny(mediaType))?.[1];
}

function isJsonOrAny(text: string): boolean {
  return text === '*/*' || isJsonType(text);
}

/** The documented examples of a content. */
export function examplesOf(documents: Documents, content: DocumentNode | undefined): Json[] {
  if (content === undefined) return [];
  const named = membersOf(documents, memberOf(documents, content, 'examples')).flatMap(([, { value }]) =>
    isObject(value) && value.value !== undefined ? [value.value] : [],
  );
  const own = asObject(content.value).example;
  return own === undefined ? named : [own, ...named];
}
