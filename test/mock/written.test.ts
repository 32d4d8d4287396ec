/** What stays the same is made and kept once, and never outlives what it shows. */

import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMock, listen, type Mock, type MockOptions } from '../../mock/index.js';
import { loadContract } from '../../openapi/load.js';
import { matar } from './contracts.js';

const file = fileURLToPath(new URL('../conformance/documents/blog.yaml', import.meta.url));
const blog = await loadContract(file);

async function served(mock: Mock): Promise<string> {
  const { url, close } = await listen(mock, { port: 0 });
  onTestFinished(close);
  return url;
}

const journalOf = (mock: Mock) => mock.journal.list();
const refused = (url: string, headers: Readonly<Record<string, string>>) =>
  fetch(`${url}/api/v1/logout`, { method: 'POST', headers });

describe('a documented answer', () => {
  test('has the same bytes each time, which the journal keeps once', async () => {
    const mock = createMock(matar, { seed: 1 });
    const url = await served(mock);
    const texts = await Promise.all([1, 2].map(async () => (await refused(url, {})).text()));
    expect(texts[0]).toBe(texts[1]);
    const [first, second] = journalOf(mock).map(({ response }) => response.content);
    expect(first).toBeDefined();
    expect(first).toBe(second);
  });

  test('is asked for anew by Prefer: dynamic=true', async () => {
    const mock = createMock(blog, { seed: 1 });
    const titles = async (prefer: string): Promise<readonly string[]> =>
      Promise.all([1, 2].map(async () => (await mock.request('/users/7', { headers: { prefer } })).text()));
    const [one, again] = await titles('');
    expect(again).toBe(one);
    const [made, other] = await titles('dynamic=true');
    expect(made).not.toBe(other);
  });

  test('is written in the media type and with the status that each asks for', async () => {
    const mock = createMock(matar, { seed: 1 });
    const statusOf = async (code: string): Promise<number> =>
      (await mock.request('/api/v1/logout', { method: 'POST', headers: { prefer: `code=${code}` } })).status;
    expect(await statusOf('401')).toBe(401);
    expect(await statusOf('200')).toBe(401); // a success needs its token, whatever was written before
    expect(await statusOf('401')).toBe(401);
  });
});

describe('a record that is shown', () => {
  test('is shown as it is now, however often it was shown before', async () => {
    const mock = createMock(blog, { seed: 1 });
    const send = (method: string, path: string, body?: object): Promise<Response> =>
      Promise.resolve(
        mock.request(path, {
          method,
          headers: { 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    const made = await (await send('POST', '/users', { name: 'Meera', password: 'x' })).text();
    const path = `/users/${JSON.parse(made).id}`;
    const shown = async (): Promise<unknown> => (await send('GET', path)).json();
    expect(await shown()).toMatchObject({ name: 'Meera' });
    expect(await shown()).toMatchObject({ name: 'Meera' });
    expect((await send('PUT', path, { name: 'Asha', password: 'x' })).status).toBe(204);
    expect(await shown()).toMatchObject({ name: 'Asha' });
    await mock.request('/__counterfoil/reset', { method: 'POST' });
    expect(await shown()).not.toMatchObject({ name: 'Asha' });
  });
});

describe('field lines', () => {
  test('are each request’s own, and those that are as before are kept once', async () => {
    const mock = createMock(matar, { seed: 1 });
    const url = await served(mock);
    const same = { 'x-client': 'a client', authorization: 'Bearer one' };
    for (const headers of [same, same, { ...same, authorization: 'Bearer two' }]) await refused(url, headers);
    const [first, second, third] = journalOf(mock).map(({ request }) => request.fields);
    const line = (fields: typeof first, name: string) => fields?.find(([own]) => own.toLowerCase() === name);
    expect(line(first, 'authorization')).toEqual(['authorization', 'Bearer one']);
    expect(line(third, 'authorization')).toEqual(['authorization', 'Bearer two']);
    expect(second).toBe(first);
    expect(line(third, 'x-client')).toBe(line(first, 'x-client'));
  });
});

describe('answers with CORS', () => {
  const asked = async (options: MockOptions, init: RequestInit): Promise<Headers> => {
    const url = await served(createMock(matar, { seed: 1, ...options }));
    return (await fetch(`${url}/api/v1/logout`, { method: 'POST', ...init })).headers;
  };
  const origin = 'https://app.example';

  test('may be read by any page, or by those of the origins that are named', async () => {
    expect((await asked({ cors: true }, {})).get('access-control-allow-origin')).toBe('*');
    const named = await asked({ cors: [origin] }, { headers: { origin } });
    expect(named.get('access-control-allow-origin')).toBe(origin);
    expect(named.get('vary')).toBe('Origin');
    expect(named.get('access-control-expose-headers')).toContain('WWW-Authenticate');
    const other = await asked({ cors: [origin] }, { headers: { origin: 'https://other.example' } });
    expect(other.get('access-control-allow-origin')).toBeNull();
  });

  test('answer a preflight, and no other OPTIONS', async () => {
    const preflight = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-a',
    };
    const headers = await asked({ cors: true }, { method: 'OPTIONS', headers: preflight });
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-headers')).toBe('x-a');
    const plain = await asked({ cors: true }, { method: 'OPTIONS', headers: { origin } });
    expect(plain.get('access-control-allow-methods')).toBeNull();
    expect(plain.get('access-control-allow-origin')).toBe('*');
  });
});
