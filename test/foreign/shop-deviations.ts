/** What is broken about the shop, one thing a row, and how the check finds it. */

import { isObject } from '../../openapi/json.js';
import type { Row } from './deviations.js';
import { answerOf, change, jsonOf } from './planted.js';

const isOne = (path: string, of: string): boolean => new RegExp(`^/${of}/[^/?]+$`).test(path);
const isAll = (path: string, of: string): boolean => new RegExp(`^/${of}(?:\\?|$)`).test(path);

/** What is wrong with messages, and with who is let in. */
export const shopMessages: readonly Row[] = [
  {
    id: 'a status that is not the documented one',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'DELETE' && isOne(path, 'products') && answer.status === 204) answer.status = 202;
      },
    }),
    found:
      /^note status-code-conformance DELETE \/products\/\{productId\}: answered 202, which is not documented/,
    calls: 2,
    also: [
      /^note state-conformance \w+ \/products\/\{productId\}: answered as \w+, though the rules permit only/,
    ],
  },
  {
    id: 'a number is a text',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'GET' && isAll(path, 'products') && answer.status === 200)
          change(answer, (value) => ({ ...value, total: String(value.total) }));
      },
    }),
    found: /^error response-schema-conformance GET \/products: \/total must be of type integer/,
    calls: 1,
  },
  {
    id: 'an instant is written as people do',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'GET' && isOne(path, 'carts') && answer.status === 200)
          change(answer, (value) => ({ ...value, createdAt: '22.11.2026 14:00' }));
      },
    }),
    found:
      /^error response-schema-conformance GET \/carts\/\{cartId\}: \/createdAt must match format "date-time"/,
    calls: 2,
  },
  {
    id: 'a text is taken for a number',
    deviation: () => ({
      before(sent, behind) {
        const value = jsonOf(sent);
        const isText =
          isObject(value) && typeof value.priceCents === 'string' && /^\d+$/.test(value.priceCents);
        if (sent.method !== 'POST' || !isAll(sent.path, 'products') || !isText) return undefined;
        const read = { ...value, priceCents: Number(value.priceCents) % 1_000_000 };
        return behind({ ...sent, content: Buffer.from(JSON.stringify(read)) });
      },
    }),
    found: /^error negative-data-rejection POST \/products: .*body \/priceCents must be of type integer/,
    calls: 1,
  },
  {
    id: 'a member that nobody knows is taken',
    deviation: () => ({
      before(sent, behind) {
        const value = jsonOf(sent);
        if (sent.method !== 'POST' || !isAll(sent.path, 'carts') || !isObject(value)) return undefined;
        const { currency, note, ...others } = value;
        if (Object.keys(others).length === 0) return undefined;
        const known = { currency, ...(note === undefined ? {} : { note }) };
        return behind({ ...sent, content: Buffer.from(JSON.stringify(known)) });
      },
    }),
    found: /^error negative-data-rejection POST \/carts: .*body \/\w+ is not a known member/,
    calls: 1,
  },
  {
    id: '500 at the end of a range',
    deviation: () => ({
      before: ({ method, path }) =>
        method === 'GET' && /^\/products\?.*limit=50(?:&|$)/.test(path)
          ? answerOf(500, { statusCode: 500, message: 'oh' })
          : undefined,
    }),
    found: /^error not-a-server-error GET \/products: answered 500/,
    calls: 1,
  },
  {
    id: 'an error tells where the server stands',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'POST' && isAll(path, 'products') && answer.status === 400)
          change(answer, (value) => ({
            ...value,
            message:
              'TypeError: no\n    at validate (/srv/shop/routes/products.js:41:17)\n    at run (/srv/shop/app.js:9:3)',
          }));
      },
    }),
    found: /^(?:error|note) error-leak POST \/products: /,
    calls: 1,
  },
  {
    id: 'a request without a token is let in',
    deviation: () => {
      let right: string | undefined;
      return {
        before(sent) {
          const { authorization } = sent.fields;
          if (/^Bearer \S{32}$/.test(authorization ?? '')) right ??= authorization;
          if (
            sent.method === 'POST' &&
            isAll(sent.path, 'carts') &&
            authorization === undefined &&
            right !== undefined
          )
            sent.fields.authorization = right;
          return undefined;
        },
      };
    },
    found: /^error ignored-authentication POST \/carts: a request without a credential succeeds/,
    calls: 1,
  },
  {
    id: '401 without a challenge',
    deviation: () => ({
      after(answer) {
        if (answer.status === 401) delete answer.fields['www-authenticate'];
      },
    }),
    found: /^note challenge-present .*401 comes without the field WWW-Authenticate/,
    calls: 1,
  },
];

/** What is wrong with what is kept. */
export const shopState: readonly Row[] = [
  {
    id: 'what is created is not there',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method !== 'GET' || !isOne(path, 'orders') || answer.status !== 200) return;
        answer.status = 404;
        change(answer, () => ({ statusCode: 404, message: 'no such order' }));
      },
    }),
    found:
      'an order takes a cart, of which no rule speaks: it is told as not exercised, every valid request being refused with 404',
    calls: 3,
  },
  {
    id: 'what is deleted twice is deleted twice',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'DELETE' && isOne(path, 'carts') && answer.status === 404) {
          answer.status = 204;
          answer.content = Buffer.alloc(0);
          delete answer.fields['content-type'];
        }
      },
    }),
    found:
      'to delete what is gone may be answered like to delete it: DELETE is idempotent (RFC 9110, section 9.2.2)',
    calls: 3,
  },
  {
    id: 'an id is another one after a change',
    deviation: () => ({
      after(answer, { method, path }) {
        if (method === 'PUT' && isOne(path, 'products') && answer.status === 200)
          change(answer, (value) => ({ ...value, id: Number(value.id) + 1000 }));
      },
    }),
    found:
      /^note state-conformance PUT \/products\/\{productId\}: (?:answered as put-again|replace is answered with another)/,
    calls: 2,
  },
];
