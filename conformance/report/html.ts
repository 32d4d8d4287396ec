/** The HTML report: one file that needs nothing else, to be read by people on any screen and on paper. */

import { createHash } from 'node:crypto';
import type { MakeReport, RunFinished } from '../event.js';
import type { View } from './html-exchange.js';
import { findingView } from './html-finding.js';
import { script } from './html-script.js';
import { checksView, filterView, gapsView, section, summaryView, workflowsView } from './html-sections.js';
import { style } from './html-style.js';
import { createLedger, type Ledger, rootOf } from './ledger.js';
import { createHtml } from './markup.js';
import { inOrder, resultOf } from './order.js';
import { version } from './version.js';

/** Nothing is loaded and nothing runs but the script and style that stand here (CSP Level 3, section 6.7.3.3). */
const policy = [
  "default-src 'none'",
  `script-src '${hashOf(script)}'`,
  `style-src '${hashOf(style)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** One document, written when the run is over. Whatever comes from outside is masked, then escaped. */
export const htmlReport: MakeReport = (write, mask) => {
  const ledger = createLedger();
  return {
    take(event) {
      ledger.take(event);
      if (event.type !== 'run-finished') return;
      write(documentOf({ html: createHtml(mask), mask, root: rootOf(ledger.started) }, ledger, event));
    },
  };
};

function documentOf(view: View, ledger: Ledger, finished: RunFinished): string {
  const { html } = view;
  const { started } = ledger;
  const findings = inOrder(finished.findings);
  const checks = started?.checks ?? [];
  const none =
    resultOf(finished) === 'conforms'
      ? 'Nothing was found: the server is as the contract says, as far as it was exercised.'
      : 'Nothing was found before the run was stopped.';
  const page = html`<title>${started?.api.title ?? 'API'}: ${resultOf(finished)}</title>`;
  const body = html`<a class="skip" href="#findings">Skip to the findings</a>
<div class="wide">
${summaryView(view, started, finished)}
<nav class="contents" aria-label="Parts of the report"><a href="#findings">Findings</a> <a href="#not-exercised">Not exercised</a> <a href="#workflows">Workflows and exchanges</a> <a href="#checks">Checks</a></nav>
<main>
${filterView(view, finished, [...ledger.workflows.values()])}
${section(
  html,
  'findings',
  'Findings',
  findings.length,
  findings.length === 0 ? [html`<p>${none}</p>`] : findings.map((finding) => findingView(view, finding)),
)}
${gapsView(view, finished.notExercised)}
${workflowsView(view, ledger, findings)}
${checksView(view, checks, findings)}
</main>
<footer><p>Written by counterfoil ${version}. Secrets are masked: where the same mask stands, the same secret stood.</p></footer>
</div>`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">',
    page.markup,
    `<style>${style}</style></head><body>`,
    body.markup,
    `<script>${script}</script></body></html>\n`,
  ].join('\n');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
