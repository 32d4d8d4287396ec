/** The reports for programs: valid by the published schema, stable, and readable by people too. */

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { jsonLines, jsonReport } from '../../conformance/report/json.js';
import { isObject, type Json, type JsonObject, pointedTo } from '../../openapi/json.js';
import {
  deviating,
  events,
  exchange,
  hostile,
  hostileText,
  interrupted,
  noteFinding,
  request,
  runs,
  schemaFinding,
  secrets,
  undocumentedFinding,
  unstableFinding,
  written,
} from './events.js';

const schema: JsonObject = JSON.parse(readFileSync('conformance/report/report.schema.json', 'utf8'));
const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
ajv.addSchema(schema, 'report');

/** What is wrong with a value by a part of the published schema. */
function problems(value: unknown, part: string): unknown {
  const validate = ajv.getSchema(`report${part}`);
  if (validate === undefined) throw new Error(`There is no ${part}.`);
  return validate(value) ? [] : validate.errors;
}

function report(events: Parameters<typeof written>[1]): JsonObject {
  return JSON.parse(written(jsonReport, events));
}

function lines(events: Parameters<typeof written>[1]): JsonObject[] {
  return written(jsonLines, events)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function ids(findings: Json | undefined): unknown[] {
  return Array.isArray(findings) ? findings.map((finding) => isObject(finding) && finding.id) : [];
}

describe.each(Object.entries(runs))('a run that is %s', (_, run) => {
  it('is one document, valid by the published schema', () => {
    expect(problems(report(run), '')).toEqual([]);
  });

  it('is JSON Lines, each valid by the published schema', () => {
    expect(lines(run).map((line) => problems(line, '#/$defs/event'))).toEqual(run.map(() => []));
  });

  it.each([
    ['json', jsonReport],
    ['jsonl', jsonLines],
  ])('tells no secret and steers no terminal as %s', (_name, make) => {
    const text = written(make, run);
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u);
  });
});

describe('the schema', () => {
  it.each([
    ['another version', (run: JsonObject) => ({ ...run, version: 2 })],
    ['no findings', ({ findings: _, ...run }: JsonObject) => run],
    ['a member that is not known', (run: JsonObject) => ({ ...run, extra: 1 })],
  ])('refuses a report with %s', (_, change) => {
    expect(problems(change(report(deviating)), '')).not.toEqual([]);
  });

  it('refuses a line of an unknown type', () => {
    expect(problems({ type: 'run-paused' }, '#/$defs/event')).not.toEqual([]);
  });
});

describe('the document', () => {
  it('says first what it is', () => {
    const run = report(deviating);
    expect(Object.keys(run).slice(0, 2)).toEqual(['$schema', 'version']);
    expect(run).toMatchObject({ version: 1, plan: { seed: 42 }, startedAt: '2026-01-02T03:04:05.000Z' });
  });

  it('sums up', () => {
    expect(report(deviating).summary).toMatchObject({
      result: 'deviates',
      complete: true,
      stopped: null,
      requests: 1214,
      violations: 2,
      undocumented: 1,
      notes: 1,
      failing: 2,
    });
  });

  it('is written when the run was stopped, and says so', () => {
    const run = report(interrupted);
    expect(run.summary).toMatchObject({ result: 'deviates', complete: false, stopped: 'interrupted' });
    const outcomes = pointedTo(run, '/plan/workflows');
    expect(Array.isArray(outcomes) && outcomes.map((each) => isObject(each) && each.outcome)).toEqual([
      'conforms',
      'not-begun',
      'not-begun',
    ]);
  });

  it('has the same findings in the same order, in whichever order they were found', () => {
    const findings = [noteFinding(), undocumentedFinding(), unstableFinding(), schemaFinding()];
    const forwards = report(events({ findings }));
    const backwards = report(events({ findings: findings.toReversed() }));
    expect(ids(forwards.findings)).toEqual([
      'login-expires-in-2a',
      'logout-token-survives-1f',
      'login-415-3b',
      'login-challenge-4c',
    ]);
    expect(backwards.findings).toEqual(forwards.findings);
  });

  it('tells findings at one place by their ids', () => {
    const findings = [schemaFinding({ id: 'b' }), schemaFinding({ id: 'a' })];
    expect(ids(report(events({ findings })).findings)).toEqual(['a', 'b']);
  });

  it('gives all findings the same members', () => {
    const { findings } = report(events({ findings: [undocumentedFinding(), unstableFinding()] }));
    const members = Array.isArray(findings) ? findings.map((finding) => Object.keys(finding ?? {})) : [];
    expect(members[0]).toEqual(members[1]);
  });

  it('gives messages as they were sent: fields in order, content as text', () => {
    const run = report(events({ findings: [schemaFinding({ exchanges: [exchange()] })] }));
    expect(pointedTo(run, '/findings/0/exchanges/0/request')).toEqual({
      method: 'POST',
      path: '/api/v1/logout',
      query: '',
      fields: [
        ['authorization', 'Bearer masked-secret-1'],
        ['content-type', 'application/json'],
      ],
      content: { text: '{"refresh":true}', bytes: 16, cut: false },
    });
  });

  it('gives content that is not UTF-8 in base64', () => {
    const content = new Uint8Array([0xff, 0x00, 0x80]);
    const run = report(
      events({ findings: [schemaFinding({ exchanges: [exchange({ request: request({ content }) })] })] }),
    );
    const there = pointedTo(run, '/findings/0/exchanges/0/request/content');
    expect(there).toEqual({ base64: '/wCA', bytes: 3, cut: false });
  });

  it('masks a secret within content that is not UTF-8', () => {
    const run = report(hostile);
    const base64 = pointedTo(run, '/findings/0/exchanges/1/response/content/base64');
    const bytes = Buffer.from(String(base64), 'base64').toString('latin1');
    expect(bytes).toBe('\u00ff\u00fe\u0000masked-secret-1');
  });

  it('leaves out the end of long content, and says how long it was', () => {
    const there = pointedTo(report(hostile), '/findings/0/exchanges/0/response/content');
    expect(there).toMatchObject({ cut: true, bytes: expect.any(Number) });
    expect(isObject(there) && String(there.text).length).toBe(65_536);
    expect(isObject(there) && Number(there.bytes)).toBeGreaterThan(200_000);
  });

  it('does not part a surrogate pair where it cuts', () => {
    const content = `x${'😀'.repeat(40_000)}`;
    const run = report(events({ findings: [schemaFinding({ exchanges: [exchange({}, 200, content)] })] }));
    const text = pointedTo(run, '/findings/0/exchanges/0/response/content/text');
    expect(String(text).endsWith('😀')).toBe(true);
  });

  it('keeps what is hostile as it came', () => {
    expect(pointedTo(report(hostile), '/notExercised/0/reason')).toBe(hostileText);
  });

  it('masks a secret that is a number of a workflow', () => {
    const numeric = (text: string): string => text.replaceAll('917431', 'masked-otp-1');
    let text = '';
    const made = jsonReport((part) => {
      text += part;
    }, numeric);
    const workflow = { steps: [{ payload: { otp: 917431, tries: 3 } }] };
    for (const event of events({ findings: [schemaFinding({ workflow })] })) made.take(event);
    expect(pointedTo(JSON.parse(text), '/findings/0/workflow/steps/0/payload')).toEqual({
      otp: 'masked-otp-1',
      tries: 3,
    });
  });

  it('masks a secret that is the name of a member', () => {
    const workflow = { inputs: { [secrets[0]]: true } };
    expect(
      pointedTo(report(events({ findings: [schemaFinding({ workflow })] })), '/findings/0/workflow/inputs'),
    ).toEqual({ 'masked-secret-1': true });
  });

  it('hides the password of the URL', () => {
    expect(report(deviating).base).toBe('http://127.0.0.1:8080');
  });
});

describe('JSON Lines', () => {
  it('are written as things happen', () => {
    const parts: string[] = [];
    const made = jsonLines(
      (part) => parts.push(part),
      (text) => text,
    );
    for (const [index, event] of deviating.entries()) {
      made.take(event);
      expect(parts).toHaveLength(index + 1);
    }
    expect(parts.every((part) => part.indexOf('\n') === part.length - 1)).toBe(true);
  });

  it('name their schema once, at the start', () => {
    const [first, ...others] = lines(deviating);
    expect(first).toMatchObject({ type: 'run-started', version: 1 });
    expect(others.some((line) => 'version' in line)).toBe(false);
  });
});
