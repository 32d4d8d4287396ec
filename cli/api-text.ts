/** The APIs that a mock serves, as a table: each operation with its documented responses, and a curl line to try. */

import type { Paint } from '../conformance/report/paint.js';
import { visible } from '../conformance/report/text.js';
import type { ServedApi } from '../mock/index.js';
import { servedPath } from '../mock/mount.js';
import { displayName } from '../openapi/document/documents.js';
import { curlLine } from '../openapi/http/curl.js';
import { pathOfKey } from '../openapi/http/path-key.js';
import type { DocumentedResponse, Example, Operation, RequestMessage } from '../openapi/index.js';

/** An API with the request to try it with, if there is one. */
export type Introduced = { readonly api: ServedApi; readonly sample: RequestMessage | undefined };

/** Longer paths and summaries do not widen the columns. */
const widestPath = 48;
const longestSummary = 60;
/** Of more operations nobody reads a table: they are told in groups, and of these the largest. */
const mostOperations = 60;
const mostGroups = 16;
const mostPlaces = 4;

/** The APIs, one after the other, each with its operations and a curl line that sends its sample. */
export function apisText(introduced: readonly Introduced[], base: string, paint: Paint): string {
  const count = introduced.reduce((sum, { api }) => sum + api.contract.operations.length, 0);
  return count > mostOperations
    ? introduced.map((each) => groupsText(each, base, paint)).join('\n\n')
    : wholeText(introduced, base, paint);
}

/** Every operation with its responses. */
function wholeText(introduced: readonly Introduced[], base: string, paint: Paint): string {
  const operations = introduced.flatMap(({ api }) =>
    api.contract.operations.map((each) => ({ method: each.method, path: servedPath(api, each) })),
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
  const lines = api.contract.operations.flatMap((operation) =>
    operationLines(operation, servedPath(api, operation), columns, paint),
  );
  return [headingText(api, paint), ...lines, ...trialLines(sample, base, paint)].join('\n');
}

/** Title and version, the file, and where it is served if that is in several places. */
function headingText({ contract, prefixes, prefix }: ServedApi, paint: Paint): string {
  const { title, version, files } = contract;
  const others = prefixes.filter((each) => each !== prefix);
  const also = others.slice(0, mostPlaces).map((each) => (each === '' ? '/' : each));
  const more = others.length > mostPlaces ? ` and ${others.length - mostPlaces} more` : '';
  const places = others.length === 0 ? '' : `, served below ${[prefix || '/', ...also].join(', ')}${more}`;
  const file = visible(`${displayName(files[0] ?? '')}${places}`);
  return `${paint('bold', visible(`${title} ${version}`))}  ${paint('dim', file)}`;
}

function trialLines(sample: RequestMessage | undefined, base: string, paint: Paint): string[] {
  return sample === undefined ? [] : ['', '  Try it:', `  ${paint('cyan', curlLine(sample, base))}`];
}

/** A large API: how many operations lie below what. */
function groupsText({ api, sample }: Introduced, base: string, paint: Paint): string {
  const paths = api.contract.operations.map((operation) => servedPath(api, operation));
  const groups = groupsOf(paths);
  const shown = groups.slice(0, mostGroups);
  const width = Math.min(widestPath, Math.max(0, ...shown.map(([group]) => group.length)));
  const lines = shown.map(
    ([group, count]) => `  ${visible(group).padEnd(width)}  ${paint('dim', String(count))}`,
  );
  const more =
    groups.length > shown.length ? [paint('dim', `  and ${groups.length - shown.length} more`)] : [];
  const count = `  ${paths.length} operations; counterfoil describe lists them all`;
  return [
    headingText(api, paint),
    paint('dim', count),
    ...lines,
    ...more,
    ...trialLines(sample, base, paint),
  ].join('\n');
}

/** The beginnings of paths, so long that there are several, with how many paths there are of each; most first. */
function groupsOf(paths: readonly string[]): readonly (readonly [string, number])[] {
  let groups = new Map<string, number>();
  for (let depth = 2; depth <= 5 && groups.size < 2; depth += 1) {
    groups = new Map();
    for (const path of paths) {
      const group = pathOfKey(path).split('/').slice(0, depth).join('/');
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
  }
  return [...groups].sort(([, a], [, b]) => b - a);
}

function operationLines(operation: Operation, path: string, columns: Columns, paint: Paint): string[] {
  const { method, responses } = operation;
  const indent = ' '.repeat(columns.method + 4);
  const statusWidth = Math.max(0, ...responses.map((each) => statusText(each).length));
  const fields = [paint('bold', method.padEnd(columns.method)), visible(path).padEnd(columns.path)];
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
