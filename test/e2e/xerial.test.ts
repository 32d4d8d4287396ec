/** Xerial over a socket: refresh and logout, each of which ends a refresh token. */

import { jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { type Received, send } from './client.js';
import { noon, served } from './served.js';

/** The refresh token of the documented samples. */
const documented =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1ZWJhYzUzNDk1NGI1NDEzOTgwNmMxMTIiLCJpYXQiOjE1ODkyOTg0ODQsImV4cCI6MTU4OTMwMDI4NH0.m1U63blB0MLej_WfB7yC2FTMnCziif9X8yzwDEfJXAg';
const notFound = [404, '{"code":404,"message":"Not Found"}'];
const pleaseAuthenticate = [401, '{"code":401,"message":"Please Authenticate"}'];

const logout = (url: string, refreshToken: string): Promise<Received> =>
  send(`${url}/api/auth/logout`, { body: { refreshToken } });

const refresh = (url: string, refreshToken: string): Promise<Received> =>
  send(`${url}/api/auth/refresh-tokens`, { body: { refreshToken } });

const refreshed = async (url: string, refreshToken: string): Promise<string> =>
  JSON.parse((await refresh(url, refreshToken)).text).refresh.token;

const answer = ({ status, text }: Received): [number, string] => [status, text];

describe('a logout', () => {
  test('with the documented token has no content, and no field that speaks of any', async () => {
    const { url } = await served();
    const { status, text, headers } = await logout(url, documented);
    expect([status, text]).toEqual([204, '']);
    expect(Object.keys(headers).filter((name) => /^(content-|transfer-)/.test(name))).toEqual([]);
  });

  test('with the same token again, or an unknown one, finds nothing', async () => {
    const { url } = await served();
    await logout(url, documented);
    for (const token of [documented, 'unknown', ''])
      expect(answer(await logout(url, token))).toEqual(notFound);
    expect((await logout(url, documented)).headers['content-type']).toBe('application/json');
  });
});

describe('a refresh', () => {
  test('answers with a documented pair of tokens', async () => {
    const { mock, url } = await served();
    const { status, text } = await refresh(url, documented);
    expect(status).toBe(200);
    const pair = JSON.parse(text);
    expect(text).toBe(
      JSON.stringify({
        access: { token: pair.access.token, expires: '2026-01-31T14:20:00.000Z' },
        refresh: { token: pair.refresh.token, expires: '2030-01-10T12:00:00.000Z' },
      }),
    );
    for (const [token, type, minutes] of [
      [pair.access.token, 'access', 140],
      [pair.refresh.token, 'refresh', 1440 * 24 * 60],
    ]) {
      const options = { algorithms: ['HS256'], currentDate: new Date(noon) };
      const { payload } = await jwtVerify(token, new TextEncoder().encode(mock.secret), options);
      const iat = noon / 1000;
      expect(payload).toMatchObject({ sub: '5ebac534954b54139806c112', iat, exp: iat + minutes * 60, type });
    }
  });

  test('ends the old token and not the new one', async () => {
    const { url } = await served();
    const renewed = await refreshed(url, documented);
    expect(answer(await refresh(url, documented))).toEqual(pleaseAuthenticate);
    expect(answer(await logout(url, documented))).toEqual(notFound);
    expect(answer(await logout(url, renewed))).toEqual([204, '']);
    expect(answer(await logout(url, renewed))).toEqual(notFound);
    expect(answer(await refresh(url, renewed))).toEqual(pleaseAuthenticate);
  });

  test('works twice in the same second, each time with another token', async () => {
    const { url } = await served();
    const first = await refreshed(url, documented);
    const second = await refreshed(url, first);
    expect(second).not.toBe(first);
    expect(answer(await refresh(url, first))).toEqual(pleaseAuthenticate);
    expect(answer(await logout(url, second))).toEqual([204, '']);
  });

  test.each([
    ['P1439DT23H59M59S', 200],
    ['P1440D', 401],
  ])('with a token that is %s old is answered %i', async (age, status) => {
    const { url } = await served();
    const renewed = await refreshed(url, documented);
    await send(`${url}/__counterfoil/clock`, { body: { move: age } });
    expect((await refresh(url, renewed)).status).toBe(status);
  });

  test('with an expired token fails, yet the token can still be logged out', async () => {
    const { url } = await served();
    const renewed = await refreshed(url, documented);
    await send(`${url}/__counterfoil/clock`, { body: { move: 'P1440D' } });
    expect(answer(await refresh(url, renewed))).toEqual(pleaseAuthenticate);
    expect(answer(await logout(url, renewed))).toEqual([204, '']);
    expect(answer(await logout(url, renewed))).toEqual(notFound);
  });
});
