/** The flags of a check in the form of a configuration, so that both are one. */

import type { Config } from '../conformance/config.js';
import type { Field } from '../openapi/http/message.js';
import type { CheckFlags } from './check.js';

/** What the flags set; nothing for those that were not given. */
export function flagsAsConfig(flags: CheckFlags): Config {
  const { rate, concurrency, timeout, retries, proxy, ca, insecure, inputs, only, skip, safe } = flags;
  const { maxRequests, maxTime, seed, strict, responseTime, report, baseline, once, fresh } = flags;
  const { saveFindings, inputBudget, walks, walkLength, walkTime, clientCert, clientKey, tokenUrl } = flags;
  const plain = { rate, concurrency, timeout, retries, proxy, ca, insecure, inputs, only, skip, safe };
  const more = { maxRequests, maxTime, seed, strict, responseTime, report, baseline, once, fresh };
  const walking = { walks, walkLength, walkTime };
  const opening = { clientCert, clientKey, tokenUrl };
  const own = { ...walking, ...opening, saveFindings, inputBudget, secrets: flags.secret };
  const set = Object.entries({ ...plain, ...more, ...own }).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(set),
    ...(flags.header !== undefined && { headers: Object.fromEntries(flags.header) }),
    ...(flags.inputCommand !== undefined && { inputCommands: Object.fromEntries(flags.inputCommand) }),
    ...(flags.level !== undefined && { checks: Object.fromEntries(flags.level) }),
  };
}

/** Fields in the form of messages. */
export function fieldsOf(headers: Readonly<Record<string, string>>): readonly Field[] {
  return Object.entries(headers);
}
