/** Every request is answered, in time and to its end. */

import type { Ask, Check, Outcome } from '../check.js';

type Failure = Extract<Outcome, { kind: 'failure' }>['failure'];

/**
 * Reports requests that got no whole response. A server that has never answered cannot be reached, which is for the run to
 * say; one that refuses connections after it has answered has stopped.
 */
export const noResponse: Check = {
  name: 'no-response',
  promise: 'Every request is answered, in time and to its end.',
  specification: {
    sentence:
      'Who receives a request sends a response to it; a connection that closes first leaves it incomplete.',
    section: 'RFC 9112, section 8',
  },
  severity: 'error',
  begin: () => {
    let hasAnswered = false;
    const ask: Ask = ({ request, outcome }) => {
      if (outcome.kind === 'response') {
        hasAnswered = true;
        return [];
      }
      const title = titles[outcome.failure];
      const isUnreachable = outcome.failure === 'refused' || outcome.failure === 'other';
      if (title === undefined) return [];
      if (outcome.failure === 'other' && unsendable.has(request.method)) return [];
      if (isUnreachable && !hasAnswered && outcome.partial === undefined) return [];
      // A fault says more exactly what was wrong with what came.
      if (isOfContent.has(outcome.failure) && outcome.faults.length > 0) return [];
      const came =
        outcome.partial === undefined
          ? ''
          : `; ${outcome.partial.status} and ${outcome.partial.content?.byteLength ?? 0} bytes had come`;
      return [{ title, expected: 'a whole response', actual: `${outcome.why}${came}` }];
    };
    return ask;
  },
};

/** An app in this process cannot be sent these (Fetch, section 2.2.1), which is no failure of the app. */
const unsendable: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);
const isOfContent: ReadonlySet<Failure> = new Set(['malformed', 'reset', 'other']);

const titles: { readonly [failure in Failure]: string | undefined } = {
  refused: 'the server no longer takes connections',
  reset: 'the connection was closed before the response was whole',
  timeout: 'no whole response came in time',
  aborted: undefined,
  malformed: 'what came is no HTTP',
  endless: 'the content of the response had no end',
  other: 'no response came',
};
