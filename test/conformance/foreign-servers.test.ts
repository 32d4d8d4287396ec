/** The foreign servers as a target sees them: no fault without a defect, and each defect of framing by its name. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { httpTarget, type Outcome, type Target } from '../../conformance/target.js';
import type { Field } from '../../openapi/http/message.js';
import defects from '../servers/defects.json' with { type: 'json' };
import { type Journey, play } from '../servers/play.js';
import { probeMatar } from '../servers/probes-matar.js';
import { probeXerial } from '../servers/probes-xerial.js';
import { type ForeignServer, type Kind, missing, startServer } from '../servers/start.js';

/** Fields of a connection, which the client of the journeys has of its own. */
const ofConnection = ['host', 'connection', 'content-length'];

async function passOn(target: Target, incoming: IncomingMessage): Promise<Outcome> {
  const { method = '', url = '', rawHeaders } = incoming;
  const [path = '', query = ''] = url.split('?');
  const fields = rawHeaders
    .flatMap((name, index): Field[] => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : []))
    .filter(([name]) => !ofConnection.includes(name.toLowerCase()));
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const content = chunks.length === 0 ? undefined : Buffer.concat(chunks);
  return target({ method, path, query, fields, content });
}

/** A server before a server: each request goes on through a target, and each outcome is kept. */
async function observed(server: ForeignServer, timeout: number) {
  const outcomes: Outcome[] = [];
  const target = httpTarget(server.url, { timeout, contentLimit: 1_000_000 });
  const front = createServer(async (incoming, response) => {
    const outcome = await passOn(target, incoming);
    outcomes.push(outcome);
    if (outcome.kind === 'failure') return void response.destroy();
    const fields = outcome.response.fields.filter(
      ([name]) => !/^(?:connection|keep-alive|transfer-encoding)$/i.test(name),
    );
    response.sendDate = false;
    response.writeHead(outcome.response.status, fields.flat()).end(outcome.response.content);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  onTestFinished(async () => {
    front.closeAllConnections();
    front.close();
    await target.close();
    await server.stop();
  });
  let moved = 0;
  const { port } = front.address() as AddressInfo;
  return {
    outcomes,
    client: {
      ...server,
      url: `http://127.0.0.1:${port}`,
      now: () => Date.now() + moved * 1_000,
      async moveClock(seconds: number) {
        await server.moveClock(seconds);
        moved += seconds;
      },
    },
  };
}

/** Failures and faults, each once. */
const wrongs = (outcomes: readonly Outcome[]): readonly string[] => [
  ...new Set(
    outcomes.flatMap((outcome) => [
      ...(outcome.kind === 'failure' ? [outcome.failure] : []),
      ...outcome.faults.map(({ name }) => name),
    ]),
  ),
];

describe('without a defect', () => {
  test.each<[api: string, kind: Kind]>([
    ['matar', 'matar-node'],
    ['matar', 'matar-flask'],
    ['xerial', 'xerial-express'],
  ])('a journey in %s has no fault on %s', async (api, kind) => {
    if (missing(kind) !== undefined) return void expect(kind).toBe('matar-flask'); // without Flask
    const { outcomes, client } = await observed(await startServer(kind), 10_000);
    const journey: Journey = JSON.parse(
      readFileSync(new URL(`../servers/${api}.journey.json`, import.meta.url), 'utf8'),
    );
    const played = await play(journey, client);
    expect(played.map(({ seen }) => seen)).toEqual(played.map(({ expected }) => expected));
    expect([outcomes.length > 20, wrongs(outcomes)]).toEqual([true, []]);
  });
});

/** What each defect that is one of HTTP is seen as; those of JSON and of what is said are seen by checks. */
const seenAs: { readonly [defect: string]: readonly string[] } = {
  'content-length-short': ['content-too-long'],
  'content-length-long': ['reset', 'content-too-short'],
  'content-never-complete': ['timeout', 'content-too-short'],
  'two-content-lengths': ['content-length-conflict'],
  'chunk-truncated': ['reset', 'chunks-cut-short'],
  'duplicate-content-type': ['field-repeated'],
  'gzip-mislabelled': ['content-not-encoded'],
  'gzip-unlabelled': ['content-encoding-missing'],
  'garbage-bytes': ['malformed', 'status-line-malformed'],
  'connection-reset': ['reset'],
  hanging: ['timeout'],
  dripping: ['timeout'],
  endless: ['endless'],
  'head-with-content': ['content-on-head'],
  'content-on-204': ['content-on-204'],
  'content-length-on-204': ['content-length-on-204'],
};

/** Defects of framing that are none of HTTP: what the content says is wrong, or where it leads. */
const others = [
  'byte-order-mark',
  'duplicate-keys',
  'trailing-garbage',
  'json-cut-short',
  'empty-content',
  'redirect-elsewhere',
  'single-quotes',
];

describe('with a defect', () => {
  test('of framing it is known how it is seen', () => {
    const framing = defects.filter(({ category }) => category === 'framing').map(({ name }) => name);
    expect([...new Set(framing)].toSorted()).toEqual([...Object.keys(seenAs), ...others].toSorted());
  });

  const cases = defects
    .filter(({ name, category }) => category === 'framing' && name in seenAs)
    .flatMap(({ name, servers, probe }) => servers.map((kind) => [name, kind as Kind, probe] as const))
    .filter(([, kind]) => kind !== 'matar-flask');

  test.each(cases)('%s, %s shows it', async (name, kind, probe) => {
    const { outcomes, client } = await observed(await startServer(kind, name), 700);
    await (kind === 'matar-node' ? probeMatar : probeXerial)(probe, client);
    expect(wrongs(outcomes)).toEqual(expect.arrayContaining([...(seenAs[name] ?? [])]));
  });

  test('dripping is a fault of its own when there is time for it', async () => {
    const { outcomes, client } = await observed(await startServer('matar-node', 'dripping'), 6_000);
    await probeMatar('log out with little patience', client).catch(() => {});
    await expect.poll(() => wrongs(outcomes), { timeout: 8_000 }).toEqual(['timeout', 'dripping']);
  });
});
