/** Questions about what was given out: which operations can be asked, about what, and which of them change nothing. */

import { describe, expect, test } from 'vitest';
import { emptyDraft, withStep } from '../../../conformance/plan/draft.js';
import { targetsOf } from '../../../conformance/plan/goal.js';
import { askAbout, probe, slotsOf } from '../../../conformance/plan/probes.js';
import { groundOf, reachProducer } from '../../../conformance/plan/reach.js';
import { createPlayer } from '../../../conformance/plan/simulate.js';
import { club, matar, orders, xerial } from '../contracts.js';

const slots = (contract: typeof orders) =>
  slotsOf(contract).map(
    ({ operation, part, collections }) => `${operation.id} ${part}: ${collections.join(', ')}`,
  );

test('an operation can be asked by the part with which it looks up what the server has given out, safe ones first', () => {
  expect(slots(orders)).toEqual(['readOrder path id: orders', 'cancelOrder path id: orders']);
  expect(slots(club)).toEqual([
    'openDoor credential: badges, badges, badges',
    'leave credential: badges, badges',
  ]);
  expect(slots(matar)[0]).toMatch(/^getCurrentUser credential: sessions/);
  expect(slots(xerial).map((line) => line.split(':')[0])).toEqual([
    'logout body /refreshToken',
    'refreshTokens body /refreshToken',
  ]);
});

test('a question carries what it is about', () => {
  const [slot] = slotsOf(club);
  const step = slot && askAbout(club, slot, '$steps.a.outputs.badge', 'ask');
  expect(step?.parameters).toEqual([
    { name: 'Authorization', in: 'header', value: 'Bearer {$steps.a.outputs.badge}' },
  ]);
});

describe('after two orders', () => {
  const target = orders.operations.flatMap(targetsOf).find(({ transition }) => transition.name === 'made');
  const reached = target && reachProducer(groundOf(orders, false), target);
  if (reached === undefined) throw new Error('there is no way');
  const twice = [reached.step, reached.step].reduce((draft, step) => withStep(draft, step).draft, emptyDraft);
  const asked = (changing: boolean) => {
    const player = createPlayer(orders);
    for (const step of twice.steps) player.play(step, []);
    const slotted = { contract: orders, slots: slotsOf(orders), changing, prefix: 'then' };
    return probe(twice, player, slotted).steps.slice(2);
  };

  test('each is asked about', () => {
    expect(asked(false).map(({ id, parameters }) => [id, parameters[0]?.value])).toEqual([
      ['then-read-order', '$steps.made.outputs.id'],
      ['then-read-order-2', '$steps.made-2.outputs.id'],
    ]);
  });

  test('what changes something is asked last, and once of each', () => {
    expect(asked(true).map(({ id }) => id)).toEqual([
      'then-read-order',
      'then-read-order-2',
      'then-cancel-order',
      'then-cancel-order-2',
    ]);
  });
});
