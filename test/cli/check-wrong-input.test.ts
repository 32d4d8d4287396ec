/** What is wrong with a check before it begins: told in a sentence, with a place where there is one, and exit code 2 or 3. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCheck } from './check-server.js';
import { folderWith, pets } from './process.js';

/** Runs a check for each, at the same time. */
function outcomes(all: readonly (readonly string[])[]) {
  return Promise.all(all.map((args) => runCheck(args)));
}

/** Each ends with 2 and these words, and nothing that is meant for who wrote the program. */
async function allFail(
  cases: readonly (readonly [args: readonly string[], message: string])[],
): Promise<void> {
  const ended = await outcomes(cases.map(([args]) => args));
  const told = ended.map(({ exitCode, stdout, stderr }, index) => {
    const message = cases[index]?.[1] ?? '';
    const isPlain = !/\n\s+at |please report/.test(stderr);
    return [exitCode, stdout, isPlain, stderr.includes(message) ? message : stderr];
  });
  expect(told).toEqual(cases.map(([, message]) => [2, '', true, message]));
}

describe('exit code 2', () => {
  test('for a wrong command line, with what to write instead', () =>
    allFail([
      [[pets, '--mok'], "unknown option '--mok'\n(Did you mean --mock?)"],
      [[pets], 'error: Which server? Give --url, for example --url http://127.0.0.1:4010, or --mock'],
      [[pets, '--mock', '--url', 'http://127.0.0.1:1'], "'--mock' cannot be used with option '--url"],
      [[pets, '--url', 'localhost:80'], 'Give a whole URL'],
      [[pets, '--mock', '--report', 'juint:a.xml'], 'There is no report "juint" (did you mean junit?)'],
      [
        [pets, '--mock', '--level', 'eror-leak=off'],
        'There is no check "eror-leak". Did you mean error-leak?',
      ],
      [[pets, '--mock', '--only', 'adPet'], 'check or phase "adPet". Did you mean addPet?'],
      [[pets, '--mock', '--update-baseline'], 'Which baseline? Give --baseline <file>'],
    ]));

  test('for files that cannot be read, each with its place', async () => {
    const folder = await folderWith({
      'broken.yaml': 'openapi: 3.1.1\npaths: [\n',
      'config.yaml': 'timeout: soon\n',
      'list.yaml': '- 1\n',
      'known.json': '{ "version": 1,\n  "findings": [{}] }',
      'replay.json': '{ "arazzo": "1.0.1" }',
      'ca.pem': 'no certificate',
    });
    const at = (name: string): string => path.join(folder, name);
    await allFail([
      [[at('broken.yaml'), '--mock'], 'broken.yaml:3:1: a closing ] is missing'],
      [[pets, '--mock', '--config', at('config.yaml')], 'config.yaml:1:1: timeout cannot be "soon"'],
      [[pets, '--mock', '--config', at('none.yaml')], `There is no configuration ${at('none.yaml')}`],
      [
        [pets, '--mock', '--inputs', at('none.yaml')],
        'none.yaml:1:1: there is no such file. Name a file of inputs',
      ],
      [[pets, '--mock', '--inputs', at('list.yaml')], 'list.yaml:1:3: a list of inputs must hold objects'],
      [
        [pets, '--mock', '--baseline', at('none.json')],
        'none.json:1:1: there is no such file. Write a baseline',
      ],
      [[pets, '--mock', '--baseline', at('known.json')], 'known.json:2:16: this is no accepted finding'],
      [[pets, '--mock', '--replay', at('none.json')], 'none.json:1:1: '],
      [[pets, '--mock', '--replay', at('replay.json')], 'replay.json:1:1: '],
      [[pets, '--url', 'https://127.0.0.1:1', '--ca', at('none.pem')], 'none.pem:1:1: there is no such file'],
      [
        [pets, '--url', 'https://127.0.0.1:1', '--ca', at('ca.pem')],
        'ca.pem:1:1: there is no certificate in it',
      ],
      [
        [pets, '--mock', '--report', `junit:${at('known.json')}/a.xml`],
        'known.json/a.xml cannot be written: ',
      ],
      [[pets, '--mock', '--report', `junit:${folder}`], 'cannot be written: it is a folder'],
    ]);
  });
});

test('exit code 3 when nobody listens and when nobody has that name', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const address = closed.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise((resolve) => closed.close(resolve));
  const ended = await outcomes([
    [pets, '--url', `http://127.0.0.1:${port}`],
    [pets, '--url', 'http://nobody.invalid'],
  ]);
  for (const { exitCode, stdout, stderr } of ended) {
    expect([exitCode, stderr]).toEqual([3, '']);
    expect(stdout).toMatch(/reached/i);
    expect(stdout).not.toMatch(/CONFORMS|VIOLATION/);
  }
});
