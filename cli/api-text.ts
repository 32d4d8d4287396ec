/** The APIs that a mock serves, as a table: each operation with its documented responses, and a curl line to try. */

import type { Paint } from '../conformance/report/paint.js';
import { visible } from '../conformance/report/text.js';
import type { ServedApi } from '../mock/index.js';
import { displayName } from '../openapi/documents.js';
import type { DocumentedResponse, Example, Operation, RequestMessage } from '../openapi/index.js';
import { curlLine } from '../openapi/index.js';

/** An API with the request to try it with, if there is one. */
export type Introduced = { readonly api: ServedApi; readonly sample: RequestMessage | undefined };

/** Longer paths and summaries do not widen the columns. */
const widestPath = 48;
const longestSummary = 60;

/** The APIs, one after the other, each with its operations and a curl line that sends its sample. */
export function apisText(introduced: readonly Introduced[], base: string, paint: Paint): string {
  const operations = introduced.flatMap(({ api }) =>
    api.contract.operations.map((each) => ({ ...each, path: api.prefix + each.path })),
  );
  const columns: Columns = {
    method: Math.max(0, ...operations.map(({ method }) => method.length)),
    path: Math.min(widestPath, Math.max(0, ...operations.map(({ path }) => path.length))),
  };
  const texts = introduced.map((each) => apiText(each, base, columns, paint));
  const isInferred = introduced.some(({ api }) => api.contract.operations.some(hasInferred));
  const note = '* inferred: the documentation does not say so; the contract does, and gives its reason.';
  return [...texts, ...(isInferred ? [paint('dim', note)] : [])].join('\n\n');
}

type Columns = { readonly method: number; readonly path: number };

function apiText({ api, sample }: Introduced, base: string, columns: Columns, paint: Paint): string {
  const { title, version, files, operations } = api.contract;
  const heading = `${paint('bold', visible(`${title} ${version}`))}  ${paint('dim', displayName(files[0] ?? ''))}`;
  const lines = operations.flatMap((operation) => operationLines(operation, api.prefix, columns, paint));
  const trial = sample === undefined ? [] : ['', '  Try it:', `  ${paint('cyan', curlLine(sample, base))}`];
  return [heading, ...lines, ...trial].join('\n');
}

function operationLines(operation: Operation, prefix: string, columns: Columns, paint: Paint): string[] {
  const { method, path, responses } = operation;
  const indent = ' '.repeat(columns.method + 4);
  const statusWidth = Math.max(0, ...responses.map((each) => statusText(each).length));
  const fields = [
    paint('bold', method.padEnd(columns.method)),
    visible(`${prefix}${path}`).padEnd(columns.path),
  ];
  return [
    `  ${fields.join('  ')}  ${shortened(visible(summaryOf(operation)))}`.trimEnd(),
    ...responses.map((response) => indent + paint('dim', responseText(response, statusWidth))),
  ];
}

/** The summary, or else the operationId; nothing when that is method and path again. */
function summaryOf({ summary, id, method, path }: Operation): string {
  return summary ?? (id === `${method} ${path}` ? '' : id);
}

/** `400  expired-otp, invalid-otp*`: a status and the names of its examples; an asterisk marks what is inferred. */
function responseText(response: DocumentedResponse, statusWidth: number): string {
  const examples = response.content.flatMap((content) => content.examples);
  const names = [...new Set(examples.map((example) => visible(example.name) + mark(example)))];
  const rest = response.content.length === 0 ? 'no content' : 'made from its schema';
  return `${statusText(response).padEnd(statusWidth)}  ${names.length === 0 ? rest : names.join(', ')}`;
}

function statusText(response: DocumentedResponse): string {
  return `${response.status}${mark(response)}`;
}

function mark({ provenance }: DocumentedResponse | Example): string {
  return provenance.kind === 'inferred' ? '*' : '';
}

function hasInferred({ responses }: Operation): boolean {
  const marked = responses.flatMap((response) => [
    response,
    ...response.content.flatMap(({ examples }) => examples),
  ]);
  return marked.some((each) => mark(each) !== '');
}

function shortened(text: string): string {
  return text.length <= longestSummary ? text : `${text.slice(0, longestSummary - 1).trimEnd()}…`;
}
