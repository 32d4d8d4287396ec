/** One request, one outcome, whether it goes to an app in this process or to a server behind a socket. */

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  appTarget,
  type HttpTargetOptions,
  type Outcome,
  httpTarget as openTarget,
  type Target,
} from '../../conformance/target.js';
import { createMock, listen } from '../../mock/index.js';
import type { Field, RequestMessage } from '../../openapi/index.js';
import { matar, xerial } from '../mock/contracts.js';

const request = (method: string, path: string, rest: Partial<RequestMessage> = {}): RequestMessage => {
  const [pathname = '', query = ''] = path.split('?');
  return { method, path: pathname, query, fields: [], content: undefined, ...rest };
};

const json = (value: unknown, type = 'application/json'): Partial<RequestMessage> => ({
  fields: [['content-type', type]],
  content: new TextEncoder().encode(JSON.stringify(value)),
});

const login = { phone_number: '919743256789', name: 'Sri', action: 'submit_otp', otp: '48793' };

/** What a connection adds to a message of its own. */
const ofConnection = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);

/** A target that is closed with the test. */
function httpTarget(base: string, options: HttpTargetOptions = {}): Target {
  const target = openTarget(base, options);
  onTestFinished(target.close);
  return target;
}

/** An outcome as text can be compared: its fields by name, without those of the connection. */
function comparable(outcome: Outcome): unknown {
  if (outcome.kind === 'failure') return outcome.failure;
  const { status, fields, content } = outcome.response;
  return {
    status,
    fields: fields
      .map(([name, value]): Field => [name.toLowerCase(), value])
      .filter(([name]) => !ofConnection.has(name))
      .sort(([a], [b]) => a.localeCompare(b)),
    text: content === undefined ? undefined : new TextDecoder().decode(content),
  };
}

async function bothTargets(): Promise<readonly [Target, Target]> {
  const made = () => createMock([matar, xerial], { seed: 1, clock: () => 0, wait: async () => {} });
  const { url, close } = await listen(made(), { port: 0 });
  onTestFinished(close);
  return [appTarget(made()), httpTarget(`${url}/`)];
}

const exchanges: readonly (readonly [name: string, message: RequestMessage, status: number])[] = [
  ['a success with content', request('POST', '/api/v1/login', json(login)), 200],
  ['an invalid request', request('POST', '/api/v1/login', json({})), 400],
  ['a request without content', request('POST', '/api/v1/login'), 400],
  ['a request with empty content', request('POST', '/api/v1/login', { content: new Uint8Array() }), 400],
  ['a media type that is not taken', request('POST', '/api/v1/login', json(login, 'text/plain')), 415],
  ['a method that is not there', request('PUT', '/api/v1/login', json(login)), 405],
  ['a method that nobody knows', request('PURGE', '/api/v1/login'), 405],
  ['a path that is not there', request('GET', '/api/v1/none%20such?a=%C3%A9&b='), 404],
  ['a missing credential', request('GET', '/api/v1/get_current_user'), 401],
  ['HEAD', request('HEAD', '/api/v1/get_current_user'), 401],
  ['GET with content', request('GET', '/api/v1/get_current_user', json(login)), 401],
  [
    'fields in several lines',
    request('GET', '/api/v1/get_current_user', {
      fields: [
        ['Prefer', 'code=401'],
        ['Prefer', 'example=token-expired, delay=1'],
      ],
    }),
    401,
  ],
  [
    'a field in Latin-1',
    request('GET', '/api/v1/get_current_user', { fields: [['Prefer', 'example="é"']] }),
    400,
  ],
  [
    'a success without content',
    request(
      'POST',
      '/api/auth/logout',
      json({ refreshToken: [...(xerial.initialState.get('refresh_tokens')?.keys() ?? [])][0] }),
    ),
    204,
  ],
  ['content beyond ASCII', request('POST', '/api/v1/login', json({ ...login, name: 'Ω 😀' })), 200],
];

describe('an exchange', () => {
  test.each(exchanges)('of %s has the same outcome in process and over HTTP', async (_, message, status) => {
    const outcomes = await Promise.all((await bothTargets()).map((target) => target(message)));
    const [inProcess, overHttp] = outcomes.map(comparable);
    expect(inProcess).toMatchObject({ status });
    expect(overHttp).toEqual(inProcess);
  });

  test('has an undefined content where there is none', async () => {
    for (const target of await bothTargets()) {
      const outcome = await target(request('HEAD', '/api/v1/get_current_user'));
      expect(outcome).toMatchObject({ kind: 'response', response: { content: undefined } });
    }
  });
});

/** The URL of a server that lives as long as the test. */
async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serverOf = (listener: RequestListener): Promise<string> => listening(createServer(listener));

/** A server that has something to say as soon as somebody speaks. */
const socketServerOf = (answer: (socket: Socket) => void): Promise<string> =>
  listening(createSocketServer((socket) => socket.on('error', () => {}).once('data', () => answer(socket))));

describe('a failure', () => {
  test('is "refused" where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const outcome = await httpTarget(`http://127.0.0.1:${port}`)(request('GET', '/'));
    expect(outcome).toMatchObject({ kind: 'failure', failure: 'refused' });
    expect(outcome.kind === 'failure' && outcome.why).toContain(String(port));
  });

  test.each<[how: string, answer: (socket: Socket) => void]>([
    ['resets the connection', (socket) => socket.resetAndDestroy()],
    ['hangs up', (socket) => socket.destroy()],
    ['hangs up in the header', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
    ['hangs up in the content', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')],
  ])('is "reset" where the server %s', async (_, answer) => {
    const url = await socketServerOf(answer);
    const outcome = await httpTarget(url)(request('POST', '/', json({})));
    expect(outcome).toMatchObject({ kind: 'failure', failure: 'reset', why: expect.stringMatching(/./) });
  });

  test('is "malformed" where the server does not speak HTTP', async () => {
    const url = await socketServerOf((socket) => socket.end('220 mail.example\r\n'));
    const outcome = await httpTarget(url)(request('GET', '/'));
    expect(outcome).toMatchObject({ kind: 'failure', failure: 'malformed' });
    expect(outcome.faults).toEqual([
      {
        name: 'status-line-malformed',
        detail: String.raw`The answer begins with "220 mail.example\r\n"`,
        section: 'RFC 9112, section 4',
      },
    ]);
  });

  test('is "timeout" where the server never answers', async () => {
    const url = await serverOf(() => {});
    const outcome = await httpTarget(url, { timeout: 20 })(request('GET', '/'));
    expect(outcome).toMatchObject({ failure: 'timeout', why: 'no answer came in 20 ms', partial: undefined });
  });

  test('of an app that throws is a value too', async () => {
    const target = appTarget({
      fetch: () => {
        throw new Error('no app');
      },
    });
    expect(await target(request('GET', '/'))).toMatchObject({ failure: 'other', why: 'no app' });
  });

  test('of a request that cannot be sent is a value too', async () => {
    for (const target of await bothTargets()) {
      const fields: Field[] = [['x', 'line\nbreak']];
      expect(await target(request('GET', '/', { fields }))).toMatchObject({
        kind: 'failure',
        failure: 'other',
      });
    }
  });
});

/** A target that has been asked and does not answer, of each kind. */
const silent: readonly (readonly [string, (asked: () => void) => Promise<Target>])[] = [
  ['over HTTP', async (asked) => httpTarget(await serverOf(asked))],
  [
    'in process',
    async (asked) =>
      appTarget({
        fetch: () => {
          asked();
          return new Promise<Response>(() => {});
        },
      }),
  ],
];

describe.each(silent)('a request %s', (_, targetOf) => {
  const reasons: readonly (readonly [string, unknown, string])[] = [
    ['without a reason', undefined, 'aborted'],
    ['for a reason of its own', new Error('enough'), 'aborted'],
    ['for a reason that is no error', 'enough', 'aborted'],
    ['by a time limit', new DOMException('too slow', 'TimeoutError'), 'timeout'],
  ];

  test.each(reasons)('that is aborted %s fails', async (_, reason, failure) => {
    const stop = new AbortController();
    const target = await targetOf(() => stop.abort(reason));
    const outcome = await target(request('GET', '/'), stop.signal);
    expect(outcome).toMatchObject({ kind: 'failure', failure, why: expect.stringMatching(/./) });
  });

  test('is one of many that one signal stops, without a warning', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => void warnings.push(warning);
    process.on('warning', warn);
    onTestFinished(() => void process.off('warning', warn));
    const stop = new AbortController();
    let asked = 0;
    const target = await targetOf(() => {
      asked += 1;
      if (asked === 12) stop.abort();
    });
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => target(request('GET', '/'), stop.signal)),
    );
    expect(outcomes.map((outcome) => outcome.kind === 'failure' && outcome.failure)).toEqual(
      Array(12).fill('aborted'),
    );
    expect(warnings).toEqual([]);
  });

  test('that was aborted before it began is not sent', async () => {
    let isAsked = false;
    const target = await targetOf(() => {
      isAsked = true;
    });
    const outcome = await target(request('GET', '/'), AbortSignal.abort());
    expect([outcome.kind === 'failure' && outcome.failure, isAsked]).toEqual(['aborted', false]);
  });
});

describe('a response', () => {
  test('that redirects is not followed', async () => {
    const paths: (string | undefined)[] = [];
    const url = await serverOf(({ url: path }, response) => {
      paths.push(path);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const app = new Hono().all('*', (context) => {
      paths.push(context.req.path);
      return context.redirect('/elsewhere');
    });
    for (const target of [httpTarget(url), appTarget(app)]) {
      const outcome = await target(request('GET', '/here'));
      expect(outcome).toMatchObject({ kind: 'response', response: { status: 302 } });
      expect(outcome.kind === 'response' && outcome.response.fields).toContainEqual([
        'location',
        '/elsewhere',
      ]);
    }
    expect(paths).toEqual(['/here', '/here']);
  });

  test('keeps fields that are repeated', async () => {
    const url = await serverOf((_, response) => {
      response.writeHead(
        200,
        [
          ['Set-Cookie', 'a=1'],
          ['Link', '</1>'],
          ['Set-Cookie', 'b=2'],
          ['Link', '</2>'],
        ].flat(),
      );
      response.end();
    });
    const app = new Hono().get('*', (context) => {
      context.header('Set-Cookie', 'a=1', { append: true });
      context.header('Set-Cookie', 'b=2', { append: true });
      return context.body(null);
    });
    const cookies = async (target: Target): Promise<unknown> => {
      const outcome = await target(request('GET', '/'));
      return (
        outcome.kind === 'response' &&
        outcome.response.fields
          .filter(([name]) => /^set-cookie$/i.test(name))
          .map(([name, value]) => [name.toLowerCase(), value])
      );
    };
    for (const target of [httpTarget(url), appTarget(app)]) {
      expect(await cookies(target)).toEqual([
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ]);
    }
    const outcome = await httpTarget(url)(request('GET', '/'));
    expect(comparable(outcome)).toMatchObject({
      fields: expect.arrayContaining([
        ['link', '</1>'],
        ['link', '</2>'],
      ]),
    });
  });
});

describe('a request', () => {
  test('goes out as it is: method, path, query, fields and content', async () => {
    const received: unknown[] = [];
    const url = await serverOf((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const own = incoming.rawHeaders.slice(incoming.rawHeaders.indexOf('X-One'));
        received.push(incoming.method, incoming.url, own.slice(0, 4), Buffer.concat(chunks).toString());
        response.end();
      });
    });
    const fields: Field[] = [
      ['X-One', 'a'],
      ['X-One', 'b'],
    ];
    const content = new TextEncoder().encode('é');
    const message: RequestMessage = { method: 'POST', path: '/a%2Fb', query: 'c=%20&c', fields, content };
    await httpTarget(`${url}/base/`)(message);
    expect(received).toEqual(['POST', '/base/a%2Fb?c=%20&c', ['X-One', 'a', 'X-One', 'b'], 'é']);
  });
});
