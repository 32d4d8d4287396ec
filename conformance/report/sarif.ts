/** The report for code scanning: SARIF 2.1.0, in which each finding points at its line of the contract. */

import type { Json, JsonObject } from '../../openapi/json.js';
import type { Finding, MakeReport, Mask } from '../event.js';
import { documentReport, type WholeRun } from './collect.js';
import { rootOf } from './ledger.js';
import { inOrder, levelOf, rankOf, shownText, stoppedText } from './order.js';
import { repositoryRoot, uriFrom } from './place.js';
import { detailLines, titleOf } from './plain.js';
import { visibleLines } from './text.js';
import { version } from './version.js';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A check, or as much as a finding tells of one. */
type Rule = Pick<Finding, 'specification'> & { readonly name: string; readonly promise: string | undefined };

/** SARIF 2.1.0. Checks are its rules; a finding keeps its fingerprint from run to run. */
export const sarifReport: MakeReport = documentReport((run, mask) => {
  const rules = rulesOf(run);
  const log: JsonObject = { $schema: schema, version: '2.1.0', runs: [runJson(run, rules, mask)] };
  return `${visibleLines(JSON.stringify(log, undefined, 2))}\n`;
});

function runJson(run: WholeRun, rules: readonly Rule[], mask: Mask): JsonObject {
  const { started, finished } = run;
  const names = rules.map(({ name }) => name);
  const folder = repositoryRoot();
  return {
    tool: {
      driver: {
        name: 'counterfoil',
        semanticVersion: version,
        rules: rules.map((rule) => ruleJson(rule, mask)),
      },
    },
    automationDetails: { id: `counterfoil/${mask(started.api.name)}/` },
    invocations: [invocationJson(run, mask)],
    columnKind: 'utf16CodeUnits',
    results: inOrder(finished.findings).map((finding) =>
      resultJson(finding, names.indexOf(finding.check), rootOf(started), folder, mask),
    ),
    properties: { seed: started.seed, requests: finished.requests, complete: finished.complete },
  };
}

/** The checks of the run, and those that only findings name. */
function rulesOf({ started, finished }: WholeRun): readonly Rule[] {
  const rules = new Map<string, Rule>(started.checks.map((check) => [check.name, check]));
  for (const { check, specification } of finished.findings) {
    if (!rules.has(check)) rules.set(check, { name: check, promise: undefined, specification });
  }
  return [...rules.values()];
}

function ruleJson({ name, promise, specification }: Rule, mask: Mask): JsonObject {
  const { sentence, section } = specification;
  const description = mask(`${sentence} (${section}).`);
  return {
    id: name,
    shortDescription: { text: mask(promise ?? sentence) },
    fullDescription: { text: description },
    help: { text: promise === undefined ? description : mask(`${promise} ${description}`) },
  };
}

function resultJson(
  finding: Finding,
  ruleIndex: number,
  root: string,
  folder: string,
  mask: Mask,
): JsonObject {
  const { at, endpoint, confirmed } = finding;
  const text = [`${titleOf(finding, mask)}.`, '', ...detailLines(finding, root, mask)].join('\n');
  return {
    ruleId: finding.check,
    ruleIndex,
    kind: 'fail',
    level: levelOf(finding),
    message: { text: withoutLinks(text) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriFrom(folder, mask(at.file)) },
          region: { startLine: at.line, startColumn: at.column },
        },
        ...(endpoint !== undefined && {
          logicalLocations: [{ fullyQualifiedName: mask(endpoint), kind: 'resource' }],
        }),
      },
    ],
    partialFingerprints: { 'finding/v1': finding.id },
    occurrenceCount: finding.count,
    properties: {
      rank: rankOf(finding),
      phase: finding.phase,
      pointer: mask(at.pointer),
      shown: shownText(finding),
      ...(confirmed !== undefined && { confirmed: { shown: confirmed.shown, of: confirmed.of } }),
    },
  };
}

/**
 * A text in which nothing reads as a link (SARIF 2.1.0, section 3.11.6). Braces stay single: they would be doubled where
 * a message has arguments, this one has none, and a curl line is there to be copied.
 */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

function invocationJson({ started, finished }: WholeRun, mask: Mask): JsonObject {
  const stopped = stoppedText(finished);
  const notifications: readonly Json[] =
    stopped === undefined
      ? []
      : [{ level: 'error', message: { text: mask(`The run is incomplete: ${stopped}.`) } }];
  return {
    executionSuccessful: finished.complete,
    startTimeUtc: new Date(started.at).toISOString(),
    endTimeUtc: new Date(started.at + finished.milliseconds).toISOString(),
    toolExecutionNotifications: notifications,
  };
}
