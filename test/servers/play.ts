/** Plays a journey, which is data: calls with the answers that the documentation has for them. */

import { caller, type Received, type Sent, type Target } from './caller.js';
import { type Forgery, forgeries } from './forge.js';

export type Journey = {
  /** Fixed values, by the names that steps use: `${name}`. */
  readonly values: Readonly<Record<string, string>>;
  /** Contents by the names that steps use, with tokens, ids and instants in the words of an observation. */
  readonly contents: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
};

type Step = {
  /** What the step shows, where it is not plain. */
  readonly why?: string;
  readonly call?: string;
  readonly send?: unknown;
  readonly text?: string;
  readonly type?: string;
  readonly authorization?: string;
  /** So many of the same call at once; `status` and `content` are those of one, `rest` those of the others. */
  readonly times?: number;
  readonly rest?: Expected;
  /** Several where the documentation leaves it open. */
  readonly status?: number | readonly number[];
  /** A content by name; null for none at all. Left out where the documentation has none. */
  readonly content?: string | null;
  /** What `${user}` is in the content. */
  readonly user?: string;
  /** Where in the answer is what later steps need: `name: [member, member]`. */
  readonly save?: Readonly<Record<string, readonly string[]>>;
  /** The number whose password is read, into `otp`; into `wrong` goes another. */
  readonly sms?: string;
  /** The user who gets a session, whose token is kept by this name. */
  readonly session?: Readonly<Record<string, string>>;
  readonly clock?: number;
  /** The token that is forged in every way, into the names of the forgeries. */
  readonly forge?: string;
};

type Expected = { readonly status: number; readonly content: string };

/** A step, and its answer beside the documented one in the same form. */
export type Played = { readonly step: string; readonly seen: unknown; readonly expected: unknown };

/** Plays all steps on one server. */
export async function play(journey: Journey, target: Target): Promise<readonly Played[]> {
  const values = new Map(Object.entries(journey.values));
  const { call, together } = caller(target);
  const played: Played[] = [];
  const filled = <T>(value: T): T => fill(value, values) as T;
  const contentOf = (content: string, user = ''): unknown => {
    if (!(content in journey.contents)) throw new TypeError(`there is no content "${content}"`);
    return fill(journey.contents[content], new Map([...values, ['user', user]]));
  };
  const expect = (step: Step, { status, observation }: Received): void => {
    const { call: line = '', why, content, user, status: expected } = step;
    const isOpen = Array.isArray(expected) && expected.includes(status);
    played.push({
      step: why === undefined ? line : `${line}: ${why}`,
      seen: { status, ...contentSeen(observation, content) },
      expected: {
        status: isOpen ? status : expected,
        ...contentExpected(content, (each) => contentOf(each, user)),
      },
    });
  };

  for (const step of journey.steps) {
    if (step.sms !== undefined) {
      const otp = await target.sms(filled(step.sms));
      values.set('otp', otp).set(
        'wrong',
        otp.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10)),
      );
    }
    for (const [each, user] of Object.entries(step.session ?? {})) {
      values.set(each, await target.session(user));
    }
    if (step.clock !== undefined) await target.moveClock(step.clock);
    if (step.forge !== undefined) {
      const token = filled(step.forge);
      for (const each of Object.keys(forgeries) as Forgery[]) values.set(each, forgeries[each](token));
    }
    if (step.call === undefined) continue;
    const sent: Sent = filled({
      ...(step.send === undefined ? {} : { json: step.send }),
      ...(step.text === undefined ? {} : { text: step.text }),
      type: step.type,
      authorization: step.authorization,
    });
    if (step.times === undefined) {
      const received = await call(step.call, sent);
      expect(step, received);
      for (const [each, path] of Object.entries(step.save ?? {})) values.set(each, received.text(...path));
    } else {
      const [first, ...rest] = (await together(step.times, step.call, sent)).toSorted(
        (one, other) => one.status - other.status,
      );
      if (first !== undefined) expect(step, first);
      for (const each of rest) expect({ ...step, ...step.rest }, each);
    }
  }
  return played;
}

function contentSeen(
  { json, text, fields, faults }: Received['observation'],
  content: string | null | undefined,
): object {
  if (content === undefined) return { faults };
  const type = fields.find((field) => field.startsWith('content-type:'))?.replace(/;.*/, '');
  return content === null ? { faults, text } : { faults, type, json };
}

function contentExpected(content: string | null | undefined, contentOf: (name: string) => unknown): object {
  if (content === undefined) return { faults: [] };
  if (content === null) return { faults: [], text: '' };
  return { faults: [], type: 'content-type: application/json', json: contentOf(content) };
}

/** The value with `${name}` replaced in all of its texts. */
function fill(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([\w-]+)\}/g, (_, each: string) => {
      const found = values.get(each);
      if (found === undefined) throw new TypeError(`there is no value "${each}"`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member, values)]));
}
