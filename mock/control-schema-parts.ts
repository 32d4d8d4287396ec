/** What the schemas of the control API are put together from. */

import type { SchemaObject } from 'openapi3-ts/oas31';

export const text: SchemaObject = { type: 'string' };
export const instant: SchemaObject = { type: 'string', format: 'date-time' };
export const anyJson: SchemaObject = { description: 'Any JSON value.' };

/** An object with these members and no others. */
export function closed(
  description: string,
  required: Readonly<Record<string, SchemaObject>>,
  optional: Readonly<Record<string, SchemaObject>> = {},
): SchemaObject {
  return {
    description,
    type: 'object',
    required: Object.keys(required),
    properties: { ...required, ...optional },
    additionalProperties: false,
  };
}

export function mapOf(description: string, items: SchemaObject): SchemaObject {
  return { description, type: 'object', additionalProperties: items };
}

export function listOf(items: SchemaObject, description = ''): SchemaObject {
  return { ...(description === '' ? {} : { description }), type: 'array', items };
}

export function named(name: string): SchemaObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** The members of a request or response of the journal, without what only one of them has. */
export const messageParts: Readonly<Record<'headers' | 'content', SchemaObject>> = {
  headers: listOf(
    closed('A field line.', { name: text, value: text }),
    'In the order of the message, repeats included.',
  ),
  content: {
    description: 'As text; of content that is no UTF-8 text, its size in words; null when there is none.',
    type: ['string', 'null'],
  },
};
