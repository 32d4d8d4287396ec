/** The server's clock, as far as its own answers tell it: by Date, and by the tokens that it issues. */

import { fieldValue, type ResponseMessage } from '../../openapi/http/message.js';
import { isObject, type Json } from '../../openapi/json.js';
import type { Onlooker } from './onlooker.js';

export type ServerClock = {
  /** Told of an answer when it has come, before it is judged. */
  take(response: ResponseMessage, body: Json | undefined, at: number): void;
  /** Whether it goes otherwise than ours, or nobody knows how. */
  isMoved(): boolean;
};

/** Further apart than this the clocks are different ones, in milliseconds. */
const apart = 30_000;

/**
 * Date moves the clock. Tokens whose time of issue was right before, and is not any more, say that somebody moves the clock of
 * the program behind Date as he likes: then nobody knows what time it is. A server whose tokens never were right is wrong.
 */
export function createServerClock(beliefs: Onlooker, clock: () => number): ServerClock {
  let isMoved = false;
  let wasRight = false;
  return {
    take(response, body, at) {
      const offset = beliefs.now() - clock();
      const date = Date.parse(fieldValue(response.fields, 'date') ?? '');
      const isCached = fieldValue(response.fields, 'age') !== undefined; // Date is then that of another answer
      const ahead = Number.isNaN(date) || isCached ? 0 : date - (at + offset);
      if (Math.abs(ahead) >= apart) {
        beliefs.moved(ahead);
        isMoved = true;
      }
      const distances = issuedAt(body).map((each) => Math.abs(each - (at + offset)));
      if (distances.length === 0) return;
      const isRight = distances.every((distance) => distance < apart);
      if (isRight) wasRight = true;
      else if (wasRight && distances.every((distance) => distance >= apart)) beliefs.loseClock();
    },
    isMoved: () => isMoved || beliefs.hasLostClock(),
  };
}

/** The instants at which the tokens of a value were issued (RFC 7519, section 4.1.6), in milliseconds. */
function issuedAt(value: Json | undefined): readonly number[] {
  if (typeof value === 'string') {
    const [, payload] = /^eyJ[\w-]+\.([\w-]+)\.[\w-]+$/.exec(value) ?? [];
    const at = payload === undefined ? undefined : issuedIn(payload);
    return at === undefined ? [] : [at * 1000];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((member: Json) => issuedAt(member));
}

function issuedIn(payload: string): number | undefined {
  try {
    const claims: Json = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isObject(claims) && typeof claims.iat === 'number' ? claims.iat : undefined;
  } catch {
    return undefined;
  }
}
