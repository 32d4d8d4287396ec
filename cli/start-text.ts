/** What a mock says of itself when it starts: what it serves, and what one needs to use it. */

import { networkInterfaces } from 'node:os';
import type { Paint } from '../conformance/report/paint.js';
import {
  controlPrefix,
  createMock,
  type Listening,
  type Mock,
  type MockOptions,
  type ServedApi,
} from '../mock/index.js';
import { curlLine } from '../openapi/http/curl.js';
import type { RequestMessage } from '../openapi/http/message.js';
import { inferredResources } from '../openapi/rules/inferred-rules.js';
import { apisText, type Introduced } from './api-text.js';
import type { MockFlags } from './mock.js';
import { preparedSample } from './prepared-sample.js';
import { knownRequest, sampleRequest } from './sample-request.js';

/** A mock that listens, and how it was started. */
export type Running = {
  readonly mock: Mock;
  readonly listening: Listening;
  readonly flags: MockFlags;
  /** The options that the mock was made with. */
  readonly options: MockOptions;
  /** How many files are watched; undefined without --watch. */
  readonly watched: number | undefined;
  readonly version: string;
};

/** A line of its own: a word for it, its value, and a remark. */
type Fact = readonly [name: string, value: string, remark?: string];

/** The whole text, without a line end after it. */
export async function startText(running: Running, paint: Paint): Promise<string> {
  const { listening, version } = running;
  const [base = listening.url] = addresses(running);
  const introduced = await introducedApis(running);
  return [
    paint('bold', `counterfoil ${version}`),
    apisText(introduced, base, paint),
    factsText(
      [
        ...addressFacts(running, paint),
        ...controlFacts(running, base),
        ...resourceFacts(running),
        ...tokenFacts(running, base),
        ...callFacts(running, base),
        ...valueFacts(running),
      ],
      paint,
    ),
    paint('dim', 'Ctrl-C stops it.'),
  ].join('\n\n');
}

/** The APIs, each with a request to try: the one that the build has tried, or else one that is tried on a probe. */
async function introducedApis(running: Running): Promise<readonly Introduced[]> {
  const { mock } = running;
  const known = mock.apis().map((api) => ({ api, sample: samplePrepared(running, api) }));
  if (known.every(({ sample }) => sample !== undefined)) return known;
  const probe = createMock(
    mock.apis().map(({ contract }) => contract),
    { ...probeOptions(running), seed: mock.seed, secret: mock.secret },
  );
  const introduced = [];
  for (const api of probe.apis()) introduced.push({ api, sample: await sampleRequest(probe, api) });
  return introduced;
}

/** What the build has tried is good for a mock that does all that is usual. */
function samplePrepared({ options, flags }: Running, api: ServedApi): RequestMessage | undefined {
  const isUsual = options.fixed === undefined && options.auth !== false && flags.overlay === undefined;
  if (!isUsual) return undefined;
  const known = preparedSample(api.contract);
  return known && knownRequest(api, known);
}

/** A mock that behaves the same but keeps to itself. */
function probeOptions({ options: { fixed, byName, auth } }: Running): MockOptions {
  return { ...(fixed && { fixed }), ...(byName && { byName }), auth: auth !== false, control: false };
}

/** The base URLs that reach the mock: of this machine first, then, when it listens everywhere, of its networks. */
function addresses({ listening, flags }: Running): string[] {
  const isIPv6 = flags.host === '::';
  if (flags.host !== '0.0.0.0' && !isIPv6) return [listening.url];
  const networks = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const others = networks.filter(({ internal, family }) => !internal && family === 'IPv4');
  const hosts = [isIPv6 ? '[::1]' : '127.0.0.1', ...others.map(({ address }) => address)];
  return hosts.map((host) => `http://${host}:${listening.port}`);
}

function addressFacts(running: Running, paint: Paint): Fact[] {
  const [base = '', ...others] = addresses(running);
  return [
    ['Base URL', paint(['bold', 'green'], base)],
    ...others.map((url): Fact => ['', url, 'from other machines']),
  ];
}

function controlFacts({ options: { control }, flags }: Running, base: string): Fact[] {
  const url = `${base}${controlPrefix}`;
  if (control === undefined || control === false) return [];
  if (control === true) return [['Control', url, 'state, clock, journal, and the inbox of OTPs']];
  if (flags.controlToken !== undefined) return [['Control', url, 'asks for the token of --control-token']];
  const authorization = ['authorization', `Bearer ${control.token}`] as const;
  const request = {
    method: 'GET',
    path: controlPrefix,
    query: '',
    fields: [authorization],
    content: undefined,
  };
  return [
    ['Control', url, 'asks for a token, since other machines reach it:'],
    ['', curlLine(request, base)],
  ];
}

/** The resources that behave by rules which nobody has written. */
function resourceFacts({ mock }: Running): Fact[] {
  const paths = mock
    .apis()
    .flatMap(({ contract, prefix }) =>
      inferredResources(contract).map(({ paths: [path = ''] }) => `${prefix}${path}`),
    );
  if (paths.length === 0) return [];
  const more = paths.length > mostResources ? ` and ${paths.length - mostResources} more` : '';
  const remark = 'what is created there is kept; --no-inferred-rules forgets';
  return [['Resources', `${paths.slice(0, mostResources).join(', ')}${more}`, remark]];
}

/** Where OAuth 2.0 clients get their tokens: it is no operation, and there all the same. */
function tokenFacts({ mock }: Running, base: string): Fact[] {
  const endpoints = mock.apis().flatMap(({ oauth }) => oauth);
  return endpoints.map(({ kind, path, grants }): Fact => {
    return kind === 'token'
      ? ['OAuth 2.0', `${base}${path}`, `gives tokens for ${grants.join(', ')}`]
      : ['OAuth 2.0', `${base}${path}`, 'sends browsers back with a code'];
  });
}

/** What the APIs send themselves, and how to have it sent. */
function callFacts({ mock, flags, options: { control } }: Running, base: string): Fact[] {
  const apis = mock.apis().map(({ contract }) => contract);
  const callbacks = apis.flatMap(({ operations }) => operations).flatMap((each) => each.callbacks);
  const webhooks = apis.flatMap((contract) => contract.webhooks);
  const hosts = ['this machine', ...(flags.callbackHosts ?? [])].join(', ');
  const isSent = flags.callbacks === true;
  const remark = isSent ? `are sent to ${hosts}` : 'are sent with --callbacks';
  return [
    ...(callbacks.length === 0 ? [] : [['Callbacks', String(callbacks.length), remark] as const]),
    ...(webhooks.length === 0 || control === false
      ? []
      : [
          [
            'Webhooks',
            `${base}${controlPrefix}/webhooks`,
            `${webhooks.length}: POST there sends one`,
          ] as const,
        ]),
  ];
}

/** Nobody reads on after so many. */
const mostResources = 4;

function valueFacts({ mock, flags, watched }: Running): Fact[] {
  const otp: Fact[] = flags.otp === undefined ? [] : [['OTP', flags.otp, 'for everybody']];
  const files = watched === 1 ? '1 file' : `${watched} files`;
  const watch: Fact[] =
    watched === undefined ? [] : [['Watching', files, 'a change is served at once, the state is kept']];
  return [
    ...otp,
    ['Tokens', 'are signed with HS256 and this secret:'],
    ['', mock.secret],
    ['Seed', String(mock.seed), `--seed ${mock.seed} makes the same values again`],
    ...watch,
  ];
}

/** Facts below each other, in columns. */
function factsText(facts: readonly Fact[], paint: Paint): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts
    .map(([name, value, remark]) => {
      const end = remark === undefined ? '' : `  ${paint('dim', remark)}`;
      return `${paint('dim', name.padEnd(width))}  ${value}${end}`;
    })
    .join('\n');
}
