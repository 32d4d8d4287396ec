/** Runs as a whole: where they end, what they find again, what they do without, and what they share. */

import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Finding, RunFinished } from '../../conformance/event.js';
import { givenInputs, type InputSource } from '../../conformance/input/input.js';
import { httpTarget, type Outcome, type Target } from '../../conformance/target.js';
import { createMock, listen } from '../../mock/index.js';
import { type Contract, fieldValue, type RequestMessage } from '../../openapi/index.js';
import { authored, club, loaded, matar, orders, plain, shop, xerial } from './contracts.js';
import { changed, onMock, optionsFor, served, told, withStatus } from './runs.js';

/** What was not exercised, though nothing in the contract says why. */
function unreached({ notExercised }: RunFinished): readonly string[] {
  const excuses = ['no sequence of calls led there', 'the server did not answer so', 'no request came to it'];
  return notExercised.filter(({ reason }) => excuses.includes(reason)).map(({ what }) => what);
}

/** The outcome with other JSON as its content. */
function withBody(outcome: Outcome, change: (body: Record<string, unknown>) => unknown): Outcome {
  if (outcome.kind !== 'response' || outcome.response.content === undefined) return outcome;
  const body: Record<string, unknown> = JSON.parse(new TextDecoder().decode(outcome.response.content));
  const content = new TextEncoder().encode(JSON.stringify(change(body)));
  const fields = outcome.response.fields.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...outcome, response: { ...outcome.response, fields, content } };
}

const isCancel = ({ method, path }: RequestMessage): boolean =>
  method === 'DELETE' && /^\/orders\/./.test(path);

describe('a server that keeps its contract', () => {
  test.each<[string, Contract]>([
    ['orders', orders],
    ['shop', shop],
    ['plain', plain],
    ['club', club],
  ])('gives no finding, and everything is exercised: %s in process', async (_, contract) => {
    const { target, options } = await onMock(contract);
    const workflows = authored.get(contract) ?? [];
    const { titles, finished } = await told(contract, target, { ...options, workflows });
    expect(titles).toEqual([]);
    expect(unreached(finished)).toEqual([]);
    expect(finished).toMatchObject({ complete: true, stopped: undefined });
  });

  test.each<[string, Contract]>([
    ['matar', matar],
    ['xerial', xerial],
  ])('gives none over a socket either: %s', async (_, contract) => {
    const { url, close } = await listen(createMock(contract, { seed: 1 }), { port: 0 });
    const target = httpTarget(url);
    onTestFinished(async () => {
      await target.close();
      await close();
    });
    const workflows = authored.get(contract) ?? [];
    const options = await optionsFor(contract, target);
    const { titles, finished } = await told(contract, target, { ...options, workflows });
    expect(titles).toEqual([]);
    expect(unreached(finished)).toEqual([]);
  });

  test('gives none when several workflows run at the same time', async () => {
    const { target, options } = await onMock(club);
    const { titles, finished } = await told(club, target, { ...options, concurrency: 5 });
    expect(titles).toEqual([]);
    expect(unreached(finished)).toEqual([]);
  });
});

describe('the same seed', () => {
  /** An order is shown with a text for its count, a cancelled one is cancelled again, and an unknown one is a fault. */
  const broken = (target: Target): Target =>
    changed(target, (outcome, request) => {
      if (outcome.kind !== 'response') return outcome;
      if (isCancel(request) && outcome.response.status === 409)
        return { ...outcome, response: { status: 204, fields: [], content: undefined } };
      if (request.method === 'GET' && outcome.response.status === 404) return withStatus(outcome, 500);
      return request.method === 'GET' && outcome.response.status === 200
        ? withBody(outcome, (body) => ({ ...body, count: '2' }))
        : outcome;
    });

  test('gives the same findings, in the same order', async () => {
    const once = async () => {
      const { target, options } = await onMock(orders);
      return told(orders, broken(target), { ...options, seed: 7 });
    };
    const [first, second] = [await once(), await once()];
    expect(first.findings.map(({ id }) => id)).toEqual(second.findings.map(({ id }) => id));
    expect(first.findings.map(({ count, confirmed }) => [count, confirmed])).toEqual(
      second.findings.map(({ count, confirmed }) => [count, confirmed]),
    );
    const checks = first.findings.map(({ check }) => check);
    expect(checks.toSorted()).toEqual([
      'not-a-server-error',
      'response-schema-conformance',
      'state-conformance',
    ]);
    expect(first.started).toEqual(second.started);
  });
});

test('levels that are set for one operation are for that one, its method in any letter case', async () => {
  const { target, options } = await onMock(matar);
  const failing = changed(target, (outcome, { path }) =>
    path.endsWith('/logout') ? withStatus(outcome, 500) : outcome,
  );
  const settings = { ...options, phases: ['examples'], only: ['logout'], confirmations: 0 } as const;
  const faults = async (name: string): Promise<readonly unknown[]> => {
    const operationLevels = { [name]: { checks: { 'not-a-server-error': 'off' } } } as const;
    const { findings } = await told(matar, failing, { ...settings, operationLevels });
    return findings.flatMap(({ check, operation }) => (check === 'not-a-server-error' ? [operation] : []));
  };
  expect(await faults('post /api/v1/login')).toEqual(['logout']);
  expect(await faults('post /api/v1/logout')).toEqual([]);
});

describe('a run that ends before its end', () => {
  test('after so many requests', async () => {
    const { target, options } = await onMock(orders);
    const { lines, finished } = await told(orders, target, { ...options, maxRequests: 7 });
    expect(lines).toHaveLength(7);
    expect(finished).toMatchObject({ complete: false, stopped: 'request-limit', requests: 7 });
  });

  test('after so much time', async () => {
    const target = await served((_, response) => void setTimeout(() => response.end('{}'), 15));
    const { finished } = await told(plain, target, { maxTime: 60, confirmations: 0 });
    expect(finished).toMatchObject({ complete: false, stopped: 'time-limit' });
    expect(finished.requests).toBeLessThan(20);
  });

  test('after so much time, of an app in this process that answers at once', async () => {
    const { target, options } = await onMock(orders);
    const { finished } = await told(orders, target, { ...options, walks: { time: 60_000 }, maxTime: 150 });
    expect(finished).toMatchObject({ complete: false, stopped: 'time-limit' });
  });

  test('when a timer interrupts it, of an app in this process', async () => {
    const { target, options } = await onMock(orders);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const walks = { time: 60_000 };
    const { finished } = await told(orders, target, { ...options, walks, signal: controller.signal });
    expect(finished).toMatchObject({ complete: false, stopped: 'interrupted' });
  });

  test('while a server says nothing', async () => {
    const target = await served(() => {});
    const { finished, titles } = await told(plain, target, { maxTime: 60, confirmations: 0 });
    expect(finished).toMatchObject({ complete: false, stopped: 'unreachable' });
    expect(titles).toEqual([]);
  });

  test('when it is interrupted', async () => {
    const { target, options } = await onMock(orders);
    const controller = new AbortController();
    let asked = 0;
    const counting: Target = (request, signal) => {
      asked += 1;
      if (asked === 5) controller.abort();
      return target(request, signal);
    };
    const { finished, titles } = await told(orders, counting, { ...options, signal: controller.signal });
    expect(finished).toMatchObject({ complete: false, stopped: 'interrupted' });
    expect(titles).toEqual([]);
    expect(asked).toBe(5);
  });

  test('before its first request, when it was interrupted before', async () => {
    const { target, options } = await onMock(orders);
    const { finished, lines } = await told(orders, target, { ...options, signal: AbortSignal.abort() });
    expect(finished).toMatchObject({ complete: false, stopped: 'interrupted', requests: 0 });
    expect(lines).toEqual([]);
  });

  test('where nobody is', async () => {
    const target = httpTarget('http://127.0.0.1:1', { timeout: 1000 });
    onTestFinished(() => target.close());
    const { finished, titles } = await told(orders, target);
    expect(finished).toMatchObject({ complete: false, stopped: 'unreachable' });
    expect(finished.unreachable).toMatch(/ECONNREFUSED|refused/);
    expect(titles).toEqual([]);
  });
});

describe('inputs', () => {
  test('one that cannot be had keeps its workflows from being run, with that reason, and nothing else', async () => {
    const { target } = await onMock(shop);
    const { finished, titles, lines } = await told(shop, target, { phases: ['examples'] });
    const gaps = finished.notExercised.filter(({ kind }) => kind === 'workflow');
    expect(gaps.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'openBasket: opened: no value is given for credential',
      'seeBasket: seen: no value is given for credential',
      'seeBasket: unseen: no value is given for credential',
    ]);
    expect(finished.notExercised).toContainEqual({
      kind: 'rule',
      what: 'POST /baskets: opened',
      operation: 'openBasket',
      reason: 'no value is given for credential',
    });
    expect(titles).toEqual([]);
    expect(lines.filter((line) => / 40[14]$/.test(line)).length).toBeGreaterThan(2);
    expect(finished.complete).toBe(true);
  });

  test('a person whom the server knows already raises no alarm', async () => {
    const { mock, target, options } = await onMock(matar);
    const known: InputSource = async (ask) => {
      const answer = await (options.inputs ?? givenInputs({}))(ask);
      return answer.kind === 'value' ? { ...answer, fresh: false } : answer;
    };
    // Whoever is asked for has been there before, by another name.
    const knowing: InputSource = async (ask) => {
      const answer = await known(ask);
      if (answer.kind === 'value' && ask.name === 'phone_number')
        mock.apis()[0]?.state.apply([
          {
            kind: 'put',
            collection: 'users',
            key: String(answer.value),
            entry: {
              value: {
                _id: 'KNOWN1',
                image_url: 'https://example.com/a.png',
                language: 'kn-IN',
                name: 'Known',
                phone_number: String(answer.value),
                roles: { default: ['685QVK'] },
              },
              expiresAt: undefined,
            },
          },
        ]);
      return answer;
    };
    const workflows = authored.get(matar) ?? [];
    const { findings, finished } = await told(matar, target, { ...options, inputs: knowing, workflows });
    expect(findings.map(({ title, expected, actual }) => [title, expected, actual])).toEqual([]);
    expect(finished.complete).toBe(true);
  });

  test('a phone number that is given once serves for everybody, and raises no alarm', async () => {
    const { target, options } = await onMock(matar);
    const one: InputSource = async (ask) =>
      ask.name === 'phone_number'
        ? { kind: 'value', value: '919000000123', fresh: false }
        : (options.inputs ?? givenInputs({}))(ask);
    const { findings } = await told(matar, target, { ...options, inputs: one });
    expect(findings.map(({ title, expected, actual }) => [title, expected, actual])).toEqual([]);
  });
});

describe('what workflows share', () => {
  const enters = (lines: readonly string[]): number =>
    lines.filter((line) => line === 'POST /badges 200').length;

  test('is opened once for those that leave it as it is', async () => {
    const { target, options } = await onMock(club);
    const { lines } = await told(club, target, { ...options, phases: ['security'], only: ['openDoor'] });
    expect(lines.length).toBeGreaterThan(8);
    expect(enters(lines)).toBe(1);
  });

  test('is opened anew when it was used up', async () => {
    const { target, options } = await onMock(club);
    const { lines } = await told(club, target, { ...options, phases: ['protocol'], only: ['leave'] });
    const used = lines.filter((line) => line === 'POST /exit 204').length;
    expect(used).toBeGreaterThan(2);
    expect(enters(lines)).toBeGreaterThanOrEqual(used);
    expect(lines.filter((line) => line === 'POST /exit 401')).toEqual([]);
  });

  test('is opened anew when it has run out', async () => {
    const { mock, target, options } = await onMock(club);
    let now = Date.now();
    const passing: Target = async (request, signal) => {
      now += 40_000; // a badge is good for two minutes
      mock.clock.move('PT40S');
      return target(request, signal);
    };
    const { lines, titles } = await told(club, passing, {
      ...options,
      clock: () => now,
      phases: ['security'],
      only: ['openDoor'],
    });
    expect(titles).toEqual([]);
    expect(enters(lines)).toBeGreaterThan(3);
  });
});

describe('requests at the same moment', () => {
  test('are judged in whatever order the rules permit', async () => {
    const { target, options } = await onMock(orders);
    let held: (() => void)[] = [];
    // The last one that comes is served first.
    const reversing: Target = (request, signal) =>
      new Promise((resolve) => {
        held.push(() => void target(request, signal).then(resolve));
        setImmediate(() => {
          const all = held.toReversed();
          held = [];
          for (const go of all) go();
        });
      });
    const { titles, lines } = await told(orders, reversing, { ...options, phases: ['concurrency'] });
    expect(titles).toEqual([]);
    expect(
      lines
        .filter((line) => line.startsWith('DELETE'))
        .map((line) => line.slice(-3))
        .toSorted(),
    ).toEqual(['204', ...lines.filter((line) => line.endsWith('409')).map(() => '409')]);
  });

  test('of which two are the first are found', async () => {
    const cancelled = new Set<string>();
    const stored = new Map<string, unknown>();
    const target = await served(async (request, response) => {
      const { method, url = '' } = request;
      const id = url.split('/')[2] ?? '';
      const answer = (status: number, body?: unknown): void =>
        void response
          .writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' })
          .end(body === undefined ? undefined : JSON.stringify(body));
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      if (method === 'POST') {
        const made = {
          id: `ABC${String(stored.size).padStart(6, '0')}`,
          ...JSON.parse(Buffer.concat(chunks).toString()),
        };
        stored.set(made.id, made);
        return answer(201, made);
      }
      if (method === 'DELETE') {
        const isThere = cancelled.has(id);
        await new Promise((resolve) => setTimeout(resolve, 20)); // between looking and acting
        cancelled.add(id);
        return isThere ? answer(409, { problem: 'cancelled already' }) : answer(204);
      }
      if (cancelled.has(id)) return answer(410, { problem: 'cancelled' });
      return stored.has(id) ? answer(200, stored.get(id)) : answer(404, { problem: 'no such order' });
    });
    const { findings } = await told(orders, target, { phases: ['concurrency'] });
    expect(findings.map(({ check, operation }) => `${check} ${operation}`)).toEqual([
      'state-conformance cancelOrder',
    ]);
    expect(findings[0]?.confirmed).toEqual({ shown: 2, of: 2 });
  });
});

describe('a finding', () => {
  test('that always shows is confirmed', async () => {
    const { target, options } = await onMock(orders);
    const broken = changed(target, (outcome, request) =>
      isCancel(request) && outcome.kind === 'response' && outcome.response.status === 204
        ? withStatus(outcome, 409)
        : outcome,
    );
    const { findings } = await told(orders, broken, {
      ...options,
      phases: ['examples'],
      only: ['cancelOrder'],
    });
    expect(findings[0]?.confirmed).toEqual({ shown: 2, of: 2 });
  });

  test('that shows now and then says how often', async () => {
    const { target, options } = await onMock(orders);
    let cancels = 0;
    const broken = changed(target, (outcome, request) => {
      if (request.method === 'DELETE') cancels += 1;
      return request.method === 'DELETE' && cancels === 1 ? withStatus(outcome, 500) : outcome;
    });
    const { findings } = await told(orders, broken, {
      ...options,
      phases: ['examples'],
      only: ['cancelOrder'],
    });
    expect(findings.length).toBeGreaterThan(0);
    for (const { confirmed } of findings) expect(confirmed).toEqual({ shown: 1, of: 6 });
  });

  test('is not tried again when nobody wants it', async () => {
    const { target, options } = await onMock(orders);
    const broken = changed(target, (outcome, { method }) =>
      method === 'DELETE' ? withStatus(outcome, 500) : outcome,
    );
    const { findings } = await told(orders, broken, { ...options, phases: ['examples'], confirmations: 0 });
    expect(findings.map(({ confirmed }) => confirmed)).toEqual(findings.map(() => undefined));
    expect(findings.length).toBeGreaterThan(0);
  });

  test('ends with the exchange in which it shows', async () => {
    const { target, options } = await onMock(orders);
    const broken = changed(target, (outcome, request) =>
      request.method === 'GET' && outcome.kind === 'response' && outcome.response.status === 410
        ? withStatus(outcome, 404)
        : outcome,
    );
    const { findings } = await told(orders, broken, { ...options, phases: ['examples', 'rules'] });
    const found = findings.find(({ check }) => check === 'state-conformance');
    expect(found?.exchanges.map(({ request }) => request.method)).toEqual(['POST', 'DELETE', 'GET']);
  });
});

describe('the workflow of a finding, written down and read again', () => {
  /** Replays each finding on the same broken server, made anew; what it was and what was found again. */
  async function replayed(
    contract: Contract,
    around: (target: Target) => Target,
    chosen: (finding: Finding) => boolean = () => true,
  ) {
    const first = await onMock(contract);
    const { findings } = await told(contract, around(first.target), {
      ...first.options,
      workflows: authored.get(contract) ?? [],
      confirmations: 0,
    });
    expect(findings.filter(chosen).length).toBeGreaterThan(0);
    const results: string[] = [];
    for (const finding of findings.filter(chosen)) {
      const workflows = await loaded(contract, JSON.stringify(finding.workflow));
      const { target, options } = await onMock(contract);
      const again = await told(contract, around(target), {
        ...options,
        phases: ['workflows'],
        workflows,
        confirmations: 0,
      });
      const same = again.findings.some(
        ({ id, check, at }) =>
          id === finding.id || (check === finding.check && at.pointer === finding.at.pointer),
      );
      if (!same) results.push(`${finding.check} ${finding.endpoint}: ${finding.title} (${finding.phase})`);
    }
    return results;
  }

  test('shows it again: of orders', async () => {
    const around = (target: Target): Target =>
      changed(target, (outcome, request) => {
        if (outcome.kind !== 'response') return outcome;
        if (isCancel(request) && outcome.response.status === 409) return withStatus(outcome, 204);
        if (outcome.response.status === 400) return withStatus(outcome, 201);
        if (outcome.response.status === 405) return withStatus(outcome, 200);
        return outcome;
      });
    expect(await replayed(orders, around)).toEqual([]);
  });

  test('shows it again: of a club, with setups, credentials and time that passes', async () => {
    const around = (target: Target): Target =>
      changed(target, (outcome, request) => {
        if (outcome.kind !== 'response' || outcome.response.status !== 401) return outcome;
        const credential = fieldValue(request.fields, 'authorization') ?? '';
        return request.path === '/door' && credential !== '' ? withStatus(outcome, 500) : outcome;
      });
    expect(await replayed(club, around)).toEqual([]);
  });

  test('shows it again: of Matar, with codes and forged tokens', async () => {
    const around = (target: Target): Target =>
      changed(target, (outcome, request) => {
        if (outcome.kind !== 'response') return outcome;
        const isKnown = /^\/api\//.test(request.path);
        return isKnown && outcome.response.status >= 400 ? withStatus(outcome, 500) : outcome;
      });
    expect(await replayed(matar, around)).toEqual([]);
  });
});

test('operations that are neither chosen nor named are not counted', async () => {
  const { target, options } = await onMock(orders);
  const { finished } = await told(orders, target, {
    ...options,
    only: ['createOrder'],
    phases: ['examples'],
  });
  expect(finished.coverage.find(({ kind }) => kind === 'operation')).toEqual({
    kind: 'operation',
    exercised: 1,
    total: 1,
  });
});

test('nothing is sent for a server that is never asked', async () => {
  const { target, options } = await onMock(orders);
  const { finished } = await told(orders, target, { ...options, only: [randomUUID()], phases: ['examples'] });
  expect(finished).toMatchObject({ complete: true, requests: 0, findings: [] });
});
