/** The log of a running mock: what was asked, what was decided and why, and the messages that went out. */

import type { Format, Paint } from '../conformance/report/paint.js';
import { visible } from '../conformance/report/text.js';
import type { CallEntry, InboxMessage, JournalEntry } from '../mock/index.js';
import { callJson, journalJson } from '../mock/journal.js';
import type { Contract } from '../openapi/contract.js';
import type { ResponseMessage } from '../openapi/http/message.js';
import { isObject, type Json } from '../openapi/json.js';
import type { Print } from './terminal.js';

/** What a mock tells of, as it happens. */
export type ExchangeLog = {
  readonly onExchange: (entry: JournalEntry) => void;
  readonly onMessage: (message: InboxMessage) => void;
  readonly onCall: (entry: CallEntry) => void;
};

/** Says nothing. */
export const silentLog: ExchangeLog = { onExchange: () => {}, onMessage: () => {}, onCall: () => {} };

/** For people: a line for each exchange, and below it what it broke and what it sent. */
export function prettyLog(print: Print, paint: Paint, contracts: readonly Contract[]): ExchangeLog {
  const columns = columnsFor(contracts);
  let day = dayText(Date.now());
  // A message is told of before the exchange that it belongs to, in the same breath.
  let messages: string[] = [];
  return {
    onMessage(message) {
      messages.push(paint('cyan', messageText(message)));
    },
    onExchange(entry) {
      const details = [...whys(entry, paint), ...messages].map((each) => `${indent}${each}`);
      messages = [];
      const today = dayText(entry.at);
      const newDay = today === day ? [] : [paint('dim', `${today}, by the clock of the mock`)];
      day = today;
      print([...newDay, exchangeText(entry, paint, columns), ...details].join('\n'));
    },
    onCall(entry) {
      print(callText(entry, paint, columns));
    },
  };
}

/** As wide as the time and the space after it. */
const indent = ' '.repeat(10);

/** For programs: one JSON object a line, told apart by `type`. */
export function jsonLog(print: Print): ExchangeLog {
  return {
    onMessage(message) {
      print(jsonLine('message', { ...message, at: new Date(message.at).toISOString() }));
    },
    onExchange(entry) {
      print(jsonLine('exchange', journalJson(entry)));
    },
    onCall(entry) {
      print(jsonLine('call', callJson(entry)));
    },
  };
}

/** A line of the JSON log. What JSON leaves as it is but a terminal would act on is escaped too. */
export function jsonLine(type: string, value: Json): string {
  return visible(JSON.stringify(Object.assign({ type }, value)));
}

type Columns = { readonly method: number; readonly path: number };

/** Wide enough for what the contracts describe; a longer line only shifts itself. */
function columnsFor(contracts: readonly Contract[]): Columns {
  const operations = contracts.flatMap((contract) => contract.operations);
  return {
    method: Math.max(6, ...operations.map(({ method }) => method.length)),
    path: Math.min(48, Math.max(0, ...operations.map(({ path }) => path.length))),
  };
}

function exchangeText(
  { at, request, response, decision }: JournalEntry,
  paint: Paint,
  columns: Columns,
): string {
  const query = request.query === '' ? '' : `?${request.query}`;
  const { transition, problem, preferred, provenance } = decision;
  const example = decision.response?.split('#')[1];
  const what = problem ?? transition ?? example ?? decision.operation ?? decision.step;
  const remarks = [
    preferred && problem === undefined ? ' (preferred)' : '',
    provenance?.kind === 'inferred' ? ' (inferred)' : '',
  ];
  return [
    paint('dim', timeText(at)),
    visible(request.method).padEnd(columns.method),
    visible(`${request.path}${query}`).padEnd(columns.path),
    paint(statusFormat(response.status), String(response.status)),
    `${visible(what)}${paint('dim', remarks.join(''))}`,
  ].join('  ');
}

/** A callback or webhook: where it went and what came back, or why nothing did. */
function callText(
  { at, kind, name, operation, request, outcome }: CallEntry,
  paint: Paint,
  columns: Columns,
): string {
  const of = operation === undefined ? '' : ` of ${operation}`;
  const line = [
    paint('dim', timeText(at)),
    visible(request.method).padEnd(columns.method),
    visible(request.url).padEnd(columns.path),
    outcome.kind === 'answered'
      ? paint(statusFormat(outcome.response.status), String(outcome.response.status))
      : paint('red', '---'),
    `${kind} ${visible(name)}${paint('dim', visible(of))}`,
  ].join('  ');
  return outcome.kind === 'answered' ? line : `${line}\n${indent}${visible(outcome.detail)}`;
}

/** Why it was decided so: each violation with its place in the contract, else what the problem says. */
function whys({ decision, response }: JournalEntry, paint: Paint): string[] {
  const { violations, problem } = decision;
  if (violations.length === 0) return problem === undefined ? [] : detailOf(response);
  return violations.map(({ in: where, pointer, message, contract }) => {
    const what = [where, pointer, message].filter((part) => part !== '').join(' ');
    return `${visible(what)}  ${paint('dim', visible(contract))}`;
  });
}

/** The detail of problem details (RFC 9457, section 3.1.4). */
function detailOf({ content }: ResponseMessage): string[] {
  const problem: Json = content === undefined ? null : JSON.parse(new TextDecoder().decode(content));
  return isObject(problem) && typeof problem.detail === 'string' ? [visible(problem.detail)] : [];
}

function messageText({ channel, to, content }: InboxMessage): string {
  const parts = isObject(content)
    ? Object.entries(content).map(([name, value]) => `${name} ${plain(value)}`)
    : [plain(content)];
  return visible(`${channel} to ${to}: ${parts.join(', ')}`);
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The local time of day. */
function timeText(at: number): string {
  const instant = new Date(at);
  return [instant.getHours(), instant.getMinutes(), instant.getSeconds()].map(twoDigits).join(':');
}

/** The local date, as in ISO 8601. */
function dayText(at: number): string {
  const instant = new Date(at);
  return [instant.getFullYear(), instant.getMonth() + 1, instant.getDate()].map(twoDigits).join('-');
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

function statusFormat(status: number): Format {
  if (status >= 500) return 'red';
  if (status >= 400) return 'yellow';
  return status >= 300 ? 'cyan' : 'green';
}
