/** Another tool that runs Arazzo documents, Redocly's Respect: a document, a server and inputs in; the step that failed out. */

import { createConfig, type LoggerInterface } from '@redocly/openapi-core';
import { type RunFileResult, run } from '@redocly/respect-core';

export type ForeignRun = {
  /** The ids of the steps that were taken, in order. */
  readonly taken: readonly string[];
  /** The first step of which something does not hold; undefined when all hold. */
  readonly failed: string | undefined;
  /** The conditions that do not hold. */
  readonly unmet: readonly string[];
};

/** A text to be put into a request in the place of another, as soon as it is known: a code that has only just been sent. */
export type Late = (text: string) => Promise<string>;

/**
 * Takes the workflows of a document to a server. Of what the tool checks only the success criteria count, for what it makes
 * of the contract itself is its own affair. Fails when it does not take the document.
 */
export async function runElsewhere(
  file: string,
  source: string,
  url: string,
  inputs: Readonly<Record<string, string>>,
  late: Late,
): Promise<ForeignRun> {
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const logger: LoggerInterface = {
    info: say,
    warn: say,
    error: say,
    output: say,
    indent: (text) => text,
    printNewLine: () => {},
    printSeparator: () => {},
  };
  const results = await run({
    files: [file],
    input: JSON.stringify(inputs),
    server: `${source}=${url}`,
    severity: 'SCHEMA_CHECK=off,STATUS_CODE_CHECK=off,CONTENT_TYPE_CHECK=off',
    config: await createConfig({}),
    maxSteps: 100,
    maxFetchTimeout: 10_000,
    requestFileLoader: { getFileBody: async () => new Blob([]) },
    logger,
    fetch: async (input, init) =>
      fetch(input, typeof init?.body === 'string' ? { ...init, body: await late(init.body) } : init),
  });
  const [result] = results;
  if (result === undefined) throw new Error(`The document was not taken: ${said.join('\n')}`);
  return summed(result);
}

function summed({ executedWorkflows }: RunFileResult): ForeignRun {
  const steps = executedWorkflows.flatMap(({ executedSteps }) => executedSteps);
  const seen = steps.flatMap((step) => {
    if (!('checks' in step) || !('stepId' in step)) return [];
    const unmet = step.checks.filter(({ passed, name }) => !passed && name === 'success criteria check');
    return [{ id: step.stepId, unmet: unmet.map(({ condition, message }) => condition ?? message ?? '') }];
  });
  const failed = seen.find(({ unmet }) => unmet.length > 0);
  return { taken: seen.map(({ id }) => id), failed: failed?.id, unmet: failed?.unmet ?? [] };
}
