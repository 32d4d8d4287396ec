/** What a bystander may conclude: nothing from what was before, nothing from what overlaps, and everything else. */

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import jws from 'jws';
import { afterEach, describe, expect, test } from 'vitest';
import { harReport } from '../../conformance/report/har.js';
import { jsonReport } from '../../conformance/report/json.js';
import { loadWorkflows } from '../../openapi/arazzo/arazzo.js';
import { checked, contractOf } from '../servers/checked.js';
import { dial, errorsOf, type Proxied, proxied, serving } from './proxied.js';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

type Answer = { readonly status: number; readonly body: unknown; readonly fields?: Record<string, string> };

const user = {
  _id: '39501T',
  image_url: null,
  language: 'hi-IN',
  name: 'Sri',
  phone_number: '917254326789',
  roles: { default: ['129487316'] },
};
const shown: Answer = { status: 200, body: user };
const loggedOut: Answer = { status: 200, body: { message: 'Successfully logged out' } };
const sent: Answer = { status: 200, body: { message: 'sent otp' } };
const refused = (description: string, error: string): Answer => ({
  status: 401,
  body: { description, error },
  fields: { 'www-authenticate': 'Bearer' },
});
const revoked = refused('The token has been revoked.', 'token_revoked');
const expired = refused('The token has expired.', 'token_expired');
const invalid = refused('Signature verification failed.', 'invalid_token');

type Asked = readonly [method: string, path: string, token?: string | undefined, body?: unknown];

/** Traffic that is made up: what is asked, what is answered, and when. */
type Stage = {
  readonly proxy: Proxied;
  /** Asks, and is answered at once. */
  says(asked: Asked, answer: Answer): Promise<void>;
  /** Asks; the answer comes when it is given. */
  begins(asked: Asked): Promise<(answer: Answer) => Promise<void>>;
};

async function stage(options: Parameters<typeof proxied>[1] = {}): Promise<Stage> {
  const arrived: ((response: ServerResponse) => void)[] = [];
  const { server, url } = await serving((message, response) => {
    message.resume().once('end', () => arrived.shift()?.(response));
  });
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const proxy = await proxied(url, options);
  ends.push(() => proxy.stop(0));
  const begins: Stage['begins'] = async ([method, target, token, body]) => {
    const came = new Promise<ServerResponse>((resolve) => arrived.push(resolve));
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const sending = request(`${proxy.url}${target}`, { method, headers, agent: false });
    sending.end(body === undefined ? undefined : JSON.stringify(body));
    const answered = once(sending, 'response');
    const response = await came;
    return async ({ status, body: content, fields }) => {
      response
        .writeHead(status, { 'content-type': 'application/json', ...fields })
        .end(JSON.stringify(content));
      const [message] = await answered;
      for await (const _ of message);
    };
  };
  return {
    proxy,
    begins,
    says: async (asked, answer) => (await begins(asked))(answer),
  };
}

const whoAmI = (token: string) => ['GET', '/api/v1/get_current_user', token] as const;
const logOut = (token: string) => ['POST', '/api/v1/logout', token] as const;
const logIn = (body: object) =>
  ['POST', '/api/v1/login', undefined, { phone_number: '919277140178', name: 'skb', ...body }] as const;

describe('a session that was there before', () => {
  test.each([
    ['is taken', [shown]],
    ['is refused as no token', [invalid]],
    ['is revoked', [revoked]],
    ['has expired', [expired]],
    ['is taken and then is over', [shown, shown, expired]],
  ])('%s, and that is fine', async (_, answers) => {
    const { says, proxy } = await stage();
    for (const answer of answers) await says(whoAmI('older'), answer);
    expect((await proxy.stop()).findings).toEqual([]);
    expect(proxy.seen).toHaveLength(answers.length);
  });

  test('is known from what it does on: ended, it must not come back', async () => {
    const { says, proxy } = await stage();
    await says(logOut('older'), loggedOut);
    await says(whoAmI('older'), shown);
    const errors = errorsOf(await proxy.stop());
    expect(errors.map(({ check, operation }) => [check, operation])).toEqual([
      ['ignored-authentication', 'getCurrentUser'],
    ]);
    expect(errors[0]?.exchanges.map(({ operation }) => operation)).toEqual(['logout', 'getCurrentUser']);
  });
});

describe('what overlaps proves nothing', () => {
  test('of a question that ends before the logout does, whatever it is answered', async () => {
    for (const answer of [shown, revoked]) {
      const { begins, says, proxy } = await stage();
      await says(whoAmI('a'), shown);
      const out = await begins(logOut('a'));
      await says(whoAmI('a'), answer);
      await out(loggedOut);
      expect((await proxy.stop()).findings).toEqual([]);
    }
  });

  test('of a question that began before the logout ended', async () => {
    for (const answer of [shown, revoked]) {
      const { begins, says, proxy } = await stage();
      const asked = await begins(whoAmI('a'));
      await says(logOut('a'), loggedOut);
      await asked(answer);
      expect((await proxy.stop()).findings).toEqual([]);
    }
  });

  test('of two logouts at once', async () => {
    const { begins, says, proxy } = await stage();
    const first = await begins(logOut('a'));
    const second = await begins(logOut('a'));
    await second(loggedOut);
    await first(loggedOut);
    await says(whoAmI('a'), revoked);
    expect((await proxy.stop()).findings).toEqual([]);
  });

  test('but of another session it does', async () => {
    const { begins, says, proxy } = await stage();
    await says(logOut('b'), loggedOut);
    const out = await begins(logOut('a'));
    await says(whoAmI('b'), shown);
    await out(loggedOut);
    expect(errorsOf(await proxy.stop()).map(({ check }) => check)).toEqual(['ignored-authentication']);
  });

  test('and what comes after both does', async () => {
    const { begins, says, proxy } = await stage();
    const asked = await begins(whoAmI('a'));
    const out = await begins(logOut('a'));
    await asked(shown);
    await out(loggedOut);
    await says(logOut('a'), loggedOut);
    await says(whoAmI('a'), shown);
    expect(errorsOf(await proxy.stop()).map(({ check }) => check)).toContain('ignored-authentication');
  });
});

test('a logout that nobody waited for may have happened, or not', async () => {
  for (const answer of [shown, revoked]) {
    const { says, proxy } = await stage();
    await says(whoAmI('a'), shown);
    const line = dial(proxy.port);
    line.socket.write(
      'POST /api/v1/logout HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nContent-Length: 0\r\n\r\n',
    );
    await expect.poll(() => proxy.seen.length).toBe(1);
    line.socket.resetAndDestroy();
    await expect
      .poll(() => proxy.seen.map(({ reservation }) => reservation))
      .toEqual([undefined, 'broken off']);
    await says(whoAmI('a'), answer);
    expect(errorsOf(await proxy.stop(0))).toEqual([]);
  }
});

describe('the clock of the server', () => {
  const days = 24 * 60 * 60;
  /** Two tokens, issued at an instant in seconds. */
  const tokens = (iat: number): Answer => {
    const token = (type: string, lifetime: number): string =>
      jws.sign({
        header: { alg: 'HS256', typ: 'JWT' },
        payload: {
          fresh: type === 'access',
          iat,
          jti: randomUUID(),
          type,
          sub: '39501T',
          nbf: iat,
          exp: iat + lifetime,
        },
        secret: 'secret',
      });
    const body = { access_token: token('access', 10 * days), refresh_token: token('refresh', 60 * days) };
    return { status: 200, body };
  };
  const accessToken = ({ body }: Answer): string => String((body as { access_token: string }).access_token);
  const now = (): number => Math.floor(Date.now() / 1000);
  const at = (seconds: number): { date: string } => ({ date: new Date(seconds * 1000).toUTCString() });

  const loggedIn = async ({ says }: Stage): Promise<string> => {
    const given = tokens(now());
    await says(logIn({ action: 'send_otp' }), sent);
    await says(logIn({ action: 'submit_otp', otp: '12345' }), given);
    return accessToken(given);
  };

  test('is that of its Date: what is over by that is over', async () => {
    const on = await stage();
    const token = await loggedIn(on);
    const later = at(now() + 11 * days);
    await on.says(whoAmI(token), { ...expired, fields: { ...expired.fields, ...later } });
    expect(errorsOf(await on.proxy.stop())).toEqual([]);
    expect(on.proxy.seen.at(-1)?.transition).toBe('expired-token');
  });

  test('is that of its Date: what is over by that is not taken any more', async () => {
    const on = await stage();
    const token = await loggedIn(on);
    await on.says(whoAmI(token), { ...shown, fields: at(now() + 11 * days) });
    expect(errorsOf(await on.proxy.stop()).map(({ check }) => check)).toEqual(['ignored-authentication']);
  });

  test('may be moved behind its Date: then nobody knows what time it is', async () => {
    const on = await stage();
    const token = await loggedIn(on);
    await on.says(whoAmI(token), expired);
    await on.says(whoAmI(token), shown);
    await on.says(logIn({ action: 'send_otp' }), sent);
    await on.says(logIn({ action: 'submit_otp', otp: '12346' }), tokens(now() + 11 * days));
    expect(errorsOf(await on.proxy.stop())).toEqual([]);
  });

  test('is wrong when its tokens never say what its Date says', async () => {
    const { says, proxy } = await stage();
    await says(logIn({ action: 'send_otp' }), sent);
    await says(logIn({ action: 'submit_otp', otp: '12345' }), tokens(now() - 20_000));
    expect(errorsOf(await proxy.stop()).map(({ check }) => check)).toContain('token-conformance');
  });

  test('has nothing to do with a new token that is refused, however long it takes to judge', async () => {
    let read = Date.now();
    const on = await stage({ clock: () => (read += 1) });
    const token = await loggedIn(on);
    await on.says(whoAmI(token), revoked);
    expect(errorsOf(await on.proxy.stop()).map(({ check }) => check)).toEqual(['state-conformance']);
  });
});

test('content above the limit is not judged, and the records say so', async () => {
  const { says, proxy } = await stage({ contentLimit: 100 });
  await says(whoAmI('a'), { status: 200, body: { ...user, name: 'x'.repeat(200) } });
  await says(logIn({ action: 'send_otp', name: 'y'.repeat(200) }), sent);
  await says(whoAmI('a'), { status: 500, body: 'z'.repeat(200) });
  const finished = await proxy.stop();
  expect(finished.findings.map(({ check }) => check)).toEqual(['not-a-server-error']);
  expect(proxy.seen.map(({ reservation }) => reservation)).toEqual([
    'response content not kept',
    'request content not kept',
    'response content not kept',
  ]);
  const written = (make: typeof harReport): string => {
    let text = '';
    const report = make(
      (part) => {
        text += part;
      },
      (same) => same,
    );
    for (const event of proxy.events) report.take(event);
    return text;
  };
  const { entries } = JSON.parse(written(harReport)).log;
  expect(entries[0].comment).toMatch(/^Content that passed and was not kept: \d+ bytes of the response$/);
  expect(entries[1].comment).toMatch(/bytes of the request$/);
  const [finding] = JSON.parse(written(jsonReport)).findings;
  expect(finding.exchanges[0].response.content).toEqual({ text: '', bytes: 202, cut: true });
});

test('what is not in the contract passes without a word', async () => {
  const { says, proxy } = await stage();
  await says(['GET', '/static/app.js'], { status: 500, body: 'no' });
  expect((await proxy.stop()).findings).toEqual([]);
  expect(proxy.seen[0]?.reservation).toBe('not in the contract');
});

describe('the events', () => {
  test('are those of a run: begun, exchanges, findings, an end', async () => {
    const { says, proxy } = await stage();
    await says(whoAmI('a'), { status: 500, body: {} });
    await says(whoAmI('a'), { status: 500, body: {} });
    const { findings, coverage } = await proxy.stop();
    expect(proxy.events.map(({ type }) => type)).toEqual([
      'run-started',
      'workflow-started',
      'exchange',
      'finding',
      'exchange',
      'workflow-finished',
      'run-finished',
    ]);
    expect(findings.map(({ check, count }) => [check, count])).toEqual([['not-a-server-error', 2]]);
    expect(coverage.length).toBeGreaterThan(0);
  });
});

describe('the workflow of a finding', () => {
  test('shows it again: the check, replaying it, has the same finding, and none of the server as it should be', async () => {
    const { contract } = await contractOf('matar-node');
    let proxy: Proxied | undefined;
    await checked('matar-node', 'revoked-word', {
      confirmations: 0,
      phases: ['workflows'],
      async through(url) {
        proxy = await proxied(url, { contract });
        return proxy.url;
      },
    });
    const [finding] = errorsOf((await proxy?.stop()) ?? expect.fail('there was no proxy'));
    const folder = await mkdtemp(path.join(tmpdir(), 'counterfoil-'));
    try {
      const file = path.join(folder, 'finding.arazzo.json');
      await writeFile(file, JSON.stringify(finding?.workflow));
      const workflows = await loadWorkflows(file, contract);
      expect(workflows[0]?.steps.length).toBeLessThan(6);
      expect(JSON.stringify(finding?.workflow)).not.toMatch(/eyJ/);
      const replay = { workflows, phases: ['workflows'], seed: 2, confirmations: 0 } as const;
      const again = await checked('matar-node', 'revoked-word', replay);
      expect(again.finished.findings.map(({ id }) => id)).toEqual([finding?.id]);
      const correct = await checked('matar-node', undefined, replay);
      expect(correct.finished.findings).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('asks for a credential that nobody saw issued', async () => {
    const { says, proxy } = await stage();
    await says(whoAmI('a-token-from-long-ago'), { status: 500, body: {} });
    const { findings } = await proxy.stop();
    expect(JSON.stringify(findings[0]?.workflow)).toContain('"Bearer {$inputs.accessToken}"');
  });
});
