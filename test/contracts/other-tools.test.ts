/** The shipped contracts in tools of others: a linter finds nothing, and a mock and a validator take them as they are. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createConfig, lint } from '@redocly/openapi-core';
import { OpenAPIBackend } from 'openapi-backend';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { asObject, isObject, type Json, type JsonObject, pointerTokens } from '../../openapi/json.js';
import { shippedApis } from '../../openapi/shipped.js';
import { folderOf } from '../openapi/folders.js';

const fileOf = (api: string): string => path.resolve('openapi', api, 'openapi.yaml');

const documents: readonly { readonly api: string; readonly written: JsonObject }[] = await Promise.all(
  shippedApis().map(async (api) => ({
    api,
    written: asObject(parse(await readFile(fileOf(api), 'utf8'), { merge: true })),
  })),
);

/** The references that `$generate` makes, which a linter cannot know of. */
function generatedFrom(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = isObject(value) && typeof value.$generate === 'string' ? [value.$generate] : [];
  return [...own, ...Object.values(value).flatMap(generatedFrom)];
}

type Told = { readonly rule: string; readonly message: string; readonly at: string };

/** What Redocly's strict rules find wrong with a document. */
async function strictProblems(file: string, generated: readonly string[] = []): Promise<readonly Told[]> {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lint({ ref: file, config });
  return problems
    .map(({ ruleId, message, location }) => ({
      rule: ruleId,
      message,
      at: location[0]?.pointer ?? '',
    }))
    .filter(({ rule, at }) => rule !== 'no-unused-components' || !generated.includes(at));
}

describe.each(documents)('$api', ({ api, written }) => {
  test('passes the strict rules of Redocly', async () => {
    expect(await strictProblems(fileOf(api), generatedFrom(written))).toEqual([]);
  });

  test('is taken by openapi-backend, which mocks each operation with its documented example', async () => {
    const backend = await backendOf(written);
    const operations = backend.router.getOperations();
    expect(operations.length).toBeGreaterThan(1);
    for (const { operationId = '', responses } of operations) {
      const [status = ''] = Object.keys(responses ?? {}).sort();
      const { status: given, mock } = backend.mockResponseForOperation(operationId);
      expect([operationId, given]).toEqual([operationId, Number(status)]);
      const examples = Object.values(asObject(asObject(asObject(responses as Json)[status]).content)).flatMap(
        (content) => Object.values(asObject(asObject(content).examples)).map((each) => asObject(each).value),
      );
      if (examples.length > 0) expect(examples).toContainEqual(mock);
    }
  });

  test('is a description by which openapi-backend takes every documented request', async () => {
    const backend = await backendOf(written);
    const samples = backend.router.getOperations().flatMap((operation) => {
      const body = asObject(asObject(operation.requestBody as Json).content)['application/json'];
      return Object.entries(asObject(asObject(body).examples)).map(([name, example]) => ({
        name: `${operation.operationId} ${name}`,
        request: {
          method: operation.method,
          path: operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
            String(sampleOf(parametersOf(operation), 'path', name)),
          ),
          headers: { 'content-type': 'application/json' },
          body: asObject(example).value,
          query: requiredQuery(parametersOf(operation)),
        },
      }));
    });
    expect(samples.length).toBeGreaterThan(0);
    for (const { name, request } of samples) {
      const { errors } = backend.validateRequest(request);
      expect([name, errors ?? []]).toEqual([name, []]);
    }
  });
});

type Parameters = readonly JsonObject[];

function parametersOf({ parameters = [] }: { readonly parameters?: unknown }): Parameters {
  return (parameters as readonly Json[]).map(asObject);
}

function requiredQuery(parameters: Parameters): Record<string, string> {
  const required = parameters.filter((each) => each.in === 'query' && each.required === true);
  return Object.fromEntries(
    required.map(({ name }) => [String(name), String(sampleOf(parameters, 'query', name))]),
  );
}

/** A value for a parameter: an example of it, the first that is allowed, or 1. */
function sampleOf(parameters: Parameters, where: string, name: Json | undefined): Json {
  const found = parameters.find((each) => each.in === where && each.name === name) ?? {};
  const schema = asObject(found.schema);
  const [example] = Object.values(asObject(found.examples)).map((each) => asObject(each).value);
  const [allowed] = Array.isArray(schema.enum) ? schema.enum : [];
  return example ?? found.example ?? schema.const ?? allowed ?? 1;
}

/**
 * A document in openapi-backend, which resolves its references and compiles its schemas. `quick` passes over its check of the
 * document alone, which knows OpenAPI 3.0 only.
 */
async function backendOf(written: JsonObject): Promise<OpenAPIBackend> {
  const definition = JSON.parse(JSON.stringify(written));
  const backend = new OpenAPIBackend({ definition, strict: true, quick: true, ajvOpts: { strict: false } });
  await backend.init();
  return backend;
}

describe('these tools', () => {
  const [first] = documents;

  test('find what is wrong: the linter, a rule that is broken', async () => {
    const folder = await folderOf({
      'openapi.json': JSON.stringify({ ...first?.written, tags: [{ name: 'x' }] }),
    });
    const problems = await strictProblems(
      path.join(folder, 'openapi.json'),
      generatedFrom(first?.written ?? {}),
    );
    expect(problems.map(({ rule }) => rule)).toContain('tag-description');
  });

  test('find what is wrong: the linter, a component that nothing uses, not even a rule', async () => {
    const components = asObject(first?.written.components);
    const schemas = { ...asObject(components.schemas), Unused: { type: 'string' } };
    const document = { ...first?.written, components: { ...components, schemas } };
    const folder = await folderOf({ 'openapi.json': JSON.stringify(document) });
    const generated = generatedFrom(document);
    const problems = await strictProblems(path.join(folder, 'openapi.json'), generated);
    expect(problems.map(({ rule, at }) => [rule, pointerTokens(at.slice(1)).at(-1)])).toContainEqual([
      'no-unused-components',
      'Unused',
    ]);
  });

  test('find what is wrong: the validator, a request that the document does not describe', async () => {
    const backend = await backendOf(first?.written ?? {});
    const operation = backend.router
      .getOperations()
      .find(({ method, requestBody }) => method === 'post' && requestBody);
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'post', path: operation?.path ?? '', headers, body: { action: 1 } };
    expect(backend.validateRequest(request).errors).not.toEqual(null);
  });

  test('find what is wrong: the mock, a reference that leads nowhere', async () => {
    const paths = {
      '/a': { get: { operationId: 'a', responses: { '200': { $ref: '#/components/responses/A' } } } },
    };
    await expect(backendOf({ ...first?.written, paths, components: {} })).rejects.toThrow();
  });
});
