/** What a target can do beside answering when it is our own mock: tell what it sent, move its clock, take a state. */

import { type Field, fieldValue, type RequestMessage } from '../openapi/http/message.js';
import { percentEncoded } from '../openapi/http/path.js';
import { isObject, type Json, type JsonObject, pointedTo } from '../openapi/json.js';
import {
  dependsText,
  type InputAsk,
  type InputSource,
  inputText,
  none,
  notGiven,
  plainName,
  valueFor,
} from './input/input.js';
import type { Target } from './target.js';

/** What became of a call: done, or why not. */
type Done = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly why: string };

/** Entries to put, by collection and key; null removes one. `expires` is an RFC 3339 date-time. */
type StatePatch = Readonly<
  Record<string, Readonly<Record<string, { readonly value: Json; readonly expires: string | null } | null>>>
>;

/** The abilities of a mock. A call that fails tells why; none of them rejects. */
export type Abilities = {
  /** The names of the APIs that it serves. */
  readonly apis: readonly string[];
  /** Values from its inbox: what the newest message holds that was sent to what the answer depends on. */
  readonly inputs: InputSource;
  /** The instant by its clock, in milliseconds since 1970-01-01T00:00:00Z; undefined when it does not tell. */
  now(): Promise<number | undefined>;
  /** Moves its clock: an ISO 8601 duration (`PT10M`), or an RFC 3339 date-time. */
  moveClock(to: string): Promise<Done>;
  /** Everything back to the start: state, clock, random values, journal and inbox. */
  reset(): Promise<Done>;
  /** Puts and removes entries of the state of an API, all in one step. */
  putState(api: string, patch: StatePatch): Promise<Done>;
};

type Reply =
  | { readonly kind: 'reply'; readonly body: Json | undefined }
  | { readonly kind: 'failed'; readonly why: string };

type Call = (method: string, path: string, content?: JsonObject, signal?: AbortSignal) => Promise<Reply>;

/** The path of the mock's own API. */
export const controlPath = '/__counterfoil';

/**
 * The abilities of the target when it is a Counterfoil mock that lets us in, else undefined. `token` is the one that the
 * mock was started with. The target must be the root of the mock, not the base of one of its APIs.
 */
export async function mockAbilities(
  request: Target,
  token?: string,
  signal?: AbortSignal,
): Promise<Abilities | undefined> {
  const call = callOf(request, token);
  const served = await call('GET', '', undefined, signal);
  const apis = served.kind === 'reply' ? apiNames(served.body) : undefined;
  if (apis === undefined) return undefined;
  return {
    apis,
    inputs: inboxInputs(call),
    async now() {
      const reply = await call('GET', '/clock');
      const now = reply.kind === 'reply' ? pointedTo(reply.body, '/now') : undefined;
      const instant = typeof now === 'string' ? Date.parse(now) : Number.NaN;
      return Number.isNaN(instant) ? undefined : instant;
    },
    moveClock: async (to) => doneOf(await call('POST', '/clock', { move: to })),
    reset: async () => doneOf(await call('POST', '/reset')),
    putState: async (api, patch) => doneOf(await call('PATCH', '/state', { [api]: patch })),
  };
}

/** What `GET /__counterfoil` answers: a seed, and every API by its name. */
function apiNames(body: Json | undefined): readonly string[] | undefined {
  if (!isObject(body) || typeof body.seed !== 'number' || !Array.isArray(body.apis)) return undefined;
  const names = body.apis.map((api: Json) => pointedTo(api, '/name'));
  return names.every((name) => typeof name === 'string') ? names : undefined;
}

/** Values of the newest message to who or what the answer depends on. */
function inboxInputs(call: Call): InputSource {
  return async (ask) => {
    const receivers = [...new Set(Object.values(ask.for).map(inputText))];
    if (receivers.length === 0) return notGiven(ask);
    for (const to of receivers) {
      const reply = await call('GET', `/inbox?to=${percentEncoded(to)}`, undefined, ask.signal);
      if (reply.kind === 'failed') return none(reply.why);
      const messages = pointedTo(reply.body, '/messages');
      const contents = (Array.isArray(messages) ? messages : []).map((each: Json) =>
        pointedTo(each, '/content'),
      );
      const value = contents.map((content) => valueIn(content, ask)).findLast((each) => each !== undefined);
      if (value !== undefined) return valueFor(ask, value);
    }
    return none(`the mock has sent no message with ${ask.name} to ${dependsText(ask.for)}`);
  };
}

/** The member of that name; or all that the message says, when that is one value. */
function valueIn(content: Json | undefined, { name }: InputAsk): Json | undefined {
  if (!isObject(content))
    return typeof content === 'string' || typeof content === 'number' ? content : undefined;
  const members = Object.entries(content);
  const named = members.find(([member]) => plainName(member) === plainName(name));
  return named?.[1] ?? (members.length === 1 ? members[0]?.[1] : undefined);
}

function callOf(request: Target, token: string | undefined): Call {
  const credential: readonly Field[] = token === undefined ? [] : [['authorization', `Bearer ${token}`]];
  return async (method, path, content, signal) => {
    const [below = '', query = ''] = path.split('?');
    const message: RequestMessage = {
      method,
      path: `${controlPath}${below}`,
      query,
      fields: content === undefined ? credential : [...credential, ['content-type', 'application/json']],
      content: content === undefined ? undefined : new TextEncoder().encode(JSON.stringify(content)),
    };
    const outcome = await request(message, signal);
    if (outcome.kind === 'failure') return { kind: 'failed', why: `the mock gave no answer: ${outcome.why}` };
    const { status, fields, content: answer } = outcome.response;
    const body = /\bjson\b/.test(fieldValue(fields, 'content-type') ?? '') ? jsonOf(answer) : undefined;
    if (status >= 200 && status <= 299) return { kind: 'reply', body };
    const detail = pointedTo(body, '/detail');
    return { kind: 'failed', why: typeof detail === 'string' ? detail : `the mock answered ${status}` };
  };
}

function doneOf(reply: Reply): Done {
  return reply.kind === 'reply' ? { kind: 'done' } : reply;
}

function jsonOf(content: Uint8Array | undefined): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    return undefined;
  }
}
