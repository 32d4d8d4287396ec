/** openapi-mock-express-middleware in an Express app, as its documentation has it: `openapi-mock-express.mjs DOCUMENT PORT`. */

import express from 'express';
import middleware from 'openapi-mock-express-middleware';

const [, , spec, port] = process.argv;
express().use(middleware.createMockMiddleware({ spec })).listen(Number(port), '127.0.0.1');
