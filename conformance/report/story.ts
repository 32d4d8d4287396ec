/** A finding retold: its calls as a numbered story, and the curl line that sends the last of them again. */

import { curlLine } from '../../openapi/http/curl.js';
import { fieldValue, type RequestMessage } from '../../openapi/http/message.js';
import { asObject, isObject } from '../../openapi/json.js';
import type { ExchangeRecord, Finding, Mask } from '../event.js';
import { counted, cut, roughTextOf, textOf, visible } from './text.js';

/** The longest content that a curl line carries: more is no line that anybody reads or pastes. */
const longestContent = 4000;

/** So many calls that are alike are told in one line. */
const fewestTogether = 4;

/** One line of a story. */
export type StoryLine = {
  /** `1`, or `3-202` when the same call came several times in a row. */
  readonly number: string;
  /** `log out as the second user`: the name of the step, in words; empty where it has none. */
  readonly deed: string;
  /** `POST /api/v1/login -> 200`, and at the last `-> 200 (expected 401)`. */
  readonly call: string;
  /** Whether it is where server and contract part. */
  readonly parts: boolean;
  /** What the call carried: its credential and its content, not cut; empty when it carried nothing. */
  readonly carried: string;
};

/** The calls of a finding in order, secrets masked and control characters written out. */
export function storyOf(finding: Finding, mask: Mask): readonly StoryLine[] {
  const { exchanges } = finding;
  const deeds = deedsOf(finding);
  const lines = exchanges.map((exchange, index) => {
    const parts = index === exchanges.length - 1;
    const answer = `${outcomeText(exchange, mask)}${parts ? expectedStatus(finding, exchange) : ''}`;
    return {
      number: String(index + 1),
      deed: visible(mask(deeds[index] ?? '')),
      call: `${requestText(exchange.request, mask)} -> ${answer}`,
      carried: carriedText(exchange.request, mask),
      parts,
    };
  });
  return runsOf(lines).flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (run.length < fewestTogether || first === undefined || last === undefined) return run;
    return [{ ...first, number: `${first.number}-${last.number}` }];
  });
}

/** The names of the steps of the workflow, in words, where each call is one of them. */
function deedsOf({ workflow, exchanges }: Finding): readonly string[] {
  const workflows = Array.isArray(workflow.workflows) ? workflow.workflows.filter(isObject) : [];
  const { steps } = asObject(workflows.at(-1));
  if (!Array.isArray(steps) || steps.length !== exchanges.length) return [];
  return steps.map((step) => String(asObject(step).stepId ?? '').replaceAll('-', ' '));
}

/** The status that was expected in the place of the one that came; nothing where it is not that in which they differ. */
function expectedStatus({ expected }: Finding, { outcome }: ExchangeRecord): string {
  const [status] = /^[1-5](?:\d\d|XX)(?![\w.])/.exec(expected) ?? [];
  if (status === undefined || outcome.kind !== 'response') return '';
  const came = String(outcome.response.status);
  const others: readonly string[] = expected.match(/\b[1-5](?:\d\d|XX)(?=#| \(|,| or |$)/g) ?? [];
  return others.includes(came) ? '' : ` (expected ${[...new Set(others)].join(' or ') || status})`;
}

/** Lines that are alike and follow each other, together. */
function runsOf(lines: readonly StoryLine[]): readonly (readonly StoryLine[])[] {
  const runs: StoryLine[][] = [];
  for (const line of lines) {
    const before = runs.at(-1)?.[0];
    if (before?.call === line.call && before.deed === line.deed && before.carried === line.carried)
      runs.at(-1)?.push(line);
    else runs.push([line]);
  }
  return runs;
}

/** The same as text, a call a line, when there is more than one call; none otherwise. */
export function storyLines(finding: Finding, mask: Mask): readonly string[] {
  if (finding.exchanges.length < 2) return [];
  return storyOf(finding, mask).map(
    ({ number, deed, call }) => `${number}  ${deed === '' ? '' : `${deed}: `}${call}`,
  );
}

/** The curl line of the last request, secrets masked; undefined when the finding has no exchange. `root` is of `rootOf`. */
export function curlOf({ exchanges }: Finding, root: string, mask: Mask): string | undefined {
  const request = exchanges.at(-1)?.request;
  if (request === undefined) return undefined;
  const { content } = request;
  const text = content === undefined ? undefined : mask(roughTextOf(content));
  const isWhole = text === undefined || text.length <= longestContent;
  const line = curlLine(
    {
      method: mask(request.method),
      path: mask(request.path),
      query: mask(request.query),
      fields: request.fields.map(([name, value]) => [mask(name), mask(value)]),
      content: text === undefined || !isWhole ? undefined : new TextEncoder().encode(text),
    },
    mask(root),
  );
  return `${mask(line)}${remarkOn(content, isWhole)}`;
}

/** What a curl line cannot carry, as a comment of the shell. */
function remarkOn(content: Uint8Array | undefined, isWhole: boolean): string {
  if (content === undefined) return '';
  if (!isWhole) return `  # and content of ${counted(content.byteLength, 'byte')}, left out here`;
  return textOf(content) === undefined ? '  # its content is not text, and cannot be sent so' : '';
}

function requestText({ method, path, query }: RequestMessage, mask: Mask): string {
  return visible(mask(`${method} ${cut(mask(query === '' ? path : `${path}?${query}`), 160)}`));
}

/** `200`, or why there is no response. */
function outcomeText({ outcome }: ExchangeRecord, mask: Mask): string {
  if (outcome.kind === 'response') return String(outcome.response.status);
  return visible(cut(mask(`no response (${outcome.failure}: ${outcome.why})`), 160));
}

function carriedText({ fields, content }: RequestMessage, mask: Mask): string {
  const credential = fieldValue(fields, 'authorization');
  const parts = [credential ?? '', content === undefined ? '' : roughTextOf(content)];
  return visible(
    parts
      .filter((part) => part !== '')
      .map(mask)
      .join('  '),
  );
}
