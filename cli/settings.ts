/** The configuration that a command goes by, and the names in its flags held against those that there are. */

import { checks } from '../conformance/checks/index.js';
import type { CheckLevel, Config } from '../conformance/config.js';
import type { Contract } from '../openapi/contract.js';
import { unknownName } from './check-names.js';
import { findConfig, loadConfig } from './config.js';

type Named = {
  readonly config?: string;
  readonly level?: readonly (readonly [string, CheckLevel])[];
};

/**
 * The configuration that is named, else that of this folder; empty when there is none.
 * @throws Failure when it cannot be read, and when a check is named that there is none of.
 */
export async function settingsOf({ operations }: Contract, { config, level = [] }: Named): Promise<Config> {
  const known = { checks: checks.map(({ name }) => name), operations };
  const file = findConfig(process.cwd(), config);
  const found = file === undefined ? {} : await loadConfig(file, known);
  const unknown = level.find(([name]) => !known.checks.includes(name));
  if (unknown !== undefined) throw unknownName('check', unknown[0], known.checks);
  return found;
}
