/** One exchange as a step: its request with what earlier answers gave, and what only others can give, in the place of the values. */

import type {
  Alteration,
  Step,
  StepParameter,
  StepRequestBody,
  Template,
} from '../../openapi/arazzo/workflow.js';
import { isJson, parseMediaType } from '../../openapi/content/media-type.js';
import type { Contract, Operation } from '../../openapi/contract.js';
import { matchRequest } from '../../openapi/http/match-request.js';
import { type Field, fieldValue } from '../../openapi/http/message.js';
import { percentDecoded } from '../../openapi/http/path.js';
import { isObject, type Json, pointedTo } from '../../openapi/json.js';
import type { ExchangeRecord } from '../event.js';
import { callStep, castName, type Draft, input, mapTexts, outputName, withInput } from '../plan/draft.js';
import { nameOfPart, partOfValue, targetsOf } from '../plan/goal.js';

/** A value of the traffic that a workflow asks for, by the name of its input. */
export type Binding = { readonly input: string };

/** What is known of the steps before. */
export type Before = {
  readonly draft: Draft;
  /** The inputs by the texts that they stand for. */
  readonly bindings: Map<string, Binding>;
  readonly from: (text: string) => Source | undefined;
};

/** Where a text came from. */
type Source = { readonly step: string; readonly expression: string };

type Made = { readonly step: Step; readonly draft: Draft; readonly used: readonly Source[] };

/** The exchange as a step; undefined when its path is none of the contract. */
export function stepOf(
  contract: Contract,
  { request, outcome }: ExchangeRecord,
  before: Before,
): Made | undefined {
  const match = matchRequest(contract, request);
  if (match === undefined) return undefined;
  const { operations } = match.value;
  const operation = operations.get(request.method) ?? operations.get('GET') ?? [...operations.values()][0];
  if (operation === undefined) return undefined;

  const used: Source[] = [];
  let { draft } = before;
  const ask = (text: string, name: string, given: Record<string, string> = {}): string => {
    const known = before.bindings.get(text)?.input;
    if (known !== undefined) return known;
    const cast = draft.inputs.filter(({ asks }) => asks === name).length;
    const own = castName(name, cast);
    draft = withInput(draft, input(own, name, given));
    before.bindings.set(text, { input: own });
    return own;
  };
  /** The text, or what stands for it. */
  const bound = (text: string): Template => {
    const asked = before.bindings.get(text);
    if (asked !== undefined) return `$inputs.${asked.input}`;
    const source = before.from(text);
    if (source === undefined) return text;
    used.push(source);
    return `$steps.${source.step}.outputs.${outputName(source.expression)}`;
  };
  /** The same for the words of a text: a credential behind the name of its scheme. */
  const boundWithin = (value: string): string =>
    value.replace(/[^\s,;="]{6,}/g, (word) => {
      const template = bound(word);
      return template === word ? word : `{${String(template)}}`;
    });

  const isTaken = outcome.kind === 'response' && outcome.response.status < 400;
  const body = bodyOf(request.content, request.fields);
  askForMessages(operation, body, isTaken, ask);
  askForCredential(operation, request.fields, before, ask);

  const parameters: StepParameter[] = [
    ...Object.entries(match.parameters).map(([name, text]): StepParameter => {
      return { name, in: 'path', value: bound(percentDecoded(text)) };
    }),
    ...[...new URLSearchParams(request.query)].map(([name, text]): StepParameter => {
      return { name, in: 'query', value: bound(text) };
    }),
    ...request.fields
      .filter(([name]) => !ofTheClient.test(name))
      .map(([name, text]): StepParameter => ({ name, in: 'header', value: boundWithin(text) })),
  ];
  const alteration = alterationFor(operation, request.method, request.content, body);
  const step = callStep(wordsFor(operation, request.method, body), operation, {
    parameters,
    requestBody: body === undefined ? undefined : requestBodyOf(body, bound, request.fields),
    alteration,
  });
  return { step, draft, used };
}

/** What a client says of itself and of the way, and no server should need; and what a step says by other means. */
const ofTheClient =
  /^(accept-(encoding|language|charset)|accept|cache-control|connection|content-(length|type)|dnt|expect|forwarded|host|if-.*|keep-alive|origin|pragma|priority|proxy-.*|referer|sec-.*|te|trailer|traceparent|tracestate|transfer-encoding|upgrade.*|user-agent|via|x-forwarded-.*|x-real-ip|x-requested-with)$/i;

type Ask = (text: string, name: string, given?: Record<string, string>) => string;

/** Addresses that something is sent to, and what was sent there if it was taken: nobody can make these up. */
function askForMessages(operation: Operation, body: Json | undefined, isTaken: boolean, ask: Ask): void {
  if (body === undefined) return;
  const transitions = targetsOf(operation).map(({ transition }) => transition);
  const sends = transitions.flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.kind === 'send' ? [effect] : [])),
  );
  const addresses = new Set(sends.flatMap(({ to }) => partOfValue(to) ?? []));
  const contents = new Set(
    sends.flatMap(({ content }) => (content.kind === 'object' ? content.members.map(([name]) => name) : [])),
  );
  const given: Record<string, string> = {};
  for (const part of addresses) {
    const text = textAt(body, part);
    if (text !== undefined) given[nameOfPart(part)] = `$inputs.${ask(text, nameOfPart(part))}`;
  }
  const compared = transitions.flatMap(({ guard }) =>
    guard.flatMap((condition) =>
      condition.kind === 'in' ? condition.where.flatMap(([, value]) => partOfValue(value) ?? []) : [],
    ),
  );
  for (const part of new Set(compared)) {
    const text = textAt(body, part);
    const name = nameOfPart(part);
    if (text !== undefined && isTaken && contents.has(name)) ask(text, name, given);
  }
}

/** A credential from before anybody looked is asked for by the name of its scheme. */
function askForCredential(operation: Operation, fields: readonly Field[], { from }: Before, ask: Ask): void {
  const [first] = operation.security.flat();
  const [, token] = /^\S+\s+(\S{16,})$/.exec(fieldValue(fields, 'authorization') ?? '') ?? [];
  if (first === undefined || token === undefined || from(token) !== undefined) return;
  ask(token, first.scheme.name.replace(/[^A-Za-z0-9_-]/g, '_'));
}

function textAt(body: Json, part: string): string | undefined {
  const value = part.startsWith('body ') ? pointedTo(body, part.slice('body '.length)) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The content as a value: of JSON what it says, of anything else its text. */
function bodyOf(content: Uint8Array | undefined, fields: readonly Field[]): Json | undefined {
  if (content === undefined) return undefined;
  const text = new TextDecoder().decode(content);
  const mediaType = parseMediaType(fieldValue(fields, 'content-type') ?? 'application/json');
  if (mediaType !== undefined && !isJson(mediaType)) return text;
  try {
    const body: Json = JSON.parse(text);
    return body;
  } catch {
    return undefined;
  }
}

function requestBodyOf(
  body: Json,
  bound: (text: string) => Template,
  fields: readonly Field[],
): StepRequestBody {
  const payload = mapTexts(body, (text) => bound(text));
  return { contentType: fieldValue(fields, 'content-type'), payload, replacements: [] };
}

/** A method that is not documented, or JSON that is none, is sent as it was. */
function alterationFor(
  operation: Operation,
  method: string,
  content: Uint8Array | undefined,
  body: Json | undefined,
): Alteration | undefined {
  const isOther = operation.method !== method;
  const isBroken = content !== undefined && body === undefined;
  if (!isOther && !isBroken) return undefined;
  return {
    method: isOther ? method : undefined,
    withoutFields: [],
    fields: [],
    content: isBroken ? new TextDecoder().decode(content) : undefined,
  };
}

function wordsFor(operation: Operation, method: string, body: Json | undefined): string {
  const action = isObject(body) && typeof body.action === 'string' ? ` ${body.action}` : '';
  return operation.method === method ? `${operation.id}${action}` : `${method} ${operation.path}`;
}
