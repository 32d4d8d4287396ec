/** The package as a project of somebody else has it: packed, unpacked, compiled against, run, and in its own test suite. */

import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sessionCalls } from './contracts/session-calls.js';

const root = path.resolve(import.meta.dirname, '..');
const tools = ['typescript', '@types/node', 'vitest'];
let project: string;

type Ran = { readonly code: number; readonly output: string };

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'counterfoil-consumer-'));
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', project];
  const [packed] = JSON.parse(
    execFileSync('npm', packing, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }),
  ) as readonly { readonly filename: string }[];
  const own = path.join(project, 'node_modules/counterfoil');
  await mkdir(own, { recursive: true });
  execFileSync('tar', [
    '-xzf',
    path.join(project, packed?.filename ?? ''),
    '--strip-components=1',
    '-C',
    own,
  ]);
  const manifest = JSON.parse(await readFile(path.join(own, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of [...Object.keys(manifest.dependencies), ...tools]) {
    const link = path.join(project, 'node_modules', name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.join(root, 'node_modules', name), link, 'junction');
  }
  await writeFile(path.join(project, 'package.json'), '{ "type": "module", "private": true }');
  await writeFile(path.join(project, 'tsconfig.json'), JSON.stringify(settings));
  await writeFile(
    path.join(project, 'vitest.config.js'),
    "export default { test: { include: ['*.suite.ts'] } };",
  );
  for (const [name, text] of Object.entries(sources)) await writeFile(path.join(project, name), text);
}, 120_000);

afterAll(() => rm(project, { recursive: true, force: true }));

/** `lib` is what a service on Node has. */
const settings = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    outDir: 'out',
  },
  include: ['*.ts'],
};

const xerial = await sessionCalls('xerial');

const sources = {
  'library.ts': `
import { check, mockAbilities, mockInputs, appTarget, type RunEvent, type RunFinished } from 'counterfoil/conformance';
import { createMock } from 'counterfoil/mock';
import { loadContract, seededRandom, type Contract } from 'counterfoil/openapi';

const contract: Contract = await loadContract('xerial');
const target = appTarget(createMock(contract, { seed: 1 }));
const abilities = await mockAbilities(target);
if (abilities === undefined) throw new Error('no mock');
const kinds = new Set<RunEvent['type']>();
let finished: RunFinished | undefined;
for await (const event of check(contract, target, {
  seed: 1,
  phases: ['examples'],
  inputs: mockInputs(abilities, contract, seededRandom(1)),
})) {
  kinds.add(event.type);
  if (event.type === 'exchange') {
    const { method, path }: { readonly method: string; readonly path: string } = event.exchange.request;
    if (method === '' || path === '') throw new Error('an exchange says what was sent');
  }
  if (event.type === 'run-finished') finished = event;
}
// @ts-expect-error A contract is loaded, never named.
void (() => check('xerial', target));
console.log(JSON.stringify({ kinds: [...kinds], complete: finished?.complete, findings: finished?.findings.length }));
`,
  'leaving.ts': `
import { check, appTarget } from 'counterfoil/conformance';
import { createMock } from 'counterfoil/mock';
import { loadContract } from 'counterfoil/openapi';

const contract = await loadContract(${JSON.stringify(xerial)});
const target = appTarget(createMock(contract));
let sent = 0;
for await (const event of check(contract, (message, signal) => { sent += 1; return target(message, signal); }, { seed: 1 }))
  if (event.type === 'exchange') break;
const atBreak = sent;
await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify({ atBreak, later: sent }));
`,
  'server.ts': `
import { appTarget, mockAbilities, mockInputs, type SuiteOptions, type Target } from 'counterfoil/conformance';
import { createMock } from 'counterfoil/mock';
import { loadContract, seededRandom, type Contract } from 'counterfoil/openapi';

export const contract: Contract = await loadContract(${JSON.stringify(xerial)});

const mock = appTarget(createMock(contract, { seed: 1 }));
const abilities = await mockAbilities(mock);
if (abilities === undefined) throw new Error('no mock');

export const good: Target = mock;

/** Answers every logout that is refused with another word. */
export const broken: Target = async (message, signal) => {
  const outcome = await mock(message, signal);
  if (outcome.kind !== 'response' || outcome.response.content === undefined) return outcome;
  if (!message.path.endsWith('/logout') || outcome.response.status !== 404) return outcome;
  const content = new TextEncoder().encode('{"message":"gone"}');
  const fields = outcome.response.fields.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...outcome, response: { ...outcome.response, fields, content } };
};

export const options: SuiteOptions = {
  base: 'http://xerial.example',
  phases: ['examples', 'rules'],
  only: ['logout'],
  inputs: mockInputs(abilities, contract, seededRandom(1)),
  moveClock: async (seconds) => void (await abilities.moveClock('PT' + seconds + 'S')),
};
`,
  'good.suite.ts': `
import { registerChecks } from 'counterfoil/conformance';
import { afterAll, describe, it } from 'vitest';
import { contract, good, options } from './server.js';

registerChecks({ describe, it, afterAll }, contract, good, options);
`,
  'broken.suite.ts': `
import { registerChecks } from 'counterfoil/conformance';
import { afterAll, describe, it } from 'vitest';
import { broken, contract, options } from './server.js';

registerChecks({ describe, it, afterAll }, contract, broken, { ...options, title: 'a broken server' });
`,
  'limited.suite.ts': `
import { httpTarget, registerChecks } from 'counterfoil/conformance';
import { afterAll, describe, it } from 'vitest';
import { contract, good, options } from './server.js';

const { inputs: _, ...withoutInputs } = options;
registerChecks({ describe, it, afterAll }, contract, good, { ...options, title: 'limited', maxRequests: 5 });
registerChecks({ describe, it, afterAll }, contract, good, { ...withoutInputs, title: 'nothing given' });
const nobody = httpTarget('http://127.0.0.1:1', { timeout: 1000 });
registerChecks({ describe, it, afterAll }, contract, nobody, { ...options, title: 'nobody there' });
`,
  'leaving.suite.ts': `
import { registerChecks, type TestRunner } from 'counterfoil/conformance';
import { afterAll, describe, it } from 'vitest';
import { contract, good, options } from './server.js';

let sent = 0;
let last: AbortSignal | undefined;
const oneOnly: TestRunner['it'] = (name, ...rest) =>
  name.includes('documented example') ? it(name, ...rest) : it.skip(name);
registerChecks({ describe, it: oneOnly, afterAll }, contract, (message, signal) => {
  sent += 1;
  last = signal;
  return good(message, signal);
}, { ...options, title: 'left early' });
afterAll(() => console.log('left early after', sent, last?.aborted));

registerChecks({ describe, it, afterAll }, contract, (_message, signal) =>
  new Promise((resolve) => {
    signal?.addEventListener('abort', () => {
      console.log('nobody waits any more');
      resolve({ kind: 'failure', failure: 'aborted', why: 'aborted', faults: [], partial: undefined });
    });
  }), { ...options, title: 'hanging', phases: ['examples'], testTimeout: 100 });
`,
  'node-test.ts': `
import { after as afterAll, describe, it } from 'node:test';
import { registerChecks } from 'counterfoil/conformance';
import { broken, contract, good, options } from './server.js';

registerChecks({ describe, it, afterAll }, contract, good, { ...options, title: 'good' });
registerChecks({ describe, it, afterAll }, contract, broken, { ...options, title: 'broken' });
registerChecks({ describe, it, afterAll }, contract, good, { ...options, title: 'limited', maxRequests: 5 });
`,
  // The shapes of @types/jest 30, as far as they matter here.
  'jest.ts': `
import { registerChecks } from 'counterfoil/conformance';
import { contract, good } from './server.js';

type DoneCallback = { (...args: any[]): any; fail(error?: string | { message: string }): any };
type ProvidesCallback = ((cb: DoneCallback) => void | undefined) | (() => PromiseLike<unknown>);
declare const describe: { (name: number | string | Function, fn: () => void): void };
declare const it: { (name: string, fn?: ProvidesCallback, timeout?: number): void };
declare const afterAll: (fn: ProvidesCallback, timeout?: number) => any;

export const register = () => registerChecks({ describe, it, afterAll }, contract, good);
`,
};

describe('a project that depends on the package', () => {
  test('compiles against its types', async () => {
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    expect(await run([compiler, '-p', '.'])).toEqual({ code: 0, output: '' });
  });

  test('follows a run event by event', async () => {
    const { output, code } = await run(['out/library.js']);
    expect(code, output).toBe(0);
    const told = JSON.parse(output) as { readonly kinds: readonly string[] };
    expect(told).toMatchObject({ complete: true, findings: 0 });
    expect(told.kinds.toSorted()).toEqual(
      expect.arrayContaining([
        'exchange',
        'run-finished',
        'run-started',
        'workflow-finished',
        'workflow-started',
      ]),
    );
  });

  test('ends a run by taking no more of its events', async () => {
    const { output } = await run(['out/leaving.js']);
    const { atBreak, later } = JSON.parse(output) as { readonly atBreak: number; readonly later: number };
    expect(later).toBe(atBreak);
  });
});

type Assertion = {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
  readonly meta?: object;
};

describe('the plan as tests of vitest', () => {
  let assertions: readonly Assertion[];
  let output: string;

  beforeAll(async () => {
    const report = path.join(project, 'report.json');
    const program = path.join(root, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=json', '--reporter=verbose', `--outputFile.json=${report}`];
    ({ output } = await run([program, 'run', ...reporters]));
    const written = JSON.parse(await readFile(report, 'utf8')) as {
      readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[];
    };
    assertions = written.testResults.flatMap(({ assertionResults }) => assertionResults);
  }, 60_000);

  const of = (title: string): readonly Assertion[] =>
    assertions.filter(({ ancestorTitles }) => ancestorTitles[0] === title);
  const statuses = (title: string): ReadonlySet<string> => new Set(of(title).map(({ status }) => status));

  test('passes with a server that conforms, a test for each workflow, by phase and operation', () => {
    const good = of('Xerial');
    expect(good.length).toBeGreaterThan(10);
    expect(good.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(good.map(({ ancestorTitles }) => ancestorTitles.slice(1).join(' > '))).toEqual(
      expect.arrayContaining(['examples > POST /api/auth/logout', 'rules > POST /api/auth/logout']),
    );
    const names = good.map(({ ancestorTitles, title }) => [...ancestorTitles, title].join(' > '));
    expect(new Set(names).size).toBe(names.length);
  });

  test('fails where a server deviates, and says how, where the contract says so and how to see it again', () => {
    const failed = of('a broken server').filter(({ status }) => status === 'failed');
    expect(failed.length, output).toBeGreaterThan(1);
    expect(failed.length).toBeLessThan(of('a broken server').length);
    for (const { failureMessages } of failed) expect(failureMessages.join('\n')).toContain('gone');
    const [message = ''] = failed.flatMap(({ failureMessages }) => failureMessages);
    expect(message).toMatch(/^ {2}expected {2}.*Not Found/m);
    expect(message).toMatch(/^ {2}actual {4}.*gone/m);
    expect(message).toMatch(/^ {2}contract {2}.*openapi\.yaml:\d+:\d+/m);
    expect(message).toMatch(/^ {2}repeat {4}curl -i -X POST http:\/\/xerial\.example\/api\/auth\/logout/m);
    expect(message).not.toMatch(/^ +at .*\.js/m);
  });

  test('tells no secret', () => {
    const messages = assertions.flatMap(({ failureMessages }) => failureMessages).join('\n');
    expect(messages).toMatch(/masked-[a-z-]+-\d/);
    expect(messages).not.toMatch(/eyJ[\w-]{10}/);
  });

  test('tells a finding again in each test whose workflow shows it', () => {
    const failed = of('a broken server').filter(({ status }) => status === 'failed');
    const ids = failed.map(
      ({ failureMessages }) => /^ {2}id {8}(\w+)$/m.exec(failureMessages.join('\n'))?.[1],
    );
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBeLessThan(ids.length);
  });

  test('skips what could not be tried, with the reason', () => {
    expect(statuses('limited')).toEqual(new Set(['passed', 'skipped']));
    expect(output).toContain('the most requests were sent before it was tried');
    expect(statuses('nothing given')).toContain('skipped');
    expect(output).toMatch(/nothing given > .*\[.+\]/);
  });

  test('fails where nobody is there', () => {
    expect(statuses('nobody there')).toEqual(new Set(['failed']));
    expect(of('nobody there')[0]?.failureMessages.join('\n')).toContain('the server cannot be reached');
  });

  test('ends its run with the suite where tests are left out', () => {
    expect(statuses('left early')).toEqual(new Set(['passed', 'skipped']));
    const [, sent, aborted] = /left early after (\d+) (\w+)/.exec(output) ?? [];
    expect(Number(sent)).toBeGreaterThan(0);
    expect(aborted).toBe('true');
  });

  test('ends its run with the suite where the server hangs', () => {
    expect(statuses('hanging')).toEqual(new Set(['failed']));
    expect(output.match(/nobody waits any more/g)).toHaveLength(1);
  });
});

test('the plan is tests of node:test too', async () => {
  const { output } = await run(['--test-reporter=tap', 'out/node-test.js']);
  expect(output).toMatch(/^# fail [1-9]/m);
  expect(output).toMatch(/^# skipped [1-9]/m);
  expect(output).toMatch(/^ok \d+ - good$/m);
  expect(output).toMatch(/^not ok \d+ - broken$/m);
  expect(output).toMatch(/^ok \d+ - limited$/m);
  expect(output).toContain('# SKIP the most requests were sent before it was tried');
});

/** Runs Node in the project. */
async function run(given: readonly string[]): Promise<Ran> {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
    NODE_TEST_CONTEXT: undefined,
    VITEST: undefined,
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, given, { cwd: project, env });
    return { code: 0, output: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}
