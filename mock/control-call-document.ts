/** The webhooks and callbacks in the document of the control API. */

import type { PathsObject } from 'openapi3-ts/oas31';
import { callOrders } from './control-call-schemas.js';
import { badRequest, contentRefusals, json, operation, problem } from './control-document-parts.js';
import { controlPrefix } from './mount.js';

const here = 'http://127.0.0.1:3000/hook';

/** The paths of both. */
export const callPaths: PathsObject = {
  ...pathsOf('webhook', 'Webhooks', 'What the APIs send by themselves'),
  ...pathsOf('callback', 'Callbacks', 'What the APIs send when an operation has been answered'),
};

function pathsOf(
  kind: 'webhook' | 'callback',
  schema: 'Webhooks' | 'Callbacks',
  summary: string,
): PathsObject {
  return {
    [`${controlPrefix}/${kind}s`]: {
      get: operation(`read${schema}`, summary, { '200': json(schema, 'Each of them, with what it sends.') }),
    },
    [`${controlPrefix}/${kind}s/{name}`]: {
      post: operation(
        `deliver${schema.slice(0, -1)}`,
        `Deliver a ${kind} once`,
        {
          '200': json('Call', 'What was sent, and what came back; or why nothing did.'),
          '400': badRequest('"url" must be a whole http or https URL.'),
          '404': problem(
            'unknown-path',
            `No API has a ${kind} of this name.`,
            `There is no ${kind} "order-sent" here, only order-shipped.`,
          ),
          ...contentRefusals(`{"url": "${here}"}`, 1024 * 1024),
        },
        {
          description: `It goes to this machine only, unless the mock was started with more hosts that it may call. It stands in the journal like any other.`,
          parameters: [
            {
              name: 'name',
              in: 'path',
              required: true,
              description: `The name of the ${kind} in the contract.`,
              schema: { type: 'string' },
            },
          ],
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: callOrders[kind],
                examples: {
                  first: { value: { url: here } },
                  'by-example': { value: { url: here, example: 'by-train' } },
                  'as-said': { value: { url: here, body: { order: 17 } } },
                },
              },
            },
          },
        },
      ),
    },
  };
}
