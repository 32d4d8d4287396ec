/** Findings tried again: how often they show, in how few calls, and what that costs; on mocks with a defect planted in them. */

import { describe, expect, test } from 'vitest';
import { createConfirm, type TryAgain } from '../../conformance/confirm.js';
import type { Finding, RunEvent } from '../../conformance/event.js';
import { createFindings, type Shown } from '../../conformance/findings.js';
import type { CheckOptions } from '../../conformance/options.js';
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
import type { Plan, Planned } from '../../conformance/planned.js';
import { checkPlan } from '../../conformance/run.js';
import type { Target } from '../../conformance/target.js';
import type { Step, Template, Workflow } from '../../openapi/arazzo/workflow.js';
import type { Operation } from '../../openapi/contract.js';
import type { RequestMessage, ResponseMessage } from '../../openapi/http/message.js';
import { matar, orders } from './contracts.js';
import { onMock } from './runs.js';

const operation = (id: string): Operation => {
  const found = matar.operations.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
};
const [login, logout, current] = [operation('login'), operation('logout'), operation('getCurrentUser')];

type Add = (draft: Draft) => Draft;

const body = (payload: Template) => ({ contentType: undefined, payload, replacements: [] });
const step =
  (made: Step): Add =>
  (draft) => ({ ...draft, steps: [...draft.steps, made] });

/** An OTP to a user, by the name of whom it is for. */
const send = (code: string, cast = 0): Add => {
  const phone = castName('phone_number', cast);
  const id = `send-${code}`;
  const payload = { phone_number: `$inputs.${phone}`, name: 'skb', action: 'send_otp' };
  const needed = input(`otp_${code}`, 'otp', { phone_number: `$inputs.${phone}` }, { 'x-after': id });
  const sent = callStep(id, login, {
    requestBody: body(payload),
    outputs: [['otp', `$inputs.${needed.name}`]],
  });
  return (draft) => step(sent)(withInput(withInput(draft, input(phone, 'phone_number')), needed));
};

const submit = (name: string, code: string, cast = 0, more: object = {}): Add => {
  const phone_number = `$inputs.${castName('phone_number', cast)}`;
  const payload = {
    phone_number,
    name: 'Sri',
    action: 'submit_otp',
    otp: `$steps.send-${code}.outputs.otp`,
    ...more,
  };
  const outputs = [['token', '$response.body#/access_token']] as const;
  return step(callStep(name, login, { requestBody: body(payload), outputs }));
};

const withToken = (
  id: string,
  of: Operation,
  session: string,
  more: Partial<Step> = {},
  scheme = 'Bearer',
): Add => {
  const value = `${scheme} {$steps.${session}.outputs.token}`;
  return step(callStep(id, of, { parameters: [{ name: 'Authorization', in: 'header', value }], ...more }));
};
const show = (id: string, session: string, more: Partial<Step> = {}): Add =>
  withToken(id, current, session, more);

/** Two users, five sessions, a logout, wrong codes and forged tokens: 26 calls, of which the last is about the first session. */
const walk: readonly Add[] = [
  send('a'),
  submit('a-1', 'a'),
  show('see-1', 'a-1'),
  send('b', 1),
  submit('b-1', 'b', 1, { source: 'x' }),
  show('see-2', 'b-1'),
  show('see-3', 'a-1'),
  submit('wrong-1', 'a', 1),
  send('c'),
  submit('a-2', 'c', 0, { name: 'name 7' }),
  withToken('respelt', current, 'a-2', {}, 'bearer'),
  withToken('out-b', logout, 'b-1'),
  show('see-4', 'b-1'),
  show('see-5', 'a-1'),
  send('d', 1),
  submit('wrong-2', 'c', 1),
  submit('b-2', 'd', 1),
  show('see-6', 'b-2'),
  show('see-7', 'a-2'),
  send('e'),
  submit('a-3', 'e', 0, { image_url: 'y' }),
  show('see-8', 'a-3'),
  show('see-9', 'b-2'),
  withToken('out-a', logout, 'a-2'),
  show('see-10', 'a-2'),
  show('last', 'a-1'),
];

const planOf = (workflow: Workflow, more: Partial<Planned> = {}, setups: readonly Workflow[] = []): Plan => ({
  workflows: [{ workflow, phase: 'walks', operation: undefined, takesTime: false, ...more }],
  setups: new Map(setups.map((each) => [each.id, each])),
  walks: { count: 0, time: undefined, draw: () => [] },
  unplanned: [],
});
const whole = (adds: readonly Add[]): Workflow =>
  workflowOf(
    'walk-1',
    'walk 1',
    adds.reduce((draft, add) => add(draft), emptyDraft),
  );

/** What has been answered so far, and a response to replace the next one with; undefined: none. */
type LookBack = (
  past: readonly { readonly request: RequestMessage; readonly response: ResponseMessage }[],
  request: RequestMessage,
) => ResponseMessage | undefined;

const decoder = new TextDecoder();
const jsonOf = ({ content }: { readonly content: Uint8Array | undefined }): Record<string, unknown> =>
  content === undefined ? {} : JSON.parse(decoder.decode(content));
const tokenOf = ({ fields }: RequestMessage): string =>
  fields.find(([name]) => name.toLowerCase() === 'authorization')?.[1].split(' ')[1] ?? '';
const answer = (status: number, value: object): ResponseMessage => ({
  status,
  fields: [
    ['content-type', 'application/json'],
    ['cache-control', 'no-store'],
  ],
  content: new TextEncoder().encode(JSON.stringify(value)),
});
const revoked = answer(401, { description: 'The token has been revoked.', error: 'token_revoked' });

/** The target with some answers replaced by what a look back says. */
function planted(target: Target, lookBack: LookBack): Target {
  const past: { request: RequestMessage; response: ResponseMessage }[] = [];
  return async (request, signal) => {
    const outcome = await target(request, signal);
    if (outcome.kind !== 'response') return outcome;
    const other = lookBack(past, request);
    past.push({ request, response: outcome.response });
    return other === undefined ? outcome : { ...outcome, response: { ...outcome.response, ...other } };
  };
}

const logins = (past: Parameters<LookBack>[0]) =>
  past.flatMap(({ request, response }) => {
    const { access_token: token } = jsonOf(response);
    const { phone_number: phone, otp } = jsonOf(request);
    return typeof token === 'string' ? [{ token, phone, otp }] : [];
  });

/** The token of a request, whose it is, and everything that this one has logged in with. */
function sessionOf(past: Parameters<LookBack>[0], request: RequestMessage) {
  const all = logins(past);
  const token = tokenOf(request);
  const phone = all.find((each) => each.token === token)?.phone;
  return { token, phone, own: all.filter((each) => each.phone === phone), all };
}
const isShow = ({ path }: RequestMessage): boolean => path.endsWith('get_current_user');
const loggedOut = (past: Parameters<LookBack>[0]): readonly string[] =>
  past.flatMap(({ request, response }) =>
    request.path.endsWith('logout') && response.status === 200 ? [tokenOf(request)] : [],
  );

type Result = { readonly findings: readonly Finding[]; readonly requests: number };

async function run(plan: Plan, lookBack: LookBack, more: CheckOptions = {}): Promise<Result> {
  const { target, options } = await onMock(matar);
  const events: RunEvent[] = [];
  for await (const event of checkPlan(
    matar,
    planted(target, lookBack),
    { ...options, seed: 1, ...more },
    plan,
  ))
    events.push(event);
  const finished = events.at(-1);
  if (finished?.type !== 'run-finished') throw new Error('the run has no end');
  return {
    findings: finished.findings.filter(({ severity }) => severity === 'error'),
    requests: finished.requests,
  };
}

const callsOf = (finding: Finding | undefined): readonly string[] =>
  finding?.exchanges.map(({ request }) => {
    const { action } = jsonOf(request);
    return typeof action === 'string' ? action : (request.path.split('/').at(-1) ?? '');
  }) ?? [];
const textOf = (finding: Finding | undefined): string => JSON.stringify(finding?.workflow);

describe('a walk of 26 calls is as short as it can be', () => {
  test.for<[what: string, lookBack: LookBack, calls: readonly string[]]>([
    [
      'the third login ends the first session',
      (past, request) => {
        const { own, token } = sessionOf(past, request);
        return isShow(request) && own.length >= 3 && own[0]?.token === token ? revoked : undefined;
      },
      ['send_otp', 'submit_otp', 'submit_otp', 'submit_otp', 'get_current_user'],
    ],
    [
      'the third OTP ends the first session',
      (past, request) => {
        const { own, token } = sessionOf(past, request);
        const codes = new Set(own.map(({ otp }) => otp));
        return isShow(request) && codes.size >= 3 && own[0]?.token === token ? revoked : undefined;
      },
      ['send_otp', 'submit_otp', 'send_otp', 'submit_otp', 'send_otp', 'submit_otp', 'get_current_user'],
    ],
    [
      'a logout ends the oldest session of the user',
      (past, request) => {
        const { own, token } = sessionOf(past, request);
        const isEnded = loggedOut(past).some((each) => own.slice(1).some((login) => login.token === each));
        return isShow(request) && isEnded && own[0]?.token === token ? revoked : undefined;
      },
      ['send_otp', 'submit_otp', 'submit_otp', 'logout', 'get_current_user'],
    ],
    [
      'the logout of somebody else ends the sessions of those who have two',
      (past, request) => {
        const { own, token } = sessionOf(past, request);
        const first = past.findIndex(({ response }) => jsonOf(response).access_token === own[1]?.token);
        const isOther = loggedOut(past.slice(first)).some((each) =>
          own.every((login) => login.token !== each),
        );
        return isShow(request) && own.length >= 2 && isOther && own[0]?.token === token ? revoked : undefined;
      },
      ['send_otp', 'submit_otp', 'send_otp', 'submit_otp', 'submit_otp', 'logout', 'get_current_user'],
    ],
  ])('%s', async ([, lookBack, calls]) => {
    const { findings, requests } = await run(planOf(whole(walk)), lookBack);
    expect(findings).toHaveLength(1);
    expect(callsOf(findings[0]).toSorted()).toEqual(calls.toSorted());
    expect(callsOf(findings[0]).at(-1)).toBe('get_current_user');
    expect(findings[0]?.confirmed).toEqual({ shown: 2, of: 2 });
    expect(requests).toBeLessThan(350);
  });
});

describe('what is left of a walk', () => {
  const third: LookBack = (past, request) => {
    const { own } = sessionOf(past, request);
    return isShow(request) && own.length >= 2 ? revoked : undefined;
  };

  test('is what the document of the finding has', async () => {
    const { findings } = await run(planOf(whole(walk)), third);
    const [finding] = findings;
    expect(callsOf(finding)).toEqual(['send_otp', 'submit_otp', 'submit_otp', 'get_current_user']);
    expect(textOf(finding).match(/"operationId"/g)).toHaveLength(4);
    expect(textOf(finding)).not.toContain('other_');
    expect(textOf(finding)).not.toContain('name 7');
    expect(finding?.when).toBe('walk 1, made shorter: 4 calls');
  });

  test('lets pass no more time than the contract has a name for', async () => {
    const adds = [
      send('a'),
      submit('a-1', 'a'),
      show('see', 'a-1', { wait: { hours: 30 } }),
      show('last', 'a-1'),
    ];
    const { target, options } = await onMock(matar);
    let moved = 0;
    const moveClock = async (seconds: number): Promise<void> => {
      moved += seconds;
      await options.moveClock?.(seconds);
    };
    const events: RunEvent[] = [];
    const times: number[] = [];
    const tiring = planted(target, (past, request) => {
      times.push(moved);
      const begun = past.findIndex(({ response }) => jsonOf(response).access_token === tokenOf(request));
      return isShow(request) && moved - (times[begun] ?? moved) > 600 ? revoked : undefined;
    });
    const plan = planOf(whole(adds), { takesTime: true });
    for await (const event of checkPlan(matar, tiring, { ...options, moveClock, seed: 1 }, plan))
      events.push(event);
    const last = events.at(-1);
    const finding = last?.type === 'run-finished' ? last.findings[0] : undefined;
    expect(callsOf(finding)).toEqual(['send_otp', 'submit_otp', 'get_current_user']);
    expect(textOf(finding)).toContain('"x-wait":"PT10M120S"');
  });

  test('is no more than half of the requests that are left are spent on', async () => {
    const { requests, findings } = await run(planOf(whole(walk)), third, { maxRequests: 90 });
    expect(findings).toHaveLength(1);
    expect(requests).toBeLessThan(90);
  });

  test('is left as it is when there is nothing to try it with', async () => {
    const { findings, requests } = await run(planOf(whole(walk)), third, { confirmations: 0 });
    expect(findings[0]?.confirmed).toBeUndefined();
    expect(requests).toBeLessThanOrEqual(26);
  });

  test('still calls the workflow that comes before it', async () => {
    const setup = workflowOf('setup', 'a session', submit('a-1', 'a')(send('a')(emptyDraft)), {
      outputs: [['token', '$steps.a-1.outputs.token']],
    });
    const call: Step = { ...workflowStep('a-1', 'setup', true), outputs: [['token', '$outputs.token']] };
    const adds = [
      step(call),
      show('see', 'a-1'),
      withToken('out', logout, 'a-1'),
      show('again', 'a-1'),
      show('last', 'a-1'),
    ];
    const twice: LookBack = (past, request) =>
      isShow(request) && loggedOut(past).includes(tokenOf(request))
        ? answer(401, { description: 'Signature verification failed.', error: 'invalid_token' })
        : undefined;
    const { findings } = await run(planOf(whole(adds), { phase: 'rules' }, [setup]), twice);
    expect(callsOf(findings[0])).toEqual(['send_otp', 'submit_otp', 'logout', 'get_current_user']);
  });
});

test('a finding that was tried again gives not way to what shows only after other workflows', async () => {
  const setup = workflowOf('setup', 'a session', submit('a-1', 'a')(send('a')(emptyDraft)), {
    outputs: [['token', '$steps.a-1.outputs.token']],
  });
  const call: Step = { ...workflowStep('a-1', 'setup', true), outputs: [['token', '$outputs.token']] };
  const named = (id: string, adds: readonly Add[]): Planned => ({
    workflow: { ...whole(adds), id },
    phase: 'rules',
    operation: undefined,
    takesTime: false,
  });
  const plan: Plan = {
    ...planOf(whole([]), {}, [setup]),
    workflows: [
      named('alone', [send('a'), submit('a-1', 'a'), show('see', 'a-1'), show('last', 'a-1')]),
      named('first', [step(call), show('last', 'a-1')]),
      named('second', [step(call), show('last', 'a-1')]),
    ],
  };
  let seconds = 0;
  const second: LookBack = (past, request) => {
    const isSecond =
      isShow(request) &&
      past.some((each) => isShow(each.request) && tokenOf(each.request) === tokenOf(request));
    seconds += isSecond ? 1 : 0;
    return isSecond ? revoked : undefined;
  };
  const { findings } = await run(plan, second, { concurrency: 1 });
  expect(findings.map(({ count }) => count)).toEqual([2]);
  expect(seconds).toBeGreaterThan(2);
  expect(callsOf(findings[0])).toEqual(['send_otp', 'submit_otp', 'get_current_user', 'get_current_user']);
});

describe('trying a finding again', () => {
  const request = { method: 'GET', path: '/', query: '', fields: [], content: undefined };
  const outcome = {
    kind: 'failure',
    failure: 'reset',
    why: 'closed',
    faults: [],
    partial: undefined,
  } as const;
  const [planned] = planOf(whole(walk.slice(0, 3))).workflows;

  /** A finding whose sequence shows nothing when it is tried again; `isSure`: it can be tried at all. */
  async function tried(times: number, isSure: boolean, calls: number) {
    if (planned === undefined) throw new Error('nothing is planned');
    const shown: Shown = {
      check: { name: 'a', specification: { sentence: '', section: '' }, severity: 'error' },
      deviation: { title: '', expected: '', actual: '' },
      severity: 'error',
      exchange: {
        contract: matar,
        operation: current,
        request,
        outcome,
        response: undefined,
        body: undefined,
        startedAt: 0,
        milliseconds: 0,
        situation: {
          kind: 'valid',
          operation: current,
          methods: [],
          violations: [],
          inferred: false,
          authentication: 'not-needed',
          permitted: [],
        },
        judgement: { kind: 'silent' },
        secrets: [],
        clockMoved: false,
      },
      planned,
      exchanges: [
        {
          id: 1,
          workflow: 'walk-1',
          phase: 'walks',
          step: 'see-1',
          operation: current.id,
          request,
          outcome,
          startedAt: 0,
          milliseconds: 0,
        },
      ],
      step: 'see-1',
    };
    let tries = 0;
    const tryAgain: TryAgain = async () => {
      tries += 1;
      return { shown: undefined, isSure, requests: 1, isOver: false };
    };
    const { kept } = createFindings().add(shown);
    const confirm = createConfirm(matar, () => 100);
    await Promise.all(Array.from({ length: calls }, () => confirm(kept, times, tryAgain)));
    return { tries, isTried: kept.isTried, confirmed: kept.confirmed };
  }

  test('is done once, though two workflows at the same time have found it', async () => {
    expect(await tried(3, true, 2)).toEqual({ tries: 3, isTried: true, confirmed: { shown: 1, of: 4 } });
  });

  test.for<[what: string, times: number, isSure: boolean, tries: number]>([
    ['nothing is tried', 0, true, 0],
    ['it cannot be tried', 3, false, 1],
  ])('leaves it open to other sequences where %s', async ([, times, isSure, tries]) => {
    expect(await tried(times, isSure, 1)).toEqual({ tries, isTried: false, confirmed: undefined });
  });
});

describe('a finding that shows now and then', () => {
  const walkOfThree = whole([send('a'), submit('a-1', 'a'), show('last', 'a-1')]);
  const failing =
    (isFailing: (nth: number) => boolean): LookBack =>
    (past, request) =>
      isShow(request) && isFailing(past.filter((each) => isShow(each.request)).length + 1)
        ? revoked
        : undefined;

  test.for<[what: string, isFailing: (nth: number) => boolean, confirmed: Finding['confirmed']]>([
    ['every second time', (nth) => nth % 2 === 1, { shown: 3, of: 6 }],
    ['once', (nth) => nth === 1, { shown: 1, of: 6 }],
    ['no more after it was tried again', (nth) => nth <= 2, { shown: 2, of: 2 }],
  ])('%s', async ([, isFailing, confirmed]) => {
    const { findings } = await run(planOf(walkOfThree), failing(isFailing));
    expect(findings.map((finding) => finding.confirmed)).toEqual([confirmed]);
    expect(findings[0]?.severity).toBe('error');
  });

  test('is unstable when its shortest sequence shows it once and not again', async () => {
    const long = whole([send('a'), submit('a-1', 'a', 0, { source: 'x' }), show('last', 'a-1')]);
    const { findings } = await run(
      planOf(long),
      failing((nth) => nth <= 3),
    );
    expect(findings[0]?.confirmed).toEqual({ shown: 2, of: 3 });
  });

  test('is tried as often as is asked for', async () => {
    const { findings } = await run(
      planOf(walkOfThree),
      failing((nth) => nth === 1),
      { confirmations: 2 },
    );
    expect(findings[0]?.confirmed).toEqual({ shown: 1, of: 3 });
  });
});

test('requests at the same moment are as few as show it', async () => {
  const made = orders.operations.find(({ id }) => id === 'createOrder');
  const cancel = orders.operations.find(({ id }) => id === 'cancelOrder');
  if (made === undefined || cancel === undefined) throw new Error('there is no operation');
  const draft: Draft = {
    inputs: [],
    steps: [
      callStep('make', made, {
        requestBody: body({ what: 'tea', count: 2 }),
        outputs: [['id', '$response.body#/id']],
      }),
      callStep('cancel', cancel, {
        parameters: [{ name: 'id', in: 'path', value: '$steps.make.outputs.id' }],
        times: { count: 6, atOnce: true },
      }),
    ],
  };
  const { target, options } = await onMock(orders);
  const racing: Target = async (request, signal) => {
    const outcome = await target(request, signal);
    const isLate =
      request.method === 'DELETE' && outcome.kind === 'response' && outcome.response.status === 409;
    return isLate ? { ...outcome, response: { status: 204, fields: [], content: undefined } } : outcome;
  };
  const events: RunEvent[] = [];
  for await (const event of checkPlan(
    orders,
    racing,
    { ...options, seed: 1 },
    planOf(workflowOf('w', 'w', draft)),
  ))
    events.push(event);
  const finished = events.at(-1);
  const finding = finished?.type === 'run-finished' ? finished.findings[0] : undefined;
  expect(finding?.exchanges.map(({ request }) => request.method)).toEqual(['POST', 'DELETE', 'DELETE']);
});
