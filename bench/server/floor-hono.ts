/** The floor of the framework: the least code that gives the same answers on Hono and its server for Node. */

import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bearerOf, broken, type FloorAnswer, loginAnswer, logoutAnswer, userAnswer } from './answers.js';
import type { FloorRequest, Validators } from './validators.js';

/** Serves on a port. */
export async function serveHonoFloor(host: string, port: number, validators: Validators): Promise<void> {
  const app = new Hono();
  app.post('/api/v1/login', async (context) => {
    const fcmToken = context.req.header('fcm-token');
    const content = await context.req.json();
    const headers = fcmToken === undefined ? {} : { 'fcm-token': fcmToken };
    return answered(context, validators.login({ headers, content }) ? loginAnswer() : broken);
  });
  const guarded =
    (answer: (bearer: string | undefined) => FloorAnswer) =>
    (context: Context): Response => {
      const authorization = context.req.header('authorization');
      const request: FloorRequest = { headers: { authorization } };
      return answered(context, validators.guarded(request) ? answer(bearerOf(authorization)) : broken);
    };
  app.get('/api/v1/get_current_user', guarded(userAnswer));
  app.post('/api/v1/logout', guarded(logoutAnswer));
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  server.listen(port, host);
  await once(server, 'listening');
}

function answered(context: Context, { status, content }: FloorAnswer): Response {
  return context.json(content, status);
}
