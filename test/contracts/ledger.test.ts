/** The ledgers of the shipped contracts: everything that a contract says is in its page, as JSON and as Markdown. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { markdownOf } from '../../cli/describe-markdown.js';
import { describedText } from '../../cli/run-describe.js';
import { describeContract } from '../../openapi/describe/describe.js';
import { loadAuthoredWorkflows, loadContract } from '../../openapi/index.js';
import { asObject, isObject, type Json, type JsonObject, pointedTo, pointerTo } from '../../openapi/json.js';
import { shippedApis } from '../../openapi/shipped.js';
import { folderOf } from '../openapi/folders.js';

const read = async (api: string, name: string): Promise<JsonObject> =>
  asObject(parse(await readFile(path.resolve('openapi', api, name), 'utf8'), { merge: true }));

const ledgers = await Promise.all(
  shippedApis().map(async (api) => {
    const contract = await loadContract(api);
    return {
      api,
      document: await read(api, 'openapi.yaml'),
      workflows: await read(api, 'workflows.arazzo.yaml'),
      description: describeContract(contract, await loadAuthoredWorkflows(contract)),
      page: await describedText(api, {}),
    };
  }),
);

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

type Placed = { readonly at: string; readonly value: JsonObject };

/** Every object of a value, with its pointer; what is data of an example or of the state is left out. */
function objects(value: Json | undefined, at = ''): readonly Placed[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => objects(item, pointerTo(at, index)));
  if (!isObject(value)) return [];
  const inner = Object.entries(value)
    .filter(([name]) => !['value', 'x-state', 'let', 'effects'].includes(name))
    .flatMap(([name, member]) => objects(member, pointerTo(at, name)));
  return [{ at, value }, ...inner];
}

/** What a reference within a document leads to; anything else stays. */
function followed(document: JsonObject, value: Json | undefined): JsonObject {
  const { $ref } = asObject(value);
  return typeof $ref === 'string' ? followed(document, pointedTo(document, $ref.slice(1))) : asObject(value);
}

/** Text as it stands on the page, whose lines are those of the page. */
const oneLine = (text: Json | undefined): string => String(text).trim().replace(/\s+/g, ' ');
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

describe.each(ledgers)('the ledger of $api', ({ api, document, workflows, description, page }) => {
  const pageLine = oneLine(page);
  const written = Object.entries(asObject(document.paths)).flatMap(([route, item]) =>
    methods.flatMap((method) => {
      const operation = asObject(item)[method];
      return isObject(operation) ? [{ route, method: method.toUpperCase(), operation }] : [];
    }),
  );

  test('has every operation', () => {
    expect(written.length).toBeGreaterThan(1);
    expect(description.operations.map(({ id, method, path: route }) => `${id} ${method} ${route}`)).toEqual(
      written.map(({ operation, method, route }) => `${String(operation.operationId)} ${method} ${route}`),
    );
    for (const { operation, method, route } of written)
      expect(page).toContain(`### ${String(operation.operationId)}: ${method} ${route}\n`);
  });

  test('has every response and every example, each with its page or its reason', () => {
    for (const { operation } of written) {
      const own = description.operations.find(({ id }) => id === operation.operationId);
      const responses = Object.entries(asObject(operation.responses));
      expect(own?.responses.map(({ status }) => status)).toEqual(responses.map(([status]) => status));
      for (const [status, reference] of responses) {
        const response = followed(document, reference);
        const told = own?.responses.find((each) => each.status === status);
        const examples = Object.values(asObject(response.content)).flatMap((content) =>
          Object.entries(asObject(asObject(content).examples)),
        );
        expect(told?.examples.map(({ name }) => name)).toEqual(examples.map(([name]) => name));
        for (const [index, [, example]] of examples.entries()) {
          const { 'x-source': source, 'x-reason': reason } = followed(document, example);
          const basis = told?.examples[index]?.basis;
          if (reason !== undefined) expect(basis).toEqual({ kind: 'inferred', reason: String(reason) });
          else if (source !== undefined) expect(basis).toEqual({ kind: 'documented', source });
          expect(pageLine).toContain(oneLine(reason ?? source));
        }
      }
    }
  });

  test('names a page or a reason for every operation and every response', () => {
    for (const { id, basis, sources, responses } of description.operations) {
      expect([id, basis.kind === 'inferred' || sources.length > 0]).toEqual([id, true]);
      for (const response of responses) {
        const grounds = [response.basis, ...response.examples.map((each) => each.basis)];
        const isGrounded = response.sources.length > 0 || grounds.some(({ kind }) => kind === 'inferred');
        expect([id, response.status, isGrounded]).toEqual([id, response.status, true]);
      }
    }
  });

  test('has every state rule, in order, each with all its conditions and effects', () => {
    const owners = [
      ...written.map(({ operation }) => ({ name: String(operation.operationId), owner: operation })),
      ...Object.entries(asObject(asObject(document.components).securitySchemes)).map(([name, owner]) => ({
        name,
        owner: asObject(owner),
      })),
    ];
    const told = new Map([
      ...description.operations.map(({ id, rules }) => [id, rules] as const),
      ...description.securitySchemes.map(({ name, rules }) => [name, rules] as const),
    ]);
    for (const { name, owner } of owners) {
      const rules = list(owner['x-transitions']).map(asObject);
      const own = told.get(name) ?? [];
      expect(own.map((rule) => rule.name)).toEqual(rules.map((rule) => rule.name));
      for (const [index, rule] of rules.entries()) {
        expect(own[index]?.when).toHaveLength(list(rule.guard).length);
        expect(own[index]?.effects).toHaveLength(list(rule.effects).length);
        expect(own[index]?.named).toHaveLength(Object.keys(asObject(rule.let)).length);
        for (const words of [...(own[index]?.when ?? []), ...(own[index]?.named ?? [])])
          expect(pageLine).toContain(oneLine(words.replace(/^(\*[^*]+\*) is /, '$1 be ')));
        for (const words of own[index]?.effects ?? []) expect(pageLine).toContain(`Then ${oneLine(words)}.`);
        expect(page).toContain(`**${String(rule.name)}.**`);
      }
    }
  });

  test('has everything that is inferred, at every level, with its reason', () => {
    const inferred = objects(document).filter(({ value }) => value['x-provenance'] === 'inferred');
    expect(description.inferred.map(({ at }) => at).sort()).toEqual(
      inferred.map(({ at }) => `openapi.yaml#${at}`).sort(),
    );
    expect(inferred.length).toBeGreaterThan(5);
    for (const { value } of inferred) expect(pageLine).toContain(oneLine(value['x-reason']));
  });

  test('has every page that something rests on', () => {
    const sources = new Set(objects(document).flatMap(({ value }) => value['x-source'] ?? []));
    expect(sources.size).toBeGreaterThan(2);
    for (const source of sources) {
      expect(description.sources.map((each) => each.source)).toContain(source);
      expect(page).toContain(`<${String(source)}>`);
    }
  });

  test('has every decision, of the description and of x-decisions', () => {
    const info = String(asObject(document.info).description ?? '');
    const titles = [...info.matchAll(/^- \*\*(.+?)\.?\*\*/gm)].map(([, title]) => title);
    const recorded = list(document['x-decisions']).map(asObject);
    expect(titles.length + recorded.length).toBeGreaterThan(5);
    expect(description.decisions.map(({ about }) => about)).toEqual([
      ...titles,
      ...recorded.map(({ about }) => about),
    ]);
    for (const title of titles) expect(pageLine).toContain(`**${title}.**`);
    for (const { about, decided, reason, sources } of recorded) {
      expect(pageLine).toContain(`**${oneLine(about)}.**`);
      expect(pageLine).toContain(oneLine(decided));
      if (reason !== undefined) expect(pageLine).toContain(oneLine(reason));
      for (const { source, says } of list(sources).map(asObject)) {
        expect(page).toContain(`<${String(source)}>`);
        if (says !== undefined) expect(pageLine).toContain(oneLine(says));
      }
    }
  });

  test('has what is known to exist and could not be seen, and what was repaired', () => {
    const unseen = list(document['x-unseen']).map(asObject);
    expect(description.unseen).toHaveLength(unseen.length);
    const inCell = (text: Json | undefined): string => oneLine(text).replaceAll('|', '\\|');
    for (const { what, reason } of unseen) {
      expect(pageLine).toContain(inCell(what));
      expect(pageLine).toContain(inCell(reason));
    }
    const repaired = objects(document).flatMap(({ value }) => value['x-repaired'] ?? []);
    for (const text of repaired) expect(pageLine).toContain(inCell(text));
  });

  test('says why, of every documented answer that no rule leads to', () => {
    expect(description.unreached.filter(({ reason }) => reason === undefined)).toEqual([]);
  });

  test('has every workflow with its steps', () => {
    const all = list(workflows.workflows).map(asObject);
    expect(description.workflows.map(({ id }) => id)).toEqual(all.map(({ workflowId }) => workflowId));
    for (const [index, { summary, steps }] of all.entries()) {
      expect(description.workflows[index]?.steps.map(({ id }) => id)).toEqual(
        list(steps).map((step) => asObject(step).stepId),
      );
      expect(page).toContain(`### ${String(summary)}\n`);
    }
  });

  test('is the same page each time', async () => {
    expect(await describedText(api, {})).toBe(page);
    const json = await describedText(api, { json: true });
    expect(json).toBe(await describedText(api, { json: true }));
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(description)));
  });

  test('does not depend on where the contract lies, nor on how it is written', async () => {
    const folder = await folderOf({ [`${api}/openapi.json`]: JSON.stringify(document) });
    const elsewhere = await loadContract(path.join(folder, api));
    const here = await loadContract(api);
    expect(markdownOf(describeContract(elsewhere, []))).toBe(markdownOf(describeContract(here, [])));
  });

  test('has tables whose rows have as many cells as their heads', () => {
    const blocks = page.split('\n\n').filter((block) => block.startsWith('| '));
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) {
      const cells = block.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length);
      expect(new Set(cells).size, block).toBe(1);
    }
  });
});
