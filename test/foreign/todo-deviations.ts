/** What is broken about the to-dos, one thing a row, and how the check finds it. */

import { isObject } from '../../openapi/json.js';
import type { Row } from './deviations.js';
import { answerOf, change, jsonOf, write } from './planted.js';

const isOne = (path: string, of: string): boolean => new RegExp(`^/${of}/[^/?]+$`).test(path);
const isAll = (path: string, of: string): boolean => new RegExp(`^/${of}(?:\\?|$)`).test(path);
const idOf = (path: string): string => path.split('?')[0]?.split('/').at(-1) ?? '';
const rightToken = { authorization: 'Bearer todo-5f1c9a' };

/** What is wrong with messages, and with who is let in. */
export const todoMessages: readonly Row[] = [
  {
    id: 'a member has another type',
    deviation: () => ({
      after(answer, { method, path }) {
        const all = jsonOf(answer);
        if (method !== 'HEAD' && isAll(path, 'users') && Array.isArray(all))
          write(
            answer,
            all.map((each) => (isObject(each) ? { ...each, id: String(each.id) } : each)),
          );
      },
    }),
    found: /^error response-schema-conformance GET \/users: .*integer/,
    calls: 1,
  },
  {
    id: 'a status that nobody documents',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'GET' && isOne(path, 'users') && answer.status === 404) answer.status = 410;
      },
    }),
    found: /^(error|note) status-code-conformance GET \/users\/\{id\}: answered 410/,
    calls: 1,
  },
  {
    id: 'a field that is required is missing',
    deviation: () => ({
      after(answer, { path }) {
        if (isAll(path, 'lists')) delete answer.fields.location;
      },
    }),
    found: /^error response-headers-conformance POST \/lists: the header Location is missing/,
    calls: 1,
  },
  {
    id: 'a request without a token is let in',
    deviation: () => ({
      before(sent) {
        if (sent.method === 'GET' && isAll(sent.path, 'users') && sent.fields.authorization === undefined)
          Object.assign(sent.fields, rightToken);
        return undefined;
      },
    }),
    found: /^error ignored-authentication GET \/users: a request without a credential succeeds/,
    calls: 1,
  },
  {
    id: 'any token is let in',
    deviation: () => ({
      before(sent) {
        if (
          sent.method === 'DELETE' &&
          isOne(sent.path, 'todos') &&
          /^Bearer \S+$/.test(sent.fields.authorization ?? '')
        )
          Object.assign(sent.fields, rightToken);
        return undefined;
      },
    }),
    found:
      /^error ignored-authentication DELETE \/todos\/\{id\}: a request with a credential that nobody was given/,
    calls: 2,
    also: [/^note ignored-authentication DELETE \/todos\/\{id\}: a request with a refused credential/],
  },
  {
    id: 'a body is taken that is longer than described',
    deviation: () => ({
      before(sent, behind) {
        const value = jsonOf(sent);
        if (sent.method !== 'POST' || !isAll(sent.path, 'lists') || !isObject(value)) return undefined;
        if (typeof value.name !== 'string' || [...value.name].length <= 60) return undefined;
        const cut = [...value.name].slice(0, 60).join('');
        return behind({ ...sent, content: Buffer.from(JSON.stringify({ ...value, name: cut })) });
      },
    }),
    found: /^error negative-data-rejection POST \/lists: .*body \/name must not have more than 60/,
    calls: 1,
  },
  {
    id: 'a body is taken without a member that is required',
    deviation: () => ({
      before(sent, behind) {
        const value = jsonOf(sent);
        if (sent.method !== 'POST' || !isAll(sent.path, 'todos') || !isObject(value)) return undefined;
        if (value.done !== undefined) return undefined;
        return behind({ ...sent, content: Buffer.from(JSON.stringify({ ...value, done: false })) });
      },
    }),
    found: /^error negative-data-rejection POST \/todos: .*done is required/,
    calls: 1,
  },
  {
    id: '500 at the end of a range',
    deviation: () => ({
      before(sent) {
        const value = jsonOf(sent);
        const isEnd =
          sent.method === 'PUT' && isOne(sent.path, 'todos') && isObject(value) && value.priority === 5;
        return isEnd ? answerOf(500, { message: 'oh' }) : undefined;
      },
    }),
    found: /^error not-a-server-error PUT \/todos\/\{id\}: answered 500/,
    calls: 2,
  },
  {
    id: 'a parameter is not looked at',
    deviation: () => ({
      before(sent) {
        const done = new URLSearchParams(sent.path.split('?')[1] ?? '').get('done');
        if (
          sent.method === 'GET' &&
          isAll(sent.path, 'todos') &&
          done !== null &&
          !/^(true|false)$/.test(done)
        )
          sent.path = '/todos';
        return undefined;
      },
    }),
    found: /^error negative-data-rejection GET \/todos: .*query \/done must be of type boolean/,
    calls: 1,
  },
  {
    id: '405 without Allow',
    deviation: () => ({
      after(answer) {
        if (answer.status === 405) delete answer.fields.allow;
      },
    }),
    found: /^note unsupported-method .*405 comes without the field Allow/,
    calls: 1,
  },
  {
    id: 'a time that nobody asked to be shorter',
    deviation: () => ({
      async after(_, { method, path }) {
        if (method === 'DELETE' && isOne(path, 'lists'))
          await new Promise((resolve) => setTimeout(resolve, 30));
      },
    }),
    found: 'how long an answer may take is said with --response-time, and nothing else says it',
    calls: 1,
  },
  {
    id: 'content of another media type is taken',
    deviation: () => ({
      before(sent) {
        if (
          sent.method === 'POST' &&
          isAll(sent.path, 'lists') &&
          sent.fields['content-type']?.startsWith('text/plain')
        )
          sent.fields['content-type'] = 'application/json';
        return undefined;
      },
    }),
    found: /^(error|note) unsupported-media-type POST \/lists: /,
    calls: 1,
  },
  {
    id: 'HEAD is answered with another status',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'HEAD' && isAll(path, 'todos') && answer.status === 200) answer.status = 404;
      },
    }),
    found: /^error head-mirrors-get GET \/todos: HEAD is answered 404 where GET is answered 200/,
    calls: 2,
    also: [/^(error|note) status-code-conformance GET \/todos: answered 404/],
  },
  {
    id: 'a media type that nobody documents',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'GET' && isOne(path, 'users') && answer.status === 200)
          answer.fields['content-type'] = 'text/html; charset=utf-8';
      },
    }),
    found: /^error content-type-conformance GET \/users\/\{id\}: /,
    calls: 2,
  },
];

/** What is wrong with what is kept. */
export const todoState: readonly Row[] = [
  {
    id: 'what is deleted is still there',
    deviation: () => ({
      before: ({ method, path, fields }) =>
        method === 'DELETE' &&
        isOne(path, 'lists') &&
        fields.authorization === rightToken.authorization &&
        Number(idOf(path)) > 2
          ? answerOf(200, {})
          : undefined,
    }),
    found: /^note state-conformance GET \/lists\/\{id\}: answered as read, though the rules permit only gone/,
    calls: 3,
    also: [
      /^note state-conformance (PUT|DELETE) \/lists\/\{id\}: answered as \w+, though the rules permit only gone/,
    ],
  },
  {
    id: 'PATCH changes nothing',
    deviation: () => ({
      before: async ({ method, path, fields, content }, behind) => {
        if (method !== 'PATCH' || !isOne(path, 'todos')) return undefined;
        const before = await behind({ path });
        const answer = await behind({ method, path, fields, content });
        if (answer.status !== 200) return answer;
        const { id: _, ...old } = Object(jsonOf(before));
        return behind({ method: 'PUT', path, fields, content: Buffer.from(JSON.stringify(old)) });
      },
    }),
    found: /^note state-conformance PATCH \/todos\/\{id\}: change is answered with another/,
    calls: 2,
  },
  {
    id: 'what was put is another when it is read',
    deviation: () => {
      const put = new Set<string>();
      return {
        after(answer, { method, path }) {
          if (!isOne(path, 'todos')) return;
          if (method === 'PUT' && answer.status === 200) put.add(path);
          if (method === 'GET' && answer.status === 200 && put.has(path))
            change(answer, (value) => ({ ...value, title: `${String(value.title)}…`.slice(-100) }));
        },
      };
    },
    found: /^note state-conformance GET \/todos\/\{id\}: read is answered with another \/title/,
    // A note is told as it was found, not made shorter.
    calls: 8,
  },
  {
    id: 'PUT loses a member',
    deviation: () => ({
      before(sent) {
        const value = jsonOf(sent);
        if (
          sent.method === 'PUT' &&
          isOne(sent.path, 'lists') &&
          isObject(value) &&
          /^(?:red|green|blue)$/.test(String(value.colour))
        )
          sent.content = Buffer.from(JSON.stringify({ ...value, colour: undefined }));
        return undefined;
      },
    }),
    found:
      'a server is held to what it gives back of what was sent; a member that it leaves out it may keep to itself',
    calls: 2,
  },
  {
    id: 'a list that shows what was deleted',
    deviation: () => {
      const gone: unknown[] = [];
      return {
        async before({ method, path, fields }, behind) {
          if (
            method !== 'DELETE' ||
            !isOne(path, 'todos') ||
            fields.authorization !== rightToken.authorization
          )
            return undefined;
          const value = jsonOf(await behind({ path }));
          if (isObject(value) && value.id !== undefined) gone.push(value);
          return undefined;
        },
        after(answer, { method, path }) {
          const all = jsonOf(answer);
          if (method === 'HEAD') delete answer.fields['content-length'];
          if (method === 'GET' && isAll(path, 'todos') && Array.isArray(all))
            answer.content = Buffer.from(JSON.stringify([...all, ...gone]));
        },
      };
    },
    found: 'what a list shows is known to the mock alone: on a server, others may make and delete things',
    calls: 3,
  },
  {
    id: 'the limit of a list is not looked at',
    deviation: () => ({
      before(sent) {
        if (isAll(sent.path, 'lists')) sent.path = sent.path.replace(/_limit=[1-9]\d?(?=&|$)/, '_limit=100');
        return undefined;
      },
    }),
    found: 'that _limit bounds a list is said in words alone',
    calls: 1,
  },
  {
    id: '200 where there is nothing',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method !== 'GET' || !isOne(path, 'todos') || answer.status !== 404) return;
        answer.status = 200;
        write(answer, { id: Number(idOf(path)), title: 'nothing', done: false });
      },
    }),
    found: /^note state-conformance GET \/todos\/\{id\}: answered as read, though the rules permit only gone/,
    calls: 3,
  },
];
