/** The end of a run on a terminal: what was not exercised, how much was, and how it came out. */

import type { Coverage, NotExercised, RunFinished, RunStarted } from '../event.js';
import { clipped, hanging, type Layout, listed, padded } from './layout.js';
import { byReason, kindNames, type Result, resultOf, stoppedText, tallyOf } from './order.js';
import type { Format } from './paint.js';
import type { Showing } from './terminal-finding.js';
import { counted, durationText, visible } from './text.js';

/** How many reasons are given before the rest is only counted. */
const mostReasons = 6;

/** What was not exercised, a line for each reason; all of it when the report is verbose. */
export function gapLines(gaps: readonly NotExercised[], showing: Showing): readonly string[] {
  if (gaps.length === 0) return [];
  const groups = byReason(gaps);
  const told = showing.verbose ? groups : groups.slice(0, mostReasons);
  const left = groups.slice(told.length).flatMap(([, group]) => group).length;
  return [
    '',
    showing.layout.paint('bold', `Not exercised: ${gaps.length.toLocaleString('en')}`),
    ...told.flatMap((group) => reasonLines(group, showing)),
    ...(left === 0 ? [] : [`  and ${left.toLocaleString('en')} more (--report json has all)`]),
  ];
}

function reasonLines(
  [reason, gaps]: readonly [string, readonly NotExercised[]],
  { layout, mask, verbose }: Showing,
): readonly string[] {
  const { paint, width } = layout;
  const lead = `  ${String(gaps.length).padStart(4)}  `;
  const whats = gaps.map(({ what }) => visible(mask(what)));
  const because = hanging(lead, visible(mask(reason)), layout);
  if (verbose) return [...because, ...whats.map((what) => `        ${paint('dim', what)}`)];
  return [...because, `        ${paint('dim', clipped(listed(whats, width - 8), width - 8))}`];
}

/** How much was exercised: a small table, or one line when there is nothing to look into. */
export function coverageLines(
  coverage: readonly Coverage[],
  layout: Layout,
  asTable: boolean,
): readonly string[] {
  const rows = coverage.filter(({ total }) => total > 0);
  if (rows.length === 0) return [];
  if (!asTable) {
    const parts = rows.map(({ kind, exercised, total }) => `${exercised} of ${total} ${kindNames[kind][1]}`);
    return hanging('Exercised: ', parts.join(', '), layout);
  }
  const names = Math.max(...rows.map(({ kind }) => kindNames[kind][1].length));
  const digits = Math.max(...rows.map(({ total }) => String(total).length));
  return [
    '',
    layout.paint('bold', 'Exercised'),
    ...rows.map(({ kind, exercised, total }) => {
      const figures = `${String(exercised).padStart(digits)} of ${String(total).padStart(digits)}`;
      const isAll = exercised === total;
      const share = `${Math.floor((exercised / total) * 100)} %`.padStart(6);
      return `  ${padded(kindNames[kind][1], names)}  ${figures}  ${layout.paint(isAll ? 'green' : 'yellow', share)}`;
    }),
  ];
}

const bars: Readonly<Record<Result, Format>> = {
  conforms: ['bold', 'white', 'bgGreen'],
  deviates: ['bold', 'white', 'bgRed'],
  incomplete: ['bold', 'black', 'bgYellow'],
  unreachable: ['bold', 'white', 'bgRed'],
};

/** The result, as a bar over the whole width, and below it what it rests on. */
export function summaryLines(
  started: RunStarted | undefined,
  finished: RunFinished,
  showing: Showing,
): readonly string[] {
  const { layout, mask } = showing;
  const result = resultOf(finished);
  const isEmpty = result === 'conforms' && finished.requests === 0;
  const stopped = stoppedText(finished);
  const ran = `${counted(finished.requests, 'request')} in ${durationText(finished.milliseconds)}`;
  const seed = started === undefined ? '' : `, seed ${started.seed}`;
  const why = stopped === undefined ? [] : [visible(mask(`The run is incomplete: ${stopped}.`))];
  const lines = [...why, `${ran}${seed}`];
  return [
    '',
    ...bar(visible(mask(headline(result, finished))), isEmpty ? bars.incomplete : bars[result], layout),
    ...lines.flatMap((line) => hanging('', line, layout)),
    ...baselineLines(finished, showing),
  ];
}

/** The result in capitals, and what else was found. */
function headline(result: Result, { findings, complete, requests }: RunFinished): string {
  const { violation, undocumented, note } = tallyOf(findings);
  const others = [
    ...(undocumented === 0 ? [] : [`${undocumented} undocumented`]),
    ...(note === 0 ? [] : [counted(note, 'note')]),
  ];
  if (result === 'conforms' && requests === 0) return 'NOTHING WAS JUDGED';
  if (result !== 'deviates') {
    const word = {
      conforms: 'CONFORMS',
      incomplete: 'INCOMPLETE',
      unreachable: 'COULD NOT REACH THE SERVER',
    };
    return [word[result], ...others].join('   ');
  }
  const rest = complete ? others : [...others, 'INCOMPLETE'];
  if (violation === 0) return [`${undocumented} UNDOCUMENTED`, ...rest.slice(1)].join('   ');
  return [counted(violation, 'VIOLATION', 'VIOLATIONS'), ...rest].join('   ');
}

function bar(text: string, format: Format, { color, paint, width }: Layout): readonly string[] {
  if (color) {
    const blank = paint(format, ' '.repeat(width));
    return [blank, paint(format, padded(`  ${clipped(text, width - 4)}`, width)), blank];
  }
  const rule = '='.repeat(width);
  return [rule, `  ${clipped(text, width - 4)}`, rule];
}

function baselineLines({ accepted, vanished }: RunFinished, { layout, mask }: Showing): readonly string[] {
  return [
    ...(accepted === 0 ? [] : [`${counted(accepted, 'finding')} accepted by the baseline`]),
    ...(vanished.length === 0
      ? []
      : [`${counted(vanished.length, 'finding')} of the baseline did not show:`]),
    ...vanished.flatMap(({ id, title }) => hanging('  ', visible(mask(`${title}  (${id})`)), layout)),
  ];
}
