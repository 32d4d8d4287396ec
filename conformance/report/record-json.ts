/** Findings, exchanges and messages as JSON that people can read too: content as text where it is text. */

import type { RequestMessage, ResponseMessage } from '../../openapi/http/message.js';
import type { Json, JsonObject } from '../../openapi/json.js';
import type { CheckInfo, ExchangeRecord, Finding, Mask, NotExercised, PlannedWorkflow } from '../event.js';
import { maskedContent } from './ledger.js';
import { textOf, wholeUpTo } from './text.js';

/** More content of a message than this is left out, in characters of text or bytes of anything else. */
const longestContent = 65_536;

/** A JSON value with the secrets in it masked, names of members too; a number that is a secret becomes its mask. */
function maskedJson(value: Json, mask: Mask): Json {
  if (typeof value === 'string') return mask(value);
  if (typeof value === 'number') {
    const text = String(value);
    const masked = mask(text);
    return masked === text ? value : masked;
  }
  if (Array.isArray(value)) return value.map((item) => maskedJson(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [mask(name), maskedJson(member, mask)]),
  );
}

/** A finding; what it has none of is null, so that all findings have the same members in the same order. */
export function findingJson(finding: Finding, mask: Mask): JsonObject {
  const { at, confirmed, specification } = finding;
  return {
    id: finding.id,
    check: finding.check,
    verdict: finding.verdict,
    severity: finding.severity,
    phase: finding.phase,
    operation: maskedOrNull(finding.operation, mask),
    endpoint: maskedOrNull(finding.endpoint, mask),
    title: mask(finding.title),
    when: maskedOrNull(finding.when, mask),
    expected: mask(finding.expected),
    actual: mask(finding.actual),
    pointer: maskedOrNull(finding.pointer, mask),
    at: { file: mask(at.file), line: at.line, column: at.column, pointer: mask(at.pointer) },
    specification: { sentence: specification.sentence, section: specification.section },
    count: finding.count,
    confirmed: confirmed === undefined ? null : { shown: confirmed.shown, of: confirmed.of },
    exchanges: finding.exchanges.map((exchange) => exchangeJson(exchange, mask)),
    workflow: maskedJson(finding.workflow, mask),
  };
}

export function exchangeJson(exchange: ExchangeRecord, mask: Mask): JsonObject {
  const { outcome, startedAt, unkept } = exchange;
  const response = outcome.kind === 'response' ? outcome.response : outcome.partial;
  return {
    id: exchange.id,
    workflow: mask(exchange.workflow),
    phase: exchange.phase,
    step: mask(exchange.step),
    operation: maskedOrNull(exchange.operation, mask),
    startedAt: new Date(startedAt).toISOString(),
    milliseconds: exchange.milliseconds,
    request: requestJson(exchange.request, mask, unkept?.request),
    response: responseJson(response, mask, unkept?.response),
    failure: outcome.kind === 'response' ? null : { kind: outcome.failure, why: mask(outcome.why) },
    faults: outcome.faults.map(({ name, detail, section }) => ({ name, detail: mask(detail), section })),
  };
}

function requestJson(
  { method, path, query, fields, content }: RequestMessage,
  mask: Mask,
  unkept: number | undefined,
): JsonObject {
  return {
    method: mask(method),
    path: mask(path),
    query: mask(query),
    fields: fields.map(([name, value]) => [mask(name), mask(value)]),
    content: contentJson(content, mask, unkept),
  };
}

function responseJson(
  response: ResponseMessage | undefined,
  mask: Mask,
  unkept: number | undefined,
): JsonObject | null {
  if (response === undefined) return null;
  const { status, fields, content } = response;
  return {
    status,
    fields: fields.map(([name, value]) => [mask(name), mask(value)]),
    content: contentJson(content, mask, unkept),
  };
}

/** Content as text, or as base64 when it is not UTF-8. `bytes` is how much there was, `cut` whether part of it is left out. */
function contentJson(
  content: Uint8Array | undefined,
  mask: Mask,
  unkept: number | undefined,
): JsonObject | null {
  if (unkept !== undefined) return { text: '', bytes: unkept, cut: true };
  if (content === undefined) return null;
  const bytes = content.byteLength;
  const masked = maskedContent(content, mask);
  const text = textOf(masked);
  if (text === undefined) {
    const part = Buffer.from(masked.subarray(0, longestContent));
    return { base64: part.toString('base64'), bytes, cut: masked.byteLength > longestContent };
  }
  const isCut = text.length > longestContent;
  return { text: isCut ? text.slice(0, wholeUpTo(text, longestContent)) : text, bytes, cut: isCut };
}

export function gapJson({ kind, what, operation, reason }: NotExercised, mask: Mask): JsonObject {
  return { kind, what: mask(what), operation: maskedOrNull(operation, mask), reason: mask(reason) };
}

export function workflowJson(workflow: PlannedWorkflow, mask: Mask): JsonObject {
  const { id, phase, summary, operation, steps } = workflow;
  return {
    id: mask(id),
    phase,
    summary: mask(summary),
    operation: maskedOrNull(operation, mask),
    steps: steps.map(mask),
  };
}

export function checkJson({ name, promise, specification }: CheckInfo): JsonObject {
  const { sentence, section } = specification;
  return { name, promise, specification: { sentence, section } };
}

/** The text, masked; null when there is none. */
export function maskedOrNull(text: string | undefined, mask: Mask): string | null {
  return text === undefined ? null : mask(text);
}
