/** A finding in the HTML report: what is wrong, where the contract says so, how it came about, how to see it again. */

import { locationText } from '../../openapi/contract-error.js';
import type { Finding } from '../event.js';
import { exchangeView, type View } from './html-exchange.js';
import { type Html, type Markup, seen } from './markup.js';
import { isUnstable, type Rank, rankOf, shownText } from './order.js';
import { curlOf } from './story.js';

/** A rank as a badge says it: a shape and a word, for colour alone tells nothing to many. */
export const rankBadges: Readonly<Record<Rank, readonly [shape: string, word: string, many: string]>> = {
  violation: ['✕', 'Violation', 'Violations'],
  undocumented: ['?', 'Undocumented', 'Undocumented'],
  note: ['i', 'Note', 'Notes'],
};

function badge(html: Html, rank: Rank): Markup {
  const [shape, word] = rankBadges[rank];
  return html`<span class="badge ${rank}"><span aria-hidden="true">${shape}</span> ${word}</span>`;
}

export function findingView(view: View, finding: Finding): Markup {
  const { html, mask } = view;
  const { id, check, phase, operation, endpoint, at, title, specification, expected, actual } = finding;
  const shape = rankOf(finding);
  return html`<article class="finding item ${shape}" id="finding-${id}" data-rank="${shape}" data-check="${check}" data-operation="${operation}" data-phase="${phase}" aria-labelledby="title-${id}">
<header><p>${badge(html, shape)} ${finding.severity === 'error' && shape !== 'violation' && html`<span class="tag">fails the run</span> `}${isUnstable(finding.confirmed) && html`<span class="tag unstable">unstable</span> `}<code class="endpoint">${endpoint ?? 'the API as a whole'}</code></p>
<h3 id="title-${id}"><a href="#finding-${id}">${seen(html, mask(title))}</a></h3>
<p class="quiet">${check} · ${phase} · ${shownText(finding)}</p></header>
<dl class="pair"><div><dt>Expected</dt><dd>${compared(view, expected, actual, 'expected')}</dd></div>
<div><dt>Actual</dt><dd>${compared(view, actual, expected, 'actual')}</dd></div></dl>
<dl class="facts">${
    finding.when !== undefined && html`<dt>When</dt><dd>${seen(html, mask(finding.when))}</dd>`
  }${
    finding.pointer !== undefined &&
    html`<dt>In the content</dt><dd><code>${finding.pointer === '' ? 'as a whole' : seen(html, mask(finding.pointer))}</code></dd>`
  }
<dt>Contract</dt><dd><code>${locationText(at)}</code> <code class="quiet">#${at.pointer}</code></dd>
<dt>Specification</dt><dd><q>${specification.sentence}</q> <span class="quiet">${specification.section}</span></dd></dl>
${sequenceView(view, finding)}
${curlView(view, finding)}
<details class="workflow-document"><summary>Workflow for <code>--replay</code></summary>
<div class="copied"><pre tabindex="0">${seen(html, mask(JSON.stringify(finding.workflow, undefined, 2)), true)}</pre></div></details>
</article>`;
}

function sequenceView(view: View, { exchanges, pointer }: Finding): Markup {
  const { html } = view;
  if (exchanges.length === 0) return html``;
  const last = exchanges.length - 1;
  const items = exchanges.map(
    (exchange, index) =>
      html`<li>${exchangeView(view, exchange, {
        number: String(index + 1),
        isOpen: false,
        pointer: index === last ? pointer : undefined,
        remark: index === last && last > 0 ? 'it shows here' : undefined,
      })}</li>`,
  );
  const heading = last === 0 ? 'The exchange' : `The ${exchanges.length} exchanges that lead to it`;
  return html`<section class="sequence" aria-label="${heading}"><h4>${heading}</h4><ol class="exchanges">${items}</ol></section>`;
}

function curlView({ html, mask, root }: View, finding: Finding): Markup {
  const line = curlOf(finding, root, mask);
  if (line === undefined) return html``;
  const heading = finding.exchanges.length > 1 ? 'The last request again' : 'The request again';
  return html`<h4>${heading}</h4><div class="copied"><pre class="curl">${seen(html, line, true)}</pre></div>`;
}

/** A text with the part that differs from the other one marked, where they have much in common. */
function compared({ html, mask }: View, text: string, other: string, of: 'expected' | 'actual'): Markup {
  const own = mask(text);
  const theirs = mask(other);
  const most = Math.min(own.length, theirs.length);
  let before = 0;
  while (before < most && own[before] === theirs[before]) before += 1;
  let after = 0;
  while (after < most - before && own.at(-1 - after) === theirs.at(-1 - after)) after += 1;
  const isAlike = before + after >= 6 && (before + after) * 2 >= most;
  if (!isAlike || before + after === own.length || /masked-|[\ud800-\udfff]/.test(own + theirs))
    return seen(html, own, true);
  const middle = own.slice(before, own.length - after);
  const mark =
    of === 'expected'
      ? html`<ins>${seen(html, middle, true)}</ins>`
      : html`<del>${seen(html, middle, true)}</del>`;
  return html`${seen(html, own.slice(0, before), true)}${mark}${seen(html, own.slice(own.length - after), true)}`;
}
