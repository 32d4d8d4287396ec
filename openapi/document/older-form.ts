/** Objects of OpenAPI 3.2 as far as 3.1 knows them: for a validator of 3.1, which would call the rest unknown fields. */

import { isObject } from '../json.js';
import type { Slot } from './slots.js';

type Members = Readonly<Record<string, unknown>>;

/** What 3.2 has added to each kind of object (OpenAPI 3.2, appendix A and section 4). */
const additions: Readonly<Partial<Record<Slot, readonly string[]>>> = {
  openapi: ['$self'],
  components: ['mediaTypes'],
  pathItem: ['query', 'additionalOperations'],
  mediaType: ['itemSchema', 'prefixEncoding', 'itemEncoding'],
  encoding: ['encoding', 'prefixEncoding', 'itemEncoding'],
  example: ['dataValue', 'serializedValue'],
  response: ['summary'],
  securityScheme: ['deprecated', 'oauth2MetadataUrl'],
};

/** The object without what 3.1 does not know, and with what it still asked for. */
export function asOf31(slot: Slot, value: Members): Members {
  const unknown = additions[slot] ?? [];
  const known = Object.fromEntries(Object.entries(value).filter(([name]) => !unknown.includes(name)));
  switch (slot) {
    case 'openapi':
      return {
        ...known,
        ...without(known, 'tags', ['summary', 'parent', 'kind']),
        ...without(known, 'servers', ['name']),
      };
    case 'response':
      return { description: '', ...known };
    case 'parameter':
      return {
        ...known,
        ...(known.in === 'querystring' && { in: 'query' }),
        ...(known.style === 'cookie' && { style: 'form' }),
      };
    case 'securityScheme':
      return {
        ...known,
        ...(isObject(known.flows) && { flows: withoutMembers(known.flows, ['deviceAuthorization']) }),
      };
    default:
      return known;
  }
}

/** A list of plain objects, each without some members. */
function without(value: Members, name: string, members: readonly string[]): Members {
  const list = value[name];
  if (!Array.isArray(list)) return {};
  return { [name]: list.map((item: unknown) => (isObject(item) ? withoutMembers(item, members) : item)) };
}

function withoutMembers(value: Members, members: readonly string[]): Members {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !members.includes(name)));
}
