/** Where in a content the thing of a resource stands: it is the content, or a member of an envelope around it. */

import { type DocumentNode, type Documents, followReferences } from '../document/documents.js';
import { asObject, type Json, type JsonObject, pointerTo } from '../json.js';
import { type Properties, propertiesOf, typesOf } from '../schema/schema-properties.js';
import type { Resource } from './inferred-resources.js';
import { merged, reference } from './inferred-rule.js';

/** A thing as a content shows it. */
export type Shown = {
  /** The member of the content that it stands in; undefined when it is the content itself. */
  readonly member: string | undefined;
  readonly properties: Properties;
  /** The other members that the content must have. */
  readonly beside: readonly (readonly [name: string, schema: DocumentNode])[];
};

const usualMembers = /^(data|item|result|payload|entity|record)$/i;

/** Contents in which the thing may stand: the whole, and each member that is called like a thing or as envelopes call it. */
export function contentsOf(
  documents: Documents,
  schema: DocumentNode | undefined,
  path: string,
): readonly Shown[] {
  const whole = propertiesOf(documents, schema);
  const word = singular(path.split('/').at(-1) ?? '');
  const required = requiredOf(documents, schema);
  const inner = [...whole].flatMap(([member, node]): Shown[] => {
    const properties = propertiesOf(documents, node);
    if (properties.size === 0 || !(usualMembers.test(member) || plain(member) === plain(word))) return [];
    const beside = [...whole].filter(([name]) => name !== member && required.has(name));
    return [{ member, properties, beside }];
  });
  return [{ member: undefined, properties: whole, beside: [] }, ...inner];
}

/** The thing in a content: what has its id; undefined when nothing has. */
export function shownIn(
  documents: Documents,
  schema: DocumentNode | undefined,
  { path, id }: Pick<Resource, 'path' | 'id'>,
): Shown | undefined {
  return contentsOf(documents, schema, path).find(({ properties }) => properties.has(id));
}

/** The thing in a request, whose content has nothing beside it when it is an envelope. */
export function sentIn(
  documents: Documents,
  schema: DocumentNode | undefined,
  { path }: Pick<Resource, 'path'>,
  created: Properties,
): Shown {
  const whole: Shown = { member: undefined, properties: propertiesOf(documents, schema), beside: [] };
  if (whole.properties.size !== 1) return whole;
  const [, inner] = contentsOf(documents, schema, path);
  return inner?.member === undefined || created.has(inner.member) ? whole : inner;
}

/** The expression for the thing in a content, or for a member of it. */
export function partOf(body: '$request.body' | '$response.body', { member }: Shown, name?: string): string {
  const tokens = [member, name].filter((token) => token !== undefined);
  const pointer = tokens.reduce((before, token) => pointerTo(before, token), '');
  return pointer === '' ? body : `${body}#${pointer}`;
}

/** A content that shows a thing: what stands beside it is as the server likes. */
export function enveloped(documents: Documents, resource: Resource, shown: Shown, thing: Json): Json {
  if (shown.member === undefined) return thing;
  const beside: JsonObject = Object.fromEntries(
    shown.beside.map(([name, schema]) => [name, besideOf(documents, resource, name, schema)] as const),
  );
  return merged({ $generate: {}, example: beside }, Object.fromEntries([[shown.member, thing]]));
}

/** What stands beside a thing, in the answers of the mock: that it went well, and whatever else. */
function besideOf(documents: Documents, resource: Resource, name: string, schema: DocumentNode): Json {
  const isWell = /^(success|ok)$/i.test(name) && typesOf(documents, schema)?.includes('boolean') === true;
  return isWell ? true : { $generate: reference(resource, schema) };
}

function requiredOf(documents: Documents, schema: DocumentNode | undefined): ReadonlySet<string> {
  const node = schema && followReferences(documents, schema);
  return new Set([asObject(node?.value).required ?? []].flat().map(String));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** What one of the things is called that a word names. */
export function singular(word: string): string {
  return word
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1');
}
