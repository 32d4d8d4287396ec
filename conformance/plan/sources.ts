/** What the answers of a contract give: ids, each with the operation that answers it and the place in the answer. */

import { isJsonType } from '../../openapi/content/media-type.js';
import {
  type Contract,
  type DocumentedResponse,
  type Link,
  type Operation,
  responseFor,
} from '../../openapi/contract.js';
import { type DocumentNode, followReferences, memberOf, nodeAt } from '../../openapi/document/documents.js';
import { linkedOperation } from '../../openapi/http/links.js';
import { asObject, pointerTo } from '../../openapi/json.js';
import { propertiesOf, typesOf } from '../../openapi/schema/schema-properties.js';
import { isDeleting, type Need } from './needs.js';
import { isId, isSameThing, plainWords, thingOf, thingOfPath } from './resource-words.js';

/** An id in the answers of an operation. */
export type Source = {
  readonly operation: Operation;
  /** The runtime expression that reads it from the answer. */
  readonly expression: string;
  /** The member that it is; empty for one that is told by a Location field. */
  readonly member: string;
  /** What it is the id of, as far as answer and path tell. */
  readonly things: readonly string[];
  readonly types: readonly string[] | undefined;
  /** Whether the thing is made by the call, is one of those that are there, or is only referred to by another. */
  readonly kind: 'created' | 'listed' | 'referred';
  /** Whether the whole answer is about such things, and not a part of it. */
  readonly isMain: boolean;
};

const known = new WeakMap<Contract, readonly Source[]>();

/** Every id that an operation answers when it succeeds. */
function sourcesOf(contract: Contract): readonly Source[] {
  const sources = known.get(contract) ?? contract.operations.flatMap((each) => sourcesIn(contract, each));
  known.set(contract, sources);
  return sources;
}

/** The response by which an operation succeeds, as documented. */
function successOf(operation: Operation): DocumentedResponse | undefined {
  const exact = operation.responses.find(({ status }) => /^2(?:\d\d|XX)$/i.test(status));
  return exact ?? responseFor(operation, 200);
}

function sourcesIn(contract: Contract, operation: Operation): readonly Source[] {
  const { method, path } = operation;
  if (isDeleting(operation) || (method !== 'POST' && method !== 'GET' && method !== 'PUT')) return [];
  const success = successOf(operation);
  if (success === undefined) return [];
  const ofPath = thingOfPath(path);
  const kind = method === 'GET' ? 'listed' : 'created';
  const json = success.content.find(({ mediaType }) => isJsonType(mediaType));
  const schema = json?.schema && nodeAt(contract.documents, json.schema);
  const shown =
    schema === undefined ? [] : idsIn(contract, schema, { pointer: '', things: [], depth: 0, isMain: true });
  const ids = shown.map(
    ({ things, isReference, ...id }): Source => ({
      ...id,
      operation,
      things: isReference ? things : [...new Set([...things, ofPath])],
      kind: isReference ? 'referred' : kind,
    }),
  );
  // What is created may be told by its address alone (RFC 9110, section 10.2.2).
  const isCreating = method === 'POST' && (success.status === '201' || ids.length === 0);
  const location: Source = {
    operation,
    expression: '$response.header.Location',
    member: '',
    things: [ofPath],
    types: undefined,
    kind: 'created',
    isMain: true,
  };
  return isCreating && !path.endsWith('}') ? [...ids, location] : ids;
}

type Within = {
  readonly pointer: string;
  readonly things: readonly string[];
  readonly depth: number;
  readonly isMain: boolean;
};

type Shown = Pick<Source, 'expression' | 'member' | 'things' | 'types' | 'isMain'> & {
  readonly isReference: boolean;
};

/** An answer wraps its things twice at most: `{ data: { items: [...] } }`. */
const deepest = 3;

function idsIn(contract: Contract, schema: DocumentNode, within: Within): readonly Shown[] {
  const { documents } = contract;
  const node = followReferences(documents, schema);
  if (node === undefined || within.depth > deepest) return [];
  const things = [...within.things, ...nameOfSchema(schema)];
  const items = memberOf(documents, node, 'items');
  if (items !== undefined) {
    const raw = {
      value: asObject(node.value).items ?? null,
      at: { ...node.at, pointer: `${node.at.pointer}/items` },
    };
    return idsIn(contract, raw, {
      ...within,
      things,
      pointer: `${within.pointer}/0`,
      depth: within.depth + 1,
    });
  }
  const properties = [...propertiesOf(documents, node)];
  return properties.flatMap(([name, property]): readonly Shown[] => {
    const pointer = pointerTo(within.pointer, name);
    const types = typesOf(documents, property);
    if (types?.some((type) => type === 'object' || type === 'array') === true) {
      const raw = rawProperty(contract, node, name) ?? property;
      const isWrapper = within.depth === 0 && properties.length <= mostWrapping;
      const named = isWrapper && /^(?:data|items|results?|records|values|list|content|entries)$/i.test(name);
      return idsIn(contract, raw, {
        pointer,
        things: named ? things : [plainWords(name)],
        depth: within.depth + 1,
        isMain: within.isMain && isWrapper,
      });
    }
    const thing = thingOf(name);
    const isOwn = isId(name) || thing === undefined || things.some((each) => isSameThing(each, thing));
    const isKey = isId(name) || /^(?:key|slug|name|code|username|login|sku|token)$/i.test(name);
    if (!isKey && thing === undefined) return [];
    return [
      {
        expression: `$response.body#${pointer}`,
        member: name,
        things: isOwn ? [...things, ...(thing === undefined ? [] : [thing])] : [thing ?? ''],
        types,
        isMain: within.isMain && isOwn,
        isReference: !isOwn,
      },
    ];
  });
}

/** An object with more members than these is a thing itself, and no wrapping of things. */
const mostWrapping = 8;

/** A property as it is written: its reference tells the name of its schema. */
function rawProperty(contract: Contract, owner: DocumentNode, name: string): DocumentNode | undefined {
  return nodeAt(contract.documents, {
    file: owner.at.file,
    pointer: pointerTo(`${owner.at.pointer}/properties`, name),
  });
}

function nameOfSchema({ value }: DocumentNode): readonly string[] {
  const { $ref } = asObject(value);
  const name =
    typeof $ref === 'string' ? /\/(?:schemas|definitions|\$defs)\/([^/]+)$/.exec($ref)?.[1] : undefined;
  return name === undefined ? [] : [plainWords(name)];
}

/** A link that gives a parameter of an operation, and the operation that has it. */
export type LinkSource = { readonly operation: Operation; readonly link: Link; readonly target: Operation };

const linked = new WeakMap<Contract, readonly LinkSource[]>();

/** The links of the answers by which operations succeed. */
export function linksOf(contract: Contract): readonly LinkSource[] {
  const links =
    linked.get(contract) ??
    contract.operations.flatMap((operation) =>
      operation.responses
        .filter(({ status }) => status.startsWith('2'))
        .flatMap((response) =>
          response.links.flatMap((link) => {
            const target = linkedOperation(contract.operations, link);
            return target === undefined ? [] : [{ operation, link, target }];
          }),
        ),
    );
  linked.set(contract, links);
  return links;
}

/** Where a value may come from, the likeliest first: at most one call that makes such a thing, and one that finds one. */
export function sourcesFor(contract: Contract, operation: Operation, need: Need): readonly Source[] {
  const links = linksOf(contract).flatMap(({ target, operation: by, link }): readonly Source[] => {
    const value = link.parameters.find(
      ({ name, in: where }) =>
        target === operation &&
        (where === undefined ? need.part.endsWith(` ${name}`) : need.part === `${where} ${name}`),
    )?.value;
    if (typeof value !== 'string' || !value.startsWith('$')) return [];
    const kind = by.method === 'GET' ? 'listed' : 'created';
    return [
      {
        operation: by,
        expression: value,
        member: '',
        things: need.things,
        types: undefined,
        kind,
        isMain: true,
      },
    ];
  });
  const ranked = aboutThings(contract, need)
    .map((source) => ({ source, score: scoreOf(source, operation, need) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ source }) => source);
  const all = [...links, ...ranked];
  const created = all.find(({ kind }) => kind === 'created');
  const found = all.find(({ kind, operation: by }) => kind !== 'created' && by !== created?.operation);
  return [created ?? [], found ?? []].flat();
}

const indexes = new WeakMap<Contract, ReadonlyMap<string, readonly Source[]>>();

/** The sources that may be about what is needed: names of one thing end in one word. */
function aboutThings(contract: Contract, { things, collection }: Need): readonly Source[] {
  const index = indexes.get(contract) ?? indexOf(sourcesOf(contract));
  indexes.set(contract, index);
  const keys = [...things.map(lastWord), ...(collection === undefined ? [] : [trimmed(collection)])];
  return [...new Set(keys.flatMap((key) => index.get(key) ?? []))];
}

function indexOf(sources: readonly Source[]): ReadonlyMap<string, readonly Source[]> {
  const index = new Map<string, Source[]>();
  for (const source of sources)
    for (const key of new Set([...source.things.map(lastWord), trimmed(source.operation.path)])) {
      const list = index.get(key) ?? [];
      index.set(key, list);
      list.push(source);
    }
  return index;
}

function lastWord(thing: string): string {
  return thing.slice(thing.lastIndexOf(' ') + 1);
}

/** How likely a source is to have what is needed; 0: it has not. */
function scoreOf(source: Source, operation: Operation, need: Need): number {
  if (source.operation === operation) return 0;
  const isOfPath =
    need.collection !== undefined &&
    source.isMain &&
    trimmed(source.operation.path) === trimmed(need.collection);
  const thing = need.things.findIndex((each) => source.things.some((own) => isSameThing(own, each)));
  if (!isOfPath && thing === -1) return 0;
  if (source.kind === 'created' && !isOfPath && !isAboutThing(source, need)) return 0;
  const { types } = need;
  const isOfType =
    types === undefined || source.types === undefined || source.types.some((each) => types.includes(each));
  if (!isOfType) return 0;
  const isMember = plainWords(source.member) === plainWords(need.name);
  const isPlainId = isId(source.member) || source.member === '' || thingOf(source.member) !== undefined;
  // What is called by a name is looked for under that name only.
  if (!isMember && !isPlainId) return 0;
  const wanted = operation.path.split('{').length;
  const needed = source.operation.path.split('{').length;
  return (
    (isOfPath ? 100 : 0) +
    (thing === 0 ? 30 : thing > 0 ? 20 : 0) +
    (isMember ? 15 : 0) +
    (isId(source.member) ? 10 : 0) +
    (source.isMain ? 20 : 0) +
    (source.kind === 'referred' ? -10 : 0) +
    (source.member === '' ? -8 : 0) -
    Math.max(0, needed - wanted) * 15 -
    needed
  );
}

/** Whether a call makes such things, going by the last word of its path: not what only happens to them. */
function isAboutThing({ operation, isMain }: Source, { things }: Need): boolean {
  const own = thingOfPath(operation.path);
  return isMain && !operation.path.endsWith('}') && things.some((thing) => isSameThing(own, thing));
}

function trimmed(path: string): string {
  return path.replace(/\/$/, '');
}
