/** Documents without rules: what one operation answers is what another is called with, wherever names or links tell. */

import type { IncomingMessage, RequestListener } from 'node:http';
import { describe, expect, it, test } from 'vitest';
import { planOf } from '../../../conformance/run.js';
import type { Contract } from '../../../openapi/index.js';
import { head } from '../../openapi/folders.js';
import { contractOf } from '../contracts.js';
import { served, told } from '../runs.js';

/** The contract of paths, in which nothing is concluded of resources. */
const contractFrom = (text: string): Promise<Contract> =>
  contractOf(`${head}${text}`, { inferredRules: false });

const id = '{ type: string }';
const ok = (schema: string, more = ''): string =>
  `{ description: OK, content: { application/json: { schema: ${schema} } }${more} }`;
const path = (name: string): string =>
  `{ name: ${name}, in: path, required: true, schema: { type: string }, example: documented }`;

/** A shop whose answers wrap what they are about, so that no rule can be concluded from its paths. */
const shop: Contract = await contractFrom(`
paths:
  /customers:
    post:
      operationId: addCustomer
      responses: { '201': { description: Made, headers: { Location: { schema: { type: string } } } } }
  /customers/{customerId}/orders:
    get:
      operationId: ordersOf
      parameters: [${path('customerId')}]
      responses: { '200': ${ok('{ type: array, items: { type: object } }')}, '404': { description: None } }
  /products:
    get:
      operationId: listProducts
      responses: { '200': ${ok(`{ type: object, properties: { data: { type: array, items: { type: object, properties: { id: ${id}, title: { type: string } } } } } }`)} }
  /products/{productId}:
    get:
      operationId: getProduct
      parameters: [${path('productId')}]
      responses: { '200': ${ok('{ type: object }')}, '404': { description: None } }
    delete:
      operationId: deleteProduct
      parameters: [${path('productId')}]
      responses: { '204': { description: Gone }, '404': { description: None } }
  /orders:
    post:
      operationId: addOrder
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [product_id, customer]
              properties: { product_id: ${id}, customer: { type: object, required: [id], properties: { id: ${id} } } }
            example: { product_id: p-documented, customer: { id: c-documented } }
      responses: { '201': ${ok(`{ type: object, properties: { order: { type: object, properties: { id: ${id} } } } }`)}, '404': { description: None } }
  /orders/{orderId}:
    get:
      operationId: getOrder
      parameters: [${path('orderId')}]
      responses: { '200': ${ok('{ type: object }')}, '404': { description: None } }
    delete:
      operationId: deleteOrder
      parameters: [${path('orderId')}]
      responses: { '204': { description: Gone }, '404': { description: None } }
  /invoices:
    get:
      operationId: listInvoices
      parameters: [{ name: order_id, in: query, required: true, schema: ${id} }]
      responses: { '200': ${ok('{ type: array, items: { type: object } }')}, '404': { description: None } }
  /gadgets/{gadgetId}:
    get:
      operationId: getGadget
      parameters: [${path('gadgetId')}]
      responses: { '200': ${ok('{ type: object }')}, '404': { description: None } }
`);

/** What a server has been asked: method, path and content. */
type Log = string[];

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** A correct server of the shop; ids are such as nobody could guess. `broken`: nobody can be made a customer. */
function shopServer(log: Log, broken = false): RequestListener {
  let count = 0;
  const customers = new Set<string>();
  const orders = new Set<string>();
  const products = new Set(['p-7f3', 'p-91c']);
  const next = (kind: string): string => {
    count += 1;
    return `${kind}-${count}-x`;
  };
  return async (request, response) => {
    const content = await read(request);
    const { method = '', url = '' } = request;
    const [route = '', query = ''] = url.split('?');
    const answer = (status: number, value?: unknown, fields: Record<string, string> = {}): void => {
      log.push(`${method} ${url} ${status}`);
      const type = value === undefined ? {} : { 'content-type': 'application/json' };
      response.writeHead(status, { ...type, ...fields });
      response.end(value === undefined || method === 'HEAD' ? undefined : JSON.stringify(value));
    };
    const [, kind, key = '', below] = route.split('/');
    const isRead = method === 'GET' || method === 'HEAD';
    if (kind === 'customers' && method === 'POST' && key === '') {
      if (broken) return answer(503);
      const made = next('c');
      customers.add(made);
      return answer(201, undefined, { location: `/customers/${made}` });
    }
    if (kind === 'customers' && isRead && below === 'orders')
      return customers.has(key) ? answer(200, []) : answer(404);
    if (kind === 'products' && isRead && key === '')
      return answer(200, { data: [...products].map((each) => ({ id: each, title: 'x' })) });
    if (kind === 'products' && isRead) return products.has(key) ? answer(200, {}) : answer(404);
    if (kind === 'products' && method === 'DELETE') return products.delete(key) ? answer(204) : answer(404);
    if (kind === 'orders' && method === 'POST' && key === '') {
      const [, product = ''] = /"product_id": ?"([^"]*)"/.exec(content) ?? [];
      const [, customer = ''] = /"customer": ?\{"id": ?"([^"]*)"/.exec(content) ?? [];
      if (!products.has(product) || !customers.has(customer)) return answer(404);
      const made = next('o');
      orders.add(made);
      return answer(201, { order: { id: made } });
    }
    if (kind === 'orders' && isRead && key !== '') return orders.has(key) ? answer(200, {}) : answer(404);
    if (kind === 'orders' && method === 'DELETE') return orders.delete(key) ? answer(204) : answer(404);
    if (kind === 'invoices' && isRead)
      return orders.has(new URLSearchParams(query).get('order_id') ?? '') ? answer(200, []) : answer(404);
    if (kind === 'gadgets' && isRead) return answer(404);
    answer(405);
  };
}

const phases = ['examples'] as const;

describe('what others have answered', () => {
  test('is what operations are called with: by path, query and content, from a list, a wrapped answer and a Location', async () => {
    const log: Log = [];
    const { finished, titles } = await told(shop, await served(shopServer(log)), { phases });
    expect(titles).toEqual([]);
    const reached = (start: RegExp): boolean => log.some((line) => start.test(line));
    expect(reached(/^GET \/customers\/c-\d+-x\/orders 200/)).toBe(true);
    expect(reached(/^GET \/products\/p-7f3 200/)).toBe(true);
    expect(reached(/^POST \/orders 201/)).toBe(true);
    expect(reached(/^GET \/orders\/o-\d+-x 200/)).toBe(true);
    expect(reached(/^DELETE \/orders\/o-\d+-x 204/)).toBe(true);
    expect(reached(/^GET \/invoices\?order_id=o-\d+-x 200/)).toBe(true);
    expect(finished.complete).toBe(true);
  });

  test('deletes what the run has made itself, and nothing that was there before', async () => {
    const log: Log = [];
    await told(shop, await served(shopServer(log)), { phases: ['examples', 'schema'] });
    const deleted = log.filter((line) => line.startsWith('DELETE') && line.endsWith(' 204'));
    expect(deleted.length).toBeGreaterThan(0);
    expect(deleted.every((line) => /^DELETE \/orders\/o-/.test(line))).toBe(true);
  });

  test('comes before what deletes', async () => {
    const log: Log = [];
    await told(shop, await served(shopServer(log)), { phases });
    const last = log.findLastIndex((line) => /^GET \/(?:orders|invoices|customers|gadgets)/.test(line));
    expect(log.findIndex((line) => line.startsWith('DELETE'))).toBeGreaterThan(last);
  });

  test('gives way to the documented example where nobody gives an id, and where who gives it fails', async () => {
    const log: Log = [];
    const { findings } = await told(shop, await served(shopServer(log, true)), { phases });
    expect(log).toContain('GET /gadgets/documented 404');
    expect(log).toContain('GET /customers/documented/orders 404');
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ endpoint }) => endpoint)).toEqual(['POST /customers']);
  });

  test('is only looked for by safe methods where others are not called', async () => {
    const log: Log = [];
    await told(shop, await served(shopServer(log)), { safe: true, phases });
    expect(log).toContain('GET /products/p-7f3 200');
    expect(log.filter((line) => /^(?:POST|DELETE|PUT|PATCH)/.test(line))).toEqual([]);
  });

  test('is given by whoever asks before by whatever answers', async () => {
    const log: Log = [];
    const inputs = async ({ name }: { name: string }) =>
      name === 'orderId'
        ? ({ kind: 'value', value: 'o-of-mine', fresh: false } as const)
        : ({ kind: 'none', reason: 'nobody has it' } as const);
    await told(shop, await served(shopServer(log)), { phases, inputs });
    expect(log).toContain('GET /orders/o-of-mine 404');
  });
});

/** Users whose address alone tells what they are called with: nothing but links says that these go together. */
const linked: Contract = await contractFrom(`
paths:
  /sign-ups:
    post:
      operationId: signUp
      responses:
        '201':
          description: Made
          content: { application/json: { schema: { type: object, properties: { handle: { type: string }, mail: { type: string } } } } }
          links:
            profile: { operationId: profile, parameters: { path.who: $response.body#/handle } }
            letter:
              operationRef: '#/paths/~1letters/post'
              requestBody: { to: $response.body#/mail, subject: Welcome }
  /people/{who}:
    get:
      operationId: profile
      parameters: [{ name: who, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: Here }, '404': { description: None } }
  /letters:
    post:
      operationId: write
      requestBody: { content: { application/json: { schema: { type: object, properties: { to: { type: string }, subject: { type: string } } } } } }
      responses: { '202': { description: Sent }, '422': { description: Nobody } }
`);

describe('links', () => {
  test('lead from what was answered to the operation that they name, with parameters and content', async () => {
    const log: Log = [];
    const listener: RequestListener = async (request, response) => {
      const content = await read(request);
      const { method = '', url = '' } = request;
      log.push(`${method} ${url} ${content}`.trim());
      const status =
        method === 'POST' ? (url === '/letters' ? 202 : 201) : url === '/people/asha-9' ? 200 : 404;
      const isMade = url === '/sign-ups' && method === 'POST';
      response.writeHead(status, isMade ? { 'content-type': 'application/json' } : {});
      response.end(isMade ? '{"handle":"asha-9","mail":"asha@nine"}' : undefined);
    };
    const { titles } = await told(linked, await served(listener), { phases });
    expect(titles).toEqual([]);
    expect(log).toContain('GET /people/asha-9');
    expect(log).toContain('POST /letters {"to":"asha@nine","subject":"Welcome"}');
    const first = log.findIndex((line) => line.startsWith('GET /people/'));
    expect(log.slice(0, first)).toContain('POST /sign-ups');
  });
});

test('an id that was only guessed makes no error, documented or not', async () => {
  const guessed = await contractFrom(`
paths:
  /gizmos/{gizmoId}: { get: { parameters: [{ name: gizmoId, in: path, required: true, schema: { type: string } }], responses: { '200': { description: Here } } } }
`);
  const listener: RequestListener = (_, response) => void response.writeHead(404).end();
  const { findings } = await told(guessed, await served(listener), { phases });
  expect(findings.map(({ severity, check: by }) => `${severity} ${by}`)).toEqual([
    'note status-code-conformance',
  ]);
});

it('is nothing that rules of the contract already say', async () => {
  const ruled = await contractFrom(`
x-state: { things: {} }
paths:
  /things:
    post:
      operationId: make
      responses: { '201': ${ok(`{ type: object, properties: { id: ${id} } }`)} }
      x-transitions: [{ name: made, response: '201', content: { id: a }, effects: [{ put: things, key: $response.body#/id, value: {} }] }]
  /things/{thingId}:
    get:
      operationId: show
      parameters: [${path('thingId')}]
      responses: { '200': ${ok('{ type: object }')}, '404': { description: None } }
      x-transitions: [{ name: shown, guard: [{ in: things, key: $request.path.thingId }], response: '200' }, { name: unknown, response: '404' }]
`);
  const { workflows, setups } = planOf(ruled, { seed: 1 });
  const called = [...workflows.map(({ workflow }) => workflow), ...setups.values()].flatMap(
    ({ steps }) => steps,
  );
  expect(called.some(({ call }) => call.kind === 'workflow' && call.mayFail === true)).toBe(false);
});
