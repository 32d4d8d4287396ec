/** A client of one server that writes down all that it sees, so that two servers can be compared. */

import type { Observation } from './observe.js';
import { observer } from './observe.js';
import type { ForeignServer } from './start.js';
import { exchange, type Reply } from './wire.js';

/** A server and its clock, in milliseconds. */
export type Target = Omit<ForeignServer, 'stop'> & { readonly now: () => number };

/** What goes out besides method and path. */
export type Sent = {
  /** Sent as application/json unless `type` says otherwise. */
  readonly json?: unknown;
  readonly text?: string;
  readonly type?: string | undefined;
  readonly authorization?: string | undefined;
  /** How many milliseconds the answer may take. */
  readonly within?: number;
};

export type Received = {
  readonly status: number;
  readonly observation: Observation;
  readonly milliseconds: number;
  /** The text at a path of members; empty when there is none. */
  text(...path: string[]): string;
};

export type Caller = {
  /** Sends `POST /path`. */
  call(line: string, sent?: Sent): Promise<Received>;
  /** Sends the same so many times at once; what comes is written down in an order of its own. */
  together(times: number, line: string, sent?: Sent): Promise<readonly Received[]>;
  /** Writes something down. */
  note(what: string, value: unknown): void;
  /** Gives a random value a name in all that is written down later. */
  name(value: string, name: string): void;
  readonly transcript: readonly unknown[];
};

export function caller({ url, now }: Target): Caller {
  const transcript: unknown[] = [];
  const { observe, name } = observer(now);
  const received = (reply: Reply): Received => ({
    status: reply.status,
    observation: observe(reply),
    milliseconds: reply.milliseconds,
    text: (...path) => textAt(reply.content, path),
  });
  return {
    transcript,
    name,
    note: (what, value) => void transcript.push({ what, value }),
    async call(line, sent = {}) {
      const answer = received(await send(url, line, sent));
      transcript.push({ line, ...answer.observation });
      return answer;
    },
    async together(times, line, sent = {}) {
      const replies = await Promise.all(Array.from({ length: times }, () => send(url, line, sent)));
      const answers = replies.map(received);
      const observations = answers.map(({ observation }) => JSON.stringify(observation));
      transcript.push({ line, together: observations.toSorted() });
      return answers;
    },
  };
}

function send(url: string, line: string, { json, text, type, authorization, within }: Sent): Promise<Reply> {
  const [method = '', path = ''] = line.split(' ');
  const content = json === undefined ? text : JSON.stringify(json);
  const mediaType = type ?? (json === undefined ? undefined : 'application/json');
  const fields: [string, string][] = [];
  if (mediaType !== undefined) fields.push(['content-type', mediaType]);
  if (authorization !== undefined) fields.push(['authorization', authorization]);
  const isEmptyPost = content === undefined && method === 'POST';
  const sent = isEmptyPost ? '' : content;
  return exchange(
    { method, url: `${url}${path}`, fields, ...(sent === undefined ? {} : { content: Buffer.from(sent) }) },
    within,
  );
}

function textAt(content: Buffer, path: readonly string[]): string {
  try {
    let value: unknown = JSON.parse(content.toString());
    for (const name of path) value = Object(value)[name];
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}
