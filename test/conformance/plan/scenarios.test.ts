/** Transitions among bystanders: before it, again after it, and everything else looked at in between. */

import { describe, expect, test } from 'vitest';
import { targetsOf } from '../../../conformance/plan/goal.js';
import { groundOf } from '../../../conformance/plan/reach.js';
import { isMade, laterScenario } from '../../../conformance/plan/scenarios.js';
import { sceneOf } from '../../../conformance/plan/scene.js';
import type { Duration } from '../../../openapi/duration.js';
import { club, matar, orders, plain } from '../contracts.js';
import { planned, stepsOf, workflow } from './planned.js';

describe('a cancelled order', () => {
  const steps = stepsOf(
    workflow(planned(orders, { phases: ['rules'] }), 'cancel-order-cancelled-among-others'),
  );

  test('has bystanders that were there before it', () => {
    expect(steps.slice(0, 4)).toEqual(['made', 'made-2', 'made-3', 'cancelled']);
  });

  test('is asked about with all others, is cancelled again, and is asked about once more', () => {
    expect(steps).toContain('cancelled-again x3');
    const [before, after] = [
      steps.slice(4, steps.indexOf('cancelled-again x3')),
      steps.slice(steps.indexOf('cancelled-again x3') + 1),
    ];
    expect(before.filter((id) => id.startsWith('then-read-order'))).toHaveLength(3);
    expect(after.filter((id) => id.startsWith('still-read-order'))).toHaveLength(3);
    expect(steps.some((id) => id.startsWith('finally-cancel-order'))).toBe(true);
  });
});

test('each transition that is made by itself has a scenario', () => {
  const list = planned(orders, { phases: ['rules'] });
  for (const { operation, transition } of orders.operations.flatMap(targetsOf)) {
    const id = `${operation.id.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}-${transition.name}-among-others`;
    expect(workflow(list, id).steps.length).toBeGreaterThan(2);
  }
});

test('bystanders are of two users', () => {
  const { bystanders, givers } = sceneOf(groundOf(matar, false));
  expect(givers.map(({ operation }) => operation.id)).toEqual(['login']);
  expect(bystanders.inputs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['phone_number', 'otp', 'other_phone_number', 'other_otp']),
  );
  expect(sceneOf(groundOf(plain, false)).bystanders.steps).toEqual([]);
});

test('what has effects is asked about later, shortly before what was given out ends', () => {
  const scene = sceneOf(groundOf(club, false));
  const targets = club.operations.flatMap(targetsOf);
  const entered = targets.find(({ transition }) => transition.name === 'entered');
  const waits = entered && laterScenario(scene, entered)?.workflow.steps.flatMap(({ wait }) => wait ?? []);
  expect(waits?.map(({ seconds }) => seconds)).toEqual([12, 102]); // a tenth of two minutes, and 85 hundredths
  const opened = targets.find(({ transition }) => transition.name === 'opened');
  expect(opened && laterScenario(scene, opened)).toBeUndefined();
  const made = orders.operations.flatMap(targetsOf)[0];
  expect(made && laterScenario(sceneOf(groundOf(orders, false)), made)).toBeUndefined(); // orders last for ever
});

test('of several lifetimes the longest counts, with months by the calendar', () => {
  const scene = sceneOf(groundOf(club, false));
  const entered = club.operations.flatMap(targetsOf).find(({ transition }) => transition.name === 'entered');
  const firstWait = (...lifetimes: readonly Duration[]): number | undefined => {
    const givers = lifetimes.flatMap((lifetime) =>
      scene.givers.map((giver) => ({ ...giver, put: { ...giver.put, lifetime } })),
    );
    const later = entered && laterScenario({ ...scene, givers }, entered);
    return later?.workflow.steps.flatMap(({ wait }) => wait?.seconds ?? [])[0];
  };
  expect(firstWait({ seconds: 100 }, { seconds: 120 })).toBe(12);
  expect(firstWait({ seconds: 100 }, { months: 1 })).toBe(267_840); // a tenth of January
});

test('what the server may choose or the contract does not say is not made', () => {
  const names = matar.operations.flatMap(targetsOf).filter(({ transition }) => !isMade(transition));
  expect(names.map(({ transition }) => transition.name)).toEqual(['otp-expired-at-send']);
});
