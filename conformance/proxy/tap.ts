/** What passes on one connection, read in both directions: requests and responses brought together as exchanges. */

import type { Field, RequestMessage, ResponseMessage } from '../../openapi/http/message.js';
import { decode } from '../http/content-coding.js';
import { failureOutcome, responseOutcome } from '../http/outcome.js';
import { innerCodings, type ResponseReader, readResponse } from '../http/raw-response.js';
import type { Failure, Fault, Outcome } from '../target.js';
import type { Passage, Passing, Unkept, Witness } from './passage.js';
import { pathAndQuery, type RequestHead } from './request-head.js';
import type { RequestListener } from './request-reader.js';

export type TapOptions = {
  /** The most bytes of content that are kept of a message. */
  readonly contentLimit: number;
  readonly clock: () => number;
  readonly witness: Witness;
  /** The connection speaks another protocol from now on. */
  readonly handedOver: () => void;
};

export type Tap = {
  /** Told of what the client sends. */
  readonly requests: RequestListener;
  /** Takes what the target sends. */
  take(bytes: Buffer): void;
  /** The target has closed its side: an answer may be whole by that. */
  close(): void;
  /** There will be no more answers. `failure` holds unless the answer itself says more. */
  fail(failure: Failure, why: string): void;
  /** The proxy answers for a target that it could not reach. Gives the method of what is answered; undefined when nothing was asked. */
  answeredByProxy(why: string): string | undefined;
  /** Whether no answer is awaited. */
  isIdle(): boolean;
};

/** An exchange on its way. */
type Open = {
  readonly passing: Passing;
  readonly head: RequestHead;
  readonly reader: ResponseReader;
  readonly start: number;
  /** How long its connection had been idle, in milliseconds; undefined for the first request. */
  readonly idle: number | undefined;
  request: 'coming' | 'whole';
  readonly content: Buffer[];
  length: number;
};

/** After so many idle milliseconds a server may close a connection in the moment in which it is used again (RFC 9112, section 9.3.1). */
const idle = 1000;

/** How long bytes may follow where none may, and how long the end of doubtful content is waited for, in milliseconds. */
const quiet = { none: 5, doubt: 100 };

/** A tap on the connections of one client. */
export function createTap({ contentLimit, clock, witness, handedOver }: TapOptions): Tap {
  const awaited: Open[] = [];
  let last: { readonly open: Open; finish(): void } | undefined; // its answer has ended a moment ago
  let coming: Open | undefined;
  let isBlind = false;
  let idleSince: number | undefined;
  let doubt: NodeJS.Timeout | undefined;

  const begun = (head: RequestHead): void => {
    last?.finish();
    const content: Buffer[] = [];
    const { path, query } = pathAndQuery(head);
    const startedAt = clock();
    const open: Open = {
      passing: {
        startedAt,
        isKnown: () => open.request === 'whole' && open.length <= contentLimit,
        request: (): RequestMessage => ({
          method: head.method,
          path,
          query,
          fields: head.fields,
          content: open.length === 0 || open.length > contentLimit ? undefined : joined(content),
        }),
      },
      head,
      reader: readResponse(head.method, { most: contentLimit, after: (bytes) => passOn(open, bytes) }),
      start: performance.now(),
      idle: idleSince === undefined ? undefined : performance.now() - idleSince,
      request: 'coming',
      content,
      length: 0,
    };
    coming = open;
    awaited.push(open);
    witness.begun(open.passing);
  };

  /** What comes after an answer is the beginning of the next, where another is awaited. */
  const passOn = (open: Open, bytes: Buffer): boolean => {
    if (awaited[0] === open && awaited.length === 1) return false;
    const next = awaited[awaited.indexOf(open) + 1];
    if (next === undefined) return false;
    finishWhole(open);
    next.reader.take(bytes);
    look(next);
    return true;
  };

  const close = (open: Open, outcome: Outcome, more: Partial<Passage> = {}): void => {
    if (!awaited.includes(open)) return;
    awaited.splice(awaited.indexOf(open), 1);
    witness.ended(open.passing);
    tell(open, outcome, performance.now() - open.start, more);
  };

  const tell = (open: Open, outcome: Outcome, milliseconds: number, more: Partial<Passage>): void => {
    const unkept = unkeptOf(open, contentLimit);
    witness.told(open.passing, {
      outcome,
      milliseconds,
      unkept,
      isHandedOver: false,
      isOwn: false,
      ...more,
    });
    open.content.length = 0;
  };

  /** The answer has ended; bytes that follow at once, where none may, still belong to it. */
  const finishWhole = (open: Open): void => {
    if (!awaited.includes(open)) return;
    awaited.splice(awaited.indexOf(open), 1);
    idleSince = performance.now();
    const milliseconds = idleSince - open.start;
    witness.ended(open.passing);
    const finish = (): void => {
      if (last?.open !== open) return;
      clearTimeout(timer);
      last = undefined;
      const outcome = outcomeOf(open, contentLimit);
      tell(open, outcome.outcome, milliseconds, outcome.isRead ? {} : { unkept: unread(open, contentLimit) });
    };
    last?.finish();
    last = { open, finish };
    const timer = setTimeout(finish, open.reader.framing?.kind === 'none' ? quiet.none : 1);
  };

  const handOver = (open: Open): void => {
    isBlind = true;
    const { head } = open.reader;
    handedOver();
    if (head === undefined) return;
    const { status, fields } = head;
    const outcome: Outcome = {
      kind: 'response',
      response: { status, fields, content: undefined },
      faults: [],
    };
    close(open, outcome, { isHandedOver: true });
  };

  const look = (open: Open): void => {
    clearTimeout(doubt);
    const { reader } = open;
    if (reader.state === 'whole') {
      if (isHandOver(open)) handOver(open);
      else finishWhole(open);
    } else if (reader.state === 'malformed' || reader.state === 'endless') {
      isBlind = true;
      close(open, failed(open, 'malformed', reader.faults().at(-1)?.detail ?? 'the head has no end'));
    } else if (reader.state === 'cut-short') {
      const why = reader.faults().at(-1)?.detail ?? 'the connection was closed before an answer came';
      close(open, failed(open, isUnlucky(open) ? 'aborted' : 'reset', why));
    } else if (reader.inDoubt) {
      doubt = setTimeout(() => {
        reader.settle();
        look(open);
      }, quiet.doubt);
    }
  };

  return {
    requests: {
      begun,
      content(bytes) {
        if (coming === undefined) return;
        coming.length += bytes.length;
        if (coming.length <= contentLimit) coming.content.push(Buffer.from(bytes));
        else coming.content.length = 0;
      },
      ended() {
        if (coming !== undefined) coming.request = 'whole';
        coming = undefined;
      },
      lost() {
        isBlind = true;
        for (const open of [...awaited])
          close(open, failureOutcome('aborted', 'what the client sends next is no HTTP'));
      },
    },
    take(bytes) {
      if (isBlind) return;
      const [open] = awaited;
      if (open !== undefined) {
        open.reader.take(bytes);
        look(open);
      } else if (last !== undefined) last.open.reader.take(bytes);
    },
    close() {
      last?.finish();
      const [open] = awaited;
      if (open?.reader.framing?.kind !== 'close') return;
      open.reader.close(true);
      look(open);
    },
    fail(failure, why) {
      clearTimeout(doubt);
      last?.finish();
      for (const open of [...awaited]) {
        if (failure === 'reset' && open.reader.state !== 'nothing') {
          open.reader.close(false);
          look(open);
        }
        close(open, failed(open, isUnlucky(open) ? 'aborted' : failure, why));
      }
    },
    answeredByProxy(why) {
      const method = awaited[0]?.head.method;
      for (const open of [...awaited]) close(open, failureOutcome('refused', why), { isOwn: true });
      return method;
    },
    isIdle: () => awaited.length === 0,
  };
}

/** Whether a connection that was kept open for long was closed before the request was seen: the client will send it again. */
function isUnlucky({ idle: before = 0, reader }: Open): boolean {
  return before >= idle && reader.head === undefined && reader.faults().length === 0;
}

function joined(pieces: readonly Buffer[]): Uint8Array {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}

function unkeptOf({ length, request, reader }: Open, limit: number): Unkept {
  return {
    request: length > limit || request === 'coming' ? length : undefined,
    response: reader.contentLength > limit ? reader.contentLength : undefined,
  };
}

/** Whether the answer gives the connection to somebody else: 101, or a success of CONNECT (RFC 9110, section 9.3.6). */
function isHandOver({ head: { method }, reader }: Open): boolean {
  const status = reader.head?.status ?? 0;
  return status === 101 || (method === 'CONNECT' && status >= 200 && status < 300);
}

/** What cannot be read here, because it is too much or in a coding that is not known, is no fault of the server. */
function outcomeOf({ reader }: Open, limit: number): { readonly outcome: Outcome; readonly isRead: boolean } {
  const { head } = reader;
  if (head === undefined) return { outcome: failureOutcome('other', 'there is no answer'), isRead: true };
  const faults: Fault[] = [...reader.faults()];
  const unreadable = { outcome: { kind: 'response', response: bare(head), faults }, isRead: false } as const;
  if (reader.contentLength > limit) return unreadable;
  const content = decode(innerCodings(head), reader.content(), limit, faults, 'Transfer-Encoding');
  const outcome = responseOutcome(head, content, limit, faults);
  return outcome.kind === 'response' ? { outcome, isRead: true } : unreadable;
}

function unread(open: Open, limit: number): Unkept {
  return { ...unkeptOf(open, limit), response: open.reader.contentLength };
}

function failed({ reader }: Open, failure: Failure, why: string): Outcome {
  const { head } = reader;
  const partial = head && {
    ...bare(head),
    content: reader.contentLength === 0 ? undefined : reader.content(),
  };
  return failureOutcome(failure, why, reader.faults(), partial);
}

function bare({
  status,
  fields,
}: {
  readonly status: number;
  readonly fields: readonly Field[];
}): ResponseMessage {
  return { status, fields, content: undefined };
}
