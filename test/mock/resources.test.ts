/** A document without rules: what is created below the paths of a resource is kept, listed, replaced, changed and deleted. */

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import { isObject, type Json } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import { contractOf } from '../openapi/folders.js';

const file = fileURLToPath(new URL('../conformance/documents/blog.yaml', import.meta.url));
const blog = await loadContract(file);

type Call = (
  method: string,
  path: string,
  body?: Json,
) => Promise<{ status: number; body: Json | undefined }>;

function client(contract = blog): Call {
  const mock = createMock(contract, { seed: 1 });
  return async (method, path, body) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json' };
    const response = await mock.request(path, { method, headers, ...content });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
}

const member = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) ? value[name] : undefined;

describe('what is created', () => {
  test('is read as it was answered, with what was sent', async () => {
    const call = client();
    const made = await call('POST', '/users', { name: 'Meera', password: 'secret' });
    expect(made.body).toMatchObject({ name: 'Meera', role: 'reader' });
    expect(made.body).not.toHaveProperty('password');
    const read = await call('GET', `/users/${member(made.body, 'id')}`);
    expect(read).toEqual({ status: 200, body: made.body });
  });

  test('has an id of its own each time', async () => {
    const call = client();
    const made = [];
    for (let time = 0; time < 5; time += 1)
      made.push(member((await call('POST', '/users', { name: 'A' })).body, 'id'));
    expect(new Set(made).size).toBe(5);
    const posts = [];
    for (let time = 0; time < 5; time += 1)
      posts.push(member((await call('POST', '/users/1/posts', { title: 'A' })).body, 'postId'));
    expect(new Set(posts).size).toBe(5);
    expect(posts.every((id) => /^p-[a-z0-9]{4}$/.test(String(id)))).toBe(true);
  });

  test('is listed after the examples of the document, page by page, and counted', async () => {
    const call = client();
    const { body } = await call('POST', '/users', { name: 'Meera', role: 'admin' });
    const first = await call('GET', '/users');
    expect(first.body).toMatchObject({ data: [{ id: 41 }, { id: 42 }], total: 3 });
    expect((await call('GET', '/users?page=2')).body).toEqual({ data: [body], total: 3 });
    expect((await call('GET', '/users?role=admin')).body).toMatchObject({
      data: [{ id: 41 }, { id: member(body, 'id') }],
      total: 2,
    });
  });

  test('is replaced: what is not sent again is no longer there', async () => {
    const call = client();
    const id = member((await call('POST', '/users', { name: 'Meera', role: 'admin' })).body, 'id');
    expect((await call('PUT', `/users/${id}`, { name: 'Mira' })).status).toBe(204);
    expect((await call('GET', `/users/${id}`)).body).toEqual({ id, name: 'Mira' });
  });

  test('is changed member by member', async () => {
    const call = client();
    const made = await call('POST', '/users/1/posts', { title: 'One', tags: ['a'] });
    const path = `/users/1/posts/${member(made.body, 'postId')}`;
    const changed = await call('PATCH', path, { title: 'Two' });
    expect(changed).toEqual({
      status: 200,
      body: { ...(isObject(made.body) ? made.body : {}), title: 'Two' },
    });
    expect((await call('GET', path)).body).toEqual(changed.body);
  });

  test('is deleted once, and then gone from everywhere', async () => {
    const call = client();
    const id = member((await call('POST', '/users', { name: 'Meera' })).body, 'id');
    expect((await call('DELETE', `/users/${id}`)).body).toMatchObject({ id, name: 'Meera' });
    expect((await call('DELETE', `/users/${id}`)).status).toBe(404);
    expect((await call('GET', `/users/${id}`)).status).toBe(404);
    expect((await call('PUT', `/users/${id}`, { name: 'A' })).status).toBe(404);
    expect((await call('GET', '/users')).body).toMatchObject({ total: 2 });
  });

  test('belongs to whom it was created for', async () => {
    const call = client();
    const user = member((await call('POST', '/users', { name: 'Meera' })).body, 'id');
    const made = await call('POST', `/users/${user}/posts`, { title: 'One' });
    expect(made.body).toMatchObject({ userId: user, title: 'One' });
    expect((await call('GET', `/users/${user}/posts`)).body).toEqual([made.body]);
    expect((await call('GET', '/users/77/posts')).body).toEqual([]);
  });
});

describe('what nobody has created', () => {
  test('is the documented example, where it shows that id', async () => {
    expect(await client()('GET', '/users/42')).toEqual({ status: 200, body: { id: 42, name: 'Ravi' } });
  });

  test('is there under any other id, as without rules', async () => {
    const { status, body } = await client()('GET', '/users/900');
    expect([status, member(body, 'id')]).toEqual([200, 900]);
  });

  test('is gone when it was deleted, and there when it was put', async () => {
    const call = client();
    await call('DELETE', '/users/42');
    expect((await call('GET', '/users/42')).status).toBe(404);
    expect((await call('PUT', '/users/900', { name: 'Nine' })).status).toBe(201);
    expect((await call('GET', '/users/900')).body).toMatchObject({ id: 900, name: 'Nine' });
    expect((await call('GET', '/users')).body).toMatchObject({ total: 2 });
  });
});

describe('what a rule would put into an answer that its schema refuses', () => {
  const orders = `
openapi: 3.1.0
info: { title: Orders, version: '1' }
paths:
  /orders:
    get:
      responses:
        '200':
          description: All.
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Order' } }
              example: [{ number: A-100, note: 7, paid: true }]
    post:
      requestBody:
        content:
          application/json:
            schema: { type: object, properties: { note: { type: [string, 'null'] }, paid: { type: [boolean, 'null'] } } }
      responses: { '201': { $ref: '#/components/responses/One' } }
  /orders/{number}:
    parameters: [{ name: number, in: path, required: true, schema: { type: string } }]
    get:
      responses: { '200': { $ref: '#/components/responses/One' } }
components:
  responses:
    One: { description: One., content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
  schemas:
    Order:
      type: object
      required: [number, note, paid]
      properties:
        number: { type: string, pattern: '^[A-Z]-[0-9]{3}$' }
        note: { type: string }
        paid: { type: boolean }
`;
  const conforming = {
    number: expect.stringMatching(/^[A-Z]-[0-9]{3}$/),
    note: expect.any(String),
    paid: expect.any(Boolean),
  };

  test('is what stands in the path: another is made', async () => {
    const call = client(await contractOf({ 'openapi.yaml': orders }));
    expect(await call('GET', '/orders/none')).toEqual({ status: 200, body: conforming });
    expect((await call('GET', '/orders/B-200')).body).toEqual({ ...conforming, number: 'B-200' });
  });

  test('is a null of the request: what was made stays, beside what was sent and fits', async () => {
    const call = client(await contractOf({ 'openapi.yaml': orders }));
    const made = await call('POST', '/orders', { note: 'Later', paid: null });
    expect(made).toEqual({ status: 201, body: { ...conforming, note: 'Later' } });
    expect((await call('GET', `/orders/${member(made.body, 'number')}`)).body).toEqual(made.body);
  });

  test('is the example of something that breaks its schema', async () => {
    const call = client(await contractOf({ 'openapi.yaml': orders }));
    expect((await call('GET', '/orders')).body).toEqual([{ ...conforming, number: 'A-100', paid: true }]);
    expect((await call('GET', '/orders/A-100')).body).toEqual({
      ...conforming,
      number: 'A-100',
      paid: true,
    });
  });
});

test('nothing is kept without inferred rules', async () => {
  const call = client(await loadContract(file, { inferredRules: false }));
  await call('DELETE', '/users/42');
  expect((await call('GET', '/users/42')).status).toBe(200);
  expect((await call('GET', '/users')).body).toMatchObject({ total: 2 });
});

test('a reset forgets what was created', async () => {
  const mock = createMock(blog, { seed: 1 });
  await mock.request('/users/42', { method: 'DELETE' });
  mock.reset();
  expect((await mock.request('/users/42')).status).toBe(200);
});

describe('what stands in an envelope', () => {
  const tickets = async (): Promise<Call> =>
    client(
      await loadContract(fileURLToPath(new URL('../conformance/documents/tickets.yaml', import.meta.url))),
    );

  test('is created from one, and read, replaced and deleted in one', async () => {
    const call = await tickets();
    const made = await call('POST', '/tickets', { ticket: { subject: 'Rain', state: 'open' } });
    expect(made).toMatchObject({
      status: 201,
      body: { success: true, data: { subject: 'Rain', state: 'open' } },
    });
    const path = `/tickets/${member(member(made.body, 'data'), 'id')}`;
    expect(await call('GET', path)).toEqual({ status: 200, body: made.body });
    const replaced = await call('PUT', path, { ticket: { subject: 'Sun', state: 'closed' } });
    expect(replaced.body).toMatchObject({ success: true, data: { subject: 'Sun', state: 'closed' } });
    expect((await call('GET', path)).body).toEqual(replaced.body);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
  });

  test('is listed page by page, as far as a parameter asks for it', async () => {
    const call = await tickets();
    for (const state of ['open', 'closed', 'open'])
      await call('POST', '/tickets', { ticket: { subject: state, state } });
    const states = async (query: string): Promise<Json> => {
      const { body } = await call('GET', `/tickets${query}`);
      const data = member(body, 'data');
      return (Array.isArray(data) ? data : []).map((each: Json) => member(each, 'state') ?? null);
    };
    expect(await states('')).toEqual(['open', 'closed', 'open']);
    expect(await states('?state=closed')).toEqual(['closed']);
    expect(await states('?per_page=2&page=2')).toEqual(['open']);
  });
});

describe('what only PUT creates', () => {
  const note =
    '{ type: object, required: [key, text], properties: { key: { type: string }, text: { type: string } } }';
  const answer = `'200': { description: It., content: { application/json: { schema: ${note} } } }`;
  const document = `openapi: 3.1.0
info: { title: Notes, version: '1' }
paths:
  /notes:
    get: { responses: { '200': { description: Some., content: { application/json: { schema: { type: array, items: ${note} } } } } } }
  /notes/{key}:
    parameters: [{ name: key, in: path, required: true, schema: { type: string } }]
    get: { responses: { ${answer}, '404': { description: None. } } }
    put:
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [text], properties: { text: { type: string } } } } } }
      responses: { ${answer} }
    delete: { responses: { '204': { description: Gone. }, '404': { description: None. } } }
`;

  test('is read, listed, replaced and deleted by its key', async () => {
    const call = client(await contractOf({ 'openapi.yaml': document }));
    const made = { key: 'rain', text: 'It rains.' };
    expect(await call('PUT', '/notes/rain', { text: 'It rains.' })).toEqual({ status: 200, body: made });
    expect((await call('GET', '/notes/rain')).body).toEqual(made);
    expect((await call('GET', '/notes')).body).toEqual([made]);
    const changed = { key: 'rain', text: 'No longer.' };
    expect((await call('PUT', '/notes/rain', { text: 'No longer.' })).body).toEqual(changed);
    expect((await call('GET', '/notes/rain')).body).toEqual(changed);
    expect((await call('DELETE', '/notes/rain')).status).toBe(204);
    expect((await call('GET', '/notes/rain')).status).toBe(404);
  });
});
