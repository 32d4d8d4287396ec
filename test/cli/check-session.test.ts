/** A check of a server that gives out secrets: what the reports tell of them, findings saved and played again, baselines. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sessionCalls } from '../contracts/session-calls.js';
import type { Kind } from '../servers/start.js';
import { recordedServer } from './check-recorder.js';
import { runCheck } from './check-server.js';
import { folderWith, startMock } from './process.js';

const phone = '919743250001';
const names = ['terminal', 'junit', 'json', 'jsonl', 'html', 'sarif', 'github', 'github-summary', 'har'];

/** A server that has gone wrong, its inputs, and every report of a check of it. */
async function wrongServer(defect: string) {
  const kind: Kind = 'matar-node';
  const server = await recordedServer(kind, defect);
  onTestFinished(() => server.stop());
  const inputs = ['--input', `phone_number=${phone}`, '--input-command', `otp=${server.otpCommand}`];
  return { server, args: [await sessionCalls('matar'), '--url', server.url, '--seed', '7', ...inputs] };
}

describe('against a server with a defect', () => {
  test('no report tells a secret; the finding is saved, and shows again when it is replayed', async () => {
    const { server, args } = await wrongServer('sent-otp-extra-field');
    const folder = await folderWith({});
    const reports = names.flatMap((name) => ['--report', `${name}:${folder}/all/${name}`]);
    const few = ['--max-requests', '150', '--verbose', '--save-findings', `${folder}/found`];
    const run = await runCheck([...args, ...reports, '--report', 'terminal', ...few]);
    expect(run).toMatchObject({ exitCode: 1, stderr: '' });
    expect(readdirSync(`${folder}/all`).toSorted()).toEqual(names.toSorted());

    const secrets = server.secrets();
    expect(secrets.length).toBeGreaterThan(20);
    const files = names.map((name) => [name, readFileSync(`${folder}/all/${name}`, 'utf8')] as const);
    const saved = readdirSync(`${folder}/found`);
    const texts = [
      ...files,
      ['standard output', run.stdout] as const,
      ...saved.map((name) => [name, readFileSync(`${folder}/found/${name}`, 'utf8')] as const),
    ];
    const told = texts.flatMap(([name, text]) =>
      secrets
        .filter((secret) => formsOf(secret).some((form) => isIn(text, form)))
        .map((secret) => [name, secret]),
    );
    expect(told).toEqual([]);
    expect(files.filter(([, text]) => text.includes('masked-otp-1')).map(([name]) => name)).toEqual(
      expect.arrayContaining(['har', 'jsonl']),
    );

    const finding = saved.find((name) => name.endsWith('.arazzo.json')) ?? '';
    expect(finding).toMatch(/^[a-z0-9-]+\.arazzo\.json$/);
    const again = await runCheck([
      ...args,
      '--replay',
      path.join(folder, 'found', finding),
      '--report',
      'json',
    ]);
    expect(again.exitCode).toBe(1);
    const { findings } = JSON.parse(again.stdout) as { findings: { id: string }[] };
    expect(findings.map(({ id }) => `${id}.arazzo.json`)).toContain(finding);
  });

  test('what a baseline knows passes, what is new fails, what is gone is told', async () => {
    const { args } = await wrongServer('sent-otp-extra-field');
    const folder = await folderWith({});
    const few = [...args, '--only', 'examples', '--only', 'login', '--baseline', `${folder}/a/known.json`];
    const written = await runCheck([...few, '--update-baseline']);
    expect(written.exitCode).toBe(0);
    const text = readFileSync(`${folder}/a/known.json`, 'utf8');
    const known = JSON.parse(text) as { findings: { id: string }[] };
    expect(known.findings.length).toBeGreaterThan(0);
    const { exitCode, stdout } = await runCheck(few);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/CONFORMS/)]);
    const strict = await runCheck([
      ...few,
      '--level',
      'documented-example=off',
      '--strict',
      '--update-baseline',
    ]);
    expect(strict.exitCode).toBe(0);
    // Of a run that left something out, what did not show is kept.
    const ids = (JSON.parse(readFileSync(`${folder}/a/known.json`, 'utf8')) as typeof known).findings.map(
      ({ id }) => id,
    );
    expect(ids).toEqual(expect.arrayContaining(known.findings.map(({ id }) => id)));
  });
});

test('for a running mock nothing has to be given but its token', async () => {
  const matar = await sessionCalls('matar');
  const { url } = await startMock([matar, '--control-token', 'a.b']);
  const few = [matar, '--url', url, '--seed', '3', '--max-requests', '40', '--no-prompt'];
  const [run, dry] = await Promise.all([
    runCheck([...few, '--control-token', 'a.b', '--report', 'json']),
    runCheck([...few, '--dry-run']),
  ]);
  expect(run?.exitCode).toBe(0);
  const { plan, notExercised } = JSON.parse(run?.stdout ?? '') as {
    plan: { workflows: { id: string }[] };
    notExercised: { reason: string }[];
  };
  expect(notExercised.map(({ reason }) => reason).join()).not.toContain('no value is given');
  const [, count] =
    /(\d+) workflows, about \d+ requests, seed 3\. Nothing was sent\.\n$/.exec(dry?.stdout ?? '') ?? [];
  expect(Number(count)).toBeGreaterThan(0.9 * plan.workflows.length);
});

/** A secret as it may stand in a file. */
function formsOf(secret: string): readonly string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [
    ...new Set([
      secret,
      encodeURIComponent(secret),
      escaped,
      base64,
      base64.replaceAll('+', '-').replaceAll('/', '_'),
    ]),
  ];
}

/** A short secret is one where it stands alone: `12345`, and not within `8123456`. */
function isIn(text: string, form: string): boolean {
  if (form.length > 8) return text.includes(form);
  const quoted = form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${quoted}(?![\\w.])`).test(text);
}
