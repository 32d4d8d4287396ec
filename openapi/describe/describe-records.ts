/** What a contract records about itself: its decisions, as data or as a section of its description, and what was not seen. */

import { isObject, type Json, type JsonObject } from '../json.js';
import type { Decision, Unseen } from './description.js';

/** The decisions of the root's `x-decisions`. */
export function recordedDecisions(root: JsonObject): readonly Decision[] {
  return objectsIn(root['x-decisions']).map(({ about, sources, decided, reason }) => ({
    about: text(about),
    sources: objectsIn(sources).map(({ source, says }) => ({ source: text(source) ?? '', says: text(says) })),
    decided: text(decided) ?? '',
    reason: text(reason),
  }));
}

/** What the root's `x-unseen` names. */
export function unseenIn(root: JsonObject): readonly Unseen[] {
  return objectsIn(root['x-unseen']).map(({ what, source, reason }) => ({
    what: text(what) ?? '',
    source: text(source),
    reason: text(reason) ?? '',
  }));
}

/** A description in Markdown without the section that is headed "Decisions"; the items of that section, and what stands before them. */
export function splitDescription(markdown: string): {
  readonly description: string | undefined;
  readonly preface: string | undefined;
  readonly decisions: readonly Decision[];
} {
  const lines = markdown.split('\n');
  const fenced = fencedLines(lines);
  const heading = (line: string, index: number): RegExpExecArray | null =>
    fenced[index] === true ? null : /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
  const start = lines.findIndex((line, index) => /^decisions\b/i.test(heading(line, index)?.[2] ?? ''));
  if (start === -1) return { description: orNothing(markdown), preface: undefined, decisions: [] };
  const level = heading(lines[start] ?? '', start)?.[1]?.length ?? 0;
  const next = lines.findIndex(
    (line, index) =>
      index > start && (heading(line, index)?.[1]?.length ?? Number.POSITIVE_INFINITY) <= level,
  );
  const end = next === -1 ? lines.length : next;
  const section = lines.slice(start + 1, end);
  const first = section.findIndex((line) => bullet.test(line));
  const preface = first === -1 ? section : section.slice(0, first);
  const kept = [...lines.slice(0, start), ...lines.slice(end)];
  return {
    description: orNothing(kept.join('\n')),
    preface: orNothing(preface.join('\n')),
    decisions: first === -1 ? [] : itemsOf(section.slice(first)).map(decisionOf),
  };
}

const bullet = /^ {0,3}[-*+] +/;

function fencedLines(lines: readonly string[]): readonly boolean[] {
  let fence: string | undefined;
  return lines.map((line) => {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    const isInside = fence !== undefined;
    if (mark !== undefined && fence === undefined) fence = mark;
    else if (mark !== undefined && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    return isInside || mark !== undefined;
  });
}

/** The items of a list, each with the lines that belong to it. */
function itemsOf(lines: readonly string[]): readonly string[] {
  const items: string[][] = [];
  for (const line of lines) {
    if (bullet.test(line)) items.push([line.replace(bullet, '')]);
    else items.at(-1)?.push(line.trim());
  }
  return items.map((item) => item.join('\n').trim());
}

/** `**About.** What is decided.`; without a title, all of it is what is decided. */
function decisionOf(item: string): Decision {
  const [, about, decided = ''] = /^\*\*(.+?)\*\*\s*([\s\S]*)$/.exec(item) ?? [];
  return {
    about: about?.replace(/[.:]$/, ''),
    sources: [],
    decided: (about === undefined ? item : decided).replace(/\s*\n\s*/g, ' ').trim(),
    reason: undefined,
  };
}

function objectsIn(raw: Json | undefined): readonly JsonObject[] {
  return Array.isArray(raw) ? raw.filter(isObject) : [];
}

function text(raw: Json | undefined): string | undefined {
  return typeof raw === 'string' ? raw.trim() : undefined;
}

function orNothing(markdown: string): string | undefined {
  const trimmed = markdown.trim();
  return trimmed === '' ? undefined : trimmed;
}
