/** Mutants: for every check ways in which a correct server is broken, and the requests in which it shows. */

import type { Outcome, Target } from '../../conformance/target.js';
import type { JsonObject, RequestMessage, ResponseMessage } from '../../openapi/index.js';
import { pointedTo } from '../../openapi/json.js';
import { type Known, responded, type Short, withContent, withFields } from './exchanges.js';

/** A broken server: our mock of a contract, some of whose answers are changed on their way. */
export type Mutant = {
  readonly check: string;
  /** What it does wrong, in words. */
  readonly does: string;
  readonly contract: 'matar' | 'xerial' | 'things';
  /** The requests in which it shows, in order. `{token}` stands for the access token that the latest login has given, `{forged}` for one with another signature. */
  readonly requests: readonly Short[];
  /** Whether the answer to this request, the nth that this is asked of from 0 on, is changed. */
  readonly to: (request: RequestMessage, nth: number) => boolean;
  readonly breaks: (outcome: Outcome, request: RequestMessage) => Outcome | Promise<Outcome>;
  readonly known?: Known;
  readonly settings?: { readonly responseTime: number };
};

/** The server with its answers broken. */
export function mutated(target: Target, { to, breaks }: Pick<Mutant, 'to' | 'breaks'>): Target {
  let nth = 0;
  return async (request, signal) => {
    const outcome = await target(request, signal);
    const isBroken = to(request, nth);
    nth += 1;
    return isBroken ? breaks(outcome, request) : outcome;
  };
}

/** A small contract for what the shipped ones do not have: operations without rules, headers, data that is refused. */
export const things: JsonObject = {
  servers: [{ url: '/' }],
  paths: {
    '/things': {
      get: {
        operationId: 'listThings',
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } }],
        responses: {
          200: {
            description: 'All.',
            headers: { 'X-Total': { required: true, schema: { type: 'integer', minimum: 0 }, example: 1 } },
            content: {
              'application/json': {
                schema: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
                example: [{ id: 1, name: 'one' }],
              },
            },
          },
        },
      },
      post: {
        operationId: 'addThing',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['name'],
                properties: {
                  name: { type: 'string', minLength: 1 },
                  home: { type: 'string', format: 'uri' },
                },
              },
              examples: { first: { value: { name: 'one' } } },
            },
          },
        },
        responses: {
          201: {
            description: 'Added.',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Thing' },
                example: { id: 1, name: 'one' },
              },
            },
          },
          400: {
            description: 'Refused.',
            content: { 'application/json': { example: { error: 'no' } } },
          },
          415: { description: 'Not taken.' },
        },
      },
    },
    '/secret': {
      get: {
        operationId: 'showSecret',
        security: [{ bearer: [] }],
        responses: {
          200: { description: 'It.', content: { 'application/json': { example: { ok: true } } } },
        },
      },
    },
    '/token': {
      post: {
        operationId: 'giveToken',
        responses: {
          200: {
            description: 'A token.',
            headers: { 'Cache-Control': { schema: { type: 'string' }, example: 'no-store' } },
            content: { 'application/json': { example: { access_token: 'opaque' } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'name'],
        properties: { id: { type: 'integer' }, name: { type: 'string' } },
      },
    },
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer' },
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/token', scopes: {} } } },
    },
  },
};

// Requests

const sample = { phone_number: '919743256789', name: 'Sri' };
const sendOtp: Short = { call: 'POST /api/v1/login', body: { ...sample, action: 'send_otp' } };
const logIn: Short = { call: 'POST /api/v1/login', body: { ...sample, action: 'submit_otp', otp: '48793' } };
const wrongOtp: Short = { call: 'POST /api/v1/login', body: { ...sample, action: 'submit_otp', otp: '1' } };
const bearer = (token: string) => [['authorization', `Bearer ${token}`]] as const;
const logOut: Short = { call: 'POST /api/v1/logout', fields: bearer('{token}') };
const showUser: Short = { call: 'GET /api/v1/get_current_user', fields: bearer('{token}') };
const headUser: Short = { ...showUser, call: 'HEAD /api/v1/get_current_user' };
const endSession: Short = {
  call: 'POST /api/auth/logout',
  body: {
    refreshToken:
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1ZWJhYzUzNDk1NGI1NDEzOTgwNmMxMTIiLCJpYXQiOjE1ODkyOTg0ODQsImV4cCI6MTU4OTMwMDI4NH0.m1U63blB0MLej_WfB7yC2FTMnCziif9X8yzwDEfJXAg',
  },
};
const listThings: Short = { call: 'GET /things' };
const addThing: Short = { call: 'POST /things', body: { name: 'two' } };
const secret: Short = { call: 'GET /secret', fields: bearer('good') };

// Ways to break an answer

const always = (): boolean => true;
const nth =
  (...wanted: readonly number[]) =>
  (_: RequestMessage, index: number): boolean =>
    wanted.includes(index);

/** Changes the response, where there is one. */
const response =
  (change: (response: ResponseMessage, request: RequestMessage) => ResponseMessage): Mutant['breaks'] =>
  (outcome, request) =>
    outcome.kind === 'response' ? responded(change(outcome.response, request)) : outcome;

const status = (code: number): Mutant['breaks'] => response((came) => ({ ...came, status: code }));
const fields = (changed: Readonly<Record<string, string | undefined>>): Mutant['breaks'] =>
  response((came) => withFields(came, changed));
const text = (change: (text: string) => string): Mutant['breaks'] =>
  response((came) => withContent(came, change(new TextDecoder().decode(came.content))));
const json = (change: (body: JsonObject) => unknown): Mutant['breaks'] =>
  text((whole) => JSON.stringify(change(JSON.parse(whole))));
const answer = (code: number, body: string, type = 'application/json'): Mutant['breaks'] =>
  response((came) =>
    withContent(
      { ...withFields(came, { 'content-type': type }), status: code },
      body === '' ? undefined : body,
    ),
  );
const failure = (kind: 'reset' | 'timeout' | 'endless' | 'malformed' | 'refused'): Mutant['breaks'] => {
  return () => ({ kind: 'failure', failure: kind, why: `it is ${kind}`, faults: [], partial: undefined });
};

const both =
  (first: Mutant['breaks'], second: Mutant['breaks']): Mutant['breaks'] =>
  async (outcome, request) =>
    second(await first(outcome, request), request);

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsOf = (token: string): JsonObject =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
/** Changes the claims of both tokens of a login. */
const claims = (change: (claims: JsonObject) => JsonObject): Mutant['breaks'] =>
  json((body) =>
    Object.fromEntries(
      Object.entries(body).map(([name, token]) => {
        const [head, , signature] = String(token).split('.');
        return [name, `${head}.${encoded(change(claimsOf(String(token))))}.${signature}`];
      }),
    ),
  );
const seconds = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** A request with the tokens that the latest login has given. */
export function filled(short: Short, login: unknown): Short {
  const given = pointedTo(login as JsonObject | undefined, '/access_token');
  if (typeof given !== 'string' || short.fields === undefined) return short;
  const [head = '', body = '', signature = ''] = given.split('.');
  const forged = `${head}.${body}.${[...signature].reverse().join('')}`;
  return {
    ...short,
    fields: short.fields.map(([name, value]) => [
      name,
      value.replace('{token}', given).replace('{forged}', forged),
    ]),
  };
}

const stack = `TypeError: boom\n    at login (/srv/app/login.js:12:7)`;

export const mutants: readonly Mutant[] = [
  {
    check: 'message-framing',
    does: 'sends a shorter content than Content-Length says',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: (outcome) => ({
      ...outcome,
      faults: [
        {
          name: 'content-too-short',
          detail: 'Content-Length is 10, and 4 bytes came',
          section: 'RFC 9112, section 6.3',
        },
      ],
    }),
  },
  {
    check: 'no-response',
    does: 'closes the connection',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: failure('reset'),
  },
  {
    check: 'no-response',
    does: 'hangs',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: failure('timeout'),
  },
  {
    check: 'no-response',
    does: 'never ends',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: failure('endless'),
  },
  {
    check: 'no-response',
    does: 'says what is no HTTP',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: failure('malformed'),
  },
  {
    check: 'no-response',
    does: 'stops',
    contract: 'things',
    requests: [listThings, listThings],
    to: nth(1),
    breaks: failure('refused'),
  },
  {
    check: 'no-content-is-empty',
    does: 'sends content with 204',
    contract: 'xerial',
    requests: [endSession],
    to: always,
    breaks: response((came) => withContent(came, '{"message":"Logged out"}')),
  },
  {
    check: 'no-content-is-empty',
    does: 'sends Content-Length with 204',
    contract: 'xerial',
    requests: [endSession],
    to: always,
    breaks: fields({ 'Content-Length': '0' }),
  },
  {
    check: 'no-content-is-empty',
    does: 'sends content with 204, seen on the connection only',
    contract: 'xerial',
    requests: [endSession],
    to: always,
    breaks: (outcome) => ({
      ...outcome,
      faults: [
        {
          name: 'content-on-204',
          detail: 'After the head came 24 bytes',
          section: 'RFC 9110, section 15.3.5',
        },
      ],
    }),
  },
  {
    check: 'no-content-is-empty',
    does: 'answers HEAD with content',
    contract: 'matar',
    requests: [logIn, headUser],
    to: nth(1),
    breaks: response((came) => withContent(came, '{}')),
  },
  {
    check: 'json-well-formed',
    does: 'cuts the JSON short',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: text((whole) => whole.slice(0, -2)),
  },
  {
    check: 'json-well-formed',
    does: 'adds a comment',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: text((whole) => `${whole}<!-- 3 ms -->`),
  },
  {
    check: 'json-well-formed',
    does: 'begins with a byte-order mark',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: text((whole) => `\ufeff${whole}`),
  },
  {
    check: 'json-well-formed',
    does: 'names a member twice',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: text((whole) => whole.replace('"id":1', '"id":0,"\\u0069d":1')),
  },
  {
    check: 'json-well-formed',
    does: 'says that it is UTF-16',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: fields({ 'content-type': 'application/json; charset=utf-16le' }),
  },
  {
    check: 'json-well-formed',
    does: 'sends ISO 8859-1',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: response((came) =>
      withContent(came, Uint8Array.from(Buffer.from('[{"id":1,"name":"é"}]', 'latin1'))),
    ),
  },
  {
    check: 'json-well-formed',
    does: 'sends nothing as JSON',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: response((came) => withContent(came, undefined)),
  },
  {
    check: 'error-leak',
    does: 'tells a stack trace',
    contract: 'things',
    requests: [{ call: 'POST /things', body: {} }],
    to: always,
    breaks: answer(400, JSON.stringify({ error: stack })),
  },
  {
    check: 'error-leak',
    does: 'tells a statement of SQL',
    contract: 'things',
    requests: [{ call: 'POST /things', body: { name: '' } }],
    to: always,
    breaks: answer(400, JSON.stringify({ error: "INSERT INTO things (name) VALUES ('x')" })),
  },
  {
    check: 'error-leak',
    does: 'tells the key of its tokens',
    contract: 'matar',
    requests: [logIn, showUser],
    to: nth(1),
    breaks: fields({ 'X-Debug-Key': 'the key of the mock' }),
  },
  {
    check: 'error-leak',
    does: 'tells the one-time password',
    contract: 'matar',
    requests: [sendOtp, sendOtp],
    to: nth(1),
    breaks: json((body) => ({ ...body, otp: '48793' })),
    known: { secrets: ['48793'] },
  },
  {
    check: 'not-a-server-error',
    does: 'fails at data that it should refuse',
    contract: 'things',
    requests: [{ call: 'POST /things', body: { name: 7 } }],
    to: always,
    breaks: answer(500, '{"error":"Internal Server Error"}'),
  },
  {
    check: 'not-a-server-error',
    does: 'fails as is documented',
    contract: 'xerial',
    requests: [{ call: 'POST /api/auth/refresh-tokens', body: { refreshToken: 'x' } }],
    to: always,
    breaks: answer(500, '{"error":"Internal Server Error"}'),
  },
  {
    check: 'ignored-authentication',
    does: 'shows a secret to anybody',
    contract: 'things',
    requests: [{ call: 'GET /secret' }],
    to: always,
    breaks: answer(200, '{"ok":true}'),
  },
  {
    check: 'ignored-authentication',
    does: 'lets a revoked token log out',
    contract: 'matar',
    requests: [logIn, logOut, logOut],
    to: nth(2),
    breaks: answer(200, '{"message":"Successfully logged out"}'),
  },
  {
    check: 'ignored-authentication',
    does: 'does not check signatures',
    contract: 'matar',
    requests: [logIn, { call: 'POST /api/v1/logout', fields: bearer('{forged}') }],
    to: nth(1),
    breaks: answer(200, '{"message":"Successfully logged out"}'),
  },
  {
    check: 'ignored-authentication',
    does: 'asks for no token',
    contract: 'matar',
    requests: [{ call: 'POST /api/v1/logout' }],
    to: always,
    breaks: answer(200, '{"message":"Successfully logged out"}'),
  },
  {
    check: 'unsupported-method',
    does: 'logs out by GET',
    contract: 'xerial',
    requests: [{ call: 'GET /api/auth/logout' }],
    to: always,
    breaks: response(() => ({ status: 204, fields: [], content: undefined })),
  },
  {
    check: 'unsupported-method',
    does: 'takes a method that nobody documents',
    contract: 'things',
    requests: [{ call: 'DELETE /things' }],
    to: always,
    breaks: response(() => ({ status: 204, fields: [], content: undefined })),
  },
  {
    check: 'unsupported-method',
    does: 'leaves Allow out',
    contract: 'things',
    requests: [{ call: 'DELETE /things' }],
    to: always,
    breaks: fields({ allow: undefined }),
  },
  {
    check: 'unsupported-method',
    does: 'has no HEAD',
    contract: 'things',
    requests: [{ call: 'HEAD /things' }],
    to: always,
    breaks: response(() => ({ status: 405, fields: [['allow', 'GET']], content: undefined })),
  },
  {
    check: 'unsupported-method',
    does: 'echoes credentials by TRACE',
    contract: 'things',
    requests: [{ call: 'TRACE /secret', fields: bearer('good') }],
    to: always,
    breaks: () =>
      responded({
        status: 200,
        fields: [['content-type', 'message/http']],
        content: new TextEncoder().encode('TRACE /secret HTTP/1.1\r\nauthorization: Bearer good\r\n'),
      }),
  },
  {
    check: 'unsupported-media-type',
    does: 'takes JSON as text',
    contract: 'things',
    requests: [{ call: 'POST /things', body: '{"name":"a"}', fields: [['content-type', 'text/plain']] }],
    to: always,
    breaks: answer(201, '{"id":1,"name":"a"}'),
  },
  {
    check: 'unsupported-media-type',
    does: 'takes JSON as text where nobody promises 415',
    contract: 'xerial',
    requests: [
      {
        call: 'POST /api/auth/logout',
        body: '{"refreshToken":"unknown"}',
        fields: [['content-type', 'text/plain']],
      },
    ],
    to: always,
    breaks: response(() => ({ status: 204, fields: [], content: undefined })),
  },
  {
    check: 'negative-data-rejection',
    does: 'takes data without what is required',
    contract: 'things',
    requests: [{ call: 'POST /things', body: {} }],
    to: always,
    breaks: answer(201, '{"id":1,"name":"one"}'),
  },
  {
    check: 'negative-data-rejection',
    does: 'takes a parameter that is too small',
    contract: 'things',
    requests: [{ call: 'GET /things?limit=0' }],
    to: always,
    breaks: response(() => ({
      status: 200,
      fields: [
        ['content-type', 'application/json'],
        ['x-total', '0'],
      ],
      content: new TextEncoder().encode('[]'),
    })),
  },
  {
    check: 'negative-data-rejection',
    does: 'does not look at formats',
    contract: 'things',
    requests: [{ call: 'POST /things', body: { name: 'a', home: 'no uri' } }],
    to: always,
    breaks: answer(201, '{"id":1,"name":"one"}'),
  },
  {
    check: 'negative-data-rejection',
    does: 'takes data without what is only inferred to be required',
    contract: 'xerial',
    requests: [{ call: 'POST /api/auth/logout', body: {} }],
    to: always,
    breaks: response(() => ({ status: 204, fields: [], content: undefined })),
  },
  {
    check: 'head-mirrors-get',
    does: 'does not find by HEAD what it finds by GET',
    contract: 'things',
    requests: [listThings, { call: 'HEAD /things' }],
    to: nth(1),
    breaks: response(() => ({ status: 404, fields: [], content: undefined })),
  },
  {
    check: 'head-mirrors-get',
    does: 'says by HEAD that there is no content',
    contract: 'things',
    requests: [{ call: 'HEAD /things' }, listThings],
    to: nth(0),
    breaks: fields({ 'content-length': '0' }),
  },
  {
    check: 'head-mirrors-get',
    does: 'has another media type by HEAD',
    contract: 'things',
    requests: [listThings, { call: 'HEAD /things' }],
    to: nth(1),
    breaks: fields({ 'content-type': 'text/html' }),
  },
  {
    check: 'positive-data-acceptance',
    does: 'refuses the documented example',
    contract: 'things',
    requests: [{ call: 'POST /things', body: { name: 'one' } }],
    to: always,
    breaks: answer(400, '{"error":"no"}'),
  },
  {
    check: 'positive-data-acceptance',
    does: 'refuses valid data',
    contract: 'things',
    requests: [addThing],
    to: always,
    breaks: answer(400, '{"error":"no"}'),
  },
  {
    check: 'status-code-conformance',
    does: 'answers another success',
    contract: 'matar',
    requests: [sendOtp],
    to: always,
    breaks: status(201),
  },
  {
    check: 'status-code-conformance',
    does: 'sends the client elsewhere',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: response(() => ({
      status: 307,
      fields: [['location', 'http://elsewhere.invalid/things']],
      content: undefined,
    })),
  },
  {
    check: 'status-code-conformance',
    does: 'refuses with a status that nobody documents',
    contract: 'xerial',
    requests: [{ call: 'POST /api/auth/logout', body: {} }],
    to: always,
    breaks: answer(400, '{"code":400}'),
  },
  {
    check: 'status-code-conformance',
    does: 'has a path that nobody documents',
    contract: 'things',
    requests: [{ call: 'GET /other' }],
    to: always,
    breaks: answer(200, 'Hello', 'text/plain'),
  },
  {
    check: 'content-type-conformance',
    does: 'calls JSON HTML',
    contract: 'matar',
    requests: [wrongOtp],
    to: always,
    breaks: fields({ 'content-type': 'text/html' }),
  },
  {
    check: 'content-type-conformance',
    does: 'does not say what it sends',
    contract: 'matar',
    requests: [sendOtp],
    to: always,
    breaks: fields({ 'content-type': undefined }),
  },
  {
    check: 'content-type-conformance',
    does: 'sends nothing',
    contract: 'matar',
    requests: [sendOtp],
    to: always,
    breaks: response((came) => withContent(withFields(came, { 'content-type': undefined }), undefined)),
  },
  {
    check: 'content-type-conformance',
    does: 'uses a documented status for a page of its own',
    contract: 'matar',
    requests: [{ call: 'POST /api/v1/login', body: {} }],
    to: always,
    breaks: answer(400, '<h1>Bad Request</h1>', 'text/html'),
  },
  {
    check: 'response-headers-conformance',
    does: 'leaves a header out',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: fields({ 'x-total': undefined }),
  },
  {
    check: 'response-headers-conformance',
    does: 'counts in words',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: fields({ 'x-total': 'many' }),
  },
  {
    check: 'response-schema-conformance',
    does: 'sends a number as text',
    contract: 'things',
    requests: [addThing],
    to: always,
    breaks: json((body) => ({ ...body, id: '1' })),
  },
  {
    check: 'response-schema-conformance',
    does: 'leaves a member out',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: answer(200, '[{"id":1}]'),
  },
  {
    check: 'response-schema-conformance',
    does: 'sends a member that nobody describes',
    contract: 'things',
    requests: [addThing],
    to: always,
    breaks: json((body) => ({ ...body, extra: true })),
  },
  {
    check: 'response-schema-conformance',
    does: 'breaks what is documented beside what is only inferred',
    contract: 'xerial',
    requests: [{ ...endSession, call: 'POST /api/auth/refresh-tokens' }],
    to: always,
    breaks: json((body) => ({ ...body, access: { token: 'a', expires: 7 } })),
  },
  {
    check: 'token-conformance',
    does: 'gives a token that is no JWT',
    contract: 'matar',
    requests: [logIn],
    to: always,
    breaks: json((body) => ({ ...body, access_token: 'opaque' })),
  },
  {
    check: 'token-conformance',
    does: 'counts in milliseconds',
    contract: 'matar',
    requests: [logIn],
    to: always,
    breaks: claims((each) => ({ ...each, exp: seconds(each.exp) * 1000 })),
  },
  {
    check: 'token-conformance',
    does: 'gives tokens for a quarter of an hour',
    contract: 'matar',
    requests: [logIn],
    to: always,
    breaks: claims((each) => ({ ...each, exp: seconds(each.iat) + 900 })),
  },
  {
    check: 'token-conformance',
    does: 'gives both tokens one jti',
    contract: 'matar',
    requests: [logIn],
    to: always,
    breaks: claims((each) => ({ ...each, jti: '00000000-0000-4000-8000-000000000000' })),
  },
  {
    check: 'token-conformance',
    does: 'says an hour ago',
    contract: 'matar',
    requests: [logIn],
    to: always,
    breaks: both(
      claims((each) => ({
        ...each,
        iat: seconds(each.iat) - 3600,
        nbf: seconds(each.nbf) - 3600,
        exp: seconds(each.exp) - 3600,
      })),
      (outcome, request) => fields({ date: new Date().toUTCString() })(outcome, request), // when it is asked, not when this is read
    ),
  },
  {
    check: 'token-conformance',
    does: 'leaves a claim out',
    contract: 'matar',
    requests: [logIn],
    to: always,
    breaks: claims(({ fresh, ...others }) => others),
  },
  {
    check: 'token-conformance',
    does: 'gives one token twice',
    contract: 'matar',
    requests: [logIn],
    to: always,
    breaks: json((body) => ({ ...body, refresh_token: body.access_token })),
  },
  {
    check: 'credentials-not-cached',
    does: 'lets anybody keep what one may see',
    contract: 'things',
    requests: [secret],
    to: always,
    breaks: fields({ 'cache-control': 'public, max-age=60' }),
  },
  {
    check: 'credentials-not-cached',
    does: 'lets tokens be kept',
    contract: 'matar',
    requests: [logIn],
    to: always,
    breaks: fields({ 'cache-control': 'max-age=600' }),
  },
  {
    check: 'credentials-not-cached',
    does: 'lets an OAuth token be kept',
    contract: 'things',
    requests: [{ call: 'POST /token' }],
    to: always,
    breaks: fields({ 'cache-control': undefined }),
  },
  {
    check: 'documented-example',
    does: 'says it in other words',
    contract: 'matar',
    requests: [sendOtp],
    to: always,
    breaks: json(() => ({ message: 'otp sent' })),
  },
  {
    check: 'documented-example',
    does: 'says more than is documented',
    contract: 'matar',
    requests: [sendOtp],
    to: always,
    breaks: json((body) => ({ ...body, status: 'ok' })),
  },
  {
    check: 'state-conformance',
    does: 'does not log out',
    contract: 'matar',
    requests: [logIn, logOut, showUser],
    to: nth(2),
    breaks: answer(
      200,
      '{"_id":"39501T","image_url":null,"language":"hi-IN","name":"Sri","phone_number":"917254326789","roles":{"default":["129487316"]}}',
    ),
  },
  {
    check: 'state-conformance',
    does: 'takes any one-time password',
    contract: 'matar',
    requests: [sendOtp, wrongOtp],
    to: nth(1),
    breaks: answer(200, '{"message":"sent otp"}'),
  },
  {
    check: 'challenge-present',
    does: 'does not say how to authenticate',
    contract: 'things',
    requests: [{ call: 'GET /secret' }, { call: 'GET /secret' }],
    to: always,
    breaks: fields({ 'www-authenticate': undefined }),
  },
  {
    check: 'stability',
    does: 'now finds the things, now does not',
    contract: 'things',
    requests: [listThings, listThings, listThings],
    to: nth(1),
    breaks: answer(404, '{}', 'application/problem+json'),
  },
  {
    check: 'response-time',
    does: 'takes its time',
    contract: 'things',
    requests: [listThings],
    to: always,
    breaks: (outcome) => outcome,
    known: { milliseconds: 2000 },
    settings: { responseTime: 1000 },
  },
];
