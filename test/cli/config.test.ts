/** The configuration of a project: in each of its forms, found, wrong in each way, and under the flags. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findConfig, loadConfig, withFlags } from '../../cli/config.js';
import { type Config, defineConfig, levelFor } from '../../conformance/config.js';
import { ContractError } from '../../openapi/contract-error.js';
import { loadContract } from '../../openapi/load.js';
import { folderWith } from './process.js';

const checks = ['not-a-server-error', 'error-leak', 'token-conformance'];
const { operations } = await loadContract('matar');
const known = { checks, operations };

async function load(name: string, text: string): Promise<Config> {
  return loadConfig(path.join(await folderWith({ [name]: text }), name), known);
}

/** What is wrong with a file, without the folder that it is in. */
async function problemsOf(name: string, text: string): Promise<string[]> {
  const folder = await folderWith({ [name]: text });
  const error = await loadConfig(path.join(folder, name), known).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(ContractError);
  return String((error as Error).message)
    .replaceAll(`${folder}${path.sep}`, '')
    .split('\n');
}

const expected: Config = {
  checks: { 'error-leak': 'note' },
  operations: { logout: { checks: { 'error-leak': 'off' } } },
  timeout: 2.5,
};

const typescript = `import { defineConfig, type Config } from 'counterfoil/conformance';
import { level } from './level.js';
const operations: Config['operations'] = { logout: { checks: { 'error-leak': 'off' } } };
export default defineConfig({ checks: { 'error-leak': level }, operations, timeout: 2.5, rate: undefined });
`;
const level = "export const level = 'note' as const satisfies string;\n";

describe('is read', () => {
  const plain = JSON.stringify(expected);
  const yaml =
    '# ours\nchecks: { error-leak: note }\noperations:\n  logout:\n    checks: { error-leak: off }\ntimeout: 2.5\n';
  it.each([
    ['counterfoil.config.json', JSON.stringify({ $schema: './config.schema.json', ...expected }, null, 2)],
    ['counterfoil.config.yaml', yaml],
    ['counterfoil.config.yml', `\ufeff${plain}`],
    ['counterfoil.config.mjs', `export default { ...${plain}, rate: undefined };`],
    ['counterfoil.config.mjs', `export default await Promise.resolve(${plain});`],
    ['counterfoil.config.cjs', `module.exports = ${plain};`],
  ])('from %s', async (name, text) => {
    expect(await load(name, text)).toEqual(expected);
  });

  it('from TypeScript, with what it imports, and with defineConfig though nothing is installed beside it', async () => {
    const folder = await folderWith({ 'counterfoil.config.ts': typescript, 'level.ts': level });
    expect(await loadConfig(path.join(folder, 'counterfoil.config.ts'), known)).toEqual(expected);
  });

  it('from TypeScript by the program itself, anew after an edit', async () => {
    const folder = await folderWith({ 'counterfoil.config.ts': typescript, 'level.ts': level });
    const config = path.join(folder, 'counterfoil.config.ts');
    const program = `const { loadConfig } = await import(${JSON.stringify(pathToFileURL(path.resolve('dist/cli/config.js')))});
      console.log(JSON.stringify(await loadConfig(${JSON.stringify(config)}, { checks: ${JSON.stringify(checks)} })));`;
    const read = async (): Promise<unknown> => {
      const args = ['--input-type=module', '--eval', program];
      return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
    };
    expect(await read()).toEqual(expected);
    await writeFile(path.join(folder, 'level.ts'), level.replace('note', 'error'));
    expect(await read()).toMatchObject({ checks: { 'error-leak': 'error' } });
  });

  it('from an empty file, as no settings', async () => {
    expect(await load('counterfoil.config.yaml', '# none yet\n')).toEqual({});
  });

  it('with every setting', async () => {
    const all: Required<
      Omit<Config, 'inputs' | 'baseline' | 'report' | 'ca' | 'saveFindings' | 'clientCert' | 'clientKey'>
    > = {
      checks: { 'error-leak': 'error' },
      operations: { 'post /api/v1/logout': {} },
      strict: true,
      only: ['login'],
      skip: ['security'],
      responseTime: 0.5,
      headers: { 'X-Trace': '' },
      rate: 0.5,
      concurrency: 1,
      timeout: 1,
      retries: 0,
      proxy: 'http://127.0.0.1:8080',
      insecure: false,
      credentials: { bearerAuth: '$API_TOKEN' },
      tokenUrl: 'https://login.example.com/token',
      safe: true,
      inputCommands: { otp: './get-otp {phone_number}' },
      inputBudget: 3,
      once: ['otp'],
      fresh: ['phone_number'],
      secrets: ['pin'],
      walks: 0,
      walkLength: 40,
      walkTime: 0.5,
      maxRequests: 1,
      maxTime: 60,
      seed: 0,
    };
    expect(await load('c.json', JSON.stringify(all))).toEqual(all);
  });

  it('with files that are relative to it', async () => {
    const folder = await folderWith({
      'c.yaml':
        'inputs: accounts.yaml\nbaseline: ./known.json\nca: /etc/ca.pem\nclientCert: me.pem\nclientKey: me.key\ncredentials: { a: "@key.txt", b: $KEY }\nsaveFindings: ./found\nreport: [terminal, "junit:out/a.xml"]',
    });
    const here = path.relative('', folder);
    expect(await loadConfig(path.join(folder, 'c.yaml'), known)).toEqual({
      inputs: path.join(here, 'accounts.yaml'),
      baseline: path.join(here, 'known.json'),
      ca: path.relative('', '/etc/ca.pem'),
      clientCert: path.join(here, 'me.pem'),
      clientKey: path.join(here, 'me.key'),
      credentials: { a: `@${path.join(here, 'key.txt')}`, b: '$KEY' },
      saveFindings: path.join(here, 'found'),
      report: ['terminal', `junit:${path.join(here, 'out/a.xml')}`],
    });
  });

  it.each([{ inputs: { otp: '1' } }, { inputs: [{ otp: '1' }, { otp: '2' }] }])('with %j', async (config) => {
    expect(await load('c.json', JSON.stringify(config))).toEqual(config);
  });
});

describe('is wrong', () => {
  it('in several places, each told with its own', async () => {
    const text =
      'checks:\n  error-leak: warn\n  eror-leak: note\ntimeout: 0\nheaders:\n  a b: x\noperations:\n  lgout: {}\n';
    expect((await problemsOf('c.yaml', text)).toSorted()).toEqual([
      'c.yaml:2:3: checks.error-leak cannot be "warn". Write one of: off, note, error.',
      'c.yaml:3:3: there is no check "eror-leak". Write "error-leak".',
      'c.yaml:4:1: timeout cannot be 0. It must be > 0.',
      'c.yaml:6:3: "a b" is no name of a field. Write letters, digits and `-`.',
      'c.yaml:8:3: the contract has no operation "lgout". Write "logout".',
    ]);
  });

  it.each<[text: string, problem: string]>([
    ['cheks: {}', 'c.yaml:1:1: there is no setting "cheks". Write "checks".'],
    [
      'xyz: 1',
      expect.stringMatching(
        /^c\.yaml:1:1: there is no setting "xyz"\. Write one of: checks, operations, strict, /,
      ),
    ],
    ['checks: { xyz: off }', `c.yaml:1:11: there is no check "xyz". Write one of: ${checks.join(', ')}.`],
    [
      'operations: { logout: { check: {} } }',
      'c.yaml:1:25: there is no setting "check" of operations.logout. Write "checks".',
    ],
    [
      'operations: { "GET /api/v1/logout": {} }',
      'c.yaml:1:15: the contract has no operation "GET /api/v1/logout". Write "POST /api/v1/logout".',
    ],
    [
      'operations: { logout: { checks: { xyz: note } } }',
      `c.yaml:1:35: there is no check "xyz". Write one of: ${checks.join(', ')}.`,
    ],
    ['strict: "yes"', 'c.yaml:1:1: strict cannot be "yes". It is of type true or false.'],
    ['retries: 1.5', 'c.yaml:1:1: retries cannot be 1.5. It is of type integer.'],
    ['seed: 4294967296', 'c.yaml:1:1: seed cannot be 4294967296. It must be <= 4294967295.'],
    ['proxy: localhost', 'c.yaml:1:1: this is no address of a proxy. Write http://host:port.'],
    ['inputs: 5', 'c.yaml:1:1: inputs cannot be a number. It is of type string, or object, or array.'],
    ['only: [1]', 'c.yaml:1:8: only.0 cannot be 1. It is of type string.'],
    ['- 1', 'c.yaml:1:1: a configuration must be an object. Write settings by their names.'],
    ['a: [', 'c.yaml:1:5: a closing ] is missing here. Add it.'],
  ])('%s', async (text, problem) => {
    expect(await problemsOf('c.yaml', text)).toEqual([problem]);
  });

  it('without telling the secret that a field or a proxy may have', async () => {
    const secret = 'headers: { Authorization: [s3cret] }\nproxy: user:s3cret@proxy';
    expect(await problemsOf('c.yaml', secret)).toEqual([
      'c.yaml:1:12: headers.Authorization cannot be a list. It is of type string.',
      'c.yaml:2:1: this is no address of a proxy. Write http://host:port.',
    ]);
    const [problem] = await problemsOf('c.json', '{ "headers": {\n"Authorization": "Bearer s3cret\\n" } }');
    expect(problem).toBe('c.json:2:1: headers.Authorization has a line end in it. Write one line.');
  });

  it.each<[name: string, text: string, problem: RegExp]>([
    ['c.mjs', 'export const config = {};', /^c\.mjs:1:1: it has no default export\. Write `export default/],
    ['c.mjs', 'throw new Error("no database.");', /^c\.mjs:1:1: it cannot be run: no database\. Mend/],
    ['c.mjs', 'export default { seed: 1n };', /^c\.mjs:1:1: its default export is no plain value: .*BigInt/],
    ['c.mjs', 'export default () => {};', /^c\.mjs:1:1: a configuration must be an object/],
    ['c.mjs', 'export default { checks: { a: "off" } };', /^c\.mjs:1:1: there is no check "a"/],
    ['c.ts', 'export default {', /^c\.ts:1:1: it cannot be run: /],
    ['c.ts', "import './nowhere.js';\nexport default {};", /^c\.ts:1:1: it cannot be run: .*nowhere/],
    ['c.ts', 'const a: number = 1;', /^c\.ts:1:1: it has no default export/],
  ])('as a module: %s', async (name, text, problem) => {
    expect((await problemsOf(name, text))[0]).toMatch(problem);
  });

  it('when it cannot be read', async () => {
    const folder = await folderWith({});
    await expect(loadConfig(folder, known)).rejects.toThrow(/:1:1: it cannot be read: EISDIR/);
  });

  it('about operations only where the contract is known', async () => {
    const folder = await folderWith({ 'c.json': '{ "operations": { "nowhere": {} } }' });
    await expect(loadConfig(path.join(folder, 'c.json'), { checks })).resolves.toEqual({
      operations: { nowhere: {} },
    });
  });
});

describe('is found', () => {
  it.each(['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml'])(
    'by its name, ending in %s',
    async (form) => {
      const folder = await folderWith({ [`counterfoil.config.${form}`]: '', 'other.config.json': '' });
      expect(findConfig(folder)).toBe(path.join(folder, `counterfoil.config.${form}`));
    },
  );

  it('by the name that is given', async () => {
    const folder = await folderWith({ 'counterfoil.config.json': '', 'ci.yaml': '' });
    expect(findConfig(folder, 'ci.yaml')).toBe(path.join(folder, 'ci.yaml'));
    expect(() => findConfig(folder, 'cd.yaml')).toThrow('There is no configuration cd.yaml.');
  });

  it('only when there is one', async () => {
    expect(findConfig(await folderWith({}))).toBeUndefined();
    const folder = await folderWith({ 'counterfoil.config.json': '', 'counterfoil.config.ts': '' });
    expect(() => findConfig(folder)).toThrow(
      'There is more than one configuration: counterfoil.config.ts, counterfoil.config.json. Keep one, or name it with --config.',
    );
  });
});

describe('under the flags', () => {
  const config = defineConfig({
    checks: { 'error-leak': 'off', 'token-conformance': 'note' },
    operations: { login: { checks: { 'error-leak': 'note' } }, logout: {} },
    headers: { 'X-Trace': '1', authorization: 'a' },
    secrets: ['pin'],
    timeout: 5,
    report: ['terminal'],
    strict: true,
  });

  it('keeps what they do not say', () => {
    expect(withFlags({}, {})).toEqual({});
    const nothing = { timeout: undefined, checks: undefined } as unknown as Config;
    expect(withFlags({ timeout: 5, checks: { 'error-leak': 'off' } }, nothing)).toEqual({
      timeout: 5,
      checks: { 'error-leak': 'off' },
    });
  });

  it('gives way to what they say, name by name', () => {
    expect(
      withFlags(config, {
        checks: { 'error-leak': 'error' },
        operations: { login: { checks: { 'token-conformance': 'off' } } },
        headers: { Authorization: 'b' },
        secrets: ['otp', 'pin'],
        report: ['junit:out.xml'],
        strict: false,
        maxTime: 60,
      }),
    ).toEqual({
      checks: { 'error-leak': 'error', 'token-conformance': 'note' },
      operations: {
        login: { checks: { 'error-leak': 'note', 'token-conformance': 'off' } },
        logout: { checks: {} },
      },
      headers: { 'X-Trace': '1', Authorization: 'b' },
      secrets: ['pin', 'otp'],
      timeout: 5,
      report: ['junit:out.xml'],
      strict: false,
      maxTime: 60,
    });
  });
});

describe('the level of a check', () => {
  const login = operations.find(({ id }) => id === 'login');
  const logout = operations.find(({ id }) => id === 'logout');
  const config: Config = {
    checks: { 'error-leak': 'off' },
    operations: {
      login: { checks: { 'error-leak': 'error' } },
      'post /api/v1/logout': { checks: { 'token-conformance': 'note' } },
    },
  };

  it.each([
    ['error-leak', login, 'error'],
    ['error-leak', logout, 'off'],
    ['error-leak', undefined, 'off'],
    ['token-conformance', logout, 'note'],
    ['token-conformance', login, undefined],
    ['toString', login, undefined],
  ])('%s', (check, operation, level) => {
    expect(levelFor(config, check, operation)).toBe(level);
  });

  it('is not set by no configuration', () => {
    expect(levelFor({}, 'error-leak', login)).toBeUndefined();
  });
});
