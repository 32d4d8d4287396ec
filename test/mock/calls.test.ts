/** What a mock sends itself: the callbacks of what it has answered, and webhooks that are asked for. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CallEntry, createMock, listen, type Mock, type MockOptions } from '../../mock/index.js';
import type { Json, JsonObject } from '../../openapi/index.js';
import { asObject } from '../../openapi/json.js';
import { contractOf, done } from './contracts.js';

type Received = {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
};

type Handler = (received: Received, response: ServerResponse) => void;

const accept: Handler = (_, response) => {
  response.writeHead(204).end();
};

/** A server that keeps what it receives. */
async function receiver(handle: Handler = accept): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const each = { method, url, headers, text: Buffer.concat(chunks).toString() };
      received.push(each);
      handle(each, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => end(server));
  return { url: `http://127.0.0.1:${portOf(server)}`, received };
}

function portOf(server: Server): number {
  const address: string | AddressInfo | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A mock, and a way to wait for so many of its calls. */
async function mockOf(
  document: JsonObject,
  options: MockOptions = {},
): Promise<{ mock: Mock; calls: (count: number) => Promise<readonly CallEntry[]> }> {
  const entries: CallEntry[] = [];
  let look = (): void => {};
  const mock = createMock(await contractOf('shop', document), {
    seed: 1,
    callbacks: true,
    onCall(entry) {
      entries.push(entry);
      look();
    },
    ...options,
  });
  const calls = (count: number) =>
    new Promise<readonly CallEntry[]>((resolve) => {
      look = () => {
        if (entries.length >= count) resolve(entries);
      };
      look();
    });
  return { mock, calls };
}

const anything: JsonObject = { 'application/json': { schema: { type: 'object' } } };

/** An operation with one callback, to a URL. */
function calling(url: string, callback: JsonObject = {}, operation: JsonObject = {}): JsonObject {
  const sent = { responses: { '2XX': { description: 'Taken.' } }, ...callback };
  return {
    paths: {
      '/orders/{shop}': {
        post: {
          operationId: 'order',
          parameters: [{ name: 'shop', in: 'path', required: true, schema: { type: 'string' } }],
          requestBody: { content: anything },
          responses: {
            '201': {
              description: 'Ordered.',
              headers: { location: { schema: { type: 'string' }, example: '/orders/17' } },
              content: { 'application/json': { example: { id: 17, nothing: null, parts: [1] } } },
            },
            '404': { description: 'No such shop.' },
          },
          callbacks: { shipped: { [url]: { post: sent } } },
          ...operation,
        },
      },
    },
  };
}

function order(
  body: JsonObject = {},
  query = '',
  headers: Record<string, string> = {},
): [string, RequestInit] {
  return [
    `/orders/corner${query}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    },
  ];
}

const example = (value: Json): JsonObject => ({
  requestBody: { content: { 'application/json': { example: value } } },
});

describe('a callback', () => {
  test('is delivered as documented once its operation has been answered', async () => {
    const { url, received } = await receiver((_, response) => {
      response.writeHead(202, { 'x-taken': 'yes' }).end('taken');
    });
    const { mock, calls } = await mockOf(
      calling('{$request.body#/callbackUrl}', {
        ...example({ order: 17 }),
        parameters: [
          { name: 'x-event', in: 'header', example: 'shipped', schema: { type: 'string' } },
          { name: 'x-never', in: 'header', schema: { type: 'string' } },
          { name: 'attempt', in: 'query', required: true, schema: { type: 'integer', const: 1 } },
        ],
      }),
    );
    const answer = await mock.request(...order({ callbackUrl: `${url}/hook?to=me` }));
    expect([answer.status, received]).toEqual([201, []]);
    const [entry] = await calls(1);
    expect(received).toMatchObject([
      {
        method: 'POST',
        url: '/hook?to=me&attempt=1',
        headers: { 'content-type': 'application/json', 'content-length': '12', 'x-event': 'shipped' },
        text: '{"order":17}',
      },
    ]);
    expect(received[0]?.headers).not.toHaveProperty('x-never');
    expect(entry).toMatchObject({
      id: 2,
      kind: 'callback',
      api: 'shop',
      name: 'shipped',
      operation: 'order',
      after: 1,
      request: { method: 'POST', url: `${url}/hook?to=me&attempt=1` },
      outcome: { kind: 'answered', response: { status: 202 } },
    });
    expect(mock.calls.log.list()).toEqual([entry]);
  });

  test('follows an answer over a socket, which is not kept waiting for it', async () => {
    let arrived = (_release: () => void): void => {};
    const isThere = new Promise<() => void>((resolve) => {
      arrived = resolve;
    });
    const { url } = await receiver((_, response) => arrived(() => response.writeHead(204).end()));
    const { mock, calls } = await mockOf(calling('{$request.body#/callbackUrl}'));
    const listening = await listen(mock, { port: 0 });
    onTestFinished(listening.close);
    const [path, init] = order({ callbackUrl: url });
    const answer = await fetch(`${listening.url}${path}`, init);
    expect(await answer.json()).toMatchObject({ id: 17 });
    const release = await isThere;
    expect(mock.calls.log.list()).toEqual([]);
    release();
    expect(await calls(1)).toMatchObject([{ outcome: { kind: 'answered' } }]);
  });

  test.each<[expression: string, expected: string]>([
    ['{$request.query.to}', 'BASE/from-query'],
    ['$request.query.to', 'BASE/from-query'],
    ['{$request.header.x-callback}/more', 'BASE/from-header/more'],
    ['{$request.body#/hooks/0/url}', 'BASE/from-body'],
    ['{$request.body#/base}/orders/{$response.body#/id}', 'BASE/orders/17'],
    ['{$request.body#/base}/{$request.path.shop}{$response.header.location}', 'BASE/corner/orders/17'],
    ['{$request.body#/base}/{$method}/{$statusCode}', 'BASE/POST/201'],
    ['{$request.body#/base}/?note={$request.body#/note}', 'BASE/?note=a%26b%20c%3Fd%23e%25'],
    ['BASE/fixed', 'BASE/fixed'],
  ])('goes to %s', async (expression, expected) => {
    const { url, received } = await receiver();
    const { mock, calls } = await mockOf(calling(expression.replace('BASE', url)));
    const body = { base: url, hooks: [{ url: `${url}/from-body` }], note: 'a&b c?d#e%' };
    const headers = { 'x-callback': `${url}/from-header` };
    const query = `?to=${encodeURIComponent(`${url}/from-query`)}`;
    expect((await mock.request(...order(body, query, headers))).status).toBe(201);
    expect(await calls(1)).toMatchObject([{ outcome: { kind: 'answered' } }]);
    expect(received.map((each) => `${url}${each.url}`)).toEqual([expected.replace('BASE', url)]);
  });

  test.each<[what: string, expression: string, body: JsonObject, detail: string]>([
    ['that is not there', '{$request.body#/callbackUrl}', {}, '$request.body#/callbackUrl gives nothing'],
    ['that is null', '{$response.body#/nothing}', {}, '$response.body#/nothing gives nothing'],
    ['that is a list', '{$response.body#/parts}', {}, '$response.body#/parts gives nothing'],
    ['of no kind', '{$request.body#/url}', { url: '/hook' }, '"/hook" is no http or https URL'],
    ['of another kind', '{$request.body#/url}', { url: 'ftp://a/b' }, '"ftp://a/b" is no http or https URL'],
    ['that is none of ours', '{$elsewhere}', {}, '$elsewhere gives nothing'],
  ])('without a URL is told of: one %s', async (_, expression, body, detail) => {
    const { mock, calls } = await mockOf(calling(expression));
    await mock.request(...order(body));
    const [entry] = await calls(1);
    expect(entry).toMatchObject({
      request: { url: expression },
      outcome: { kind: 'failed', reason: 'no-url', detail },
    });
  });

  test('is made from its schema where it has no example, the same for the same seed', async () => {
    const schema = {
      type: 'object',
      required: ['order', 'state'],
      properties: { order: { type: 'integer', minimum: 5 }, state: { enum: ['shipped'] } },
    };
    const texts = [];
    for (let round = 0; round < 2; round += 1) {
      const { url, received } = await receiver();
      const { mock, calls } = await mockOf(
        calling('{$request.body#/url}', {
          requestBody: { content: { 'text/plain': {}, 'application/json': { schema } } },
        }),
      );
      await mock.request(...order({ url }));
      await calls(1);
      expect(received).toMatchObject([{ headers: { 'content-type': 'application/json' } }]);
      texts.push(received[0]?.text ?? '');
    }
    expect(texts[1]).toBe(texts[0]);
    const sent = JSON.parse(texts[0] ?? '');
    expect(sent).toMatchObject({ state: 'shipped' });
    expect(sent.order).toBeGreaterThanOrEqual(5);
  });

  test.each<[what: string, options: MockOptions, request: [string, RequestInit]]>([
    ['unless it is asked for', { callbacks: false }, order({ callbackUrl: 'http://127.0.0.1:1' })],
    ['after a refusal', {}, order({ callbackUrl: 'http://127.0.0.1:1' }, '', { prefer: 'code=404' })],
    ['after a problem', {}, ['/orders/corner', { method: 'POST', body: '{' }]],
  ])('is not made %s', async (_, options, request) => {
    const made: string[] = [];
    const deliver: MockOptions['deliver'] = async ({ url }) => {
      made.push(url);
      return { kind: 'failed', reason: 'no-answer', detail: 'not now' };
    };
    const { mock } = await mockOf(calling('{$request.body#/callbackUrl}'), { deliver, ...options });
    await mock.request(...request);
    await new Promise(setImmediate);
    expect(made).toEqual([]);
    expect(mock.calls.log.list()).toEqual([]);
  });

  test('changes nothing of what is answered after it', async () => {
    const document = calling('{$request.body#/url}', {
      requestBody: { content: { 'application/json': { schema: { type: 'string', minLength: 4 } } } },
    });
    const paths = {
      ...asObject(document.paths),
      '/made': {
        get: {
          responses: {
            '200': {
              description: 'Made.',
              content: { 'application/json': { schema: { type: 'integer', minimum: 0 } } },
            },
          },
        },
      },
    };
    const answers = [];
    for (const callbacks of [true, false]) {
      const { url } = await receiver();
      const { mock } = await mockOf({ paths }, { callbacks });
      await mock.request(...order({ url }));
      answers.push(await (await mock.request('/made', { headers: { prefer: 'dynamic' } })).text());
    }
    expect(answers[0]).toBe(answers[1]);
  });
});

describe('a call that fails', () => {
  const bare = calling('{$request.body#/url}');

  test.each<[url: string, hosts: readonly string[], isAllowed: boolean]>([
    ['http://127.0.0.1/', [], true],
    ['http://127.9.9.9:81/', [], true],
    ['http://localhost/', [], true],
    ['http://[::1]:3000/', [], true],
    ['http://example.com/', [], false],
    ['http://127.0.0.1.example.com/', [], false],
    ['http://localhost.example.com/', [], false],
    ['http://169.254.169.254/latest', [], false],
    ['http://0x7f.1/', [], true],
    ['https://hooks.example.com/', ['hooks.example.com'], true],
    ['https://a.example.com/', ['*.example.com'], true],
    ['https://example.com/', ['*.example.com'], false],
    ['https://badexample.com/', ['*.example.com'], false],
    ['http://anything.at.all/', ['*'], true],
    ['http://127.0.0.1:4010/__counterfoil/reset', ['*'], false],
  ])('goes to %s when it may call %j: %s', async (url, callHosts, isAllowed) => {
    const sent: string[] = [];
    const deliver: MockOptions['deliver'] = async (message) => {
      sent.push(message.url);
      return { kind: 'answered', response: { status: 204, fields: [], content: undefined } };
    };
    const { mock, calls } = await mockOf(bare, { callHosts, deliver });
    await mock.request(...order({ url }));
    const [entry] = await calls(1);
    expect(sent).toEqual(isAllowed ? [url] : []);
    expect(entry?.outcome).toMatchObject(
      isAllowed ? { kind: 'answered' } : { kind: 'failed', reason: 'not-allowed' },
    );
  });

  test('by nobody who listens is told of', async () => {
    const { url } = await receiver();
    const { mock, calls } = await mockOf(bare);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const free = portOf(server);
    await end(server);
    await mock.request(...order({ url: url.replace(/\d+$/, String(free)) }));
    const [entry] = await calls(1);
    expect(entry?.outcome).toEqual({
      kind: 'failed',
      reason: 'no-answer',
      detail: 'nobody listens there',
    });
  });

  test('by a receiver that never answers ends with its time', async () => {
    const { url, received } = await receiver(() => {});
    const { mock, calls } = await mockOf(bare, { callTimeout: 0.05 });
    await mock.request(...order({ url }));
    const [entry] = await calls(1);
    expect(received).toHaveLength(1);
    expect(entry?.outcome).toEqual({
      kind: 'failed',
      reason: 'timeout',
      detail: 'no answer came within 0.05 s',
    });
  });

  test('by the end of the mock is given up at once', async () => {
    let arrived = (): void => {};
    const isThere = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url } = await receiver(() => arrived());
    const { mock, calls } = await mockOf(bare, { callTimeout: 600 });
    const listening = await listen(mock, { port: 0 });
    const [path, init] = order({ url });
    await (await fetch(`${listening.url}${path}`, init)).text();
    await isThere;
    await listening.close();
    const [entry] = await calls(1);
    expect(entry?.outcome).toMatchObject({ kind: 'failed', reason: 'stopped' });
  });

  test('by a deliverer at fault, or one that ignores its signal, is a value all the same', async () => {
    for (const [deliver, reason] of [
      [() => Promise.reject(new Error('broken')), 'no-answer'],
      [() => new Promise<never>(() => {}), 'timeout'],
    ] as const) {
      const { mock, calls } = await mockOf(bare, { deliver, callTimeout: 0.02 });
      await mock.request(...order({ url: 'http://127.0.0.1/' }));
      expect(await calls(1)).toMatchObject([{ outcome: { kind: 'failed', reason } }]);
    }
  });

  test('for there are too many at once is told of', async () => {
    const held: (() => void)[] = [];
    const deliver: MockOptions['deliver'] = () =>
      new Promise((resolve) => {
        const response = { status: 204, fields: [], content: undefined };
        held.push(() => resolve({ kind: 'answered', response }));
      });
    const { mock, calls } = await mockOf(bare, { deliver });
    for (let count = 0; count < 66; count += 1) await mock.request(...order({ url: 'http://127.0.0.1/' }));
    expect((await calls(2)).map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'failed', reason: 'busy' },
      { kind: 'failed', reason: 'busy' },
    ]);
    for (const release of held) release();
    expect(await calls(66)).toHaveLength(66);
  });
});

const shop = (more: JsonObject = {}): JsonObject => ({
  paths: { '/orders': { get: { responses: { '200': done } } } },
  webhooks: {
    'order/shipped': {
      post: {
        summary: 'An order is on its way',
        requestBody: {
          content: {
            'application/json': {
              schema: { type: 'object' },
              examples: { train: { value: { by: 'train' } }, 'by-ship': { value: { by: 'ship' } } },
            },
            'application/x-www-form-urlencoded': { examples: { form: { value: { by: 'foot & bike' } } } },
            'text/plain': { examples: { words: { value: 'on its way' } } },
          },
        },
        responses: { '2XX': { description: 'Taken.' } },
      },
    },
  },
  ...more,
});

async function control(mock: Mock, line: string, body?: Json): Promise<{ status: number; body: unknown }> {
  const [method = '', path = ''] = line.split(' ');
  const init =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await mock.request(`/__counterfoil${path}`, init);
  return { status: answer.status, body: await answer.json() };
}

describe('a webhook', () => {
  test('is listed with what it sends', async () => {
    const { mock } = await mockOf(shop());
    const { status, body } = await control(mock, 'GET /webhooks');
    expect(status).toBe(200);
    expect(body).toEqual({
      webhooks: [
        {
          api: 'shop',
          name: 'order/shipped',
          method: 'POST',
          summary: 'An order is on its way',
          content: ['application/json', 'application/x-www-form-urlencoded', 'text/plain'],
          examples: ['train', 'by-ship', 'form', 'words'],
        },
      ],
    });
  });

  test.each<[what: string, order: JsonObject, type: string, text: string]>([
    ['its first example', {}, 'application/json', '{"by":"train"}'],
    ['another example', { example: 'by-ship' }, 'application/json', '{"by":"ship"}'],
    [
      'an example of a form',
      { example: 'form' },
      'application/x-www-form-urlencoded',
      'by=foot%20%26%20bike',
    ],
    ['an example of text', { example: 'words' }, 'text/plain', 'on its way'],
    ['what it is given', { body: [1, null] }, 'application/json', '[1,null]'],
  ])('is delivered once with %s', async (_, wanted, type, text) => {
    const { url, received } = await receiver((_each, response) => response.writeHead(200).end('thanks'));
    const { mock } = await mockOf(shop());
    const { status, body } = await control(mock, 'POST /webhooks/order%2Fshipped', { url, ...wanted });
    expect(status).toBe(200);
    expect(received).toMatchObject([{ method: 'POST', headers: { 'content-type': type }, text }]);
    expect(body).toMatchObject({
      kind: 'webhook',
      name: 'order/shipped',
      operation: null,
      after: null,
      request: { method: 'POST', url, content: text },
      outcome: { kind: 'answered', response: { status: 200, content: 'thanks' } },
    });
    expect((await control(mock, 'GET /journal')).body).toEqual({ entries: [], calls: [body] });
  });

  test.each<[what: string, path: string, order: Json, status: number, detail: RegExp]>([
    ['a name that is unknown', 'shipped', { url: 'http://127.0.0.1/' }, 404, /only order\/shipped\.$/],
    ['no URL', 'order%2Fshipped', {}, 400, /"url" is a whole http or https URL/],
    ['a relative URL', 'order%2Fshipped', { url: '/hook' }, 400, /"url" is a whole/],
    [
      'a stranger',
      'order%2Fshipped',
      { url: 'http://example.com/' },
      400,
      /example\.com is not this machine/,
    ],
    [
      'an unknown example',
      'order%2Fshipped',
      { url: 'http://127.0.0.1/', example: 'plane' },
      400,
      /no example "plane"; there are train, by-ship, form, words\.$/,
    ],
    ['another member', 'order%2Fshipped', { url: 'http://127.0.0.1/', to: 'me' }, 400, /no member "to"/],
    ['another method', 'order%2Fshipped', { url: 'http://127.0.0.1/', method: 'PUT' }, 400, /"POST"/],
    ['no object', 'order%2Fshipped', 'now', 400, /must be \{"url"/],
  ])('is not sent for %s', async (_, name, order, status, detail) => {
    const { mock } = await mockOf(shop());
    const answer = await control(mock, `POST /webhooks/${name}`, order);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ detail: expect.stringMatching(detail) });
    expect(mock.calls.log.list()).toEqual([]);
  });

  test('of which there are several is chosen by API or method', async () => {
    const { url, received } = await receiver();
    const sent = { responses: { '2XX': { description: 'Taken.' } } };
    const { mock } = await mockOf(shop({ webhooks: { both: { post: sent, put: sent } } }));
    const unclear = await control(mock, 'POST /webhooks/both', { url });
    expect(unclear.body).toMatchObject({
      detail: expect.stringMatching(/^Several are called both\. .*"PUT".*"POST"/),
    });
    await control(mock, 'POST /webhooks/both', { url, method: 'PUT' });
    expect(received.map(({ method }) => method)).toEqual(['PUT']);
  });

  test('of a document of version 3.0 stands under x-webhooks', async () => {
    const { webhooks, ...rest } = shop();
    const { mock } = await mockOf({ ...rest, openapi: '3.0.3', 'x-webhooks': webhooks ?? {} });
    expect((await control(mock, 'GET /webhooks')).body).toMatchObject({
      webhooks: [{ name: 'order/shipped' }],
    });
  });
});

describe('a callback by hand', () => {
  test('is listed and delivered like a webhook', async () => {
    const { url, received } = await receiver();
    const { mock } = await mockOf(calling('{$request.body#/callbackUrl}', example({ order: 17 })), {
      callbacks: false,
    });
    expect((await control(mock, 'GET /callbacks')).body).toMatchObject({
      callbacks: [
        { name: 'shipped', operation: 'order', url: '{$request.body#/callbackUrl}', method: 'POST' },
      ],
    });
    const answer = await control(mock, 'POST /callbacks/shipped', { url, operation: 'order' });
    expect(answer).toMatchObject({
      status: 200,
      body: { kind: 'callback', operation: 'order', after: null },
    });
    expect(received).toMatchObject([{ url: '/', text: '{"order":17}' }]);
  });
});

describe('the journal', () => {
  test('holds calls beside the exchanges, numbered with them, and forgets both', async () => {
    const { url } = await receiver();
    const { mock, calls } = await mockOf(calling('{$request.body#/url}'));
    await mock.request(...order({ url }));
    await calls(1);
    await mock.request(...order({}));
    await calls(2);
    const { body } = await control(mock, 'GET /journal?after=1');
    expect(body).toMatchObject({
      entries: [{ id: 3 }],
      calls: [
        { id: 2, after: 1 },
        { id: 4, after: 3 },
      ],
    });
    await mock.request('/__counterfoil/journal', { method: 'DELETE' });
    expect((await control(mock, 'GET /journal')).body).toEqual({ entries: [], calls: [] });
  });
});
