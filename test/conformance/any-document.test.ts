/** Documents without state rules: the check finds nothing on our own mock, and no violation on correct servers. */

import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Finding, RunFinished } from '../../conformance/event.js';
import { givenInputs } from '../../conformance/input/input.js';
import { mockInputs } from '../../conformance/input/mock-inputs.js';
import { mockAbilities } from '../../conformance/mock-target.js';
import type { CheckOptions } from '../../conformance/options.js';
import { check, planOf } from '../../conformance/run.js';
import { appTarget, httpTarget, type Target } from '../../conformance/target.js';
import { createMock } from '../../mock/index.js';
import type { Field } from '../../openapi/http/message.js';
import { type Contract, loadContract } from '../../openapi/index.js';
import { seededRandom } from '../../openapi/random.js';
import { contractOf } from './contracts.js';
import { credentials, ordersServer, petsServer, serve, todosServer } from './crud-servers.js';

const documented = (name: string): Promise<Contract> =>
  loadContract(fileURLToPath(new URL(`documents/${name}.yaml`, import.meta.url)));

async function finishedRun(contract: Contract, target: Target, options: CheckOptions): Promise<RunFinished> {
  for await (const event of check(contract, target, { seed: 1, walks: { count: 2 }, ...options }))
    if (event.type === 'run-finished') return event;
  throw new Error('the run has no end');
}

const told = ({ severity, check: by, endpoint, title, exchanges }: Finding): string =>
  `${severity} ${by} ${endpoint}: ${title} (${exchanges.at(-1)?.step}) ${exchanges.at(-1)?.request.query}`;

/** What a user gives: by the names of the security schemes. */
const given = {
  api_key: credentials.key,
  basicAuth: credentials.basic,
  bearerAuth: credentials.token,
  oauth: credentials.access,
};

const servers = { pets: petsServer, orders: ordersServer, todos: todosServer };
const names = ['pets', 'orders', 'todos'] as const;

async function served(name: keyof typeof servers): Promise<Target> {
  const server = await serve(servers[name]());
  const target = httpTarget(server.url, { timeout: 2000 });
  onTestFinished(async () => {
    await target.close();
    server.stop();
  });
  return target;
}

describe('on our own mock', () => {
  it.each(names)('nothing at all is found with %s', async (name) => {
    const contract = await documented(name);
    const target = appTarget(createMock(contract, { seed: 1 }));
    const abilities = await mockAbilities(target);
    const made = abilities && mockInputs(abilities, contract, seededRandom(1));
    const run = await finishedRun(contract, target, { harmless: true, ...(made && { inputs: made }) });
    expect(run.findings.map(told)).toEqual([]);
    expect(run.requests).toBeGreaterThan(300);
  });
});

describe('on a correct server', () => {
  it.each(names)('nothing that violates %s is found, and nothing of it is left out', async (name) => {
    const contract = await documented(name);
    const run = await finishedRun(contract, await served(name), { inputs: givenInputs(given) });
    expect(run.findings.filter(({ severity }) => severity === 'error').map(told)).toEqual([]);
    expect(run.findings.filter(({ check: by }) => by === 'ignored-authentication')).toEqual([]);
    expect(run.coverage.find(({ kind }) => kind === 'operation')).toMatchObject({
      exercised: contract.operations.length,
    });
    expect(run.coverage.find(({ kind }) => kind === 'security-scheme')?.exercised).toBeGreaterThan(0);
  });

  it('credentials that are given as an option open it as well', async () => {
    const contract = await documented('pets');
    const run = await finishedRun(contract, await served('pets'), { credentials: [credentials.key] });
    expect(run.findings.filter(({ severity }) => severity === 'error').map(told)).toEqual([]);
    const missed = run.notExercised.filter(({ kind }) => kind === 'response').map(({ what }) => what);
    expect(missed).not.toContain('POST /pets 201');
  });
});

describe('a server that does not look at credentials', () => {
  const found = async (isLetIn: (sent: string | undefined) => boolean): Promise<readonly unknown[]> => {
    const contract = await documented('pets');
    const inner = await served('pets');
    const target: Target = (message, signal) => {
      const isKey = ([field]: Field): boolean => field.toLowerCase() === 'x-api-key';
      const fields = message.fields.filter((field) => !isKey(field));
      const right: Field = ['x-api-key', credentials.key];
      const isIn = isLetIn(message.fields.find(isKey)?.[1]);
      return inner(isIn ? { ...message, fields: [...fields, right] } : message, signal);
    };
    const only = { phases: ['security'], only: ['listPets'] } as const;
    const run = await finishedRun(contract, target, { inputs: givenInputs(given), ...only });
    return run.findings.map(({ check: by, severity, title }) => [by, severity, title]);
  };

  it('violates the contract when there is none, which says all', async () => {
    expect(await found(() => true)).toEqual([
      ['ignored-authentication', 'error', 'a request without a credential succeeds'],
    ]);
  });

  it('violates it when any will do that nobody was given', async () => {
    expect(await found((sent) => (sent ?? '') !== '')).toEqual([
      ['ignored-authentication', 'error', 'a request with a credential that nobody was given succeeds'],
    ]);
  });
});

it('three hundred operations are planned, none left out', async () => {
  const paths = Array.from({ length: 100 }, (_, index) => {
    const schema = `{ type: object, required: [name], properties: { name: { type: string, minLength: 1, maxLength: 40 }, size: { type: integer, minimum: 0, maximum: 9 }, tags: { type: array, items: { type: string }, maxItems: 3 } } }`;
    const content = `content: { application/json: { schema: ${schema} } }`;
    const id = `parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]`;
    return `  /things-${index}:
    post: { operationId: make${index}, requestBody: { required: true, ${content} }, responses: { '201': { description: Made., ${content} } } }
  /things-${index}/{id}:
    ${id}
    get: { operationId: show${index}, responses: { '200': { description: It., ${content} } } }
    put: { operationId: change${index}, requestBody: { ${content} }, responses: { '200': { description: It., ${content} } } }`;
  });
  const contract = await contractOf(
    `openapi: 3.1.0\ninfo: { title: Many, version: '1' }\npaths:\n${paths.join('\n')}\n`,
  );
  const plan = planOf(contract, { seed: 1 });
  expect(plan.workflows.length).toBeGreaterThan(3000);
  const tried = new Set(plan.workflows.map(({ operation }) => operation?.id));
  expect(tried.size).toBe(300);
});
