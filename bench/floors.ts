/** The floors that the mock is measured against: the least code that gives the same answers on the same framework. */

import { randomUUID } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Hono } from 'hono';
import jws from 'jws';
import type { Contract, Json } from '../openapi/index.js';

const user = {
  _id: '39501T',
  image_url: null,
  language: 'hi-IN',
  name: 'Sri',
  phone_number: '917254326789',
  roles: { default: ['129487316'] },
};
const revoked = { description: 'The token has been revoked.', error: 'token_revoked' };
const days = 24 * 60 * 60;

/** A server that remembers nothing and looks at no credential. It parses the content, and signs both tokens anew. */
export function floor(isValid: (content: Json) => boolean): Hono {
  const app = new Hono();
  app.post('/api/v1/login', async (context) => {
    const content: Json = await context.req.json();
    if (!isValid(content)) return context.json({ title: 'The request breaks the contract' }, 400);
    return context.json({ access_token: token('access', 10), refresh_token: token('refresh', 60) });
  });
  app.get('/api/v1/get_current_user', (context) => context.json(user));
  app.post('/api/v1/logout', (context) => context.json(revoked, 401));
  return app;
}

/** The check of the second floor: the contract's own schema of the content of login, compiled by Ajv. */
export function loginCheck({ document }: Contract): (content: Json) => boolean {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  ajv.addSchema(document, 'contract');
  const place = '/paths/~1api~1v1~1login/post/requestBody/content/application~1json/schema';
  const validate = ajv.compile({ $ref: `contract#${place}` });
  return (content) => validate(content) === true;
}

function token(type: 'access' | 'refresh', lifetime: number): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { fresh: type === 'access', iat, jti: randomUUID(), type, sub: user._id, nbf: iat };
  return jws.sign({
    header: { alg: 'HS256', typ: 'JWT' },
    payload: { ...claims, exp: iat + lifetime * days },
    secret: 'a secret of the benchmark',
  });
}
