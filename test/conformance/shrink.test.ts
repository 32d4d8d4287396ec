/** Sequences made shorter: what is left of each by what it needs to show, and what is tried on the way. */

import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../conformance/check.js';
import { checks } from '../../conformance/checks/index.js';
import type { Situation } from '../../conformance/judge/judge.js';
import {
  callStep,
  castName,
  type Draft,
  emptyDraft,
  input,
  withInput,
  workflowOf,
  workflowStep,
} from '../../conformance/plan/draft.js';
import { neverGiven } from '../../conformance/plan/never-given.js';
import { simulate } from '../../conformance/plan/replay.js';
import { foreteller, lifetimesOf, slicesOf } from '../../conformance/shrink/foretold.js';
import { contentOf } from '../../conformance/shrink/references.js';
import { substituting } from '../../conformance/shrink/substituting.js';
import { type Attempt, type Shrinking, shrink } from '../../conformance/shrink.js';
import type { Step, Workflow } from '../../openapi/arazzo/workflow.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { matar, orders, xerial } from './contracts.js';

const operation = (id: string, contract: Contract = matar): Operation => {
  const found = contract.operations.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
};
const [login, logout, shown] = [operation('login'), operation('logout'), operation('getCurrentUser')];

/** The draft with an OTP sent to a user, as `send-N`; the code is an output of the step. */
function sent(draft: Draft, number: number, cast = 0): Draft {
  const phone = castName('phone_number', cast);
  const otp = number === 1 ? 'otp' : `otp_${number}`;
  const step = callStep(`send-${number}`, login, {
    requestBody: body({ phone_number: `$inputs.${phone}`, name: 'skb', action: 'send_otp' }),
    outputs: [['otp', `$inputs.${otp}`]],
  });
  const asked = input(otp, 'otp', { phone_number: `$inputs.${phone}` }, { 'x-after': step.id });
  const inputs = withInput(withInput(draft, input(phone, 'phone_number')), asked);
  return { ...inputs, steps: [...draft.steps, step] };
}

/** The draft with a login by the OTP of `send-CODE`, as `log-in-N`. */
function loggedIn(draft: Draft, number: number, cast = 0, code = number, more: object = {}): Draft {
  const phone_number = `$inputs.${castName('phone_number', cast)}`;
  const otp = `$steps.send-${code}.outputs.otp`;
  const step = callStep(`log-in-${number}`, login, {
    requestBody: body({ phone_number, name: 'Sri', action: 'submit_otp', otp, ...more }),
    outputs: [['access_token', '$response.body#/access_token']],
  });
  return { ...draft, steps: [...draft.steps, step] };
}

const body = (
  payload: Step['requestBody'] extends infer B ? (B & { payload: unknown })['payload'] : never,
) => ({
  contentType: undefined,
  payload,
  replacements: [],
});

const bearer = (session: number, scheme = 'Bearer'): Partial<Step> => ({
  parameters: [
    {
      name: 'Authorization',
      in: 'header',
      value: `${scheme} {$steps.log-in-${session}.outputs.access_token}`,
    },
  ],
});
const asked = (draft: Draft, id: string, session: number, more: Partial<Step> = {}): Draft => ({
  ...draft,
  steps: [...draft.steps, callStep(id, shown, { ...bearer(session), ...more })],
});
const loggedOut = (draft: Draft, id: string, session: number): Draft => ({
  ...draft,
  steps: [...draft.steps, callStep(id, logout, bearer(session))],
});
const session = (draft: Draft, number: number, cast = 0): Draft =>
  loggedIn(sent(draft, number, cast), number, cast);

const whole = (draft: Draft): Workflow => workflowOf('w', 'a walk', draft);
const ids = ({ steps }: Workflow): readonly string[] => steps.map(({ id }) => id);
const count = (workflow: Workflow, prefix: string): number =>
  ids(workflow).filter((id) => id.startsWith(prefix)).length;

/** What is left, and everything that was tried. */
async function left(
  workflow: Workflow,
  shows: (candidate: Workflow) => boolean | Attempt,
  shrinking: Shrinking = {},
): Promise<{
  readonly workflow: Workflow;
  readonly ids: readonly string[];
  readonly tried: readonly Workflow[];
}> {
  const tried: Workflow[] = [];
  const shortest = await shrink(
    workflow,
    async (candidate) => {
      tried.push(candidate);
      return shows(candidate);
    },
    shrinking,
  );
  return { workflow: shortest, ids: ids(shortest), tried };
}

/** Two users, three sessions of the first and two of the other, some of which end: 24 calls. */
function longWalk(): Workflow {
  let draft = asked(session(emptyDraft, 1), 'ask-1', 1);
  draft = asked(session(draft, 2, 1), 'ask-2', 2);
  draft = asked(asked(session(draft, 3), 'ask-3', 1), 'ask-4', 3);
  draft = asked(loggedOut(draft, 'log-out-1', 2), 'ask-5', 2);
  draft = asked(session(draft, 4, 1), 'ask-6', 4);
  draft = loggedIn(draft, 5, 1, 4);
  draft = asked(asked(session(draft, 6), 'ask-7', 6), 'ask-8', 3);
  draft = loggedOut(asked(draft, 'ask-9', 5), 'log-out-2', 3);
  return whole(asked(draft, 'last', 1));
}

describe('steps', () => {
  test.for<[what: string, needs: (workflow: Workflow) => boolean, left: readonly string[]]>([
    ['what the last step rests on stays', () => true, ['send-1', 'log-in-1', 'last']],
    [
      'one more call, whose session is the same',
      (each) => count(each, 'ask-4') === 1,
      ['send-1', 'log-in-1', 'ask-4', 'last'],
    ],
    [
      'three logins, by one OTP when that will do',
      (each) => count(each, 'log-in') >= 3,
      ['send-1', 'log-in-1', 'log-in-3', 'log-in-6', 'last'],
    ],
    [
      'three OTPs that are used',
      (each) =>
        new Set(
          each.steps.flatMap(({ requestBody }) => /send-\d/.exec(JSON.stringify(requestBody ?? null)) ?? []),
        ).size >= 3,
      ['send-1', 'log-in-1', 'send-3', 'log-in-3', 'send-6', 'log-in-6', 'last'],
    ],
    [
      'a login, a logout of it and a login after that',
      (each) => {
        const end = each.steps.findIndex(({ id }) => id.startsWith('log-out'));
        return end > 0 && each.steps.slice(end).some(({ id }) => id.startsWith('log-in'));
      },
      ['send-1', 'log-in-1', 'log-out-1', 'log-in-6', 'last'],
    ],
  ])('%s', async ([, needs, wanted]) => {
    const { workflow, tried } = await left(longWalk(), needs);
    expect(ids(workflow)).toHaveLength(wanted.length);
    expect(ids(workflow).at(-1)).toBe('last');
    expect(needs(workflow)).toBe(true);
    expect(tried.length).toBeLessThan(60);
  });

  test('nothing is left that names what is gone', async () => {
    const { tried } = await left(longWalk(), (each) => count(each, 'log-in') >= 2 && count(each, 'ask') > 1);
    for (const workflow of tried) {
      const text = JSON.stringify([workflow.steps.map((step) => ({ ...step, call: null })), workflow.inputs]);
      for (const [, id = ''] of text.matchAll(/\$steps\.([\w-]+)\./g)) expect(ids(workflow)).toContain(id);
      const names = workflow.inputs.map(({ name }) => name);
      for (const [, name = ''] of text.matchAll(/\$inputs\.(\w+)/g)) expect(names).toContain(name);
      for (const { schema } of workflow.inputs)
        if (typeof schema['x-after'] === 'string') expect(ids(workflow)).toContain(schema['x-after']);
    }
  });

  test('the session of another login is used where the own one need not be', async () => {
    const draft = asked(session(session(emptyDraft, 1), 2), 'last', 2);
    const opens = (each: Workflow): boolean => count(each, 'log-in') === 1 || each.steps.length === 5;
    expect((await left(whole(draft), opens)).ids).toHaveLength(3);
  });

  test('what showed earlier is cut there', async () => {
    const early = (each: Workflow): Attempt => ({
      showed: ids(each).includes('ask-1'),
      step: 'ask-1',
      requests: 3,
      isOver: false,
    });
    expect((await left(longWalk(), early)).ids).toEqual(['send-1', 'log-in-1', 'ask-1']);
  });

  test('the time that passed before a step that goes passes before the next one, where it is needed', async () => {
    const draft = asked(session(emptyDraft, 1), 'ask-1', 1, { wait: { days: 3 } });
    const waits = ({ steps }: Workflow): boolean => steps.some(({ wait }) => wait?.days === 3);
    const { workflow } = await left(whole(asked(draft, 'last', 1)), waits);
    expect(ids(workflow)).toEqual(['send-1', 'log-in-1', 'last']);
    expect(workflow.steps.at(-1)?.wait).toEqual({ days: 3 });
  });

  test('a step that others go to stays with them', async () => {
    const again = {
      name: 'again',
      type: 'goto',
      workflowId: undefined,
      stepId: 'send-1',
      retryAfter: 0,
      retryLimit: 1,
      criteria: [],
    } as const;
    const draft = sent(emptyDraft, 1);
    const last = callStep('last', shown, { onFailure: [again] });
    const { tried } = await left(whole({ ...draft, steps: [...draft.steps, last] }), () => true);
    for (const workflow of tried) expect(ids(workflow)).toContain('send-1');
  });
});

describe('users and values', () => {
  const names = ({ inputs }: Workflow): readonly string[] => inputs.map(({ name }) => name);

  test('two users are one when one will do', async () => {
    const draft = asked(session(session(emptyDraft, 1, 1), 2), 'last', 2);
    const two = (each: Workflow): boolean => count(each, 'send') === 2 && count(each, 'log-in') === 2;
    const { workflow } = await left(whole(draft), two);
    expect(names(workflow).toSorted()).toEqual(['otp', 'otp_2', 'phone_number']);
    expect(JSON.stringify(workflow.inputs)).not.toContain('other_');
  });

  test('a user who is left alone has the plain names', async () => {
    const draft = asked(session(session(emptyDraft, 1), 2, 1), 'last', 2);
    const { workflow } = await left(whole(draft), () => true);
    expect(names(workflow).toSorted()).toEqual(['otp_2', 'phone_number']);
  });

  test('two users stay two where they are needed', async () => {
    const draft = asked(session(session(emptyDraft, 1, 1), 2), 'last', 2);
    const { workflow } = await left(
      whole(draft),
      (each) => names(each).includes('other_phone_number') && names(each).includes('phone_number'),
    );
    expect(names(workflow)).toContain('other_phone_number');
    expect(names(workflow)).toContain('phone_number');
  });

  const simple = (more: Partial<Step>, details: object = {}): Workflow =>
    whole(asked(loggedIn(sent(emptyDraft, 1), 1, 0, 1, details), 'last', 1, more));

  test('no time passes, or as little as the contract has a name for', async () => {
    const long = simple({ wait: { days: 12 } });
    const lifetimes = lifetimesOf(matar);
    expect((await left(long, () => true, { lifetimes })).workflow.steps.at(-1)?.wait).toBeUndefined();
    const past = (each: Workflow): boolean =>
      each.steps.length === 3 && (each.steps.at(-1)?.wait?.days ?? 0) >= 10;
    expect((await left(long, past, { lifetimes })).workflow.steps.at(-1)?.wait).toEqual({
      days: 10,
      seconds: 120,
    });
  });

  test('nothing is sent more often than needed', async () => {
    const often = simple({ times: { count: 6, atOnce: true } });
    expect((await left(often, () => true)).workflow.steps.at(-1)?.times).toEqual({ count: 1, atOnce: false });
    const twice = ({ steps }: Workflow): boolean => (steps.at(-1)?.times.count ?? 0) > 1;
    expect((await left(often, twice)).workflow.steps.at(-1)?.times).toEqual({ count: 2, atOnce: true });
  });

  test('what is spelt, told or sent otherwise than documented is so no more', async () => {
    const alteration = { method: 'HEAD', withoutFields: [], fields: [], content: undefined };
    const odd = simple(
      { ...bearer(1, 'bEARER'), alteration },
      { name: 'name 7', source: 'x', fcm_token: '$inputs.otp' },
    );
    const { workflow } = await left(odd, () => true);
    const [, second, last] = workflow.steps;
    expect(last).toMatchObject({ alteration: undefined, ...bearer(1) });
    expect(second?.requestBody?.payload).toEqual({
      phone_number: '$inputs.phone_number',
      name: 'Sri',
      action: 'submit_otp',
      otp: '$steps.send-1.outputs.otp',
    });
  });

  test('a value that is nearly right is one that nobody was given, and what it was made from is not needed', async () => {
    const near = input('forged_none', 'derived:forged:alg-none', {
      of: '$steps.log-in-1.outputs.access_token',
    });
    const draft = withInput(session(emptyDraft, 1), near);
    const parameters = [
      { name: 'Authorization', in: 'header', value: 'Bearer {$inputs.forged_none}' },
    ] as const;
    const last = callStep('last', shown, { parameters });
    const isSent = ({ steps }: Workflow): boolean => steps.at(-1)?.parameters.length === 1;
    const { workflow } = await left(whole({ ...draft, steps: [...draft.steps, last] }), isSent);
    expect(ids(workflow)).toEqual(['last']);
    expect(workflow.steps[0]?.parameters[0]?.value).toBe(`Bearer ${neverGiven}`);
    expect(workflow.inputs).toEqual([]);
  });

  test('a large text is as large as it must be, to the half', async () => {
    const large = simple({}, { name: 'n'.repeat(5000) });
    const length = ({ steps }: Workflow): number => JSON.stringify(steps[1]?.requestBody).length;
    const { workflow } = await left(large, (each) => length(each) > 700);
    expect(length(workflow)).toBeGreaterThan(700);
    expect(length(workflow)).toBeLessThan(1400);
  });

  test('what a workflow was made for stays as it is', async () => {
    const last = { ...bearer(1, 'bEARER'), times: { count: 4, atOnce: true } };
    const { workflow } = await left(simple(last, { name: 'other' }), () => true, { keepsLast: true });
    expect(workflow.steps.at(-1)).toMatchObject(last);
    expect(workflow.steps[1]?.requestBody?.payload).toMatchObject({ name: 'Sri' });
  });

  test('nobody is written to whom only the documentation names', async () => {
    const { workflow } = await left(whole(sent(emptyDraft, 1)), () => true);
    expect(workflow.steps[0]?.requestBody?.payload).toMatchObject({ phone_number: '$inputs.phone_number' });
  });
});

describe('a key that was renewed', () => {
  /** A token that somebody outside knows. */
  const known = (draft: Draft, number: number): Draft =>
    withInput(draft, input(`refreshToken_${number}`, 'refreshToken', {}, { 'x-in': 'refresh_tokens' }));
  const outside = (number: number): string => `$inputs.refreshToken_${number}`;
  const by = (id: string): string => `$steps.${id}.outputs.refresh`;
  const exchanged = (draft: Draft, id: string, refreshToken: string, times = 1): Draft => ({
    ...draft,
    steps: [
      ...draft.steps,
      callStep(id, operation('refreshTokens', xerial), {
        requestBody: body({ refreshToken }),
        outputs: [
          ['refresh', '$response.body#/refresh/token'],
          ['access', '$response.body#/access/token'],
        ],
        times: { count: times, atOnce: false },
      }),
    ],
  });
  const ended = (draft: Draft, id: string, refreshToken: string): Draft => ({
    ...draft,
    steps: [
      ...draft.steps,
      callStep(id, operation('logout', xerial), { requestBody: body({ refreshToken }) }),
    ],
  });
  const shrinking: Shrinking = { substituting: (workflow) => substituting(xerial, workflow) };
  const tokens = ({ steps }: Workflow): readonly string[] =>
    steps.map(({ requestBody }) => /\$[^"]+/.exec(JSON.stringify(requestBody))?.[0] ?? '');
  const several = [1, 2].reduce(known, emptyDraft);

  test('is the key that it was, when nothing else is needed of the renewal', async () => {
    const renewed = exchanged(exchanged(several, 'a', outside(1)), 'b', by('a'));
    const draft = ended(ended(ended(renewed, 'out-1', by('b')), 'out-2', outside(2)), 'last', by('b'));
    const two = (each: Workflow): boolean =>
      count(each, 'out') === 2 && tokens(each)[0] !== tokens(each).at(-2) && tokens(each).at(-1) !== '';
    const { workflow, tried } = await left(whole(draft), two, shrinking);
    expect(ids(workflow)).toEqual(['out-1', 'out-2', 'last']);
    expect(tokens(workflow)).toEqual([outside(1), outside(2), outside(1)]);
    expect(tried.length).toBeLessThan(10);
  });

  test('stays another one where that is needed', async () => {
    const renewed = exchanged(exchanged(exchanged(several, 'a', outside(1)), 'b', by('a')), 'c', by('b'));
    const draft = ended(renewed, 'last', by('c'));
    const { workflow } = await left(whole(draft), ({ steps }) => steps.length > 2, shrinking);
    expect(workflow.steps).toHaveLength(3);
    expect(tokens(workflow)[0]).toBe(outside(1));
    expect(tokens(workflow)[2]).toBe(by(ids(workflow)[1] ?? ''));
  });

  test('is that of the user whose it was, and what came with it comes with the key before', async () => {
    let draft = exchanged(exchanged(several, 'a', outside(1)), 'other', outside(2));
    draft = exchanged(exchanged(draft, 'b', by('a')), 'c', by('b'));
    draft = ended(ended(draft, 'out', '$steps.b.outputs.access'), 'last', by('c'));
    const moves = substituting(xerial, whole(draft));
    const made = moves.flatMap((move) => move(whole(draft)) ?? []).filter((each) => !ids(each).includes('b'));
    expect(made.map(tokens)).toContainEqual([
      outside(1),
      outside(2),
      by('a'),
      '$steps.a.outputs.access',
      by('c'),
    ]);
  });

  test('is no other thing that a step was sent', () => {
    const draft = loggedIn(loggedIn(sent(emptyDraft, 1), 1), 2, 0, 1);
    const made = substituting(matar, whole(asked(draft, 'last', 2))).flatMap(
      (move) => move(whole(asked(draft, 'last', 2))) ?? [],
    );
    expect(made).toEqual([]);
  });
});

describe('a value that need not be right', () => {
  const shrinking: Shrinking = { substituting: (workflow) => substituting(matar, workflow) };
  const otps = ({ steps }: Workflow): readonly unknown[] =>
    steps.flatMap(
      ({ requestBody }) => /"otp":"([^"]+)"/.exec(JSON.stringify(requestBody ?? null))?.[1] ?? [],
    );
  const wrong = (id: string, otp: string, more: object = {}): Step =>
    callStep(id, login, {
      requestBody: body({
        phone_number: '$inputs.phone_number',
        name: 'Sri',
        action: 'submit_otp',
        otp,
        ...more,
      }),
    });
  const plus = (draft: Draft, ...steps: readonly Step[]): Draft => ({
    ...draft,
    steps: [...draft.steps, ...steps],
  });
  const replaced = '$steps.send-1.outputs.otp';

  test('is one that nobody was given, and what gave it is not needed', async () => {
    const draft = plus(sent(sent(emptyDraft, 1), 2), wrong('last', replaced));
    const { workflow, tried } = await left(whole(draft), () => true, {
      ...shrinking,
      mayShow: foreteller(matar, whole(draft), {
        check: { name: 'state-conformance', severity: 'error', specification: { sentence: '', section: '' } },
        exchange: exchangeOf(simulate(matar, whole(draft))?.steps.at(-1)?.situation ?? never()),
      }),
    });
    expect(ids(workflow)).toEqual(['last']);
    expect(otps(workflow)).toEqual([neverGiven]);
    expect(tried.length).toBeLessThan(5);
  });

  test('need not be another one later: the OTP is the first that was sent', async () => {
    const draft = asked(plus(sent(loggedIn(sent(emptyDraft, 1), 1), 2), wrong('wrong', replaced)), 'last', 1);
    const isWrong = (each: Workflow): boolean => {
      const steps = simulate(matar, each)?.steps ?? [];
      return steps.some(({ predicted }) => predicted?.choice.transition.name === 'invalid-otp');
    };
    const { workflow } = await left(whole(draft), isWrong, shrinking);
    expect(ids(workflow)).toEqual(['send-1', 'log-in-1', 'wrong', 'last']);
    expect(otps(workflow)).toEqual([replaced, neverGiven]);
  });

  test('is made up in each step by itself where it must be right in another', async () => {
    const code = input('wrong_otp', 'derived:wrong', { of: replaced });
    const draft = withInput(
      plus(sent(emptyDraft, 1), wrong('wrong-1', '$inputs.wrong_otp'), wrong('wrong-2', '$inputs.wrong_otp')),
      code,
    );
    const last = asked(loggedIn(draft, 1), 'last', 1);
    const near = (each: Workflow): boolean =>
      otps(each).includes('$inputs.wrong_otp') && otps(each).length > 2;
    const { workflow } = await left(whole(last), near, shrinking);
    expect(otps(workflow)).toContain(neverGiven);
    expect(otps(workflow)).toContain('$inputs.wrong_otp');
  });

  test('is none that is right, and none of the last step where that stays', () => {
    const right = whole(asked(session(emptyDraft, 1), 'last', 1));
    expect(substituting(matar, right).flatMap((move) => move(right) ?? [])).toEqual([]);
    const last = whole(plus(sent(sent(emptyDraft, 1), 2), wrong('last', replaced)));
    expect(substituting(matar, last, true).flatMap((move) => move(last) ?? [])).toEqual([]);
    const made = substituting(matar, last).flatMap((move) => move(last) ?? []);
    expect(new Set(made.flatMap(otps))).toEqual(new Set([neverGiven]));
  });

  test('may be so by another rule with the same status, in the last step', async () => {
    const draft = asked(loggedOut(session(emptyDraft, 1), 'out', 1), 'last', 1);
    const isRefused = (each: Workflow): boolean =>
      each.steps.at(-1)?.parameters.length === 1 &&
      simulate(matar, each)?.steps.at(-1)?.predicted?.response.status === '401';
    const { workflow, tried } = await left(whole(draft), isRefused, shrinking);
    expect(ids(workflow)).toEqual(['last']);
    expect(workflow.steps[0]?.parameters[0]?.value).toBe(`Bearer ${neverGiven}`);
    expect(tried.length).toBeLessThan(8);
    const open = whole(asked(session(emptyDraft, 1), 'last', 1));
    expect((await left(open, () => true, shrinking)).ids).toEqual(['send-1', 'log-in-1', 'last']);
  });

  test('is nothing that somebody may own: what was deleted is not the same as what never was', () => {
    const id = '$steps.make.outputs.id';
    const at = (name: string): Step =>
      callStep(name, operation('cancelOrder', orders), {
        parameters: [{ name: 'id', in: 'path', value: id }],
      });
    const make = callStep('make', operation('createOrder', orders), {
      requestBody: body({ what: 'tea', count: 2 }),
      outputs: [['id', '$response.body#/id']],
    });
    const walk = whole({ inputs: [], steps: [make, at('cancel'), at('last')] });
    expect(substituting(orders, walk).flatMap((move) => move(walk) ?? [])).toEqual([]);
  });

  test('is tried in no workflow that the rules cannot be followed in', () => {
    const calling = { ...whole(sent(emptyDraft, 1)), steps: [workflowStep('call', 'other', true)] };
    expect(substituting(matar, calling)).toEqual([]);
  });
});

describe('what is tried', () => {
  test('is tried once, whatever its steps and inputs are called', async () => {
    const { tried } = await left(longWalk(), (each) => count(each, 'log-in') >= 3);
    expect(new Set(tried.map(contentOf)).size).toBe(tried.length);
    const two = (second: number, cast: number): string =>
      contentOf(whole(asked(session(session(emptyDraft, 1), second, cast), `ask-${second}`, second)));
    expect(two(3, 0)).toBe(two(2, 0));
    expect(two(2, 1)).not.toBe(two(2, 0));
  });

  test('is nothing that cannot show it', async () => {
    const { tried } = await left(longWalk(), () => true, { mayShow: () => false });
    expect(tried).toEqual([]);
  });

  test.for<[what: string, shrinking: Shrinking, most: number]>([
    ['so many tries', { budget: { tries: 4, requests: 1000, milliseconds: 1000 } }, 4],
    ['so many requests', { budget: { tries: 100, requests: 30, milliseconds: 1000 } }, 3],
    ['so long', { budget: { tries: 100, requests: 1000, milliseconds: 5 }, now: ticking() }, 6],
  ])('is given up after %s', async ([, shrinking, most]) => {
    const { tried, ids: all } = await left(longWalk(), () => false, shrinking);
    expect(tried.length).toBeGreaterThan(0);
    expect(tried.length).toBeLessThanOrEqual(most);
    expect(all).toEqual(ids(longWalk()));
  });

  test('is nothing more when the run is over', async () => {
    const over: Attempt = { showed: false, step: undefined, requests: 0, isOver: true };
    expect((await left(longWalk(), () => over)).tried).toHaveLength(1);
  });

  test('is first what the last step rests on, then what changes something for the same user, then for all', () => {
    const slices = slicesOf(matar, longWalk()).map(ids);
    expect(slices[0]).toEqual(['send-1', 'log-in-1', 'last']);
    expect(slices[1]).toEqual([
      'send-1',
      'log-in-1',
      'send-3',
      'log-in-3',
      'send-6',
      'log-in-6',
      'log-out-2',
      'last',
    ]);
    expect(slices.slice(2).every((slice) => slice.length > 8 && slice.length < 24)).toBe(true);
    expect(slices.flat().filter((id) => id === 'last')).toHaveLength(slices.length);
  });
});

describe('what the rules foretell of the last call', () => {
  const walk = whole(loggedOut(asked(session(emptyDraft, 1), 'ask-1', 1), 'log-out-1', 1));
  const [send1, in1, ask1, out1] = walk.steps;
  const steps = (...chosen: readonly (Step | undefined)[]): Workflow => ({
    ...walk,
    steps: chosen.flatMap((step) => step ?? []),
  });
  const last = (workflow: Workflow) => simulate(matar, workflow)?.steps.at(-1)?.situation;
  const unknown = callStep('unknown', shown, {
    parameters: [{ name: 'Authorization', in: 'header', value: `Bearer ${neverGiven}` }],
  });

  /** Whether a candidate may show what a check has found at the last step of a workflow. */
  function may(check: string, workflow: Workflow, candidate: Workflow, believed = last(workflow)): boolean {
    if (believed === undefined) throw new Error('it cannot be played');
    const found = checks.find(({ name }) => name === check);
    if (found === undefined) throw new Error(`there is no ${check}`);
    return foreteller(matar, workflow, { check: found, exchange: exchangeOf(believed) })(candidate);
  }

  test.for<[what: string, check: string, workflow: Workflow, candidate: Workflow, may: boolean]>([
    [
      'the same rule',
      'state-conformance',
      steps(send1, in1, ask1),
      steps(send1, in1, out1, send1, in1, ask1),
      true,
    ],
    ['another rule', 'state-conformance', steps(send1, in1, ask1), steps(unknown), false],
    [
      'another rule with the same status',
      'state-conformance',
      steps(send1, in1, out1, ask1),
      steps(unknown),
      false,
    ],
    [
      'another rule where no rule is judged by',
      'challenge-present',
      steps(send1, in1, out1, ask1),
      steps(unknown),
      true,
    ],
    ['another status', 'challenge-present', steps(send1, in1, ask1), steps(unknown), false],
    ['nothing, for it cannot be played', 'state-conformance', steps(send1, in1, ask1), steps(ask1), true],
  ])('%s', ([, check, workflow, candidate, wanted]) => {
    expect(may(check, workflow, candidate)).toBe(wanted);
  });

  test('says nothing where the run knew otherwise', () => {
    const workflow = steps(send1, in1, ask1);
    expect(may('state-conformance', workflow, steps(unknown), last(steps(unknown)))).toBe(true);
  });
});

function exchangeOf(situation: Situation): Exchange {
  return {
    contract: matar,
    operation: situation.operation,
    request: { method: 'GET', path: '/', query: '', fields: [], content: undefined },
    outcome: { kind: 'failure', failure: 'reset', why: 'closed', faults: [], partial: undefined },
    response: undefined,
    body: undefined,
    startedAt: 0,
    milliseconds: 0,
    situation,
    judgement: { kind: 'silent' },
    secrets: [],
    clockMoved: false,
  };
}

function never(): never {
  throw new Error('it cannot be played');
}

/** A clock that goes on by a millisecond whenever it is looked at. */
function ticking(): () => number {
  let time = 0;
  return () => {
    time += 1;
    return time;
  };
}
