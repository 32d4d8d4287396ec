/** Credentials put to use: as inputs by the names of their schemes, with tokens fetched for those that fetch them. */

import type { Config } from '../conformance/config.js';
import { inputName, scopesOf } from '../conformance/credentials.js';
import { givenInputs, type InputSource } from '../conformance/input/input.js';
import { type TokenAnswer, tokenEndpoint, tokenSource } from '../conformance/input/oauth2.js';
import { withRenewedToken } from '../conformance/input/renewed-token.js';
import type { Redactor } from '../conformance/redact/redact.js';
import { type HttpTarget, httpTarget, type Target } from '../conformance/target.js';
import type { Contract, SecurityScheme } from '../openapi/contract.js';
import { systemClock } from '../openapi/duration.js';
import type { Given } from './check-credentials.js';
import { exitCodes, Failure } from './failure.js';
import { networkOf } from './network.js';

export type Opening = {
  readonly contract: Contract;
  readonly given: Given;
  readonly config: Config;
  readonly target: Target;
  /** The URL of the server; undefined for the mock in this process, which takes any credential. */
  readonly base: string | undefined;
  readonly redactor: Redactor;
};

/** The server as it is asked with the credentials, and these as inputs. */
export type Opened = {
  readonly target: Target;
  readonly inputs: InputSource;
  readonly close: () => Promise<void>;
};

/**
 * Fetches the tokens that have to be fetched.
 * @throws Failure when one cannot be had, with what to do.
 */
export async function openWith({
  contract,
  given,
  config,
  target,
  base,
  redactor,
}: Opening): Promise<Opened> {
  const targets = new Map<string, HttpTarget>();
  const reach = (origin: string): Target => {
    const made = targets.get(origin) ?? httpTarget(origin, networkOf(config));
    targets.set(origin, made);
    return made;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...targets.values()].map((each) => each.close()));
  };
  const values: Record<string, string> = {};
  let opened = target;
  for (const [scheme, text] of given.credentials) {
    const isFetched = isClient(scheme, text);
    if (isFetched && base === undefined) continue;
    const fetch = isFetched
      ? tokenSource({
          ...clientOf(text),
          scopes: scopesOf(contract, scheme.name),
          endpoint: endpointFor(contract, scheme, config, base),
          reach,
          clock: systemClock,
        })
      : undefined;
    const answer = await fetch?.();
    if (answer?.kind === 'none') {
      await close();
      throw refused(scheme, answer, redactor);
    }
    const value = answer?.token ?? text;
    values[inputName(scheme.name)] = value;
    // Of a scheme with rules, a credential that no call gives out is asked for by what it is.
    if (scheme.transitions.length > 0) values.credential ??= value;
    if (fetch === undefined || answer === undefined) continue;
    const learnt = (token: string): void => redactor.add(token, 'access_token');
    learnt(answer.token);
    opened = withRenewedToken(opened, { ...answer, fetch, learnt, clock: systemClock });
  }
  return { target: opened, inputs: givenInputs(values), close };
}

/** Whether it is a client that fetches a token: no token of Bearer has a colon in it (RFC 6750, section 2.1). */
function isClient({ carrier }: SecurityScheme, text: string): boolean {
  return (carrier.kind === 'oauth2' || carrier.kind === 'openIdConnect') && text.includes(':');
}

function clientOf(text: string): { readonly id: string; readonly secret: string } {
  const at = text.indexOf(':');
  return { id: text.slice(0, at), secret: text.slice(at + 1) };
}

function endpointFor(
  { documents }: Contract,
  scheme: SecurityScheme,
  { tokenUrl }: Config,
  base: string | undefined,
): NonNullable<ReturnType<typeof tokenEndpoint>> {
  if (tokenUrl !== undefined) return { url: new URL(tokenUrl), discovered: false };
  const endpoint = tokenEndpoint(documents, scheme, base);
  if (endpoint !== undefined) return endpoint;
  throw new Failure(
    `The contract does not say where tokens for ${scheme.name} are fetched. Say it with --token-url, or give a token: --credential '${scheme.name}=<token>'.`,
    exitCodes.wrongInput,
  );
}

function refused(
  { name }: SecurityScheme,
  answer: TokenAnswer & { kind: 'none' },
  { mask }: Redactor,
): Failure {
  const advice = answer.isAway
    ? 'Name another endpoint with --token-url'
    : 'Check the client and its secret, name another endpoint with --token-url';
  return new Failure(
    `No token can be had for ${name}: ${mask(answer.why)}. ${advice}, or give a token: --credential '${name}=<token>'.`,
    answer.isAway ? exitCodes.unreachable : exitCodes.wrongInput,
  );
}
