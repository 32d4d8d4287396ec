/** The OpenAPI document of the mock's own API. */

import type { OpenAPIObject, ParameterObject, ResponseObject } from 'openapi3-ts/oas31';
import { callPaths } from './control-call-document.js';
import {
  badRequest,
  contentRefusals,
  json,
  nothing,
  operation,
  otherOrigin,
  problem,
  problemContent,
  query,
  reference,
} from './control-document-parts.js';
import { controlSchemas } from './control-schemas.js';
import { controlPrefix } from './mount.js';

const unknownApi: ResponseObject = badRequest('No API "mater" is served, only matar and xerial.');

const api: ParameterObject = query('api', 'The name of one API; all of them when it is left out.', {
  type: 'string',
});

/** The document, as the mock serves it. */
export const controlDocument: OpenAPIObject = {
  openapi: '3.1.1',
  info: {
    title: 'Counterfoil mock control',
    version: '1',
    description: [
      `What a test or a person needs of a running mock beside the APIs that it serves. It lies below ${controlPrefix},`,
      'where no contract can have a path. It is left out of the journal, it sends no CORS fields, and it refuses pages of',
      'other origins. A mock that was started with a token asks for it on every call.',
    ].join('\n'),
  },
  servers: [{ url: '..', description: 'The root of the mock, relative to the address of this document.' }],
  security: [{}, { token: [] }],
  paths: {
    [controlPrefix]: {
      get: operation('readServed', 'What is served', {
        '200': json('Served', 'The seed, and every API with its operations.'),
      }),
    },
    [`${controlPrefix}/openapi.json`]: {
      get: operation('readDocument', 'This document', {
        '200': {
          description: 'An OpenAPI 3.1 document.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['openapi', 'info', 'paths'],
                properties: { openapi: { type: 'string', pattern: '^3\\.1\\.' } },
              },
            },
          },
        },
      }),
    },
    [`${controlPrefix}/reset`]: {
      post: operation(
        'reset',
        'Back to the start',
        { '204': nothing },
        {
          description:
            'State, clock, journal and inbox are as after the start, and so are the random values: the same requests get the same bytes again, as far as the clock that the mock runs on stands still.',
        },
      ),
    },
    [`${controlPrefix}/state`]: {
      get: operation(
        'readState',
        'The state',
        {
          '200': json('State', 'Every entry of every collection.'),
          '400': unknownApi,
        },
        { parameters: [api] },
      ),
      patch: operation(
        'changeState',
        'Put or remove entries',
        {
          '200': json('State', 'Every entry of every collection, after the changes.'),
          '400': badRequest(
            'The API "matar" has no collection "otp", only organizations, otps, users. Did you mean "otps"?',
          ),
          ...contentRefusals('{"matar": {"otps": {"919743256789": null}}}', 1024 * 1024),
        },
        {
          description:
            'An entry that is sent takes the place of the one with its key; null removes it; all others stay. All changes are made in one step, or none.',
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: reference('StateChanges'),
                examples: {
                  put: {
                    value: {
                      matar: { otps: { '919743256789': { value: { code: '48793' }, expires: 'PT10M' } } },
                    },
                  },
                  remove: { value: { matar: { otps: { '919743256789': null } } } },
                },
              },
            },
          },
        },
      ),
      delete: operation(
        'resetState',
        'The state as after the start',
        { '204': nothing, '400': unknownApi },
        { description: 'Clock, journal and inbox stay, and random values go on.', parameters: [api] },
      ),
    },
    [`${controlPrefix}/clock`]: {
      get: operation('readClock', 'The clock', {
        '200': json('Clock', 'The instant that the mock answers at.'),
      }),
      post: operation(
        'moveClock',
        'Move the clock',
        {
          '200': json('Clock', 'The clock after the move. It runs on from there.'),
          '400': badRequest(
            '"tomorrow" does not move the clock. Send a duration (PT10M, P10D, -P1D) or an instant (2026-01-31T12:00:00Z).',
          ),
          ...contentRefusals('{"move": "PT10M"}', 4096),
        },
        {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: reference('ClockMove'),
                examples: {
                  'by-duration': { value: { move: 'PT10M' } },
                  back: { value: { move: '-P1D' } },
                  'to-instant': { value: { move: '2026-01-31T12:00:00Z' } },
                },
              },
            },
          },
        },
      ),
      delete: operation('resetClock', 'The clock back to where it was not moved', {
        '200': json('Clock', 'The clock that the mock runs on.'),
      }),
    },
    [`${controlPrefix}/journal`]: {
      get: operation(
        'readJournal',
        'What was asked, answered and decided',
        {
          '200': json(
            'Journal',
            'The last exchanges that the journal keeps, and the last callbacks and webhooks.',
          ),
          '400': badRequest('Send a whole number for after, and one from 1 on for limit.'),
        },
        {
          parameters: [
            query('after', 'Only what has a greater id.', { type: 'integer', minimum: 0, default: 0 }),
            query('limit', 'How many of each at most; the last ones are taken.', {
              type: 'integer',
              minimum: 1,
              default: 100,
            }),
          ],
        },
      ),
      delete: operation('clearJournal', 'Forget what was asked', { '204': nothing }),
    },
    [`${controlPrefix}/inbox`]: {
      get: operation(
        'readInbox',
        'What was sent outside of HTTP, such as an OTP by SMS',
        {
          '200': json('Inbox', 'The messages.'),
          '400': badRequest('There is no query parameter "too" here, only to.'),
        },
        { parameters: [query('to', 'Only messages to this receiver.', { type: 'string' })] },
      ),
      delete: operation('clearInbox', 'Forget the messages', { '204': nothing }),
    },
    ...callPaths,
  },
  components: {
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        description: 'The token that the mock was started with, if it was.',
      },
    },
    responses: {
      TokenNeeded: {
        ...problem(
          'missing-credential',
          'The mock was started with a token, and the request has none or another.',
          'The request has no token. Send the one that the mock was started with, as Authorization: Bearer …',
        ),
        headers: {
          'WWW-Authenticate': {
            description: 'The challenge (RFC 6750, section 3).',
            required: true,
            schema: { type: 'string', pattern: '^Bearer realm="counterfoil"' },
          },
        },
      },
      OtherOrigin: problemContent(
        'The request comes from a web page of another origin.',
        otherOrigin('http://localhost:3000'),
      ),
    },
    schemas: { ...controlSchemas },
  },
};
