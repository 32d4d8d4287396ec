/** What the contract demands of a request, compiled by Ajv: the check of the floor that validates. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Contract, Json } from '../../openapi/index.js';

/** A request as a floor has read it. */
export type FloorRequest = {
  readonly headers: {
    readonly authorization?: string | undefined;
    readonly 'fcm-token'?: string | undefined;
  };
  readonly content?: Json;
};

export type Validators = {
  readonly login: (request: FloorRequest) => boolean;
  /** Of the calls that ask for no more than a token. */
  readonly guarded: (request: FloorRequest) => boolean;
};

/** Takes everything. */
export const noValidators: Validators = { login: () => true, guarded: () => true };

/** The contract's own schema of the content of login, its header, and the header of the calls with a token. */
export function compiledValidators({ document }: Contract): Validators {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  ajv.addSchema(document, 'contract');
  const place = '/paths/~1api~1v1~1login/post/requestBody/content/application~1json/schema';
  const login = ajv.compile({
    type: 'object',
    required: ['headers', 'content'],
    properties: {
      headers: { type: 'object', properties: { 'fcm-token': { type: 'string' } } },
      content: { $ref: `contract#${place}` },
    },
  });
  const guarded = ajv.compile({
    type: 'object',
    required: ['headers'],
    properties: {
      headers: {
        type: 'object',
        required: ['authorization'],
        properties: { authorization: { type: 'string', pattern: '^Bearer .' } },
      },
    },
  });
  return { login: (request) => login(request) === true, guarded: (request) => guarded(request) === true };
}
