/** The report for CI servers: JUnit XML, in which each planned workflow is a test case. */

import XMLBuilder from 'fast-xml-builder';
import { type Finding, type MakeReport, type Mask, type PlannedWorkflow, phases } from '../event.js';
import { documentReport, reasonOf, type WholeRun } from './collect.js';
import { rootOf } from './ledger.js';
import { inOrder, stoppedText } from './order.js';
import { detailLines, titleOf } from './plain.js';
import { visible } from './text.js';

/** An element: attributes by names that start with `@`, children by their names, text as `#text`. */
type Element = { readonly [name: string]: string | Element | readonly Element[] };

/** One test case, and what counts in its suite. */
type Case = {
  readonly element: Element;
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'error';
  readonly milliseconds: number;
};

type Suite = { readonly name: string; readonly cases: readonly Case[] };

/**
 * JUnit XML as CI servers read it. A suite for each phase; findings that fail the run are the failure of their
 * workflow, all in one as most readers show only the first; notes are its output. What could not be tried is skipped.
 */
export const junitReport: MakeReport = documentReport((run, mask) => {
  const suites = [...suitesOf(run, mask), ...otherSuites(run, mask)].filter(({ cases }) => cases.length > 0);
  const builder = new XMLBuilder({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
    format: true,
  });
  const cases = suites.flatMap((suite) => suite.cases);
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': xmlLine(`counterfoil: ${mask(run.started.api.title)}`),
      ...figures(cases),
      testsuite: suites.map((suite) => suiteElement(suite, run, mask)),
    },
  });
});

function suitesOf(run: WholeRun, mask: Mask): readonly Suite[] {
  const { workflows, finished } = run;
  const known = new Map(workflows.map((workflow) => [workflow.id, [] as Finding[]]));
  const homeless: Finding[] = [];
  for (const finding of inOrder(finished.findings)) {
    const home = run.shownIn.get(finding.id) ?? finding.exchanges.at(-1)?.workflow;
    (known.get(home ?? '') ?? homeless).push(finding);
  }
  const ofPhases = phases.map((phase) => ({
    name: phase,
    cases: workflows
      .filter((workflow) => workflow.phase === phase)
      .map((workflow) => workflowCase(workflow, known.get(workflow.id) ?? [], run, mask)),
  }));
  const others = homeless.map((finding) =>
    caseOf(`${finding.phase}.${finding.operation ?? 'all'}`, titleOf(finding, mask), [finding], 0, run, mask),
  );
  return [...ofPhases, { name: 'beyond the plan', cases: others }];
}

function workflowCase(
  workflow: PlannedWorkflow,
  findings: readonly Finding[],
  run: WholeRun,
  mask: Mask,
): Case {
  const className = mask(`${workflow.phase}.${workflow.operation ?? 'all'}`);
  const milliseconds = run.outcomes.get(workflow.id)?.milliseconds ?? 0;
  const reason = reasonOf(workflow, run, stoppedText(run.finished));
  if (reason !== undefined && !findings.some(fails))
    return skippedCase(className, workflow.summary, reason, mask);
  return caseOf(className, mask(workflow.summary), findings, milliseconds, run, mask);
}

function caseOf(
  className: string,
  name: string,
  findings: readonly Finding[],
  milliseconds: number,
  { started }: WholeRun,
  mask: Mask,
): Case {
  const failures = findings.filter(fails);
  const notes = findings.filter((finding) => !fails(finding));
  const text = (finding: Finding): string =>
    [`${titleOf(finding, mask)}  [${finding.check}]`, ...detailLines(finding, rootOf(started), mask)].join(
      '\n',
    );
  const [first] = failures;
  const more = failures.length < 2 ? '' : ` (and ${failures.length - 1} more)`;
  return {
    outcome: first === undefined ? 'passed' : 'failed',
    milliseconds,
    element: {
      ...caseAttributes(className, name, milliseconds),
      ...(first !== undefined && {
        failure: {
          '@message': xmlLine(`${titleOf(first, mask)}${more}`),
          '@type': xmlLine(first.check),
          '#text': failures.map(text).join('\n\n'),
        },
      }),
      ...(notes.length > 0 && { 'system-out': notes.map(text).join('\n\n') }),
    },
  };
}

function skippedCase(className: string, name: string, reason: string, mask: Mask): Case {
  return {
    outcome: 'skipped',
    milliseconds: 0,
    element: {
      ...caseAttributes(className, mask(name), 0),
      skipped: { '@message': xmlLine(mask(reason)) },
    },
  };
}

/** What is no workflow: everything else that was not exercised, and a server that could not be reached. */
function otherSuites({ finished }: WholeRun, mask: Mask): readonly Suite[] {
  const gaps = finished.notExercised.filter(({ kind }) => kind !== 'workflow');
  const skipped = gaps.map(({ kind, what, operation, reason }) =>
    skippedCase(mask(`not-exercised.${operation ?? kind}`), `${kind}: ${what}`, reason, mask),
  );
  const why = finished.stopped === 'unreachable' ? stoppedText(finished) : undefined;
  const error: Case | undefined = why === undefined ? undefined : unreachableCase(mask(why));
  return [
    { name: 'connection', cases: error === undefined ? [] : [error] },
    { name: 'not exercised', cases: skipped },
  ];
}

function unreachableCase(why: string): Case {
  return {
    outcome: 'error',
    milliseconds: 0,
    element: {
      ...caseAttributes('connection', 'the server can be reached', 0),
      error: { '@message': xmlLine(why), '@type': 'unreachable' },
    },
  };
}

function suiteElement({ name, cases }: Suite, { started, finished }: WholeRun, mask: Mask): Element {
  const skipped = cases.filter(({ outcome }) => outcome === 'skipped').length;
  const properties = {
    seed: String(started.seed),
    base: started.base === undefined ? 'an app in this process' : mask(rootOf(started)),
    complete: String(finished.complete),
    stopped: finished.stopped ?? 'no',
  };
  return {
    '@name': xmlLine(name),
    ...figures(cases),
    '@skipped': String(skipped),
    '@timestamp': new Date(started.at).toISOString().slice(0, 19),
    properties: {
      property: Object.entries(properties).map(([key, value]) => ({
        '@name': key,
        '@value': xmlLine(value),
      })),
    },
    testcase: cases.map(({ element }) => element),
  };
}

function figures(cases: readonly Case[]): Element {
  const count = (wanted: Case['outcome']): string =>
    String(cases.filter(({ outcome }) => outcome === wanted).length);
  return {
    '@tests': String(cases.length),
    '@failures': count('failed'),
    '@errors': count('error'),
    '@time': seconds(cases.reduce((sum, { milliseconds }) => sum + milliseconds, 0)),
  };
}

function caseAttributes(className: string, name: string, milliseconds: number): Element {
  return { '@classname': xmlLine(className), '@name': xmlLine(name), '@time': seconds(milliseconds) };
}

function fails({ severity }: Finding): boolean {
  return severity === 'error';
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** Text on one line, as an attribute has no line ends, in characters that XML has (XML 1.0, sections 3.3.3 and 2.2). */
function xmlLine(text: string): string {
  return visible(text.replaceAll('\n', ' '));
}
