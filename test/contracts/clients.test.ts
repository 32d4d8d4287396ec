/** Typed clients that openapi-typescript generates from the shipped contracts: they compile, and run the main journeys against the mock. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedApis } from '../../openapi/shipped.js';
import { served } from '../e2e/served.js';
import { journeys, type Mistake, mistakes, saying } from './journeys.js';

const root = path.resolve(import.meta.dirname, '../..');
const modules = path.join(root, 'node_modules');

/** What a project of a client on Node has. */
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
    noEmitOnError: false,
    skipLibCheck: true,
    outDir: 'out',
  },
  include: ['*/*.ts'],
};

type Ran = { readonly code: number; readonly output: string };

let project: string;
/** What the compiler says about the whole project, line by line. */
let compiled: readonly string[];

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'counterfoil-clients-'));
  await symlink(modules, path.join(project, 'node_modules'), 'junction');
  await writeFile(path.join(project, 'package.json'), '{ "type": "module", "private": true }');
  await writeFile(path.join(project, 'tsconfig.json'), JSON.stringify(settings));
  for (const api of shippedApis()) {
    const folder = path.join(project, api);
    await mkdir(folder);
    const generator = ['--import', path.join(import.meta.dirname, 'typescript-5.mjs')];
    generator.push(path.join(modules, 'openapi-typescript/bin/cli.js'));
    const generated = await run([
      ...generator,
      path.join(root, 'openapi', api, 'openapi.yaml'),
      '--output',
      path.join(folder, 'schema.ts'),
    ]);
    if (generated.code !== 0) throw new Error(generated.output);
    await writeFile(path.join(folder, 'journey.ts'), journeys[api] ?? '');
    for (const { name, statement } of statements(api))
      await writeFile(path.join(folder, `${name}.ts`), saying(statement));
  }
  const compiler = path.join(modules, 'typescript/bin/tsc');
  const { output } = await run([compiler, '-p', '.', '--pretty', 'false']);
  compiled = output.split('\n').filter((line) => line.trim() !== '');
}, 120_000);

afterAll(() => rm(project, { recursive: true, force: true }));

describe.each(shippedApis())('the client of %s', (api) => {
  test('is generated with every path of the contract', async () => {
    const generated = await readFile(path.join(project, api, 'schema.ts'), 'utf8');
    const written = await readFile(path.join(root, 'openapi', api, 'openapi.yaml'), 'utf8');
    const paths = [...written.matchAll(/^ {2}(\/\S+):$/gm)].map(([, route]) => route);
    expect(paths.length).toBeGreaterThan(1);
    for (const route of paths) expect(generated).toContain(`"${route}": {`);
  });

  test('compiles, and so does the journey that is made with it', () => {
    const wrong = compiled.filter(
      (line) => line.startsWith(`${api}/schema.ts`) || line.startsWith(`${api}/journey.ts`),
    );
    expect(wrong).toEqual([]);
    expect(compiled.filter((line) => /^error/.test(line))).toEqual([]);
  });

  test.each(mistakesOf(api).map((mistake) => [mistake.word, mistake.wrong || 'nothing', mistake] as const))(
    'lets one say %s, and not %s in its place',
    (_, __, { right, mistaken }) => {
      const against = (name: string) => compiled.filter((line) => line.startsWith(`${api}/${name}.ts`));
      expect(against(right)).toEqual([]);
      expect(against(mistaken)).not.toEqual([]);
    },
  );

  test('runs the main journey against the mock', async () => {
    const { url } = await served();
    const { code, output } = await run([`out/${api}/journey.js`, url]);
    expect(code, output).toBe(0);
    expect(JSON.parse(output)).toEqual(expected[api]);
  });
});

/** The mistakes of an API, with the names of the programs that do without them and that make them. */
function mistakesOf(api: string): (Mistake & { readonly right: string; readonly mistaken: string })[] {
  return (mistakes[api] ?? []).map((mistake, index) => {
    return { ...mistake, right: `right-${index}`, mistaken: `mistaken-${index}` };
  });
}

/** What these programs say. */
function statements(api: string): { readonly name: string; readonly statement: string }[] {
  return mistakesOf(api).flatMap(({ statement, word, wrong, right, mistaken }) => [
    { name: right, statement },
    { name: mistaken, statement: statement.replace(word, wrong) },
  ]);
}

/** What each journey has seen. */
const expected: Readonly<Record<string, unknown>> = {
  matar: {
    mistyped: { message: 'Invalid OTP' },
    loggedIn: { said: 'sent otp', hasOtp: true, hasRefreshToken: true },
    before: { name: 'Asha', image_url: null, organizations: ['685QVK'] },
    chosen: { organizations: 4, organization_id: '129487316', category_id: 'AK9OPI', language: 'हिंदी' },
    edited: {
      isSame: true,
      isWhoItWas: true,
      name: 'Asha K',
      language: 'hi-IN',
      image_url: 'https://example.com/asha.png',
      organizations: ['129487316'],
    },
    asked: {
      message: 'Post received.. generated transcription',
      isMine: true,
      isOfOrganization: true,
      category_ids: ['AK9OPI'],
      created_at: '31/01/2026 , 12:00 PM',
      parent_post_id: null,
      like: null,
    },
    inList: { grown: 1, place: 0, hasItsText: true, by: 'Asha K', answers: 0 },
    inCategory: { total: 1, isTheQuestion: [true] },
    byId: { isTheQuestion: true, like: null, own: {} },
    canLike: true,
    liked: { message: 'New user activity on post', kind: 'like', isOfTheQuestion: true, isMine: true },
    likedById: { like: 1, own: { like: true } },
    likedInList: [{ like: 1, own: { like: true } }],
    likedForAnother: { like: 1, own: {} },
    activitiesBegin: 0,
    loggedOut: 'Successfully logged out',
    refused: { error: 'token_revoked', description: 'The token has been revoked.' },
    noPost: 'token_revoked',
    stillIn: 'Ravi',
  },
  xerial: {
    loggedIn: { accessEnds: '2026-01-31T14:20:00.000Z', hasRefreshToken: true },
    me: { hasIdentifier: true, isOwner: true, custodial: true },
    created: { refrence: 'player@example.com', isAnother: true, hasProject: true },
    wallet: { isOfUser: true, custodial: true, type: 'evm' },
    before: { price: 1, minted: 0, inventory: [] },
    bought: {
      hasHash: true,
      minted: 2,
      inventory: [{ held: 2, name: 'First NFT', numbers: [1, 2], isOfTheType: true }],
    },
    listed: {
      isAnotherHash: true,
      market: [{ tokenId: 1, price: 2.5, isMine: true, hasNumber: true, name: 'First NFT' }],
    },
    delisted: { isAnotherHash: true, market: [] },
    delistedAgain: { code: 412, message: "You Don't Have This NFT" },
    given: { left: [{ held: 1, numbers: [1] }], there: [{ held: 1, numbers: [2] }] },
    notHeld: { code: 412, message: "You Don't Have This NFT" },
    renewed: { areOthers: true, isMe: true },
    old: { code: 401, message: 'Please Authenticate' },
    loggedOut: 204,
    over: { code: 401, message: 'Please Authenticate' },
    again: { code: 404, message: 'Not Found' },
  },
};

/** Runs Node in the project. */
async function run(args: readonly string[]): Promise<Ran> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project, env });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: `${stdout}${stderr}` };
  }
}
