/** What a project sets for its checks: the settings of counterfoil.config.ts and its like. */

import type { Operation } from '../openapi/contract.js';
import type { Json } from '../openapi/json.js';
import type { Severity } from './event.js';

/** What the deviations that a check finds are, or `off`. */
export type CheckLevel = Severity | 'off';

/** Levels by the name of the check. */
export type CheckLevels = Readonly<Record<string, CheckLevel>>;

/** Levels by the name of an operation: its operationId, or `POST /api/v1/login`, the method in any letter case. */
export type OperationLevels = Readonly<Record<string, { readonly checks?: CheckLevels }>>;

/** The settings; flags of the command line win over them. Times are in seconds; files are relative to this one. */
export type Config = {
  /** Levels of checks, everywhere. */
  readonly checks?: CheckLevels;
  /** Levels of checks for one operation. */
  readonly operations?: OperationLevels;
  /** Whether notes fail the run too. */
  readonly strict?: boolean;
  /** Only operations, tags, checks or phases of these names; and without which. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** The longest that an answer may take. */
  readonly responseTime?: number;

  /** Fields that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests a second at most. */
  readonly rate?: number;
  /** Requests at the same time at most. */
  readonly concurrency?: number;
  /** How long to wait for an answer. */
  readonly timeout?: number;
  /** How often to connect again when there is no connection. */
  readonly retries?: number;
  /** The URL of a proxy. */
  readonly proxy?: string;
  /** A file with the certificates to trust. */
  readonly ca?: string;
  /** Whether any certificate will do. */
  readonly insecure?: boolean;
  /** A file with the certificate of the client, and one with its private key, both as PEM. */
  readonly clientCert?: string;
  readonly clientKey?: string;
  /** Credentials by the names of security schemes; `$NAME` is a variable of the environment, `@path` a file. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Where OAuth 2.0 tokens are given out, where that is not what the contract says. */
  readonly tokenUrl?: string;
  /** Whether only methods are sent that change nothing. */
  readonly safe?: boolean;

  /** Values, a list of sets that belong together, or the file that has them. */
  readonly inputs?: string | Readonly<Record<string, Json>> | readonly Readonly<Record<string, Json>>[];
  /** Commands that print a value: `{ otp: './get-otp {phone_number}' }`. */
  readonly inputCommands?: Readonly<Record<string, string>>;
  /** How many values of one input a person is asked for at most. */
  readonly inputBudget?: number;
  /** The names of inputs that are good once only. */
  readonly once?: readonly string[];
  /** The names of inputs that the server does not know yet. */
  readonly fresh?: readonly string[];
  /** The names of members, parameters and fields that no report may show. */
  readonly secrets?: readonly string[];

  /** How many walks are taken, how many calls each makes, and for how long they go on. */
  readonly walks?: number;
  readonly walkLength?: number;
  readonly walkTime?: number;
  readonly maxRequests?: number;
  readonly maxTime?: number;
  readonly seed?: number;
  /** `terminal`, `junit:out.xml` and so on. */
  readonly report?: readonly string[];
  /** The file of accepted findings. */
  readonly baseline?: string;
  /** The folder that the workflow of each finding is saved in. */
  readonly saveFindings?: string;
};

/** The settings as they are, with completion and checking by an editor. */
export function defineConfig(config: Config): Config {
  return config;
}

/** The level that is set for a check: for this operation, by its id first, else for all; undefined when none is set. */
export function levelFor(
  { checks = {}, operations = {} }: Pick<Config, 'checks' | 'operations'>,
  check: string,
  operation: Operation | undefined,
): CheckLevel | undefined {
  const named =
    operation === undefined ? [] : Object.keys(operations).filter((name) => isNamed(operation, name));
  const byId = named.filter((name) => name === operation?.id);
  const own = [...byId, ...named].map((name) => operations[name]?.checks ?? {});
  return [...own, checks].find((levels) => Object.hasOwn(levels, check))?.[check];
}

/** Whether a name in the settings is that of an operation: its operationId, or method and path. */
export function isNamed({ id, method, path }: Operation, name: string): boolean {
  return id === name || `${method} ${path}` === name.replace(/^[a-z]+(?= )/i, (word) => word.toUpperCase());
}
