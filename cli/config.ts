/** The configuration of a project: found, read in whatever form it has, and held to be what it should be. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Config } from '../conformance/config.js';
import { ContractError, type Location } from '../openapi/contract-error.js';
import { displayName, locate, parseSource } from '../openapi/document/locate.js';
import { isObject, type Json, type JsonObject } from '../openapi/json.js';
import { type ConfigSource, configProblems, type KnownNames } from './config-problems.js';
import { exitCodes, Failure, messageOf } from './failure.js';

const forms = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml'] as const;

/**
 * The file to read: the one that is named, else `counterfoil.config.*` in the folder; undefined when there is none.
 * @throws Failure when the named one is not there, or the folder has several.
 */
export function findConfig(folder: string, named?: string): string | undefined {
  if (named !== undefined) {
    const file = path.resolve(folder, named);
    if (existsSync(file)) return file;
    throw new Failure(`There is no configuration ${named}.`, exitCodes.wrongInput);
  }
  const found = forms
    .map((form) => `counterfoil.config.${form}`)
    .filter((name) => existsSync(path.join(folder, name)));
  const [only, ...others] = found;
  if (others.length === 0) return only && path.join(folder, only);
  throw new Failure(
    `There is more than one configuration: ${found.join(', ')}. Keep one, or name it with --config.`,
    exitCodes.wrongInput,
  );
}

/**
 * Reads a configuration. The files that it names are relative to it; in the result, to the working directory.
 * @throws ContractError with every problem and its place.
 */
export async function loadConfig(file: string, known: KnownNames): Promise<Config> {
  const read = await readConfig(file);
  const problems = configProblems(read, known);
  if (problems.length > 0) throw new ContractError(problems);
  return withPaths(asConfig(read.value), path.dirname(file));
}

/**
 * The settings with those of the command line over them. Tables are merged name by name, and the lists of `secrets`, `once`
 * and `fresh` joined; of anything else that of the command line is taken.
 */
export function withFlags(config: Config, flags: Config): Config {
  const set = Object.entries(flags).filter(([, value]) => value !== undefined);
  return {
    ...config,
    ...Object.fromEntries(set),
    ...table('checks', { ...config.checks, ...flags.checks }),
    ...operationsOf(config, flags),
    ...table('headers', withHeaders(config.headers ?? {}, flags.headers ?? {})),
    ...table('credentials', { ...config.credentials, ...flags.credentials }),
    ...table('inputCommands', { ...config.inputCommands, ...flags.inputCommands }),
    ...list('secrets', [...(config.secrets ?? []), ...(flags.secrets ?? [])]),
    ...list('once', [...(config.once ?? []), ...(flags.once ?? [])]),
    ...list('fresh', [...(config.fresh ?? []), ...(flags.fresh ?? [])]),
  };
}

function operationsOf(config: Config, flags: Config): Config {
  const names = [...Object.keys(config.operations ?? {}), ...Object.keys(flags.operations ?? {})];
  if (names.length === 0) return {};
  const merged = names.map((name) => {
    const checks = { ...config.operations?.[name]?.checks, ...flags.operations?.[name]?.checks };
    return [name, { checks }] as const;
  });
  return { operations: Object.fromEntries(merged) };
}

function table(name: keyof Config, value: Readonly<Record<string, string>>): Config {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

function list(name: keyof Config, value: readonly string[]): Config {
  return value.length === 0 ? {} : { [name]: [...new Set(value)] };
}

/** Field names are the same in any letter case (RFC 9110, section 5.1). */
function withHeaders(
  lower: Readonly<Record<string, string>>,
  upper: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(upper).map((name) => name.toLowerCase()));
  const kept = Object.entries(lower).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...upper };
}

async function readConfig(file: string): Promise<ConfigSource> {
  if (!/\.[cm]?[jt]s$/.test(file)) {
    const source = parseSource(file, (await textOf(file)).replace(/^\ufeff/, ''));
    return { value: source.value ?? {}, at: (pointer) => locate(source, pointer) };
  }
  const at = (): Location => ({ file: displayName(file), line: 1, column: 1 });
  const exported = await defaultExport(file, at());
  return { value: plainJson(exported, at()), at };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(`it cannot be read: ${sentenceOf(error)}`, {
      file: displayName(file),
      line: 1,
      column: 1,
    });
  }
}

async function defaultExport(file: string, at: Location): Promise<unknown> {
  try {
    const module: unknown = await (/ts$/.test(file)
      ? importTypeScript(file)
      : import(pathToFileURL(file).href));
    if (typeof module === 'object' && module !== null && 'default' in module) return module.default;
  } catch (error) {
    throw unreadable(`it cannot be run: ${sentenceOf(error)}`, at);
  }
  throw unreadable('it has no default export', at, 'Write `export default { … }`');
}

/**
 * Node 20 runs no TypeScript. `defineConfig` is at hand whether the package is installed beside the file or not, and
 * without loading all the rest of it.
 */
async function importTypeScript(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const own = fileURLToPath(import.meta.url);
  const helper = path.resolve(path.dirname(own), '..', 'conformance', `config${path.extname(own)}`);
  const alias = { 'counterfoil/conformance': helper };
  return createJiti(own, { alias, fsCache: false, moduleCache: false }).import(file);
}

/** As JSON says it: members that are undefined are left out. */
function plainJson(value: unknown, at: Location): Json {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch (error) {
    throw unreadable(`its default export is no plain value: ${sentenceOf(error)}`, at);
  }
}

/** The first line, without its full stop. */
function sentenceOf(error: unknown): string {
  return (messageOf(error).split('\n')[0] ?? '').replace(/\.$/, '');
}

function unreadable(
  what: string,
  location: Location,
  fix = 'Mend the configuration, or name another with --config',
): ContractError {
  return new ContractError([{ code: 'unreadable', what, fix, location }]);
}

/** What the schema has found to be one. */
function asConfig(value: Json): Config & JsonObject {
  if (!isObject(value)) return {};
  const { $schema, ...settings } = value;
  return settings;
}

function withPaths(config: Config, folder: string): Config {
  const placed = (file: string): string => path.relative('', path.resolve(folder, file)) || '.';
  const { inputs, baseline, ca, report, saveFindings, clientCert, clientKey, credentials } = config;
  return {
    ...config,
    ...(typeof inputs === 'string' ? { inputs: placed(inputs) } : {}),
    ...(baseline === undefined ? {} : { baseline: placed(baseline) }),
    ...(saveFindings === undefined ? {} : { saveFindings: placed(saveFindings) }),
    ...(ca === undefined ? {} : { ca: placed(ca) }),
    ...(clientCert === undefined ? {} : { clientCert: placed(clientCert) }),
    ...(clientKey === undefined ? {} : { clientKey: placed(clientKey) }),
    ...(credentials === undefined ? {} : { credentials: withFiles(credentials, placed) }),
    ...(report === undefined ? {} : { report: report.map((each) => withPlace(each, placed)) }),
  };
}

/** `junit:out.xml` with its file placed; `terminal` has none. */
function withPlace(report: string, placed: (file: string) => string): string {
  const colon = report.indexOf(':');
  return colon === -1 ? report : `${report.slice(0, colon + 1)}${placed(report.slice(colon + 1))}`;
}

/** Credentials that stand in files, which are named relative to the configuration too. */
function withFiles(
  credentials: Readonly<Record<string, string>>,
  placed: (file: string) => string,
): Readonly<Record<string, string>> {
  const each = Object.entries(credentials).map(
    ([name, value]) => [name, value.startsWith('@') ? `@${placed(value.slice(1))}` : value] as const,
  );
  return Object.fromEntries(each);
}
