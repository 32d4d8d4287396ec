/** Findings on a terminal: each understood in ten seconds, the most telling first, those of one endpoint together. */

import { locationText } from '../../openapi/contract-error.js';
import type { Finding, Mask } from '../event.js';
import { compared } from './difference.js';
import { clipped, comparedLines, folded, hanging, type Layout, listed, padded } from './layout.js';
import { groupedBy, headingOf, inOrder, isUnstable, type Rank, rankOf, ranks, shownText } from './order.js';
import type { Format } from './paint.js';
import { curlOf, storyOf } from './story.js';
import { cut, visible, visibleLines } from './text.js';

/** What findings are shown with. */
export type Showing = {
  readonly layout: Layout;
  readonly mask: Mask;
  /** The URL that paths are appended to. */
  readonly root: string;
  /** Whether notes are shown whole too, and long texts at length. */
  readonly verbose: boolean;
};

const titles: Readonly<Record<Rank, string>> = {
  violation: 'Violations',
  undocumented: 'Undocumented: the contract is silent on these',
  note: 'Notes: these fail nothing',
};

const formats: Readonly<Record<Rank, Format>> = { violation: 'red', undocumented: 'yellow', note: 'cyan' };
const marks: Readonly<Record<Rank, string>> = { violation: '✗', undocumented: '?', note: '·' };

/** Stories that are longer are told by their beginning and their end. */
const longestStory = 10;

/** Where the second column of a finding starts. */
const labelWidth = 10;

/** All findings, with headings and blank lines between them. */
export function findingLines(findings: readonly Finding[], showing: Showing): readonly string[] {
  const ordered = inOrder(findings);
  return ranks.flatMap((rank) => {
    const ofRank = ordered.filter((finding) => rankOf(finding) === rank);
    if (ofRank.length === 0) return [];
    const title = showing.layout.paint(['bold', ...[formats[rank]].flat()], titles[rank]);
    const isMerged = rank !== 'violation' && !showing.verbose;
    const told = isMerged ? groupedBy(ofRank, sameness).map(([, alike]) => merged(alike)) : ofRank.map(alone);
    const groups = groupedBy(told, ({ headings }) => headings.join('\n'));
    return ['', title, ...groups.flatMap(([, group]) => groupLines(group, showing))];
  });
}

/** A finding, and the endpoints that it is told of: several where the same showed at each of them. */
type Told = { readonly finding: Finding; readonly headings: readonly string[] };

function alone(finding: Finding): Told {
  return { finding, headings: [headingOf(finding)] };
}

/** What a server does at every endpoint alike is told once, by the first of them. */
function merged(alike: readonly Finding[]): Told {
  const [first] = alike;
  if (first === undefined) throw new TypeError('A group has a member.');
  const count = alike.reduce((sum, finding) => sum + finding.count, 0);
  return { finding: { ...first, count }, headings: [...new Set(alike.map(headingOf))] };
}

/** Two findings with the same text differ only in where they showed. */
function sameness({ severity, check, title, expected, actual, confirmed }: Finding): string {
  return JSON.stringify([severity, check, title, expected, actual, isUnstable(confirmed)]);
}

function groupLines(group: readonly Told[], showing: Showing): readonly string[] {
  const { layout, mask } = showing;
  const headings = (group[0]?.headings ?? []).map((endpoint) => visible(mask(endpoint)));
  const heading = layout.paint('bold', listed(headings, layout.width));
  const told = group.map(({ finding }) => findingOf(finding, showing));
  return ['', heading, ...told.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))];
}

/** One line for a finding when it first shows. */
export function findingLine(finding: Finding, { mask, layout }: Showing): string {
  const text = `${markOf(finding)} ${headingOf(finding)}: ${finding.title}  ${finding.check}`;
  return layout.paint(formats[rankOf(finding)], clipped(visible(mask(text)), layout.width));
}

function markOf(finding: Finding): string {
  return finding.severity === 'error' ? marks.violation : marks[rankOf(finding)];
}

/**
 * What is wrong; what was expected beside what came; the calls that led there; where the contract says so, and why; how
 * to see it oneself. A note is told in brief: many of them must not bury a violation.
 */
function findingOf(finding: Finding, showing: Showing): readonly string[] {
  const isBrief = rankOf(finding) === 'note' && !showing.verbose;
  const lines = [
    ...titleLines(finding, showing),
    ...(finding.when === undefined || isBrief ? [] : occasion(finding.when, showing)),
    ...comparison(finding, showing),
    ...(isBrief ? [] : story(finding, showing)),
    ...grounds(finding, showing),
    ...(isBrief ? [] : curl(finding, showing)),
    shown(finding, showing),
  ];
  return showing.layout.color ? lines : lines.map((line) => line.trimEnd());
}

function titleLines(finding: Finding, { layout, mask }: Showing): readonly string[] {
  const format = formats[finding.severity === 'error' ? 'violation' : rankOf(finding)];
  const name = visible(finding.check);
  const pieces = folded(visible(mask(finding.title)), layout.width - 4);
  const last = pieces.length - 1;
  return pieces.flatMap(({ text }, index) => {
    const start = index === 0 ? `  ${layout.paint(format, markOf(finding))} ` : '    ';
    const line = `${start}${layout.paint('bold', text.trimEnd())}`;
    if (index < last) return [line];
    const fits = 4 + text.length + 2 + name.length <= layout.width;
    return fits ? [`${line}  ${layout.paint('dim', name)}`] : [line, `    ${layout.paint('dim', name)}`];
  });
}

function occasion(when: string, { layout, mask }: Showing): readonly string[] {
  return hanging(label('when', layout), visible(mask(when)), layout);
}

function comparison(finding: Finding, { layout, mask, verbose }: Showing): readonly string[] {
  const text = (part: string): string => visibleLines(mask(part));
  const [expected, actual] = compared(text(finding.expected), text(finding.actual), verbose ? 4000 : 400);
  return [
    ...comparedLines(label('expected', layout), expected, 'green', layout),
    ...comparedLines(label('actual', layout), actual, 'red', layout),
    ...(finding.pointer === undefined || finding.pointer === ''
      ? []
      : hanging(label('at', layout), visible(mask(finding.pointer)), layout)),
  ];
}

function grounds(finding: Finding, { layout, mask, verbose }: Showing): readonly string[] {
  const { sentence, section } = finding.specification;
  const why = visible(mask(`${sentence} (${section})`));
  return [
    `${label('contract', layout)}${layout.paint('cyan', visible(mask(locationText(finding.at))))}`,
    ...hanging(label('why', layout), verbose ? why : cut(why, 240), layout),
  ];
}

function shown(finding: Finding, { layout }: Showing): string {
  const times = shownText(finding).replace(/^shown /, '');
  const text = isUnstable(finding.confirmed) ? layout.paint('yellow', times) : times;
  return `${label('shown', layout)}${text}  ${layout.paint('dim', `id ${visible(finding.id)}`)}`;
}

/** The name of a step is given so many columns. */
const deedWidth = 40;

/** Who does what, how, and what came: the call at which server and contract part is marked. */
function story(finding: Finding, { layout, mask }: Showing): readonly string[] {
  if (finding.exchanges.length < 2) return [];
  const lines = storyOf(finding, mask);
  const numberWidth = Math.max(...lines.map(({ number }) => number.length));
  const longestDeed = Math.min(deedWidth, Math.max(...lines.map(({ deed }) => deed.length)));
  const room = layout.width - (4 + labelWidth + numberWidth + 2) - (longestDeed === 0 ? 0 : longestDeed + 2);
  const told = lines.map(({ number, deed, call, carried, parts }, index) => {
    const lead = index === 0 ? label('calls', layout) : ' '.repeat(4 + labelWidth);
    const start = parts ? `${lead.slice(0, -2)}${layout.paint('bold', marks.violation)} ` : lead;
    const what = longestDeed === 0 ? '' : `${padded(clipped(deed, longestDeed), longestDeed)}  `;
    const left = room - call.length - 2;
    const rest = carried === '' || left < 16 ? '' : `  ${layout.paint('dim', clipped(carried, left))}`;
    return `${start}${number.padStart(numberWidth)}  ${what}${clipped(call, Math.max(20, room))}${rest}`;
  });
  if (told.length <= longestStory) return told;
  const half = longestStory / 2;
  const hidden = `${' '.repeat(4 + labelWidth)}… ${told.length - longestStory} more calls`;
  return [...told.slice(0, half), layout.paint('dim', hidden), ...told.slice(-half)];
}

/** Not folded: a line that is to be pasted must be one. */
function curl(finding: Finding, { layout, mask, root }: Showing): readonly string[] {
  const line = curlOf(finding, root, mask);
  return line === undefined ? [] : [`${label('repeat', layout)}${visibleLines(line)}`];
}

function label(name: string, { paint }: Layout): string {
  return `    ${paint('dim', padded(name, labelWidth))}`;
}
