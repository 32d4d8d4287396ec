/** The framework of the mock with one route and nothing else: `hono-alone.js PORT`. */

import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();
app.get('/api/v1/get_current_user', (context) => context.json({}));
serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: '127.0.0.1' });
