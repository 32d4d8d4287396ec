/** Journeys through the shipped APIs that leave nothing out: valid and broken requests, wrong credentials, other methods. */

import type { Exchange } from '../../conformance/check.js';
import type { Json } from '../../openapi/index.js';
import { pointedTo } from '../../openapi/json.js';
import type { Run, Short } from './exchanges.js';

/** Requests that no path or operation is for, of content that none takes, and of JSON that is none or next to none. */
function broken(path: string, body: Json): readonly Short[] {
  const text = JSON.stringify(body);
  return [
    { call: 'GET /no/such/path' },
    { call: `GET ${path}` },
    { call: `HEAD ${path}` },
    { call: `OPTIONS ${path}` },
    { call: `TRACE ${path}` },
    { call: `PURGE ${path}` },
    { call: `DELETE ${path}` },
    { call: `PUT ${path}`, body },
    { call: `PATCH ${path}`, body },
    { call: `POST ${path}` },
    { call: `POST ${path}`, body: null },
    { call: `POST ${path}`, body: [] },
    { call: `POST ${path}`, body: {} },
    { call: `POST ${path}`, body: 7 },
    { call: `POST ${path}`, body: text.slice(0, -1), fields: [['content-type', 'application/json']] },
    { call: `POST ${path}`, body: '', fields: [['content-type', 'application/json']] },
    { call: `POST ${path}`, body: '['.repeat(600), fields: [['content-type', 'application/json']] },
    { call: `POST ${path}`, body: text, fields: [['content-type', 'text/plain']] },
    { call: `POST ${path}`, body: text },
    { call: `POST ${path}`, body: 'a=b', fields: [['content-type', 'application/x-www-form-urlencoded']] },
    {
      call: `POST ${path}`,
      body: new Uint8Array([0xff, 0xfe, 0x7b]),
      fields: [['content-type', 'application/json']],
    },
    { call: `POST ${path}`, body, fields: [['accept', 'image/png']] },
  ];
}

function bearer(token: string): readonly [readonly [string, string]] {
  return [['authorization', `Bearer ${token}`]];
}

/** Through Matar. `otp` tells the code that was sent to a number. */
export async function throughMatar(run: Run, otp: (phone: string) => Promise<string>): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const send = async (short: Short): Promise<Exchange> => {
    const exchange = await run.send(short);
    exchanges.push(exchange);
    return exchange;
  };
  const login = '/api/v1/login';
  const ask = { phone_number: '919000000001', name: "O'Brien 😀", action: 'send_otp' };
  const submit = (code: string): Json => ({ ...ask, action: 'submit_otp', otp: code });
  for (const short of broken(login, ask)) await send(short);
  await otp(ask.phone_number).catch(() => '');
  await send({ call: `POST ${login}`, body: { ...ask, organization_id: 'none' } });
  await send({ call: `POST ${login}`, body: ask });
  const code = await otp(ask.phone_number);
  await send({ call: `POST ${login}`, body: submit(`${code}0`) });
  const loggedIn = await send({ call: `POST ${login}`, body: submit(code) });
  const access = String(pointedTo(loggedIn.body, '/access_token'));
  const refresh = String(pointedTo(loggedIn.body, '/refresh_token'));
  const [head = '', claims = '', signature = ''] = access.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  for (const path of ['GET /api/v1/get_current_user', 'POST /api/v1/logout']) {
    await send({ call: path });
    const refused = [
      'garbage',
      '',
      `${head}.${claims}.${signature.split('').reverse().join('')}`,
      `${none}.${claims}.`,
    ];
    for (const token of [...refused, refresh]) await send({ call: path, fields: bearer(token) });
    await send({ call: path, fields: [['authorization', `Basic ${access}`]] });
  }
  for (const call of ['GET', 'HEAD', 'GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE'])
    await send({ call: `${call} /api/v1/get_current_user`, fields: bearer(access) });
  for (let time = 0; time < 3; time += 1) await send({ call: 'POST /api/v1/logout', fields: bearer(access) });
  for (const call of ['GET', 'HEAD', 'GET'])
    await send({ call: `${call} /api/v1/get_current_user`, fields: bearer(access) });
  return exchanges;
}

/** Through Xerial, with refresh tokens of two sessions that are open. */
export async function throughXerial(run: Run, sessions: readonly [string, string]): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const send = async (short: Short): Promise<Exchange> => {
    const exchange = await run.send(short);
    exchanges.push(exchange);
    return exchange;
  };
  const refreshPath = '/api/auth/refresh-tokens';
  const [first, second] = sessions;
  for (const session of sessions) run.given(session);
  for (const path of ['/api/auth/logout', refreshPath])
    for (const short of broken(path, { refreshToken: 'unknown' })) await send(short);
  const renewed = await send({ call: `POST ${refreshPath}`, body: { refreshToken: first } });
  const next = String(pointedTo(renewed.body, '/refresh/token'));
  for (const refreshToken of [first, 'unknown', '', '😀'.repeat(50), next, next])
    await send({ call: `POST ${refreshPath}`, body: { refreshToken } });
  for (const refreshToken of [next, second, second, 'unknown'])
    await send({ call: 'POST /api/auth/logout', body: { refreshToken } });
  return exchanges;
}
