/** What stands where in an OpenAPI document: which members of each kind of object hold objects, and of which kind (OpenAPI 3.1, 4.8). */

import { isObject, type Json } from '../json.js';

/** The kinds of objects that hold others; `plain` ones hold none. */
type Kind =
  | 'openapi'
  | 'components'
  | 'paths'
  | 'pathItem'
  | 'operation'
  | 'parameter'
  | 'requestBody'
  | 'mediaType'
  | 'encoding'
  | 'responses'
  | 'response'
  | 'callback'
  | 'example'
  | 'link'
  | 'header'
  | 'schema'
  | 'securityScheme'
  | 'transition'
  | 'condition'
  | 'effect'
  | 'value';

/** What a member holds: an object of a kind, a list of them, or a map from names to them. */
export type Slot = Kind | `[${Kind}]` | `{${Kind}}`;

type Slots = { readonly [member: string]: Slot };

const pathItem: Slots = {
  parameters: '[parameter]',
  get: 'operation',
  put: 'operation',
  post: 'operation',
  delete: 'operation',
  options: 'operation',
  head: 'operation',
  patch: 'operation',
  trace: 'operation',
  query: 'operation',
  additionalOperations: '{operation}',
};

/** The members of a path item that hold operations: methods in lower case. */
export const methodMembers: readonly string[] = Object.keys(pathItem).filter(
  (name) => pathItem[name] === 'operation',
);

const parameter: Slots = { schema: 'schema', content: '{mediaType}', examples: '{example}' };

/** The keywords of JSON Schema 2020-12, and of earlier drafts, that hold schemas. */
const schema: Slots = {
  $defs: '{schema}',
  definitions: '{schema}',
  properties: '{schema}',
  patternProperties: '{schema}',
  dependentSchemas: '{schema}',
  dependencies: '{schema}',
  allOf: '[schema]',
  anyOf: '[schema]',
  oneOf: '[schema]',
  prefixItems: '[schema]',
  items: 'schema',
  additionalItems: 'schema',
  additionalProperties: 'schema',
  unevaluatedProperties: 'schema',
  unevaluatedItems: 'schema',
  contains: 'schema',
  propertyNames: 'schema',
  not: 'schema',
  if: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: 'schema',
  else: 'schema',
  contentSchema: 'schema',
};

/** The members of each kind that hold objects. `*` is every other one that is no extension. */
const members: Readonly<Record<Kind, Slots>> = {
  openapi: { paths: 'paths', webhooks: '{pathItem}', components: 'components', 'x-state': '{value}' },
  components: {
    schemas: '{schema}',
    responses: '{response}',
    parameters: '{parameter}',
    examples: '{example}',
    requestBodies: '{requestBody}',
    headers: '{header}',
    securitySchemes: '{securityScheme}',
    links: '{link}',
    callbacks: '{callback}',
    pathItems: '{pathItem}',
  },
  paths: { '*': 'pathItem' },
  pathItem,
  operation: {
    parameters: '[parameter]',
    requestBody: 'requestBody',
    responses: 'responses',
    callbacks: '{callback}',
    'x-transitions': '[transition]',
  },
  parameter,
  requestBody: { content: '{mediaType}' },
  mediaType: { schema: 'schema', examples: '{example}', encoding: '{encoding}' },
  encoding: { headers: '{header}' },
  responses: { '*': 'response' },
  response: { headers: '{header}', content: '{mediaType}', links: '{link}' },
  callback: { '*': 'pathItem' },
  example: {},
  link: {},
  header: parameter,
  schema,
  securityScheme: { 'x-transitions': '[transition]' },
  transition: { guard: '[condition]', let: '{value}', content: 'value', effects: '[effect]' },
  condition: { equals: 'value', key: 'value', where: '{value}', not: 'condition' },
  effect: { key: 'value', value: 'value', to: 'value', content: 'value' },
  value: {},
};

/** What a member holds; undefined when that is data. */
export function slotOf(slot: Slot, value: Json, member: string | number): Slot | undefined {
  const inner = slot.slice(1, -1);
  if (slot.startsWith('{') || slot.startsWith('[')) return isKind(inner) ? inner : undefined;
  // Until 2019-09 `items` might be a list of schemas.
  if (slot === 'schema' && Array.isArray(value)) return 'schema';
  if (slot === 'value')
    return isObject(value) && value.$generate !== undefined && member === '$generate' ? 'schema' : 'value';
  const own = isKind(slot) ? members[slot] : {};
  if (Object.hasOwn(own, member)) return own[member];
  return String(member).startsWith('x-') ? undefined : own['*'];
}

/** Whether an object of this kind may be a reference instead; in values `$ref` is a member like any other. */
export function mayRefer(slot: Slot): boolean {
  return !/^(?:value|transition)$|condition|effect/.test(slot);
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(members, text);
}
