/** `counterfoil mock --watch`: edits are served, the state stays, and a broken edit does no harm. */

import { appendFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMock } from '../../mock/index.js';
import { watchContracts } from '../../mock/watch.js';
import { type Contract, loadContract } from '../../openapi/index.js';
import { folderWith, post, startMock } from './process.js';

const documented = { phone_number: '919743256789', name: 'Sri', action: 'submit_otp', otp: '48793' };

/** A contract with one operation, whose schema is where `schema` says. */
const petsContract = (title: string, schema: string): string => `openapi: 3.1.1
info: { title: ${title}, version: "1" }
paths:
  /pets:
    get:
      responses:
        "200": { description: Pets., content: { application/json: { schema: ${schema} } } }
`;

describe('counterfoil mock --watch', () => {
  test('keeps the state over an edit, survives a broken one, and takes up the next good one', async () => {
    const folder = await folderWith({});
    const file = path.join(folder, 'openapi.yaml');
    await cp('openapi/matar/openapi.yaml', file);
    const good = await readFile(file, 'utf8');
    const mock = await startMock([folder, '--watch']);
    const login = await (await post(`${mock.url}/api/v1/login`, documented)).text();
    const headers = { authorization: `Bearer ${/"access_token":"([^"]+)"/.exec(login)?.[1]}` };
    const user = async () => (await fetch(`${mock.url}/api/v1/get_current_user`, { headers })).status;

    await writeFile(file, good.replace('title: Matar', 'title: Mater'));
    await mock.printed(/^Reloaded Mater 1\.0\.0; the state is kept\.$/m);
    expect(await user()).toBe(200);

    await writeFile(file, `${good}\n  nonsense: [`);
    await mock.printed(/openapi\.yaml:\d+:\d+: .+\n1 problem\.\nThe last good contract is still served\.$/m);
    expect(await user()).toBe(200);

    await writeFile(file, good);
    await mock.printed(/^The contract is good again\. Reloaded Matar 1\.0\.0; the state is kept\.$/m);
    expect(await user()).toBe(200);
  });

  test('follows files that are replaced, and those that an edit begins to refer to', async () => {
    const folder = await folderWith({ 'openapi.yaml': petsContract('One', '{ type: array }') });
    const file = path.join(folder, 'openapi.yaml');
    const schema = path.join(folder, 'schemas', 'pets.yaml');
    const mock = await startMock([folder, '--watch']);
    const pets = async () => (await fetch(`${mock.url}/pets`)).json();

    await writeFile(`${file}~`, petsContract('Two', '{ const: two }'));
    await rename(`${file}~`, file);
    await mock.printed(/^Reloaded Two 1/m);
    expect(await pets()).toBe('two');

    await writeFile(file, petsContract('Three', '{ $ref: schemas/pets.yaml }'));
    await mock.printed(/^Three has a mistake; [^\n]+\n {2}\S+: there is no file [\s\S]*^Reloaded Three 1/m);
    await mkdir(path.dirname(schema));
    await writeFile(schema, 'const: three');
    await expect.poll(pets).toBe('three');

    await writeFile(schema, 'const: four');
    await expect.poll(pets).toBe('four');

    await rm(file);
    await mock.printed(
      /the folder holds none of .+\n1 problem\.\nThe last good contract is still served\.$/m,
    );
    await writeFile(file, petsContract('Five', '{ const: five }'));
    await mock.printed(/^The contract is good again\. Reloaded Five 1/m);
    expect(await pets()).toBe('five');
  });

  test('says so on stderr when stdout is for programs', async () => {
    const folder = await folderWith({ 'openapi.yaml': petsContract('One', '{ type: array }') });
    const mock = await startMock([folder, '--watch', '--log', 'json']);
    await writeFile(path.join(folder, 'openapi.yaml'), petsContract('Two', '{ type: array }'));
    await mock.printed(/^Reloaded Two 1/m);
    expect(mock.stdout()).toBe(`{"type":"listening","url":"${mock.url}"}\n`);
    mock.signal('SIGINT');
    expect(await mock.ended).toBe(0);
  });
});

describe('watching', () => {
  test('reads several changes at once, and those that come while it reads once more', async () => {
    const folder = await folderWith({
      'openapi.yaml': petsContract('One', '{ $ref: a.yaml }'),
      'a.yaml': '{ type: array, items: { $ref: b.yaml } }',
      'b.yaml': 'type: string',
    });
    const files = ['openapi.yaml', 'a.yaml', 'b.yaml'].map((name) => path.join(folder, name));
    const loads: string[] = [];
    let change: (() => Promise<void>) | undefined = () =>
      writeFile(files[0] ?? '', petsContract('Two', 'true'));
    const load = async (): Promise<readonly Contract[]> => {
      const contract = await loadContract(folder);
      await change?.();
      change = undefined;
      loads.push(contract.title);
      return [contract];
    };
    const mock = createMock(await loadContract(folder));
    const reloaded = new Promise<void>((resolve, reject) => {
      const onReloaded = ([contract]: readonly Contract[]): void => {
        if (contract?.title === 'Two') resolve();
      };
      watchContracts(mock, { load, onReloaded, onFailed: reject }).then(({ files: watched, close }) => {
        onTestFinished(close);
        expect(watched).toBe(3);
        for (const file of files) appendFile(file, '\n').catch(reject);
      }, reject);
    });
    await reloaded;
    expect(loads).toEqual(['One', 'Two']);
  });
});
