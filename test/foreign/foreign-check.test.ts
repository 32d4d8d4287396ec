/** The check on servers that know nothing of it, made of other people's packages: nothing is wrong with them, and what is broken is found. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Phase, RunFinished } from '../../conformance/event.js';
import type { CheckOptions } from '../../conformance/options.js';
import { type Contract, loadContract } from '../../openapi/index.js';
import { folderWith } from '../cli/process.js';
import { checked, told } from './checking.js';
import { outcomes, type Row, together, unexplained } from './deviations.js';
import { withDeviation } from './planted.js';
import { shopMessages, shopState } from './shop-deviations.js';
import { client, shopServer } from './shop-server.js';
import { todoMessages, todoState } from './todo-deviations.js';
import { todoServer, token } from './todo-server.js';

type Name = 'to-dos' | 'shop';

type Served = { readonly url: string; readonly contract: Contract; readonly credential: string };

/** A server as nobody has touched it, and its document: that of the shop comes from the shop. */
const served: Readonly<Record<Name, () => Promise<Served>>> = {
  async 'to-dos'() {
    const { url, stop } = await todoServer();
    onTestFinished(stop);
    const document = fileURLToPath(new URL('todos.yaml', import.meta.url));
    return { url, contract: await loadContract(document), credential: token };
  },
  async shop() {
    const { url, document, stop } = await shopServer();
    onTestFinished(stop);
    const file = path.join(await folderWith({}), 'shop.json');
    await writeFile(file, await (await fetch(document)).text());
    return { url, contract: await loadContract(file), credential: `oauth=${client}` };
  },
};

async function run(name: Name, options: CheckOptions, rows: readonly Row[] = []): Promise<RunFinished> {
  const { url, contract, credential } = await served[name]();
  const layer = await withDeviation(url, together(rows));
  onTestFinished(layer.stop);
  return checked(contract, layer.url, [credential], options);
}

/** How long a run may take on a machine that has much else to do, in milliseconds. */
const patience = 120_000;

const errors = ({ findings }: RunFinished): readonly string[] =>
  findings.filter(({ severity }) => severity === 'error').map(told);

describe('on a server as it is, no error is found', () => {
  it.each<Name>(['to-dos', 'shop'])(
    'by the whole check of %s, which reaches every operation',
    async (name) => {
      const finished = await run(name, { walks: { count: 2 }, concurrency: 4 });
      expect(errors(finished)).toEqual([]);
      expect(finished.notExercised.filter(({ kind }) => kind === 'operation')).toEqual([]);
      expect(finished.requests).toBeGreaterThan(1000);
    },
    patience,
  );

  it.each([
    ['to-dos', 2],
    ['to-dos', 3],
    ['shop', 2],
    ['shop', 3],
  ] as const)(
    'of %s with seed %i',
    async (name, seed) => {
      const finished = await run(name, { seed, phases: ['rules', 'walks'], walks: { count: 4, length: 15 } });
      expect(errors(finished)).toEqual([]);
      expect(finished.requests).toBeGreaterThan(100);
    },
    patience,
  );
});

/** The rows of each server, and the phases that are about what is broken there: the others say nothing else of it. */
const about = {
  messages: ['examples', 'security', 'schema', 'protocol'],
  state: ['examples', 'rules'],
} as const satisfies Readonly<Record<string, readonly Phase[]>>;

const planted: readonly (readonly [string, Name, readonly Phase[], readonly Row[]])[] = [
  ['the messages of the to-dos', 'to-dos', about.messages, todoMessages],
  ['what the to-dos keep', 'to-dos', about.state, todoState],
  ['the messages of the shop', 'shop', about.messages, shopMessages],
  ['what the shop keeps', 'shop', about.state, shopState],
];

describe('what is broken is found, with a URL and a credential', () => {
  it.each(planted)(
    'about %s, in as few calls as each row says; and nothing else is',
    async (_, name, phases, rows) => {
      const finished = await run(name, { phases }, rows);
      const expected = rows.map(({ id, found }) => [id, typeof found === 'string' ? 'not found' : 'found']);
      expect(outcomes(rows, finished)).toEqual(expected);
      expect(unexplained(rows, finished).filter((each) => each.startsWith('error '))).toEqual([]);
    },
    patience,
  );

  it('in more than twenty of all rows; each of the others says why not', () => {
    const rows = planted.flatMap(([, , , each]) => each);
    expect(rows.filter(({ found }) => typeof found !== 'string').length).toBeGreaterThanOrEqual(20);
    expect(rows.flatMap(({ id, found }) => (typeof found === 'string' ? [id] : []))).toEqual([
      'a time that nobody asked to be shorter',
      'PUT loses a member',
      'a list that shows what was deleted',
      'the limit of a list is not looked at',
      'what is created is not there',
      'what is deleted twice is deleted twice',
    ]);
  });
});
