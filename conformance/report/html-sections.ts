/** The sections of the HTML report about the run as a whole: summary, filter, what was not exercised, workflows, checks. */

import {
  type CheckInfo,
  type ExchangeRecord,
  type Finding,
  type NotExercised,
  type PlannedWorkflow,
  phases,
  type RunFinished,
  type RunStarted,
} from '../event.js';
import { exchangeView, type View } from './html-exchange.js';
import { rankBadges } from './html-finding.js';
import type { Ledger } from './ledger.js';
import { type Markup, seen } from './markup.js';
import {
  byReason,
  groupedBy,
  kindNames,
  type Rank,
  rankOf,
  ranks,
  resultOf,
  stoppedText,
  tallyOf,
} from './order.js';
import { counted, durationText } from './text.js';

const results = {
  conforms: ['✓', 'Conforms'],
  deviates: ['✕', 'Deviates'],
  incomplete: ['…', 'Incomplete'],
  unreachable: ['⌁', 'Not reached'],
} as const;

export function summaryView(view: View, started: RunStarted | undefined, finished: RunFinished): Markup {
  const { html } = view;
  const result = resultOf(finished);
  const [shape, word] = results[result];
  const stopped = stoppedText(finished);
  const tally = tallyOf(finished.findings);
  const tiles = ranks.map(
    (rank) =>
      html`<li class="tile ${rank}"><a href="#rank=${rank}"><b>${tally[rank]}</b> <span>${rankBadges[rank][tally[rank] === 1 ? 1 : 2].toLowerCase()}</span></a></li>`,
  );
  return html`<header class="top ${result}">
<p class="tool">counterfoil check</p>
<h1>${started === undefined ? 'A run without a beginning' : `${started.api.title} ${started.api.version}`}</h1>
<p class="verdict"><span class="shape" aria-hidden="true">${shape}</span> <strong>${word}</strong>${stopped !== undefined && html` <span>Stopped early: ${seen(html, view.mask(stopped))}</span>`}</p>
<dl class="run"><div><dt>Target</dt><dd>${started?.base === undefined ? 'an app in this process' : seen(html, view.mask(view.root))}</dd></div>
<div><dt>Started</dt><dd>${started !== undefined && html`<time datetime="${new Date(started.at).toISOString()}">${new Date(started.at).toISOString().replace('T', ' ').slice(0, 19)} UTC</time>`}</dd></div>
<div><dt>Took</dt><dd>${durationText(finished.milliseconds)}</dd></div>
<div><dt>Requests</dt><dd>${finished.requests.toLocaleString('en')}</dd></div>
<div><dt>Seed</dt><dd>${started?.seed ?? ''}</dd></div></dl>
</header>
<section class="summary" aria-labelledby="summary"><h2 id="summary">Summary</h2>
<ul class="tiles">${tiles}<li class="tile gap"><a href="#not-exercised"><b>${finished.notExercised.length}</b> <span>not exercised</span></a></li></ul>
${baselineView(view, finished)}${coverageView(view, finished)}</section>`;
}

function baselineView({ html }: View, { accepted, vanished }: RunFinished): Markup {
  return html`${accepted > 0 && html`<p>${counted(accepted, 'finding')} more ${accepted === 1 ? 'is' : 'are'} known and accepted by the baseline.</p>`}
${
  vanished.length > 0 &&
  html`<h3>Vanished since the baseline</h3><ul>${vanished.map(({ id, title }) => html`<li>${title} <code class="quiet">${id}</code></li>`)}</ul>`
}`;
}

function coverageView({ html }: View, { coverage }: RunFinished): Markup {
  const rows = coverage
    .filter(({ total }) => total > 0)
    .map(({ kind, exercised, total }) => {
      const percent = Math.floor((exercised / total) * 100);
      return html`<tr><th scope="row">${kindNames[kind][1]}</th><td><svg class="bar${exercised === total && ' full'}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${percent}" height="8"/></svg></td><td class="figure">${exercised} of ${total}</td><td class="figure">${percent}%</td></tr>`;
    });
  if (rows.length === 0) return html``;
  return html`<h3 id="coverage">Coverage of the contract</h3><table class="coverage"><thead class="for-readers"><tr><th scope="col">What</th><th scope="col">Share</th><th scope="col">Exercised</th><th scope="col">Percent</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** The filter. It is hidden until the script is there to make it work. */
export function filterView(
  { html }: View,
  finished: RunFinished,
  workflows: readonly PlannedWorkflow[],
): Markup {
  const { findings, notExercised } = finished;
  const tally = tallyOf(findings);
  const operations = [...findings, ...notExercised, ...workflows].map(({ operation }) => operation ?? '');
  const seenPhases = new Set([...findings, ...workflows].map(({ phase }) => phase));
  const choice = (name: string, label: string, every: string, values: readonly string[]): Markup =>
    html`<label><span>${label}</span> <select name="${name}"><option value="">${every}</option>${[
      ...new Set(values),
    ]
      .filter((value) => value !== '')
      .map((value) => html`<option>${value}</option>`)}</select></label>`;
  const pills = ranks.map(
    (rank) =>
      html`<label class="pill ${rank}"><input type="checkbox" name="rank" value="${rank}"> <span>${rankBadges[rank][2]} <b>${tally[rank]}</b></span></label>`,
  );
  return html`<search><form id="filter" hidden aria-label="Filter">
<label class="text"><span>Search</span> <input type="search" name="q" placeholder="a word of it, a path, a status" autocomplete="off" spellcheck="false"></label>
<fieldset><legend>Severity</legend>${pills}</fieldset>
${choice('check', 'Check', 'all', findings.map(({ check }) => check).sort())}
${choice('operation', 'Operation', 'all', operations.sort())}
${choice(
  'phase',
  'Phase',
  'all',
  phases.filter((phase) => seenPhases.has(phase)),
)}
<button type="reset">Show all</button>
<output name="found" aria-live="polite"></output>
</form></search>`;
}

export function gapsView({ html, mask }: View, gaps: readonly NotExercised[]): Markup {
  const groups = byReason(gaps).map(
    ([reason, each]) =>
      html`<section class="reason group"><h3>${seen(html, mask(reason))}</h3><ul>${each.map(
        ({ kind, what, operation }) =>
          html`<li class="item" data-operation="${operation}"><span class="tag">${kindNames[kind][0]}</span> <code>${seen(html, mask(what))}</code></li>`,
      )}</ul></section>`,
  );
  return section(html, 'not-exercised', 'Not exercised', gaps.length, [
    gaps.length === 0 ? html`<p>All that the plan had was exercised.</p>` : html`${groups}`,
  ]);
}

export function section(
  html: View['html'],
  id: string,
  title: string,
  count: number,
  content: readonly Markup[],
): Markup {
  return html`<section class="part" aria-labelledby="${id}"><h2 id="${id}">${title} <span class="count">${count}</span></h2>
<p class="none" hidden>Nothing here fits the filter.</p>
${content}</section>`;
}

const outcomes = {
  conforms: ['✓', 'conforms'],
  deviates: ['✕', 'deviates'],
  'not-exercised': ['–', 'not exercised'],
  'not-run': ['–', 'not run'],
} as const;

/** Every workflow of the run with every exchange of it. */
export function workflowsView(view: View, ledger: Ledger, findings: readonly Finding[]): Markup {
  const { html } = view;
  const exchanges = new Map(groupedBy(ledger.exchanges(), ({ workflow }) => workflow));
  const ofWorkflow = findingsByWorkflow(findings);
  // Those that nobody told of have exchanges all the same.
  const stray = [...exchanges.keys()]
    .filter((id) => !ledger.workflows.has(id))
    .map((id): PlannedWorkflow => {
      const phase = exchanges.get(id)?.[0]?.phase ?? 'workflows';
      return { id, phase, summary: id, operation: undefined, steps: [] };
    });
  const all = [...ledger.workflows.values(), ...stray];
  const groups = phases.map((phase) => {
    const each = all.filter((workflow) => workflow.phase === phase);
    if (each.length === 0) return html``;
    const views = each.map((workflow) =>
      workflowView(
        view,
        workflow,
        ledger,
        exchanges.get(workflow.id) ?? [],
        ofWorkflow.get(workflow.id) ?? [],
      ),
    );
    return html`<section class="group"><h3>${phase} <span class="count">${each.length}</span></h3>${views}</section>`;
  });
  return section(html, 'workflows', 'Workflows and exchanges', all.length, groups);
}

function findingsByWorkflow(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const byWorkflow = new Map<string, Finding[]>();
  for (const finding of findings) {
    const workflow = finding.exchanges.at(-1)?.workflow;
    if (workflow !== undefined) byWorkflow.set(workflow, [...(byWorkflow.get(workflow) ?? []), finding]);
  }
  return byWorkflow;
}

function workflowView(
  view: View,
  { id, phase, summary, operation, steps }: PlannedWorkflow,
  ledger: Ledger,
  exchanges: readonly ExchangeRecord[],
  findings: readonly Finding[],
): Markup {
  const { html, mask } = view;
  const outcome = ledger.outcomes.get(id) ?? 'not-run';
  const [shape, word] = outcomes[outcome];
  const foundRanks: readonly Rank[] = [...new Set(findings.map(rankOf))];
  const checks = [...new Set(findings.map(({ check }) => check))];
  return html`<details class="workflow item ${outcome}" data-phase="${phase}" data-operation="${operation}" data-rank="${foundRanks.join(' ')}" data-check="${checks.join(' ')}">
<summary><span class="shape" aria-hidden="true">${shape}</span> <span class="call">${seen(html, mask(summary))}</span> <span class="quiet">${word}, ${counted(exchanges.length, 'exchange')}</span></summary>
<p class="quiet"><code>${id}</code>${operation !== undefined && html` · ${operation}`}</p>
${findings.length > 0 && html`<ul>${findings.map((finding) => html`<li><a href="#finding-${finding.id}">${seen(html, mask(finding.title))}</a></li>`)}</ul>`}
${exchanges.length === 0 && steps.length > 0 && html`<ol class="steps">${steps.map((step) => html`<li><code>${seen(html, mask(step))}</code></li>`)}</ol>`}
${exchanges.map((exchange) => exchangeView(view, exchange, { number: `#${exchange.id}`, isOpen: false, pointer: undefined, remark: undefined }))}
</details>`;
}

export function checksView(
  { html }: View,
  checks: readonly CheckInfo[],
  findings: readonly Finding[],
): Markup {
  const rows = checks.map(({ name, promise, specification }) => {
    const count = findings.filter(({ check }) => check === name).length;
    return html`<li><details><summary><code>${name}</code> <span class="quiet">${promise}</span>${count > 0 && html` <span class="tag">${counted(count, 'finding')}</span>`}</summary>
<p><q>${specification.sentence}</q> <span class="quiet">${specification.section}</span></p>${count > 0 && html`<p><a href="#check=${encodeURIComponent(name)}">Show ${count === 1 ? 'it' : 'them'}</a></p>`}</details></li>`;
  });
  return section(html, 'checks', 'Checks', checks.length, [html`<ul class="checks">${rows}</ul>`]);
}
