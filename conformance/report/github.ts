/** The reports for GitHub Actions: annotations at the contract's lines, and the summary of a job. */

import type { Finding, MakeReport, Mask, RunFinished } from '../event.js';
import { documentReport, type WholeRun } from './collect.js';
import { rootOf } from './ledger.js';
import { markdownBlock, markdownCode, markdownTable, markdownText } from './markdown.js';
import {
  byReason,
  headingOf,
  inOrder,
  isUnstable,
  kindNames,
  levelOf,
  rankOf,
  resultOf,
  stoppedText,
  tallyOf,
} from './order.js';
import { pathFrom, repositoryRoot } from './place.js';
import { detailLines, titleOf } from './plain.js';
import { counted, cut, durationText, visible, visibleLines } from './text.js';

/** How many annotations of one level GitHub shows for a step. */
const mostAnnotations = 10;
/** How many findings the table of a summary has, and how many of them are told of at length. */
const mostRows = 100;
const mostDetails = 20;
const mostReasons = 10;

const commands = { error: 'error', warning: 'warning', note: 'notice' } as const;
type Command = (typeof commands)[keyof typeof commands];

/** Workflow commands, one a line, for standard output. The most telling findings come first, the rest is counted. */
export const githubReport: MakeReport = documentReport((run, mask) => {
  const { started, finished } = run;
  const folder = repositoryRoot();
  const ordered = inOrder(finished.findings);
  const stopped = stoppedText(finished);
  const lines = (['error', 'warning', 'note'] as const).flatMap((level) => {
    const findings = ordered.filter((finding) => levelOf(finding) === level);
    const shown = findings.length <= mostAnnotations ? findings : findings.slice(0, mostAnnotations - 1);
    const left = findings.length - shown.length;
    const rest = `${counted(left, 'more finding')} of this level: the other reports of this run have all of them`;
    return [
      ...shown.map((finding) => annotation(finding, commands[level], rootOf(started), folder, mask)),
      ...(left === 0 ? [] : [command(commands[level], { title: 'counterfoil' }, rest)]),
    ];
  });
  const why =
    stopped === undefined
      ? []
      : [command('error', { title: 'counterfoil' }, mask(`The run is incomplete: ${stopped}.`))];
  return [...why, ...lines].map((line) => `${line}\n`).join('');
});

function annotation(finding: Finding, name: Command, root: string, folder: string, mask: Mask): string {
  const { file, line, column } = finding.at;
  const place = { file: pathFrom(folder, mask(file)), line: String(line), col: String(column) };
  const message = [mask(headingOf(finding)), ...detailLines(finding, root, mask)].join('\n');
  return command(name, { ...place, title: `${titleOf(finding, mask)} [${finding.check}]` }, message);
}

/** A workflow command. Line ends and what separates its parts are escaped, so that no text can begin another command. */
function command(name: Command, properties: Readonly<Record<string, string>>, message: string): string {
  const written = Object.entries(properties).map(
    ([key, value]) => `${key}=${escapedData(visible(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${name} ${written.join(',')}::${escapedData(visibleLines(message))}`;
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Markdown for the summary of a job: the result, the findings, what was not exercised, and how much was. */
export const githubSummary: MakeReport = documentReport((run, mask) => {
  const lines = [
    ...headLines(run, mask),
    ...findingLines(run, mask),
    ...gapLines(run, mask),
    ...coverageLines(run.finished),
    ...baselineLines(run.finished, mask),
  ];
  return `${lines.join('\n')}\n`;
});

function headLines({ started, finished }: WholeRun, mask: Mask): readonly string[] {
  const stopped = stoppedText(finished);
  const { title, version } = started.api;
  const where = started.base === undefined ? 'an app in this process' : markdownCode(mask(rootOf(started)));
  const ran = `${counted(finished.requests, 'request')} in ${durationText(finished.milliseconds)}, seed ${started.seed}`;
  return [
    `## ${resultText(finished)}`,
    '',
    `${markdownText(mask(`${title} ${version}`))} at ${where}, ${ran}`,
    ...(stopped === undefined ? [] : ['', `**The run is incomplete: ${markdownText(mask(stopped))}.**`]),
  ];
}

function resultText(finished: RunFinished): string {
  const { violation, undocumented, note } = tallyOf(finished.findings);
  const counts = [
    ...(violation === 0 ? [] : [counted(violation, 'violation')]),
    ...(undocumented === 0 ? [] : [`${undocumented} undocumented`]),
    ...(note === 0 ? [] : [counted(note, 'note')]),
  ];
  const words = {
    conforms: '✅ Conforms',
    deviates: '❌ Does not conform',
    incomplete: '⚠️ Incomplete',
    unreachable: '❌ Could not reach the server',
  };
  const word = words[resultOf(finished)];
  return counts.length === 0 ? word : `${word}: ${counts.join(', ')}`;
}

function findingLines({ started, finished }: WholeRun, mask: Mask): readonly string[] {
  const findings = inOrder(finished.findings);
  if (findings.length === 0) return [];
  const folder = repositoryRoot();
  const rows = findings
    .slice(0, mostRows)
    .map((finding) => [
      rankOf(finding),
      markdownCode(mask(headingOf(finding))),
      markdownText(cut(mask(finding.title), 200)),
      markdownCode(finding.check),
      markdownCode(`${pathFrom(folder, mask(finding.at.file))}:${finding.at.line}`),
      shownCell(finding),
    ]);
  const left = findings.length - rows.length;
  const details = findings
    .slice(0, mostDetails)
    .flatMap((finding) => [
      '',
      `<details><summary>${markdownText(`${mask(headingOf(finding))}: ${titleOf(finding, mask)}`)}</summary>`,
      '',
      markdownBlock(detailLines(finding, rootOf(started), mask).flatMap((line) => line.split('\n'))),
      '',
      '</details>',
    ]);
  return [
    '',
    ...markdownTable(['', 'Endpoint', 'What is wrong', 'Check', 'Contract', 'Shown'], rows),
    ...(left === 0 ? [] : ['', `and ${counted(left, 'more finding')}`]),
    ...details,
  ];
}

function shownCell({ count, confirmed }: Finding): string {
  const times = count.toLocaleString('en');
  return confirmed !== undefined && isUnstable(confirmed)
    ? `${times} (unstable: ${confirmed.shown} of ${confirmed.of})`
    : times;
}

function gapLines({ finished }: WholeRun, mask: Mask): readonly string[] {
  if (finished.notExercised.length === 0) return [];
  const groups = byReason(finished.notExercised);
  const rows = groups.slice(0, mostReasons).map(([reason, gaps]) => [
    String(gaps.length),
    markdownText(cut(mask(reason), 200)),
    gaps
      .slice(0, 5)
      .map(({ what }) => markdownCode(cut(mask(what), 100)))
      .join(', ') + (gaps.length > 5 ? `, and ${gaps.length - 5} more` : ''),
  ]);
  const left = groups.slice(mostReasons).flatMap(([, gaps]) => gaps).length;
  return [
    '',
    '### Not exercised',
    '',
    ...markdownTable(['', 'Why', 'What'], rows),
    ...(left === 0 ? [] : ['', `and ${left.toLocaleString('en')} more`]),
  ];
}

function coverageLines({ coverage }: RunFinished): readonly string[] {
  const rows = coverage
    .filter(({ total }) => total > 0)
    .map(({ kind, exercised, total }) => [
      kindNames[kind][1],
      `${exercised} of ${total}`,
      `${Math.floor((exercised / total) * 100)} %`,
    ]);
  if (rows.length === 0) return [];
  return ['', '### Exercised', '', ...markdownTable(['', 'Exercised', 'Share'], rows)];
}

function baselineLines({ accepted, vanished }: RunFinished, mask: Mask): readonly string[] {
  return [
    ...(accepted === 0 ? [] : ['', `${counted(accepted, 'finding')} accepted by the baseline`]),
    ...(vanished.length === 0 ? [] : ['', 'Of the baseline, these did not show:', '']),
    ...vanished.map(({ id, title }) => `- ${markdownText(mask(title))} (${markdownCode(id)})`),
  ];
}
