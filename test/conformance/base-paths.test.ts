/** Operations are asked where they are served: below base paths of their own, and by what their keys ask for behind a path. */

import { describe, expect, it } from 'vitest';
import { belowBasePaths, rootAbove } from '../../conformance/base-paths.js';
import type { RunEvent } from '../../conformance/event.js';
import { check } from '../../conformance/run.js';
import { appTarget, type Target } from '../../conformance/target.js';
import { createMock } from '../../mock/index.js';
import type { Contract } from '../../openapi/index.js';
import { contractOf } from './contracts.js';

const head = `openapi: 3.1.0
info: { title: Places, version: '1' }
`;
const ok = `responses: { '200': { description: OK, content: { application/json: { schema: { type: object, required: [of], properties: { of: { const: NAME } } } } } } }`;

const ofItsOwn = await contractOf(`${head}servers: [{ url: 'https://api.test/v1' }]
paths:
  /usual: { get: { ${ok.replace('NAME', 'usual')} } }
  /item:
    servers: [{ url: 'https://upload.test/files/v2' }]
    get: { ${ok.replace('NAME', 'item')} }
  /mixed:
    get: { ${ok.replace('NAME', 'mixed')}, servers: [{ url: 'https://api.test' }] }
    put: { ${ok.replace('NAME', 'put')} }
`);

const behindPaths = await contractOf(`${head}paths:
  /?action=list: { get: { operationId: list, ${ok.replace('NAME', 'list')} } }
  /?action=drop: { get: { operationId: drop, ${ok.replace('NAME', 'drop')} } }
  /#Action=Show:
    get: { operationId: show, parameters: [{ name: Action, in: query, required: true, schema: { enum: [Show] } }], ${ok.replace('NAME', 'show')} }
    post: { operationId: showToo, ${ok.replace('NAME', 'showToo')} }
  /things/{id}?deep: { get: { operationId: deep, parameters: [{ name: id, in: path, required: true, schema: { type: integer } }], ${ok.replace('NAME', 'deep')} } }
`);

/** All that is sent to a mock of a contract, and what is found. */
async function runOf(contract: Contract): Promise<{ sent: string[]; found: string[]; asked: Set<string> }> {
  const sent: string[] = [];
  const found: string[] = [];
  const asked = new Set<string>();
  const mock = appTarget(createMock(contract, { seed: 1 }));
  const recording: Target = (message, signal) => {
    sent.push(`${message.method} ${message.path}${message.query === '' ? '' : `?${message.query}`}`);
    return mock(message, signal);
  };
  const take = (event: RunEvent): void => {
    if (event.type === 'finding') found.push(`${event.finding.endpoint}: ${event.finding.title}`);
    if (event.type !== 'exchange' || event.exchange.outcome.kind !== 'response') return;
    if (event.exchange.outcome.response.status === 200 && event.exchange.operation !== undefined)
      asked.add(event.exchange.operation);
  };
  for await (const event of check(contract, belowBasePaths(recording, contract), { seed: 1 })) take(event);
  return { sent, found, asked };
}

describe('operations with servers of their own', () => {
  it('are asked below their base paths, all others below that of the contract', async () => {
    const { sent, found, asked } = await runOf(ofItsOwn);
    expect(found).toEqual([]);
    expect(sent).toEqual(
      expect.arrayContaining(['GET /v1/usual', 'GET /files/v2/item', 'GET /mixed', 'PUT /v1/mixed']),
    );
    expect(sent).not.toContain('GET /v1/item');
    expect(asked.size).toBe(4);
  });

  it('are asked beside the end of a URL that is the base path of the contract', () => {
    expect(rootAbove('http://localhost:4010/v1', ofItsOwn)).toBe('http://localhost:4010');
    expect(rootAbove('https://host.test/gate/v1/', ofItsOwn)).toBe('https://host.test/gate');
  });

  it('are asked below any other URL as it is', () => {
    expect(rootAbove('http://localhost:4010', ofItsOwn)).toBeUndefined();
    expect(rootAbove('http://localhost:4010/v1', behindPaths)).toBeUndefined();
  });

  it.each([
    ['/usual', '/v1/usual'],
    ['/item', '/files/v2/item'],
    ['/unknown', '/v1/unknown'],
    ['/__counterfoil/state', '/__counterfoil/state'],
    ['*', '*'],
  ])('%s is asked for as %s', async (path, expected) => {
    let sent = '';
    const inner: Target = async (message) => {
      sent = message.path;
      return { kind: 'response', response: { status: 200, fields: [], content: undefined }, faults: [] };
    };
    await belowBasePaths(inner, ofItsOwn)({ method: 'GET', path, query: '', fields: [], content: undefined });
    expect(sent).toBe(expected);
  });
});

describe('keys that ask for more than a path', () => {
  it('are asked for in the query, and judged as their own operation', async () => {
    const { sent, found, asked } = await runOf(behindPaths);
    expect(found).toEqual([]);
    expect(sent).toEqual(
      expect.arrayContaining(['GET /?action=list', 'GET /?action=drop', 'GET /?Action=Show']),
    );
    expect(sent.filter((each) => each.includes('#') || each.includes('%3F'))).toEqual([]);
    expect([...asked].sort()).toEqual(['deep', 'drop', 'list', 'show', 'showToo']);
  });
});
