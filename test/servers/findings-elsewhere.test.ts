/** Saved findings, run by another Arazzo tool: they fail there at the same step, and on the correct server they hold. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { saveFindings } from '../../cli/check-findings.js';
import type { Finding, Phase } from '../../conformance/event.js';
import { derived } from '../../conformance/input/derived.js';
import { loadWorkflows } from '../../openapi/arazzo/arazzo.js';
import type { Workflow, WorkflowInput } from '../../openapi/arazzo/workflow.js';
import { checked, contractOf } from './checked.js';
import { type ForeignRun, runElsewhere } from './foreign-runner.js';
import { type ForeignServer, type Kind, startServer } from './start.js';

type Case = {
  readonly kind: Kind;
  readonly defect: string;
  readonly phases: readonly Phase[];
  readonly operation: string;
  /** The last of what the failed step says, as the conditions of its criteria. */
  readonly unmet: string;
};

const cases: readonly Case[] = [
  {
    kind: 'matar-node',
    defect: 'revocation-for-logout-only',
    phases: ['workflows'],
    operation: 'getCurrentUser',
    unmet: '$statusCode == 401',
  },
  {
    kind: 'matar-node',
    defect: 'revoked-word',
    phases: ['workflows'],
    operation: 'logout',
    unmet: '^The token has been revoked\\.$',
  },
  {
    kind: 'matar-node',
    defect: 'logout-ends-all-sessions',
    phases: ['rules'],
    operation: 'getCurrentUser',
    unmet: '$statusCode == 200',
  },
  {
    kind: 'matar-node',
    defect: 'logout-extra-field',
    phases: ['examples', 'workflows'],
    operation: 'logout',
    unmet: "$[?!$['status'] && !$[0]['status']]",
  },
  {
    kind: 'matar-node',
    defect: 'otp-prefix',
    phases: ['rules'],
    operation: 'login',
    unmet: '$statusCode == 400',
  },
  {
    kind: 'matar-node',
    defect: 'user-of-the-last-login',
    phases: ['rules'],
    operation: 'getCurrentUser',
    unmet: '$response.body#/phone_number == $inputs.phone_number',
  },
  {
    kind: 'xerial-express',
    defect: 'not-found-word',
    phases: ['workflows'],
    operation: 'logout',
    unmet: '^Not Found$',
  },
  {
    kind: 'xerial-express',
    defect: 'logout-spares-refresh',
    phases: ['rules'],
    operation: 'refreshTokens',
    unmet: '$statusCode == 401',
  },
];

describe.for(cases)('$kind with $defect', ({ kind, defect, phases, operation, unmet }) => {
  test('is told of by a document that fails elsewhere too, and holds where nothing is wrong', {
    timeout: 60_000,
  }, async () => {
    const { contract } = await contractOf(kind);
    const { finished } = await checked(kind, defect, { phases });
    const finding = finished.findings.find(
      (each) => each.operation === operation && each.severity === 'error',
    );
    if (finding === undefined) throw new Error(`Nothing was found: ${titles(finished.findings)}`);
    const file = saved(finding);
    expect(finding.workflow).not.toHaveProperty('x-counterfoil-only');

    const [workflow, ...others] = await loadWorkflows(file, contract);
    expect(others).toEqual([]);
    if (workflow === undefined) throw new Error('There is no workflow.');
    const last = workflow.steps.at(-1)?.id;
    const broken = await elsewhere(kind, defect, file, workflow);
    expect(broken).toMatchObject({ taken: workflow.steps.map(({ id }) => id), failed: last });
    expect(broken.unmet).toContain(unmet);
    const correct = await elsewhere(kind, undefined, file, workflow);
    expect(correct).toMatchObject({ taken: workflow.steps.map(({ id }) => id), failed: undefined });

    const again = await checked(kind, defect, { workflows: [workflow], phases: ['workflows'] });
    expect(again.finished.findings.map(({ id }) => id)).toContain(finding.id);
    const clean = await checked(kind, undefined, { workflows: [workflow], phases: ['workflows'] });
    expect(titles(clean.finished.findings.filter(({ severity }) => severity === 'error'))).toBe('');
    expect(clean.finished.notExercised.filter((gap) => gap.kind === 'workflow')).toEqual([]);
  });
});

function titles(findings: readonly Finding[]): string {
  return findings.map(({ check, title }) => `${check}: ${title}`).join('\n');
}

/** The finding as `--save-findings` leaves it. */
function saved(finding: Finding): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  saveFindings(folder, [finding], (text) => text);
  return path.join(folder, `${finding.id}.arazzo.json`);
}

/** Has the other tool run a document; what only the server knows is put in when it has been sent. */
async function elsewhere(
  kind: Kind,
  defect: string | undefined,
  file: string,
  { inputs }: Workflow,
): Promise<ForeignRun> {
  const { sourceDescriptions } = JSON.parse(readFileSync(file, 'utf8')) as {
    sourceDescriptions: readonly [{ readonly name: string }];
  };
  const server = await startServer(kind, defect);
  try {
    const values = new Map<string, string>();
    for (const [index, input] of inputs.entries()) values.set(input.name, await early(input, index, server));
    const late = latecomers(inputs, values, server);
    return await runElsewhere(file, sourceDescriptions[0].name, server.url, Object.fromEntries(values), late);
  } finally {
    await server.stop();
  }
}

/** A value that can be had before anything is sent; else a word for it. */
async function early({ name, asks }: WorkflowInput, index: number, server: ForeignServer): Promise<string> {
  if (asks === 'phone_number') return String(918_100_000_000 + index);
  if (asks === 'refreshToken') return server.session(`u${index}`);
  return asks === 'otp' || asks.startsWith('derived:') ? wordFor(name) : 'Asha';
}

function wordFor(name: string): string {
  return `<${name}>`;
}

/** Puts codes in the place of the words for them: of one number the oldest is of the input that comes first. */
function latecomers(
  inputs: readonly WorkflowInput[],
  values: ReadonlyMap<string, string>,
  server: ForeignServer,
): (text: string) => Promise<string> {
  const known = new Map<string, string>();
  const subject = (of: WorkflowInput): string =>
    String(Object.values(of.for)[0] ?? '').replace('$inputs.', '');
  const codeOf = async (name: string): Promise<string> => {
    const input = inputs.find((each) => each.name === name);
    if (input === undefined) throw new TypeError(`There is no input ${name}.`);
    if (!input.asks.startsWith('derived:')) {
      for (const each of inputs.filter((other) => other.asks === 'otp' && subject(other) === subject(input)))
        if (!known.has(each.name)) known.set(each.name, await server.sms(values.get(subject(input)) ?? ''));
      return known.get(name) ?? '';
    }
    return String(derived(input.asks.slice('derived:'.length), await codeOf(subject(input))));
  };
  return async (text) => {
    let written = text;
    for (const { name } of inputs)
      if (text.includes(wordFor(name))) written = written.replaceAll(wordFor(name), await codeOf(name));
    return written;
  };
}
