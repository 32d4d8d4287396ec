/** Broken servers, a sample of each kind of defect: what the check says of them is the defect, where it is and what came. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadWorkflows } from '../../openapi/arazzo/arazzo.js';
import { checked, contractOf } from './checked.js';
import defects from './defects.json' with { type: 'json' };
import found from './found.json' with { type: 'json' };
import { type Kind, missing } from './start.js';

/** In found.json, the texts are a part of those of the finding. */
type Found = Omit<(typeof found)[number], 'server' | 'pointer'> & {
  readonly server: Kind;
  readonly pointer?: string;
};

const sample = found as readonly Found[];
const isError = ({ severity }: { readonly severity: string }): boolean => severity === 'error';

describe('the check finds', () => {
  test.concurrent.for(sample.map((each) => [each.server, each.defect, each] as const))(
    '%s: %s',
    async ([server, defect, { check, endpoint, at, pointer, expected, actual }], { expect, skip }) => {
      const lacking = missing(server);
      if (lacking !== undefined) skip(lacking);
      const { shown } = await checked(server, defect, { confirmations: 0, until: isError });
      const errors = shown.filter(isError);
      expect(errors[0]).toMatchObject({
        check,
        endpoint,
        verdict: 'violates',
        at: { pointer: at },
        pointer,
        expected: expect.stringContaining(expected),
        actual: expect.stringContaining(actual),
      });
    },
  );

  test('some of every category and in every server', () => {
    const categoryOf = ({ server, defect }: Found): string | undefined =>
      defects.find(({ name, servers }) => name === defect && servers.includes(server))?.category;
    expect(new Set(sample.map(categoryOf))).toEqual(new Set(defects.map(({ category }) => category)));
    expect(new Set(sample.map(({ server }) => server))).toEqual(
      new Set(defects.flatMap(({ servers }) => servers)),
    );
  });
});

describe('a finding', () => {
  test('shows again when its own workflow is replayed, and not against the server as it should be', async () => {
    const { contract } = await contractOf('matar-node');
    const { shown } = await checked('matar-node', 'revoked-word', { confirmations: 0, until: isError });
    const [finding] = shown.filter(isError);
    expect(finding?.id).toBeDefined();
    const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-'));
    try {
      const file = path.join(folder, 'finding.arazzo.json');
      await writeFile(file, JSON.stringify(finding?.workflow));
      const workflows = await loadWorkflows(file, contract);
      const replay = { workflows, phases: ['workflows'], seed: 2 } as const;
      const again = await checked('matar-node', 'revoked-word', replay);
      expect(again.finished.findings.map(({ id }) => id)).toEqual([finding?.id]);
      expect(again.finished.requests).toBeLessThan(15);
      const correct = await checked('matar-node', undefined, replay);
      expect(correct.finished.findings).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('of a MUST that much of the world ignores is a note, and an error when strict', async () => {
    const phases = ['protocol'] as const;
    const allow = async (strict: boolean) => {
      const { finished } = await checked('matar-node', 'allow-missing', { phases, strict, confirmations: 0 });
      const own = finished.findings.filter(({ check }) => check === 'unsupported-method');
      return own.map(({ title, severity }) => [title, severity]);
    };
    expect(await allow(false)).toContainEqual(['405 comes without the field Allow', 'note']);
    expect(await allow(true)).toContainEqual(['405 comes without the field Allow', 'error']);
  });
});
