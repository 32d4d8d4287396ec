/** The HAR report: every exchange of a run as an HTTP Archive 1.2, which browsers and proxies open. */

import { STATUS_CODES } from 'node:http';
import {
  type Field,
  fieldValue,
  type RequestMessage,
  type ResponseMessage,
} from '../../openapi/http/message.js';
import type { JsonObject } from '../../openapi/json.js';
import type { ExchangeRecord, Finding, MakeReport, Mask, PlannedWorkflow, RunStarted } from '../event.js';
import { createLedger, isText, maskedContent, rootOf } from './ledger.js';
import { textOf } from './text.js';
import { version } from './version.js';

/** Members with an underscore are ours, as HAR 1.2 has it for what it does not know. */
export const harReport: MakeReport = (write, mask) => {
  const ledger = createLedger();
  return {
    take(event) {
      ledger.take(event);
      if (event.type !== 'run-finished') return;
      const { started, workflows } = ledger;
      const exchanges = ledger.exchanges();
      const findings = findingsByExchange(event.findings);
      const root = rootOf(started);
      const entries = exchanges.map((exchange) =>
        JSON.stringify(entryOf(exchange, root, findings.get(exchange.id) ?? [], mask)),
      );
      const head = JSON.stringify({
        version: '1.2',
        creator: { name: 'counterfoil', version },
        pages: pagesOf(exchanges, workflows, mask),
        comment: mask(commentOn(started)),
        _complete: event.complete,
      });
      // Entry by entry, because all at once may be too long for JSON.stringify.
      write(`{"log":${head.slice(0, -1)},"entries":[\n${entries.join(',\n')}\n]}}\n`);
    },
  };
};

function commentOn(started: RunStarted | undefined): string {
  if (started === undefined) return '';
  return `${started.api.title} ${started.api.version}, seed ${started.seed}`;
}

function findingsByExchange(findings: readonly Finding[]): ReadonlyMap<number, readonly string[]> {
  const byExchange = new Map<number, string[]>();
  for (const { id, exchanges } of findings) {
    const last = exchanges.at(-1)?.id;
    if (last !== undefined) byExchange.set(last, [...(byExchange.get(last) ?? []), id]);
  }
  return byExchange;
}

/** A workflow is a page: what belongs together is shown together. */
function pagesOf(
  exchanges: readonly ExchangeRecord[],
  workflows: ReadonlyMap<string, PlannedWorkflow>,
  mask: Mask,
): readonly JsonObject[] {
  const first = new Map<string, ExchangeRecord>();
  for (const exchange of exchanges) if (!first.has(exchange.workflow)) first.set(exchange.workflow, exchange);
  return [...first].map(([id, { startedAt }]) => ({
    startedDateTime: new Date(startedAt).toISOString(),
    id: mask(id),
    title: mask(workflows.get(id)?.summary ?? id),
    pageTimings: { onContentLoad: -1, onLoad: -1 },
  }));
}

function entryOf(
  exchange: ExchangeRecord,
  root: string,
  findings: readonly string[],
  mask: Mask,
): JsonObject {
  const { id, workflow, phase, step, operation, request, outcome, startedAt, milliseconds } = exchange;
  const { unkept } = exchange;
  const { faults } = outcome;
  const isFailure = outcome.kind === 'failure';
  return {
    pageref: mask(workflow),
    startedDateTime: new Date(startedAt).toISOString(),
    time: milliseconds,
    request: requestOf(request, root, mask),
    response: responseOf(isFailure ? outcome.partial : outcome.response, isFailure, mask),
    cache: {},
    timings: { send: 0, wait: milliseconds, receive: 0 },
    connection: String(id),
    _phase: phase,
    _step: mask(step),
    ...(operation === undefined ? {} : { _operation: mask(operation) }),
    ...(isFailure ? { _error: mask(outcome.why), _failure: outcome.failure } : {}),
    ...(faults.length === 0
      ? {}
      : { _faults: faults.map(({ name, detail, section }) => ({ name, detail: mask(detail), section })) }),
    ...(findings.length === 0 ? {} : { _findings: findings }),
    ...(unkept === undefined ? {} : { comment: unkeptText(unkept) }),
  };
}

function unkeptText({ request, response }: NonNullable<ExchangeRecord['unkept']>): string {
  const parts = [request, response].map((bytes, index) =>
    bytes === undefined ? [] : [`${bytes} bytes of the ${index === 0 ? 'request' : 'response'}`],
  );
  return `Content that passed and was not kept: ${parts.flat().join(', ')}`;
}

function requestOf(request: RequestMessage, root: string, mask: Mask): JsonObject {
  const { method, path, query, fields, content } = request;
  const url = `${root}${path}${query === '' ? '' : `?${query}`}`;
  return {
    method: mask(method),
    url: mask(url),
    httpVersion: 'HTTP/1.1',
    cookies: cookiesOf(fieldValue(fields, 'cookie'), mask),
    headers: headersOf(fields, mask),
    queryString: [...new URLSearchParams(query)].map(([name, value]) => ({
      name: mask(name),
      value: mask(value),
    })),
    ...(content === undefined ? {} : { postData: postDataOf(content, fields, mask) }),
    headersSize: -1,
    bodySize: content?.byteLength ?? 0,
  };
}

/** HAR 1.2 has no encoding for content that is sent, so what is no text says so itself. */
function postDataOf(content: Uint8Array, fields: readonly Field[], mask: Mask): JsonObject {
  const shown = maskedContent(content, mask);
  const text = textOf(shown);
  const mimeType = mask(fieldValue(fields, 'content-type') ?? '');
  return text !== undefined && isText(text)
    ? { mimeType, params: [], text }
    : { mimeType, params: [], text: Buffer.from(shown).toString('base64'), _encoding: 'base64' };
}

function responseOf(response: ResponseMessage | undefined, isFailure: boolean, mask: Mask): JsonObject {
  const status = response?.status ?? 0;
  const fields = response?.fields ?? [];
  return {
    status: isFailure ? 0 : status,
    statusText: isFailure ? '' : (STATUS_CODES[status] ?? ''),
    httpVersion: 'HTTP/1.1',
    cookies: fields
      .filter(([name]) => name.toLowerCase() === 'set-cookie')
      .map(([, value]) => setCookieOf(value, mask)),
    headers: headersOf(fields, mask),
    content: contentOf(response?.content, fields, mask),
    redirectURL: mask(fieldValue(fields, 'location') ?? ''),
    headersSize: -1,
    bodySize: response === undefined ? -1 : (response.content?.byteLength ?? 0),
    ...(isFailure && response !== undefined ? { _status: status } : {}),
  };
}

function contentOf(content: Uint8Array | undefined, fields: readonly Field[], mask: Mask): JsonObject {
  const mimeType = mask(fieldValue(fields, 'content-type') ?? '');
  if (content === undefined) return { size: 0, mimeType };
  const shown = maskedContent(content, mask);
  const text = textOf(shown);
  return text !== undefined && isText(text)
    ? { size: content.byteLength, mimeType, text }
    : {
        size: content.byteLength,
        mimeType,
        text: Buffer.from(shown).toString('base64'),
        encoding: 'base64',
      };
}

function headersOf(fields: readonly Field[], mask: Mask): readonly JsonObject[] {
  return fields.map(([name, value]) => ({ name: mask(name), value: mask(value) }));
}

/** The pairs of a Cookie field (RFC 6265, section 4.2). */
function cookiesOf(field: string | undefined, mask: Mask): readonly JsonObject[] {
  if (field === undefined) return [];
  return field
    .split(';')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => cookieOf(pair, mask));
}

function cookieOf(pair: string, mask: Mask): JsonObject {
  const [name = '', ...value] = pair.split('=');
  return { name: mask(name.trim()), value: mask(value.join('=').trim()) };
}

/** A Set-Cookie field with the attributes that HAR knows (RFC 6265, section 4.1). */
function setCookieOf(field: string, mask: Mask): JsonObject {
  const [pair = '', ...attributes] = field.split(';');
  const values = new Map(
    attributes.map((attribute) => {
      const [name = '', ...value] = attribute.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
  const expires = new Date(values.get('expires') ?? '');
  const path = values.get('path');
  const domain = values.get('domain');
  return {
    ...cookieOf(pair, mask),
    ...(path === undefined ? {} : { path: mask(path) }),
    ...(domain === undefined ? {} : { domain: mask(domain) }),
    ...(Number.isNaN(expires.getTime()) ? {} : { expires: expires.toISOString() }),
    httpOnly: values.has('httponly'),
    secure: values.has('secure'),
  };
}
