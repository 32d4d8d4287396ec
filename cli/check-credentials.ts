/** The credentials of a check, from flags, fields and the configuration, held against the schemes of the contract. */

import type { Config } from '../conformance/config.js';
import { credentialsIn, inputName, placeholder, schemesOf } from '../conformance/credentials.js';
import type { Redactor } from '../conformance/redact/redact.js';
import type { Contract, SecurityScheme } from '../openapi/contract.js';
import { unknownName } from './check-names.js';
import { exitCodes, Failure } from './failure.js';
import { readText } from './read-text.js';

/** The credentials that there are, and the fields that carry none. */
export type Given = {
  /** As the user gives them, by scheme: for OAuth 2.0 it may be what a token is fetched with. */
  readonly credentials: ReadonlyMap<SecurityScheme, string>;
  readonly headers: Readonly<Record<string, string>>;
};

/** The flags that name a credential, or an input of the name of a scheme. */
export type CredentialFlags = {
  readonly credential?: readonly string[];
  readonly input?: readonly (readonly [string, string])[];
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Credentials by scheme: flags win over the configuration, and both over fields that carry one.
 * @throws Failure when it is not to be told what a credential is for, and when what it names is not there.
 */
export function credentialsFor(
  contract: Contract,
  { credential = [] }: CredentialFlags,
  { credentials = {}, headers = {} }: Config,
  env: Environment = process.env,
): Given {
  const schemes = schemesOf(contract);
  const carried = credentialsIn(contract, Object.entries(headers));
  const found = new Map<SecurityScheme, string>();
  for (const scheme of schemes) {
    const text = carried.credentials[scheme.name];
    if (text !== undefined) found.set(scheme, text);
  }
  const named = Object.entries(credentials).map(([name, text]) => ({
    scheme: schemeNamed(contract, schemes, name),
    text,
  }));
  for (const { scheme, text } of [...named, ...credential.map((each) => readCredential(contract, each))])
    found.set(scheme, textOf(text, scheme, env));
  return { credentials: found, headers: Object.fromEntries(carried.others) };
}

/** Whether a scheme is one that requests can be made with: there is a credential, an input of its name, or a certificate. */
export function isGivenBy(
  { credentials }: Given,
  { input = [] }: CredentialFlags,
  { inputCommands = {}, inputs, clientCert }: Config,
): (scheme: SecurityScheme) => boolean {
  const sets = typeof inputs === 'object' ? [inputs].flat() : [];
  const names = new Set([
    ...input.map(([name]) => name),
    ...Object.keys(inputCommands),
    ...sets.flatMap((set) => Object.keys(set)),
  ]);
  return (scheme) =>
    scheme.carrier.kind === 'mutualTLS'
      ? clientCert !== undefined
      : credentials.has(scheme) || names.has(inputName(scheme.name));
}

/** No report shows a credential, nor what it is made of. */
export function hideCredentials({ credentials }: Given, redactor: Redactor): void {
  for (const [scheme, text] of credentials) {
    const [first = '', ...rest] = text.split(':');
    redactor.add(text, scheme.name);
    if (rest.length > 0 && isPair(scheme)) {
      redactor.add(rest.join(':'), scheme.carrier.kind === 'http' ? 'password' : 'client_secret');
      if (scheme.carrier.kind === 'http') redactor.add(first, 'username');
    }
  }
}

function isPair({ carrier }: SecurityScheme): boolean {
  return carrier.kind === 'http' ? carrier.scheme === 'basic' : carrier.kind !== 'apiKey';
}

/** `scheme=value`, or a value alone where only one scheme is asked for: a value may hold an equals sign itself. */
function readCredential(contract: Contract, text: string): { scheme: SecurityScheme; text: string } {
  const schemes = schemesOf(contract);
  const at = text.indexOf('=');
  const named = all(contract, schemes).find(({ name }) => at !== -1 && name === text.slice(0, at));
  if (named !== undefined) return { scheme: named, text: text.slice(at + 1) };
  const [only, ...others] = schemes;
  if (only === undefined)
    throw wrong('The contract asks for no credential. Give a field for every request with --header.');
  if (others.length === 0) return { scheme: only, text };
  const ways = schemes.map((scheme) => `--credential '${scheme.name}=${placeholder(scheme)}'`);
  throw wrong(`Which security scheme is the credential for? Give ${ways.join(' or ')}.`);
}

function schemeNamed(contract: Contract, schemes: readonly SecurityScheme[], name: string): SecurityScheme {
  const known = all(contract, schemes);
  const found = known.find((scheme) => scheme.name === name);
  if (found !== undefined) return found;
  throw unknownName(
    'security scheme',
    name,
    known.map((scheme) => scheme.name),
  );
}

function all(contract: Contract, used: readonly SecurityScheme[]): readonly SecurityScheme[] {
  const names = new Set(used.map(({ name }) => name));
  return [...used, ...contract.securitySchemes.filter(({ name }) => !names.has(name))];
}

/** The text as it stands, a variable of the environment, or the content of a file but for the line end after it. */
function textOf(text: string, scheme: SecurityScheme, env: Environment): string {
  if (scheme.carrier.kind === 'mutualTLS')
    throw wrong(`${scheme.name} wants a certificate: give --client-cert and --client-key.`);
  const variable = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/.exec(text);
  const value = variable
    ? environmentValue(variable[1] ?? variable[2] ?? '', scheme, env)
    : text.startsWith('@')
      ? readText(text.slice(1), `Name a file with the credential of ${scheme.name}`).replace(/\r?\n$/, '')
      : text;
  if (value.trim() === '') throw wrong(`The credential for ${scheme.name} is empty.`);
  if (/[\r\n\0]/.test(value)) throw wrong(`The credential for ${scheme.name} has more than one line.`);
  return value;
}

function environmentValue(name: string, scheme: SecurityScheme, env: Environment): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw wrong(
    `The environment has no ${name}, which the credential for ${scheme.name} is to come from. Set it, or name a file with @; a credential that begins with a dollar sign itself comes from a file.`,
  );
}

function wrong(message: string): Failure {
  return new Failure(message, exitCodes.wrongInput);
}
