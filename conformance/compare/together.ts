/** One workflow on two servers, step by step: each binds values of its own, and the first answers that differ end it. */

import { isJson, parseMediaType } from '../../openapi/content/media-type.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { type Duration, millisecondsOf } from '../../openapi/duration.js';
import { fieldValue, type RequestMessage } from '../../openapi/http/message.js';
import { parseContent } from '../../openapi/http/validate.js';
import type { Json } from '../../openapi/json.js';
import { decodeToken } from '../../openapi/token.js';
import type { Answered, Occasion } from '../ask.js';
import type { ExchangeRecord } from '../event.js';
import { execute, type Stage } from '../execute.js';
import { inapplicable } from '../input/resolve-input.js';
import { situationOf } from '../judge/situation.js';
import type { Planned } from '../planned.js';
import type { Ending } from '../running.js';
import { type Answers, compareAnswers, type Measure } from './answers.js';
import type { Difference } from './difference.js';
import { type Expectation, expectationOf } from './made.js';
import { createMeeting, type Meeting, type SideName } from './meeting.js';
import { createRenaming, isName, type Renaming } from './renaming.js';
import type { Actor } from './side.js';

/** A step that both have taken. */
type Taken = {
  readonly step: Occasion['step'];
  readonly records: Readonly<Record<SideName, readonly ExchangeRecord[]>>;
};

/** Where two servers part. */
export type Parted = {
  readonly kind: 'parted';
  readonly difference: Difference;
  /** In what else the same two answers differ. */
  readonly others: readonly Difference[];
  readonly operation: Operation | undefined;
  /** The steps up to there, that one included. */
  readonly taken: readonly Taken[];
};

/** What came of a workflow on both. */
export type Together =
  | { readonly kind: 'same' }
  | Parted
  | { readonly kind: 'not-compared'; readonly reason: string }
  /** There was nothing in it to compare. */
  | { readonly kind: 'inapplicable' }
  | { readonly kind: 'stopped' };

export type TogetherOptions = {
  readonly contract: Contract;
  readonly actors: Readonly<Record<SideName, Actor>>;
  readonly tolerance: number;
  readonly longestWait: number;
  readonly isIgnored: (place: string) => boolean;
  /** Whether a difference is known, so that the workflow goes on after it. */
  readonly isKnown: (operation: Operation | undefined, difference: Difference) => boolean;
  /** Told of each step whose answers were compared. */
  readonly compared: () => void;
};

/** Runs a workflow on both servers with everything fresh. `cast` names those whom its inputs are about. */
export async function runTogether(
  options: TogetherOptions,
  planned: Planned,
  cast: string,
): Promise<Together> {
  const { A, B } = options.actors;
  const meeting = createMeeting();
  const attempt: Attempt = {
    renaming: createRenaming([], addressesOf(A.side.base, B.side.base)),
    taken: [],
    parted: undefined,
    unlike: undefined,
  };
  const run = async (actor: Actor): Promise<Ending> => {
    try {
      return await execute(stageIn(options, attempt, meeting, actor), planned, cast, true);
    } finally {
      meeting.leave(actor.name);
    }
  };
  const [a, b] = await Promise.all([run(A), run(B)]);
  if (attempt.parted !== undefined) return attempt.parted;
  if (A.turns.stopped() !== undefined || B.turns.stopped() !== undefined) return { kind: 'stopped' };
  if (attempt.unlike !== undefined) return { kind: 'not-compared', reason: attempt.unlike };
  return comparedEndings(a, b);
}

/** What changes while a workflow runs on both. */
type Attempt = {
  renaming: Renaming;
  readonly taken: Taken[];
  parted: Parted | undefined;
  /** Why the two do not send the same: nothing can be concluded from their answers. */
  unlike: string | undefined;
};

function comparedEndings(a: Ending, b: Ending): Together {
  const [whyA, whyB] = [a, b].map((ending) =>
    ending.kind === 'not-exercised' && ending.reason !== leftAlone ? ending.reason : undefined,
  );
  if (whyA !== undefined && whyA === whyB)
    return whyA.startsWith(inapplicable) ? { kind: 'inapplicable' } : { kind: 'not-compared', reason: whyA };
  const lacking = [
    ...(whyA === undefined ? [] : [`at A ${whyA}`]),
    ...(whyB === undefined ? [] : [`at B ${whyB}`]),
  ];
  if (lacking.length > 0) return { kind: 'not-compared', reason: lacking.join('; ') };
  if (a.kind === b.kind) return { kind: 'same' };
  const first = a.kind === 'deviates' ? 'A' : 'B';
  return { kind: 'not-compared', reason: `the workflow ends earlier at ${first}, by its own criteria` };
}

/** The stage of one side, which takes each step together with the other. */
function stageIn(options: TogetherOptions, attempt: Attempt, meeting: Meeting, actor: Actor): Stage {
  const { stage, name } = actor;
  const given = new Map<string, Json>();
  return {
    ...stage,
    finished: new Map(),
    async resolveInput(needed, depends, cast) {
      const answer = await stage.resolveInput(needed, depends, cast);
      if (answer.kind === 'value' && !needed.asks.startsWith('derived:'))
        given.set(`${needed.name} of ${cast}`, answer.value);
      return answer;
    },
    async pass(duration) {
      const why = await meeting.meet(name, 'pass', duration, () => passTogether(options, duration));
      return why === undefined ? leftAlone : why.failed;
    },
    ask: {
      ...stage.ask,
      async send(request, occasion) {
        const point = `${occasion.step.id} of ${occasion.planned.workflow.id}`;
        const ready = await meeting.meet(name, `send ${point}`, { request, given: new Map(given) }, (a, b) =>
          areAlike(attempt, a, b),
        );
        if (ready !== true) return stopped;
        const now = actor.beliefs.now();
        const expected = expectedOf(options.contract, actor, request);
        const answered = await stage.ask.send(request, occasion);
        const outcome = await meeting.meet(name, `answer ${point}`, { answered, expected, now }, (a, b) =>
          settle(options, attempt, occasion, a, b),
        );
        if (outcome === undefined || answered.kind === 'stopped') return stopped;
        return { ...answered, deviates: outcome === 'parted', isTold: outcome === 'parted' };
      },
      unmet: () => {},
    },
  };
}

/** The reason of a side whose other one has ended before. */
const leftAlone = 'the other server did not come as far';

const stopped: Answered = {
  kind: 'stopped',
  records: [],
  scope: undefined,
  last: undefined,
  deviates: false,
  isTold: false,
  isLimited: false,
};

type Ready = { readonly request: RequestMessage; readonly given: ReadonlyMap<string, Json> };

/**
 * Whether both send the same, but for the names of their values. What was given to one under two names must not be one
 * value for the other: then the calls are not the same calls.
 */
function areAlike(attempt: Attempt, a: Ready, b: Ready): boolean {
  for (const [key, here] of a.given) {
    const there = b.given.get(key);
    const [name] = key.split(' of ');
    if (there === undefined || !isName(here) || !isName(there)) continue;
    const isOne = bindGiven(attempt.renaming, here, there);
    if (isOne) continue;
    attempt.unlike = `the values given for ${name} are the same at one server, and not at the other`;
    return false;
  }
  noteSent(attempt.renaming, sentValue(a.request), sentValue(b.request));
  return true;
}

/** Given tokens name somebody: the same one at both. */
function bindGiven(renaming: Renaming, a: string | number, b: string | number): boolean {
  const [tokenA, tokenB] = [decodeToken(String(a)), decodeToken(String(b))];
  const [subjectA, subjectB] = [tokenA?.claims.sub, tokenB?.claims.sub];
  const isSame = !isName(subjectA) || !isName(subjectB) || renaming.bind(subjectA, subjectB) === undefined;
  return isSame && renaming.bind(a, b) === undefined;
}

function noteSent(renaming: Renaming, a: Json | undefined, b: Json | undefined): void {
  if (isName(a) && isName(b)) renaming.sent(a, b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return;
  const others: readonly (readonly [string, Json])[] = Object.entries(b);
  const values = new Map(others);
  for (const [name, value] of Object.entries(a)) noteSent(renaming, value, values.get(name));
}

/** What a request carries, as one value: its content, the segments of its path, and its query. */
function sentValue({ path, query, content, fields }: RequestMessage): Json {
  const mediaType = parseMediaType(fieldValue(fields, 'content-type') ?? '');
  const isPlain = content === undefined || mediaType === undefined;
  const parsed = isPlain
    ? undefined
    : parseContent(content, isJson(mediaType) ? { ...mediaType, parameters: [] } : mediaType);
  return {
    content: parsed?.kind === 'value' ? parsed.value : null,
    path: path.split('/').map(plain),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

function plain(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** What the state rules say of the answer that is about to come. */
function expectedOf(
  contract: Contract,
  { beliefs, credentials }: Actor,
  request: RequestMessage,
): Expectation {
  const view = { state: beliefs, now: beliefs.now(), credentials };
  const { situation, scope } = situationOf(contract, request, view);
  return expectationOf(situation, scope);
}

type Came = { readonly answered: Answered; readonly expected: Expectation; readonly now: number };

/** What two answers mean to the workflow: it goes on, or they have parted, or it is over. */
function settle(
  { contract, actors, tolerance, isIgnored, isKnown, compared }: TogetherOptions,
  attempt: Attempt,
  { step }: Occasion,
  a: Came,
  b: Came,
): 'same' | 'parted' | undefined {
  if (a.answered.kind === 'stopped' || b.answered.kind === 'stopped') return undefined;
  // A server that is not there does not part from another.
  if (actors.A.unreachable() !== undefined || actors.B.unreachable() !== undefined) return undefined;
  if (a.answered.isLimited || b.answered.isLimited) return 'same'; // each workflow ends by itself then
  const operation = step.call.kind === 'operation' ? step.call.operation : undefined;
  attempt.taken.push({ step, records: { A: a.answered.records, B: b.answered.records } });
  const measure: Measure = { contract, operation, tolerance, isIgnored };
  const result = compareAnswers(answersOf(a), answersOf(b), step.times.atOnce, attempt.renaming, measure);
  attempt.renaming = result.renaming;
  compared();
  const [difference, ...others] = result.differences.filter((each) => !isKnown(operation, each));
  if (difference === undefined) return 'same';
  attempt.parted = { kind: 'parted', difference, others, operation, taken: [...attempt.taken] };
  return 'parted';
}

/** The answers, without those that only asked for patience and were followed by another. */
function answersOf({ answered, expected, now }: Came): Answers {
  const outcomes = answered.records.map(({ outcome }) => outcome);
  const isPatience = (outcome: Answers['outcomes'][number]): boolean =>
    outcome.kind === 'response' && outcome.response.status === 429;
  const told = outcomes.filter((outcome, index) => !isPatience(outcome) || index === outcomes.length - 1);
  return { outcomes: told, expected, now };
}

/** Lets time pass at both servers, or at neither; why it cannot, when it cannot. */
async function passTogether(
  { actors: { A, B }, longestWait }: TogetherOptions,
  duration: Duration,
): Promise<{ readonly failed: string | undefined }> {
  const isLong = millisecondsOf(duration, A.beliefs.now()) > longestWait;
  const stuck = [A, B].filter(({ side }) => side.moveClock === undefined).map(({ name }) => name);
  if (isLong && stuck.length > 0)
    return { failed: `time would have to pass, and the clock of ${stuck.join(' and ')} cannot be moved` };
  const failed = await Promise.all([A, B].map(({ stage }) => stage.pass(duration)));
  const why = [A, B].flatMap(({ name }, index) =>
    failed[index] === undefined ? [] : [`at ${name} ${failed[index]}`],
  );
  return { failed: why.length === 0 ? undefined : why.join('; ') };
}

/** The addresses of the servers, which stand in the addresses of what they have made. */
function addressesOf(a: string | undefined, b: string | undefined): readonly (readonly [string, string])[] {
  if (a === undefined || b === undefined) return [];
  const [urlA, urlB] = [new URL(a), new URL(b)];
  const base = (url: string): string => url.replace(/\/+$/, '');
  return [
    [base(a), base(b)],
    [urlA.origin, urlB.origin],
    [urlA.host, urlB.host],
  ];
}
