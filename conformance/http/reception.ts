/** One answer as it arrives on a connection, up to its outcome: when it is over, what it amounts to, and the time it takes. */

import type { ResponseMessage } from '../../openapi/http/message.js';
import type { Failure, Fault, Outcome } from '../target.js';
import { onAbort } from './abort.js';
import { decode } from './content-coding.js';
import { dripping, type Pace } from './dripping.js';
import { keepsConnection } from './framing.js';
import { failureOutcome, reasonOf, responseOutcome, stoppedBy } from './outcome.js';
import { innerCodings, type ResponseReader, readResponse } from './raw-response.js';
import { streamOutcome } from './stream.js';

export type Awaited = {
  readonly method: string;
  /** Milliseconds from now. */
  readonly timeout: number;
  /** Bytes of content, encoded and decoded. */
  readonly contentLimit: number;
  readonly signal: AbortSignal | undefined;
  /** The answer before on the same connection. */
  readonly before: Reception | undefined;
};

export type Reception = {
  /** The request is on its way: there is a connection. */
  sent(): void;
  /** Takes what came. What comes after the outcome is added to the faults of that outcome. */
  take(bytes: Buffer): void;
  /** The server closed the connection. */
  close(): void;
  /** The connection broke, or there was none. `failure` holds unless the answer itself says more. */
  fail(failure: Failure, why: string): void;
  /** Adds a fault to an outcome that was given already. */
  add(fault: Fault): void;
  readonly wasSent: boolean;
};

/** What came of it, and whether the connection may be used again. */
export type Reported = { readonly outcome: Outcome; readonly reusable: boolean };

/** How long to wait for bytes that may follow where none may: see `settle`. In milliseconds. */
const quiet = { doubt: 100, HEAD: 50, none: 5 };

/** Of content that never ends so much is kept. */
const kept = 65_536;

/** HEAD is sent with `Connection: close`, so that its end is seen; CONNECT makes the connection another thing. */
const lastOfItsConnection = ['HEAD', 'CONNECT'];

/**
 * Awaits one answer. `whole` is called when it has ended and the connection may be used again, `over` once, a moment later, with what it amounts to: bytes
 * that follow at once belong to it.
 */
export function receive(awaited: Awaited, whole: () => void, over: (reported: Reported) => void): Reception {
  const { method, timeout, contentLimit, signal } = awaited;
  const reader = readResponse(method);
  const start = performance.now();
  const pace = { pieces: 0, first: 0, last: 0 };
  let { before } = awaited;
  let wasSent = false;
  let isWhole = false;
  let isClosed = false;
  let given: Fault[] | undefined;
  let pause: NodeJS.Timeout | undefined;

  const stop = (): void => fail(stoppedBy(signal?.reason), reasonOf(signal?.reason));
  const deadline = setTimeout(() => {
    const stream = streamOutcome(reader);
    isClosed ||= stream !== undefined; // what comes later is nobody's
    finish(stream ?? lateFailure());
  }, timeout);
  const listenNoMore = onAbort(signal, stop);

  const finish = (outcome: Outcome): void => {
    if (given !== undefined) return;
    clearTimeout(deadline);
    clearTimeout(pause);
    listenNoMore();
    given = [...outcome.faults, ...strayFaults(reader, before)];
    before = undefined; // else each answer would keep all before it
    const isOpen = outcome.kind === 'response' && !isClosed && !lastOfItsConnection.includes(method);
    const reusable = isOpen && reader.isPlain && reader.head !== undefined && keepsConnection(reader.head);
    over({ outcome: { ...outcome, faults: given }, reusable });
  };

  const failed = (failure: Failure, why: string, faults: readonly Fault[] = reader.faults()): Outcome =>
    failureOutcome(failure, why, faults, partialOf(reader, failure === 'endless' ? kept : contentLimit));

  const lateFailure = (): Outcome => {
    const why = wasSent
      ? `${progressOf(reader)} in ${timeout} ms`
      : `no connection was made in ${timeout} ms`;
    return failed('timeout', why, [...reader.faults(), ...slowness(reader, { ...pace, start, timeout })]);
  };

  const succeed = (): void => {
    const { head } = reader;
    if (head === undefined) return;
    const slow = dripping(head.values.get('content-type'), reader.contentLength, { ...pace, start, timeout });
    const faults = [...reader.faults(), ...slow];
    const content = decode(innerCodings(head), reader.content(), contentLimit, faults, 'Transfer-Encoding');
    finish(responseOutcome(head, content, contentLimit, faults));
  };

  const settle = (): void => {
    if (isWhole) return;
    isWhole = true;
    if (!lastOfItsConnection.includes(method)) whole();
    if (isClosed) succeed();
    else if (reader.framing?.kind === 'none')
      pause = setTimeout(succeed, reader.framing.why === 'HEAD' ? quiet.HEAD : quiet.none);
    else setImmediate(() => setImmediate(succeed)); // the second turn has seen what was already there
  };

  const look = (): void => {
    clearTimeout(pause);
    const { state } = reader;
    if (state === 'endless' || reader.contentLength > contentLimit)
      finish(failed('endless', `the answer has no end: ${reader.contentLength} bytes of content came`));
    else if (state === 'malformed') finish(failed('malformed', reader.faults().at(-1)?.detail ?? 'no HTTP'));
    else if (state === 'whole') settle();
    else if (state === 'cut-short') finish(failed('reset', cutOf(reader)));
    else if (reader.inDoubt) {
      pause = setTimeout(() => {
        reader.settle();
        look();
      }, quiet.doubt);
    }
  };

  const fail = (failure: Failure, why: string): void => {
    if (given !== undefined) return;
    isClosed = true;
    if (isWhole) {
      succeed();
      return;
    }
    if (failure === 'reset' && reader.state !== 'nothing') {
      reader.close(false);
      look();
    }
    finish(failed(failure, why));
  };

  const addLate = (faults: Fault[], bytes: Buffer): void => {
    if (reader.state !== 'whole') return;
    reader.take(bytes);
    const fault = reader.faults().at(-1); // the one of bytes after the response
    if (fault !== undefined && !faults.some(({ name }) => name === fault.name)) faults.push(fault);
  };

  return {
    sent: () => {
      wasSent = true;
    },
    take(bytes) {
      if (given !== undefined) {
        if (!isGoodbye(bytes)) addLate(given, bytes);
        return;
      }
      const length = reader.contentLength;
      reader.take(bytes);
      if (reader.contentLength > length) countPiece(pace);
      if (!isWhole) look();
    },
    close() {
      if (given !== undefined) return;
      isClosed = true;
      if (isWhole) succeed();
      else {
        reader.close(true);
        look();
      }
    },
    fail,
    add: (fault) => void given?.push(fault),
    get wasSent() {
      return wasSent;
    },
  };
}

function countPiece(pace: { pieces: number; first: number; last: number }): void {
  pace.last = performance.now();
  if (pace.pieces === 0) pace.first = pace.last;
  pace.pieces += 1;
}

function partialOf(reader: ResponseReader, most: number): ResponseMessage | undefined {
  const { head } = reader;
  if (head === undefined) return undefined;
  const content = reader.contentLength === 0 ? undefined : reader.content();
  const { status, fields } = head;
  return {
    status,
    fields,
    content: content !== undefined && content.byteLength > most ? content.slice(0, most) : content,
  };
}

/** A server that kept waiting for a request may say so before it closes (RFC 9110, section 15.5.9). */
function isGoodbye(bytes: Buffer): boolean {
  return /^HTTP\/1\.[01] 408 /.test(bytes.toString('latin1', 0, 16));
}

/** Bytes before the answer are left over from the answer before, where there was one. */
function strayFaults({ stray }: ResponseReader, before: Reception | undefined): readonly Fault[] {
  if (stray === undefined) return [];
  const section = 'RFC 9112, section 6.3';
  if (before === undefined)
    return [
      {
        name: 'bytes-before-response',
        detail: `Before the status line came ${stray}`,
        section: 'RFC 9112, section 2.1',
      },
    ];
  before.add({ name: 'bytes-after-response', detail: `After the response came ${stray}`, section });
  return [];
}

function cutOf(reader: ResponseReader): string {
  if (reader.state === 'cut-short' && reader.head === undefined && reader.faults().length === 0)
    return 'the connection was closed before an answer came';
  return reader.faults().at(-1)?.detail ?? 'the connection broke off in the content';
}

function progressOf(reader: ResponseReader): string {
  const { head, framing, contentLength } = reader;
  if (reader.state === 'nothing') return 'no answer came';
  if (head === undefined) return 'no whole head came';
  const all = framing?.kind === 'length' ? ` of ${framing.length}` : '';
  return `the head and ${contentLength}${all} bytes of content came`;
}

/** What was wrong with the pace of an answer that did not end in time. */
function slowness(reader: ResponseReader, pace: Pace): readonly Fault[] {
  const { head, framing, contentLength } = reader;
  if (head === undefined) return [];
  const silent = Math.round(performance.now() - Math.max(pace.last, pace.start));
  if (framing?.kind === 'length' && silent > pace.timeout / 2) {
    return [
      {
        name: 'content-too-short',
        detail: `Content-Length is ${framing.length}, and ${contentLength} bytes came, and then none for ${silent} ms`,
        section: 'RFC 9110, section 8.6',
      },
    ];
  }
  return dripping(head.values.get('content-type'), contentLength, pace);
}
