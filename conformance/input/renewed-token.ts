/** A token that ends before the run does: fetched again, and sent in the place of the one that requests were made with. */

import { fieldValue, type RequestMessage } from '../../openapi/http/message.js';
import type { Target } from '../target.js';
import type { TokenAnswer } from './oauth2.js';

export type RenewedToken = {
  /** The token that requests are made with, as long as the run lasts. */
  readonly token: string;
  readonly expiresAt: number | undefined;
  readonly fetch: () => Promise<TokenAnswer>;
  /** Told of each other token, before it is sent. */
  readonly learnt: (token: string) => void;
  readonly clock: () => number;
};

/**
 * The target, to which the token is sent that holds. A new one is fetched when its time is over, and when a request is
 * answered 401 that a new one may help; where it did not, what is answered 401 to the same method and path is believed.
 */
export function withRenewedToken(target: Target, options: RenewedToken): Target {
  const { clock } = options;
  let current = { token: options.token, expiresAt: options.expiresAt };
  let fetching: Promise<string | undefined> | undefined;
  const helpless = new Set<string>();
  let inVain = 0;

  const renewed = (old: string): Promise<string | undefined> => {
    if (current.token !== old) return Promise.resolve(current.token);
    fetching ??= options.fetch().then((answer) => {
      fetching = undefined;
      if (answer.kind === 'none') return undefined;
      options.learnt(answer.token);
      current = answer;
      return answer.token;
    });
    return fetching;
  };

  return async (message, signal) => {
    if (!carries(message, options.token)) return target(message, signal);
    const isOver = current.expiresAt !== undefined && clock() >= current.expiresAt;
    const sent = (isOver ? await renewed(current.token) : undefined) ?? current.token;
    const outcome = await target(withToken(message, options.token, sent), signal);
    const about = `${message.method} ${message.path}`;
    if (outcome.kind !== 'response' || outcome.response.status !== 401) return outcome;
    if (helpless.has(about) || inVain >= mostInVain) return outcome;
    const fresh = await renewed(sent);
    if (fresh === undefined || fresh === sent) {
      helpless.add(about);
      return outcome;
    }
    const again = await target(withToken(message, options.token, fresh), signal);
    const isVain = again.kind === 'response' && again.response.status === 401;
    if (isVain) helpless.add(about);
    inVain = isVain ? inVain + 1 : 0;
    return again;
  };
}

/** After so many new tokens in a row that did not help, 401 has another reason. */
const mostInVain = 5;

/** Whether the token is what stands in Authorization, with nothing else. */
function carries({ fields }: RequestMessage, token: string): boolean {
  return /^bearer (.*)$/i.exec(fieldValue(fields, 'authorization') ?? '')?.[1] === token;
}

function withToken(message: RequestMessage, token: string, other: string): RequestMessage {
  if (token === other) return message;
  const fields = message.fields.map(([name, value]) =>
    name.toLowerCase() === 'authorization'
      ? ([name, value.replace(token, () => other)] as const)
      : ([name, value] as const),
  );
  return { ...message, fields };
}
