/** What walks make of each defect that they can tell: in how many requests they find it, and how short the story of it becomes. */

import type { Finding, Phase, RunEvent } from '../../conformance/event.js';
import { checked } from './checked.js';
import deepDefects from './deep-defects.json' with { type: 'json' };
import { type Case, kinds } from './defect-results.js';
import defects from './defects.json' with { type: 'json' };
import type { Kind } from './start.js';

/** A defect that walks can tell, in one of the servers that have it. */
export type WalkedCase = Case & {
  /** How many calls the shortest sequence has that shows it. */
  readonly least: number;
};

/** Walks with one seed. */
export type Walk = {
  readonly seed: number;
  /** How many requests had been sent when it first showed; undefined when it did not. */
  readonly requests: number | undefined;
  /** How many calls its sequence has at the end. */
  readonly calls: number | undefined;
  readonly confirmed: Finding['confirmed'];
  readonly finding: string | undefined;
  /** The calls, a line each. */
  readonly story: readonly string[];
  readonly seconds: number;
};

export type Walked = WalkedCase & { readonly walks: readonly Walk[] };

export type Walking = { readonly phases: readonly Phase[]; readonly requests: number };

type Listed = Omit<Case, 'kind'> & { readonly servers: readonly string[]; readonly least?: number };

/** The defects that walks can tell, in every server that has them. */
export const walkedCases: readonly WalkedCase[] = casesOf(defects);

/** Those that only a longer sequence shows. */
export const deepCases: readonly WalkedCase[] = casesOf(
  deepDefects.map((each) => ({ ...each, category: 'deep' })),
);

function casesOf(listed: readonly Listed[]): readonly WalkedCase[] {
  return listed.flatMap(({ servers, least, name, category, by, sentence }) =>
    kinds
      .filter((kind) => least !== undefined && servers.includes(kind))
      .map((kind) => ({ kind, name, category, by, sentence, least: least ?? 0 })),
  );
}

/** More walks than any number of requests has room for. */
const walks = { count: 100_000 };
/** Milliseconds that an answer may take: the machine may be busy. */
const timeout = 10_000;
/** What a finding costs that is tried again and made shorter is not counted. */
const aside = 2000;

/** Takes walks to a case until its first error has been made as short as it becomes, or the requests are spent. */
export async function walked(
  { kind, name }: WalkedCase,
  seed: number,
  { phases, requests }: Walking,
): Promise<Walk> {
  let first: Finding | undefined;
  const isEnough = (event: RunEvent): boolean => {
    if (event.type === 'finding' && event.finding.severity === 'error') first ??= event.finding;
    if (event.type === 'exchange') return first === undefined && event.exchange.id >= requests;
    return event.type === 'workflow-finished' && first !== undefined;
  };
  const { finished } = await checked(kind, name, {
    workflows: [],
    phases,
    seed,
    walks,
    timeout,
    maxRequests: requests + aside,
    isEnough,
  });
  const last = finished.findings.find(({ id }) => id === first?.id);
  return {
    seed,
    requests: first?.exchanges.at(-1)?.id,
    calls: last?.exchanges.length,
    confirmed: last?.confirmed,
    finding: last && `${last.check}: ${last.title}`,
    story: last === undefined ? [] : storyOf(last),
    seconds: Math.round(finished.milliseconds / 10) / 100,
  };
}

/** The errors of a correct server after so many requests. */
export async function errorsOf(
  kind: Kind,
  seed: number,
  { phases, requests }: Walking,
): Promise<readonly Finding[]> {
  const { finished } = await checked(kind, undefined, {
    workflows: [],
    phases,
    seed,
    walks,
    timeout,
    maxRequests: requests,
  });
  if (finished.stopped === 'unreachable') throw new Error(`${kind} is gone: ${finished.unreachable}`);
  return finished.findings.filter(({ severity }) => severity === 'error');
}

/** The calls of a finding and what came of them, a line each. */
export function storyOf({ exchanges }: Pick<Finding, 'exchanges'>): readonly string[] {
  const names = new Map<string, string>();
  const short = (text: string): string =>
    text.replace(/[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, (token) => {
      if (!names.has(token)) names.set(token, `TOKEN ${names.size + 1}`);
      return names.get(token) ?? token;
    });
  const decoder = new TextDecoder();
  return exchanges.map(({ step, request, outcome }) => {
    const credential = request.fields.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
    const sent = [credential, request.content === undefined ? '' : decoder.decode(request.content)].join(' ');
    const came =
      outcome.kind === 'response'
        ? `${outcome.response.status} ${decoder.decode(outcome.response.content)}`
        : outcome.kind;
    return `${step}: ${request.method} ${request.path} ${short(sent).trim()} -> ${short(came)}`.slice(0, 400);
  });
}

/** How many were found and how short they became, by category and of all; then what was not found or stayed long. */
export function totalsText(results: readonly Walked[]): string {
  const categories = [...new Set(results.map(({ category }) => category))];
  const totals = [...categories, 'all'].map((category) =>
    totalLine(
      category,
      results.filter((each) => category === 'all' || each.category === category),
    ),
  );
  const missed = results.flatMap(missedLines);
  const parts = [[totalHeading, ...totals].join('\n'), ...(missed.length === 0 ? [] : [missed.join('\n')])];
  return `${parts.join('\n\n')}\n`;
}

const isFound = ({ requests }: Walk): boolean => requests !== undefined;

/** The line of the table for one case. */
export function caseLine({ kind, name, category, least, walks: own }: Walked): string {
  const found = own.filter(isFound);
  return row([
    `${kind} ${name}`,
    category,
    `${found.length}/${own.length}`,
    spread(found.map(({ requests }) => requests ?? 0)),
    spread(found.map(({ calls }) => calls ?? 0)),
    String(least),
    own.length === 1 ? String(own[0]?.seed) : `${own[0]?.seed}-${own.at(-1)?.seed}`,
  ]);
}

/** The one number, or the least, the middle and the greatest. */
function spread(numbers: readonly number[]): string {
  const [...sorted] = numbers.toSorted((a, b) => a - b);
  if (sorted.length < 2) return sorted.length === 0 ? '-' : String(sorted[0]);
  return `${sorted[0]}..${sorted[Math.floor(sorted.length / 2)]}..${sorted.at(-1)}`;
}

/** What stands above the lines. */
export const heading: string = row(['defect', 'category', 'found', 'requests', 'calls', 'least', 'seed']);

function row([defect = '', category = '', ...numbers]: readonly string[]): string {
  return `${defect.padEnd(57)}${category.padEnd(15)}${numbers.map((text, index) => text.padStart([7, 16, 10, 7, 6][index] ?? 8)).join('')}`;
}

const totalHeading = 'category           cases   found     of   least  least+1    more';

function totalLine(category: string, results: readonly Walked[]): string {
  const all = results.flatMap(({ least, walks: own }) =>
    own.map(({ calls }) => (calls === undefined ? undefined : calls - least)),
  );
  const found = all.flatMap((each) => each ?? []);
  const counts = [
    results.length,
    found.length,
    all.length,
    found.filter((over) => over <= 0).length,
    found.filter((over) => over === 1).length,
    found.filter((over) => over > 1).length,
  ];
  return `${category.padEnd(16)}${counts.map((count, index) => String(count).padStart([8, 8, 7, 8, 9, 8][index] ?? 8)).join('')}`;
}

/** The seeds that did not find it; those whose story stayed too long, and the story. */
function missedLines({ kind, name, least, sentence, walks: own }: Walked): readonly string[] {
  const missed = own.filter((walk) => !isFound(walk));
  const long = own.filter(({ calls }) => calls !== undefined && calls > least + 1);
  const [longest] = long.toSorted((a, b) => (b.calls ?? 0) - (a.calls ?? 0));
  return [
    ...(missed.length === 0
      ? []
      : [`NOT FOUND ${kind} ${name}, seeds ${missed.map(({ seed }) => seed).join(' ')}: ${sentence}`]),
    ...(longest === undefined
      ? []
      : [
          `LONG      ${kind} ${name}, ${longest.calls} calls for ${least}, seeds ${long.map(({ seed }) => seed).join(' ')}: ${longest.finding}`,
          ...longest.story.map((line) => `          ${line}`),
        ]),
  ];
}
