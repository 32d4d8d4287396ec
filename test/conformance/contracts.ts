/** Small contracts for the tests of plans and runs: each as YAML text with its rules, beside the shipped ones. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { loadAuthoredWorkflows, loadWorkflows } from '../../openapi/arazzo/arazzo.js';
import type { Workflow } from '../../openapi/arazzo/workflow.js';
import { type Contract, loadContract } from '../../openapi/index.js';
import type { LoadOptions } from '../../openapi/load.js';
import { sessionCalls } from '../contracts/session-calls.js';

const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-run-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

let written = 0;

/** Test files share this module, and each of them removes the folder at its end. */
async function write(file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(file, text);
}

/** The contract of a YAML text. */
export async function contractOf(text: string, options?: LoadOptions): Promise<Contract> {
  written += 1;
  const file = path.join(folder, `contract-${written}.yaml`);
  await write(file, text);
  return loadContract(file, options);
}

/** The workflows of an Arazzo text; what is before them is added. */
export async function workflowsOf(contract: Contract, text: string): Promise<readonly Workflow[]> {
  const url = path.basename(contract.files[0] ?? '');
  return loaded(
    contract,
    `arazzo: 1.0.1
info: { title: Journeys, version: '1' }
sourceDescriptions: [{ name: api, url: ${url}, type: openapi }]
workflows:
${text}`,
  );
}

/** The workflows of a whole Arazzo document, read from a file as any other. */
export async function loaded(contract: Contract, text: string): Promise<readonly Workflow[]> {
  written += 1;
  const file = path.join(
    path.dirname(contract.files[0] ?? folder),
    `workflows-${process.pid}-${written}.yaml`,
  );
  const inFolder = file.startsWith(folder) ? file : path.join(folder, path.basename(file));
  await write(inFolder, text);
  return loadWorkflows(inFolder, contract);
}

/** The session calls of the shipped APIs: enough of rules and workflows for most tests, and soon gone through. */
export const matar: Contract = await loadContract(await sessionCalls('matar'));
export const xerial: Contract = await loadContract(await sessionCalls('xerial'));
export const authored: ReadonlyMap<Contract, readonly Workflow[]> = new Map([
  [matar, await loadAuthoredWorkflows(matar)],
  [xerial, await loadAuthoredWorkflows(xerial)],
]);

const json = (schema: string, examples: string): string =>
  `{ description: As said., content: { application/json: { schema: { $ref: '#/components/schemas/${schema}' }, examples: { ${examples} } } } }`;

const problem = (name: string, text: string): string =>
  json('Problem', `${name}: { value: { problem: ${text} } }`);

/** Orders, made, read and cancelled: ids are the server's, an order is cancelled once, and nobody logs in. */
export const orders: Contract = await contractOf(`openapi: 3.1.1
info: { title: Orders, version: '1' }
x-state: { orders: {}, cancelled: {} }
paths:
  /orders:
    post:
      operationId: createOrder
      tags: [Writing]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/New' }
            examples: { tea: { value: { what: tea, count: 2 } } }
      responses:
        '201': ${json('Order', 'made: { value: { id: ABC123, what: tea, count: 2 } }')}
        '400': ${problem('invalid', 'invalid order')}
      x-transitions:
        - name: made
          response: 201#made
          content: { id: { $generate: '#/components/schemas/Id' }, what: $request.body#/what, count: $request.body#/count }
          effects: [{ put: orders, key: $response.body#/id, value: $response.body }]
  /orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: readOrder
      tags: [Reading]
      responses:
        '200': ${json('Order', 'made: { value: { id: ABC123, what: tea, count: 2 } }')}
        '404': ${problem('unknown', 'no such order')}
        '410': ${problem('gone', 'cancelled')}
      x-transitions:
        - name: gone
          guard: [{ in: cancelled, key: $request.path.id }]
          response: 410#gone
        - name: shown
          guard: [{ in: orders, key: $request.path.id, as: order }]
          response: 200#made
          content: $state.order
        - { name: unknown, response: 404#unknown }
    delete:
      operationId: cancelOrder
      tags: [Writing]
      responses:
        '204': { description: Cancelled. }
        '404': ${problem('unknown', 'no such order')}
        '409': ${problem('already', 'cancelled already')}
      x-transitions:
        - name: cancelled-already
          guard: [{ in: cancelled, key: $request.path.id }]
          response: 409#already
        - name: cancelled
          guard: [{ in: orders, key: $request.path.id }]
          response: '204'
          effects: [{ put: cancelled, key: $request.path.id, value: {} }]
        - { name: not-there, response: 404#unknown }
components:
  schemas:
    Id: { type: string, pattern: '^[A-Z]{3}[0-9]{6}$' }
    New:
      type: object
      additionalProperties: false
      required: [what, count]
      properties:
        what: { type: string, minLength: 1, maxLength: 20 }
        count: { type: integer, minimum: 1, maximum: 9 }
    Order:
      type: object
      required: [id, what, count]
      properties: { id: { type: string }, what: { type: string }, count: { type: integer } }
    Problem: { type: object, required: [problem], properties: { problem: { type: string } } }
`);

/** A shop that is opened by a key which only its owner can give; baskets are of whoever holds the key. */
export const shop: Contract = await contractOf(`openapi: 3.1.1
info: { title: Shop, version: '1' }
x-state:
  keys: { key-0a1b2c3d: { owner: anna } }
  baskets: {}
security: [{ key: [] }]
paths:
  /baskets:
    post:
      operationId: openBasket
      responses:
        '201': ${json('Basket', 'opened: { value: { id: b-1 } }')}
        '401': { $ref: '#/components/responses/Refused' }
      x-transitions:
        - name: opened
          guard: [{ in: keys, key: $credential, as: holder }]
          response: 201#opened
          content: { id: { $generate: { type: string, format: uuid } } }
          effects: [{ put: baskets, key: $response.body#/id, value: { owner: $state.holder#/owner } }]
  /baskets/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: seeBasket
      responses:
        '200': ${json('Basket', 'opened: { value: { id: b-1 } }')}
        '401': { $ref: '#/components/responses/Refused' }
        '404': ${problem('unknown', 'no such basket')}
      x-transitions:
        - name: seen
          guard: [{ in: baskets, key: $request.path.id }]
          response: 200#opened
          content: { id: $request.path.id }
        - { name: unseen, response: 404#unknown }
components:
  securitySchemes:
    key:
      type: apiKey
      in: header
      name: X-Api-Key
      x-transitions:
        - { name: no-key, guard: [{ absent: $credential }], response: 401#refused }
        - { name: unknown-key, guard: [{ not: { in: keys, key: $credential } }], response: 401#refused }
  responses:
    Refused: ${problem('refused', 'a key is needed')}
  schemas:
    Basket: { type: object, required: [id], properties: { id: { type: string } } }
    Problem: { type: object, required: [problem], properties: { problem: { type: string } } }
`);

/** One operation of which nothing is known but its schemas. */
export const plain: Contract = await contractOf(`openapi: 3.1.1
info: { title: Plain, version: '1' }
paths:
  /sums:
    get:
      operationId: sum
      parameters:
        - { name: a, in: query, required: true, schema: { type: integer, minimum: 0, maximum: 9 }, example: 1 }
      responses:
        '200':
          description: The sum.
          content: { application/json: { schema: { type: object, required: [sum], properties: { sum: { type: integer } } }, example: { sum: 2 } } }
        '400': { description: No number. }
`);

/** A club: whoever tells a name gets a badge, which opens the door for two minutes or until it is handed back. */
export const club: Contract = await contractOf(`openapi: 3.1.1
info: { title: Club, version: '1' }
x-state: { badges: {}, returned: {} }
paths:
  /badges:
    post:
      operationId: enter
      requestBody:
        required: true
        content:
          application/json:
            schema: { type: object, required: [name], properties: { name: { type: string, minLength: 1 } } }
            examples: { anna: { value: { name: anna } } }
      responses:
        '200': ${json('Badge', 'badge: { value: { badge: b1 } }')}
        '400': ${problem('nameless', 'no name')}
      x-transitions:
        - name: entered
          response: 200#badge
          content: { badge: { $generate: { type: string, format: uuid } } }
          effects: [{ put: badges, key: $response.body#/badge, value: { name: $request.body#/name }, lifetime: PT2M }]
  /door:
    get:
      operationId: openDoor
      security: [{ badge: [] }]
      responses:
        '200': ${json('Hello', 'hello: { value: { hello: anna } }')}
        '401': { $ref: '#/components/responses/Closed' }
      x-transitions:
        - name: opened
          guard: [{ in: badges, key: $credential, as: badge }]
          response: 200#hello
          content: { hello: $state.badge#/name }
  /exit:
    post:
      operationId: leave
      security: [{ badge: [] }]
      responses:
        '204': { description: Gone. }
        '401': { $ref: '#/components/responses/Closed' }
      x-transitions:
        - name: left
          response: '204'
          effects: [{ put: returned, key: $credential, value: {} }]
components:
  securitySchemes:
    badge:
      type: http
      scheme: bearer
      x-transitions:
        - { name: no-badge, guard: [{ absent: $credential }], response: 401#none }
        - { name: returned, guard: [{ in: returned, key: $credential }], response: 401#returned }
        - { name: run-out, guard: [{ in: badges, key: $credential, expired: true }], response: 401#run-out }
        - { name: unknown-badge, guard: [{ not: { in: badges, key: $credential } }], response: 401#unknown }
  responses:
    Closed: ${json(
      'Problem',
      'none: { value: { problem: no badge } }, returned: { value: { problem: handed back } }, run-out: { value: { problem: run out } }, unknown: { value: { problem: unknown badge } }',
    )}
  schemas:
    Badge: { type: object, required: [badge], properties: { badge: { type: string } } }
    Hello: { type: object, required: [hello], properties: { hello: { type: string } } }
    Problem: { type: object, required: [problem], properties: { problem: { type: string } } }
`);
