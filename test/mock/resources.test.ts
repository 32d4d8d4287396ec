/** A document without rules: what is created below the paths of a resource is kept, listed, replaced, changed and deleted. */

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import { isObject, type Json } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';

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
