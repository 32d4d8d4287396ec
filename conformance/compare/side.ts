/** One of two servers that are compared: what a workflow needs to run on it, and what is known of its state. */

import type { Contract } from '../../openapi/contract.js';
import type { Clock } from '../../openapi/duration.js';
import { createAsker } from '../ask.js';
import type { Exchange } from '../check.js';
import type { ExchangeRecord } from '../event.js';
import type { Stage } from '../execute.js';
import { firstOf, type InputSource } from '../input/input.js';
import { type Credentials, credentialsOf, madeInputs } from '../input/made-inputs.js';
import { createInputResolver } from '../input/resolve-input.js';
import type { Scarce } from '../input/scarce.js';
import { type Beliefs, createBeliefs } from '../judge/beliefs.js';
import { createPassing } from '../passing.js';
import { createPatience } from '../patience.js';
import type { Plan } from '../planned.js';
import { createShared } from '../shared.js';
import type { Target } from '../target.js';
import type { Turns } from '../turns.js';
import type { SideName } from './meeting.js';

/** A server to compare, and what is given for it. */
export type Side = {
  readonly target: Target;
  /** Its URL, for reports and for the addresses in its answers; undefined for an app in this process. */
  readonly base?: string;
  /** Where its values come from that only a person or another system can give. Default: nowhere. */
  readonly inputs?: InputSource;
  /** The inputs of which there are few; partings that need them are not tried again. */
  readonly scarce?: Scarce;
  /** Credentials that are good where no rule of the contract tells which are. */
  readonly credentials?: readonly string[];
  /** Whether it is a mock, which writes to nobody and takes any credential that no rule speaks of. Default false. */
  readonly harmless?: boolean;
  /** Moves its clock, by so many seconds; rejects with why it cannot. */
  readonly moveClock?: (seconds: number) => Promise<void>;
  /** How far its clock is ahead, in milliseconds. Default 0. */
  readonly clockAhead?: number;
};

/** A server at work. */
export type Actor = {
  readonly name: SideName;
  readonly side: Side;
  /** What runs a workflow on it. */
  readonly stage: Stage;
  readonly beliefs: Beliefs;
  readonly credentials: Credentials;
  readonly turns: Turns;
  /** What the contract makes of an exchange. */
  judged(record: ExchangeRecord): Exchange | undefined;
  requests(): number;
  /** Why it is not asked any more; undefined while it is. */
  unreachable(): string | undefined;
};

export type ActorOptions = {
  readonly contract: Contract;
  readonly plan: Plan;
  readonly turns: Turns;
  readonly seed: number;
  readonly clock: Clock;
  readonly tolerance: number;
  readonly longestWait: number | undefined;
  readonly exchanged: (record: ExchangeRecord) => void;
  /** Told once that it gives no answer any more. */
  readonly lost: () => void;
};

/** A server that nobody has spoken to yet. */
export function createActor(name: SideName, side: Side, options: ActorOptions): Actor {
  const { contract, plan, turns, seed, clock, tolerance, longestWait } = options;
  const beliefs = createBeliefs(contract, clock, tolerance);
  const patience = createPatience();
  const { moveClock, clockAhead, harmless = false } = side;
  const passing = createPassing(
    beliefs,
    {
      ...(moveClock !== undefined && { moveClock }),
      ...(clockAhead !== undefined && { clockAhead }),
      ...(longestWait !== undefined && { longestWait }),
    },
    turns,
  );
  const credentials = credentialsOf(side.credentials ?? [], harmless);
  const judged = new WeakMap<ExchangeRecord, Exchange>();
  let requests = 0;
  let unreachable: string | undefined;
  const ask = createAsker({
    contract,
    target: side.target,
    beliefs,
    inspect: () => [],
    turn: turns.take,
    clock,
    sleep: turns.sleep,
    signal: turns.signal,
    credentials,
    secrets: () => [],
    clockMoved: passing.wasMoved,
    nextId() {
      requests += 1;
      return requests;
    },
    exchanged(record, exchange) {
      judged.set(record, exchange);
      patience.take(record.operation, record.outcome);
      const isNew = unreachable === undefined;
      unreachable ??= patience.exhausted();
      if (isNew && unreachable !== undefined) options.lost();
      options.exchanged(record);
    },
    found: () => {},
    unmet: () => {},
  });
  const source = madeInputs(contract, {
    source: side.inputs ?? firstOf([]),
    credentials: side.credentials ?? [],
    any: harmless,
    good: credentials.add,
    seed,
  });
  const stage: Stage = {
    contract,
    setups: plan.setups,
    shared: createShared().borrow(),
    finished: new Map(),
    ask,
    resolveInput: createInputResolver({ source, beliefs, signal: turns.signal, learnt: () => {} }),
    whyNot: patience.whyNot,
    shortestLifetime: undefined,
    now: beliefs.now,
    sleep: turns.sleep,
    leaveFor: (work) => work,
    async pass(duration) {
      const passed = passing.pass(duration);
      await passing.proceed();
      return passed;
    },
  };
  return {
    name,
    side,
    stage,
    beliefs,
    credentials,
    turns,
    judged: (record) => judged.get(record),
    requests: () => requests,
    unreachable: () => unreachable,
  };
}
