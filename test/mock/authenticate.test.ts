/** Security requirements: what satisfies each kind, what is challenged, and how several of them add up. */

import { describe, expect, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import type { JsonObject } from '../../openapi/index.js';
import { answers, type Case } from './answers.js';
import { contractOf, done, isDone, stateOf } from './contracts.js';

const isKnownBy = (credential: string): string => JSON.stringify({ caller: credential });
const isAnonymous = isKnownBy('anonymous');

/** An operation that tells by what it knows its caller. */
const asks = (...security: readonly JsonObject[]): JsonObject => ({
  get: {
    security,
    responses: {
      200: {
        description: 'Who is calling.',
        content: {
          'application/json': {
            examples: {
              known: { value: { caller: 'known' } },
              anonymous: { value: { caller: 'anonymous' } },
            },
          },
        },
      },
    },
    'x-transitions': [
      {
        name: 'known',
        guard: [{ present: '$credential' }],
        response: '200#known',
        content: { caller: '$credential' },
      },
      { name: 'anonymous', response: '200#anonymous' },
    ],
  },
});

const refusals: JsonObject = Object.fromEntries(
  ['missing', 'unknown', 'banned'].map((name) => [name, { value: { refused: name } }]),
);

const contract = await contractOf('security', {
  info: { title: 'Café "Ω"', version: '1' },
  'x-state': { keys: { good: {} }, tried: {} },
  security: [{ basic: [] }],
  components: {
    securitySchemes: {
      basic: { type: 'http', scheme: 'Basic' },
      digest: { type: 'http', scheme: 'digest' },
      custom: { type: 'http', scheme: 'HOBA' },
      inHeader: { type: 'apiKey', in: 'header', name: 'X-Key' },
      inQuery: { type: 'apiKey', in: 'query', name: 'key' },
      inCookie: { type: 'apiKey', in: 'cookie', name: 'key' },
      oauth: { type: 'oauth2', flows: {} },
      openId: { type: 'openIdConnect', openIdConnectUrl: 'https://example.com/openid' },
      certificate: { type: 'mutualTLS' },
      ruled: {
        type: 'http',
        scheme: 'bearer',
        'x-transitions': [
          {
            name: 'banned',
            guard: [{ value: '$request.query.banned', equals: 'yes' }],
            response: '401#banned',
          },
          { name: 'missing', guard: [{ absent: '$credential' }], response: '401#missing' },
          {
            name: 'unknown',
            guard: [{ not: { in: 'keys', key: '$credential' } }],
            response: '401#unknown',
            effects: [{ put: 'tried', key: '$credential', value: {} }],
          },
        ],
      },
    },
  },
  paths: {
    '/inherited': { get: { responses: { 200: done } } },
    '/open': asks(),
    '/basic': asks({ basic: [] }),
    '/header': asks({ inHeader: [] }),
    '/query': asks({ inQuery: [] }),
    '/cookie': asks({ inCookie: [] }),
    '/oauth': asks({ oauth: [] }),
    '/openId': asks({ openId: [] }),
    '/certificate': asks({ certificate: [] }),
    '/digest': asks({ digest: [] }),
    '/custom': asks({ custom: [] }),
    '/pairs': asks({ basic: [], inQuery: [] }, { inHeader: [], inCookie: [] }),
    '/certified': asks({ certificate: [], inHeader: [] }),
    '/both': asks({ basic: [], inHeader: [] }),
    '/either': asks({ basic: [] }, { inHeader: [] }),
    '/optional': asks({}, { basic: [] }),
    '/ruled': {
      get: {
        security: [{ ruled: [] }],
        responses: {
          200: done,
          401: {
            description: 'Refused.',
            content: { 'application/json': { examples: refusals } },
          },
        },
      },
    },
    '/ruled-optional': {
      get: {
        security: [{ ruled: [] }, {}],
        responses: {
          200: done,
          401: {
            description: 'Refused.',
            content: { 'application/json': { examples: refusals } },
          },
        },
      },
    },
  },
});

const realm = 'realm="Café \\"?\\""';
const basic = `Basic ${realm}`;
const key = `ApiKey ${realm}, in="header", name="X-Key"`;

const passes = (path: `/${string}`, headers: Record<string, string>, text: string): Case => ({
  name: `${path} with ${JSON.stringify(headers)}`,
  request: `GET ${path}`,
  headers,
  status: 200,
  text,
});

const challenged = (path: `/${string}`, headers: Record<string, string>, challenge: string): Case => ({
  name: `${path} with ${JSON.stringify(headers)}`,
  request: `GET ${path}`,
  headers,
  status: 401,
  problem: 'missing-credential',
  fields: { 'www-authenticate': challenge },
});

describe('a security requirement', () => {
  answers(contract, [
    passes('/inherited', { authorization: 'Basic dTpw' }, isDone),
    challenged('/inherited', {}, basic),
    passes('/open', {}, isAnonymous),
    passes('/basic', { authorization: 'Basic dTpw' }, isKnownBy('dTpw')),
    passes('/basic', { authorization: 'bAsIc dTpw' }, isKnownBy('dTpw')),
    challenged('/basic', {}, basic),
    challenged('/basic', { authorization: 'Basic' }, basic),
    challenged('/basic', { authorization: 'Bearer dTpw' }, basic),
    passes('/header', { 'x-key': 'k' }, isKnownBy('k')),
    challenged('/header', {}, key),
    challenged('/header', { 'x-key': '' }, key),
    passes('/query?x=y&key=k%202', {}, isKnownBy('k 2')),
    challenged('/query', {}, `ApiKey ${realm}, in="query", name="key"`),
    passes('/cookie', { cookie: 'a=b; key=k=2; c=d' }, isKnownBy('k=2')),
    challenged('/cookie', { cookie: 'xkey=k' }, `ApiKey ${realm}, in="cookie", name="key"`),
    passes('/oauth', { authorization: 'Bearer t' }, isKnownBy('t')),
    challenged('/oauth', {}, `Bearer ${realm}`),
    passes('/openId', { authorization: 'bearer t' }, isKnownBy('t')),
    challenged('/openId', { authorization: 'Basic t' }, `Bearer ${realm}`),
    passes('/certificate', {}, isKnownBy('')),
    passes('/digest', { authorization: 'Digest username="a"' }, isKnownBy('username="a"')),
    challenged(
      '/digest',
      {},
      `Digest ${realm}, qop="auth", algorithm=SHA-256, nonce="636f756e746572666f696c"`,
    ),
    passes('/custom', { authorization: 'hoba result="a"' }, isKnownBy('result="a"')),
    challenged('/custom', { authorization: 'Basic dTpw' }, `Hoba ${realm}`),
  ]);
});

describe('several security requirements', () => {
  answers(contract, [
    passes('/both', { authorization: 'Basic dTpw', 'x-key': 'k' }, isKnownBy('dTpw')),
    challenged('/both', { authorization: 'Basic dTpw' }, `${basic}, ${key}`),
    challenged('/both', { 'x-key': 'k' }, `${basic}, ${key}`),
    passes('/either', { authorization: 'Basic dTpw' }, isKnownBy('dTpw')),
    passes('/either', { 'x-key': 'k' }, isKnownBy('k')),
    challenged('/either', {}, `${basic}, ${key}`),
    passes('/pairs?key=k', { authorization: 'Basic dTpw' }, isKnownBy('dTpw')),
    passes('/pairs', { 'x-key': 'k', cookie: 'key=c' }, isKnownBy('k')),
    challenged(
      '/pairs?key=k',
      { 'x-key': 'k' },
      `${basic}, ApiKey ${realm}, in="query", name="key", ${key}, ApiKey ${realm}, in="cookie", name="key"`,
    ),
    passes('/certified', { 'x-key': 'k' }, isKnownBy('')),
    challenged('/certified', {}, `Mutual ${realm}, scheme="certificate", ${key}`),
    passes('/optional', {}, isAnonymous),
    passes('/optional', { authorization: 'Basic dTpw' }, isKnownBy('dTpw')),
    passes('/optional', { authorization: 'Bearer t' }, isAnonymous),
  ]);
});

describe('a security scheme with rules', () => {
  answers(contract, [
    passes('/ruled', { authorization: 'Bearer good' }, isDone),
    passes('/ruled-optional', { authorization: 'Bearer good' }, isDone),
    passes('/ruled-optional', { authorization: 'Bearer bad' }, isDone),
    {
      name: 'that looks at more than the credential',
      request: 'GET /ruled?banned=yes',
      headers: { authorization: 'Bearer good' },
      status: 401,
      text: '{"refused":"banned"}',
    },
    passes('/ruled?banned=no', { authorization: 'Bearer good' }, isDone),
    {
      name: 'that refuses a request without a credential',
      request: 'GET /ruled',
      status: 401,
      text: '{"refused":"missing"}',
      fields: { 'www-authenticate': 'Bearer realm="Café \\"?\\""' },
    },
  ]);

  test('leaves behind what its refusal says, of the credential that was sent', async () => {
    const mock = createMock(contract, { seed: 1 });
    const headers = { authorization: 'Bearer bad' };
    const response = await mock.request('/ruled', { headers });
    expect([response.status, await response.text()]).toEqual([401, '{"refused":"unknown"}']);
    expect(JSON.stringify(stateOf(mock))).toContain('["tried",[["bad",{"value":{}}]]]');
  });
});

describe('a mock that asks for no credential', () => {
  test.each<[path: string, headers: Record<string, string>, status: number, text: string]>([
    ['/basic', {}, 200, isAnonymous],
    ['/both', {}, 200, isAnonymous],
    ['/header', { 'x-key': 'k' }, 200, isKnownBy('k')],
    ['/ruled', {}, 401, '{"refused":"missing"}'],
  ])('answers %s with %j: %s', async (path, headers, status, text) => {
    const response = await createMock(contract, { seed: 1, auth: false }).request(path, { headers });
    expect([response.status, await response.text()]).toEqual([status, text]);
  });
});
