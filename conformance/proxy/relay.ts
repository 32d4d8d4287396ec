/**
 * The connections of one client: what it sends goes to the target, what the target sends comes back, byte for byte.
 *
 * Each connection of a client has one to the target of its own. So nothing has to be taken apart and put together again: chunks,
 * trailers, interim responses, repeated fields and even what is no HTTP stay as they are, and what Connection, TE or Upgrade
 * say of the one connection holds of the other (a tunnel, as RFC 9110, section 3.7 calls it, but for Host and the path).
 * No client can smuggle a request into the connection of another. Libraries that forward message by message, over
 * node:http or undici, write every one of these anew.
 */

import type { Socket } from 'node:net';
import { reasonOf } from '../http/outcome.js';
import type { Destination } from './request-head.js';
import { readRequests } from './request-reader.js';
import { createTap, type Tap, type TapOptions } from './tap.js';

export type RelayOptions = Pick<TapOptions, 'contentLimit' | 'clock' | 'witness'> & {
  readonly destination: Destination;
  /** Opens a connection to the target; `ready` is the event that says that it is there. */
  readonly connect: () => { readonly socket: Socket; readonly ready: 'connect' | 'secureConnect' };
  /** What the client gets when the target cannot be reached. */
  readonly refusal: (method: string, why: string) => Buffer;
};

export type Relay = {
  /** Closes the connections, at once or when nothing is under way on them any more. */
  close(when: 'idle' | 'now'): void;
};

const gone = 'the client has gone';

/** Connects a client with the target. `closed` is called once, when nothing is left of it. */
export function relay(client: Socket, options: RelayOptions, closed: () => void): Relay {
  let target: Socket | undefined;
  let isConnected = false;
  let isHandedOver = false;
  let isClosing = false;
  let hasEnded = false; // the client will send nothing more
  const tap: Tap = createTap({
    ...options,
    handedOver() {
      isHandedOver = true;
      reader.leave();
    },
  });
  const reader = readRequests(options.destination, tap.requests);

  const openTarget = (): Socket => {
    const { socket, ready } = options.connect();
    socket.setNoDelay(true);
    socket.once(ready, () => {
      isConnected = true;
    });
    socket.on('data', (bytes) => {
      if (!client.write(bytes)) socket.pause();
      tap.take(bytes);
      if (isClosing && tap.isIdle()) {
        isClosing = false;
        client.end(() => close('now'));
      }
    });
    socket.on('drain', () => client.resume());
    socket.once('end', () => {
      tap.close();
      if (hasEnded) tap.fail('aborted', gone);
      else tap.fail('reset', 'the connection was closed before the answer was whole');
      client.end();
    });
    socket.once('error', (error) => {
      if (!isConnected) refuse(reasonOf(error));
      else {
        tap.fail('reset', `the connection broke: ${reasonOf(error)}`);
        client.resetAndDestroy();
      }
    });
    socket.once('close', () => {
      tap.fail('reset', 'the connection was closed');
      if (isConnected) client.end();
      client.resume(); // what is left of a request goes nowhere
    });
    return socket;
  };

  const refuse = (why: string): void => {
    const method = tap.answeredByProxy(why);
    if (method === undefined) client.destroy();
    else client.end(options.refusal(method, why));
  };

  client.setNoDelay(true);
  client.on('data', (bytes) => {
    if (target?.destroyed === true) return;
    target ??= openTarget();
    const to = target;
    let isTaken = true;
    to.cork();
    reader.take(bytes, (piece) => {
      isTaken = to.write(piece);
    });
    to.uncork();
    if (!isTaken && to.writableNeedDrain) client.pause();
  });
  client.on('drain', () => target?.resume());
  client.once('end', () => {
    hasEnded = true;
    if (target === undefined) client.end();
    if (target === undefined || target.destroyed) return;
    const unread = reader.unread();
    if (unread.length > 0) target.write(unread);
    target.end();
  });
  client.once('error', (error) => {
    tap.fail('aborted', `the client has gone: ${reasonOf(error)}`);
    target?.resetAndDestroy();
  });
  client.once('close', () => {
    tap.fail('aborted', gone);
    if (hasEnded) target?.destroy();
    else target?.resetAndDestroy();
    closed();
  });

  const close: Relay['close'] = (when) => {
    if (when === 'idle' && !isHandedOver && !tap.isIdle()) {
      isClosing = true;
      return;
    }
    tap.fail('aborted', 'the proxy was stopped');
    target?.destroy();
    client.destroy();
  };
  return { close };
}
