/** What the flags of `counterfoil mock` do to the mock that it runs. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderWith, pets, post, startMock } from './process.js';

const here = 'http://localhost:5173';
const elsewhere = 'https://elsewhere.example';

/** A document with whatever a mock does by itself. */
const shop = `
openapi: 3.1.0
info: { title: Shop, version: '3' }
servers: [{ url: https://shop.example/v1 }, { url: https://shop.example/v2 }]
security: [{ oauth: [] }]
webhooks:
  restocked: { post: { responses: { '204': { description: Taken. } } } }
paths:
  /orders:
    post:
      operationId: order
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Ordered. } }
      callbacks:
        shipped:
          '{$request.body#/url}':
            post:
              requestBody: { content: { application/json: { example: { order: 17 } } } }
              responses: { '204': { description: Taken. } }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: /oauth/token, scopes: {} } } }
`;

async function shopFile(): Promise<string> {
  return `${await folderWith({ 'shop.yaml': shop })}/shop.yaml`;
}

/** A server that takes everything, and what it has taken. */
async function receiver(): Promise<{ url: string; taken: string[] }> {
  const taken: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => taken.push(text));
    request.on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const address: string | AddressInfo | null = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/hook`, taken };
}

describe('counterfoil mock', () => {
  test('--otp makes every one-time password that one', async () => {
    const mock = await startMock(['matar', '--otp', '00000']);
    const user = { phone_number: '919000000001', name: 'Asha' };
    await post(`${mock.url}/api/v1/login`, { ...user, action: 'send_otp' });
    await mock.printed(/sms to 919000000001: otp 00000$/m);
    const answer = await post(`${mock.url}/api/v1/login`, { ...user, action: 'submit_otp', otp: '00000' });
    expect(answer.status).toBe(200);
  });

  test('--no-control serves no control API', async () => {
    const mock = await startMock([pets, '--no-control']);
    expect((await fetch(`${mock.url}/__counterfoil`)).status).toBe(404);
    expect(mock.stdout()).not.toContain('Control');
  });

  test('--host asks for a token where other machines reach the control API, and prints it', async () => {
    const mock = await startMock([pets, '--host', '0.0.0.0']);
    const [, token = ''] = await mock.printed(/authorization: Bearer ([0-9a-f]{32})/);
    const control = `${mock.url}/__counterfoil`;
    expect(mock.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect((await fetch(control)).status).toBe(401);
    expect((await fetch(control, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  test('--control-token asks for that token, on this machine too', async () => {
    const mock = await startMock([pets, '--control-token', 'open-sesame']);
    const control = `${mock.url}/__counterfoil`;
    expect((await fetch(control)).status).toBe(401);
    expect((await fetch(control, { headers: { authorization: 'Bearer open-sesame' } })).status).toBe(200);
    expect(mock.stdout()).not.toContain('open-sesame');
  });

  test.each([
    ['any origin may call', [], { [here]: '*', [elsewhere]: '*' }],
    ['--cors lets some origins call', ['--cors', here], { [here]: here, [elsewhere]: null }],
    ['--no-cors lets none call', ['--no-cors'], { [here]: null, [elsewhere]: null }],
  ])('%s', async (_, flags, allowed) => {
    const mock = await startMock([pets, ...flags]);
    for (const [origin, answered] of Object.entries(allowed)) {
      const answer = await fetch(`${mock.url}/pets`, { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(answered);
    }
  });

  test('--by-name serves an API below its name', async () => {
    const mock = await startMock([pets, '--by-name']);
    expect((await fetch(`${mock.url}/pets/pets`)).status).toBe(200);
    expect((await fetch(`${mock.url}/pets`)).status).toBe(404);
  });

  test('--callbacks sends what follows an answer, and prints what came back', async () => {
    const { url, taken } = await receiver();
    const mock = await startMock([await shopFile(), '--callbacks', '--no-auth']);
    expect(mock.stdout()).toMatch(/^Callbacks {2}1 {2}are sent to this machine$/m);
    expect((await post(`${mock.url}/v1/orders`, { url })).status).toBe(201);
    await mock.printed(/POST {4}http:\/\/127\.0\.0\.1:\d+\/hook {2}204 {2}callback shipped of order$/m);
    expect(taken).toEqual(['{"order":17}']);
    await post(`${mock.url}/v1/orders`, { url: 'http://hooks.example/' });
    await mock.printed(/--- {2}callback shipped of order\n {10}hooks\.example is not this machine/);
    await post(`${mock.url}/v1/orders`, {});
    await mock.printed(/\{\$request\.body#\/url\} {2}--- .*\n {10}\$request\.body#\/url gives nothing/);
  });

  test('--callback-hosts lets them go further, and the JSON log tells them', async () => {
    const mock = await startMock([
      ...[await shopFile(), '--callbacks', '--no-auth', '--log', 'json'],
      ...['--callback-hosts', 'no-such-host.invalid'],
    ]);
    await post(`${mock.url}/v1/orders`, { url: 'http://no-such-host.invalid/' });
    const [line] = await mock.printed(/^\{"type":"call".*$/m);
    expect(JSON.parse(line)).toMatchObject({
      kind: 'callback',
      after: 1,
      outcome: { kind: 'failed', reason: 'no-answer' },
    });
  });

  test('sends no callback unless it is asked for', async () => {
    const mock = await startMock([await shopFile()]);
    expect(mock.stdout()).toMatch(/^Callbacks {2}1 {2}are sent with --callbacks$/m);
  });

  test('--no-auth asks for no credential', async () => {
    const file = await shopFile();
    const strict = await startMock([file]);
    expect((await post(`${strict.url}/v1/orders`, {})).status).toBe(401);
    const open = await startMock([file, '--no-auth']);
    expect((await post(`${open.url}/v1/orders`, {})).status).toBe(201);
  });

  test('tells where tokens are, where webhooks are sent from, and every place that it is served at', async () => {
    const mock = await startMock([await shopFile()]);
    expect(mock.stdout()).toMatch(/^Shop 3 {2}.*shop\.yaml, served below \/v1, \/v2$/m);
    expect(mock.stdout()).toContain(
      `OAuth 2.0  ${mock.url}/oauth/token  gives tokens for client_credentials`,
    );
    expect(mock.stdout()).toContain(`Webhooks   ${mock.url}/__counterfoil/webhooks  1: POST there sends one`);
    const authorization = 'Basic YTpi';
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    const form = { method: 'POST', headers, body: 'grant_type=client_credentials' };
    expect((await fetch(`${mock.url}/oauth/token`, form)).status).toBe(200);
    expect((await post(`${mock.url}/v2/orders`, {}, { authorization: 'Bearer any' })).status).toBe(201);
  });

  test('tells of a large document what there is in groups, and a line to try', async () => {
    const path = (group: string, index: number) => `
  /${group}/{id}/things${index}:
    get:
      security: [{ key: [] }]
      parameters: [{ name: id, in: path, required: true, example: a, schema: { type: string } }]
      responses: { '200': { description: Done., content: { application/json: { example: { a: 1 } } } } }`;
    const many = Array.from({ length: 40 }, (_, index) => path('users', index) + path('teams', index));
    const document = `
openapi: 3.1.0
info: { title: Many, version: '1' }
components: { securitySchemes: { key: { type: apiKey, in: query, name: key } } }
paths:${many.join('')}${path('more', 1)}
`;
    const mock = await startMock([`${await folderWith({ 'many.yaml': document })}/many.yaml`]);
    const [text] = await mock.printed(/^Many 1[\s\S]*?\n\nBase URL/m);
    expect(text.replaceAll(mock.url, 'URL').split('\n').slice(1)).toEqual([
      '  81 operations; counterfoil describe lists them all',
      '  /users  40',
      '  /teams  40',
      '  /more   1',
      '',
      '  Try it:',
      "  curl -i 'URL/users/a/things0?key=key'",
      '',
      'Base URL',
    ]);
    expect((await fetch(`${mock.url}/users/a/things0?key=key`)).status).toBe(200);
  });
});
