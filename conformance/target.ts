/** Everything that answers requests, as one plain function: a server behind undici, or an app in this process. */

import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { buildConnector, Client, type Dispatcher, Pool } from 'undici';
import type { Field, RequestMessage, ResponseMessage } from '../openapi/http/message.js';
import { failureOutcome, reasonOf, stoppedBy } from './http/outcome.js';
import { messageAsSent, whyUnsendable } from './http/outgoing.js';
import { type Reception, type Reported, receive } from './http/reception.js';

export { appTarget } from './app-target.js';

/** Sends one request and waits for its response. Nothing is thrown for what a server or a network does. */
export type Target = (message: RequestMessage, signal?: AbortSignal) => Promise<Outcome>;

/** What came of a request: a response, or why there is none; and what was wrong with the HTTP that came, as facts. */
export type Outcome =
  | {
      readonly kind: 'response';
      readonly response: ResponseMessage;
      readonly faults: readonly Fault[];
    }
  | {
      readonly kind: 'failure';
      readonly failure: Failure;
      readonly why: string;
      readonly faults: readonly Fault[];
      /** As much as came: status and fields when the head was whole. */
      readonly partial: ResponseMessage | undefined;
    };

/**
 * Why there is no response: `refused` (no connection), `reset` (it was closed), `timeout`, `aborted` (by us),
 * `malformed` (what came is no HTTP), `endless` (the content is larger than the limit).
 */
export type Failure = 'refused' | 'reset' | 'timeout' | 'aborted' | 'malformed' | 'endless' | 'other';

/** Something that the protocol forbids, seen in what came. `name` is stable, in kebab-case. */
export type Fault = {
  readonly name: string;
  /** What came: "Content-Length is 10, and 14 bytes came". */
  readonly detail: string;
  /** The sentence of the standard that it breaks: `RFC 9110, section 8.6`. */
  readonly section: string;
};

export type HttpTargetOptions = {
  /** Fields that every request has unless it sends fields of these names itself. */
  readonly headers?: readonly Field[];
  /** Milliseconds that an exchange may take: connecting, head and content. Default 10 000. */
  readonly timeout?: number;
  /** The most bytes of content, as sent and decoded. Default 10 MiB. */
  readonly contentLimit?: number;
  /** How often to try again where no connection could be made. Nothing is ever sent twice. Default 0. */
  readonly retries?: number;
  /** The URL of a proxy; every connection is a tunnel through it, so that faults are those of the server. */
  readonly proxy?: string;
  /** Certificates that are trusted besides the well-known ones, as PEM text. */
  readonly ca?: string;
  /** Whether to trust any certificate. */
  readonly insecure?: boolean;
  /** The certificate of the client and its key, as PEM text: shown to a server that asks for one. */
  readonly certificate?: ClientCertificate;
};

/** A certificate and its private key (RFC 8446, section 4.4.2). */
export type ClientCertificate = { readonly cert: string; readonly key: string };

/** A target with connections of its own, which stay open between requests until `close`. */
export type HttpTarget = Target & { close(): Promise<void> };

/** A connection, or the place of one: undici sends, and what comes goes to the reception in turn, not to undici. */
type Lane = {
  readonly client: Client;
  reception: Reception | undefined;
  /** Tells undici that its request was answered. */
  release(): void;
};

type Settings = Required<Omit<HttpTargetOptions, 'proxy' | 'ca' | 'certificate'>> & HttpTargetOptions;

const defaults = { headers: [], timeout: 10_000, contentLimit: 10_485_760, retries: 0, insecure: false };

/**
 * A server over HTTP/1.1. `base` is the URL that the paths of messages are appended to. A request is sent as the message
 * says; only Host, Connection and Content-Length are added. Redirects are not followed. What undici would not send, such
 * as a line break in a field, is the failure `other`. Bytes that come after an outcome was given, on its connection, are
 * added to its faults.
 */
export function httpTarget(base: string, options: HttpTargetOptions = {}): HttpTarget {
  const settings: Settings = { ...defaults, ...options };
  const root = new URL(base);
  if (!/^https?:$/.test(root.protocol)) throw new TypeError(`${base} is no URL of http or https`);
  if (root.username + root.password + root.search + root.hash !== '')
    throw new TypeError('a base URL has an origin and a path, and nothing else; credentials are fields');
  const prefix = root.pathname.replace(/\/+$/, '');
  const network = networkOf(root, settings);
  const idle: Lane[] = [];
  const lanes = new Set<Lane>();
  let isClosed = false;

  const discard = (lane: Lane): Promise<void> => {
    lanes.delete(lane);
    const at = idle.indexOf(lane);
    if (at !== -1) idle.splice(at, 1);
    return lane.client.destroy();
  };

  const open = (): Lane => {
    const lane = laneOf(
      root.origin,
      network.connect,
      () => void discard(lane),
      () => idle.includes(lane),
    );
    lanes.add(lane);
    return lane;
  };

  const attempt = (message: RequestMessage, signal: AbortSignal | undefined): Promise<Tried> =>
    new Promise((resolve) => {
      const lane = idle.pop() ?? open();
      const before = lane.reception;
      const over = ({ outcome, reusable }: Reported): void => {
        if (reusable && lanes.has(lane)) idle.push(lane);
        else void discard(lane);
        resolve({ outcome, wasSent: reception.wasSent });
      };
      const { timeout, contentLimit } = settings;
      const awaited = { method: message.method, timeout, contentLimit, signal, before };
      const reception = receive(awaited, () => lane.release(), over);
      lane.reception = reception;
      lane.client.dispatch(messageAsSent(message, prefix, settings.headers), handlerOf(reception));
    });

  const send = async (message: RequestMessage, signal?: AbortSignal): Promise<Outcome> => {
    const unsendable = whyUnsendable(message);
    if (unsendable !== undefined) return failureOutcome('other', unsendable);
    for (let retries = 0; ; retries += 1) {
      if (signal?.aborted) return failureOutcome(stoppedBy(signal.reason), reasonOf(signal.reason));
      if (isClosed) return failureOutcome('aborted', 'the target was closed');
      const { outcome, wasSent } = await attempt(message, signal);
      const isUnconnected = !wasSent && outcome.kind === 'failure' && unconnected.includes(outcome.failure);
      if (!isUnconnected || retries >= settings.retries) return outcome;
      await pause(Math.min(firstPause * 2 ** retries, longestPause), undefined, signal && { signal }).catch(
        () => {},
      );
    }
  };

  const close = async (): Promise<void> => {
    isClosed = true;
    const all = [...lanes];
    for (const { reception } of all) reception?.fail('aborted', 'the target was closed');
    await Promise.all([...all.map(discard), network.close()]);
  };

  return Object.assign(send, { close });
}

type Tried = { readonly outcome: Outcome; readonly wasSent: boolean };

const unconnected: readonly Failure[] = ['refused', 'timeout'];

/** Milliseconds before the first further try, which double, and their most. */
const firstPause = 100;
const longestPause = 2_000;

/** A connection that waits for longer may be closed by the server in the moment in which it is used again. */
const keepAliveTimeout = 1_000;

function laneOf(
  origin: string,
  connect: buildConnector.connector,
  ended: () => void,
  isIdle: () => boolean,
): Lane {
  const connectTapped: buildConnector.connector = (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      tap(socket);
      callback(null, socket);
    });

  const tap = (socket: Socket): void => {
    const push = socket.push.bind(socket);
    socket.push = (chunk: unknown): boolean => {
      const wasIdle = isIdle();
      if (chunk instanceof Buffer) lane.reception?.take(chunk);
      else if (chunk === null) lane.reception?.close();
      if (wasIdle) ended();
      return chunk === null ? push(null) : true;
    };
    lane.release = () => void push(answered);
    const early: unknown = socket.readableLength > 0 ? socket.read() : undefined;
    if (early instanceof Buffer) lane.reception?.take(early);
  };

  const lane: Lane = {
    client: new Client(origin, {
      connect: connectTapped,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout,
    }),
    reception: undefined,
    release: () => {},
  };
  return lane;
}

/** What undici gets to read, whatever came. */
const answered = Buffer.from('HTTP/1.1 204 \r\n\r\n');

type Network = { readonly connect: buildConnector.connector; close(): Promise<void> };

/** How connections are made: at once, or through a tunnel (RFC 9110, section 9.3.6). */
function networkOf(root: URL, { timeout, proxy, ca, insecure, certificate }: Settings): Network {
  const trust = {
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  };
  const direct = buildConnector({ timeout, ...trust, ...certificate });
  const connect: buildConnector.connector = (options, callback) =>
    direct({ ...options, servername: '' }, callback); // the name is that of the URL, whatever Host says
  if (proxy === undefined) return { connect, close: async () => {} };

  const { origin, username, password } = new URL(proxy);
  const pool = new Pool(origin, { connect: { timeout, ...trust } });
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const path = `${root.hostname}:${root.port || (root.protocol === 'https:' ? 443 : 80)}`;
  const headers: Record<string, string> = { host: path };
  if (credentials !== ':')
    headers['proxy-authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return {
    async connect(options, callback) {
      try {
        const { statusCode, socket } = await pool.connect({ path, headers });
        if (statusCode !== 200 || !(socket instanceof Socket)) {
          socket.on('error', () => {}).destroy();
          return callback(new Error(`the proxy answers ${statusCode} to CONNECT ${path}`), null);
        }
        if (root.protocol === 'http:') return callback(null, socket);
        connect({ ...options, httpSocket: socket }, callback);
      } catch (error) {
        callback(new Error(`the proxy ${origin} cannot be used: ${reasonOf(error)}`, { cause: error }), null);
      }
    },
    close: () => pool.destroy(),
  };
}

function handlerOf(reception: Reception): Dispatcher.DispatchHandler {
  return {
    onRequestStart: () => reception.sent(),
    onRequestUpgrade: (_controller, _status, _headers, socket) => void socket.destroy(),
    onResponseStart: () => {},
    onResponseData: () => {},
    onResponseEnd: () => {},
    onResponseError: (_controller, error) => reception.fail(failureOf(error, reception), reasonOf(error)),
  };
}

const timeouts = ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'];
const unsent = ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'];

function failureOf(error: Error, { wasSent }: Reception): Failure {
  const code = 'code' in error ? String(error.code) : '';
  if (unsent.includes(code)) return 'other';
  if (wasSent) return 'reset';
  return timeouts.includes(code) ? 'timeout' : 'refused';
}
