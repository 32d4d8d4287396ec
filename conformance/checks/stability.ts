/** The same request gets the same kind of answer as long as nothing has changed. */

import { createHash } from 'node:crypto';
import { essence } from '../../openapi/content/media-type.js';
import type { Check, Exchange } from '../check.js';
import { isSafe, targetOf } from './reading/request.js';
import { mediaTypeOf } from './reading/response.js';
import { isBeyondContract, loose } from './reading/standing.js';

/** What a request was answered, in turn: status, media type and the outermost type of the value. */
type Answers = { readonly seen: string[] };

/**
 * Reports requests that are answered now so, now otherwise, where nothing but harmless requests lie between and no state rule
 * has an opinion. What has become another answer for good may have been waited for, and is a note; an answer that goes
 * and comes back is intermittent. Values may differ as they like; failures of the server are reported for themselves.
 */
export const stability: Check = {
  name: 'stability',
  promise: 'The same request gets the same kind of answer as long as nothing has changed.',
  specification: {
    sentence: 'A request with a safe method changes nothing, so that it may be repeated at any time.',
    section: 'RFC 9110, sections 9.2.1 and 9.2.2',
  },
  severity: 'error',
  begin: () => {
    const known = new Map<string, Answers>();
    return (exchange) => {
      if (!isHarmless(exchange)) known.clear();
      const answer = answerOf(exchange);
      if (answer === undefined) return [];
      const key = keyOf(exchange);
      const { seen } = known.get(key) ?? { seen: [] };
      if (known.size < mostRequests) known.set(key, { seen });
      const before = seen.at(-1);
      if (before === answer) return [];
      const isBack = seen.includes(answer);
      seen.push(answer);
      if (before === undefined) return [];
      return [
        {
          ...(isBack ? {} : loose),
          title: isBack
            ? 'the same request is answered now so, now otherwise'
            : 'the same request is answered in another way than before',
          expected: before,
          actual: answer,
        },
      ];
    };
  },
};

const mostRequests = 10_000;

/** Whether a request cannot have changed anything: by its method, or because the rules say that its transition leaves nothing. */
function isHarmless({ request, judgement }: Exchange): boolean {
  return isSafe(request.method) || (judgement.kind === 'explained' && judgement.changes.length === 0);
}

/** Undefined where the answer says nothing of this: none came, it is reported elsewhere, or the rules have an opinion. */
function answerOf(exchange: Exchange): string | undefined {
  const { request, response, body, judgement } = exchange;
  if (response === undefined || response.status >= 500 || response.status === 304) return undefined;
  if (!isSafe(request.method) || judgement.kind !== 'silent' || isBeyondContract(exchange)) return undefined;
  const mediaType = mediaTypeOf(response);
  const kind = Array.isArray(body) ? 'array' : body === null ? 'null' : typeof body;
  return `${response.status}, ${mediaType === undefined ? 'no media type' : essence(mediaType)}, ${body === undefined ? 'no value' : kind}`;
}

function keyOf({ request, situation, clockMoved }: Exchange): string {
  const rules = situation.permitted.map(({ choice }) => choice.transition.name);
  const parts = [request.method, targetOf(request), request.fields, situation.kind, situation.authentication];
  return createHash('sha256')
    .update(JSON.stringify([...parts, rules, clockMoved]))
    .update(request.content ?? new Uint8Array())
    .digest('base64');
}
