/** Correct servers of many habits: whatever they do that the contract leaves open, nothing violates it. */

import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Finding, Phase, RunFinished } from '../../conformance/event.js';
import type { InputSource } from '../../conformance/input/input.js';
import { check } from '../../conformance/run.js';
import { httpTarget } from '../../conformance/target.js';
import { fieldValue } from '../../openapi/http/message.js';
import type { Json } from '../../openapi/json.js';
import { type ForeignServer, type Kind, startServer } from '../servers/start.js';
import { authored, matar, xerial } from './contracts.js';
import {
  byOldHttp,
  type Habit,
  inChunks,
  inFront,
  memberOf,
  type Reply,
  replyOf,
  withText,
} from './habits.js';

function inputsOf(server: ForeignServer, habits: readonly Habit[], isKnown: boolean): InputSource {
  let asked = 0;
  const lastOtp = lastOtps(server);
  return async ({ name, for: about, cast = '' }) => {
    asked += 1;
    if (name === 'phone_number') {
      // Some have been here before.
      const value = String(isKnown ? 918_000_000_000 + (asked % 5) : 917_000_000_000 + asked);
      return { kind: 'value', value, fresh: !isKnown };
    }
    if (name === 'otp') {
      const value = await lastOtp(String(about.phone_number));
      return value === undefined
        ? { kind: 'none', reason: 'no OTP came' }
        : { kind: 'value', value, fresh: true };
    }
    if (name === 'refreshToken') {
      const own = await server.session(cast.includes('other') ? 'ravi' : 'asha');
      const seen = habits.reduce(
        (last, habit) => habit.reply?.(last, nobody, undefined) ?? last,
        replyOf(200, JSON.stringify({ own })),
      );
      return { kind: 'value', value: JSON.parse(seen.text).own, fresh: false };
    }
    return { kind: 'none', reason: `nobody gives ${name}` };
  };
}

const nobody = { method: 'GET', path: '/', query: '', fields: [], content: undefined };

/** The last OTP that was sent to a number; undefined when none came. */
function lastOtps(server: ForeignServer): (phone: string) => Promise<string | undefined> {
  const waiting = new Map<string, Promise<string>>();
  return async (phone) => {
    let last: string | undefined;
    for (;;) {
      const next = waiting.get(phone) ?? server.sms(phone);
      next.catch(() => {}); // the server has ended
      waiting.set(phone, next);
      const came = await Promise.race([next, setTimeout(last === undefined ? 1000 : 10, undefined)]);
      if (came === undefined) return last;
      waiting.delete(phone);
      last = came;
    }
  };
}

async function run(
  kind: Kind,
  habits: readonly Habit[],
  phases: readonly Phase[],
  isKnown = false,
): Promise<RunFinished> {
  const server = await startServer(kind);
  const front = await inFront(server.url, habits);
  const target = httpTarget(front.url, { timeout: 5000 });
  onTestFinished(async () => {
    await target.close();
    await front.stop();
    await server.stop();
  });
  const contract = kind === 'xerial-express' ? xerial : matar;
  const events = check(contract, target, {
    seed: 1,
    workflows: authored.get(contract) ?? [],
    inputs: inputsOf(server, habits, isKnown),
    moveClock: server.moveClock,
    phases,
    maxRequests: 300, // enough for every habit to show in, and not much more
  });
  for await (const event of events) if (event.type === 'run-finished') return event;
  throw new Error('the run has no end');
}

const told = ({ check: by, endpoint, title, exchanges }: Finding): string =>
  `${by} ${endpoint}: ${title} (${exchanges.map(({ step }) => step).join(', ')}) ${exchanges.at(-1)?.request.query}${Buffer.from(
    exchanges.at(-1)?.request.content ?? '',
  )
    .toString()
    .slice(0, 200)}`;

const json = (reply: Reply, change: (text: string) => string): Reply =>
  fieldValue(reply.fields, 'content-type')?.includes('json') && reply.text !== ''
    ? { ...reply, text: change(reply.text) }
    : reply;

const jwt = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g;
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encoded = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part = ''): { readonly [name: string]: Json } =>
  JSON.parse(Buffer.from(part, 'base64url').toString());

/** Tokens signed by another algorithm, with other claims and identifiers, by a clock that is ahead. */
function otherTokens(alg: 'RS256' | 'HS256', ahead: number): Habit {
  const given = new Map<string, string>();
  const own = new Map<string, string>();
  const other = (token: string): string => {
    const [header, claims] = token.split('.').map((part, index) => (index < 2 ? decoded(part) : {}));
    const { iat, nbf, exp, ...more } = claims ?? {};
    const later = Object.fromEntries(
      Object.entries({ iat, nbf, exp }).flatMap(([name, value]) =>
        typeof value === 'number' ? [[name, value + ahead]] : [],
      ),
    );
    const text = `${encoded({ ...header, alg, kid: 'first' })}.${encoded({ iss: 'https://id.example', aud: ['app'], ...more, ...later, jti: `${given.size + 1}` })}`;
    const signature =
      alg === 'RS256'
        ? sign('sha256', Buffer.from(text), keys.privateKey)
        : createHmac('sha256', 'a long key of its own').update(text).digest();
    return `${text}.${signature.toString('base64url')}`;
  };
  return {
    reply: (reply) => ({
      ...reply,
      text: reply.text.replace(jwt, (token) => {
        const known = given.get(token) ?? other(token);
        given.set(token, known);
        own.set(known, token);
        return known;
      }),
    }),
    request(request) {
      const back = (text: string): string => text.replace(jwt, (token) => own.get(token) ?? token);
      const content =
        request.content && Buffer.from(back(Buffer.from(request.content).toString('latin1')), 'latin1');
      return { ...request, fields: request.fields.map(([name, value]) => [name, back(value)]), content };
    },
  };
}

const spaced: Habit = {
  reply: (reply) =>
    json(reply, (text) => {
      const value: Json = JSON.parse(text);
      const entries =
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.entries(value).toReversed()
          : undefined;
      const spread = JSON.stringify(entries === undefined ? value : Object.fromEntries(entries), null, 4);
      return `\r\n${spread.replaceAll('/', '\\/').replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
    }),
};

const manyFields: Habit = {
  reply: (reply) => ({
    ...reply,
    fields: [
      ...reply.fields.map(([name, value]): readonly [string, string] =>
        value === 'application/json' ? [name, 'Application/JSON; Charset="UTF-8"'] : [name, value],
      ),
      ['etag', `W/"${reply.text.length}"`],
      ['vary', 'Origin, Accept-Encoding'],
      ['cache-control', 'public, max-age=0'],
      ['set-cookie', `sid=${randomUUID()}; Path=/; HttpOnly`],
      ['set-cookie', 'lang=hi'],
      ['access-control-allow-origin', '*'],
      ['server-timing', 'db;dur=5.3'],
      ['x-request-id', randomUUID()],
    ],
  }),
};

/** What is only inferred, answered otherwise; what nobody documents, as proxies do. */
const otherRefusals: Habit = {
  own(request) {
    if (request.method === 'OPTIONS') return replyOf(204, '', undefined, [['allow', 'GET, POST']]);
    return request.method === 'HEAD' ? replyOf(405, '', undefined, [['allow', 'GET']]) : undefined;
  },
  reply(reply, { method }) {
    const { status, text } = reply;
    if (status === 401 && /authorization_required/.test(text))
      return withText({ ...reply, status: 403 }, '{"detail":"Not authenticated"}');
    if (status === 401 && /invalid_token/.test(text))
      return withText(reply, '<h1>Unauthorized</h1>', 'text/html');
    return status === 405 && method !== 'HEAD'
      ? withText({ ...reply, status: 404 }, '<h1>404</h1><hr>nginx', 'text/html')
      : reply;
  },
};

/** Data is looked at more closely than the schema has it, tidied up, and limited. */
function strict(): Habit {
  const wrong = new Map<string, number>();
  const names = [
    'phone_number',
    'name',
    'action',
    'otp',
    'source',
    'organization_id',
    'image_url',
    'fcm_token',
    'refreshToken',
  ];
  const refusal = replyOf(400, '{"error":"bad request"}');
  return {
    own({ content }, body) {
      if ((content?.byteLength ?? 0) > 4096)
        return replyOf(413, '<h1>413</h1>', 'text/html', [['connection', 'close']]);
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
      const [phone, name] = [memberOf(body, 'phone_number'), memberOf(body, 'name')];
      if (Object.keys(body).some((each) => !names.includes(each))) return refusal;
      if (typeof phone === 'string' && !/^\d{8,15}$/.test(phone)) return refusal;
      if (typeof name === 'string' && (name.length > 100 || name === '')) return refusal;
      return (wrong.get(String(phone)) ?? 0) >= 3 && memberOf(body, 'action') === 'submit_otp'
        ? replyOf(400, '{"message":"Invalid OTP"}')
        : undefined;
    },
    request(request, body) {
      const name = memberOf(body, 'name');
      if (typeof name !== 'string' || typeof body !== 'object' || body === null) return request;
      return {
        ...request,
        content: Buffer.from(
          JSON.stringify({
            ...body,
            name: name
              .replace(/\p{Cc}/gu, '')
              .trim()
              .normalize('NFC'),
          }),
        ),
      };
    },
    reply(reply, _request, body) {
      const phone = String(memberOf(body, 'phone_number'));
      if (/Invalid OTP/.test(reply.text)) wrong.set(phone, (wrong.get(phone) ?? 0) + 1);
      else if (memberOf(body, 'action') === 'send_otp' && reply.status === 200) wrong.delete(phone);
      return reply;
    },
  };
}

/** An OTP is good once. */
function onceOnly(): Habit {
  const used = new Set<string>();
  const key = (body: Json | undefined): string =>
    JSON.stringify([memberOf(body, 'phone_number'), memberOf(body, 'otp')]);
  return {
    own: (_, body) =>
      used.has(key(body)) && memberOf(body, 'organization_id') === undefined
        ? replyOf(400, '{"message":"Invalid OTP"}')
        : undefined,
    reply(reply, _, body) {
      if (reply.status === 200 && memberOf(body, 'action') === 'submit_otp') used.add(key(body));
      return reply;
    },
  };
}

/** Content of any media type is read as JSON. */
const careless: Habit = {
  request: (request, body) =>
    body === undefined
      ? request
      : {
          ...request,
          fields: [
            ...request.fields.filter(([name]) => name.toLowerCase() !== 'content-type'),
            ['content-type', 'application/json'],
          ],
        },
};

/** So many requests, then no more for a second. */
function limited(most: number): Habit {
  let since = 0;
  let taken = 0;
  return {
    own() {
      if (Date.now() - since > 1000) [since, taken] = [Date.now(), 0];
      taken += 1;
      return taken > most ? replyOf(429, '<h1>429</h1>', 'text/html', [['retry-after', '1']]) : undefined;
    },
  };
}

const few: readonly Phase[] = ['workflows', 'examples', 'protocol', 'security'];
const most: readonly Phase[] = ['workflows', 'examples', 'rules', 'security', 'protocol', 'concurrency'];
const data: readonly Phase[] = ['workflows', 'rules', 'schema'];

describe('nothing that violates the contract is found on a server', () => {
  it.each<[habit: string, kind: Kind, habits: readonly Habit[], phases: readonly Phase[]]>([
    [
      'that answers in chunks, in other JSON, with many fields',
      'matar-node',
      [{ write: inChunks }, spaced, manyFields],
      few,
    ],
    ['that answers by HTTP/1.0, compressed', 'xerial-express', [{ write: byOldHttp }, spaced], most],
    [
      'whose tokens have other claims and are signed with RS256, two minutes ahead',
      'matar-node',
      [otherTokens('RS256', 120)],
      most,
    ],
    ['whose tokens have other identifiers', 'xerial-express', [otherTokens('HS256', 0)], few],
    ['that refuses in other words where they are only inferred', 'matar-node', [otherRefusals], most],
    ['that is stricter than the schema', 'matar-node', [strict()], data],
    ['that takes an OTP once', 'matar-node', [onceOnly()], ['workflows', 'rules']],
    ['that does not look at media types', 'xerial-express', [careless], ['protocol', 'schema']],
  ])('%s', async (_, kind, habits, phases) => {
    const finished = await run(kind, habits, phases);
    expect(finished.findings.filter(({ severity }) => severity === 'error').map(told)).toEqual([]);
    expect(finished.requests).toBeGreaterThan(60);
  });

  it('that knows the users already', async () => {
    const finished = await run('matar-node', [], ['workflows', 'rules'], true);
    expect(finished.findings.filter(({ severity }) => severity === 'error').map(told)).toEqual([]);
  });

  it('that limits how often it is asked, and each request is sent again when it may be', async () => {
    const finished = await run('xerial-express', [limited(80)], ['workflows', 'examples', 'rules']);
    const limits = finished.findings.filter(({ title }) => title.includes('429'));
    expect(limits.map(({ severity }) => severity)).toEqual(['note']);
    expect(finished.notExercised.filter(({ reason }) => reason.includes('429'))).toEqual([]);
  });
});

describe('what such a server does is told once, in a note', () => {
  it('payloads that are not those which are only inferred', async () => {
    const library: Habit = {
      reply: (reply) =>
        /authorization_required|invalid_token/.test(reply.text)
          ? withText(reply, '{"msg":"Missing Authorization Header"}')
          : reply,
    };
    const finished = await run('matar-node', [library], ['workflows', 'security']);
    const titles = finished.findings.map(
      ({ check: by, severity, endpoint, title }) => `${severity} ${by} ${endpoint} ${title}`,
    );
    expect(titles.toSorted()).toEqual([
      'note documented-example GET /api/v1/get_current_user the payload is not that of 401#authorization-required',
      'note documented-example GET /api/v1/get_current_user the payload is not that of 401#invalid-token',
      'note documented-example POST /api/v1/logout the payload is not that of 401#authorization-required',
      'note documented-example POST /api/v1/logout the payload is not that of 401#invalid-token',
    ]);
  });

  it('a 405 without Allow', async () => {
    const bare: Habit = {
      reply: (reply) => ({
        ...reply,
        fields: reply.fields.filter(([name]) => name.toLowerCase() !== 'allow'),
      }),
    };
    const finished = await run('matar-node', [bare], ['protocol']);
    const about = finished.findings.filter(({ check: by }) => by === 'unsupported-method');
    expect(about.map(({ severity, title }) => [severity, title])).toEqual([
      ['note', '405 comes without the field Allow'],
    ]);
  });
});
