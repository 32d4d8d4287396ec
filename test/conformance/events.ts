/** Runs as their events, made by hand for the tests of reports: calm ones, ones that found something, and hostile ones. */

import type {
  CheckInfo,
  ExchangeRecord,
  Finding,
  Mask,
  NotExercised,
  PlannedWorkflow,
  Report,
  RunEvent,
  RunFinished,
  RunStarted,
} from '../../conformance/event.js';
import { createRedactor } from '../../conformance/redact/redact.js';
import type { RequestMessage } from '../../openapi/http/message.js';

/** The secrets of these runs. No report may hold one. */
export const secrets = ['eyJhbGciOiJIUzI1NiJ9.e30.c2VjcmV0', '48793-otp', 'p&ss"w<rd'] as const;
const [token, otp, password] = secrets;

const redactor = createRedactor();
for (const secret of secrets) redactor.add(secret, 'secret');

/** Hides the secrets above. */
export const mask: Mask = redactor.mask;

/** What a report writes of some events. */
export function written(
  make: (write: (text: string) => void, mask: Mask) => Report,
  events: readonly RunEvent[],
): string {
  let text = '';
  const report = make((part) => {
    text += part;
  }, mask);
  for (const event of events) report.take(event);
  return text;
}

/** 2026-01-02T03:04:05Z */
export const startedAt: number = Date.UTC(2026, 0, 2, 3, 4, 5);

export const contractFile = 'openapi/matar/openapi.yaml';

export const checks: readonly CheckInfo[] = [
  {
    name: 'state-conformance',
    promise: 'The response is one that the state rules permit.',
    specification: { sentence: 'A session that was ended stays ended', section: 'contract, x-transitions' },
  },
  {
    name: 'response-schema-conformance',
    promise: 'The content is as the schema says.',
    specification: { sentence: 'The schema defines the content', section: 'OpenAPI 3.1, section 4.8.14' },
  },
  {
    name: 'challenge-present',
    promise: 'A 401 says how to authenticate.',
    specification: {
      sentence: 'A server that sends a 401 must send a WWW-Authenticate field',
      section: 'RFC 9110, section 15.5.2',
    },
  },
];

export const workflows: readonly PlannedWorkflow[] = [
  {
    id: 'log-out-twice',
    phase: 'rules',
    summary: 'log out, and use the token again',
    operation: 'logout',
    steps: ['POST /api/v1/login', 'POST /api/v1/logout', 'POST /api/v1/logout'],
  },
  {
    id: 'login-schema',
    phase: 'schema',
    summary: 'log in with the shortest phone number',
    operation: 'login',
    steps: ['POST /api/v1/login'],
  },
  {
    id: 'login-expired',
    phase: 'schema',
    summary: 'log in with an OTP that has expired',
    operation: 'login',
    steps: ['POST /api/v1/login'],
  },
];

const encoder = new TextEncoder();

/** A request of these runs. */
export function request(changes: Partial<RequestMessage> = {}): RequestMessage {
  return {
    method: 'POST',
    path: '/api/v1/logout',
    query: '',
    fields: [
      ['authorization', `Bearer ${token}`],
      ['content-type', 'application/json'],
    ],
    content: encoder.encode('{"refresh":true}'),
    ...changes,
  };
}

/** A login with an OTP and a password in its content. */
export const login: RequestMessage = request({
  path: '/api/v1/login',
  fields: [['content-type', 'application/json']],
  content: encoder.encode(`{"otp":"${otp}","password":${JSON.stringify(password)}}`),
});

/** An exchange whose response has this status and content. */
export function exchange(
  changes: Partial<ExchangeRecord> = {},
  status = 200,
  content = '{"message":"ok"}',
): ExchangeRecord {
  return {
    id: 1,
    workflow: 'log-out-twice',
    phase: 'rules',
    step: 'logout',
    operation: 'logout',
    request: request(),
    outcome: {
      kind: 'response',
      response: {
        status,
        fields: [['Content-Type', 'application/json']],
        content: encoder.encode(content),
      },
      faults: [],
    },
    startedAt,
    milliseconds: 12,
    ...changes,
  };
}

/** The logout that a token survives: three calls, seen once of three times. */
export function unstableFinding(changes: Partial<Finding> = {}): Finding {
  return {
    id: 'logout-token-survives-1f',
    check: 'state-conformance',
    verdict: 'violates',
    severity: 'error',
    phase: 'rules',
    operation: 'logout',
    endpoint: 'POST /api/v1/logout',
    at: {
      file: contractFile,
      line: 214,
      column: 9,
      pointer: '/paths/~1api~1v1~1logout/post/x-transitions/0',
    },
    specification: { sentence: 'A session that was ended stays ended', section: 'contract, x-transitions' },
    title: 'a token still works after its session was ended',
    expected: '401 {"message":"Token has been revoked"}',
    actual: '200 {"message":"Token has been removed"}',
    pointer: '/message',
    count: 14,
    confirmed: { shown: 1, of: 3 },
    exchanges: [
      exchange(
        { id: 1, step: 'login', operation: 'login', request: login },
        200,
        `{"access_token":"${token}"}`,
      ),
      exchange({ id: 2 }),
      exchange({ id: 3 }),
    ],
    workflow: {
      workflowId: 'log-out-twice',
      steps: [{ stepId: 'login', requestBody: { payload: { otp } } }],
    },
    ...changes,
  };
}

/** A schema that the content breaks: one call, every time. */
export function schemaFinding(changes: Partial<Finding> = {}): Finding {
  return unstableFinding({
    id: 'login-expires-in-2a',
    check: 'response-schema-conformance',
    phase: 'schema',
    operation: 'login',
    endpoint: 'POST /api/v1/login',
    at: {
      file: contractFile,
      line: 88,
      column: 17,
      pointer: '/components/schemas/Tokens/properties/expires_in',
    },
    specification: { sentence: 'The schema defines the content', section: 'OpenAPI 3.1, section 4.8.14' },
    title: 'expires_in is a string',
    expected: 'an integer',
    actual: '"864000"',
    pointer: '/expires_in',
    count: 1,
    confirmed: { shown: 3, of: 3 },
    exchanges: [
      exchange({
        id: 4,
        workflow: 'login-schema',
        phase: 'schema',
        step: 'login',
        operation: 'login',
        request: login,
      }),
    ],
    workflow: { workflowId: 'login-schema', steps: [] },
    ...changes,
  });
}

/** The contract is silent: it fails nothing. */
export function undocumentedFinding(changes: Partial<Finding> = {}): Finding {
  return schemaFinding({
    id: 'login-415-3b',
    check: 'status-code-conformance',
    verdict: 'undocumented',
    severity: 'note',
    title: 'the status is not documented',
    expected: '200 or 400',
    actual: '415',
    pointer: undefined,
    confirmed: undefined,
    ...changes,
  });
}

/** A field that the standard asks for and much of the world leaves out. */
export function noteFinding(changes: Partial<Finding> = {}): Finding {
  return schemaFinding({
    id: 'login-challenge-4c',
    check: 'challenge-present',
    severity: 'note',
    specification: {
      sentence: 'A server that sends a 401 must send a WWW-Authenticate field',
      section: 'RFC 9110, section 15.5.2',
    },
    title: 'the 401 has no WWW-Authenticate field',
    expected: 'WWW-Authenticate',
    actual: 'no such field',
    pointer: undefined,
    confirmed: undefined,
    ...changes,
  });
}

/** Everything that could steer a terminal or end a string, an element, a cell or a command. */
export const hostileText: string = [
  '\u001b[2J\u001b]0;owned\u0007',
  '\u0000\u0008\u009b31m\u202e',
  '\ud800 ]]> </failure><script>alert(1)</script>',
  '\r\n::error file=x::injected',
  '| a | `b` | [link](https://evil.example) @everyone %0A {0} \ufffe \uffff',
].join(' ');

/** A finding of a server that sends all that, a long body, a secret at its end, and content that is no text. */
export function hostileFinding(changes: Partial<Finding> = {}): Finding {
  const long = `${'x'.repeat(200_000)}${token}${hostileText}`;
  return schemaFinding({
    id: 'hostile-5d',
    title: `the message is ${hostileText}`,
    expected: `${'a'.repeat(5000)}b ${hostileText}`,
    actual: `${'a'.repeat(5000)}c ${hostileText} ${token}`,
    pointer: `/${hostileText}`,
    endpoint: `GET /pets/{id}${hostileText}`,
    exchanges: [
      exchange({ id: 5, workflow: 'login-schema' }, 200, long),
      exchange({
        id: 6,
        workflow: 'login-schema',
        request: request({ content: encoder.encode(long), path: '/a%20b', query: `q=${token}` }),
        outcome: {
          kind: 'failure',
          failure: 'malformed',
          why: `no HTTP: ${hostileText}`,
          faults: [
            { name: 'bad-header', detail: `came ${token} ${hostileText}`, section: 'RFC 9112, section 5' },
          ],
          partial: {
            status: 500,
            fields: [['X-Hostile', hostileText]],
            content: Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(token)]),
          },
        },
      }),
    ],
    workflow: { workflowId: 'hostile', [hostileText]: hostileText, payload: token },
    ...changes,
  });
}

export const gaps: readonly NotExercised[] = [
  {
    kind: 'response',
    what: 'POST /api/v1/login 400#expired-otp',
    operation: 'login',
    reason: 'the clock of the server cannot be moved',
  },
  {
    kind: 'response',
    what: 'POST /api/v1/logout 401#expired',
    operation: 'logout',
    reason: 'the clock of the server cannot be moved',
  },
  {
    kind: 'workflow',
    what: 'login-expired',
    operation: 'login',
    reason: `no OTP could be had; ${otp} was used before`,
  },
];

export function runStarted(changes: Partial<RunStarted> = {}): RunStarted {
  return {
    type: 'run-started',
    api: { name: 'matar', title: 'Matar', version: '1.0.0' },
    base: 'http://tester:p&ss"w<rd@127.0.0.1:8080/',
    seed: 42,
    at: startedAt,
    workflows,
    walks: 0,
    checks,
    ...changes,
  };
}

export function runFinished(changes: Partial<RunFinished> = {}): RunFinished {
  return {
    type: 'run-finished',
    complete: true,
    stopped: undefined,
    unreachable: undefined,
    requests: 1214,
    milliseconds: 8230,
    findings: [],
    notExercised: [],
    coverage: [
      { kind: 'operation', exercised: 9, total: 9 },
      { kind: 'response', exercised: 22, total: 24 },
      { kind: 'example', exercised: 0, total: 0 },
    ],
    vanished: [],
    accepted: 0,
    ...changes,
  };
}

/** The events of a run in which the workflows run one after the other, with these findings. */
export function events(
  finished: Partial<RunFinished> = {},
  started: Partial<RunStarted> = {},
): readonly RunEvent[] {
  const end = runFinished(finished);
  const begin = runStarted(started);
  const ofWorkflow = (workflow: PlannedWorkflow, index: number): RunEvent[] => {
    const findings = end.findings.filter(({ exchanges }) => exchanges.at(-1)?.workflow === workflow.id);
    const gap = end.notExercised.find(({ what }) => what === workflow.id);
    const exchanges = findings.flatMap((finding) => finding.exchanges);
    const outcome = findings.length === 0 ? 'conforms' : 'deviates';
    return [
      { type: 'workflow-started', workflow, index },
      ...exchanges.map((each): RunEvent => ({ type: 'exchange', exchange: each })),
      ...findings.map((finding): RunEvent => ({ type: 'finding', finding: { ...finding, count: 1 } })),
      ...(gap === undefined ? [] : [{ type: 'not-exercised' as const, gap }]),
      {
        type: 'workflow-finished',
        workflow,
        requests: exchanges.length,
        outcome: gap === undefined ? outcome : 'not-exercised',
      },
    ];
  };
  return [begin, ...begin.workflows.flatMap(ofWorkflow), end];
}

/** A run that found one of each, and could not try some things. */
export const deviating: readonly RunEvent[] = events({
  findings: [noteFinding(), undocumentedFinding(), unstableFinding(), schemaFinding()],
  notExercised: gaps,
});

/** A run in which nothing was found. */
export const conforming: readonly RunEvent[] = events();

/** A run against a server that sends whatever it can to spoil a report. */
export const hostile: readonly RunEvent[] = events(
  {
    findings: [hostileFinding()],
    notExercised: [{ kind: 'rule', what: hostileText, operation: undefined, reason: hostileText }],
    vanished: [{ id: 'gone-6e', title: hostileText }],
    accepted: 2,
  },
  { api: { name: 'matar', title: hostileText, version: hostileText } },
);

/** Runs that were stopped before their end. */
export const interrupted: readonly RunEvent[] = [
  ...events().slice(0, 3),
  runFinished({ complete: false, stopped: 'interrupted', requests: 0, findings: [schemaFinding()] }),
];
export const unreachable: readonly RunEvent[] = [
  runStarted(),
  runFinished({
    complete: false,
    stopped: 'unreachable',
    unreachable: 'connect ECONNREFUSED 127.0.0.1:8080',
    requests: 1,
  }),
];

/** All of these, by name. */
export const runs: Readonly<Record<string, readonly RunEvent[]>> = {
  conforming,
  deviating,
  hostile,
  interrupted,
  unreachable,
};
