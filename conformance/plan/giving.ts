/** How somebody is given something, whoever he is and whatever went before. */

import { isGiving, type Producer, producersOf } from './goal.js';
import { type Ground, type Reached, type Reaching, reachProducer } from './reach.js';

/** Something given out, by the first way that leads there from here: a user who is known does not register again. */
export function anyOf(ground: Ground, giver: Producer, reaching: Reaching): Reached | undefined {
  for (const way of producersOf(ground.contract, giver.put.collection)) {
    if (!isGiving(way)) continue;
    const reached = reachProducer(ground, way, { ...reaching, alike: true });
    if (reached !== undefined) return reached;
  }
  return undefined;
}
