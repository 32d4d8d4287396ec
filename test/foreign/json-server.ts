/** json-server 0.17 as a module, with the types that it does not bring along. */

import type { IncomingMessage, RequestListener } from 'node:http';
import { createRequire } from 'node:module';

type Request = IncomingMessage & { url: string; method: string; body?: unknown; _body?: boolean };
type Response = {
  set(fields: Readonly<Record<string, string>>): Response;
  status(code: number): Response;
  json(value: unknown): Response;
};
type Handler = (request: Request, response: Response, next: () => void) => void;
type App = RequestListener & { use(handler: Handler): void };

const jsonServer: { create(): App; router(state: object): Handler } = createRequire(import.meta.url)(
  'json-server',
);

export default jsonServer;
