/** Sessions put into the state of a mock of Matar. */

import type { Mock } from '../../mock/index.js';
import type { Change } from '../../openapi/index.js';
import { sessionToken } from './tokens.js';

const phoneNumber = '919743256789';

/** Gives the mock so many live sessions and no others, besides that of token 0, which is revoked. */
export function putSessions(mock: Mock, count: number): void {
  const matar = mock.apis().find(({ contract }) => contract.name === 'matar');
  if (matar === undefined) throw new TypeError('The mock does not serve Matar.');
  const put = (collection: string, key: string, value: { readonly phone_number?: string }): Change => {
    return { kind: 'put', collection, key, entry: { value, expiresAt: undefined } };
  };
  const changes: Change[] = [put('revoked', sessionToken(0), {})];
  for (let index = 0; index <= count; index += 1)
    changes.push(put('sessions', sessionToken(index), { phone_number: phoneNumber }));
  matar.state.reset();
  matar.state.apply(changes);
}
