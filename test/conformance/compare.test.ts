/** Two servers compared: a mock with itself, with a correct foreign server, and with one that gives out the claims of another. */

import { describe, expect, it } from 'vitest';
import type { Parting } from '../../conformance/compare/event.js';
import { phases } from '../../conformance/event.js';
import type { Target } from '../../conformance/target.js';
import { isObject, type Json } from '../../openapi/json.js';
import { decodeToken } from '../../openapi/token.js';
import { contractOf } from '../servers/checked.js';
import { compared, foreignSide, lineOf, mockSide } from './comparing.js';
import { loaded } from './contracts.js';

describe('a mock compared with itself, under another secret and another seed', () => {
  it('does not part from itself in 5,000 calls', async () => {
    const sums = { A: 0, B: 0 };
    for (const [kind, seed] of [
      ['matar-node', 1],
      ['matar-node', 2],
      ['xerial-express', 1],
    ] as const) {
      const { contract, workflows } = await contractOf(kind);
      const [a, b] = [await mockSide(contract, seed), await mockSide(contract, seed + 10)];
      const options = { workflows, phases, seed, walks: { count: 3 } };
      const finished = await compared(contract, a, b, options);
      expect(finished.partings.map(lineOf)).toEqual([]);
      expect(finished.unstable.map(lineOf)).toEqual([]);
      expect(finished.complete).toBe(true);
      sums.A += finished.requests.A;
      sums.B += finished.requests.B;
    }
    expect(sums.A).toBeGreaterThanOrEqual(5000);
    expect(sums.B).toBe(sums.A);
  }, 300_000);
});

describe('a correct server', () => {
  it('does not part from another of its kind', async () => {
    const { contract, workflows } = await contractOf('matar-node');
    const sides = [await foreignSide('matar-node'), await foreignSide('matar-node')] as const;
    const finished = await compared(contract, ...sides, { workflows, walks: { count: 6 } });
    expect(finished.partings.map(lineOf)).toEqual([]);
    expect(finished.unstable.map(lineOf)).toEqual([]);
    expect(finished.notCompared).toEqual([]);
  }, 120_000);

  it('parts from the mock only in what the contract leaves open', async () => {
    const { contract, workflows } = await contractOf('matar-node');
    const mock = await mockSide(contract, 1);
    const finished = await compared(contract, mock, await foreignSide('matar-node'), {
      workflows,
      phases: ['workflows', 'examples', 'rules'],
    });
    expect(finished.partings.map(lineOf).toSorted()).toEqual(Object.values(openPartings).flat().toSorted());
    for (const { standing } of finished.partings) expect(Object.values(standing)).not.toContain('forbidden');
    expect(finished.unstable).toEqual([]);
  }, 120_000);
});

/** How the mock and the correct server part, each with what the contract leaves open. */
const openPartings: Readonly<Record<string, readonly string[]>> = {
  'no page speaks of caching': [
    'POST /api/v1/login field cache-control the field Cache-Control is there at B only in 1',
    'GET /api/v1/get_current_user field cache-control the field Cache-Control is there at B only in 3',
    'POST /api/v1/logout field cache-control the field Cache-Control is there at B only in 3',
  ],
  'a challenge has a realm of any name, and may say what is wrong (RFC 6750, section 3)': [
    'POST /api/v1/logout field www-authenticate the field WWW-Authenticate is another at B in 4',
    'GET /api/v1/get_current_user field www-authenticate the field WWW-Authenticate is another at B in 4',
  ],
  'the OTP of the documented sample is known to the mock from the start': [
    'POST /api/v1/login status  A answers 200, B answers 400 in 1',
  ],
  'no answer is documented for a body that breaks the schema': [
    'POST /api/v1/login status  A answers 400, B answers 422 in 1',
  ],
  'no content is documented for a media type that is not taken': [
    'POST /api/v1/login content  the content is an object at A and a text at B in 1',
  ],
};

describe('a server that gives out the claims of another user', () => {
  it('parts by the renaming, in the two logins that it takes', async () => {
    const { contract } = await contractOf('matar-node');
    const [a, b] = [await mockSide(contract, 1), await mockSide(contract, 2, withClaimsOfTheFirst)];
    const isMeant = ({ kind, at }: Parting): boolean => kind === 'identity' && at === '/access_token#/sub';
    const { partings } = await compared(contract, a, b, { phases: ['rules'], until: isMeant });
    const own = partings.filter(isMeant);
    expect(
      own.map(({ steps, title }) => ({ title, calls: steps.length, users: steps.at(-1)?.user })),
    ).toEqual([
      {
        title: 'sub of access_token is a new one at A, and one that has been seen before at B',
        calls: 4,
        users: 'second user',
      },
    ]);
  }, 120_000);

  it('is told as a workflow that reads back', async () => {
    const { contract } = await contractOf('matar-node');
    const [a, b] = [await mockSide(contract, 1), await mockSide(contract, 2, withClaimsOfTheFirst)];
    const { partings } = await compared(contract, a, b, { phases: ['examples'], until: () => true });
    const [parting] = partings;
    const [workflow] = await loaded(contract, JSON.stringify(parting?.workflow));
    expect(workflow?.steps).toHaveLength(parting?.steps.length ?? -1);
    expect(workflow?.steps.at(-1)?.successCriteria.map(({ condition }) => condition)).toContain(
      '$statusCode == 200',
    );
  }, 120_000);
});

/** Every login gives out the claims of whoever has logged in first; the tokens work as before. */
function withClaimsOfTheFirst(target: Target): Target {
  const real = new Map<string, string>();
  let first: Json | undefined;
  return async (message, signal) => {
    const fields = message.fields.map(([name, value]): readonly [string, string] => {
      const [scheme = '', token = ''] = value.split(' ');
      return name.toLowerCase() === 'authorization'
        ? [name, `${scheme} ${real.get(token) ?? token}`]
        : [name, value];
    });
    const outcome = await target({ ...message, fields }, signal);
    if (outcome.kind !== 'response' || outcome.response.content === undefined) return outcome;
    const body: Json = JSON.parse(new TextDecoder().decode(outcome.response.content));
    if (!isObject(body) || typeof body.access_token !== 'string') return outcome;
    first ??= decodeToken(body.access_token)?.claims.sub;
    const given = withSubject(body.access_token, first ?? null);
    real.set(given, body.access_token);
    const content = new TextEncoder().encode(JSON.stringify({ ...body, access_token: given }));
    return { ...outcome, response: { ...outcome.response, content } };
  };
}

function withSubject(token: string, sub: Json): string {
  const [header = '', , signature = ''] = token.split('.');
  const claims = JSON.stringify({ ...decodeToken(token)?.claims, sub });
  return `${header}.${Buffer.from(claims).toString('base64url')}.${signature}`;
}
