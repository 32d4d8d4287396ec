/** Documents without rules, checked by what their paths tell: nothing on correct servers, a note on each that forgets. */

import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import type { Finding } from '../../conformance/event.js';
import { givenInputs } from '../../conformance/input/input.js';
import { check, planOf } from '../../conformance/run.js';
import { appTarget, httpTarget, type Outcome, type Target } from '../../conformance/target.js';
import { createMock } from '../../mock/index.js';
import { type Contract, loadContract } from '../../openapi/index.js';
import { isObject, type Json, type JsonObject } from '../../openapi/json.js';
import { contractOf } from './contracts.js';
import { credentials, ordersServer, petsServer, serve, ticketsServer, todosServer } from './crud-servers.js';

const documented = (name: string): Promise<Contract> =>
  loadContract(fileURLToPath(new URL(`documents/${name}.yaml`, import.meta.url)));

const inputs = givenInputs({
  api_key: credentials.key,
  basicAuth: credentials.basic,
  bearerAuth: credentials.token,
  oauth: credentials.access,
});

const servers = {
  pets: petsServer,
  orders: ordersServer,
  todos: todosServer,
  tickets: ticketsServer,
  forgetfulTickets: () => ticketsServer(true),
};

async function served(name: keyof typeof servers): Promise<Target> {
  const server = await serve(servers[name]());
  const target = httpTarget(server.url, { timeout: 10_000 });
  onTestFinished(async () => {
    await target.close();
    server.stop();
  });
  return target;
}

/** What is found of the state, notes too. */
async function found(contract: Contract, target: Target): Promise<readonly Finding[]> {
  const phases = ['examples', 'rules', 'concurrency', 'walks'] as const;
  for await (const event of check(contract, target, { seed: 1, inputs, phases, walks: { count: 4 } }))
    if (event.type === 'run-finished')
      return event.findings.filter(({ check: by }) => by === 'state-conformance' || by === 'stability');
  throw new Error('the run has no end');
}

const told = ({ severity, endpoint, title }: Finding): string => `${severity} ${endpoint}: ${title}`;

describe('on a correct server', () => {
  it.each(['pets', 'orders', 'todos', 'tickets'] as const)(
    'nothing is found of the state with %s, no note either',
    async (name) => {
      expect((await found(await documented(name), await served(name))).map(told)).toEqual([]);
    },
  );

  it('nothing is found with things in envelopes, on the mock', async () => {
    const contract = await documented('tickets');
    expect((await found(contract, appTarget(createMock(contract, { seed: 1 })))).map(told)).toEqual([]);
  });

  it('what a server forgets is noticed in its envelope', async () => {
    const findings = await found(await documented('tickets'), await served('forgetfulTickets'));
    expect(findings.map(({ endpoint }) => endpoint)).toContain('GET /tickets/{ticketId}');
  });

  it.each([true, false])(
    'nothing is found with things that only PUT makes, created: %s',
    async (isCreating) => {
      expect(
        (await found(await contractOf(JSON.stringify(notes)), appTarget(notesApp(isCreating)))).map(told),
      ).toEqual([]);
    },
  );

  it('nothing is found with things below things, on the mock', async () => {
    const contract = await documented('blog');
    expect((await found(contract, appTarget(createMock(contract, { seed: 1 })))).map(told)).toEqual([]);
  });
});

/** The answer with its content changed. */
function withContent(outcome: Outcome, change: (content: JsonObject) => Json): Outcome {
  if (outcome.kind === 'failure' || outcome.response.content === undefined) return outcome;
  const value: Json = JSON.parse(new TextDecoder().decode(outcome.response.content));
  if (!isObject(value)) return outcome;
  const content = new TextEncoder().encode(JSON.stringify(change(value)));
  const fields = outcome.response.fields.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...outcome, response: { ...outcome.response, fields, content } };
}

const isThing = (path: string): boolean => /^\/orders\/\d+$/.test(path);

/** What a server does wrong, before the correct one. */
const defects: Readonly<Record<string, (inner: Target) => Target>> = {
  'deletes nothing': (inner) => async (message, signal) => {
    if (message.method !== 'DELETE') return inner(message, signal);
    const outcome = await inner({ ...message, path: '/orders/987654' }, signal);
    if (outcome.kind === 'failure' || outcome.response.status !== 404) return outcome;
    return { ...outcome, response: { status: 204, fields: [], content: undefined } };
  },
  'reads another': (inner) => async (message, signal) => {
    const outcome = await inner(message, signal);
    const isRead = message.method === 'GET' && isThing(message.path);
    return isRead ? withContent(outcome, (order) => ({ ...order, sku: 'ZZZ-999' })) : outcome;
  },
  'replaces nothing': (inner) => (message, signal) =>
    inner(
      message.method === 'PUT' && message.content !== undefined && isThing(message.path)
        ? { ...message, method: 'GET', content: undefined }
        : message,
      signal,
    ),
  'gives one id to all': (inner) => async (message, signal) => {
    const outcome = await inner(message, signal);
    return message.method === 'POST' ? withContent(outcome, (order) => ({ ...order, id: 7 })) : outcome;
  },
  'loses what was created': (inner) => (message, signal) =>
    inner(isThing(message.path) ? { ...message, path: '/orders/987654' } : message, signal),
};

describe('a server that', () => {
  it.each([
    ['deletes nothing', 'note GET /orders/{id}: answered as read, though the rules permit only gone'],
    ['reads another', 'note GET /orders/{id}: read is answered with another /sku than the state has'],
    ['replaces nothing', 'note PUT /orders/{id}: replace is answered with another /sku than the state has'],
    ['gives one id to all', 'note POST /orders: create is answered with another value than the state has'],
    ['loses what was created', 'note GET /orders/{id}: answered as gone, though the rules permit only read'],
  ])('%s is noted', async (defect, expected) => {
    const contract = await documented('orders');
    const target = defects[defect]?.(await served('orders'));
    if (target === undefined) throw new Error(`there is no defect ${defect}`);
    expect((await found(contract, target)).map(told)).toContain(expected);
  });
});

test('walks create, read, replace and delete, and read again', async () => {
  const { walks } = planOf(await documented('orders'), { seed: 1, phases: ['walks'] });
  const made = [...walks.draw(false)].flatMap(({ workflow }) =>
    workflow.steps.map(({ id }) => id.replace(/-\d+$/, '')),
  );
  for (const name of ['create', 'read', 'replace', 'delete', 'gone']) expect(made).toContain(name);
});

test('ids are those that were created in the run itself', async () => {
  const { workflows, setups } = planOf(await documented('orders'), { seed: 1 });
  const unsafe = [...workflows.map(({ workflow }) => workflow), ...setups.values()]
    .flatMap(({ steps }) => steps)
    .filter(({ call }) => call.kind === 'operation' && /^(PUT|DELETE)$/.test(call.operation.method));
  const ids = unsafe.flatMap(({ parameters }) =>
    parameters.filter(({ name }) => name === 'id').map(({ value }) => value),
  );
  const valid = ids.filter((value) => typeof value === 'number' && Number.isInteger(value) && value >= 1);
  expect(ids.length).toBeGreaterThan(50);
  expect(valid).toEqual([]);
});

test('three hundred resources are planned one by one', async () => {
  const thing = '{ type: object, properties: { id: { type: string }, name: { type: string } } }';
  const content = `content: { application/json: { schema: ${thing} } }`;
  const id = '{ name: id, in: path, required: true, schema: { type: string } }';
  const paths = Array.from(
    { length: 100 },
    (_, index) => `  /things-${index}:
    post: { requestBody: { ${content} }, responses: { '201': { description: Made., ${content} } } }
  /things-${index}/{id}:
    parameters: [${id}]
    get: { responses: { '200': { description: It., ${content} }, '404': { description: None. } } }
    delete: { responses: { '204': { description: Gone. }, '404': { description: None. } } }`,
  );
  const contract = await contractOf(
    `openapi: 3.1.0\ninfo: { title: Many, version: '1' }\npaths:\n${paths.join('\n')}\n`,
  );
  const { workflows } = planOf(contract, { seed: 1, phases: ['examples', 'rules', 'concurrency'] });
  expect(workflows.length).toBeGreaterThan(500);
  // A resource has nothing to do with another: no workflow gets longer by how many there are.
  expect(Math.max(...workflows.map(({ workflow }) => workflow.steps.length))).toBeLessThan(60);
});

/** Notes by their keys, which PUT makes as well. */
const note = {
  type: 'object',
  required: ['key', 'text'],
  properties: { key: { type: 'string' }, text: { type: 'string' } },
};
const jsonOf = (schema: JsonObject): JsonObject => ({ content: { 'application/json': { schema } } });
const refused = { '400': { description: 'No.' }, '404': { description: 'None.' } };
const notes: JsonObject = {
  openapi: '3.1.0',
  info: { title: 'Notes', version: '1' },
  paths: {
    '/notes': {
      get: { responses: { '200': { description: 'All.', ...jsonOf({ type: 'array', items: note }) } } },
    },
    '/notes/{key}': {
      parameters: [{ name: 'key', in: 'path', required: true, schema: { type: 'string' } }],
      get: { responses: { '200': { description: 'It.', ...jsonOf(note) }, ...refused } },
      put: {
        requestBody: {
          required: true,
          ...jsonOf({ type: 'object', required: ['text'], properties: { text: { type: 'string' } } }),
        },
        responses: { '200': { description: 'It.', ...jsonOf(note) }, ...refused },
      },
      delete: { responses: { '204': { description: 'Gone.' }, ...refused } },
    },
  },
};

/** A correct server of notes, which may create by PUT, or refuse to. */
function notesApp(isCreating: boolean): { fetch(request: Request): Promise<Response> } {
  const kept = new Map<string, Json>([['first', { key: 'first', text: 'Hello' }]]);
  const status = (code: number): Response => new Response(null, { status: code });
  return {
    async fetch(request) {
      const [, , name] = new URL(request.url).pathname.split('/');
      if (name === undefined) return Response.json([...kept.values()]);
      const key = decodeURIComponent(name);
      const isThere = kept.has(key);
      if (request.method === 'PUT') {
        const body = parsed(await request.text());
        if (!isObject(body) || typeof body.text !== 'string') return status(400);
        if (!isThere && !isCreating) return status(404);
        kept.set(key, { key, text: body.text });
      } else if (!isThere) return status(404);
      if (request.method !== 'DELETE') return Response.json(kept.get(key));
      kept.delete(key);
      return status(204);
    },
  };
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
