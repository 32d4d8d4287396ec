/** Findings as files: where they say the contract is, and that one of them can be added to the authored workflows. */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { saveFindings } from '../../cli/check-findings.js';
import type { Finding } from '../../conformance/event.js';
import { loadAuthoredWorkflows } from '../../openapi/arazzo/arazzo.js';
import { displayName } from '../../openapi/document/documents.js';
import type { JsonObject } from '../../openapi/json.js';
import { loadContract } from '../../openapi/load.js';
import { onMock, told } from '../conformance/runs.js';
import { checked } from './checked.js';

const asItIs = (text: string): string => text;

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'counterfoil-saved-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

let finding: Finding;

beforeAll(async () => {
  const { finished } = await checked('matar-node', 'revocation-for-logout-only', { phases: ['workflows'] });
  const [first] = finished.findings.filter(({ severity }) => severity === 'error');
  if (first === undefined) throw new Error('Nothing was found.');
  const [source] = first.workflow.sourceDescriptions as readonly JsonObject[];
  const shipped = { ...source, url: 'openapi/matar/openapi.yaml' };
  finding = { ...first, workflow: { ...first.workflow, sourceDescriptions: [shipped] } };
});

/** The URL of the contract in a saved finding whose contract is this file. */
function urlFor(contract: string, into: string): string {
  const [source] = finding.workflow.sourceDescriptions as readonly { readonly url: string }[];
  const workflow = { ...finding.workflow, sourceDescriptions: [{ ...source, url: contract }] };
  saveFindings(into, [{ ...finding, workflow }], asItIs);
  const text = readFileSync(path.join(into, `${finding.id}.arazzo.json`), 'utf8');
  const saved = JSON.parse(text) as { readonly sourceDescriptions: readonly [{ readonly url: string }] };
  return saved.sourceDescriptions[0].url;
}

describe('a saved finding', () => {
  test('brings a shipped contract along, as it is', () => {
    const into = path.join(folder(), 'found');
    saveFindings(into, [finding], asItIs);
    expect(readdirSync(into).toSorted()).toEqual([`${finding.id}.arazzo.json`, 'matar.openapi.yaml']);
    expect(readFileSync(path.join(into, 'matar.openapi.yaml'), 'utf8')).toBe(
      readFileSync('openapi/matar/openapi.yaml', 'utf8'),
    );
    const text = readFileSync(path.join(into, `${finding.id}.arazzo.json`), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ sourceDescriptions: [{ url: './matar.openapi.yaml' }] });
  });

  test('names a contract of its own folder, beside it or above it, by a relative URL that leads there', () => {
    const above = folder();
    const into = path.join(above, 'a', 'found');
    for (const [file, url] of [
      [path.join(above, 'my api #1?.yaml'), '../../my%20api%20%231%3F.yaml'],
      [path.join(into, 'api.yaml'), './api.yaml'],
      [path.join(into, 'more', 'api.yaml'), './more/api.yaml'],
    ] as const) {
      expect(urlFor(displayName(file), into)).toBe(url);
      expect(new URL(url, pathToFileURL(path.join(into, 'x.json'))).href).toBe(pathToFileURL(file).href);
    }
    expect(readdirSync(into)).toEqual([`${finding.id}.arazzo.json`]);
  });

  test('names a remote contract by its own URL', () => {
    expect(urlFor('https://example.com/api.yaml', folder())).toBe('https://example.com/api.yaml');
  });
});

describe('a finding that is added to the authored workflows unchanged', () => {
  test('as a document that the contract names, or among the others, is run with them and holds', async () => {
    for (const way of ['named', 'among'] as const) {
      const own = path.join(folder(), 'matar');
      cpSync('openapi/matar', own, { recursive: true });
      mkdirSync(path.join(own, 'found'));
      saveFindings(path.join(own, 'found'), [finding], asItIs);
      if (way === 'named') {
        const file = path.join(own, 'openapi.yaml');
        const names = `x-arazzo: [found/${finding.id}.arazzo.json]\n`;
        writeFileSync(file, `${names}${readFileSync(file, 'utf8')}`);
      } else {
        const file = path.join(own, 'workflows.arazzo.yaml');
        const [workflow] = finding.workflow.workflows as readonly unknown[];
        const text = readFileSync(file, 'utf8');
        writeFileSync(file, text.replace(/^components:/m, `  - ${JSON.stringify(workflow)}\n\ncomponents:`));
      }
      const contract = await loadContract(path.join(own, 'openapi.yaml'));
      const workflows = await loadAuthoredWorkflows(contract);
      const before = (await loadAuthoredWorkflows(await loadContract('matar'))).map(({ id }) => id);
      const [added, ...more] = workflows.filter(({ id }) => !before.includes(id));
      expect(more).toEqual([]);
      const { target, options } = await onMock(contract);
      const { findings, finished, started } = await told(contract, target, {
        ...options,
        workflows,
        phases: ['workflows'],
      });
      expect(started).toContain(added?.id);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(finished.notExercised.filter(({ kind }) => kind === 'workflow')).toEqual([]);
    }
  });
});
