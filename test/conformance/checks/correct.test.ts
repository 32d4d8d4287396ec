/** What checks say of servers that are correct: of our own mock nothing at all, of others nothing that fails a run. */

import { expect, it, onTestFinished } from 'vitest';
import type { Exchange } from '../../../conformance/check.js';
import { appTarget, httpTarget, type Target } from '../../../conformance/target.js';
import { createMock, listen, type Mock } from '../../../mock/index.js';
import { type Contract, loadContract } from '../../../openapi/index.js';
import { isObject } from '../../../openapi/json.js';
import { missing, startServer } from '../../servers/start.js';
import { begun, type Said, startRun } from '../exchanges.js';
import { throughMatar, throughXerial } from '../journeys.js';

const matar = await loadContract('matar');
const xerial = await loadContract('xerial');

const ways: readonly (readonly [string, (mock: Mock) => Promise<Target>])[] = [
  ['in this process', async (mock) => appTarget(mock)],
  [
    'over a socket',
    async (mock) => {
      const server = await listen(mock, { port: 0 });
      onTestFinished(() => server.close());
      return httpTarget(server.url);
    },
  ],
];

/** What is said of the exchanges, each as one line. */
function saidOf(exchanges: readonly Exchange[]): readonly (Said & { readonly line: string })[] {
  const ask = begun();
  return exchanges.flatMap((exchange) => {
    const { method, path } = exchange.request;
    return ask(exchange).map((said) => ({
      ...said,
      line: `${method} ${path}: ${said.check}: ${said.verdict}, ${said.severity}: ${said.title} (${said.actual})`,
    }));
  });
}

function otpOf(mock: Mock): (phone: string) => Promise<string> {
  return async (phone) => {
    const message = mock.inbox.list().findLast(({ to }) => to === phone);
    const content = message?.content;
    return isObject(content) ? String(content.otp) : '';
  };
}

it.each(ways)('nothing is said of the mock of Matar, %s', async (_, way) => {
  const mock = createMock(matar, { seed: 1 });
  const exchanges = await throughMatar(startRun(matar, await way(mock)), otpOf(mock));
  expect(saidOf(exchanges).map(({ line }) => line)).toEqual([]);
  expect(exchanges.filter(({ judgement }) => judgement.kind === 'explained').length).toBeGreaterThan(20);
});

it.each(ways)('nothing is said of the mock of Xerial, %s', async (_, way) => {
  const mock = createMock(xerial, { seed: 1 });
  const [session = ''] = [...(xerial.initialState.get('refresh_tokens')?.keys() ?? [])];
  const exchanges = await throughXerial(startRun(xerial, await way(mock)), [session, session]);
  expect(saidOf(exchanges).map(({ line }) => line)).toEqual([]);
});

/** Notes of what the frameworks do that nobody documents are welcome: they name the statuses. */
function expectOnlyNotes(
  contract: Contract,
  exchanges: readonly Exchange[],
  ignored: readonly string[] = [],
): void {
  const said = saidOf(exchanges);
  expect(said.filter(({ severity }) => severity === 'error').map(({ line }) => line)).toEqual([]);
  expect(said.filter(({ verdict }) => verdict === 'violates').map(({ check }) => check)).toEqual(ignored);
  expect(said.map(({ check }) => check)).toContain('status-code-conformance');
  expect(contract.operations.length).toBeGreaterThan(0);
}

it('only notes are given of Matar by node:http', async () => {
  const server = await startServer('matar-node');
  onTestFinished(() => server.stop());
  expectOnlyNotes(
    matar,
    await throughMatar(startRun(matar, httpTarget(server.url)), (phone) => server.sms(phone)),
  );
});

it.skipIf(missing('matar-flask') !== undefined)('only notes are given of Matar by Flask', async () => {
  const server = await startServer('matar-flask');
  onTestFinished(() => server.stop());
  expectOnlyNotes(
    matar,
    await throughMatar(startRun(matar, httpTarget(server.url)), (phone) => server.sms(phone)),
    ['challenge-present'],
  );
});

it('only notes are given of Xerial by Express', async () => {
  const server = await startServer('xerial-express');
  onTestFinished(() => server.stop());
  const sessions = [await server.session('a'), await server.session('b')] as const;
  expectOnlyNotes(xerial, await throughXerial(startRun(xerial, httpTarget(server.url)), [...sessions]));
});
