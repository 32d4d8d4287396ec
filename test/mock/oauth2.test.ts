/** Tokens of OAuth 2.0: given out where a contract says that they are, when no operation stands there. */

import { describe, expect, test } from 'vitest';
import { createMock, type Mock } from '../../mock/index.js';
import type { Contract, JsonObject } from '../../openapi/index.js';
import { asObject } from '../../openapi/json.js';
import { contractOf, done } from './contracts.js';

const scopes = { 'pets:read': 'Read.', 'pets:write': 'Write.' };
const tokenUrl = 'https://auth.example.com/oauth/token';

const api = (flows: JsonObject, more: JsonObject = {}): Promise<Contract> =>
  contractOf('shop', {
    servers: [{ url: 'https://api.example.com/v1' }],
    security: [{ oauth: [] }],
    components: { securitySchemes: { oauth: { type: 'oauth2', flows } } },
    paths: { '/pets': { get: { responses: { 200: done } } } },
    ...more,
  });

const all = await api({
  clientCredentials: { tokenUrl, scopes },
  password: { tokenUrl, scopes },
  authorizationCode: { tokenUrl, authorizationUrl: '/oauth/authorize', refreshUrl: '/v1/refresh', scopes },
});

const mockOf = (contract: Contract = all): Mock => createMock(contract, { seed: 1 });

const basic = { authorization: 'Basic YTpi' };

function ask(mock: Mock, form: string | null, headers: Record<string, string> = {}): Promise<Response> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  };
  return Promise.resolve(mock.request('/oauth/token', { ...init, body: form }));
}

async function tokenOf(answer: Response): Promise<JsonObject> {
  return asObject(JSON.parse(await answer.text()));
}

describe('a token', () => {
  test.each<[what: string, form: string, headers: Record<string, string>, hasRefresh: boolean]>([
    ['client credentials in Authorization', 'grant_type=client_credentials', basic, false],
    [
      'client credentials in the content',
      'grant_type=client_credentials&client_id=a&client_secret=b',
      {},
      false,
    ],
    ['a password', 'grant_type=password&username=a&password=b', {}, true],
    ['a code', 'grant_type=authorization_code&code=c&redirect_uri=http://x/', {}, true],
    ['a refresh token', 'grant_type=refresh_token&refresh_token=r', {}, true],
  ])('is given for %s, and lets its bearer in', async (_, form, headers, hasRefresh) => {
    const mock = mockOf();
    const answer = await ask(mock, form, headers);
    expect(answer.status).toBe(200);
    expect([answer.headers.get('cache-control'), answer.headers.get('pragma')]).toEqual([
      'no-store',
      'no-cache',
    ]);
    const token = await tokenOf(answer);
    expect(token).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      access_token: expect.stringMatching(/^\S{32,}$/),
    });
    expect('refresh_token' in token).toBe(hasRefresh);
    expect((await mock.request('/v1/pets')).status).toBe(401);
    const authorization = `Bearer ${token.access_token}`;
    expect((await mock.request('/v1/pets', { headers: { authorization } })).status).toBe(200);
  });

  test('has the scope that was asked for, and is another each time', async () => {
    const mock = mockOf();
    const form = 'grant_type=client_credentials&scope=pets:read%20pets:write';
    const one = await tokenOf(await ask(mock, form, basic));
    const two = await tokenOf(await ask(mock, form, basic));
    expect(one.scope).toBe('pets:read pets:write');
    expect(one.access_token).not.toBe(two.access_token);
  });

  test('may be asked for with JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await ask(mockOf(), '{"grant_type":"password","username":"a","password":"b"}', headers);
    expect(answer.status).toBe(200);
  });

  test.each<[what: string, form: string | null, error: string, status: number]>([
    ['nothing', null, 'invalid_request', 400],
    ['no grant', 'client_id=a', 'invalid_request', 400],
    ['another grant', 'grant_type=urn:x', 'unsupported_grant_type', 400],
    ['no client', 'grant_type=client_credentials', 'invalid_client', 401],
    ['half a client', 'grant_type=client_credentials&client_id=a', 'invalid_client', 401],
    ['no password', 'grant_type=password&username=a', 'invalid_request', 400],
    ['no code', 'grant_type=authorization_code', 'invalid_request', 400],
    ['an unknown scope', 'grant_type=password&username=a&password=b&scope=root', 'invalid_scope', 400],
  ])('is refused for %s', async (_, form, error, status) => {
    const answer = await ask(mockOf(), form);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/json']);
    expect(answer.headers.has('www-authenticate')).toBe(status === 401);
    expect(await answer.json()).toEqual({ error, error_description: expect.stringMatching(/\.$/) });
  });

  test('is asked for with POST alone', async () => {
    const answer = await mockOf().request('/oauth/token');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('stands in the journal as one', async () => {
    const mock = mockOf();
    await ask(mock, 'grant_type=client_credentials', basic);
    expect(mock.journal.list()).toMatchObject([{ decision: { step: 'token', api: 'shop' } }]);
  });
});

describe('a token endpoint', () => {
  test.each<[what: string, url: string, path: string]>([
    ['of another server', tokenUrl, '/oauth/token'],
    ['relative to the root', '/oauth/token', '/oauth/token'],
    ['that is the refresh URL', '/v1/refresh', '/v1/refresh'],
  ])('%s is served at its path', async (_, url, path) => {
    const contract = await api({ password: { tokenUrl: url, scopes } });
    expect(contract.securitySchemes).toHaveLength(1);
    expect(mockOf(contract).apis()[0]?.oauth).toMatchObject([{ kind: 'token', path }]);
  });

  test('gives the grants of its own flows alone', async () => {
    const mock = mockOf(await api({ clientCredentials: { tokenUrl, scopes } }));
    expect((await ask(mock, 'grant_type=password&username=a&password=b')).status).toBe(400);
    expect((await ask(mock, 'grant_type=client_credentials', basic)).status).toBe(200);
  });

  test('is the operation where the contract has one', async () => {
    const paths = { '/oauth/token': { post: { security: [], responses: { 200: done } } } };
    const mock = mockOf(await api({ clientCredentials: { tokenUrl, scopes } }, { servers: [], paths }));
    expect(await (await ask(mock, null)).json()).toEqual({ done: true });
  });

  test('is not there for a scheme with rules, which say which token is good', async () => {
    const rule = { name: 'unknown', guard: [{ absent: '$credential' }], response: '401' };
    const oauth = {
      type: 'oauth2',
      flows: { clientCredentials: { tokenUrl, scopes } },
      'x-transitions': [rule],
    };
    const responses = { 200: done, 401: { description: 'Refused.' } };
    const contract = await api(
      {},
      { components: { securitySchemes: { oauth } }, paths: { '/pets': { get: { responses } } } },
    );
    expect((await ask(mockOf(contract), 'grant_type=client_credentials', basic)).status).toBe(404);
  });
});

describe('the page that asks the user', () => {
  const authorize = async (query: string): Promise<Response> => mockOf().request(`/oauth/authorize?${query}`);

  test('sends back at once with a code and the state', async () => {
    const answer = await authorize('response_type=code&redirect_uri=http://app.example/back?x=1&state=s%201');
    expect(answer.status).toBe(302);
    const back = new URL(answer.headers.get('location') ?? '');
    expect(`${back.origin}${back.pathname}`).toBe('http://app.example/back');
    expect([back.searchParams.get('x'), back.searchParams.get('state')]).toEqual(['1', 's 1']);
    expect(back.searchParams.get('code')).toMatch(/^\S{16,}$/);
  });

  test('sends back with a token in the fragment where that is asked for', async () => {
    const answer = await authorize('response_type=token&redirect_uri=http://app.example/');
    expect(answer.headers.get('location')).toMatch(
      /^http:\/\/app\.example\/#access_token=\w{32,}&token_type=Bearer/,
    );
  });

  test.each([
    ['response_type=code', 400, null],
    [
      'response_type=other&redirect_uri=http://app.example/',
      302,
      'http://app.example/?error=unsupported_response_type',
    ],
  ])('refuses %s', async (query, status, location) => {
    const answer = await authorize(query);
    expect([answer.status, answer.headers.get('location')]).toEqual([status, location]);
  });
});
