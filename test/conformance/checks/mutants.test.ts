/** Every check says nothing of a correct server, and exactly this of each of its mutants. */

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checks } from '../../../conformance/checks/index.js';
import { appTarget, type Target } from '../../../conformance/target.js';
import { createMock } from '../../../mock/index.js';
import { type Contract, loadContract } from '../../../openapi/index.js';
import { contractOf } from '../../mock/contracts.js';
import { begun, type Said, startRun } from '../exchanges.js';
import { filled, type Mutant, mutants, mutated, things } from '../mutants.js';
import findings from './findings.json' with { type: 'json' };

const contracts: Readonly<Record<Mutant['contract'], Contract>> = {
  matar: await loadContract('matar'),
  xerial: await loadContract('xerial'),
  things: await contractOf('things', things),
};

/** Checks whose findings the run itself raises: of an exchange alone they have nothing to say. */
const raisedByTheRun = ['success-criteria'];

function correctTarget(contract: Contract): Target {
  return appTarget(createMock(contract, { seed: 1, secret: 'the key of the mock' }));
}

async function said(mutant: Mutant, target: Target, named: readonly string[]): Promise<readonly Said[]> {
  const contract = contracts[mutant.contract];
  const run = startRun(contract, target);
  const ask = begun(
    checks.filter(({ name }) => named.includes(name)),
    { responseTime: mutant.settings?.responseTime },
  );
  const all: Said[] = [];
  let login: unknown;
  for (const short of mutant.requests) {
    const exchange = await run.send(filled(short, login), mutant.known);
    if (exchange.body !== undefined && short.call.endsWith('/login')) login = exchange.body;
    all.push(...ask(exchange));
  }
  return all;
}

/** A deviation without what differs from run to run: tokens, instants, ids, and where the contract lies. */
function told({ severity, verdict, title, expected, actual, at, pointer }: Said): object {
  const masked = (text: string): string =>
    text
      .replace(/eyJ[\w.-]+…?/g, 'TOKEN')
      .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f-]{5,}/g, 'UUID')
      .replace(/\d{10,13}/g, 'INSTANT');
  return {
    severity,
    verdict,
    title,
    expected: masked(expected),
    actual: masked(actual),
    ...(at === undefined ? {} : { at: at.pointer }),
    ...(pointer === undefined ? {} : { pointer }),
  };
}

const expectations: Readonly<Record<string, readonly object[]>> = findings;

describe.each(checks.map(({ name }) => name))('%s', (name) => {
  const own = mutants.filter(({ check }) => check === name);

  it.each(own)('finds a server that $does, and no correct one', async (mutant) => {
    const correct = correctTarget(contracts[mutant.contract]);
    const every = checks.map((check) => check.name).filter((each) => each !== 'response-time');
    const withoutSecrets = { ...mutant, known: {} };
    expect(await said(withoutSecrets, correct, every)).toEqual([]);
    const broken = mutated(correctTarget(contracts[mutant.contract]), mutant);
    const found = await said(mutant, broken, [name]);
    expect(found.map(told)).toEqual(expectations[`${name}: ${mutant.does}`]);
    expect(found).not.toEqual([]);
  });

  it('has a mutant', () => {
    expect(own.length > 0 || raisedByTheRun.includes(name)).toBe(true);
  });

  it('says what it promises, and by which sentence of which specification', () => {
    const check = checks.find((each) => each.name === name);
    expect(check?.promise).toMatch(/^[A-Z].+\.$/);
    expect(check?.specification.sentence).toMatch(/^[A-Za-z].+\.$/);
    expect(check?.specification.section).not.toBe('');
  });
});

it('every file is a check of its name in the index, and no finding is left of a mutant that is gone', () => {
  const folder = new URL('../../../conformance/checks/', import.meta.url);
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'index.ts')
    .map((entry) => entry.name.replace(/\.ts$/, ''));
  expect(files.every((file) => /^[a-z]+(-[a-z]+)*$/.test(file))).toBe(true);
  expect(checks.map(({ name }) => name).toSorted()).toEqual(files.toSorted());
  expect(Object.keys(findings)).toEqual(mutants.map(({ check, does }) => `${check}: ${does}`));
});
