/** SARIF: valid, and each finding at its line of the contract. */

import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../conformance/event.js';
import { pathFrom, repositoryRoot, uriFrom } from '../../conformance/report/place.js';
import { sarifReport } from '../../conformance/report/sarif.js';
import { isObject, type Json, pointedTo } from '../../openapi/json.js';
import {
  deviating,
  events,
  hostile,
  interrupted,
  runs,
  secrets,
  undocumentedFinding,
  written,
} from './events.js';

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(
  JSON.parse(readFileSync('test/conformance/schemas/sarif-2.1.0-excerpt.schema.json', 'utf8')),
);

function report(run: readonly RunEvent[]): Json {
  return JSON.parse(written(sarifReport, run));
}

/** The values at one place of each result. */
function ofResults(log: Json, pointer: string): unknown[] {
  const results = pointedTo(log, '/runs/0/results');
  return Array.isArray(results) ? results.map((result) => pointedTo(result, pointer)) : [];
}

describe.each(Object.entries(runs))('a run that is %s', (_, run) => {
  it('is valid SARIF 2.1.0', () => {
    expect(validate(report(run)) || validate.errors).toBe(true);
  });

  it('tells no secret and steers no terminal', () => {
    const text = written(sarifReport, run);
    for (const secret of secrets) expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  });
});

describe('the schema', () => {
  it.each([
    ['another version', (log: object) => ({ ...log, version: '2.0.0' })],
    ['no runs', (log: object) => ({ ...log, runs: undefined })],
    [
      'a result without a message',
      (log: object) => ({ ...log, runs: [{ tool: { driver: { name: 'x' } }, results: [{}] }] }),
    ],
    ['an unknown property', (log: object) => ({ ...log, extra: 1 })],
  ])('refuses a log with %s', (_, change) => {
    const log = report(deviating);
    expect(isObject(log) && validate(JSON.parse(JSON.stringify(change(log))))).toBe(false);
  });
});

describe('a result', () => {
  const log = report(deviating);

  it('is of a level, the most telling first', () => {
    expect(ofResults(log, '/level')).toEqual(['error', 'error', 'warning', 'note']);
  });

  it('points at the line of the contract', () => {
    expect(ofResults(log, '/locations/0/physicalLocation')[1]).toEqual({
      artifactLocation: { uri: 'openapi/matar/openapi.yaml' },
      region: { startLine: 214, startColumn: 9 },
    });
  });

  it('keeps its fingerprint from run to run', () => {
    expect(ofResults(log, '/partialFingerprints')[1]).toEqual({ 'finding/v1': 'logout-token-survives-1f' });
  });

  it('says what was expected, what came, and how to see it', () => {
    const [, text] = ofResults(log, '/message/text');
    expect(text).toMatch(/^a token still works after its session was ended\.\n/);
    expect(text).toContain('expected  401 {"message":"Token has been revoked"}');
    expect(text).toContain('actual    200 {"message":"Token has been removed"}');
    expect(text).toContain("-H 'authorization: Bearer masked-secret-1'");
  });

  it('refers to its rule, also to one that the run did not announce', () => {
    const names = pointedTo(log, '/runs/0/tool/driver/rules');
    const ids = Array.isArray(names) ? names.map((rule) => isObject(rule) && rule.id) : [];
    expect(ids).toEqual([
      'state-conformance',
      'response-schema-conformance',
      'challenge-present',
      'status-code-conformance',
    ]);
    expect(ofResults(log, '/ruleIndex').map((index) => ids[Number(index)])).toEqual(
      ofResults(log, '/ruleId'),
    );
  });

  it('has no links that a server made', () => {
    expect(String(ofResults(report(hostile), '/message/text'))).not.toContain('](');
  });

  it('is an error when what is undocumented fails the run', () => {
    const strict = report(events({ findings: [undocumentedFinding({ severity: 'error' })] }));
    expect(ofResults(strict, '/level')).toEqual(['error']);
  });
});

it('a rule has the sentence that it enforces, and where that stands', () => {
  expect(pointedTo(report(deviating), '/runs/0/tool/driver/rules/2')).toEqual({
    id: 'challenge-present',
    shortDescription: { text: 'A 401 says how to authenticate.' },
    fullDescription: {
      text: 'A server that sends a 401 must send a WWW-Authenticate field (RFC 9110, section 15.5.2).',
    },
    help: {
      text: 'A 401 says how to authenticate. A server that sends a 401 must send a WWW-Authenticate field (RFC 9110, section 15.5.2).',
    },
  });
});

it('a run that was stopped is not a success', () => {
  expect(pointedTo(report(interrupted), '/runs/0/invocations/0')).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [{ message: { text: 'The run is incomplete: it was interrupted.' } }],
  });
});

describe('the place of a file', () => {
  it('is counted from the checked-out repository', () => {
    expect(repositoryRoot({ GITHUB_WORKSPACE: '/home/runner/work' })).toBe('/home/runner/work');
    expect(repositoryRoot({ GITHUB_WORKSPACE: '' })).toBe(process.cwd());
  });

  it('is relative to the root, also when we are below it', () => {
    expect(pathFrom(resolve('..'), 'openapi/a.yaml')).toMatch(/^[^/]+\/openapi\/a\.yaml$/);
  });

  it('is a URI, whatever the name of the file', () => {
    expect(uriFrom(process.cwd(), 'my api/ä#1?%.yaml')).toBe('my%20api/%C3%A4%231%3F%25.yaml');
    expect(uriFrom(process.cwd(), 'a\ud800.yaml')).toBe('a%EF%BF%BD.yaml');
  });

  it('is whole when it is outside of the root', () => {
    const outside = resolve('..', 'a.yaml');
    expect(isAbsolute(pathFrom(process.cwd(), outside))).toBe(true);
    expect(uriFrom(process.cwd(), outside)).toBe(pathToFileURL(outside).href);
  });

  it('is an address when it is one', () => {
    expect(uriFrom(process.cwd(), 'https://example.com/a b.yaml')).toBe('https://example.com/a%20b.yaml');
  });
});
