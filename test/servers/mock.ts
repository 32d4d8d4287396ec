/** Counterfoil's own mock as one more server beside the foreign ones, reached over its socket as they are. */

import { createHmac } from 'node:crypto';
import { createMock, listen } from '../../mock/index.js';
import { loadContract } from '../../openapi/index.js';
import type { ForeignServer } from './start.js';

/** A mock of a shipped API on a free port. */
export async function startMockServer(api: 'matar' | 'xerial'): Promise<ForeignServer> {
  const mock = createMock(await loadContract(api), { seed: 1 });
  const { url, close } = await listen(mock, { port: 0 });
  const taken = new Map<string, number>();
  let sessions = 0;
  return {
    url,
    async sms(phone) {
      const inbox = await fetch(`${url}/__counterfoil/inbox?to=${encodeURIComponent(phone)}`);
      const { messages } = (await inbox.json()) as { readonly messages: readonly Message[] };
      const index = taken.get(phone) ?? 0;
      taken.set(phone, index + 1);
      return messages[index]?.content.otp ?? '';
    },
    async moveClock(seconds) {
      await fetch(`${url}/__counterfoil/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ move: `PT${seconds}S` }),
      });
    },
    /** The contract has no login: a session is put where a login would leave one. */
    async session(user) {
      sessions += 1;
      const iat = Math.floor(mock.clock.now() / 1000);
      const claims = { sub: user, iat, exp: iat + lifetime, type: 'refresh', jti: String(sessions) };
      const input = [{ alg: 'HS256', typ: 'JWT' }, claims].map(encoded).join('.');
      const key = `${input}.${createHmac('sha256', mock.secret).update(input).digest('base64url')}`;
      const entry = { value: { user }, expiresAt: claims.exp * 1000 };
      mock.apis()[0]?.state.apply([{ kind: 'put', collection: 'refresh_tokens', key, entry }]);
      return key;
    },
    stop: close,
  };
}

type Message = { readonly content: { readonly otp: string } };

/** 1,440 days. */
const lifetime = 1440 * 86_400;

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
