/** Credentials for every kind of security scheme: read from flags, sent where they belong, fetched, renewed, and shown to nobody. */

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { credentialsFor, hideCredentials, isGivenBy } from '../../cli/check-credentials.js';
import { openWith } from '../../cli/check-tokens.js';
import { clientCertificate, networkOf } from '../../cli/network.js';
import { withoutCertificate, withWaysIn } from '../../conformance/credentials.js';
import { tokenSource } from '../../conformance/input/oauth2.js';
import { withRenewedToken } from '../../conformance/input/renewed-token.js';
import { createRedactor } from '../../conformance/redact/redact.js';
import { httpTarget } from '../../conformance/target.js';
import { type Contract, loadContract } from '../../openapi/index.js';
import { certificate, key } from '../conformance/certificate.js';
import { checked, told } from '../foreign/checking.js';
import { folderWith } from './process.js';

const get = (security: string): string =>
  `{ get: { security: ${security}, responses: { '200': { description: Yes., content: { application/json: { schema: { type: object } } } }, '401': { description: No. } } } }`;

const document = (tokenUrl: string): string => `openapi: 3.1.0
info: { title: Doors, version: '1' }
paths:
  /bearer: ${get('[{ bearerAuth: [] }]')}
  /basic: ${get('[{ basicAuth: [] }]')}
  /other: ${get('[{ other: [] }]')}
  /header: ${get('[{ header key: [] }]')}
  /query: ${get('[{ query-key: [] }]')}
  /cookie: ${get('[{ cookieKey: [] }]')}
  /oauth: ${get('[{ oauth: [read] }]')}
  /openid: ${get('[{ openid: [] }]')}
  /both: ${get('[{ header key: [], bearerAuth: [] }]')}
  /either: ${get('[{ nobodys: [] }, { basicAuth: [] }]')}
  /open: ${get('[{}, { bearerAuth: [] }]')}
  /nobodys: ${get('[{ nobodys: [] }]')}
  /certificate: ${get('[{ certificate: [] }]')}
components:
  securitySchemes:
    bearerAuth: { type: http, scheme: bearer }
    basicAuth: { type: http, scheme: basic }
    other: { type: http, scheme: Ticket }
    header key: { type: apiKey, in: header, name: X-Key }
    query-key: { type: apiKey, in: query, name: key }
    cookieKey: { type: apiKey, in: cookie, name: sid }
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: ${tokenUrl}, scopes: { read: r } } } }
    openid: { type: openIdConnect, openIdConnectUrl: /.well-known/openid-configuration }
    nobodys: { type: http, scheme: bearer }
    certificate: { type: mutualTLS }
`;

/** Where each credential stands in a request, as the specifications have it. */
const doors: Readonly<Record<string, (request: IncomingMessage) => boolean>> = {
  '/bearer': ({ headers }) => isAs(headers.authorization, 'bearer', 'b-1'),
  '/basic': ({ headers }) => isAs(headers.authorization, 'basic', 'YXNoYTpvcGVuOnNlc2FtZQ=='),
  '/other': ({ headers }) => isAs(headers.authorization, 'ticket', 't-1'),
  '/header': ({ headers }) => headers['x-key'] === 'h-1=',
  '/query': ({ url }) => new URLSearchParams(url?.split('?')[1]).get('key') === 'q 1&',
  '/cookie': ({ headers }) => /(?:^|; )sid=c-1(?:;|$)/.test(headers.cookie ?? ''),
  '/oauth': ({ headers }) => isAs(headers.authorization, 'bearer', 'o-1'),
  '/openid': ({ headers }) => isAs(headers.authorization, 'bearer', 'i-1'),
  '/both': ({ headers }) => headers['x-key'] === 'h-1=' && isAs(headers.authorization, 'bearer', 'b-1'),
  '/either': ({ headers }) => isAs(headers.authorization, 'basic', 'YXNoYTpvcGVuOnNlc2FtZQ=='),
  '/open': () => true,
  '/nobodys': () => false,
  '/certificate': () => false,
};

/** The name of a scheme is the same in any letter case, its credential is not (RFC 9110, section 11.1). */
function isAs(field: string | undefined, scheme: string, credential: string): boolean {
  const [, name = '', sent = ''] = /^(\S+) +(.*)$/.exec(field ?? '') ?? [];
  return name.toLowerCase() === scheme && sent === credential;
}

const given = [
  'bearerAuth=Bearer b-1',
  'basicAuth=asha:open:sesame',
  'other=t-1',
  'header key=h-1=',
  'query-key=q 1&',
  'cookieKey=c-1',
  'oauth=o-1',
  'openid=i-1',
];

type Answer = {
  readonly status: number;
  readonly body?: object;
  readonly fields?: Readonly<Record<string, string>>;
};

async function serve(answer: (request: IncomingMessage, content: string) => Answer): Promise<string> {
  const server = createServer(async (request, response) => {
    let content = '';
    for await (const chunk of request) content += String(chunk);
    const { status, body, fields } = answer(request, content);
    const text = body === undefined ? undefined : JSON.stringify(body);
    response.writeHead(status, { ...(text && { 'content-type': 'application/json' }), ...fields });
    response.end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The doors; `open` ones let everybody in. */
const doorkeeper = (open: readonly string[] = []): Promise<string> =>
  serve((request) => {
    const [at = ''] = (request.url ?? '').split('?');
    if (request.method !== 'GET') return { status: 405, body: {}, fields: { allow: 'GET' } };
    if (doors[at] === undefined) return { status: 404, body: {} };
    if (open.includes(at) || doors[at](request)) return { status: 200, body: {} };
    return { status: 401, fields: { 'www-authenticate': 'Bearer' } };
  });

async function contractWith(tokenUrl = '/token'): Promise<Contract> {
  const folder = await folderWith({ 'openapi.yaml': document(tokenUrl) });
  return loadContract(path.join(folder, 'openapi.yaml'));
}

describe('a credential is sent', () => {
  it('where its scheme says, several where all are asked for, and the one that there is where any will do', async () => {
    const run = await checked(await contractWith(), await doorkeeper(), given, {
      phases: ['protocol'],
      whyNot: withoutCertificate,
    });
    expect(run.findings.filter(({ severity }) => severity === 'error').map(told)).toEqual([]);
    const missed = run.notExercised.filter(({ kind, what }) => kind === 'operation' || what.endsWith(' 200'));
    expect(missed.map(({ kind, what }) => `${kind} ${what}`).toSorted()).toEqual([
      'operation GET /certificate',
      'operation GET /nobodys',
      'response GET /certificate 200',
      'response GET /nobodys 200',
    ]);
    const schemes = run.notExercised.filter(({ kind }) => kind === 'security-scheme').map(({ what }) => what);
    expect(schemes.toSorted()).toEqual(['certificate', 'nobodys']);
  });

  it('and where there is none, the flag is told that would give it', async () => {
    const run = await checked(await contractWith(), await doorkeeper(), given, {
      phases: ['schema', 'protocol'],
      only: ['GET /nobodys', 'GET /certificate'],
      whyNot: withoutCertificate,
    });
    const reasons = new Set(run.notExercised.map(({ reason }) => reason));
    expect(reasons).toContain(
      "there is no credential for the security scheme nobodys: give --credential 'nobodys=<token>'",
    );
    expect(reasons).toContain('it wants a certificate of the client: give --client-cert and --client-key');
  });
});

describe('nobody is let in without one', () => {
  const locked = Object.keys(doors).filter((each) => each !== '/open' && each !== '/certificate');

  it.each(locked)('or that is an error: GET %s', async (door) => {
    const run = await checked(await contractWith(), await doorkeeper([door]), given, {
      phases: ['security'],
      only: [`GET ${door}`],
    });
    const errors = run.findings.filter(({ severity }) => severity === 'error').map(told);
    expect(errors).toContain(
      `error ignored-authentication GET ${door}: a request without a credential succeeds`,
    );
  });

  it('but where a credential is optional, and nothing is found where all doors are shut', async () => {
    const run = await checked(await contractWith(), await doorkeeper(), given, { phases: ['security'] });
    expect(run.findings.map(told)).toEqual([]);
  });
});

describe('a credential is read', () => {
  const read = async (flags: readonly string[], headers: Readonly<Record<string, string>> = {}) => {
    const contract = await contractWith();
    const env = { TOKEN: 'from-env', EMPTY: '' };
    const found = credentialsFor(contract, { credential: flags }, { headers }, env);
    return {
      ...Object.fromEntries([...found.credentials].map(([{ name }, text]) => [name, text])),
      ...found.headers,
    };
  };

  it('as it stands, from the environment, and from a file, but for the line end after it', async () => {
    const folder = await folderWith({ 'key.txt': 'from-file\n' });
    const flags = [
      'other=a=b',
      'oauth=$TOKEN',
      `openid=$${'{TOKEN}'}`,
      `query-key=@${path.join(folder, 'key.txt')}`,
    ];
    expect(await read(flags)).toEqual({
      other: 'a=b',
      oauth: 'from-env',
      openid: 'from-env',
      'query-key': 'from-file',
    });
  });

  it('from fields for every request, which are none any more then', async () => {
    const headers = {
      authorization: 'Basic abc',
      'x-key': 'k',
      Cookie: 'theme=dark; sid=s',
      'X-Tenant': 'a',
    };
    expect(await read([], headers)).toEqual({
      basicAuth: 'abc',
      'header key': 'k',
      cookieKey: 's',
      Cookie: 'theme=dark',
      'X-Tenant': 'a',
    });
  });

  it.each([
    ['b-1', /Which security scheme is the credential for\? Give --credential 'bearerAuth=<token>' or /],
    ['bearerAuth=$NOWHERE', /The environment has no NOWHERE/],
    ['bearerAuth=$EMPTY', /The environment has no EMPTY/],
    ['bearerAuth=@/nowhere/at/all', /there is no such file/],
    ['bearerAuth=', /The credential for bearerAuth is empty/],
    ['certificate=x', /certificate wants a certificate: give --client-cert/],
  ])('or refused: %s', async (flag, says) => {
    await expect(read([flag])).rejects.toThrow(says);
  });

  it('without a name where only one scheme is asked for', async () => {
    const folder = await folderWith({
      'openapi.yaml': `openapi: 3.1.0\ninfo: { title: One, version: '1' }\npaths:\n  /a: ${get('[{ only: [] }]')}\ncomponents: { securitySchemes: { only: { type: http, scheme: bearer } } }\n`,
    });
    const contract = await loadContract(path.join(folder, 'openapi.yaml'));
    const { credentials } = credentialsFor(contract, { credential: ['dG9rZW4='] }, {}, {});
    expect([...credentials.values()]).toEqual(['dG9rZW4=']);
  });

  it('and is masked in every form in which it travels', async () => {
    const contract = await contractWith();
    const redactor = createRedactor();
    const flags = ['basicAuth=asha:open:sesame', 'oauth=client:tops3cret', 'query-key=q-12345678'];
    hideCredentials(credentialsFor(contract, { credential: flags }, {}, {}), redactor);
    const text =
      'Basic YXNoYTpvcGVuOnNlc2FtZQ==, password open:sesame, client_secret=tops3cret, ?key=q-12345678';
    const masked = redactor.mask(text);
    for (const secret of ['YXNoYTpvcGVuOnNlc2FtZQ', 'open:sesame', 'tops3cret', 'q-12345678'])
      expect(masked).not.toContain(secret);
  });
});

describe('a token is fetched by client credentials', () => {
  const id = 'app:one';
  const basic = `Basic ${Buffer.from('app%3Aone:s%26cret').toString('base64')}`;
  const source = async (
    answer: (request: IncomingMessage, form: URLSearchParams) => Answer,
    scopes = ['read'],
  ) => {
    const asked: string[] = [];
    const origin = await serve((request, content) => {
      asked.push(`${request.headers.authorization === undefined ? '' : 'Basic '}${content}`);
      return answer(request, new URLSearchParams(content));
    });
    const target = httpTarget(origin);
    onTestFinished(() => target.close());
    const endpoint = { url: new URL('/oauth/token', origin), discovered: false };
    const fetch = tokenSource({
      id,
      secret: 's&cret',
      scopes,
      endpoint,
      reach: () => target,
      clock: () => 1000,
    });
    return { fetch, asked, origin };
  };
  const token = { status: 200, body: { access_token: 'tok', token_type: 'bearer', expires_in: 100 } };

  it('with the client in Basic, form-encoded, and the scopes that operations need', async () => {
    const { fetch, asked } = await source(({ headers }) =>
      headers.authorization === basic ? token : { status: 401, body: { error: 'invalid_client' } },
    );
    expect(await fetch()).toEqual({ kind: 'token', token: 'tok', expiresAt: 1000 + 90_000 });
    expect(asked).toEqual(['Basic grant_type=client_credentials&scope=read']);
  });

  it('with the client in the content where Basic is refused, and there from then on', async () => {
    const { fetch, asked } = await source((_, form) =>
      form.get('client_id') === id && form.get('client_secret') === 's&cret'
        ? token
        : { status: 401, body: {} },
    );
    expect(await fetch()).toMatchObject({ token: 'tok' });
    expect(await fetch()).toMatchObject({ token: 'tok' });
    expect(asked.map((each) => each.startsWith('Basic'))).toEqual([true, false, false]);
  });

  it('without scopes where the server knows none of them', async () => {
    const { fetch, asked } = await source((_, form) =>
      form.has('scope') ? { status: 400, body: { error: 'invalid_scope' } } : token,
    );
    expect(await fetch()).toMatchObject({ token: 'tok' });
    expect(asked.at(-1)).toBe('Basic grant_type=client_credentials');
  });

  it.each<[string, Answer, string]>([
    [
      'a client that is not known',
      { status: 401, body: { error: 'invalid_client' } },
      'answers 401 invalid_client',
    ],
    [
      'a client that may not',
      { status: 400, body: { error: 'unauthorized_client', error_description: 'ask sales' } },
      'answers 400 unauthorized_client: ask sales',
    ],
    ['no token', { status: 200, body: { token: 'x' } }, 'answers 200 without an access_token'],
    ['another kind', { status: 200, body: { access_token: 'x', token_type: 'mac' } }, 'of the type mac'],
  ])('or not, and why is told: %s', async (_, answer, why) => {
    const { fetch, origin } = await source(() => answer);
    const refused = await fetch();
    expect(refused).toMatchObject({ kind: 'none', isAway: false });
    expect(refused.kind === 'none' && refused.why).toContain(
      `${origin}/oauth/token ${why}`.replace(' of', ' gives a token of'),
    );
  });

  it('again when its time is over, and when it is refused in the middle; a refusal with another reason is believed', async () => {
    let good = 't1';
    let now = 0;
    let fetched = 0;
    const origin = await serve(({ url, headers }) =>
      url !== '/barred' && headers.authorization === `Bearer ${good}`
        ? { status: 200, body: {} }
        : { status: 401, body: {} },
    );
    const server = httpTarget(origin);
    onTestFinished(() => server.close());
    const learnt: string[] = [];
    const target = withRenewedToken(server, {
      token: 't1',
      expiresAt: 1000,
      clock: () => now,
      learnt: (each) => void learnt.push(each),
      fetch: async () => {
        fetched += 1;
        return { kind: 'token', token: good, expiresAt: undefined };
      },
    });
    const status = async (at: string, authorization: string): Promise<number | undefined> => {
      const fields = [['authorization', authorization]] as const;
      const outcome = await target({ method: 'GET', path: at, query: '', fields, content: undefined });
      return outcome.kind === 'response' ? outcome.response.status : undefined;
    };
    expect([await status('/', 'Bearer t1'), fetched]).toEqual([200, 0]);
    good = 't2';
    now = 1000;
    expect([await status('/', 'Bearer t1'), fetched]).toEqual([200, 1]);
    good = 't3';
    expect([await status('/', 'Bearer t1'), fetched]).toEqual([200, 2]);
    expect([await status('/', 'Bearer t1'), await status('/', 'Bearer forged'), fetched]).toEqual([
      200, 401, 2,
    ]);
    expect([await status('/barred', 'Bearer t1'), await status('/barred', 'Bearer t1'), fetched]).toEqual([
      401, 401, 3,
    ]);
    expect(learnt).toEqual(['t2', 't3', 't3']);
  });

  const opened = async (credential: string, tokenUrl: string, base: string) => {
    const loaded = await contractWith(tokenUrl);
    const flags = { credential: [credential] };
    const found = credentialsFor(loaded, flags, {}, {});
    const contract = withWaysIn(loaded, isGivenBy(found, flags, {}));
    const server = httpTarget(base);
    onTestFinished(() => server.close());
    const redactor = createRedactor();
    const open = await openWith({ contract, given: found, config: {}, target: server, base, redactor });
    onTestFinished(() => open.close());
    const ask = { for: {}, use: 1, schema: {}, signal: new AbortController().signal };
    return { answer: (name: string) => open.inputs({ ...ask, name }), redactor };
  };

  it('from a URL relative to the server, from one that OpenID Connect tells, and is masked', async () => {
    const origin: string = await serve(({ url, method }) => {
      if (url === '/login/token' && method === 'POST')
        return { status: 200, body: { access_token: 'fetched-token' } };
      if (url === '/.well-known/openid-configuration')
        return { status: 200, body: { token_endpoint: `${origin}/login/token` } };
      return { status: 404, body: {} };
    });
    const relative = await opened('oauth=a:b', '/login/token', origin);
    expect(await relative.answer('oauth')).toMatchObject({ value: 'fetched-token' });
    expect(relative.redactor.mask('Bearer fetched-token')).toBe('Bearer masked-access-token-1');
    const found = await opened('openid=a:b', '/token', origin);
    expect(await found.answer('openid')).toMatchObject({ value: 'fetched-token' });
  });

  it('or the command ends before anything is sent: 2 where it is refused, 3 where nobody answers', async () => {
    const origin = await serve(() => ({ status: 401, body: { error: 'invalid_client' } }));
    await expect(opened('oauth=a:b', '/token', origin)).rejects.toMatchObject({
      exitCode: 2,
      message: `No token can be had for oauth: ${origin}/token answers 401 invalid_client. Check the client and its secret, name another endpoint with --token-url, or give a token: --credential 'oauth=<token>'.`,
    });
    await expect(opened('oauth=a:b', 'http://127.0.0.1:1/token', origin)).rejects.toMatchObject({
      exitCode: 3,
    });
  });
});

describe('a certificate', () => {
  it('is shown to a server that asks for one', async () => {
    const server = createSecureServer(
      { cert: certificate, key, requestCert: true, rejectUnauthorized: false },
      ({ socket }, response) => {
        const shown = (socket as TLSSocket).getPeerCertificate();
        response.writeHead(shown.fingerprint256 === undefined ? 401 : 200).end();
      },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const folder = await folderWith({ 'me.pem': certificate, 'me.key': key });
    const clientCert = path.join(folder, 'me.pem');
    const clientKey = path.join(folder, 'me.key');
    const status = async (config: object): Promise<number | undefined> => {
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const target = httpTarget(url, networkOf({ insecure: true, ...config }));
      const outcome = await target({ method: 'GET', path: '/', query: '', fields: [], content: undefined });
      await target.close();
      return outcome.kind === 'response' ? outcome.response.status : undefined;
    };
    expect([await status({}), await status({ clientCert, clientKey })]).toEqual([401, 200]);
    expect(() => clientCertificate({ clientCert })).toThrow('belong together');
    expect(() => clientCertificate({ clientCert: clientKey, clientKey: clientCert })).toThrow(
      'no certificate and its key',
    );
  });
});
