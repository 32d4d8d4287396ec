/** Arazzo documents: how they are read, what is said about those that cannot be, and that they survive being written. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadAuthoredWorkflows, loadWorkflows } from '../../openapi/arazzo/arazzo.js';
import { arazzoDocument } from '../../openapi/arazzo/arazzo-write.js';
import type { Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract } from '../../openapi/contract.js';
import { ContractError } from '../../openapi/contract-error.js';
import { loadContract } from '../../openapi/load.js';
import { contractOf, folderOf } from './folders.js';

const api = `openapi: 3.1.1
info: { title: T, version: '1' }
paths:
  /pets:
    get: { operationId: listPets, responses: { '200': { description: the pets } } }
    post: { operationId: addPet, responses: { '201': { description: added } } }
  /pets/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: a pet } }
`;

const full = `arazzo: 1.0.1
info: { title: T, version: '1' }
sourceDescriptions:
  - { name: pets, url: ./openapi.yaml, type: openapi }
workflows:
  - workflowId: prepare
    steps: [{ stepId: list, operationId: listPets, outputs: { all: $response.body } }]
    outputs: { first: $steps.list.outputs.all#/0 }
  - workflowId: whole
    summary: All of it
    description: Every member.
    x-provenance: inferred
    x-reason: Made up.
    dependsOn: [prepare]
    inputs:
      type: object
      required: [phone, otp]
      properties:
        phone: { $ref: '#/components/inputs/phone' }
        otp: { type: string, x-for: { phone: $inputs.phone } }
        again: { type: string, x-input: otp, x-for: { phone: $inputs.phone } }
    parameters:
      - { reference: $components.parameters.trace, value: mine }
    successActions: [{ reference: $components.successActions.stop }]
    failureActions: [{ name: wait, type: retry, retryAfter: 1.5, retryLimit: 3 }]
    steps:
      - stepId: add
        description: Add one.
        operationId: $sourceDescriptions.pets.addPet
        x-wait: PT1H30M
        x-times: { count: 2, atOnce: true }
        x-request:
          method: PUT
          withoutFields: [Accept]
          fields: [{ name: X-Twice, value: a }, { name: X-Twice, value: $inputs.phone }]
          content: '{"a":'
        parameters:
          - { name: limit, in: query, value: 3 }
          - { reference: $components.parameters.trace }
        requestBody:
          contentType: application/json
          payload: { name: $inputs.phone, nested: ['{$inputs.otp}'] }
          replacements: [{ target: /name, value: $workflows.prepare.outputs.first }]
        successCriteria:
          - condition: $statusCode == 201
          - { context: $response.body#/name, condition: ^a$, type: regex }
          - { context: $response.body, condition: $.name, type: jsonpath }
          - context: $response.body
            condition: $.id
            type: { type: jsonpath, version: draft-goessner-dispatch-jsonpath-00 }
        onSuccess:
          - { name: go, type: goto, stepId: show, criteria: [{ condition: $response.body#/more }] }
        onFailure: [{ name: leave, type: end }, { name: other, type: goto, workflowId: prepare }]
        outputs: { id: $response.body#/id }
      - stepId: show
        operationPath: '{$sourceDescriptions.pets.url}#/paths/~1pets~1{id}/get'
        x-times: 3
        x-request: { content: null }
        parameters: [{ name: id, in: path, value: $steps.add.outputs.id }]
      - stepId: call
        workflowId: called
        x-shared: true
        parameters: [{ name: phone, value: $inputs.phone }]
        outputs: { token: $outputs.token }
    outputs: { token: $steps.call.outputs.token }
  - workflowId: called
    x-source: https://example.com/page
    inputs: { allOf: [{ properties: { phone: { type: string } } }, { required: [phone] }] }
    steps: [{ stepId: list, operationId: listPets, outputs: { token: $response.header.X-Token } }]
    outputs: { token: $steps.list.outputs.token }
components:
  inputs:
    phone: { type: string, pattern: '^91' }
  parameters:
    trace: { name: X-Trace, in: header, value: theirs }
  successActions:
    stop: { name: stop, type: end, criteria: [{ condition: $statusCode == 204 }] }
`;

/** The contract and the workflows that a folder with these texts holds. */
async function read(text: string, name = 'a.arazzo.yaml'): Promise<readonly [Contract, readonly Workflow[]]> {
  const folder = await folderOf({ 'openapi.yaml': api, [name]: text });
  const contract = await loadContract(path.join(folder, 'openapi.yaml'));
  return [contract, await loadWorkflows(path.join(folder, name), contract)];
}

/** What is said about a text that holds no workflows, line by line. */
async function complaintsAbout(text: string): Promise<readonly string[]> {
  const folder = await folderOf({ 'openapi.yaml': api, 'a.arazzo.yaml': text });
  const contract = await loadContract(path.join(folder, 'openapi.yaml'));
  return complaintsOf(() => loadWorkflows(path.join(folder, 'a.arazzo.yaml'), contract), folder);
}

async function complaintsOf(load: () => Promise<unknown>, folder: string): Promise<readonly string[]> {
  try {
    await load();
    return [];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.message.replaceAll(`${folder}/`, '').split('\n');
  }
}

describe('a document with everything in it', () => {
  test('has its workflows, in order', async () => {
    const [, workflows] = await read(full);
    expect(workflows.map(({ id }) => id)).toEqual(['prepare', 'whole', 'called']);
  });

  test('has its inputs with what they ask for', async () => {
    const [, [, whole, called]] = await read(full);
    const subject = { phone: '$inputs.phone' };
    expect(whole?.inputs).toEqual([
      { name: 'phone', schema: { type: 'string', pattern: '^91' }, required: true, asks: 'phone', for: {} },
      { name: 'otp', schema: { type: 'string' }, required: true, asks: 'otp', for: subject },
      { name: 'again', schema: { type: 'string' }, required: false, asks: 'otp', for: subject },
    ]);
    expect(called?.inputs).toEqual([
      { name: 'phone', schema: { type: 'string' }, required: true, asks: 'phone', for: {} },
    ]);
  });

  test('has what belongs to a workflow', async () => {
    const [, [, whole, called]] = await read(full);
    expect(whole).toMatchObject({
      summary: 'All of it',
      description: 'Every member.',
      provenance: { kind: 'inferred', reason: 'Made up.' },
      dependsOn: ['prepare'],
      parameters: [{ name: 'X-Trace', in: 'header', value: 'mine' }],
      successActions: [{ name: 'stop', type: 'end', criteria: [{ condition: '$statusCode == 204' }] }],
      failureActions: [{ name: 'wait', type: 'retry', retryAfter: 1.5, retryLimit: 3, criteria: [] }],
      outputs: [['token', '$steps.call.outputs.token']],
    });
    expect(called?.provenance).toEqual({ kind: 'documented', source: 'https://example.com/page' });
  });

  test('has its steps', async () => {
    const [contract, [, whole]] = await read(full);
    const [add, show, call] = whole?.steps ?? [];
    const operation = (id: string) => contract.operations.find((each) => each.id === id);
    expect(add?.call).toEqual({ kind: 'operation', operation: operation('addPet') });
    expect(add).toMatchObject({
      wait: { hours: 1, minutes: 30 },
      times: { count: 2, atOnce: true },
      alteration: {
        method: 'PUT',
        withoutFields: ['Accept'],
        fields: [
          ['X-Twice', 'a'],
          ['X-Twice', '$inputs.phone'],
        ],
        content: '{"a":',
      },
      parameters: [
        { name: 'limit', in: 'query', value: 3 },
        { name: 'X-Trace', in: 'header', value: 'theirs' },
      ],
      requestBody: {
        contentType: 'application/json',
        payload: { name: '$inputs.phone', nested: ['{$inputs.otp}'] },
        replacements: [{ target: '/name', value: '$workflows.prepare.outputs.first' }],
      },
      onSuccess: [{ name: 'go', type: 'goto', stepId: 'show', retryAfter: 0, retryLimit: 1 }],
      onFailure: [
        { name: 'leave', type: 'end' },
        { name: 'other', type: 'goto', workflowId: 'prepare' },
      ],
      outputs: [['id', '$response.body#/id']],
    });
    expect(add?.successCriteria.map(({ type, context }) => [type, context])).toEqual([
      ['simple', undefined],
      ['regex', '$response.body#/name'],
      ['jsonpath', '$response.body'],
      ['jsonpath', '$response.body'],
    ]);
    expect(show?.call).toEqual({ kind: 'operation', operation: operation('GET /pets/{id}') });
    expect(show).toMatchObject({ times: { count: 3, atOnce: false }, alteration: { content: null } });
    expect(call?.call).toEqual({ kind: 'workflow', workflowId: 'called', shared: true });
    expect(call?.parameters).toEqual([{ name: 'phone', in: undefined, value: '$inputs.phone' }]);
  });

  test('tells where each part stands', async () => {
    const [, [, whole]] = await read(full);
    expect(whole?.at?.pointer).toBe('/workflows/1');
    expect(whole?.steps[0]?.successCriteria[1]?.at?.pointer).toBe('/workflows/1/steps/0/successCriteria/1');
    expect(whole?.successActions[0]?.criteria[0]?.at?.pointer).toBe(
      '/components/successActions/stop/criteria/0',
    );
  });

  test('cannot be changed', async () => {
    const [, workflows] = await read(full);
    expect(Object.isFrozen(workflows[1]?.steps[0]?.parameters)).toBe(true);
  });

  test('is the same when it has been written and read again', async () => {
    const [contract, workflows] = await read(full);
    const written = arazzoDocument(contract, workflows, 'Again');
    const file = path.join(path.dirname(contract.files[0] ?? ''), 'again.json');
    await writeFile(file, JSON.stringify(written, undefined, 2));
    const again = await loadWorkflows(file, contract);
    expect(withoutPlaces(again)).toEqual(withoutPlaces(workflows));
    expect(written).toMatchObject({
      arazzo: '1.0.1',
      info: { title: 'Again' },
      sourceDescriptions: [{ url: contract.files[0], type: 'openapi' }],
    });
    expect(JSON.stringify(written)).not.toContain('undefined');
  });

  test('has schemas of inputs with no keywords but those of JSON Schema: what is ours stands beside them', async () => {
    const [contract, [workflow]] = await read(full);
    if (workflow === undefined) throw new Error('no workflow');
    const code = {
      name: 'second_code',
      asks: 'code',
      for: { phone: '$inputs.phone' },
      schema: { type: 'string', 'x-after': 'send' },
      required: true,
    } as const;
    const phone = {
      name: 'phone',
      asks: 'phone',
      for: {},
      schema: { type: 'string' },
      required: false,
    } as const;
    const made = { ...workflow, inputs: [phone, code] };
    const written = arazzoDocument(contract, [made], 'T');
    expect(written.workflows).toMatchObject([
      {
        inputs: {
          type: 'object',
          required: ['second_code'],
          properties: { phone: { type: 'string' }, second_code: { type: 'string' } },
        },
        'x-inputs': {
          second_code: { 'x-input': 'code', 'x-for': { phone: '$inputs.phone' }, 'x-after': 'send' },
        },
      },
    ]);
    expect(JSON.stringify((written.workflows as readonly { inputs: unknown }[])[0]?.inputs)).not.toContain(
      'x-',
    );
    const [, [again]] = await read(JSON.stringify(written));
    expect(again?.inputs).toEqual([phone, code]);
  });

  test('says of the content what a plan says of nothing in particular', async () => {
    const [contract, [workflow]] = await read(full);
    const [step] = workflow?.steps ?? [];
    if (workflow === undefined || step === undefined) throw new Error('no step');
    const successCriteria = [{ type: 'regex', condition: 'a', context: undefined, at: undefined }] as const;
    const made = { ...workflow, steps: [{ ...step, successCriteria, wait: { weeks: 2, negative: false } }] };
    const [, [again]] = await read(JSON.stringify(arazzoDocument(contract, [made], 'T')));
    expect(again?.steps[0]?.successCriteria).toMatchObject([{ type: 'regex', context: '$response.body' }]);
    expect(again?.steps[0]?.wait).toMatchObject({ weeks: 2 });
  });

  test('may be JSON', async () => {
    const [contract, workflows] = await read(full);
    const text = JSON.stringify(arazzoDocument(contract, workflows, 'T'));
    const [, again] = await read(text, 'a.arazzo.json');
    expect(again.map(({ id }) => id)).toEqual(['prepare', 'whole', 'called']);
  });
});

/** Workflows as data without `at`, for comparing those of two documents; operations by their ids. */
function withoutPlaces(workflows: readonly Workflow[]): unknown {
  return JSON.parse(
    JSON.stringify(workflows, (name, value) =>
      name === 'at' ? undefined : name === 'operation' ? value.id : value === undefined ? '(none)' : value,
    ),
  );
}

describe('the source description that is the contract', () => {
  const named = (sources: string, operation: string): string =>
    `arazzo: 1.0.0\ninfo: { title: T, version: '1' }\nsourceDescriptions: ${sources}\nworkflows: [{ workflowId: a, steps: [{ stepId: b, operationId: ${operation} }] }]\n`;

  test.each([
    [
      'is the only one, whatever its address',
      '[{ name: a, url: https://example.com/openapi.json }]',
      'listPets',
    ],
    [
      'is found by its file among others',
      '[{ name: a, url: other.yaml }, { name: b, url: ./openapi.yaml }, { name: c, url: d, type: arazzo }]',
      '$sourceDescriptions.b.listPets',
    ],
  ])('%s', async (_, sources, operation) => {
    const [, [workflow]] = await read(named(sources, operation));
    expect(workflow?.steps).toHaveLength(1);
  });

  test('is found by its URL', async () => {
    const folder = await folderOf({ 'openapi.yaml': api });
    const file = path.join(folder, 'openapi.yaml');
    const sources = `[{ name: a, url: other.yaml }, { name: b, url: '${pathToFileURL(file)}' }]`;
    await writeFile(path.join(folder, 'w.yaml'), named(sources, '$sourceDescriptions.b.listPets'));
    expect(await loadWorkflows(path.join(folder, 'w.yaml'), await loadContract(file))).toHaveLength(1);
  });

  test('is none of those of other APIs', async () => {
    const sources = '[{ name: a, url: other.yaml }, { name: b, url: openapi.yaml }]';
    const [complaint] = await complaintsAbout(named(sources, '$sourceDescriptions.a.listPets'));
    expect(complaint).toBe(
      'a.arazzo.yaml:4:51: the source "a" is not openapi.yaml, the contract that is called. Correct the name, or use one of: b.',
    );
  });
});

describe('the workflows that a contract brings along', () => {
  const one = (id: string): string =>
    `arazzo: 1.0.1\ninfo: { title: T, version: '1' }\nsourceDescriptions: [{ name: a, url: openapi.yaml }]\nworkflows:\n  - workflowId: ${id}\n    steps: [{ stepId: b, operationId: listPets }]\n`;

  test('are none where there is no document', async () => {
    expect(await loadAuthoredWorkflows(await contractOf({ 'openapi.yaml': api }))).toEqual([]);
  });

  test('are those of the document beside it and of those that it names', async () => {
    const contract = await contractOf({
      'openapi.yaml': `${api}x-arazzo: [more/b.yaml, workflows.arazzo.yaml]\n`,
      'workflows.arazzo.yaml': one('beside'),
      'more/b.yaml': one('named'),
    });
    const workflows = await loadAuthoredWorkflows(contract);
    expect(workflows.map(({ id }) => id)).toEqual(['beside', 'named']);
  });

  test('have ids that no two share', async () => {
    const files = { 'workflows.arazzo.yaml': one('same'), 'b.yaml': one('same') };
    const folder = await folderOf({ 'openapi.yaml': `${api}x-arazzo: [b.yaml]\n`, ...files });
    const contract = await loadContract(path.join(folder, 'openapi.yaml'));
    expect(await complaintsOf(() => loadAuthoredWorkflows(contract), folder)).toEqual([
      'b.yaml:5:5: there is a workflow "same" in workflows.arazzo.yaml already. Choose another name.',
    ]);
  });

  test('are all complained about at once', async () => {
    const folder = await folderOf({
      'openapi.yaml': `${api}x-arazzo: [absent.yaml]\n`,
      'workflows.arazzo.yaml': 'arazzo: 2.0.0\n',
    });
    const contract = await loadContract(path.join(folder, 'openapi.yaml'));
    expect(await complaintsOf(() => loadAuthoredWorkflows(contract), folder)).toEqual([
      'workflows.arazzo.yaml:1:1: Arazzo 2.0.0 is not supported. Use Arazzo 1.0, with all three numbers, for example "1.0.1".',
      'absent.yaml:1:1: there is no file absent.yaml. Check its path.',
    ]);
  });

  test('are a list of files', async () => {
    const folder = await folderOf({ 'openapi.yaml': `${api}x-arazzo: b.yaml\n` });
    const contract = await loadContract(path.join(folder, 'openapi.yaml'));
    expect(await complaintsOf(() => loadAuthoredWorkflows(contract), folder)).toEqual([
      'openapi.yaml:11:1: "x-arazzo" must be a list of files. Write it as [other.arazzo.yaml].',
    ]);
  });

  test.each([
    ['matar', 26],
    ['xerial', 26],
  ])('load for %s', async (name, count) => {
    const contract = await loadContract(name);
    const workflows = await loadAuthoredWorkflows(contract);
    expect(workflows).toHaveLength(count);
    for (const { summary, steps } of workflows) {
      expect(summary).toMatch(/^[A-Z].*[^.]$/);
      for (const step of steps) expect(step.successCriteria.length).toBeGreaterThan(0);
    }
    const called = workflows.flatMap(({ steps }) => steps.map(({ call }) => call));
    const operations = new Set(called.map((call) => (call.kind === 'operation' ? call.operation.id : '')));
    expect(operations).toEqual(new Set(contract.operations.map(({ id }) => id)));
    const written = arazzoDocument(contract, workflows, 'T');
    expect(written.sourceDescriptions).toEqual([
      { name, url: `openapi/${name}/openapi.yaml`, type: 'openapi' },
    ]);
  });
});

test.each([
  [
    'no Arazzo document',
    'openapi: 3.1.1\n',
    '1:1: this is not an Arazzo document: it has no "arazzo" field. Name one that has, for example arazzo: "1.0.1".',
  ],
  [
    'a version that is a number',
    'arazzo: 1.0\n',
    '1:1: "arazzo" must be a string. Write the version as text, for example arazzo: "1.0.1".',
  ],
  [
    'a newer version',
    'arazzo: 1.1.0\n',
    '1:1: Arazzo 1.1.0 is not supported. Use Arazzo 1.0, with all three numbers, for example "1.0.1".',
  ],
  ['no YAML', 'arazzo: [\n', '2:1: '],
])('%s is refused', async (_, text, complaint) => {
  const [first] = await complaintsAbout(text);
  expect(first).toContain(`a.arazzo.yaml:${complaint}`);
});
