/** What the control API says of callbacks and webhooks: schemas and examples. */

import type { SchemaObject } from 'openapi3-ts/oas31';
import type { Json } from '../openapi/json.js';
import { anyJson, closed, instant, listOf, messageParts, named, text } from './control-schema-parts.js';

const url: SchemaObject = { ...text, format: 'uri', description: 'A whole http or https URL.' };

const sentParts = {
  api: { ...text, description: 'The API that sends it.' },
  name: { ...text, description: 'Its name in the contract.' },
  method: text,
  summary: { ...text, description: 'Empty when there is none.' },
  content: listOf(text, 'The media types of what is sent.'),
  examples: listOf(text, 'The names of the documented examples of it.'),
} satisfies Record<string, SchemaObject>;

const wantedParts = {
  example: {
    ...text,
    description: 'The documented example to send; the first one, else a value made from the schema.',
  },
  body: { ...anyJson, description: 'What to send instead.' },
  api: { ...text, description: 'Of which API, where several have one of the name.' },
  method: { ...text, description: 'With which method, where it has several.' },
} satisfies Record<string, SchemaObject>;

export const callSchemas: Readonly<Record<string, SchemaObject>> = {
  Webhooks: closed('The webhooks of the APIs that are served.', {
    webhooks: listOf(closed('A request that an API makes by itself.', sentParts)),
  }),

  Callbacks: closed('The callbacks of the APIs that are served.', {
    callbacks: listOf(
      closed('A request that an API makes when one of its operations has been answered.', {
        ...sentParts,
        operation: { ...text, description: 'The operation that it belongs to.' },
        url: { ...text, description: 'Where it goes, as the contract has it: with runtime expressions.' },
      }),
    ),
  }),

  WebhookOrder: closed('What to send, and where.', { url }, wantedParts),

  CallbackOrder: closed(
    'What to send, and where.',
    { url },
    {
      ...wantedParts,
      operation: { ...text, description: 'Of which operation, where several have one of the name.' },
    },
  ),

  Call: closed('A request of the mock itself, and what came of it.', {
    id: { type: 'integer', minimum: 1, description: 'Counts up with those of the exchanges.' },
    at: { ...instant, description: 'When it was sent, by the clock of the mock.' },
    kind: { ...text, enum: ['callback', 'webhook'] },
    api: text,
    name: text,
    operation: { type: ['string', 'null'], description: 'The operation whose callback it is.' },
    after: {
      type: ['integer', 'null'],
      description: 'The exchange that it follows; null when it was asked for here.',
    },
    request: closed('What was sent.', {
      method: text,
      url: { ...text, description: 'With the runtime expressions still in it where these give nothing.' },
      ...messageParts,
    }),
    outcome: {
      description: 'What came of it.',
      oneOf: [
        closed('An answer.', {
          kind: { ...text, const: 'answered' },
          response: closed('The answer.', {
            status: { type: 'integer', minimum: 100, maximum: 999 },
            ...messageParts,
          }),
        }),
        closed('No answer.', {
          kind: { ...text, const: 'failed' },
          reason: { ...text, enum: ['no-url', 'not-allowed', 'busy', 'timeout', 'stopped', 'no-answer'] },
          detail: text,
        }),
      ],
    },
  }),
};

const exampleCall = {
  id: 8,
  at: '2026-01-31T12:00:00.000Z',
  kind: 'webhook',
  api: 'shop',
  name: 'order-shipped',
  operation: null,
  after: null,
  request: {
    method: 'POST',
    url: 'http://127.0.0.1:3000/hook',
    headers: [{ name: 'content-type', value: 'application/json' }],
    content: '{"order":17}',
  },
  outcome: { kind: 'answered', response: { status: 204, headers: [], content: null } },
} satisfies Json;

const exampleSent = {
  api: 'shop',
  name: 'order-shipped',
  method: 'POST',
  summary: 'An order is on its way',
  content: ['application/json'],
  examples: ['by-train'],
} satisfies Json;

/** An example of each answer. */
export const callExamples: Readonly<Record<'Webhooks' | 'Callbacks' | 'Call', Json>> = {
  Webhooks: { webhooks: [exampleSent] },
  Callbacks: {
    callbacks: [{ ...exampleSent, operation: 'order', url: '{$request.body#/callbackUrl}' }],
  },
  Call: exampleCall,
};

/** What a reference of the document to one of these schemas is. */
export const callOrders: Readonly<Record<'webhook' | 'callback', SchemaObject>> = {
  webhook: named('WebhookOrder'),
  callback: named('CallbackOrder'),
};
