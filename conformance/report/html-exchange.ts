/** An exchange in the HTML report, whole: start lines, fields and content, nothing in it that cannot be seen. */

import { isJson, parseMediaType } from '../../openapi/content/media-type.js';
import { type Field, fieldValue } from '../../openapi/http/message.js';
import type { ExchangeRecord, Mask } from '../event.js';
import { isCompact, type JsonLine, jsonLayout } from './json-layout.js';
import { isText, maskedContent } from './ledger.js';
import { type Html, type Markup, seen } from './markup.js';
import { counted, cut, durationText, textOf } from './text.js';

export type View = { readonly html: Html; readonly mask: Mask; readonly root: string };

/** Content beyond this is cut: nobody reads it in a page, and a few of them would make the page unusable. */
const longestText = 65_536;
const longestDump = 4096;

/** What an exchange is in a list: number, request, what came of it. */
export type Shown = {
  /** `1`, or the number in the run. */
  readonly number: string;
  readonly isOpen: boolean;
  /** The place in the content of the response that a finding is about. */
  readonly pointer: string | undefined;
  /** What the exchange is to a finding: "where it shows". */
  readonly remark: string | undefined;
};

export function exchangeView(view: View, exchange: ExchangeRecord, shown: Shown): Markup {
  const { html, mask, root } = view;
  const { request, outcome, milliseconds, id, step } = exchange;
  const { method, path, query } = request;
  const target = mask(query === '' ? path : `${path}?${query}`);
  return html`<details class="exchange"${shown.isOpen ? html` open` : ''}>
<summary><span class="number">${shown.number}</span> <span class="call"><b>${cut(mask(method), 40)}</b> ${seen(html, cut(target, 160))}</span>
<span class="came">${statusView(view, exchange)} <span class="quiet">${durationText(milliseconds)}</span></span>${shown.remark !== undefined && html` <span class="remark">${shown.remark}</span>`}</summary>
<div class="messages">
<section class="message"><h4>Request <span class="quiet">exchange ${id}, step ${cut(mask(step), 80)}</span></h4>
<pre class="head"><b>${seen(html, mask(method))} ${seen(html, target)}</b>
<span class="quiet">to ${seen(html, mask(root))}</span>
${fieldLines(view, request.fields)}</pre>
${contentView(view, request.content, request.fields, undefined)}</section>
<section class="message"><h4>Response <span class="quiet">after ${durationText(milliseconds)}</span></h4>
${responseView(view, exchange, shown.pointer)}
${
  outcome.faults.length > 0 &&
  html`<ul class="faults">${outcome.faults.map(
    ({ name, detail, section }) =>
      html`<li><b>${name}</b>: ${seen(html, mask(detail))} <span class="quiet">${section}</span></li>`,
  )}</ul>`
}</section>
</div></details>`;
}

/** `200`, or the word for why there is no response; the first digit is the class that colours it. */
function statusView({ html }: View, { outcome }: ExchangeRecord): Markup {
  if (outcome.kind === 'failure') return html`<b class="status failed">no response: ${outcome.failure}</b>`;
  const { status } = outcome.response;
  return html`<b class="status s${Math.floor(status / 100)}">${status}</b>`;
}

function responseView(view: View, { outcome }: ExchangeRecord, pointer: string | undefined): Markup {
  const { html, mask } = view;
  const response = outcome.kind === 'response' ? outcome.response : outcome.partial;
  const why =
    outcome.kind === 'failure' &&
    html`<p class="failure"><b>No response (${outcome.failure})</b>: ${seen(html, mask(outcome.why))}${response !== undefined && ' What came before:'}</p>`;
  if (response === undefined) return html`${why}`;
  return html`${why}<pre class="head"><b>${response.status}</b>
${fieldLines(view, response.fields)}</pre>
${contentView(view, response.content, response.fields, pointer)}`;
}

function fieldLines({ html, mask }: View, fields: readonly Field[]): Markup {
  return html`${fields.map(
    ([name, value]) => html`<b class="name">${seen(html, mask(name))}:</b> ${seen(html, mask(value))}
`,
  )}`;
}

function contentView(
  view: View,
  content: Uint8Array | undefined,
  fields: readonly Field[],
  pointer: string | undefined,
): Markup {
  const { html, mask } = view;
  if (content === undefined) return html`<p class="quiet">No content</p>`;
  const size = counted(content.byteLength, 'byte');
  const text = textOf(content);
  if (text === undefined || !isText(text)) {
    const bytes = maskedContent(content, mask);
    return html`<p class="quiet">${size}, ${text === undefined ? 'not UTF-8' : 'mostly not text'}${bytes.byteLength > longestDump && `; the first ${counted(longestDump, 'byte')} of it`}</p>
<pre class="dump" tabindex="0">${dump(bytes.subarray(0, longestDump))}</pre>`;
  }
  const masked = mask(text);
  const raw = (): Markup =>
    html`<pre${masked.length > 3000 && html` tabindex="0"`}>${seen(html, cut(masked, longestText), true)}</pre>`;
  const lines = masked.length <= longestText && isJsonContent(fields, text) ? jsonLayout(masked) : undefined;
  if (lines === undefined) return html`<p class="quiet">${size}</p>${raw()}`;
  const isOneLine = lines.length === 1;
  const isTold = isCompact(masked);
  return html`<p class="quiet">${size}, laid out${isTold && !isOneLine && '; sent without white space'}</p><pre${lines.length > 30 && html` tabindex="0"`}>${laidOut(html, lines, pointer)}</pre>
${!isOneLine && !isTold && html`<details class="raw"><summary>As it was sent</summary>${raw()}</details>`}`;
}

function isJsonContent(fields: readonly Field[], text: string): boolean {
  const mediaType = parseMediaType(fieldValue(fields, 'content-type') ?? '');
  const isNamed = mediaType !== undefined && isJson(mediaType);
  return (isNamed || /^\s*[[{]/.test(text)) && parses(text);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The lines, that of the pointer marked: it begins where the last part of it does that the content has. */
function laidOut(html: Html, lines: readonly JsonLine[], pointer: string | undefined): Markup {
  const marked =
    pointer === undefined || pointer === '' ? -1 : lines.findIndex((line) => line.pointers.includes(pointer));
  if (marked === -1) return seen(html, lines.map(({ text }) => text).join('\n'), true);
  const part = (from: number, to?: number): string =>
    lines
      .slice(from, to)
      .map(({ text }) => `${text}\n`)
      .join('');
  const line = lines[marked]?.text ?? '';
  return html`${seen(html, part(0, marked), true)}<mark>${seen(html, line)}</mark>
${seen(html, part(marked + 1), true)}`;
}

/** Bytes as offset, hexadecimal and ASCII, sixteen a line. */
function dump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${ascii}`);
  }
  return lines.join('\n');
}
