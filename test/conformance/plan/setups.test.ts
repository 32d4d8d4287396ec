/** Setups: what several workflows need first is one workflow, and what they use of it are its outputs. */

import { expect, test } from 'vitest';
import { targetsOf } from '../../../conformance/plan/goal.js';
import { groundOf, reach } from '../../../conformance/plan/reach.js';
import { asShared } from '../../../conformance/plan/setups.js';
import type { Contract } from '../../../openapi/index.js';
import { matar, orders } from '../contracts.js';

function shared(contract: Contract, name: string, more: readonly string[] = []) {
  const target = contract.operations.flatMap(targetsOf).find(({ transition }) => transition.name === name);
  const reached = target && reach(groundOf(contract, false), target);
  if (reached === undefined) throw new Error(`there is no way to ${name}`);
  return { reached, ...asShared(reached, more) };
}

test('all steps but the last are a workflow that the step setup calls', () => {
  const { setup, draft, rewrite, reached } = shared(orders, 'cancelled');
  expect(setup).toMatchObject({
    id: 'before-cancel-order-cancelled',
    outputs: [['id', '$steps.made.outputs.id']],
  });
  expect(setup?.steps.map(({ id }) => id)).toEqual(['made']);
  expect(draft.steps).toMatchObject([
    {
      id: 'setup',
      call: { kind: 'workflow', workflowId: 'before-cancel-order-cancelled', shared: true },
      outputs: [['id', '$outputs.id']],
    },
  ]);
  expect(rewrite(reached.step.parameters[0]?.value ?? null)).toBe('$steps.setup.outputs.id');
});

test('inputs that the last step uses come from the setup, and other templates too', () => {
  const { setup, rewrite } = shared(matar, 'registered', [
    'x {$inputs.phone_number}',
    '$steps.otp-sent.outputs.more',
  ]);
  expect(setup?.outputs.map(([name]) => name)).toEqual(
    expect.arrayContaining(['phone_number', 'otp', 'more']),
  );
  expect(setup?.inputs.map(({ name }) => name)).toEqual(['phone_number', 'otp']);
  expect(rewrite({ a: ['Bearer {$inputs.otp}'] })).toEqual({ a: ['Bearer {$steps.setup.outputs.otp}'] });
});

test('what begins with its own step needs no setup', () => {
  const { setup, draft, rewrite } = shared(matar, 'otp-sent');
  expect(setup).toBeUndefined();
  expect(draft).toMatchObject({ steps: [], inputs: [{ name: 'phone_number' }] });
  expect(rewrite('$inputs.phone_number')).toBe('$inputs.phone_number');
});
