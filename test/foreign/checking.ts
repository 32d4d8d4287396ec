/** A check as a user makes it who has nothing but a document, a URL and a credential. */

import { credentialsFor, isGivenBy } from '../../cli/check-credentials.js';
import { inputsFor } from '../../cli/check-inputs.js';
import { openWith } from '../../cli/check-tokens.js';
import { withWaysIn } from '../../conformance/credentials.js';
import type { Finding, RunFinished } from '../../conformance/event.js';
import type { CheckOptions } from '../../conformance/options.js';
import { createRedactor } from '../../conformance/redact/redact.js';
import { check } from '../../conformance/run.js';
import { httpTarget } from '../../conformance/target.js';
import type { Contract } from '../../openapi/index.js';

/** The run to its end. `credential` is what follows `--credential`, each time that it is given. */
export async function checked(
  loaded: Contract,
  url: string,
  credential: readonly string[],
  options: CheckOptions = {},
): Promise<RunFinished> {
  const flags = { credential, prompt: false };
  const config = {};
  const given = credentialsFor(loaded, flags, config);
  const contract = withWaysIn(loaded, isGivenBy(given, flags, config));
  const server = httpTarget(url, { timeout: 5000 });
  const opened = await openWith({
    contract,
    given,
    config,
    target: server,
    base: url,
    redactor: createRedactor(),
  });
  try {
    const { source } = inputsFor(flags, config, undefined, opened.inputs);
    const events = check(contract, opened.target, { seed: 1, inputs: source, base: url, ...options });
    for await (const event of events) if (event.type === 'run-finished') return event;
    throw new Error('the run has no end');
  } finally {
    await Promise.all([opened.close(), server.close()]);
  }
}

/** A finding in one line. */
export function told({ severity, check: by, endpoint, title }: Finding): string {
  return `${severity} ${by} ${endpoint}: ${title}`;
}
