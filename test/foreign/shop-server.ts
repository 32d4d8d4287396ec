/** A shop on fastify: products, carts and orders in memory, behind tokens of its own. Its document is made of its routes, by the server itself. */

import { randomBytes, randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Running } from './todo-server.js';

/** The client that is known to it; the secret has characters that a form escapes. */
export const client = 'shop-check:s&cret/%41';

const error = {
  $id: 'Error',
  type: 'object',
  required: ['statusCode', 'message'],
  properties: { statusCode: { type: 'integer' }, error: { type: 'string' }, message: { type: 'string' } },
} as const;

const productMembers = {
  sku: { type: 'string', pattern: '^[A-Z]{3}-[0-9]{3}$' },
  name: { type: 'string', minLength: 1, maxLength: 80 },
  category: { type: 'string', enum: ['books', 'garden', 'kitchen'] },
  priceCents: { type: 'integer', minimum: 0, maximum: 1_000_000 },
  stock: { type: 'integer', minimum: 0, maximum: 10_000 },
  tags: {
    type: 'array',
    maxItems: 5,
    uniqueItems: true,
    items: { type: 'string', minLength: 1, maxLength: 20 },
  },
} as const;

const newProduct = {
  $id: 'NewProduct',
  type: 'object',
  required: ['sku', 'name', 'priceCents'],
  additionalProperties: false,
  properties: productMembers,
} as const;

const product = {
  $id: 'Product',
  type: 'object',
  required: ['id', 'sku', 'name', 'priceCents', 'stock'],
  properties: { id: { type: 'integer', minimum: 1 }, ...productMembers },
} as const;

const cart = {
  $id: 'Cart',
  type: 'object',
  required: ['id', 'currency', 'lines', 'createdAt'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    currency: { type: 'string', enum: ['EUR', 'GBP', 'USD'] },
    note: { type: 'string', maxLength: 200 },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        required: ['productId', 'quantity'],
        properties: {
          productId: { type: 'integer' },
          quantity: { type: 'integer', minimum: 1, maximum: 99 },
        },
      },
    },
    createdAt: { type: 'string', format: 'date-time' },
  },
} as const;

const order = {
  $id: 'Order',
  type: 'object',
  required: ['id', 'cartId', 'status'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    cartId: { type: 'string', format: 'uuid' },
    status: { type: 'string', enum: ['placed', 'cancelled'] },
  },
} as const;

type Product = { id: number; stock: number } & Record<string, unknown>;
type Cart = {
  id: string;
  currency: string;
  note?: string;
  lines: { productId: number; quantity: number }[];
  createdAt: string;
};
type Order = { id: string; cartId: string; status: 'placed' | 'cancelled' };

const reference = (name: string) => ({ $ref: `${name}#` });
const says = (description: string, name: string) => ({ description, ...reference(name) });
const refusals = { 401: says('No token.', 'Error'), 403: says('Not with this token.', 'Error') };
const wrong = { 400: says('Not what is described.', 'Error'), 415: says('Only JSON is read.', 'Error') };
const none = { 404: says('There is no such thing.', 'Error') };
const gone = { 204: { description: 'It is gone.', type: 'null' } };
const catalogue = [{ oauth: ['catalogue'] }];
const shop = [{ oauth: ['shop'] }];
const productId = { type: 'object', properties: { productId: { type: 'integer', minimum: 1 } } } as const;
const cartId = { type: 'object', properties: { cartId: { type: 'string', format: 'uuid' } } } as const;
const orderId = { type: 'object', properties: { orderId: { type: 'string', format: 'uuid' } } } as const;

/** Begins to serve. Tokens hold for so many seconds. */
export async function shopServer(lifetime = 3600): Promise<Running & { readonly document: string }> {
  const app = fastify({ forceCloseConnections: true });
  const strict = addFormats.default(new Ajv({ strict: false, allErrors: false }));
  const reading = addFormats.default(new Ajv({ strict: false, coerceTypes: true }));
  for (const schema of [error, newProduct, product, cart, order]) {
    app.addSchema(schema);
    strict.addSchema(schema);
  }
  // Texts of a URL are read as what they stand for; a body is held to be what it should be, as it is.
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? strict : reading).compile(
      typeof schema === 'object' && schema !== null ? schema : {},
    ),
  );
  await app.register(swagger, {
    openapi: {
      openapi: '3.0.3',
      info: { title: 'Shop', version: '1.4.0' },
      components: {
        securitySchemes: {
          staff: { type: 'http', scheme: 'basic' },
          oauth: {
            type: 'oauth2',
            flows: {
              clientCredentials: {
                tokenUrl: '/oauth/token',
                scopes: { catalogue: 'Change what is sold.', shop: 'Buy.' },
              },
            },
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  });

  const tokens = new Map<string, { readonly until: number; readonly scopes: readonly string[] }>();
  const fail = (reply: FastifyReply, statusCode: number, message: string) =>
    reply.code(statusCode).send({ statusCode, message });
  const access =
    (scope: string) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      const [, sent = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
      const known = tokens.get(sent);
      if (known === undefined || known.until <= Date.now()) {
        reply.header('www-authenticate', 'Bearer realm="shop"');
        return fail(reply, 401, 'a token is needed');
      }
      return known.scopes.includes(scope) ? undefined : fail(reply, 403, 'the token is for something else');
    };

  // Its clients must say who they are in the content, and nowhere else.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (request, body, done) =>
      request.url === '/oauth/token'
        ? done(null, new URLSearchParams(String(body)))
        : done(Object.assign(new Error('Only JSON is read.'), { statusCode: 415 })),
  );
  app.post('/oauth/token', { schema: { hide: true } }, async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    if (form.get('grant_type') !== 'client_credentials')
      return reply.code(400).send({ error: 'unsupported_grant_type' });
    if (`${form.get('client_id')}:${form.get('client_secret')}` !== client)
      return reply.code(401).send({ error: 'invalid_client' });
    const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    if (scopes.some((scope) => scope !== 'catalogue' && scope !== 'shop'))
      return reply.code(400).send({ error: 'invalid_scope' });
    const token = randomBytes(24).toString('base64url');
    tokens.set(token, { until: Date.now() + lifetime * 1000, scopes });
    return { access_token: token, token_type: 'Bearer', expires_in: lifetime, scope: scopes.join(' ') };
  });

  const products = new Map<number, Product>([
    [1, { id: 1, sku: 'TEA-001', name: 'Teapot', category: 'kitchen', priceCents: 2450, stock: 12 }],
    [
      2,
      {
        id: 2,
        sku: 'SPA-002',
        name: 'Spade',
        category: 'garden',
        priceCents: 1900,
        stock: 3,
        tags: ['steel'],
      },
    ],
  ]);
  const carts = new Map<string, Cart>();
  const orders = new Map<string, Order>();
  let last = 2;

  app.get<{ Querystring: { limit?: number; offset?: number; category?: string } }>(
    '/products',
    {
      schema: {
        operationId: 'listProducts',
        querystring: {
          type: 'object',
          properties: {
            limit: { type: 'integer', minimum: 1, maximum: 50 },
            offset: { type: 'integer', minimum: 0 },
            category: { type: 'string', enum: ['books', 'garden', 'kitchen'] },
          },
        },
        response: {
          200: {
            description: 'Some of what is sold, and how much there is of it.',
            type: 'object',
            required: ['items', 'total'],
            properties: { items: { type: 'array', items: reference('Product') }, total: { type: 'integer' } },
          },
          400: wrong[400],
        },
      },
    },
    async ({ query: { limit = 20, offset = 0, category } }) => {
      const all = [...products.values()].filter(
        (each) => category === undefined || each.category === category,
      );
      return { items: all.slice(offset, offset + limit), total: all.length };
    },
  );
  app.post<{ Body: Record<string, unknown> }>(
    '/products',
    {
      schema: {
        operationId: 'addProduct',
        security: catalogue,
        body: reference('NewProduct'),
        response: {
          201: {
            ...says('It is sold from now on.', 'Product'),
            headers: { Location: { type: 'string', description: 'Where it is.' } },
          },
          ...wrong,
          ...refusals,
        },
      },
      onRequest: access('catalogue'),
    },
    async ({ body }, reply) => {
      last += 1;
      const made = { stock: 0, ...body, id: last };
      products.set(last, made);
      return reply.code(201).header('location', `/products/${last}`).send(made);
    },
  );
  app.get<{ Params: { productId: number } }>(
    '/products/:productId',
    {
      schema: {
        operationId: 'getProduct',
        params: productId,
        response: { 200: says('What is sold.', 'Product'), 400: wrong[400], ...none },
      },
    },
    async ({ params }, reply) => products.get(params.productId) ?? fail(reply, 404, 'no such product'),
  );
  app.put<{ Params: { productId: number }; Body: Record<string, unknown> }>(
    '/products/:productId',
    {
      schema: {
        operationId: 'replaceProduct',
        security: catalogue,
        params: productId,
        body: reference('NewProduct'),
        response: { 200: says('As it is now.', 'Product'), ...wrong, ...refusals, ...none },
      },
      onRequest: access('catalogue'),
    },
    async ({ params, body }, reply) => {
      if (!products.has(params.productId)) return fail(reply, 404, 'no such product');
      const made = { stock: 0, ...body, id: params.productId };
      products.set(params.productId, made);
      return made;
    },
  );
  app.delete<{ Params: { productId: number } }>(
    '/products/:productId',
    {
      schema: {
        operationId: 'removeProduct',
        security: catalogue,
        params: productId,
        response: { ...gone, 400: wrong[400], ...refusals, ...none },
      },
      onRequest: access('catalogue'),
    },
    async ({ params }, reply) =>
      products.delete(params.productId) ? reply.code(204).send() : fail(reply, 404, 'no such product'),
  );
  app.post<{ Body: { currency: string; note?: string } }>(
    '/carts',
    {
      schema: {
        operationId: 'openCart',
        security: shop,
        body: {
          type: 'object',
          required: ['currency'],
          additionalProperties: false,
          properties: { currency: cart.properties.currency, note: cart.properties.note },
        },
        response: { 201: says('An empty cart.', 'Cart'), ...wrong, ...refusals },
      },
      onRequest: access('shop'),
    },
    async ({ body }, reply) => {
      const made: Cart = { ...body, id: randomUUID(), lines: [], createdAt: new Date().toISOString() };
      carts.set(made.id, made);
      return reply.code(201).send(made);
    },
  );
  app.get<{ Params: { cartId: string } }>(
    '/carts/:cartId',
    {
      schema: {
        operationId: 'getCart',
        security: shop,
        params: cartId,
        response: { 200: says('The cart.', 'Cart'), 400: wrong[400], ...refusals, ...none },
      },
      onRequest: access('shop'),
    },
    async ({ params }, reply) => carts.get(params.cartId) ?? fail(reply, 404, 'no such cart'),
  );
  app.delete<{ Params: { cartId: string } }>(
    '/carts/:cartId',
    {
      schema: {
        operationId: 'dropCart',
        security: shop,
        params: cartId,
        response: { ...gone, 400: wrong[400], ...refusals, ...none },
      },
      onRequest: access('shop'),
    },
    async ({ params }, reply) =>
      carts.delete(params.cartId) ? reply.code(204).send() : fail(reply, 404, 'no such cart'),
  );
  app.put<{ Params: { cartId: string; productId: number }; Body: { quantity: number } }>(
    '/carts/:cartId/lines/:productId',
    {
      schema: {
        operationId: 'setLine',
        security: shop,
        params: {
          type: 'object',
          properties: { ...cartId.properties, ...productId.properties },
        },
        body: {
          type: 'object',
          required: ['quantity'],
          additionalProperties: false,
          properties: { quantity: { type: 'integer', minimum: 1, maximum: 99 } },
        },
        response: { 200: says('The cart with the line.', 'Cart'), ...wrong, ...refusals, ...none },
      },
      onRequest: access('shop'),
    },
    async ({ params, body }, reply) => {
      const found = carts.get(params.cartId);
      if (found === undefined || !products.has(params.productId)) return fail(reply, 404, 'no such thing');
      const others = found.lines.filter((line) => line.productId !== params.productId);
      const lines = [...others, { productId: params.productId, quantity: body.quantity }];
      carts.set(found.id, { ...found, lines });
      return carts.get(found.id);
    },
  );
  app.post<{ Body: { cartId: string } }>(
    '/orders',
    {
      schema: {
        operationId: 'placeOrder',
        security: shop,
        body: {
          type: 'object',
          required: ['cartId'],
          additionalProperties: false,
          properties: cartId.properties,
        },
        response: {
          201: says('It is placed.', 'Order'),
          422: says('There is no such cart.', 'Error'),
          ...wrong,
          ...refusals,
        },
      },
      onRequest: access('shop'),
    },
    async ({ body }, reply) => {
      if (!carts.has(body.cartId)) return fail(reply, 422, 'no such cart');
      const made: Order = { id: randomUUID(), cartId: body.cartId, status: 'placed' };
      orders.set(made.id, made);
      return reply.code(201).send(made);
    },
  );
  app.get<{ Params: { orderId: string } }>(
    '/orders/:orderId',
    {
      schema: {
        operationId: 'getOrder',
        security: [{ staff: [] }, ...shop],
        params: orderId,
        response: { 200: says('The order.', 'Order'), 400: wrong[400], ...refusals, ...none },
      },
      onRequest: access('shop'),
    },
    async ({ params }, reply) => orders.get(params.orderId) ?? fail(reply, 404, 'no such order'),
  );
  app.get('/documentation/json', { schema: { hide: true } }, async () => app.swagger());
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, document: `${url}/documentation/json`, stop: () => app.close() };
}
