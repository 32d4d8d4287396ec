/** What every request gets that is not as the contract wants it, and that nothing in the state has changed then. */

import { describe } from 'vitest';
import type { JsonObject } from '../../openapi/index.js';
import { answers, type Case } from './answers.js';
import { contractOf, done, isDone, matar, xerial } from './contracts.js';

const json = { 'content-type': 'application/json' };
const sendOtp = { phone_number: '919277140178', name: 'skb', action: 'send_otp' };

describe('Matar', () => {
  const required = [
    { name: 'without content', headers: {} },
    { name: 'without content but with its media type', headers: json },
  ];
  answers(
    matar,
    [
      ...required.map(({ name, headers }): Case => {
        const violations = ['body # required'];
        return {
          name,
          request: 'POST /api/v1/login',
          headers,
          status: 400,
          problem: 'invalid-request',
          violations,
        };
      }),
      {
        name: 'without one required member',
        request: 'POST /api/v1/login',
        body: { phone_number: '919277140178', action: 'send_otp' },
        status: 400,
        problem: 'invalid-request',
        violations: ['body #/name required'],
        details: { detail: 'The request breaks login: body /name is required.' },
      },
      {
        name: 'without three of them',
        request: 'POST /api/v1/login',
        body: { action: 'submit_otp' },
        status: 400,
        problem: 'invalid-request',
        violations: ['body #/phone_number required', 'body #/name required', 'body #/otp required'],
      },
      {
        name: 'with members of the wrong type',
        request: 'POST /api/v1/login',
        body: { ...sendOtp, phone_number: 919277140178, name: ['skb'] },
        status: 400,
        problem: 'invalid-request',
        violations: ['body #/phone_number type', 'body #/name type'],
      },
      {
        name: 'with an action that there is not',
        request: 'POST /api/v1/login',
        body: { ...sendOtp, action: 'resend_otp' },
        status: 400,
        problem: 'invalid-request',
        violations: ['body #/action enum'],
      },
      {
        name: 'with content that is no object',
        request: 'POST /api/v1/login',
        body: ['send_otp'],
        status: 400,
        problem: 'invalid-request',
        violations: ['body # type'],
      },
      {
        name: 'with malformed JSON',
        request: 'POST /api/v1/login',
        headers: json,
        body: '{"action": "send_otp",}',
        status: 400,
        problem: 'invalid-request',
        violations: ['body # json'],
      },
      {
        name: 'with JSON that is not UTF-8',
        request: 'POST /api/v1/login',
        headers: json,
        body: Uint8Array.of(0x22, 0xff, 0x22),
        status: 400,
        problem: 'invalid-request',
        violations: ['body # charset'],
      },
      {
        name: 'as a form',
        request: 'POST /api/v1/login',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'action=send_otp',
        status: 415,
        problem: 'unsupported-media-type',
        fields: { accept: 'application/json' },
        details: {
          detail: 'The content is application/x-www-form-urlencoded; login takes application/json.',
        },
      },
      {
        name: 'as content of no media type',
        request: 'POST /api/v1/login',
        body: Uint8Array.of(0x7b, 0x7d),
        status: 415,
        problem: 'unsupported-media-type',
        details: { detail: 'The content has no Content-Type; login takes application/json.' },
      },
      {
        name: 'as content of a malformed media type',
        request: 'POST /api/v1/login',
        headers: { 'content-type': 'json' },
        body: '{}',
        status: 415,
        problem: 'unsupported-media-type',
      },
      {
        name: 'accepting HTML only',
        request: 'POST /api/v1/login',
        headers: { accept: 'text/html, application/json;q=0' },
        body: sendOtp,
        status: 406,
        problem: 'not-acceptable',
        details: { offered: ['application/json'] },
      },
      {
        name: 'a path with a slip of the pen',
        request: 'POST /api/v1/log-in',
        body: sendOtp,
        status: 404,
        problem: 'unknown-path',
        details: {
          nearest: '/api/v1/login',
          detail: 'The contract has no path /api/v1/log-in. Did you mean /api/v1/login?',
        },
      },
      {
        name: 'a path with a slash too many',
        request: 'POST /api/v1/login/',
        status: 404,
        problem: 'unknown-path',
        details: { nearest: '/api/v1/login' },
      },
      {
        name: 'a path unlike any',
        request: 'GET /',
        status: 404,
        problem: 'unknown-path',
        details: {
          detail:
            'The contract has no path /. It has: /api/v1/login, /api/v1/get_current_user, /api/v1/edit_user, /api/v1/logout, /api/v1/organizations, /api/v1/languages, /api/v1/categories, /api/v1/activity_types, /api/v1/new_post, /api/v1/get_post.',
        },
      },
      ...['GET', 'PUT', 'DELETE', 'PATCH', 'PURGE', 'propfind'].map(
        (method): Case => ({
          name: `${method} of a path that has POST`,
          request: `${method} /api/v1/login`,
          status: 405,
          problem: 'unknown-method',
          fields: { allow: 'POST' },
          details: { allowed: ['POST'], detail: `/api/v1/login has no ${method}, only POST.` },
        }),
      ),
      {
        name: 'POST of a path that has GET, and so HEAD',
        request: 'POST /api/v1/get_current_user',
        status: 405,
        problem: 'unknown-method',
        fields: { allow: 'GET, HEAD' },
      },
      {
        name: 'a call without its token',
        request: 'GET /api/v1/get_current_user',
        status: 401,
        text: '{"description":"Request does not contain an access token.","error":"authorization_required"}',
        fields: { 'content-type': 'application/json' },
      },
      {
        name: 'a call without its token comes before what else is wrong with it',
        request: 'GET /api/v1/get_current_user',
        headers: { accept: 'text/html' },
        status: 401,
        text: '{"description":"Request does not contain an access token.","error":"authorization_required"}',
      },
      {
        name: 'content over the limit, with its length',
        request: 'POST /api/v1/login',
        headers: { 'content-length': '400' },
        body: { ...sendOtp, name: 'x'.repeat(400) },
        status: 413,
        problem: 'content-too-large',
        details: { detail: 'The content is larger than 300 bytes.' },
      },
      {
        name: 'content over the limit, of unknown length',
        request: 'POST /api/v1/login',
        body: { ...sendOtp, name: 'x'.repeat(400) },
        status: 413,
        problem: 'content-too-large',
      },
      {
        name: 'content over the limit, with a length that is wrong',
        request: 'POST /api/v1/login',
        headers: { 'content-length': '4' },
        body: { ...sendOtp, name: 'x'.repeat(400) },
        status: 413,
        problem: 'content-too-large',
      },
    ],
    { contentLimit: 300 },
  );
});

describe('Xerial', () => {
  answers(xerial, [
    ...['logout', 'refresh-tokens'].flatMap((call): Case[] => [
      {
        name: `${call} without refreshToken`,
        request: `POST /api/auth/${call}`,
        body: {},
        status: 400,
        problem: 'invalid-request',
        violations: ['body #/refreshToken required'],
      },
      {
        name: `${call} with a refreshToken that is no string`,
        request: `POST /api/auth/${call}`,
        body: { refreshToken: null },
        status: 400,
        problem: 'invalid-request',
        violations: ['body #/refreshToken type'],
      },
      {
        name: `${call} by GET`,
        request: `GET /api/auth/${call}`,
        status: 405,
        problem: 'unknown-method',
        fields: { allow: 'POST' },
      },
    ]),
    {
      name: 'logout of an unknown token',
      request: 'POST /api/auth/logout',
      body: { refreshToken: 'unknown' },
      status: 404,
      text: '{"code":404,"message":"Not Found"}',
    },
    {
      name: 'refresh of an unknown token',
      request: 'POST /api/auth/refresh-tokens',
      body: { refreshToken: 'unknown' },
      status: 401,
      text: '{"code":401,"message":"Please Authenticate"}',
    },
    {
      name: 'refresh, accepting plain text only',
      request: 'POST /api/auth/refresh-tokens',
      headers: { accept: 'text/plain' },
      body: { refreshToken: 'unknown' },
      status: 406,
      problem: 'not-acceptable',
      details: { offered: ['application/json'] },
    },
    {
      name: 'logout, whose success has no media type to be accepted',
      request: 'POST /api/auth/logout',
      headers: { accept: 'text/plain' },
      body: { refreshToken: 'unknown' },
      status: 404,
      text: '{"code":404,"message":"Not Found"}',
    },
  ]);
});

const parameters = await contractOf('parameters', {
  servers: [{ url: 'https://example.com/v1/' }],
  paths: {
    '/items/{id}': {
      get: {
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } },
          { name: 'limit', in: 'query', required: true, schema: { type: 'integer', maximum: 100 } },
          {
            name: 'colours',
            in: 'query',
            explode: false,
            schema: { type: 'array', items: { enum: ['red', 'blue'] } },
          },
          {
            name: 'price',
            in: 'query',
            style: 'deepObject',
            schema: { type: 'object', properties: { min: { type: 'number' } }, additionalProperties: false },
          },
          { name: 'X-Trace', in: 'header', required: true, schema: { type: 'string', format: 'uuid' } },
          { name: 'session', in: 'cookie', required: true, schema: { type: 'string', minLength: 4 } },
          {
            name: 'where',
            in: 'query',
            content: { 'application/json': { schema: { type: 'object', required: ['city'] } } },
          },
        ],
        responses: { 200: done },
      },
    },
    '/items/latest': { get: { responses: { 200: { description: 'The latest.' } } } },
  },
});

describe('parameters', () => {
  const trace = '0d3b0fd6-1c1b-4d0f-8b43-2a2b6a6c9d10';
  const headers = { 'x-trace': trace, cookie: 'session=abcd' };
  answers(parameters, [
    {
      name: 'all of them as described',
      request: 'GET /v1/items/7?limit=10&colours=red,blue&price[min]=1.5&where={"city":"Pune"}',
      headers,
      status: 200,
      text: isDone,
    },
    {
      name: 'only the required ones',
      request: 'GET /v1/items/7?limit=10',
      headers,
      status: 200,
      text: isDone,
    },
    { name: 'a literal path before a template', request: 'GET /v1/items/latest', status: 200, text: '' },
    {
      name: 'none of the required ones',
      request: 'GET /v1/items/7',
      status: 400,
      problem: 'invalid-request',
      violations: ['query #/limit required', 'header #/X-Trace required', 'cookie #/session required'],
    },
    {
      name: 'every one wrong',
      request:
        'GET /v1/items/zero?limit=1000&colours=red,green,black&price[min]=cheap&price[max]=2&where={"town":"Pune"}',
      headers: { 'x-trace': 'none', cookie: 'a=b; session=abc' },
      status: 400,
      problem: 'invalid-request',
      violations: [
        'path #/id type',
        'query #/limit maximum',
        'query #/colours/1 enum',
        'query #/colours/2 enum',
        'query #/price/max additionalProperties',
        'query #/price/min type',
        'header #/X-Trace format',
        'cookie #/session minLength',
        'query #/where/city required',
      ],
    },
    {
      name: 'the path without that of the server',
      request: 'GET /items/7?limit=10',
      headers,
      status: 404,
      problem: 'unknown-path',
      details: { nearest: '/v1/items/{id}' },
    },
  ]);
});

const media = await contractOf('media', {
  paths: {
    '/notes': {
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: { type: 'object', required: ['text'] } },
            'application/x-www-form-urlencoded': {
              schema: { type: 'object', required: ['text'], properties: { text: { minLength: 2 } } },
            },
            'text/plain': { schema: { type: 'string', maxLength: 5 } },
            'image/*': { schema: {} },
          },
        },
        responses: {
          201: {
            description: 'Kept.',
            content: {
              'application/json': { example: { kept: true } },
              'text/plain': { example: 'kept' },
              'application/xml': { example: '<kept/>' },
            },
          },
        },
      },
    },
    '/optional': {
      post: {
        requestBody: { content: { 'application/json': { schema: { type: 'array' } } } },
        responses: { 200: done },
      },
    },
    '/none': { post: { responses: { 200: done } } },
  },
});

describe('media types', () => {
  const note = { text: 'hello' };
  const kept = { json: '{"kept":true}', text: 'kept', xml: '<kept/>' };
  const accepted = (accept: string, type: string, text: string): Case => ({
    name: `accepting ${accept}`,
    request: 'POST /notes',
    headers: { accept },
    body: note,
    status: 201,
    text,
    fields: { 'content-type': type },
  });
  const sent = (type: string, body: string | Uint8Array<ArrayBuffer>): Case => ({
    name: `sending ${type}`,
    request: 'POST /notes',
    headers: { 'content-type': type },
    body,
    status: 201,
    text: kept.json,
  });
  answers(media, [
    accepted('*/*', 'application/json', kept.json),
    accepted('text/plain', 'text/plain', kept.text),
    accepted('text/*;q=0.1, application/xml', 'application/xml', kept.xml),
    accepted('application/json;q=0.2, text/plain;q=0.9', 'text/plain', kept.text),
    sent('application/json; charset=utf-8', '{"text":"é"}'),
    sent('Application/JSON', '{"text":"é"}'),
    sent('application/x-www-form-urlencoded', 'text=hello'),
    sent('text/plain', 'hello'),
    sent('image/png', Uint8Array.of(0x89, 0x50, 0xff)),
    {
      name: 'accepting none of them',
      request: 'POST /notes',
      headers: { accept: 'image/png, text/*;q=0' },
      body: note,
      status: 406,
      problem: 'not-acceptable',
      details: { offered: ['application/json', 'text/plain', 'application/xml'] },
    },
    {
      name: 'sending none of them',
      request: 'POST /notes',
      headers: { 'content-type': 'application/xml' },
      body: '<note/>',
      status: 415,
      problem: 'unsupported-media-type',
      fields: { accept: 'application/json, application/x-www-form-urlencoded, text/plain, image/*' },
    },
    {
      name: 'sending a form that is wrong',
      request: 'POST /notes',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'text=h',
      status: 400,
      problem: 'invalid-request',
      violations: ['body #/text minLength'],
    },
    {
      name: 'sending text that is too long',
      request: 'POST /notes',
      headers: { 'content-type': 'text/plain' },
      body: 'hello there',
      status: 400,
      problem: 'invalid-request',
      violations: ['body # maxLength'],
    },
    { name: 'sending nothing where that is allowed', request: 'POST /optional', status: 200, text: isDone },
    {
      name: 'sending what is wrong where nothing is allowed too',
      request: 'POST /optional',
      body: {},
      status: 400,
      problem: 'invalid-request',
      violations: ['body # type'],
    },
    { name: 'sending what nobody asked for', request: 'POST /none', body: '{', status: 200, text: isDone },
  ]);
});

/** A response with one example of its own. */
const says = (word: string): JsonObject => ({
  description: word,
  content: { 'application/json': { example: { says: word } } },
});
const said = (word: string): string => `{"says":"${word}"}`;

/** An operation that takes an object with a name, and needs a bearer token where `secure` is set. */
const takesName = (responses: JsonObject, secure = false): JsonObject => ({
  post: {
    security: secure ? [{ bearer: [] }] : [],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        },
      },
    },
    responses: { 200: done, ...responses },
  },
});

const errors = await contractOf('errors', {
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/422': takesName({ 422: says('unprocessable') }),
    '/400': takesName({ 400: says('bad') }),
    '/both': takesName({ 400: says('bad'), 422: says('unprocessable') }),
    '/4XX': takesName({ '4XX': says('client error') }, true),
    '/default': takesName({ default: says('anything') }, true),
    '/401': takesName({ 401: says('unauthorised') }, true),
    '/403': takesName({ 403: says('forbidden') }, true),
    '/challenge': takesName(
      {
        401: {
          description: 'No.',
          headers: {
            'WWW-Authenticate': { schema: { type: 'string' }, example: 'Bearer realm="documented"' },
          },
        },
      },
      true,
    ),
    '/others': takesName({ 406: says('not acceptable'), 413: says('too large'), 415: says('unsupported') }),
    '/claimed': {
      post: {
        ...(takesName({ 400: says('wrong name') }).post as JsonObject),
        'x-transitions': [
          { name: 'wrong', guard: [{ value: '$request.body#/name', equals: 'wrong' }], response: '400' },
          { name: 'right', response: '200' },
        ],
      },
    },
  },
});

describe('documented errors', () => {
  const invalid = (path: `/${string}`, status: number, word: string): Case => ({
    name: `an invalid request where ${path.slice(1)} is documented`,
    request: `POST ${path}`,
    headers: { authorization: 'Bearer any' },
    body: { name: 7 },
    status,
    text: said(word),
    fields: { 'content-type': 'application/json' },
  });
  const challenge = 'Bearer realm="errors"';
  answers(
    errors,
    [
      invalid('/422', 422, 'unprocessable'),
      invalid('/400', 400, 'bad'),
      invalid('/both', 422, 'unprocessable'),
      invalid('/4XX', 422, 'client error'),
      {
        name: 'an invalid request where only the default response is documented',
        request: 'POST /default',
        headers: { authorization: 'Bearer any' },
        body: { name: 7 },
        status: 400,
        problem: 'invalid-request',
        violations: ['body #/name type'],
      },
      {
        name: 'an invalid request where a rule gives 400 a meaning of its own',
        request: 'POST /claimed',
        body: { name: 7 },
        status: 400,
        problem: 'invalid-request',
        violations: ['body #/name type'],
      },
      {
        name: 'that meaning',
        request: 'POST /claimed',
        body: { name: 'wrong' },
        status: 400,
        text: said('wrong name'),
      },
      ...(
        [
          ['/401', 401, 'unauthorised'],
          ['/403', 403, 'forbidden'],
          ['/4XX', 401, 'client error'],
        ] as const
      ).map(
        ([path, status, word]): Case => ({
          name: `no credential where ${path.slice(1)} is documented`,
          request: `POST ${path}`,
          status,
          text: said(word),
          fields: { 'www-authenticate': challenge },
        }),
      ),
      {
        name: 'no credential where only the default response is documented',
        request: 'POST /default',
        status: 401,
        problem: 'missing-credential',
        fields: { 'www-authenticate': challenge },
      },
      {
        name: 'no credential where the challenge is documented',
        request: 'POST /challenge',
        status: 401,
        fields: { 'www-authenticate': 'Bearer realm="documented"', 'content-type': null },
      },
      {
        name: 'an unacceptable Accept where 406 is documented',
        request: 'POST /others',
        headers: { accept: 'text/html' },
        body: { name: 'x' },
        status: 406,
        text: said('not acceptable'),
      },
      {
        name: 'a wrong media type where 415 is documented',
        request: 'POST /others',
        headers: { 'content-type': 'text/plain' },
        body: 'x',
        status: 415,
        text: said('unsupported'),
        fields: { accept: 'application/json' },
      },
      {
        name: 'content over the limit where 413 is documented',
        request: 'POST /others',
        body: { name: 'x'.repeat(100) },
        status: 413,
        text: said('too large'),
      },
    ],
    { contentLimit: 50 },
  );
});
