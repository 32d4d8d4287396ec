/** What is right though it looks wrong: of each of these exchanges no check says anything. */

import { expect, it } from 'vitest';
import type { Target } from '../../../conformance/target.js';
import { type Field, type JsonObject, loadContract } from '../../../openapi/index.js';
import { contractOf } from '../../mock/contracts.js';
import { begun, type Known, responded, type Short, startRun } from '../exchanges.js';
import { things } from '../mutants.js';

const odd: JsonObject = {
  paths: {
    '/failing': {
      get: { responses: { 503: { description: 'Not now.' }, '4XX': { description: 'Wrong.' } } },
    },
    '/labelled': { get: { responses: { 200: { description: 'A file.', content: { PDF: {} } } } } },
  },
};

const contracts = {
  matar: await loadContract('matar'),
  xerial: await loadContract('xerial'),
  things: await contractOf('silent-things', things),
  odd: await contractOf('silent-odd', odd),
};

type Row = {
  readonly what: string;
  readonly contract?: keyof typeof contracts;
  readonly request: Short;
  readonly status: number;
  readonly fields?: readonly Field[];
  readonly body?: string;
  readonly known?: Known;
};

const json: Field = ['content-type', 'application/json'];
const problem: Field = ['content-type', 'application/problem+json'];
const total: Field = ['x-total', '1'];
const thing = '{"id":1,"name":"one"}';
const post = (body: JsonObject): Short => ({ call: 'POST /things', body });

const rows: readonly Row[] = [
  {
    what: 'a documented failure where nothing but failures is documented',
    contract: 'odd',
    request: { call: 'GET /failing' },
    status: 503,
  },
  {
    what: 'content of what is documented as its media type, and is none',
    contract: 'odd',
    request: { call: 'GET /labelled' },
    status: 200,
    fields: [['content-type', 'PDF']],
    body: 'pages',
  },
  {
    what: 'a limit of the rate',
    request: { call: 'GET /things' },
    status: 429,
    fields: [problem],
    body: '{}',
  },
  {
    what: 'content that is too large',
    request: post({ name: 'a'.repeat(99) }),
    status: 413,
    fields: [problem],
    body: '{}',
  },
  {
    what: '406 to who accepts nothing that there is',
    request: { call: 'GET /things', fields: [['accept', 'image/png, text/html;q=0.5']] },
    status: 406,
    fields: [problem],
    body: '{}',
  },
  {
    what: 'the refusal of JSON that has no one meaning',
    contract: 'matar',
    request: {
      call: 'POST /api/v1/login',
      body: '{"phone_number":"1","name":"a","name":"b","action":"send_otp"}',
      fields: [json],
    },
    status: 422,
    fields: [problem],
    body: '{}',
  },
  {
    what: 'the refusal of half a surrogate pair',
    contract: 'matar',
    request: {
      call: 'POST /api/v1/login',
      body: '{"phone_number":"1","name":"\\ud83d","action":"send_otp"}',
      fields: [json],
    },
    status: 422,
    fields: [problem],
    body: '{}',
  },
  {
    what: '404 for a path that nobody documents',
    request: { call: 'GET /other' },
    status: 404,
    fields: [['content-type', 'text/html']],
    body: '<h1>Not Found</h1>',
  },
  {
    what: '501 for a method that the server has never heard of',
    request: { call: 'PATCH /things' },
    status: 501,
  },
  {
    what: '404 in the place of 405',
    request: { call: 'DELETE /things' },
    status: 404,
    fields: [json],
    body: '{}',
  },
  {
    what: '304 to who has set a condition',
    request: { call: 'GET /things', fields: [['if-none-match', '"1"']] },
    status: 304,
    fields: [problem],
  },
  {
    what: 'an answer to OPTIONS',
    request: { call: 'OPTIONS /things' },
    status: 204,
    fields: [['allow', 'GET, POST']],
  },
  { what: 'HEAD without the fields of content', request: { call: 'HEAD /things' }, status: 200 },
  {
    what: 'a Content-Length on HEAD',
    request: { call: 'HEAD /things' },
    status: 200,
    fields: [json, total, ['content-length', '23']],
  },
  {
    what: 'a charset that does no harm',
    request: post({ name: 'é' }),
    status: 201,
    fields: [['content-type', 'application/json; charset=UTF-8']],
    body: '{"id":1,"name":"é"}',
  },
  {
    what: 'a problem that explains itself',
    request: post({}),
    status: 422,
    fields: [problem],
    body: '{"title":"no"}',
  },
  {
    what: 'a problem for content that is not taken',
    request: { call: 'POST /things', body: 'x', fields: [['content-type', 'text/plain']] },
    status: 400,
    fields: [json],
    body: '{"error":"no"}',
  },
  {
    what: 'content without Content-Type that is examined',
    request: { call: 'POST /things', body: '{"name":"a"}' },
    status: 201,
    fields: [json],
    body: thing,
  },
  {
    what: 'client input in an error',
    request: post({
      name: '',
      home: 'SELECT a FROM b; at x (/srv/app/x.js:1:2); Traceback (most recent call last)',
    }),
    status: 400,
    fields: [json],
    body: JSON.stringify({
      error: 'no',
      home: 'SELECT a FROM b; at x (/srv/app/x.js:1:2); Traceback (most recent call last)',
    }),
  },
  {
    what: 'the name of the software',
    request: post({}),
    status: 400,
    fields: [json, ['x-powered-by', 'Express'], ['server', 'Werkzeug/2.2 Python/3.11']],
    body: '{"error":"name: is required, see /docs/errors.html, at line 3 of the select list from you"}',
  },
  {
    what: 'a secret that the client has sent itself',
    request: post({ name: 'hunter2-hunter2' }),
    status: 201,
    fields: [json],
    body: '{"id":1,"name":"hunter2-hunter2"}',
    known: { secrets: ['hunter2-hunter2'] },
  },
  {
    what: 'a one-time password that stands in a longer number',
    request: { call: 'GET /things' },
    status: 200,
    fields: [json, total],
    body: '[{"id":5148793,"name":"48793 a"}]',
    known: { secrets: ['48793'] },
  },
  {
    what: 'caching of what is open to anybody',
    request: { call: 'GET /things', fields: [['authorization', 'Bearer good']] },
    status: 200,
    fields: [json, total, ['cache-control', 'public, max-age=60']],
    body: '[]',
  },
  {
    what: 'private caching of what is protected',
    request: { call: 'GET /secret', fields: [['authorization', 'Bearer good']] },
    status: 200,
    fields: [json, ['cache-control', 'private, max-age=60']],
    body: '{"ok":true}',
  },
  {
    what: 'protected content that nobody may keep',
    request: { call: 'GET /secret', fields: [['authorization', 'Bearer good']] },
    status: 200,
    fields: [json, ['cache-control', 'no-store, max-age=0'], ['expires', '0']],
    body: '{"ok":true}',
  },
  {
    what: 'a 401 without a challenge where the contract names no security scheme',
    contract: 'xerial',
    request: { call: 'POST /api/auth/refresh-tokens', body: '{"refreshToken":"none"}', fields: [json] },
    status: 401,
    fields: [json],
    body: '{"code":401,"message":"Please Authenticate"}',
  },
  {
    what: 'JSON that is nested deeper than we read',
    contract: 'matar',
    request: {
      call: 'POST /api/v1/login',
      body: `{"phone_number":"1","name":"a","action":"send_otp","x":${'['.repeat(600)}${']'.repeat(600)}}`,
      fields: [json],
    },
    status: 200,
    fields: [json],
    body: '{"message":"sent otp"}',
  },
];

it.each(rows)('$what', async ({ contract = 'things', request, status, fields = [], body, known }) => {
  const content = body === undefined ? undefined : new TextEncoder().encode(body);
  const target: Target = async () => responded({ status, fields, content });
  const exchange = await startRun(contracts[contract], target).send(request, known);
  expect(begun()(exchange)).toEqual([]);
});

it('a signature in another spelling of the same bytes is the same signature', async () => {
  const login = '{"access_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.QUJD"}';
  const respelled = {
    call: 'POST /api/v1/logout',
    fields: [['authorization', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.QUJDx']],
  } as const;
  const ask = begun();
  const bodies = [login, '{"message":"Successfully logged out"}'];
  const target: Target = async () =>
    responded({ status: 200, fields: [json], content: new TextEncoder().encode(bodies.shift()) });
  const run = startRun(contracts.matar, target);
  const submit = { phone_number: '1', name: 'a', action: 'submit_otp', otp: '1' };
  ask(await run.send({ call: 'POST /api/v1/login', body: submit }));
  const said = ask(await run.send(respelled));
  expect(said.filter(({ check }) => check === 'ignored-authentication')).toEqual([]);
});

it('a token that an operation without rules gives once more is no secret, nor one that is known only afterwards', async () => {
  const target: Target = async () =>
    responded({
      status: 200,
      fields: [json],
      content: new TextEncoder().encode('{"access_token":"opaque-token"}'),
    });
  const run = startRun(contracts.things, target);
  const ask = begun();
  const known = { secrets: ['opaque-token'] };
  const said = [
    await run.send({ call: 'POST /token' }, known),
    await run.send({ call: 'POST /token' }, known),
  ];
  expect(said.flatMap(ask).filter(({ check }) => check === 'error-leak')).toEqual([]);
});

it('the missing challenge is told once in a run', async () => {
  const target: Target = async () => responded({ status: 401, fields: [problem], content: undefined });
  const run = startRun(contracts.things, target);
  const ask = begun();
  const said = [await run.send({ call: 'GET /secret' }), await run.send({ call: 'GET /secret' })].flatMap(
    ask,
  );
  expect(said.filter(({ check }) => check === 'challenge-present')).toHaveLength(1);
});

it('a server that has never answered is unreachable, and that is no finding', async () => {
  const target: Target = async () => {
    return { kind: 'failure', failure: 'refused', why: 'no', faults: [], partial: undefined };
  };
  expect(begun()(await startRun(contracts.things, target).send({ call: 'GET /things' }))).toEqual([]);
});
