/** Webhooks and callbacks in the control API: which there are, and one delivered by hand. */

import { isObject, type Json, type JsonObject } from '../openapi/json.js';
import type { Mock, ServedApi } from './app.js';
import type { CallbackOf, WebhookOf } from './calls.js';
import { jsonContent, refuse } from './control-answer.js';
import { callJson } from './journal.js';
import { requestExamples, type Wanted } from './outgoing.js';

/** One request that an API may make itself. */
type Known = { readonly api: ServedApi; readonly of: CallbackOf | WebhookOf };

/** What is asked to be sent, and which of several is meant. */
type Order = {
  readonly url: string;
  readonly wanted: Wanted;
  readonly chosen: Readonly<Record<string, string>>;
};

type Kind = Known['of']['kind'];

const largest = 1024 * 1024;
const choices = ['api', 'operation', 'method'];

/** Each webhook or callback of the APIs that are served, with what it sends. */
export function callsJson(mock: Mock, kind: Kind): Json {
  return { [`${kind}s`]: knownCalls(mock, kind).map(knownJson) };
}

/** Delivers a webhook or callback once, and answers with what was sent and what came back. */
export async function deliverByHand(
  mock: Mock,
  kind: Kind,
  name: string,
  request: Request,
): Promise<Response> {
  const content = await jsonContent(request, largest, '{"url": "http://127.0.0.1:3000/hook"}');
  if (content instanceof Response) return content;
  const order = orderOf(content.value);
  if (typeof order === 'string') return refuse('invalid-request', order);
  const known = knownCalls(mock, kind);
  const named = known.filter(({ of }) => nameOf(of) === name);
  if (named.length === 0) return refuse('unknown-path', unknownName(kind, name, known));
  const [call, ...others] = named.filter((each) => isChosen(each, order.chosen));
  if (call === undefined || others.length > 0)
    return refuse('invalid-request', whichOne(kind, name, named, call === undefined));
  const prepared = mock.calls.prepare(call.api, call.of, order.url, order.wanted);
  if (typeof prepared === 'string')
    return refuse('invalid-request', `The ${kind} ${name} cannot be sent: ${prepared}.`);
  if (prepared.failure?.kind === 'failed')
    return refuse('invalid-request', `The ${kind} ${name} is not sent: ${prepared.failure.detail}.`);
  return Response.json(callJson(await mock.calls.deliver(prepared)));
}

function knownCalls(mock: Mock, kind: Kind): readonly Known[] {
  return mock.apis().flatMap((api): Known[] => {
    if (kind === 'webhook') return api.contract.webhooks.map((webhook) => ({ api, of: { kind, webhook } }));
    return api.contract.operations.flatMap((operation) =>
      operation.callbacks.map((callback): Known => ({ api, of: { kind, operation, callback } })),
    );
  });
}

function knownJson({ api, of }: Known): JsonObject {
  const {
    method,
    summary = '',
    requestBody,
  } = of.kind === 'webhook' ? of.webhook.operation : of.callback.operation;
  const operation = of.kind === 'webhook' ? of.webhook.operation : of.callback.operation;
  return {
    api: api.contract.name,
    name: nameOf(of),
    ...(of.kind === 'callback' && { operation: of.operation.id, url: of.callback.url }),
    method,
    summary,
    content: (requestBody?.content ?? []).map(({ mediaType }) => mediaType),
    examples: requestExamples(operation),
  };
}

function nameOf(of: CallbackOf | WebhookOf): string {
  return of.kind === 'webhook' ? of.webhook.name : of.callback.name;
}

/** What was sent as an order, or what is wrong with it. */
function orderOf(content: Json | undefined): Order | string {
  const form = '{"url": "http://127.0.0.1:3000/hook", "example": "a name", "body": …}';
  if (!isObject(content)) return `The content must be ${form}.`;
  const { url, body, example, ...rest } = content;
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return `The content must be ${form}: "url" is a whole http or https URL.`;
  if (example !== undefined && typeof example !== 'string')
    return '"example" must be the name of an example.';
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (!choices.includes(name))
      return `There is no member "${name}" here, only url, example, body, ${choices.join(', ')}.`;
    if (typeof value !== 'string') return `"${name}" must be a text.`;
    chosen[name] = value;
  }
  const wanted = { ...(body !== undefined && { body }), ...(example !== undefined && { example }) };
  return { url, wanted, chosen };
}

function isChosen({ api, of }: Known, chosen: Order['chosen']): boolean {
  const described = of.kind === 'webhook' ? of.webhook.operation : of.callback.operation;
  const own: Readonly<Record<string, string>> = {
    api: api.contract.name,
    method: described.method,
    ...(of.kind === 'callback' && { operation: of.operation.id }),
  };
  return Object.entries(chosen).every(([name, value]) => own[name] === value);
}

function unknownName(kind: Kind, name: string, known: readonly Known[]): string {
  const names = [...new Set(known.map(({ of }) => nameOf(of)))];
  const has = names.length === 0 ? `no ${kind} at all` : `only ${names.slice(0, 20).join(', ')}`;
  return `There is no ${kind} "${name}" here, ${has}.`;
}

function whichOne(kind: Kind, name: string, named: readonly Known[], isNone: boolean): string {
  const each = named.map(({ api, of }) => {
    if (of.kind === 'callback')
      return `{"api": "${api.contract.name}", "operation": "${of.operation.id}", "method": "${of.callback.operation.method}"}`;
    return `{"api": "${api.contract.name}", "method": "${of.webhook.operation.method}"}`;
  });
  const what = isNone ? `No ${kind} ${name} is like that` : `Several are called ${name}`;
  return `${what}. Say which one: ${each.slice(0, 10).join(' or ')}.`;
}
