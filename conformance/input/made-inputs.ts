/** Inputs that the contract itself tells of: credentials, by the names of their schemes, and values for parameters. */

import type { Contract, Parameter, SecurityScheme } from '../../openapi/contract.js';
import type { Json } from '../../openapi/json.js';
import { seededRandom } from '../../openapi/random.js';
import { inputName, notGivenFor } from '../credentials.js';
import { type InputAnswer, type InputAsk, type InputSource, none, notGiven } from './input.js';

/** The credentials that are good where no rule of the contract tells which are. */
export type Credentials = {
  has(credential: string): boolean;
  add(credential: string): void;
};

/** Credentials that are given; `any`: every one is good, as on a mock. */
export function credentialsOf(given: readonly string[], any: boolean): Credentials {
  const good = new Set(given);
  return { has: (credential) => any || good.has(credential), add: (credential) => void good.add(credential) };
}

export type MadeInputsOptions = {
  readonly source: InputSource;
  readonly credentials: readonly string[];
  /** Whether a credential may be made up, as for a mock. */
  readonly any: boolean;
  /** Told of each credential that came for a scheme without rules. */
  readonly good: (credential: string) => void;
  readonly seed: number;
};

/**
 * A source that knows the contract. What it is asked for under the name of a security scheme is a credential; where nobody
 * has one, those that are given will do. `user:password` is encoded for the Basic scheme. What it is asked for under the name
 * of a parameter is made from the schema of that where nobody has it, the same each time.
 */
export function madeInputs(contract: Contract, options: MadeInputsOptions): InputSource {
  const schemes = new Map(schemesOf(contract).map((scheme) => [inputName(scheme.name), scheme]));
  const parameters = new Map<string, Parameter>();
  for (const parameter of contract.operations.flatMap((operation) => operation.parameters))
    if (!parameters.has(inputName(parameter.name))) parameters.set(inputName(parameter.name), parameter);
  const order = [...schemes.keys()];
  return async (ask) => {
    const scheme = schemes.get(ask.name);
    const given = await options.source(ask);
    if (scheme !== undefined) {
      const answer = given.kind === 'value' ? given : credentialFor(order.indexOf(ask.name), options);
      if (answer !== undefined) return credentialAnswer(scheme, answer, options.good);
      const why = given.kind === 'none' && given.reason !== notGiven(ask).reason ? `${given.reason}; ` : '';
      return none(`${why}${notGivenFor(scheme)}`);
    }
    const parameter = parameters.get(ask.name);
    if (given.kind === 'value') return given;
    const first = ask.schema['x-first'] === true ? firstGiven(ask) : undefined;
    if (first !== undefined) return { kind: 'value', value: first, fresh: false };
    if (parameter?.schema === undefined) return given;
    const random = seededRandom(options.seed);
    const context = { random, now: 0, secret: 'inputs', fixed: {}, dynamic: false };
    return { kind: 'value', value: contract.generate(parameter.schema, context), fresh: false };
  };
}

/** What answers have given, the surest first; else what is documented. Of an address the last segment is what it is known by. */
function firstGiven({ for: answers, schema }: InputAsk): Json | undefined {
  const { address, ...values } = answers;
  const [value] = Object.values(values).filter((each) => each !== null);
  const segment = typeof address === 'string' ? lastSegment(address) : undefined;
  return value ?? segment ?? schema.default;
}

function lastSegment(address: string): string | undefined {
  const [path = ''] = address.split(/[?#]/);
  const segment = path.replace(/\/$/, '').split('/').at(-1) ?? '';
  try {
    return segment === '' ? undefined : decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Whether an input is the value of a parameter, which may be anything and may stand anywhere. */
export function isOfParameter(contract: Contract, name: string): boolean {
  const names = parameterNames.get(contract) ?? parameterNamesIn(contract);
  parameterNames.set(contract, names);
  return names.has(name);
}

const parameterNames = new WeakMap<Contract, ReadonlySet<string>>();

function parameterNamesIn({ operations }: Contract): ReadonlySet<string> {
  return new Set(operations.flatMap(({ parameters }) => parameters.map(({ name }) => inputName(name))));
}

function schemesOf({ operations }: Contract): readonly SecurityScheme[] {
  return operations.flatMap(({ security }) => security.flat().map(({ scheme }) => scheme));
}

function credentialFor(
  index: number,
  { credentials, any }: MadeInputsOptions,
): Extract<InputAnswer, { kind: 'value' }> | undefined {
  const value = credentials[index] ?? credentials[0] ?? (any ? 'any-credential' : undefined);
  return value === undefined ? undefined : { kind: 'value', value, fresh: false };
}

function credentialAnswer(
  { carrier, transitions }: SecurityScheme,
  answer: Extract<InputAnswer, { kind: 'value' }>,
  good: (credential: string) => void,
): InputAnswer {
  const value = asSent(carrier, answer.value);
  if (transitions.length === 0 && typeof value === 'string') good(value);
  return { ...answer, value };
}

/** As it stands after the name of the scheme, which a user may have given too (RFC 9110, section 11.4; RFC 7617, section 2). */
function asSent(carrier: SecurityScheme['carrier'], value: Json): Json {
  if (typeof value !== 'string' || carrier.kind === 'apiKey') return value;
  const scheme = carrier.kind === 'http' ? carrier.scheme : 'bearer';
  const isNamed = value.toLowerCase().startsWith(`${scheme} `) && scheme !== '';
  const bare = isNamed ? value.slice(scheme.length + 1).trim() : value;
  return scheme === 'basic' && bare.includes(':') ? Buffer.from(bare).toString('base64') : bare;
}
