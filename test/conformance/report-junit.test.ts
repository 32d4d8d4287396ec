/** JUnit XML: valid, a test case for each workflow, and nothing of a server's answer becomes markup. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { NotExercised, PlannedWorkflow, RunEvent } from '../../conformance/event.js';
import { junitReport } from '../../conformance/report/junit.js';
import {
  deviating,
  events,
  exchange,
  gaps,
  hostile,
  interrupted,
  noteFinding,
  runs,
  schemaFinding,
  secrets,
  unreachable,
  unstableFinding,
  workflows,
  written,
} from './events.js';

const schema = readFileSync('test/conformance/schemas/junit.xsd', 'utf8');

async function problems(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: { fileName: 'report.xml', contents: xml }, schema: [schema] });
  return errors.map(({ message }) => message);
}

function report(run: readonly RunEvent[]): string {
  return written(junitReport, run);
}

/** The test case of this name, from its start tag to its end. */
function testCase(xml: string, name: string): string {
  const start = xml.indexOf('<testcase', xml.lastIndexOf('\n', xml.indexOf(`name="${name}"`)));
  const rest = xml.slice(start);
  return /^<testcase[^>]*\/>/.exec(rest)?.[0] ?? rest.slice(0, rest.indexOf('</testcase>'));
}

describe.each(Object.entries(runs))('a run that is %s', (_, run) => {
  it('is valid JUnit XML', async () => {
    expect(await problems(report(run))).toEqual([]);
  });

  it('tells no secret', () => {
    const xml = report(run);
    for (const secret of secrets)
      expect(xml).not.toContain(
        secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
      );
  });

  it('has a test case for each workflow of the plan', () => {
    const xml = report(run);
    for (const summary of ['log out, and use the token again', 'log in with the shortest phone number'])
      expect(xml.split(`name="${summary}"`)).toHaveLength(2);
  });
});

describe('the schema', () => {
  it.each([
    [
      'an unknown element',
      '<testsuites><testsuite name="a" tests="0" failures="0" errors="0"><note/></testsuite></testsuites>',
    ],
    [
      'a test case without a name',
      '<testsuites><testsuite name="a" tests="0" failures="0" errors="0"><testcase/></testsuite></testsuites>',
    ],
    ['a count that is no number', '<testsuites tests="many"/>'],
    ['what is no XML', '<testsuites>]]></testsuites>'],
  ])('refuses %s', async (_, xml) => {
    expect(await problems(xml)).not.toEqual([]);
  });
});

describe('a test case', () => {
  const xml = report(deviating);

  it('belongs to its phase and its operation', () => {
    expect(xml).toContain('<testsuite name="rules" tests="1" failures="1" errors="0"');
    expect(testCase(xml, 'log out, and use the token again')).toContain('classname="rules.logout"');
  });

  it('fails with all that is wrong and how to see it', () => {
    const failed = testCase(xml, 'log out, and use the token again');
    expect(failed).toContain(
      '<failure message="a token still works after its session was ended" type="state-conformance">',
    );
    expect(failed).toContain('expected  401 {&quot;message&quot;:&quot;Token has been revoked&quot;}');
    expect(failed).toContain('3  POST /api/v1/logout -&gt; 200');
    expect(failed).toContain('contract  openapi/matar/openapi.yaml:214:9');
    expect(failed).toContain('curl -i -X POST http://127.0.0.1:8080/api/v1/logout');
    expect(failed).toContain('unstable: shown 1 of 3 times');
  });

  it('keeps what fails nothing as output', () => {
    const failed = testCase(xml, 'log in with the shortest phone number');
    const [failure = '', output = ''] = failed.split('<system-out>');
    expect(failure).toContain('expires_in is a string');
    expect(failure).not.toContain('challenge-present');
    expect(output).toContain('the 401 has no WWW-Authenticate field  [challenge-present]');
    expect(output).toContain('the status is not documented');
  });

  it('passes when there are only notes', () => {
    const noted = report(events({ findings: [noteFinding()] }));
    expect(noted).toContain('failures="0"');
    expect(noted).not.toContain('<failure');
    expect(testCase(noted, 'log in with the shortest phone number')).toContain('<system-out>');
  });

  it('has one failure for several findings, since most readers show only the first', () => {
    const both = report(
      events({
        findings: [schemaFinding(), schemaFinding({ id: 'other-7f', title: 'refresh_token is missing' })],
      }),
    );
    expect(both.split('<failure ')).toHaveLength(2);
    expect(both).toContain('(and 1 more)');
    expect(both).toContain('refresh_token is missing');
  });

  it('is skipped with the reason when it could not be tried', () => {
    expect(testCase(xml, 'log in with an OTP that has expired')).toContain(
      '<skipped message="no OTP could be had; masked-secret-2 was used before"/>',
    );
  });

  it('is skipped with a reason that was only given at the end', () => {
    const late = events({ notExercised: gaps }).filter(({ type }) => type !== 'not-exercised');
    expect(testCase(report(late), 'log in with an OTP that has expired')).toContain(
      '<skipped message="no OTP',
    );
  });

  it('has no reason of another one that ran at the same time', () => {
    const [expired, other] = [workflows[2], workflows[1]] as [PlannedWorkflow, PlannedWorkflow];
    const gap: NotExercised = { kind: 'rule', what: 'a rule', operation: undefined, reason: 'no token' };
    const xml = report([
      ...events().slice(0, 1),
      { type: 'workflow-started', workflow: expired, index: 0 },
      { type: 'workflow-started', workflow: other, index: 1 },
      { type: 'not-exercised', gap },
      { type: 'workflow-finished', workflow: expired, requests: 0, outcome: 'not-exercised' },
      { type: 'workflow-finished', workflow: other, requests: 1, outcome: 'conforms' },
      ...events({ notExercised: [gap] }).slice(-1),
    ]);
    expect(testCase(xml, expired.summary)).toContain('<skipped message="it could not be run"/>');
  });

  it('has a finding whose calls became fewer when it was tried again', () => {
    const shorter = unstableFinding({ exchanges: [exchange({ workflow: 'shorter-1' })] });
    const run = events({ findings: [unstableFinding()] });
    const [end] = events({ findings: [shorter] }).slice(-1);
    const xml = report([...run.slice(0, -1), ...(end === undefined ? [] : [end])]);
    expect(testCase(xml, 'log out, and use the token again')).toContain('<failure');
    expect(xml).not.toContain('beyond the plan');
  });

  it('takes as long as its requests', () => {
    expect(testCase(xml, 'log out, and use the token again')).toContain('time="0.036"');
  });

  it('stands for a finding that no planned workflow has', () => {
    const lost = unstableFinding({ exchanges: [] });
    const beyond = report([...events().slice(0, 1), ...events({ findings: [lost] }).slice(-1)]);
    expect(beyond).toContain('<testsuite name="beyond the plan" tests="1" failures="1"');
  });
});

describe('a suite', () => {
  it('has the seed among its properties', () => {
    expect(report(deviating)).toContain('<property name="seed" value="42"/>');
  });

  it('counts what it holds', () => {
    expect(report(deviating)).toContain(
      '<testsuite name="schema" tests="2" failures="1" errors="0" time="0.036" skipped="1"',
    );
  });

  it('lists what else was not exercised', () => {
    const xml = report(events({ notExercised: gaps }));
    expect(xml).toContain('<testsuite name="not exercised" tests="2"');
    expect(testCase(xml, 'response: POST /api/v1/login 400#expired-otp')).toContain(
      '<skipped message="the clock of the server cannot be moved"/>',
    );
  });
});

describe('a run that was stopped', () => {
  it('skips what it did not come to, and says why', () => {
    expect(report(interrupted)).toContain('<skipped message="not begun: it was interrupted"/>');
    expect(report(interrupted)).toContain('<property name="complete" value="false"/>');
  });

  it('is an error when the server was not there, so that no CI takes it for a success', () => {
    expect(report(unreachable)).toContain(
      '<error message="the server could not be reached: connect ECONNREFUSED 127.0.0.1:8080" type="unreachable"/>',
    );
    expect(report(unreachable)).toMatch(/<testsuites [^>]*errors="1"/);
  });
});

describe('what a server sends', () => {
  it('is text and nothing else', () => {
    const xml = report(hostile);
    expect(xml).toContain(']]&gt; &lt;/failure&gt;&lt;script&gt;');
    expect(xml).toContain('\\u0000');
    expect(xml).toContain('\\ud800');
    expect(xml).toContain('\\ufffe');
    expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  });

  it('does not make the report long', () => {
    expect(report(hostile).length).toBeLessThan(10_000);
  });
});
