/** A run as reports see it, with hostile texts and secrets in many forms: what the HTML and HAR reports are tested with. */

import type {
  CheckInfo,
  ExchangeRecord,
  Finding,
  NotExercised,
  PlannedWorkflow,
  RunEvent,
} from '../../conformance/event.js';
import type { Field } from '../../openapi/http/message.js';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: object, signature: string): string =>
  `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${signature}`;

/** The secrets of the run, which no report may tell. */
export const secrets: Readonly<
  Record<'otp' | 'access' | 'refresh' | 'password' | 'apiKey' | 'cookie', string>
> = {
  otp: '48793',
  access: tokenOf({ sub: '39501T', type: 'access', jti: 'a1' }, 'qP3xK0cZ5bVt8nR1sLw7yA'),
  refresh: tokenOf({ sub: '39501T', type: 'refresh', jti: 'r1' }, 'Zm9vYmFyYmF6cXV4MTIzNDU'),
  password: 'tr0ub&dor "é" <3 \'x\'+/=',
  apiKey: 'k_live_9f8e7d6c5b4a',
  cookie: 's%3Aabcdef0123456789',
};

export const hostile: string =
  '</script><script>document.title="pwned"</script><img src=x onerror="document.title=\'pwned\'">';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const at = Date.UTC(2026, 10, 22, 4, 56, 46);

type Given = {
  readonly workflow?: string;
  readonly phase?: ExchangeRecord['phase'];
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly fields?: readonly Field[];
  readonly content?: string | undefined;
  readonly status?: number;
  readonly answerFields?: readonly Field[];
  readonly answer?: string | Uint8Array | undefined;
  readonly outcome?: ExchangeRecord['outcome'];
};

/** An exchange; what is not given is a plain logout. */
export function exchange(id: number, given: Given = {}): ExchangeRecord {
  const { answer, content, status = 200, workflow = 'log-out-twice', phase = 'rules' } = given;
  const received = typeof answer === 'string' ? text(answer) : answer;
  return {
    id,
    workflow,
    phase,
    step: `step-${id}`,
    operation: 'logout',
    request: {
      method: given.method ?? 'POST',
      path: given.path ?? '/api/v1/logout',
      query: given.query ?? '',
      fields: given.fields ?? [['Authorization', `Bearer ${secrets.access}`]],
      content: content === undefined ? undefined : text(content),
    },
    outcome: given.outcome ?? {
      kind: 'response',
      response: {
        status,
        fields: given.answerFields ?? [['Content-Type', 'application/json']],
        content: received,
      },
      faults: [],
    },
    startedAt: at + id * 10,
    milliseconds: 3.5 + id,
  };
}

export const exchanges: readonly ExchangeRecord[] = [
  exchange(1, {
    path: '/api/v1/login',
    fields: [['Content-Type', 'application/json']],
    content: JSON.stringify({ phone_number: '919743256789', action: 'submit_otp', otp: secrets.otp }),
    answer: JSON.stringify({
      access_token: secrets.access,
      refresh_token: secrets.refresh,
      user: { name: 'Sri', roles: { default: ['129487316'] }, sent: `Your OTP is ${secrets.otp}.` },
    }),
  }),
  exchange(2, { answer: '{"description": "Successfully logged out", "message": "Success"}' }),
  exchange(3, {
    status: 200,
    answer:
      '{"message":"Success","message":"twice","n":1.0e3,"why":"\\u0041\\/","list":[],"deep":[{"a":null}]}',
  }),
  exchange(4, {
    workflow: 'hostile-texts',
    phase: 'schema',
    method: 'GET',
    path: `/api/v1/${encodeURIComponent(hostile)}`,
    query: `api_key=${secrets.apiKey}&password=${encodeURIComponent(secrets.password)}&x=%3Cb%3E`,
    fields: [
      ['Cookie', `sid=${secrets.cookie}; theme=dark-mode`],
      ['X-Api-Key', secrets.apiKey],
      ['X-Odd', hostile],
    ],
    status: 500,
    answerFields: [
      ['Content-Type', 'text/html'],
      [
        'Set-Cookie',
        'sid=s%3Azyxwvu9876543210; Path=/; HttpOnly; Secure; Expires=Wed, 09 Jun 2027 10:18:14 GMT',
      ],
      ['Location', `https://elsewhere.example/?token=${secrets.apiKey}`],
    ],
    answer: `<h1>Error</h1>${hostile}\u0000\u0007\u202e tab\there`.replace('\u0000', '\u0001'),
  }),
  exchange(5, {
    workflow: 'hostile-texts',
    phase: 'schema',
    fields: [
      ['Authorization', `Basic ${Buffer.from(`aladdin:${secrets.password}`).toString('base64')}`],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ],
    content: new URLSearchParams({ user: 'aladdin', password: secrets.password }).toString(),
    status: 415,
    answerFields: [['Content-Type', 'application/json']],
    answer: JSON.stringify({ echo: `You sent ${secrets.password}`, token: secrets.access }),
  }),
  exchange(6, {
    workflow: 'hostile-texts',
    phase: 'protocol',
    answerFields: [['Content-Type', 'image/png']],
    answer: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255, ...text(secrets.apiKey), 0, 254]),
  }),
  exchange(7, {
    workflow: 'hostile-texts',
    phase: 'protocol',
    outcome: {
      kind: 'failure',
      failure: 'reset',
      why: `other side closed after ${secrets.otp}`,
      faults: [
        {
          name: 'content-length-differs',
          detail: 'Content-Length is 10, and 4 bytes came',
          section: 'RFC 9110, section 8.6',
        },
      ],
      partial: { status: 200, fields: [['Content-Length', '10']], content: text('{"a"') },
    },
  }),
];

const specification = {
  sentence: 'A response is one that the state rules of the operation permit',
  section: 'the state rules of the contract',
};
const checkOf = (name: string, promise: string): CheckInfo => ({ name, promise, specification });

export const checks: readonly CheckInfo[] = [
  checkOf('state-conformance', 'Each answer is one that the state permits.'),
  checkOf('error-leak', 'No answer tells what is inside of the server.'),
  checkOf('challenge-present', 'A 401 says how to authenticate.'),
  checkOf('not-a-server-error', 'No request makes the server fail.'),
];

const findingOf = (id: string, more: Partial<Finding>): Finding => ({
  id,
  check: 'state-conformance',
  verdict: 'violates',
  severity: 'error',
  phase: 'rules',
  operation: 'logout',
  endpoint: 'POST /api/v1/logout',
  at: {
    file: 'openapi/matar/openapi.yaml',
    line: 321,
    column: 9,
    pointer: '/paths/~1api~1v1~1logout/post/x-transitions/1',
  },
  specification,
  title: 'A token that has been logged out still works',
  expected: '401 {"message":"Token has been revoked"}',
  actual: '200 {"message":"Success"}',
  pointer: '/message',
  count: 3,
  confirmed: { shown: 5, of: 5 },
  exchanges: exchanges.slice(0, 3),
  workflow: {
    arazzo: '1.0.1',
    workflows: [{ workflowId: id, steps: [{ stepId: 'log-out', payload: { otp: secrets.otp } }] }],
  },
  ...more,
});

export const findings: readonly Finding[] = [
  findingOf('state-conformance-logout-1', {}),
  findingOf('error-leak-get-user-2', {
    check: 'error-leak',
    phase: 'schema',
    operation: 'getCurrentUser',
    endpoint: 'GET /api/v1/get_current_user',
    title: `The answer tells a secret: ${secrets.otp} and ${hostile}`,
    expected: 'no text of a credential in the content',
    actual: `the content has "${secrets.password}"`,
    pointer: undefined,
    count: 1,
    confirmed: { shown: 2, of: 5 },
    exchanges: exchanges.slice(3, 4),
  }),
  findingOf('challenge-present-logout-3', {
    check: 'challenge-present',
    severity: 'note',
    phase: 'security',
    title: 'A 401 has no WWW-Authenticate',
    expected: 'a field WWW-Authenticate',
    actual: 'none',
    pointer: undefined,
    confirmed: undefined,
    exchanges: exchanges.slice(4, 5),
  }),
  findingOf('status-code-conformance-login-4', {
    check: 'not-a-server-error',
    verdict: 'undocumented',
    severity: 'note',
    phase: 'protocol',
    operation: undefined,
    endpoint: undefined,
    title: 'The connection was closed before the answer was whole',
    expected: 'a documented response: 200, 400 or 401',
    actual: `no response (reset: other side closed after ${secrets.otp})`,
    pointer: undefined,
    exchanges: exchanges.slice(5, 7),
  }),
];

const workflowOf = (id: string, phase: PlannedWorkflow['phase'], summary: string): PlannedWorkflow => ({
  id,
  phase,
  summary,
  operation: 'logout',
  steps: ['POST /api/v1/login', 'POST /api/v1/logout'],
});

export const workflows: readonly PlannedWorkflow[] = [
  workflowOf('log-out-twice', 'rules', 'Log out, and use the token again'),
  workflowOf('hostile-texts', 'schema', `Hostile but legal texts: ${hostile}`),
  workflowOf('expired-token', 'security', 'Use a token that has expired'),
];

export const gaps: readonly NotExercised[] = [
  {
    kind: 'response',
    what: 'POST /api/v1/login 400#expired-otp',
    operation: 'login',
    reason: 'It needs an OTP that has expired',
  },
  {
    kind: 'workflow',
    what: 'expired-token',
    operation: 'logout',
    reason: 'It needs a token that has expired',
  },
  {
    kind: 'rule',
    what: `logout: revoked ${hostile}`,
    operation: 'logout',
    reason: 'It needs a token that has expired',
  },
];

type Parts = {
  readonly exchanges: readonly ExchangeRecord[];
  readonly findings: readonly Finding[];
  readonly workflows: readonly PlannedWorkflow[];
  readonly gaps: readonly NotExercised[];
};

/** The events of a run with these parts, in order. */
export function eventsOf(parts: Partial<Parts> = {}): readonly RunEvent[] {
  const all: Parts = { exchanges, findings, workflows, gaps, ...parts };
  return [
    {
      type: 'run-started',
      api: { name: 'matar', title: 'Matar', version: '1.0.0' },
      base: 'http://tester:open-sesame-99@127.0.0.1:4010',
      seed: 42,
      at,
      workflows: all.workflows,
      walks: 0,
      checks,
    },
    ...all.workflows.slice(0, 2).flatMap((workflow, index): RunEvent[] => {
      const own = all.exchanges.filter((each) => each.workflow === workflow.id);
      return [
        { type: 'workflow-started', workflow, index },
        ...own.map((each): RunEvent => ({ type: 'exchange', exchange: each })),
        { type: 'workflow-finished', workflow, requests: own.length, outcome: 'deviates' },
      ];
    }),
    ...all.exchanges.map((each): RunEvent => ({ type: 'exchange', exchange: each })),
    ...all.findings.map((finding): RunEvent => ({ type: 'finding', finding })),
    ...all.gaps.map((gap): RunEvent => ({ type: 'not-exercised', gap })),
    {
      type: 'run-finished',
      complete: true,
      stopped: undefined,
      unreachable: undefined,
      requests: all.exchanges.length,
      milliseconds: 8230,
      findings: all.findings,
      notExercised: all.gaps,
      coverage: [
        { kind: 'operation', exercised: 3, total: 3 },
        { kind: 'response', exercised: 11, total: 14 },
        { kind: 'rule', exercised: 9, total: 12 },
        { kind: 'security-scheme', exercised: 1, total: 1 },
      ],
      vanished: [{ id: 'old-finding-1', title: 'An answer had no content type' }],
      accepted: 2,
    },
  ];
}

/** Every way in which a text is likely to be written in a report. */
export function spellingsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
  return [
    ...new Set([
      secret,
      json,
      JSON.stringify(json).slice(1, -1),
      html,
      json.replaceAll('"', '&quot;'),
      encodeURIComponent(secret),
      encodeURIComponent(secret).replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase()),
      new URLSearchParams({ x: secret }).toString().slice(2),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      secret.replaceAll("'", `'\\''`),
    ]),
  ];
}
