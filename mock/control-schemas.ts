/** What the mock's own API takes and answers: schemas and examples, by the names that its document uses. */

import type { SchemaObject } from 'openapi3-ts/oas31';
import type { Json } from '../openapi/json.js';
import { callExamples, callSchemas } from './control-call-schemas.js';
import {
  anyJson,
  closed,
  instant,
  listOf,
  mapOf,
  messageParts,
  named,
  text,
} from './control-schema-parts.js';

/** `components.schemas` of the document. */
export const controlSchemas: Readonly<Record<string, SchemaObject>> = {
  Served: closed('What is served.', {
    seed: { description: 'The seed of all random values.', type: 'integer' },
    apis: listOf(named('Api')),
    links: listOf(
      { type: 'string', format: 'uri-reference' },
      'The rest of this API, relative to the address of this document.',
    ),
  }),

  Api: closed('An API that is served, by its contract.', {
    name: { ...text, description: 'The name of its folder or file.' },
    title: text,
    version: text,
    operations: listOf(named('Operation')),
  }),

  Operation: closed('An operation, and the answers that the contract documents for it.', {
    id: { ...text, description: 'The operationId, else method and path.' },
    method: text,
    path: { ...text, description: 'The path template, below the root of the mock.' },
    summary: { ...text, description: 'Empty when there is none.' },
    responses: listOf(
      closed('A documented response.', {
        status: { ...text, pattern: '^([1-5]([0-9][0-9]|[Xx][Xx])|default)$' },
        examples: listOf(text, 'The names of its examples: what `Prefer: example=…` takes.'),
      }),
    ),
  }),

  State: mapOf(
    'API by API, the entries of each collection by their keys.',
    mapOf('Collection by collection.', mapOf('Key by key.', named('Entry'))),
  ),

  Entry: closed('A record of a collection. Expired ones stay until something removes them.', {
    value: anyJson,
    expires: { ...instant, type: ['string', 'null'], description: 'Null when it has no lifetime.' },
    expired: { type: 'boolean', description: 'Whether its lifetime is over, by the clock of the mock.' },
  }),

  StateChanges: mapOf(
    'API by API, the entries to put and to remove.',
    mapOf(
      'Collection by collection.',
      mapOf('Key by key; null removes the entry.', { oneOf: [named('NewEntry'), { type: 'null' }] }),
    ),
  ),

  NewEntry: closed(
    'A record to put.',
    { value: anyJson },
    {
      expires: {
        type: ['string', 'null'],
        description:
          'An RFC 3339 date-time, or an ISO 8601 duration from now. Left out or null: no lifetime.',
      },
      expired: { description: 'Passed over, so that entries can be sent as they are shown.' },
    },
  ),

  Clock: closed('The clock of the mock.', {
    now: instant,
    offset_seconds: {
      type: 'number',
      description: 'How far it is ahead of the clock that it runs on; negative when it is behind.',
    },
  }),

  ClockMove: closed('A move of the clock.', {
    move: {
      ...text,
      description:
        'An ISO 8601 duration from now (`PT10M`, `P10D`, `-P1D`), or an RFC 3339 date-time to run on from.',
    },
  }),

  Journal: closed('The last exchanges, and what the mock sent itself.', {
    entries: listOf(named('Exchange'), 'Oldest first.'),
    calls: listOf(named('Call'), 'The callbacks and webhooks, in the order in which they ended.'),
  }),

  ...callSchemas,

  Exchange: closed('A request, what it was answered, and why.', {
    id: { type: 'integer', minimum: 1, description: 'Counts up over the life of the mock, resets or not.' },
    at: { ...instant, description: 'By the clock of the mock.' },
    request: closed('The request.', {
      method: text,
      path: { ...text, description: 'As sent, below the root of the mock.' },
      query: { ...text, description: 'As sent, without the question mark; empty when there is none.' },
      ...messageParts,
    }),
    response: closed('The answer.', {
      status: { type: 'integer', minimum: 100, maximum: 599 },
      ...messageParts,
    }),
    decision: named('Decision'),
    changes: listOf(
      closed('A changed entry of the state.', {
        kind: { ...text, enum: ['put', 'remove'] },
        collection: text,
        key: text,
      }),
    ),
  }),

  Decision: closed(
    'What the mock decided, and why.',
    {
      step: {
        ...text,
        description: 'The step that gave the answer.',
        enum: ['match', 'token', 'prefer', 'authenticate', 'negotiate', 'validate', 'select'],
      },
      preferred: { type: 'boolean', description: 'Whether the client asked for it by Prefer.' },
      violations: listOf(named('Violation'), 'How the request breaks the contract.'),
      refused: listOf(
        closed('A rule that did not hold.', {
          transition: { ...text, description: 'Its name.' },
          condition: { description: 'The condition that failed, as the contract has it.' },
        }),
        'The rules before the one that was taken.',
      ),
    },
    {
      api: text,
      operation: text,
      response: {
        ...text,
        description: 'The documented response, as `status#example`; absent for a problem of the mock.',
      },
      transition: { ...text, description: 'The rule that was taken.' },
      provenance: named('Provenance'),
      problem: { ...text, description: 'The problem that the mock raised itself: the end of its type.' },
    },
  ),

  Violation: closed('One way in which a request breaks the contract.', {
    in: { ...text, enum: ['path', 'query', 'header', 'cookie', 'body'] },
    pointer: { ...text, description: 'A JSON Pointer into the content, or below the name of a parameter.' },
    keyword: { ...text, description: 'The keyword that is broken.' },
    message: text,
    contract: { ...text, description: 'The place that is broken, as file:line:column.' },
  }),

  Provenance: {
    description: 'What the answer rests on.',
    oneOf: [
      closed(
        'A documentation.',
        { kind: { ...text, const: 'documented' } },
        { source: { ...text, description: 'Its address.' } },
      ),
      closed('A conclusion.', { kind: { ...text, const: 'inferred' }, reason: text }),
    ],
  },

  Inbox: closed('What the mock sent outside of HTTP.', {
    messages: listOf(
      closed('A message.', {
        id: { type: 'integer', minimum: 1 },
        at: { ...instant, description: 'By the clock of the mock.' },
        api: { ...text, description: 'The API that sent it.' },
        channel: { ...text, description: 'How it went, for example sms.' },
        to: text,
        content: anyJson,
      }),
      'Oldest first.',
    ),
  }),

  Problem: {
    description: 'Problem details (RFC 9457).',
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: text,
      status: { type: 'integer' },
      detail: { ...text, description: 'What happened, and what to do.' },
    },
  },
};

const exampleExchange = {
  id: 7,
  at: '2026-01-31T12:00:00.000Z',
  request: {
    method: 'POST',
    path: '/api/v1/logout',
    query: '',
    headers: [{ name: 'authorization', value: 'Bearer eyJhbGciOi…' }],
    content: null,
  },
  response: {
    status: 200,
    headers: [{ name: 'content-type', value: 'application/json' }],
    content: '{"message":"Successfully logged out"}',
  },
  decision: {
    step: 'select',
    api: 'matar',
    operation: 'logout',
    response: '200#logged-out',
    transition: 'logged-out',
    provenance: {
      kind: 'documented',
      source: 'https://gramhal.gitbook.io/matar/developer-reference/api/user-login/logout',
    },
    preferred: false,
    violations: [],
    refused: [],
  },
  changes: [{ kind: 'put', collection: 'revoked', key: 'eyJhbGciOi…' }],
} satisfies Json;

const exampleOperation = {
  id: 'logout',
  method: 'POST',
  path: '/api/v1/logout',
  summary: 'Log out',
  responses: [{ status: '200', examples: ['logged-out'] }],
} satisfies Json;

/** An example of each answer. */
export const controlExamples: Readonly<
  Record<'Served' | 'State' | 'Clock' | 'Journal' | 'Inbox' | keyof typeof callExamples, Json>
> = {
  ...callExamples,
  Served: {
    seed: 1,
    apis: [{ name: 'matar', title: 'Matar', version: '1.0.0', operations: [exampleOperation] }],
    links: ['__counterfoil/openapi.json', '__counterfoil/state'],
  },
  State: {
    matar: {
      otps: {
        '919743256789': { value: { code: '48793' }, expires: '2026-01-31T12:10:00.000Z', expired: false },
      },
      sessions: {},
    },
  },
  Clock: { now: '2026-01-31T12:10:00.000Z', offset_seconds: 600 },
  Journal: { entries: [exampleExchange], calls: [callExamples.Call] },
  Inbox: {
    messages: [
      {
        id: 1,
        at: '2026-01-31T12:00:00.000Z',
        api: 'matar',
        channel: 'sms',
        to: '919743256789',
        content: { otp: '48793' },
      },
    ],
  },
};
