/** A comparison on a terminal: each parting with what both answered, what the contract says of it, and the calls that lead there. */

import type {
  CompareFinished,
  CompareStarted,
  NotCompared,
  Parting,
  PartingStep,
  Standing,
} from '../conformance/compare/event.js';
import type { Mask } from '../conformance/event.js';
import { compared } from '../conformance/report/difference.js';
import { clipped, comparedLines, hanging, type Layout, padded } from '../conformance/report/layout.js';
import { counted, durationText, visible, visibleLines } from '../conformance/report/text.js';
import { locationText } from '../openapi/contract-error.js';

/** What a comparison is shown with. */
export type Showing = { readonly layout: Layout; readonly mask: Mask; readonly verbose: boolean };

/** The two servers, and what will be run. */
export function startedText(
  { api, bases, seed, planned }: CompareStarted,
  { mask, layout }: Showing,
): string {
  const where = (base: string | undefined): string =>
    base === undefined ? 'the mock, in this process' : mask(base);
  const title = layout.paint('bold', visible(`${api.title} ${api.version}`));
  return `${title}\n  A  ${visible(where(bases.A))}\n  B  ${visible(where(bases.B))}\n  ${planned === undefined ? 'walks' : counted(planned, 'workflow')}, seed ${seed}\n`;
}

/** How far it is, in one line. */
export function progressText(done: number, planned: number | undefined, parted: number): string {
  return `${done}${planned === undefined ? '' : ` of ${planned}`} workflows, ${counted(parted, 'parting')}`;
}

/** All partings, and the sum. */
export function comparisonText(
  finished: CompareFinished,
  showing: Showing & { readonly seed: number },
): string {
  const { partings, unstable, notCompared } = finished;
  const { layout } = showing;
  const lines = [
    ...partings.flatMap((parting) => ['', ...partingLines(parting, showing)]),
    ...(unstable.length === 0
      ? []
      : ['', layout.paint(['bold', 'yellow'], 'Unstable: these showed, and did not show again')]),
    ...unstable.flatMap((parting) => ['', ...partingLines(parting, showing)]),
    ...(notCompared.length === 0 ? [] : ['', layout.paint('bold', 'Not compared')]),
    ...notCompared.flatMap((gap) => gapLines(gap, showing)),
    '',
    ...sumLines(finished, showing),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const labelWidth = 10;

function label(name: string, { paint }: Layout): string {
  return `    ${paint('dim', padded(name, labelWidth))}`;
}

function partingLines(parting: Parting, showing: Showing): readonly string[] {
  const { layout, mask, verbose } = showing;
  const { endpoint, title, besides, a, b, at, location, confirmed, count, id } = parting;
  const text = (part: string): string => visibleLines(mask(part));
  const [here, there] = compared(text(a), text(b), verbose ? 4000 : 400);
  const shown = `${confirmed.shown} of ${counted(confirmed.of, 'time')}, in ${counted(count, 'workflow')}`;
  return [
    layout.paint('bold', visible(mask(endpoint ?? 'a request of no operation'))),
    `  ${layout.paint('red', '✗')} ${layout.paint('bold', visible(mask(title)))}`,
    ...comparedLines(label('A', layout), here, 'green', layout),
    ...comparedLines(label('B', layout), there, 'red', layout),
    ...(at === '' ? [] : hanging(label('at', layout), visible(mask(at)), layout)),
    ...(besides.length === 0
      ? []
      : hanging(label('besides', layout), visible(mask(besides.join('; '))), layout)),
    ...hanging(label('contract', layout), standingText(parting), layout),
    ...(location === undefined
      ? []
      : [`${' '.repeat(4 + labelWidth)}${layout.paint('cyan', visible(mask(locationText(location))))}`]),
    ...storyLines(parting.steps, showing),
    `${label('shown', layout)}${shown}  ${layout.paint('dim', `id ${id}`)}`,
  ];
}

const standings: Readonly<Record<Standing, string>> = {
  permitted: 'permits',
  forbidden: 'forbids',
  open: 'leaves open',
};

/** What the contract makes of both: so that it is seen at once which of them is wrong. */
function standingText({ standing: { A, B } }: Parting): string {
  if (A === B) return `it ${standings[A]} both answers`;
  return `it ${standings[A]} what A answers, and ${standings[B]} what B answers`;
}

function storyLines(steps: readonly PartingStep[], { layout, mask }: Showing): readonly string[] {
  const width = String(steps.length).length;
  return steps.map((step, index) => {
    const lead = index === 0 ? label('calls', layout) : ' '.repeat(4 + labelWidth);
    const number = `${String(index + 1).padStart(width)}  `;
    const late = step.wait === undefined ? '' : `${step.wait} later: `;
    const user = step.user === undefined ? '' : ` (${step.user})`;
    const call = visible(mask(`${late}${step.call}${user} -> ${answersText(step)}`));
    const left = layout.width - 4 - labelWidth - number.length - call.length - 2;
    const sent = visible(mask(step.sent.join('  ')));
    const rest = sent === '' || left < 16 ? '' : `  ${layout.paint('dim', clipped(sent, left))}`;
    return `${lead}${number}${call}${rest}`;
  });
}

/** `200`, or `A 401, B 200` where they part. */
function answersText({ exchanges: { A, B } }: Pick<PartingStep, 'exchanges'>): string {
  const text = (records: PartingStep['exchanges']['A']): string =>
    records
      .map(({ outcome }) => (outcome.kind === 'response' ? String(outcome.response.status) : outcome.failure))
      .join(' ');
  const [here, there] = [text(A), text(B)];
  return here === there ? here : `A ${here}, B ${there}`;
}

function gapLines({ reason, count, example }: NotCompared, { layout, mask }: Showing): readonly string[] {
  const times = count === 1 ? '' : `, and ${counted(count - 1, 'other workflow')}`;
  return hanging('  ', visible(mask(`${example}${times}: ${reason}`)), layout);
}

function sumLines(
  finished: CompareFinished,
  { layout, mask, seed }: Showing & { readonly seed: number },
): readonly string[] {
  const {
    partings,
    unstable,
    compared: answers,
    workflows,
    milliseconds,
    stopped,
    unreachable,
    requests,
  } = finished;
  const { same, parted, notCompared } = workflows;
  const isEqual = partings.length === 0;
  const verdict =
    unreachable !== undefined
      ? `${unreachable.side} cannot be reached: ${unreachable.why}`
      : isEqual
        ? `A and B do not part${unstable.length === 0 ? '' : `, but for ${unstable.length} unstable`}.`
        : `A and B part in ${counted(partings.length, 'way')}${unstable.length === 0 ? '' : `, and ${unstable.length} unstable`}.`;
  const run = same + parted + notCompared;
  const left =
    stopped !== undefined
      ? ` Stopped by ${stopped.replace('-', ' ')} after ${counted(run, 'workflow')}.`
      : '';
  const sum =
    `${counted(answers, 'answer')} compared in ${counted(same + parted, 'workflow')}: ${same} the same, ${parted} parted; ` +
    `${notCompared} not compared. ${counted(requests.A, 'request')} to A, ${counted(requests.B, 'request')} to B, ` +
    `${durationText(milliseconds)}, seed ${seed}.${left}`;
  return [
    layout.paint(
      isEqual && unreachable === undefined ? ['bold', 'green'] : ['bold', 'red'],
      visible(mask(verdict)),
    ),
    ...hanging('', sum, layout),
  ];
}
